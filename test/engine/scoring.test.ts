/** What "Add points" really does to a number: value, rounding, cap, cooldown and floor. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apply, hundredths, inPoints } from '../../engine/scoring.ts'
import type { Cap, UpdateParams } from '../../engine/dialect/actions.ts'
import type { Json } from '../../engine/contact.ts'
import {
  ada,
  DAY,
  END,
  entry,
  event,
  HOUR,
  identify,
  lateEvent,
  linesOf,
  live,
  points,
  published,
  scoreOf,
  START,
  textsOf,
  update,
  verdict,
  waitFor,
  mail,
  wait,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const NOTHING_BEFORE = { used: 0, coolingDown: false }

describe('hundredths of a point', () => {
  test.each([
    [0, 0],
    [-0, 0],
    [1, 100],
    [12.345, 1235],
    [-12.345, -1235],
    [1.005, 101],
    [0.005, 1],
    [-0.005, -1],
    [0.0049, 0],
    [0.1 + 0.2, 30],
    [1e9, 1e11],
  ])('%d points are %d: half is rounded away from zero', (value, expected) => {
    expect(hundredths(value)).toBe(expected)
  })

  test('points with two decimals come back as they were (@seed 5)', () => {
    const whole = fc.integer({ min: -1e11, max: 1e11 })
    fc.assert(
      fc.property(whole, (value) => {
        expect(hundredths(inPoints(value))).toBe(value)
      }),
      { seed: 5 },
    )
  })
})

describe('one change', () => {
  const rows: readonly [Partial<UpdateParams>, number, number, string?][] = [
    [{ add: 10 }, 5, 10],
    [{ add: 0.1 }, 0.2, 0.1],
    [{ subtract: 10 }, 5, -10],
    [{ set: 10 }, 50, -40],
    [{ set: 10 }, 10, 0],
    [{ clear: true }, 12.5, -12.5],
    [{ multiply: 0.5 }, 0.25, -0.12],
    [{ multiply: 0.5 }, -0.25, 0.12],
    [{ multiply: 1.1 }, 10, 1],
    [{ multiply: 0 }, 7, -7],
    [{ multiply: -1 }, 7, -14],
    [{ subtract: 10, floor: 0 }, 4, -4, 'the score does not fall below 0'],
    [{ subtract: 10, floor: 0 }, 10, -10],
    [{ subtract: 10, floor: 0 }, 0, 0, 'the score does not fall below 0'],
    [{ subtract: 10, floor: 0 }, -5, 0, 'the score does not fall below 0'],
    [{ set: 1, floor: 5 }, 9, -4, 'the score does not fall below 5'],
    [{ add: 1, floor: 50 }, 9, 1],
    [{ add: { event: 'quantity', times: 5 } }, 0, 15],
    [{ subtract: { event: 'quantity' } }, 0, -3],
    [{ set: { event: 'quantity' } }, 10, -7],
    [{ add: { event: 'text' } }, 0, 0, 'the event has no such number'],
    [{ add: { event: 'absent' } }, 0, 0, 'the event has no such number'],
    [{ add: { event: 'constructor' } }, 0, 0, 'the event has no such number'],
    [{ add: { event: 'huge' } }, 0, 0, 'the event has no such number'],
    [{ add: { event: 'huge', times: 1e6 } }, 0, 0, 'the event has no such number'],
    [{ set: 'gold' }, 3, 0, 'only a number can be set here'],
    [{ set: true }, 3, 0, 'only a number can be set here'],
    [{ add: 1 }, 1e9, 0, 'the score would be too large'],
    [{ multiply: 1000 }, 1e9, 0, 'the score would be too large'],
  ]
  test.each(rows)('%j makes of %d points %d more', (params, before, by, note) => {
    const properties = { quantity: 3, text: '3', huge: 1e303 }
    const applied = apply({ attribute: 'SCORE', ...params }, hundredths(before), properties, NOTHING_BEFORE)
    expect({ by: applied.by, note: applied.note }).toEqual({ by: hundredths(by), note })
  })

  test('adds what still fits below the cap, and says so', () => {
    const params = { attribute: 'SCORE', add: 10, cap: { points: 25, per: 'ever' } }
    const used = (hundredths: number) => apply(params, 0, {}, { used: hundredths, coolingDown: false })
    expect(used(1500)).toEqual({ by: 1000 })
    expect(used(2000)).toEqual({ by: 500, note: 'no more than 25 points count here' })
    expect(used(2500)).toEqual({ by: 0, note: 'no more than 25 points count here' })
    expect(used(9900)).toEqual({ by: 0, note: 'no more than 25 points count here' })
  })

  test('never applies more than was asked for, nor falls below the floor (@seed 6)', () => {
    const cents = fc.integer({ min: -1e7, max: 1e7 })
    fc.assert(
      fc.property(cents, cents, cents, cents, (add, before, floor, used) => {
        const params = {
          attribute: 'SCORE',
          add: inPoints(add),
          floor: inPoints(floor),
          cap: { points: 100, per: 'ever' },
        }
        const { by } = apply(params, before, {}, { used, coolingDown: false })
        expect(Math.abs(by)).toBeLessThanOrEqual(Math.abs(add))
        expect(by === 0 || Math.sign(by) === Math.sign(add)).toBe(true)
        if (by < 0) expect(before + by).toBeGreaterThanOrEqual(floor)
        expect(Number.isInteger(by)).toBe(true)
      }),
      { seed: 6 },
    )
  })
})

/** A journey that adds 10 points for each `go`, under these limits. */
function adding(limits: Partial<UpdateParams>, add = 10) {
  return journeyOf({ add: points(add, 'end', limits), end: END })
}

