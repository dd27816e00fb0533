/** All that follows from one entry: chains of journeys, limits, and the facts that have to be loaded on the way. */
import { describe, expect, test } from 'vitest'
import { advance, factKey, type Catalogue, type Entry, type Facts } from '../../engine/index.ts'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import {
  ada,
  END,
  event,
  list,
  live,
  mail,
  passagesOf,
  points,
  published,
  scoreOf,
  startJourney,
  START,
  textsOf,
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

describe('journeys that set each other off', () => {
  test('start one another by name, with properties', () => {
    const start: Step = {
      meta: { kind: 'startJourney' },
      entry: { type: 'startJourney', params: { journey: 'second', properties: { bonus: 7 } } },
      always: 'end',
    }
    const first = journeyOf({ start, end: END })
    const add = { attribute: 'SCORE', add: { event: 'bonus' } }
    const second = requested('second', {
      add: { meta: { kind: 'update' }, entry: { type: 'updateAttribute', params: add }, always: 'end' },
      end: END,
    })
    expect(scoreOf(live(published(first, second), [event('go')]))).toBe(7)
  })

  test('follow when one is finished, by its own end, its goal or an exit', () => {
    const follow = journeyOf(
      { mark: list('Followed', 'end'), end: END },
      {
        id: 'follow',
        on: { 'journey.finished': triggerTo('mark', { event: 'journey', operator: '=', value: 'test' }) },
      },
    )
    const after = (meta: object, attributes: { readonly [name: string]: string } = {}) => {
      const journey = journeyOf({ add: points(1, 'pause'), pause: wait('P1D', 'end'), end: END }, { meta })
      return live(published(journey, follow), [event('go')], { contact: ada({ attributes }), until: 99 })
        .history.contact.lists
    }
    const rich: Condition = { field: 'SCORE', operator: '>', value: 0 }
    expect(after({})).toEqual(['Followed'])
    expect(after({ goal: { when: rich } })).toEqual(['Followed'])
    expect(after({ exits: [{ when: rich }] })).toEqual(['Followed'])
  })

  test('do not follow where a passage only starts over', () => {
    const follow = journeyOf(
      { add: points(1, 'end'), end: END },
      { id: 'follow', on: { 'journey.finished': triggerTo('add') } },
    )
    const journey = journeyOf(
      { pause: wait('P1D', 'end'), end: END },
      { meta: { reentry: { policy: 'restart' } } },
    )
    expect(scoreOf(live(published(journey, follow), [event('go'), event('go', 1)]))).toBe(0)
  })

  test('hear the entering before what the first steps changed', () => {
    const marks = ['journey.entered', 'score.changed', 'journey.finished'].map((name, n) =>
      journeyOf(
        { mark: list(name, 'end'), end: END },
        {
          id: `z${n}`,
          on: {
            [name]: triggerTo(
              'mark',
              name === 'score.changed' ? undefined : { event: 'journey', operator: '=', value: 'test' },
            ),
          },
        },
      ),
    )
    const journey = journeyOf({ add: points(1, 'end'), end: END })
    expect(live(published(journey, ...marks), [event('go')]).history.contact.lists).toEqual([
      'journey.entered',
      'score.changed',
      'journey.finished',
    ])
  })
})

describe('a circle', () => {
  const ping = requested('ping', { add: points(1, 'start'), start: startJourney('pong', 'end'), end: END })
  const pong = requested('pong', { start: startJourney('ping', 'end'), end: END })
  const begin = journeyOf({ start: startJourney('ping', 'end'), end: END }, { id: 'begin' })

  test('ends after 200 changes, nothing of it is kept, and the next event is handled', () => {
    const other = journeyOf(
      { add: points(5, 'end'), end: END },
      { id: 'other', on: { other: triggerTo('add') } },
    )
    const so = live(published(begin, ping, pong, other), [event('go'), event('other', 1)])
    expect(so.failed).toEqual([
      { seq: 1, detail: expect.stringMatching(/^more than 200 changes followed from one event/) },
    ])
    expect(scoreOf(so)).toBe(5)
    expect(so.history.enrollments.map(({ journey }) => journey)).toEqual(['other'])
    expect(so.history.events.map(({ name }) => name)).toEqual(['go', 'other'])
  })

  test('of exactly 200 changes is fine, of one more is not', () => {
    const chain = (changes: number) => {
      // The event, the entering, each list and the end.
      const lists = Array.from({ length: changes - 3 }, (_, n): [string, Step] => [
        `l${n}`,
        list(`${n}`, `l${n + 1}`),
      ])
      const journey = journeyOf({ ...Object.fromEntries(lists), [`l${changes - 3}`]: END })
      return live(journey, [event('go')])
    }
    expect(chain(200).failed).toEqual([])
    expect(chain(200).history.contact.lists).toHaveLength(197)
    expect(chain(201).failed).toHaveLength(1)
  })

  const check: Step = {
    meta: { kind: 'condition' },
    always: [{ target: 'more', guard: { type: 'holds', params: { when: { everybody: true } } } }, 'end'],
  }
  const round = { look: check, more: { ...check, always: 'look' } as Step, end: END }

  test('of steps without a wait ends after 1,000 of them, also at a wake-up', () => {
    const at = journeyOf(round)
    expect(live(at, [event('go')]).failed).toEqual([
      { seq: 1, detail: 'one event led through more than 1000 steps' },
    ])
    const later = live(journeyOf({ pause: wait('P1D', 'look'), ...round }), [event('go'), event('tick', 99)])
    expect(later.failed).toEqual([{ seq: 2, detail: 'one event led through more than 1000 steps' }])
    expect(passagesOf(later)).toEqual(['pause'])
    expect(later.entries).toHaveLength(3)
  })

  test('of 1,000 steps that end is fine', () => {
    const next = (n: number): [string, Step] => [`s${n}`, { meta: { kind: 'leave' }, always: `s${n + 1}` }]
    const row = (steps: number) =>
      live(
        journeyOf({
          ...Object.fromEntries(Array.from({ length: steps - 1 }, (_, n) => next(n))),
          [`s${steps - 1}`]: END,
        }),
        [event('go')],
      )
    expect(passagesOf(row(1_000))).toEqual(['finished'])
    expect(row(1_000).failed).toEqual([])
    expect(row(1_001).failed).toHaveLength(1)
  })
})

describe('facts', () => {
  const entry = { ...event('go'), seq: 7 } as Entry
  const ask = (journeys: Catalogue, facts: Facts = {}) =>
    advance({ contact: ada(), enrollments: [], facts, journeys, entry, zone: 'UTC' })

  test('that are not loaded are asked for, all at once, and nothing is decided', () => {
    const when: Condition = {
      all: [
        { count: { event: 'visit' }, operator: '>', value: 1 },
        { clicked: 1, ofLast: 2 },
      ],
    }
    const journey = journeyOf({ end: END }, { on: { go: triggerTo('end', when) } })
    expect(ask(published(journey))).toEqual({
      needs: [
        { type: 'count', event: 'visit', where: null, after: null, until: START, sinceSeq: null },
        { type: 'emails', last: 2 },
      ],
    })
  })

  test('once loaded decide', () => {
    const journey = journeyOf({ end: END }, { on: { go: triggerTo('end', { clicked: 1, ofLast: 1 }) } })
    const loaded = (clicked: boolean) => {
      const result = ask(published(journey), {
        [factKey({ type: 'emails', last: 1 })]: [{ message: 'm', sentAt: 0, clicked }],
      })
      return 'enrollments' in result && result.enrollments.length
    }
    expect([loaded(true), loaded(false)]).toEqual([1, 0])
  })

  test('of cap, cooldown and re-entry are asked for too', () => {
    const limits = { cap: { points: 5, per: 'ever' }, cooldown: 'PT1H' }
    const journey = journeyOf(
      { add: points(5, 'end', limits), end: END },
      { meta: { reentry: { policy: 'afterExit', cooldown: 'P1D' } } },
    )
    const needs = { type: 'points', journey: 'test', step: 'add', key: null } as const
    expect(ask(published(journey))).toEqual({
      needs: [
        { type: 'visits', journey: 'test', key: null, until: START },
        { ...needs, after: null, until: Number.MAX_SAFE_INTEGER },
        { ...needs, after: START - 3_600_000, until: START },
      ],
    })
  })

  test('are not asked for by journeys that do not listen', () => {
    const journey = journeyOf({ end: END }, { on: { other: triggerTo('end', { clicked: 1, ofLast: 2 }) } })
    expect(ask(published(journey))).toMatchObject({ enrollments: [], trace: [] })
  })
})

test('the trace tells what happened as a person would', () => {
  const journey = journeyOf(
    {
      add: points(85, 'ready'),
      ready: {
        meta: { kind: 'condition' },
        always: [
          {
            target: 'sales',
            guard: { type: 'holds', params: { when: { field: 'SCORE', operator: '>', value: 80 } } },
            meta: { label: 'Ready for sales' },
          },
          'end',
        ],
      },
      sales: {
        meta: { kind: 'moveToList' },
        entry: { type: 'moveToList', params: { list: 'Sales', from: ['New', 'Warm', 'Sales'] } },
        always: 'stage',
      },
      stage: {
        meta: { kind: 'stage' },
        entry: { type: 'setStage', params: { stage: 'consideration' } },
        always: 'off',
      },
      off: {
        meta: { kind: 'removeFromList' },
        entry: { type: 'removeFromList', params: { list: 'Warm' } },
        always: 'mail',
      },
      mail: mail('end'),
      end: END,
    },
    { on: { quote_requested: { ...triggerTo('add'), meta: { label: 'Asks for a quote' } } } },
  )
  const so = live(journey, [event('quote_requested')], { contact: ada({ lists: ['New'] }) })
  expect(so.trace.map(({ step, what, text }) => [step, what, text])).toEqual([
    ['outside', 'entered', 'Entered (Asks for a quote)'],
    ['add', 'changed', 'Score +85: 0 → 85'],
    ['ready', 'went', 'Ready for sales, because Score is 85, over 80'],
    ['sales', 'changed', 'Leaves “New”'],
    ['sales', 'changed', 'Joins “Sales”'],
    ['stage', 'changed', 'Stage is now consideration'],
    ['mail', 'sent', 'E-mail is on its way'],
    ['end', 'ended', 'Came to the end'],
  ])
  expect(so.history.ledger[0]).toMatchObject({
    id: '1.1',
    reason: 'Added 85: quote requested',
    event: 'quote_requested',
    journey: 'test',
    version: 1,
    step: 'add',
    enrollment: '1.1',
  })
})

test('the reason of a line names the event in people’s words, also where it is one of ours or the time', () => {
  const reasons = (name: string, step: Step) =>
    live(
      published(
        journeyOf({ step, add: points(1, 'end'), end: END }, { on: { [name]: triggerTo('step') } }),
        journeyOf({ add: list('A', 'end'), end: END }, { id: 'a', on: { x: triggerTo('add') } }),
      ),
      [event('x')],
      { until: 99 },
    ).history.ledger.map(({ reason }) => reason)
  expect(reasons('list.joined', points(1, 'end'))).toEqual(['Added 1: joins a list'])
  expect(reasons('x', wait('P1D', 'add'))).toEqual(['Added 1: after 1 day'])
  expect(reasons('x', points(-2, 'end'))).toEqual(['Took away 2: x'])
  expect(textsOf(live(journeyOf({ step: points(0, 'end'), end: END }), [event('go')]), 'unchanged')).toEqual([
    'Score stays 0',
  ])
})
