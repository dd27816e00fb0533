/** Entries that cannot be decided: nothing of them is kept, it is known which journey to look at, and they can be run again. */
import { describe, expect, test } from 'vitest'
import {
  advance,
  fold,
  newHistory,
  type Catalogue,
  type Enrollment,
  type Entry,
  type Failed,
  type History,
} from '../../engine/index.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import {
  ada,
  END,
  event,
  list,
  live,
  mail,
  points,
  published,
  startJourney,
  START,
  wait,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const parallel = { reentry: { policy: 'parallel' } } as const
const requested = (id: string, states: { readonly [step: string]: Step }) =>
  journeyOf(states, {
    id,
    meta: parallel,
    on: { 'journey.requested': triggerTo(Object.keys(states)[0]!) },
  })

function failureOf(
  journeys: Catalogue,
  happens: Omit<Entry, 'seq'>,
  enrollments: readonly Enrollment[] = [],
  contact = ada(),
): Failed {
  const entry = { ...happens, seq: 9 } as Entry
  const result = advance({ contact, enrollments, facts: {}, journeys, entry, zone: 'UTC' })
  if (!('failed' in result)) throw new Error('it did not fail')
  return result
}

describe('who is to blame', () => {
  const begin = journeyOf({ start: startJourney('ping', 'end'), end: END }, { id: 'begin' })

  test('a journey of the circle, and none that only answers each of its rounds', () => {
    const ping = requested('ping', { start: startJourney('pong', 'end'), end: END })
    const pong = requested('pong', { add: points(1, 'start'), start: startJourney('ping', 'end'), end: END })
    const answers = journeyOf(
      { one: list('One', 'two'), two: list('Two', 'three'), three: wait('PT1S', 'end'), end: END },
      { id: 'answers', meta: parallel, on: { 'score.changed': triggerTo('one') } },
    )
    const { failed, journey } = failureOf(published(begin, answers, ping, pong), event('go'))
    expect(failed).toMatch(/^more than 200 changes followed from one event/)
    expect(journey).toBe('ping')
  })

  test('the one that walked, where its steps change nothing', () => {
    const more = { guard: { type: 'holds', params: { when: { everybody: true } } }, target: 'more' } as const
    const look: Step = { meta: { kind: 'condition' }, always: [more, 'end'] }
    const round = journeyOf(
      { look, more: { meta: { kind: 'leave' }, always: 'look' }, end: END },
      { id: 'round' },
    )
    expect(failureOf(published(begin, round), event('go'))).toEqual({
      failed: 'one event led through more than 1000 steps',
      journey: 'round',
    })
  })

  test('nobody, where the event changed too much by itself', () => {
    const attributes = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`A${n}`, n]))
    const tooMuch = event('go', 0, {}, { identification: { attributes } })
    expect(failureOf(published(begin), tooMuch).journey).toBeNull()
  })

  const waits = journeyOf({ pause: wait('P1D', 'end'), end: END }, { id: 'waits' })
  const [passage] = live(waits, [event('go')]).history.enrollments as [Enrollment]

  test('the journey whose step threw', () => {
    const gone = { ...passage, version: 7 }
    const because = 'what follows could not be decided (journey "waits" version 7 is not in the catalogue)'
    expect(failureOf(published(waits), event('go'), [gone])).toEqual({ failed: because, journey: 'waits' })
    const woken = { kind: 'wake', enrollment: gone.id, at: START, occurredAt: START, late: false } as const
    expect(failureOf(published(waits), woken, [gone])).toEqual({ failed: because, journey: 'waits' })
  })

  test('nobody, where no journey was at work', () => {
    const merge = { from: ada({ id: 'b' }), enrollments: [{ ...passage, version: 7 }] }
    const { failed, journey } = failureOf(published(waits), { ...event('go'), ...merge, kind: 'merge' })
    expect(failed).toBe(
      'what follows could not be decided (journey "waits" version 7 is not in the catalogue)',
    )
    expect(journey).toBeNull()
  })
})

describe('an entry that failed and is run again', () => {
  const folded = (journeys: Catalogue, entries: readonly Entry[]): History =>
    entries.reduce((history, entry) => fold(history, entry, journeys, 'UTC').history, newHistory(ada()))
  const counts = journeyOf(
    { add: points(1, 'end'), end: END },
    {
      id: 'counts',
      meta: parallel,
      on: { ask: triggerTo('add', { count: { event: 'go' }, operator: '=', value: 1 }) },
    },
  )

  test('counts once, in place of the one that failed', () => {
    const entries = [
      { ...event('go'), seq: 1 },
      { ...event('go', 1), seq: 2, replays: 1 },
      { ...event('ask', 2), seq: 3 },
    ] as readonly Entry[]
    expect(folded(published(counts), entries).contact.scores).toEqual({ SCORE: 100 })
    const twice = [entries[0]!, { ...event('go', 1), seq: 2 } as Entry, entries[2]!]
    expect(folded(published(counts), twice).contact.scores).toEqual({ SCORE: 0 })
  })

  test('tells of a mail that went out once', () => {
    const letter = journeyOf({ letter: mail('end'), end: END })
    const { message } = live(letter, [event('go')]).messages[0]!
    const place = { enrollment: '1.1', journey: 'test', step: 'letter', visit: 1 }
    const about = { kind: 'message', message, ...place } as const
    const sent = { ...about, at: START, occurredAt: START, late: false, verdict: 'sent' } as const
    const entries = [
      { ...event('go'), seq: 1 },
      { ...sent, seq: 2 },
      { ...sent, seq: 3, replays: 2 },
    ] as readonly Entry[]
    expect(folded(published(letter), entries).emails).toHaveLength(1)
  })
})
