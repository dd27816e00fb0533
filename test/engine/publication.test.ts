/** What publishing, pausing and taking back ask of the engine: who goes where, who is kept outside, who matches already. */
import { describe, expect, test } from 'vitest'
import {
  alreadyOf,
  asksForStates,
  catalogueOf,
  factKey,
  fold,
  newHistory,
  simulate,
  type Contact,
  type Facts,
  type Journey,
  type JsonObject,
  type Simulation,
} from '../../engine/index.ts'
import {
  ada,
  DAY,
  END,
  entry,
  event,
  HOUR,
  list,
  live,
  mail,
  mailWithResult,
  points,
  published,
  scoreOf,
  START,
  startJourney,
  wait,
  waitFor,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const waiting = journeyOf(
  { pause: wait('P9D', 'mark'), mark: list('Done', 'end'), end: END },
  { meta: { reentry: { policy: 'parallel' } } },
)
const quicker = journeyOf({ pause: wait('P2D', 'send'), send: mail('pause'), end: END })
const versions = catalogueOf([
  { journey: waiting, version: 1, open: true },
  { journey: quicker, version: 2, open: false },
])
const ended = ({ history }: Simulation) => history.enrollments.map((passage) => passage.ended?.reason ?? null)

describe('passages that are named', () => {
  test('alone go along or end; the others stay', () => {
    const both = [event('go'), event('go', 1)]
    const [first] = live(versions, both).history.enrollments.map(({ id }) => id)
    const moved = live(versions, [
      ...both,
      entry('move', 2, { journey: 'test', version: 2, passages: [first as string] }),
    ])
    expect(moved.history.enrollments.map(({ version }) => version)).toEqual([2, 1])
    const left = live(versions, [
      ...both,
      entry('leave', 2, { journey: 'test', reason: 'gone', passages: [first as string] }),
    ])
    expect(ended(left)).toEqual(['gone', null])
  })
})

describe('a version that is taken back', () => {
  test('puts people back to where they were, and they send nothing twice', () => {
    const move = entry('move', 1, { journey: 'test', version: 2 })
    const before = live(versions, [event('go')]).history.enrollments[0]!
    const sent = live(versions, [event('go'), move], { until: 49 })
    expect(sent.messages).toHaveLength(1)
    const now = sent.history.enrollments[0]!
    const back = live(
      versions,
      [event('go'), move, entry('return', 49, { passages: [{ ...before, visits: now.visits }] })],
      { until: 50 },
    )
    expect(back.history.enrollments[0]).toMatchObject({
      version: 1,
      step: 'pause',
      due: START + 9 * DAY,
      visits: { pause: 2, send: 1 },
    })
    expect(back.trace.at(-1)).toMatchObject({ what: 'went', text: 'The new version was taken back' })
  })

  test('brings back those who had ended', () => {
    const before = live(versions, [event('go')]).history.enrollments[0]!
    const back = live(versions, [
      event('go'),
      entry('leave', 1, { journey: 'test', reason: 'gone' }),
      entry('return', 2, { passages: [before] }),
    ])
    expect(back.history.enrollments).toEqual([before])
  })
})

describe('a paused journey', () => {
  const held = (journey: Journey) => catalogueOf([{ journey, version: 1, open: false, held: true }])
  const heldOf = (journey: Journey, happens: Parameters<typeof live>[1][number], contact = ada()) => {
    const { done } = fold(
      newHistory(contact),
      { ...(happens as ReturnType<typeof event>), seq: 1 },
      held(journey),
      'UTC',
    )
    return 'held' in done ? done.held : undefined
  }

  test('lets nobody in, and tells what would have', () => {
    expect(heldOf(waiting, event('go', 0, { a: 1 }))).toEqual([
      { journey: 'test', event: 'go', properties: { a: 1 } },
    ])
    const { history, trace } = live(held(waiting), [event('go')])
    expect(history.enrollments).toEqual([])
    expect(trace.at(-1)?.text).toBe('Not entered: the journey is paused, and this is kept until it goes on')
  })

  test('keeps nothing that its triggers would not have heard', () => {
    const picky = journeyOf(
      { end: END },
      { on: { go: triggerTo('end', { event: 'path', operator: '=', value: '/pricing' }) } },
    )
    expect(heldOf(picky, event('go', 0, { path: '/' }))).toEqual([])
    expect(heldOf(picky, event('go', 0, { path: '/pricing' }))).toHaveLength(1)
    const wanted = journeyOf({ end: END }, { on: { 'journey.requested': triggerTo('end') } })
    expect(heldOf(wanted, entry('enter', 0, { journey: 'test', properties: {} }))).toHaveLength(1)
    expect(heldOf(wanted, entry('enter', 0, { journey: 'another', properties: {} }))).toEqual([])
  })

  test('is tried again with the same event, and only it', () => {
    const other = journeyOf({ add: points(1, 'end'), end: END }, { id: 'other' })
    const so = live(published(waiting, other), [
      entry('admit', 0, { journey: 'test', event: 'go', properties: { a: 1 } }),
    ])
    expect(so.history.enrollments).toMatchObject([{ journey: 'test', trigger: 'go', properties: { a: 1 } }])
    expect(scoreOf(so)).toBe(0)
  })

  test('keeps nothing where a passage inside was waiting for it', () => {
    const listens = journeyOf({ hear: waitFor({ go: 'end' }), end: END }, { on: { go: triggerTo('hear') } })
    const open = live(published(listens), [event('go')])
    const { done } = fold(open.history, { ...event('go', 1), seq: 9 }, held(listens), 'UTC')
    expect(done).toMatchObject({ held: [], enrollments: [{ step: 'end' }] })
  })

  test('keeps what is for another of its passages', () => {
    const orders = journeyOf(
      { hear: waitFor({ go: 'end' }), end: END },
      { on: { go: triggerTo('hear') }, meta: { reentry: { policy: 'afterExit', key: 'order' } } },
    )
    const open = live(published(orders), [event('go', 0, { order: 1 })])
    const heldBy = (order: JsonObject) => {
      const { done } = fold(open.history, { ...event('go', 1, order), seq: 9 }, held(orders), 'UTC')
      return 'held' in done ? done.held.length : undefined
    }
    expect([heldBy({ order: 1 }), heldBy({ order: 2 }), heldBy({})]).toEqual([0, 1, 1])
  })

  test('stands beside one that is live', () => {
    const other = journeyOf({ add: points(1, 'end'), end: END }, { id: 'other' })
    const both = catalogueOf([
      { journey: waiting, version: 1, open: false, held: true },
      { journey: other, version: 1, open: true },
    ])
    expect(scoreOf(live(both, [event('go')]))).toBe(1)
    const starts = journeyOf({ start: startJourney('test', 'end'), end: END }, { id: 'starts' })
    expect(live(catalogueOf([{ journey: starts, version: 1, open: true }]), [event('go')]).failed).toEqual([])
  })
})

describe('scores of versions that are gone', () => {
  test('are kept by a ledger for ever', () => {
    expect(catalogueOf([], undefined, undefined, ['FIT']).scores).toEqual(new Set(['FIT']))
  })
})

describe('who matches already', () => {
  const on = (name: string, ...triggers: ReturnType<typeof triggerTo>[]) =>
    journeyOf({ end: END }, { on: { [name]: triggers.length === 1 ? triggers[0]! : triggers } })
  const told = (journey: Journey, contact: Contact, at = START) =>
    alreadyOf(journey, contact, at, 'UTC').map(({ properties }) => properties)

  test('is told as the events that would have led there', () => {
    const contact = ada({
      lists: ['A', 'B'],
      segments: ['S'],
      stage: 'engagement',
      attributes: { CITY: 'Ulm' },
      scores: { SCORE: 2_550, FIT: 0 },
    })
    const end = triggerTo('end')
    expect(told(on('contact.created', end), contact)).toEqual([{}])
    expect(told(on('list.joined', end), contact)).toEqual([{ list: 'A' }, { list: 'B' }])
    expect(told(on('segment.entered', end), contact)).toEqual([{ segment: 'S' }])
    expect(told(on('stage.changed', end), contact)).toEqual([{ before: null, after: 'engagement' }])
    expect(told(on('stage.changed', end), ada())).toEqual([])
    expect(told(on('attribute.changed', end), contact)).toEqual([
      { attribute: 'CITY', before: null, after: 'Ulm' },
    ])
    expect(told(on('score.changed', end), contact)).toEqual([
      { attribute: 'SCORE', before: 0, after: 25.5, by: 25.5 },
    ])
    for (const event of ['go', 'list.left', 'email.clicked', 'toString'])
      expect(told(on(event, end), contact)).toEqual([])
  })

  test('knows which triggers ask for a state at all', () => {
    expect(asksForStates(on('list.joined', triggerTo('end')))).toBe(true)
    expect(asksForStates(on('toString', triggerTo('end')))).toBe(false)
  })

  test.each([
    ['up', 80, 8_000, [{ before: 79.99, after: 80, by: 0.01 }]],
    ['up', 80, 7_999, []],
    ['down', 20, 1_000, [{ before: 20, after: 10, by: -10 }]],
    ['down', 20, 2_000, []],
  ] as const)('who is beyond a limit (%s %s) at %s has crossed it', (direction, crossed, score, expected) => {
    const limit = { all: [{ crossed, direction }, { everybody: true }] } as const
    const journey = on('score.changed', triggerTo('end', limit))
    const contact = ada({ scores: { SCORE: score, FIT: score } })
    expect(told(journey, contact)).toEqual(expected.map((change) => ({ attribute: 'SCORE', ...change })))
    const so = live(
      published(journey),
      alreadyOf(journey, contact, START, 'UTC').map((already) => entry('admit', 0, already)),
      { contact },
    )
    expect(so.history.enrollments).toHaveLength(expected.length)
  })

  test('counts inactivity that lasts long enough, and no date that is over', () => {
    const inactive = { target: '.end', guard: { type: 'mayEnter', params: { at: 'inactive P30D' } } } as const
    const renewal = { target: '.end', guard: { type: 'mayEnter', params: { at: 'date DAY' } } } as const
    const journey = on('time.due', inactive, renewal, triggerTo('end', { everybody: true }))
    const contact = ada({ createdAt: START - 90 * DAY, attributes: { DAY: '2026-05-01' } })
    expect(told(journey, contact)).toEqual([{ journey: 'test', at: 'inactive P30D' }])
    expect(told(journey, { ...contact, lastActivityAt: START - DAY })).toEqual([])
  })
})

describe('a simulation that begins in the middle', () => {
  const weekly = journeyOf({ pause: wait('P7D', 'send'), send: mail('pause'), end: END })
  const from = (passages: Simulation['history']['enrollments'], facts: Facts = {}, hour = 8 * 24) => ({
    at: START + hour * HOUR,
    seq: 100,
    passages,
    facts,
    refuses: () => undefined,
  })
  const begin = (journey: Journey, start: ReturnType<typeof from>, days: number, contact = ada()) =>
    simulate({
      journeys: published(journey),
      contact,
      events: [],
      until: START + days * DAY,
      zone: 'UTC',
      from: start,
    })

  test('goes on where people are, and what is overdue is due at once', () => {
    const { enrollments } = live(published(weekly), [event('go')]).history
    const so = begin(weekly, from(enrollments), 20)
    expect(so.messages.map(({ at }) => (at - START) / DAY)).toEqual([8, 15])
    expect(so.entries[0]).toMatchObject({ seq: 101, at: START + 8 * DAY })
  })

  test('says what it has to know of what was before, and reckons with it', () => {
    const counting = journeyOf(
      {
        pause: wait('P1D', 'ask'),
        ask: {
          meta: { kind: 'condition' },
          always: [
            {
              target: 'send',
              guard: {
                type: 'holds',
                params: {
                  when: {
                    all: [
                      { count: { event: 'bought' }, operator: '>=', value: 3 },
                      { not: { clicked: 1, ofLast: 2 } },
                    ],
                  },
                },
              },
            },
            { target: 'give' },
          ],
        },
        send: mail('give'),
        give: points(1, 'pause', { cap: { points: 5, per: 'P30D' } }),
        end: END,
      },
      { meta: { reentry: { policy: 'afterExit', max: 3 } } },
    )
    const { enrollments } = live(published(counting), [event('go')]).history
    const facts: { [key: string]: Facts[string] } = {}
    let rounds = 0
    const answers = {
      count: 3,
      emails: [],
      points: { sum: 300, last: START - 5 },
      visits: { count: 1, last: START },
    }
    let so = begin(counting, from(enrollments, facts, 0), 3)
    for (; so.needs.length > 0; so = begin(counting, from(enrollments, facts, 0), 3)) {
      for (const fact of so.needs) facts[factKey(fact)] = answers[fact.type]
      expect(++rounds).toBeLessThan(10)
    }
    // Three bought before, so it sends; three points were given before, so two are left of five.
    expect(so.messages).toHaveLength(3)
    expect(so.history.ledger.map(({ by }) => by)).toEqual([100, 100])
  })

  test('counts visits and mails of before once', () => {
    const again = journeyOf(
      { send: mail('end'), end: END },
      { meta: { reentry: { policy: 'parallel', max: 2 } } },
    )
    const facts = (fact: { readonly type: string }) =>
      fact.type === 'visits' ? { count: 1, last: START } : []
    const run = (known: Facts): Simulation =>
      simulate({
        journeys: published(again),
        contact: ada(),
        events: [event('go', 1), event('go', 2)],
        until: START + DAY,
        zone: 'UTC',
        from: { ...from([], known, 0) },
      })
    const known: { [key: string]: Facts[string] } = {}
    let so = run(known)
    for (; so.needs.length > 0; so = run(known))
      for (const fact of so.needs) known[factKey(fact)] = facts(fact)
    expect(so.history.enrollments).toHaveLength(1)
  })

  test('asks whoever keeps brakes on, and the journey hears what they say', () => {
    const result = journeyOf(
      { send: mailWithResult('end', 'mark', 'end'), mark: list('Refused', 'end'), end: END },
      { meta: { reentry: { policy: 'parallel' } } },
    )
    const asked: string[] = []
    const so = simulate({
      journeys: published(result),
      contact: ada(),
      events: [event('go')],
      until: START + DAY,
      zone: 'UTC',
      from: {
        ...from([], {}, 0),
        refuses: ({ effect, cause, contact, journey }) => {
          asked.push(`${effect.step} ${cause.kind} ${contact.id} ${journey.id}`)
          return 'capped'
        },
      },
    })
    expect(asked).toEqual(['send event ada test'])
    expect(so.messages).toMatchObject([{ skipped: 'capped' }])
    expect(so.history.contact.lists).toEqual(['Refused'])
  })
})