describe('a cap', () => {
  const cap = (per: string, more: Partial<Cap> = {}) => adding({ cap: { points: 15, per, ...more } })

  test('counts all passages of its step within the window, and an entry exactly one window ago no more', () => {
    const times = [0, 1, 2, 23.999, 24, 25.5]
    const journey = cap('PT24H')
    const so = live(
      journey,
      times.map((hour) => event('go', hour)),
    )
    expect(linesOf(so)).toEqual([10, 5, 10, 5])
    expect(so.history.ledger.map(({ at }) => (at - START) / HOUR)).toEqual([0, 1, 24, 25.5])
  })

  test('says in the score’s history and in the trace what it withheld, and the journey goes on', () => {
    const so = live(cap('P1D'), [event('go'), event('go', 1), event('go', 2)])
    expect(so.history.ledger.map(({ reason }) => reason)).toEqual([
      'Added 10: go',
      'Added 5: go (no more than 15 points count here)',
    ])
    expect(textsOf(so, 'unchanged')).toEqual(['Score stays 15: no more than 15 points count here'])
    expect(so.history.enrollments.every(({ ended }) => ended?.outcome === 'finished')).toBe(true)
  })

  test('of a day goes back one calendar day in the contact’s zone', () => {
    // The night to 29 March 2026 has 23 hours in Berlin.
    const hours = (Date.UTC(2026, 2, 28, 13) - START) / HOUR
    const events = [event('go', hours), event('go', hours + 23)]
    const berlin = ada({ attributes: { TIMEZONE: 'Europe/Berlin' } })
    expect(linesOf(live(cap('P1D'), events))).toEqual([10, 5])
    expect(linesOf(live(cap('P1D'), events, { contact: berlin }))).toEqual([10, 10])
    expect(linesOf(live(cap('P1D'), events, { zone: 'Europe/Berlin' }))).toEqual([10, 10])
    const nowhere = ada({ attributes: { TIMEZONE: 'Middle/Earth' } })
    expect(linesOf(live(cap('P1D'), events, { contact: nowhere }))).toEqual([10, 5])
  })

  test('follows a contact who moves to another zone from that very call on', () => {
    const hours = (Date.UTC(2026, 2, 28, 13) - START) / HOUR
    const moving = event(
      'go',
      hours + 23,
      {},
      {
        identification: { attributes: { TIMEZONE: 'Europe/Berlin' } },
      },
    )
    expect(linesOf(live(cap('P1D'), [event('go', hours), moving]))).toEqual([10, 10])
  })

  test('for ever is for ever, also for an event that comes late', () => {
    const events = [event('go', 0), event('go', 9000), lateEvent('go', 9001, -48)]
    expect(linesOf(live(cap('ever'), events))).toEqual([10, 5])
  })

  test('looks at when it happened: yesterday’s event that comes late counts for yesterday', () => {
    const events = [event('go', 0), event('go', 1), lateEvent('go', 30, -30), event('go', 30)]
    expect(linesOf(live(cap('P1D'), events))).toEqual([10, 5, 10, 10])
  })

  test('with a key counts apart for each value', () => {
    const journey = cap('ever', { key: 'event.message' })
    const of = (message: Json) => event('go', 0, { message })
    const so = live(journey, [of('a'), of('a'), of('a'), of('b'), of(7), of('7'), of('constructor')])
    expect(linesOf(so)).toEqual([10, 5, 10, 10, 5, 10])
    expect(so.history.ledger.map(({ key }) => key)).toEqual(['a', 'a', 'b', '7', '7', 'constructor'])
  })

  test('whose key the event lacks counts all together', () => {
    const journey = cap('ever', { key: 'event.constructor' })
    expect(linesOf(live(journey, [event('go'), event('go', 1)]))).toEqual([10, 5])
  })

  test('takes its key after a wait from the event that began the passage', () => {
    const journey = journeyOf(
      {
        pause: wait('P1D', 'add'),
        add: points(10, 'end', { cap: { points: 10, per: 'ever', key: 'event.order' } }),
        end: END,
      },
      { meta: { reentry: { policy: 'parallel' } } },
    )
    const orders = ['a', 'b', 'a'].map((order, hour) => event('go', hour, { order }))
    expect(linesOf(live(journey, orders, { until: 48 }))).toEqual([10, 10])
  })

  test('of two steps counts each for itself', () => {
    const limits = { cap: { points: 10, per: 'ever' } }
    const journey = journeyOf({ a: points(10, 'b', limits), b: points(10, 'end', limits), end: END })
    expect(linesOf(live(journey, [event('go'), event('go', 1)]))).toEqual([10, 10])
  })

  test('sees what the same event gave in this step before', () => {
    const journey = journeyOf({
      a: points(10, 'again', { cap: { points: 15, per: 'P1D' } }),
      again: {
        meta: { kind: 'condition' },
        always: [
          {
            target: 'a',
            guard: { type: 'holds', params: { when: { field: 'SCORE', operator: '<', value: 15 } } },
          },
          'end',
        ],
      },
      end: END,
    })
    expect(linesOf(live(journey, [event('go')]))).toEqual([10, 5])
  })

  test('with a key sees what the same event gave for that key before', () => {
    const rich = { field: 'SCORE', operator: '>=', value: 15 } as const
    const journey = journeyOf({
      a: points(10, 'again', { cap: { points: 15, per: 'ever', key: 'event.message' } }),
      again: {
        meta: { kind: 'condition' },
        always: [{ target: 'end', guard: { type: 'holds', params: { when: rich } } }, 'a'],
      },
      end: END,
    })
    expect(linesOf(live(journey, [event('go', 0, { message: 'm' })]))).toEqual([10, 5])
  })

  test('per three e-mails pays again only for three sent after it was paid (R101, R102)', () => {
    const mails = journeyOf(
      { mail: mail('end'), end: END },
      { id: 'mails', on: { send: triggerTo('mail') }, meta: { reentry: { policy: 'parallel' } } },
    )
    const pays = journeyOf(
      { add: points(20, 'end', { cap: { points: 20, per: '3 emails' } }), end: END },
      { id: 'pays', on: { 'email.clicked': triggerTo('add', { clicked: 3, ofLast: 3 }) } },
    )
    const round = (hour: number) => [event('send', hour), verdict('mails', 'mail', 'clicked', hour + 1)]
    const paidAfter = (rounds: number) =>
      linesOf(live(published(mails, pays), Array.from({ length: rounds }, (_, n) => round(n * 10)).flat()))
    expect(paidAfter(2)).toEqual([])
    expect(paidAfter(3)).toEqual([20])
    expect(paidAfter(5)).toEqual([20])
    expect(paidAfter(6)).toEqual([20, 20])
    expect(paidAfter(9)).toEqual([20, 20, 20])
  })

  test.each([
    ['at the very moment', 0, [10, 5]],
    ['a second after', 1 / 3600, [10, 10]],
  ])('per three e-mails: three sent %s it was paid', (_, hour, expected) => {
    const mails = journeyOf(
      { mail: mail('end'), end: END },
      { id: 'mails', on: { send: triggerTo('mail') }, meta: { reentry: { policy: 'parallel' } } },
    )
    const sent = [event('send', hour), event('send', hour), event('send', hour)]
    const so = live(published(cap('3 emails'), mails), [event('go'), ...sent, event('go', 1)])
    expect(linesOf(so)).toEqual(expected)
  })

  test('per e-mails counts all time while fewer were sent', () => {
    expect(linesOf(live(cap('3 emails'), [event('go'), event('go', 99), event('go', 999)]))).toEqual([10, 5])
  })
})

