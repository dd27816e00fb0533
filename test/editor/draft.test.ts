// What a program, or a person in the code view, may write in the place of anything: it is drawn, or it is text to mend.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messagesBefore } from '../../editor/builder/document/before.ts'
import { draftOf, emptyDraft, type Draft } from '../../editor/builder/document/draft.ts'
import { graphOf } from '../../editor/builder/document/graph.ts'
import { layOut } from '../../editor/builder/document/layout.ts'
import { outlineOf } from '../../editor/builder/document/outline.ts'
import { readTrigger } from '../../editor/builder/frame/triggerParts.ts'
import { messageFactOf } from '../../editor/builder/steps/messageFacts.ts'
import { attributesIn, listsIn } from '../../editor/builder/steps/names.ts'
import { textsOf } from '../../editor/builder/steps/typed.ts'
import { triggersOf, type Condition } from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { arbitraryJourney, journeyOf, triggerTo } from '../support/journeys.ts'
import { end, wait } from '../support/steps.ts'

const JUNK = [null, 5, '', 'x', true, [], {}, [null], { x: 1 }, { x: 'a' }, '__proto__', 'constructor']

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

function withJunk(value: unknown, [key, ...rest]: Path, junk: unknown): unknown {
  if (key === undefined) return junk
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === key ? withJunk(each, rest, junk) : each))
  const record = value as { readonly [key: string]: unknown }
  return { ...record, [key]: withJunk(record[key], rest, junk) }
}

/** Whether all of it has a place, and says something. */
function isDrawn(draft: Draft): boolean {
  const graph = graphOf({ journey: draft, journeyName: String, subject: () => undefined })
  outlineOf(graph)
  const texts = graph.cards.flatMap(({ label = '', note = '', title, sentence }) => [
    label,
    note,
    title,
    sentence,
  ])
  return (
    texts.every((text) => typeof text === 'string') &&
    layOut(graph).nodes.every(({ x, y }) => Number.isFinite(x + y))
  )
}

describe('anything in the place of a part of a journey', () => {
  test('is drawn, and read by every form, or is no draft', () => {
    const journeys = fc.oneof(fc.constantFrom(...JOURNEY_NAMES).map(shippedJourney), arbitraryJourney())
    fc.assert(
      fc.property(journeys, fc.nat(), fc.constantFrom(...JUNK), (journey, at, junk) => {
        const paths = pathsIn(journey)
        const path = paths[at % paths.length] ?? []
        const draft = draftOf(JSON.parse(JSON.stringify(withJunk(journey, path, junk))))
        if (draft === null) return
        expect(isDrawn(draft)).toBe(true)
        for (const read of [listsIn, attributesIn, messagesBefore]) read(draft)
        for (const [event, on] of Object.entries(draft.on))
          for (const trigger of triggersOf(on)) readTrigger(event, trigger)
      }),
      { numRuns: 400 },
    )
  })

  const journey = journeyOf({ pause: wait('end'), end }, { on: { go: triggerTo('pause') } })
  const named = (parts: object) => ({ ...journey, meta: { ...journey.meta, ...parts } })
  const paused = (parts: object) => ({
    ...journey,
    states: { ...journey.states, pause: { ...wait('end'), meta: { kind: 'wait', ...parts } } },
  })
  const entered = (parts: object) => ({ ...journey, on: { go: { ...triggerTo('pause'), ...parts } } })
  const led = (meta: unknown) => ({
    ...journey,
    states: { ...journey.states, pause: { ...wait('end'), after: { P1D: { target: 'end', meta } } } },
  })

  test.each([
    ['a label that is a number', paused({ label: 5 })],
    ['a note that is a list', paused({ note: [] })],
    ['a place without height', paused({ offset: { x: 1 } })],
    ['no place', paused({ offset: null })],
    ['the label of a trigger', entered({ meta: { label: {} } })],
    ['the time of a trigger', entered({ guard: { type: 'mayEnter', params: { at: 9 } } })],
    ['the label of a way', led({ label: true })],
    ['what is said of a way', led(null)],
    ['a name', named({ name: null })],
    ['the audience', named({ audience: 'all' })],
    ['re-entry', named({ reentry: 'once' })],
    ['no re-entry that there is', named({ reentry: { policy: 'constructor' } })],
    ['what re-entry counts by', named({ reentry: { policy: 'once', key: 1 } })],
    ['how often one enters', named({ reentry: { policy: 'once', max: null } })],
  ])('%s cannot be drawn, and is mended as text', (_, document) => {
    expect(draftOf(journey)).toBe(journey)
    expect(draftOf(document)).toBeNull()
  })

  test('a number that is still typed is no reason', () => {
    expect(draftOf(named({ reentry: { policy: 'once', max: 'thr', cooldown: 'soon' } }))).not.toBeNull()
    expect(draftOf({ ...emptyDraft('new', 'New'), meta: { format: 1 } })).not.toBeNull()
  })
})

describe('forms', () => {
  test('read junk as nothing', () => {
    const trigger = (when: unknown) => ({
      guard: { type: 'mayEnter' as const, params: { when: when as Condition } },
    })
    expect(readTrigger('list.joined', trigger({ all: 5 })).subject).toBeNull()
    expect(readTrigger('score.changed', trigger({ all: [null] })).start).toBe('score.changed')
    expect(messageFactOf('email.clicked', { message: 5, was: 'clicked' } as never)).toBeUndefined()
    expect(textsOf(['a', 5, null])).toEqual(['a', '5', ''])
    expect(textsOf('a')).toEqual([])
  })

  test('a property is called by its own name, whatever JavaScript calls so', () => {
    const draft = journeyOf(
      { end },
      { on: { go: triggerTo('end', { event: 'constructor', operator: '=', value: 1 }) } },
    )
    const { entry } = graphOf({ journey: draft, journeyName: String, subject: () => undefined })
    expect(entry.triggers[0]?.detail).toContain('the event’s constructor is 1')
  })
})
