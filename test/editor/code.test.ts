/** The code view: what may stand at a place of the text, and where in the text a problem is. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { suggestionsAt, type JsonSchema } from '../../editor/builder/code/completion.ts'
import { placeOf, rangeOf } from '../../editor/builder/code/places.ts'
import schema from '../../journeys/journey.schema.json' with { type: 'json' }
import { JOURNEY_NAMES, journeyText } from '../journeys/shipped.ts'

const SCHEMA = schema as unknown as JsonSchema

/** What is suggested at the sign `|`. */
function suggested(text: string) {
  const at = text.indexOf('|')
  return suggestionsAt(text.replace('|', ''), at, SCHEMA)
}
const labels = (text: string) => suggested(text)?.suggestions.map(({ label }) => label) ?? []

/** The text after a suggestion was taken. */
function taken(text: string, label: string): string {
  const found = suggested(text)
  const chosen = found?.suggestions.find((one) => one.label === label)
  const plain = text.replace('|', '')
  return plain.slice(0, found?.from) + chosen?.text + plain.slice(found?.to)
}

const step = (inside: string) => `{ "states": { "outside": {}, "mail": {}, "one": ${inside} } }`

describe('suggestions', () => {
  test('are the parts that are not there yet, those first that must be', () => {
    expect(labels('{ "id": "a", | }')).toEqual(['meta', 'context', 'initial', 'on', 'states', '$schema'])
    expect(labels('{ "meta": { "format": 1, "na| } }')).toContain('name')
    expect(labels('{ "meta": { "format": 1, "name": "A", "stage": "|" } }')).toEqual([
      'awareness',
      'engagement',
      'consideration',
      'acquisition',
      'retention',
    ])
  })

  test('are the params of the kind of step that it is', () => {
    const params = (kind: string) =>
      labels(step(`{ "meta": { "kind": "${kind}" }, "entry": { "params": { | } } }`))
    expect(params('update')).toContain('cooldown')
    expect(params('update')).not.toContain('subject')
    expect(params('sms')).toEqual(['text', 'messageType', 'again'])
    expect(labels(step('{ "meta": { "kind": "sms" }, "entry": { "type": | } }'))).toEqual(['sendSms'])
    expect(labels(step('{ "meta": { "kind": "|" } }'))).toEqual(
      expect.arrayContaining(['update', 'wait', 'email', 'decay']),
    )
  })

  test('are the steps there are, where a way leads to one', () => {
    expect(labels(step('{ "meta": { "kind": "update" }, "always": "|" }'))).toEqual(['mail', 'one'])
    expect(labels('{ "on": { "bought": { "target": "|" } }, "states": { "mail": {} } }')).toEqual(['.mail'])
  })

  test('go on inside of conditions', () => {
    const when = (inside: string) => `{ "meta": { "goal": { "when": ${inside} } } }`
    expect(labels(when('{ | }'))).toEqual(expect.arrayContaining(['field', 'all', 'any', 'not', 'count']))
    expect(labels(when('{ "all": [{ "field": "SCORE", "operator": "|" }] }'))).toContain('>=')
    expect(labels(when('{ "crossed": 80, | }'))).toEqual(['direction', 'attribute'])
  })

  test('replace what was begun, and write what follows a name', () => {
    expect(taken('{ "me|" }', 'meta')).toBe('{ "meta": {} }')
    expect(taken('{ "me| }', 'meta')).toBe('{ "meta": {} }')
    expect(taken('{ me| }', 'meta')).toBe('{ "meta": {} }')
    expect(taken('{ "me|": {} }', 'meta')).toBe('{ "meta": {} }')
    expect(taken('{ "meta": { "st|""name": "A" } }', 'stage')).toBe('{ "meta": { "stage": """name": "A" } }')
    expect(taken('{ | }', 'initial')).toBe('{ "initial": "outside" }')
    expect(taken('{ "meta": { "stage": | } }', 'retention')).toBe('{ "meta": { "stage": "retention" } }')
    expect(taken('{ "meta": { "stage": "re|" } }', 'retention')).toBe('{ "meta": { "stage": "retention" } }')
  })

  test('are none where nothing may stand', () => {
    expect(suggested('{ "id": "a" | }')).toBeNull()
    expect(suggested('|')).toBeNull()
    expect(suggested('{ "context": { | } }')).toBeNull()
    expect(suggested('{}|')).toBeNull()
  })

  test.each(JOURNEY_NAMES)('can be asked for anywhere in %s, and anywhere in a part of it', (name) => {
    const text = journeyText(name)
    const law = fc.property(fc.nat(text.length), fc.nat(text.length), (at, end) => {
      suggestionsAt(text, at, SCHEMA)
      suggestionsAt(text.slice(0, end), Math.min(at, end), SCHEMA)
    })
    expect(fc.check(law, { numRuns: 30 }).counterexample).toBeNull()
  })
})

describe('the place of a problem', () => {
  const text = '{\n  "id": "a",\n  "meta": { "name": "", "exits": [{ "when": {} }, 7] },\n  "a/b": 1\n}'
  const marked = (pointer: string) => {
    const { from, to } = rangeOf(text, pointer)
    return text.slice(from, to)
  }

  test('is the value, and of something large its name', () => {
    expect(marked('/id')).toBe('"a"')
    expect(marked('/meta')).toBe('"meta"')
    expect(marked('/meta/name')).toBe('""')
    expect(marked('/meta/exits/0/when')).toBe('"when"')
    expect(marked('/meta/exits/0')).toBe('{')
    expect(marked('/meta/exits/1')).toBe('7')
    expect(marked('/a~1b')).toBe('1')
  })

  test('is the nearest part that is there', () => {
    expect(marked('/meta/stage')).toBe('"meta"')
    expect(marked('/states/one/meta')).toBe('{')
    expect(marked('/id/x')).toBe('"a"')
    expect(marked('')).toBe('{')
    expect(rangeOf('', '/id')).toEqual({ from: 0, to: 0 })
  })

  test('is at a line and column, inside the text', () => {
    expect(placeOf(text, 2, 3)).toEqual({ from: 4, to: 5 })
    expect(placeOf(text, 2, 99)).toEqual({ from: 14, to: 15 })
    expect(placeOf(text, 99, 1)).toEqual({ from: text.length, to: text.length })
  })
})