describe('a cooldown', () => {
  test('lets the next one through exactly when it is over', () => {
    const times = [0, 0.999, 1, 1.5, 2]
    const so = live(
      adding({ cooldown: 'PT1H' }),
      times.map((hour) => event('go', hour)),
    )
    expect(so.history.ledger.map(({ at }) => (at - START) / HOUR)).toEqual([0, 1, 2])
    expect(textsOf(so, 'unchanged')[0]).toBe('Score stays 10: this was counted a short while ago')
  })

  test('counts apart for each key of the cap', () => {
    const journey = adding({ cooldown: 'PT1H', cap: { points: 100, per: 'ever', key: 'event.page' } })
    const views = ['a', 'b', 'a'].map((page) => event('go', 0, { page }))
    expect(linesOf(live(journey, views))).toEqual([10, 10])
  })
})

describe('a plain number that journeys begin to count in', () => {
  const counting = journeyOf({
    add: update({ attribute: 'CD_SCORE', add: 5, cap: { points: 20, per: 'P1D' } }, 'end'),
    end: END,
  })
  const with500 = ada({ attributes: { CD_SCORE: 500, CITY: 'Ulm' } })

  test('opens its history with what it was, and that uses up no cap', () => {
    const so = live(counting, [event('go')], { contact: with500 })
    expect(linesOf(so, 'CD_SCORE')).toEqual([500, 5])
    expect(scoreOf(so, 'CD_SCORE')).toBe(505)
    expect(so.history.contact.attributes).toEqual({ CITY: 'Ulm' })
    expect(so.history.ledger[0]).toMatchObject({
      reason: 'The value before points were counted',
      journey: null,
      step: null,
    })
  })

  test.each([['twelve'], [0], [1e300], [true]])('starts at 0 from %j', (value) => {
    const so = live(counting, [event('go')], { contact: ada({ attributes: { CD_SCORE: value } }) })
    expect(linesOf(so, 'CD_SCORE')).toEqual([5])
  })

  test('cannot be written by a client from then on', () => {
    const so = live(counting, [event('go'), identify({ attributes: { CD_SCORE: 9, CITY: 'Bonn' } }, 1)], {
      contact: with500,
    })
    expect(scoreOf(so, 'CD_SCORE')).toBe(505)
    expect(so.history.contact.attributes).toEqual({ CITY: 'Bonn' })
  })
})

