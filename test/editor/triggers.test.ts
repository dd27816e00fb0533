/** A trigger taken apart for its form, and put together again. */
import { describe, expect, test } from 'vitest'
import {
  readTrigger,
  startedBy,
  STARTS,
  writtenTrigger,
  type Start,
} from '../../editor/builder/frame/triggerParts.ts'
import {
  INTERNAL_EVENTS,
  isSoundTrigger,
  triggersOf,
  type Condition,
  type Trigger,
} from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

function trigger(params?: { readonly when?: Condition; readonly at?: string }): Trigger {
  return { target: '.a', guard: { type: 'mayEnter', ...(params ? { params } : {}) } }
}

/** What is in the file after the form read a trigger and wrote it. */
function again(event: string, before: Trigger) {
  return writtenTrigger(readTrigger(event, before))
}

const rich: Condition = { field: 'SCORE', operator: '>', value: 80 }
const onList: Condition = { event: 'list', operator: '=', value: 'Newsletter' }

describe('a trigger', () => {
  test.each(JOURNEY_NAMES)('of %s stays as it is when its form reads and writes it', (name) => {
    const all = Object.entries(shippedJourney(name).on).flatMap(([event, on]) =>
      triggersOf(on).map((each) => [event, each] as const),
    )
    expect(all.length).toBeGreaterThan(0)
    for (const [event, each] of all)
      expect(again(event, each)).toEqual({
        event,
        ...(each.guard.params === undefined ? {} : { params: each.guard.params }),
      })
  })

  test.each([
    ['signed_up', trigger(), { start: 'event', event: 'signed_up' }],
    ['signed_up', trigger({ when: rich }), { start: 'event', when: rich }],
    ['list.joined', trigger(), { start: 'list.joined', subject: null, event: '' }],
    [
      'list.joined',
      trigger({ when: { event: 'list', operator: '=' } }),
      { start: 'list.joined', subject: '' },
    ],
    ['list.joined', trigger({ when: onList }), { start: 'list.joined', subject: 'Newsletter' }],
    ['list.joined', trigger({ when: { all: [onList, rich] } }), { subject: 'Newsletter', when: rich }],
    [
      'list.joined',
      trigger({ when: { any: [onList, rich] } }),
      { subject: null, when: { any: [onList, rich] } },
    ],
    [
      'list.left',
      trigger({ when: { all: [onList, { all: [] }] } }),
      { subject: 'Newsletter', when: { all: [] } },
    ],
    [
      'score.changed',
      trigger({ when: { crossed: 50, direction: 'down', attribute: 'FIT' } }),
      { start: 'crossed', crossed: { value: 50, direction: 'down', attribute: 'FIT' } },
    ],
    [
      'score.changed',
      trigger({ when: { all: [{ crossed: 80, direction: 'up' }, rich, onList] } }),
      { start: 'crossed', when: { all: [rich, onList] } },
    ],
    ['time.due', trigger({ at: 'date BIRTHDAY yearly' }), { start: 'date', at: 'date BIRTHDAY yearly' }],
    ['time.due', trigger({ at: 'inactive PxD' }), { start: 'inactive', at: 'inactive PxD' }],
    ['time.due', trigger({ at: 'at 9x', when: rich }), { start: 'schedule', at: 'at 9x', when: rich }],
    ['time.due', trigger(), { start: 'schedule', at: '' }],
  ] as const)('on %s is read into parts, and written as it was', (event, before, parts) => {
    expect(readTrigger(event, before)).toMatchObject(parts)
    const written = again(event, before)
    expect(written.event).toBe(event)
    expect(written.params ?? {}).toEqual({
      at: undefined,
      when: undefined,
      ...(event === 'time.due' ? { at: '' } : {}),
      ...before.guard.params,
    })
  })

  test('that starts otherwise keeps what does not depend on how it starts', () => {
    const parts = readTrigger('list.joined', trigger({ when: { all: [onList, rich] } }))
    expect(writtenTrigger(startedBy(parts, 'segment.entered'))).toEqual({
      event: 'segment.entered',
      params: { when: { all: [{ event: 'segment', operator: '=' }, rich] } },
    })
    expect(writtenTrigger(startedBy(parts, 'stage.changed')).params).toEqual({ when: rich })
    const ofEvent = readTrigger(
      'a',
      trigger({ when: { not: { any: [{ event: 'x', operator: '=', value: 1 }] } } }),
    )
    expect(writtenTrigger(startedBy(ofEvent, 'event', 'b'))).toEqual({ event: 'b' })
  })

  test('of every kind is whole from the start, but for what only a person knows', () => {
    for (const start of Object.keys(STARTS) as Start[]) {
      const { event, params } = writtenTrigger(startedBy(readTrigger('a', trigger()), start, 'signed_up'))
      expect(isSoundTrigger(trigger(params))).toBe(start !== 'date' && !/^(?:list|segment)\./.test(start))
      expect(event === 'signed_up' || event in INTERNAL_EVENTS).toBe(true)
    }
  })

  test('can start by everything that happens here', () => {
    const names = Object.keys(STARTS)
    for (const event of Object.keys(INTERNAL_EVENTS))
      expect(names.includes(event) || event === 'time.due').toBe(true)
  })
})
