/** A journey as the text of its file: readable, in one order, and with small differences after small changes. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printJourney } from '../../engine/print.ts'
import { JOURNEY_NAMES, journeyText, shippedJourney } from '../journeys/shipped.ts'

/** The document with the names of all its objects in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, reversed(part)] as const)
      .toReversed(),
  )
}

describe('the file of a journey', () => {
  test.each(JOURNEY_NAMES)('is the shipped %s, to the letter', (name) => {
    const text = journeyText(name)
    expect(printJourney(JSON.parse(text))).toBe(text)
  })

  test('has one order for what has none: the root, its settings, steps, ways, actions', () => {
    const journey = shippedJourney('welcome')
    const { id, meta, ...rest } = journey
    const turned = { ...rest, meta: Object.fromEntries(Object.entries(meta).toReversed()), id }
    expect(printJourney(turned)).toBe(printJourney(journey))
    const { points } = journey.states
    expect(printJourney({ states: { points: { ...points, entry: reversed(points?.entry) } } })).toContain(
      '"entry": { "type": "updateAttribute", "params": {',
    )
    const way = { meta: { label: 'x' }, guard: { params: {}, type: 'holds' }, target: 'end' }
    expect(printJourney({ states: { step: { after: { P1D: way } } } })).toContain(
      '{ "target": "end", "guard": { "type": "holds", "params": {} }, "meta": { "label": "x" } }',
    )
  })

  test('keeps steps, and what people wrote into messages and calls, in the order they stand', () => {
    const body = { type: 1, meta: 2, id: 3, target: 4 }
    const file = printJourney({ states: { z: { entry: { params: { body } } }, a: {}, outside: {} } })
    expect(file).toContain('"body": { "type": 1, "meta": 2, "id": 3, "target": 4 }')
    expect(file.match(/"(z|a|outside)"/g)).toEqual(['"outside"', '"z"', '"a"'])
  })

  test('differs in one line where one word was changed', () => {
    const journey = shippedJourney('fast-track')
    const [id, step] = Object.entries(journey.states).find(([, { meta }]) => meta?.kind === 'wait') ?? [
      '',
      {},
    ]
    const changed = {
      ...journey,
      states: { ...journey.states, [id]: { ...step, meta: { kind: 'wait', label: 'Another name' } } },
    }
    const [before, after] = [journey, changed].map((one) => printJourney(one).split('\n'))
    expect(after?.filter((line) => !before?.includes(line))).toHaveLength(1)
    expect(after?.length).toBe(before?.length)
  })

  test('leaves out what is not there, and breaks nothing that is empty', () => {
    const name = 'x'.repeat(130)
    expect(printJourney({ id: undefined, [name]: {}, list: [] })).toBe(
      `{\n  "${name}": {},\n  "list": []\n}\n`,
    )
  })

  test('is the same document again, of a draft too, whatever stands in it', () => {
    const law = fc.property(fc.jsonValue(), (document) => {
      const text = printJourney(document)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)))
      expect(printJourney(JSON.parse(text))).toBe(text)
    })
    expect(fc.check(law).counterexample).toBeNull()
  })
})