describe('another attribute', () => {
  const setting = (params: Omit<UpdateParams, 'attribute'>) =>
    journeyOf({ set: update({ attribute: 'PLAN', ...params }, 'end'), end: END })
  test.each<readonly [Omit<UpdateParams, 'attribute'>, Json | undefined]>([
    [{ set: 'gold' }, 'gold'],
    [{ set: true }, true],
    [{ set: 7 }, 7],
    [{ set: { event: 'seats' } }, 3],
    [{ set: { event: 'seats', times: 2 } }, 6],
    [{ set: { event: 'absent' } }, 'silver'],
    [{ clear: true }, undefined],
  ])('%j writes %j', (params, expected) => {
    const contact = ada({ attributes: { PLAN: 'silver' } })
    const so = live(setting(params), [event('go', 0, { seats: 3 })], { contact })
    expect(so.history.contact.attributes['PLAN']).toEqual(expected)
    expect(so.history.ledger).toEqual([])
  })

  test('stays and says so where the event has no such number', () => {
    const so = live(setting({ set: { event: 'absent' } }), [event('go')])
    expect(textsOf(so, 'unchanged')).toEqual(['Plan stays: the event has no such number'])
  })
})

describe('a manual score', () => {
  const byHand = (change: { by: number } | { set: number }, attribute = 'SCORE', hour = 0) =>
    entry('score', hour, { attribute, change, reason: 'Met at the fair' })
  const none = published()

  test('is a line of the history with the person’s own reason', () => {
    const so = live(none, [
      byHand({ by: 12.5 }),
      byHand({ set: 10 }, 'SCORE', 1),
      byHand({ by: -3 }, 'FIT', 2),
    ])
    expect(linesOf(so)).toEqual([12.5, -2.5])
    expect(linesOf(so, 'FIT')).toEqual([-3])
    expect(so.history.ledger[0]).toMatchObject({ reason: 'Met at the fair', event: 'by hand', journey: null })
  })

  test('that changes nothing leaves no line', () => {
    const so = live(none, [byHand({ set: 0 }), byHand({ by: 0 })])
    expect(so.history.ledger).toEqual([])
    expect(textsOf(so, 'unchanged')).toEqual(['Score stays 0', 'Score stays 0'])
  })

  test('too large to be summed exactly is refused', () => {
    const so = live(none, [byHand({ set: 1e12 }), byHand({ by: 1e300 })])
    expect(so.history.ledger).toEqual([])
    expect(textsOf(so, 'unchanged')[0]).toBe('Score stays 0: the score would be too large')
  })

  test('of a plain number starts from what it was', () => {
    const so = live(none, [byHand({ set: 10 }, 'FIT')], { contact: ada({ attributes: { FIT: 4 } }) })
    expect(linesOf(so, 'FIT')).toEqual([4, 6])
  })
})

describe('inactivity', () => {
  const decay = journeyOf(
    {
      quiet: {
        meta: { kind: 'decay' },
        after: {
          'inactive P30D': {
            target: 'quiet',
            reenter: true,
            actions: [{ type: 'updateAttribute', params: { attribute: 'SCORE', subtract: 10, floor: 0 } }],
          },
        },
      },
    },
    { id: 'quiet', meta: { exits: [{ when: { field: 'SCORE', operator: '<=', value: 0 } }] } },
  )
  const rich = ada({ scores: { SCORE: 2500 } })
  const days = (events: Parameters<typeof live>[1], until: number) =>
    live(decay, events, { contact: rich, until: until * 24 })
      .history.ledger.filter(({ journey }) => journey === 'quiet')
      .map(({ at, by }) => [(at - START) / DAY, inPoints(by)])

  test('lowers the score after 30 days, and again after each further 30, never below the floor (R51, R115)', () => {
    expect(days([event('go')], 29.99)).toEqual([])
    expect(days([event('go')], 30)).toEqual([[30, -10]])
    expect(days([event('go')], 400)).toEqual([
      [30, -10],
      [60, -10],
      [90, -5],
    ])
  })

  test('counts from the last activity, wherever that came from', () => {
    expect(days([event('go'), event('other', 10 * 24)], 45)).toEqual([[40, -10]])
    expect(days([event('go'), lateEvent('other', 20 * 24, 5 * 24)], 45)).toEqual([[35, -10]])
  })

  test.each<readonly [string, Parameters<typeof live>[1][number]]>([
    ['an event marked as no activity', event('other', 240, {}, { active: false })],
    ['identify', identify({ attributes: { CITY: 'Ulm' } }, 240)],
    ['a change by hand', entry('score', 240, { attribute: 'FIT', change: { by: 1 }, reason: 'x' })],
    ['an unsubscribe', entry('consent', 240, { purpose: 'email', status: 'unsubscribed', reason: 'x' })],
  ])('is not ended by %s', (_, happens) => {
    expect(days([event('go'), happens], 45)).toEqual([[30, -10]])
  })

  test('is ended by a human click, not by an open or a machine', () => {
    const mails = journeyOf(
      { mail: mail('click'), click: waitFor({ never: 'end' }, { P90D: 'end' }), end: END },
      { id: 'mails' },
    )
    const first = (what: 'clicked' | 'opened', machine: boolean) =>
      live(published(decay, mails), [event('go'), verdict('mails', 'mail', what, 240, { machine })], {
        contact: rich,
        until: 45 * 24,
      }).history.ledger.map(({ at }) => (at - START) / DAY)
    expect(first('clicked', false)).toEqual([40])
    expect(first('opened', false)).toEqual([30])
    expect(first('clicked', true)).toEqual([30])
  })

  test('of a passage that is not due yet moves its wait, and says when', () => {
    const so = live(decay, [event('go'), event('other', 240)], { contact: rich, until: 31 * 24 })
    expect(textsOf(so, 'waits')).toEqual(['Not yet: due 2026-06-13T12:00:00.000Z'])
  })
})
