/** In which order one entry works: exits and goals, then waits, then triggers; and what exits and goals prevent. */
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import type { Journey, JourneyMeta } from '../../engine/journey.ts'
import {
  ada,
  END,
  entry,
  event,
  foldAll,
  identify,
  lateEvent,
  list,
  live,
  mail,
  mailWithResult,
  passages,
  passagesOf,
  points,
  published,
  scoreOf,
  START,
  HOUR,
  DAY,
  textsOf,
  update,
  verdict,
  wait,
  waitFor,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const customer: Condition = { field: 'stage', operator: '=', value: 'acquisition' }
const stage: Step = {
  meta: { kind: 'stage' },
  entry: { type: 'setStage', params: { stage: 'acquisition' } },
  always: 'end',
}
const buying = journeyOf({ stage, end: END }, { id: 'buying', on: { purchase: triggerTo('stage') } })

/** Joins "<id> <what>" on what it hears. */
function noting(id: string, states: { readonly [step: string]: Step }, meta: Partial<JourneyMeta> = {}) {
  return journeyOf({ ...states, end: END }, { id, meta: { reentry: { policy: 'parallel' }, ...meta } })
}

const lists = (so: ReturnType<typeof live>) => so.history.contact.lists

describe('one entry', () => {
  test('is heard first by exits and goals, then by waits, then by triggers, whatever the journeys are called', () => {
    const plan: Condition = { event: 'plan', operator: '=', value: 'gold' }
    const leaving = noting(
      'z-leaving',
      { pause: wait('P9D', 'end'), bye: list('bye', 'end') },
      {
        exits: [{ when: plan, to: 'bye' }],
      },
    )
    const waiting = noting('m-waiting', {
      pause: waitFor({ tick: 'heard' }, { P9D: 'end' }),
      heard: list('heard', 'end'),
    })
    const entering = journeyOf(
      { come: list('come', 'end'), end: END },
      { id: 'a-entering', on: { tick: triggerTo('come') } },
    )
    const so = live(published(leaving, waiting, entering), [event('go'), event('tick', 1, { plan: 'gold' })])
    expect(lists(so)).toEqual(['bye', 'heard', 'come'])
  })

  test('is heard by journey, then by age, the tenth passage after the ninth', () => {
    const state = { pause: waitFor({ tick: 'mark' }, { P90D: 'end' }), mark: points(1, 'end') }
    const journeys = published(noting('b', state), noting('a', state))
    const events = Array.from({ length: 11 }, (_, hour) => event('go', hour))
    const so = live(journeys, [...events, event('tick', 20)])
    const order = so.history.ledger.map(({ enrollment }) => enrollment)
    const expected = [...Array(11).keys()].map((n) => n + 1)
    expect(order).toEqual([...expected.map((seq) => `${seq}.1`), ...expected.map((seq) => `${seq}.2`)])
  })

  test('is worked off before what it caused, first in first out', () => {
    const one = noting('one', { a: list('A', 'b'), b: list('B', 'end') })
    const onA = journeyOf(
      { c: list('after A', 'end'), end: END },
      { id: 'x', on: { 'list.joined': triggerTo('c', { event: 'list', operator: '=', value: 'A' }) } },
    )
    const onB = journeyOf(
      { d: list('after B', 'end'), end: END },
      { id: 'w', on: { 'list.joined': triggerTo('d', { event: 'list', operator: '=', value: 'B' }) } },
    )
    expect(lists(live(published(one, onA, onB), [event('go')]))).toEqual(['A', 'B', 'after A', 'after B'])
  })

  test('moves a passage once: who left by an exit does not hear the event as well', () => {
    const journey = noting(
      'test',
      {
        pause: waitFor({ tick: 'heard' }, { P9D: 'end' }),
        heard: list('heard', 'end'),
        bye: waitFor({ tick: 'heard' }, { P9D: 'end' }),
      },
      { exits: [{ when: { event: 'plan', operator: '=', value: 'gold' }, to: 'bye' }] },
    )
    const gold = { plan: 'gold' }
    expect(passagesOf(live(journey, [event('go'), event('tick', 1, gold)]))).toEqual(['bye'])
    // On its way the exit is not asked again, so the next one is heard.
    expect(lists(live(journey, [event('go'), event('tick', 1, gold), event('tick', 2, gold)]))).toEqual([
      'heard',
    ])
  })
})

describe('an exit that holds prevents the mail', () => {
  const exits = [{ when: customer }]
  const sent = (journey: Journey, events: Parameters<typeof live>[1], until = 200) =>
    live(published(journey, buying), events, { until }).messages.length

  test('at the trigger', () => {
    const journey = journeyOf({ mail: mail('end'), end: END }, { meta: { exits } })
    expect(sent(journey, [event('go')])).toBe(1)
    expect(sent(journey, [event('purchase'), event('go', 1)])).toBe(0)
  })

  test('when the time is over', () => {
    const reading = { field: 'RENEWAL_DATE', operator: 'before', value: 'P1D' } as const
    const journey = journeyOf(
      { pause: wait('P3D', 'mail'), mail: mail('end'), end: END },
      { meta: { exits: [{ when: reading }] } },
    )
    const contact = (date: string) => ada({ attributes: { RENEWAL_DATE: date } })
    const so = (date: string) => live(journey, [event('go')], { contact: contact(date), until: 100 })
    expect(so('2026-05-06T12:00:00Z').messages).toHaveLength(1)
    expect(so('2026-05-06T11:59:59Z').messages).toHaveLength(0)
    expect(passagesOf(so('2026-05-06T11:59:59Z'))).toEqual(['exit'])
  })

  test('by the event that makes it true, at once', () => {
    const journey = journeyOf(
      { pause: wait('P3D', 'mail'), mail: mail('end'), end: END },
      { meta: { exits } },
    )
    const so = live(published(journey, buying), [event('go'), event('purchase', 1)], { until: 1 })
    expect(passagesOf(so)).toEqual(['exit'])
    expect(textsOf(so, 'went')).toEqual(['Leaves early: Stage is “acquisition”'])
    expect(sent(journey, [event('go'), event('purchase', 1)])).toBe(0)
  })

  test('by the step before it', () => {
    const journey = journeyOf(
      { add: points(90, 'mail'), mail: mail('end'), end: END },
      { meta: { exits: [{ when: { field: 'SCORE', operator: '>', value: 80 } }] } },
    )
    const so = live(journey, [event('go')])
    expect(so.messages).toEqual([])
    expect([scoreOf(so), passagesOf(so)]).toEqual([90, ['exit']])
  })

  test('in front of an event that is waited for', () => {
    const journey = journeyOf(
      { pause: waitFor({ tick: 'mail' }, { P9D: 'end' }), mail: mail('end'), end: END },
      { meta: { exits: [{ when: { event: 'stop', operator: '=', value: true } }] } },
    )
    expect(sent(journey, [event('go'), event('tick', 1, { stop: true })])).toBe(0)
    expect(sent(journey, [event('go'), event('tick', 1)])).toBe(1)
  })

  test('whichever way the person says no', () => {
    const journey = journeyOf(
      { pause: wait('P3D', 'mail'), mail: mail('end'), end: END },
      { meta: { exits: [{ when: { field: 'consent.email', operator: '=', value: 'unsubscribed' } }] } },
    )
    const noes: readonly Parameters<typeof live>[1][number][] = [
      entry('consent', 1, { purpose: 'email', status: 'unsubscribed', reason: 'link' }),
      identify({ consent: { email: false } }, 1),
      event('form_submitted', 1, {}, { identification: { consent: { email: false } } }),
    ]
    for (const no of noes) expect(passagesOf(live(journey, [event('go'), no]))).toEqual(['exit'])
  })

  test.each<readonly [string, Condition, Parameters<typeof live>[1][number]]>([
    [
      'an attribute',
      { field: 'CITY', operator: '=', value: 'Ulm' },
      identify({ attributes: { CITY: 'Ulm' } }, 1),
    ],
    [
      'the company',
      { field: 'company.SIZE', operator: '>', value: 5 },
      identify({ company: { id: 'c', attributes: { SIZE: 9 } } }, 1),
    ],
    [
      'the address',
      { field: 'EMAIL', operator: 'ends with', value: '.org' },
      identify({ email: 'ada@lamps.org' }, 1),
    ],
    [
      'a score',
      { field: 'FIT', operator: '>', value: 5 },
      entry('score', 1, { attribute: 'FIT', change: { set: 6 }, reason: 'x' }),
    ],
    ['a count', { count: { event: 'visit' }, operator: '>=', value: 1 }, event('visit', 1)],
    ['an event', { event: 'x', operator: '=', value: 1 }, event('any', 1, { x: 1 })],
  ])('is looked at when %s changes', (_, when, change) => {
    const journey = journeyOf({ pause: wait('P3D', 'end'), end: END }, { meta: { exits: [{ when }] } })
    expect(passagesOf(live(journey, [event('go'), event('nothing', 0.5), change]))).toEqual(['exit'])
  })
})

describe('a goal', () => {
  const goal = { when: customer, to: 'won' }
  const won = {
    won: list('Won', 'thanks'),
    thanks: wait('P1D', 'after'),
    after: list('Thanked', 'end'),
    end: END,
  }

  test('has a way of its own that runs, also where an exit would hold by then', () => {
    const journey = journeyOf(
      { pause: wait('P3D', 'mail'), mail: mail('end'), ...won },
      { meta: { goal, exits: [{ when: { list: 'Won' } }] } },
    )
    const so = live(published(journey, buying), [event('go'), event('purchase', 1)], { until: 99 })
    expect(lists(so)).toEqual(['Won', 'Thanked'])
    expect(so.messages).toEqual([])
    expect(passagesOf(so)).toEqual(['goal'])
    expect(textsOf(so, 'ended')).toContain('Reached the goal')
  })

  test('runs in all three cases but the first, where nobody enters', () => {
    const journey = journeyOf(
      { add: update({ attribute: 'FIT', add: 9 }, 'pause'), pause: wait('P3D', 'end'), ...won },
      { meta: { goal: { ...goal, when: { field: 'FIT', operator: '>', value: 5 } } } },
    )
    expect(lists(live(journey, [event('go')]))).toEqual(['Won'])
    const already = ada({ scores: { SCORE: 0, FIT: 900 } })
    expect(lists(live(journey, [event('go')], { contact: already }))).toEqual([])
  })

  test('that holds together with an exit comes second', () => {
    const journey = journeyOf(
      { pause: wait('P3D', 'end'), end: END },
      { meta: { goal: { when: customer }, exits: [{ when: customer }] } },
    )
    expect(passagesOf(live(published(journey, buying), [event('go'), event('purchase', 1)]))).toEqual([
      'exit',
    ])
  })

  test('without a way simply ends the passage', () => {
    const journey = journeyOf({ pause: wait('P3D', 'end'), end: END }, { meta: { goal: { when: customer } } })
    expect(passagesOf(live(published(journey, buying), [event('go'), event('purchase', 1)]))).toEqual([
      'goal',
    ])
  })

  test('that holds already keeps the next passage out, and says so rather than that one went on', () => {
    const journey = journeyOf(
      { pause: waitFor({ go: 'end' }, { P3D: 'end' }), end: END },
      {
        meta: {
          goal: { when: { event: 'won', operator: '=', value: true } },
          reentry: { policy: 'parallel' },
        },
      },
    )
    const so = live(journey, [event('go'), event('go', 1, { won: true })])
    expect(passagesOf(so)).toEqual(['goal'])
    expect(textsOf(so, 'notEntered')).toEqual([
      'Not entered: has already reached the goal: the event’s won is yes',
    ])
  })
})

describe('a wait', () => {
  test('of hours is exact, of days is a calendar day in the contact’s zone', () => {
    const duration = (delay: string) => {
      const journey = journeyOf({ pause: wait(delay, 'end'), end: END })
      const before = (Date.UTC(2026, 9, 24, 12) - START) / HOUR
      const so = live(journey, [event('go', before)], {
        contact: ada({ attributes: { TIMEZONE: 'Europe/Berlin' } }),
      })
      return ((passages(so.history)[0]?.due ?? 0) - START) / HOUR - before
    }
    expect(duration('PT24H')).toBe(24)
    expect(duration('P1D')).toBe(25)
  })

  test('goes by a zone that the very event brings', () => {
    const journey = journeyOf({ pause: wait('P1D', 'end'), end: END })
    const before = (Date.UTC(2026, 9, 24, 12) - START) / HOUR
    const first = event('go', before, {}, { identification: { attributes: { TIMEZONE: 'Europe/Berlin' } } })
    expect((passages(live(journey, [first]).history)[0]?.due ?? 0) - first.at).toBe(25 * HOUR)
  })

  test('wakes exactly when it is due, once, and before an event at that very time', () => {
    const journey = journeyOf({ pause: wait('P1D', 'mark'), mark: list('Marked', 'end'), end: END })
    expect(lists(live(journey, [event('go')], { until: 23.999 }))).toEqual([])
    const so = live(journey, [event('go'), event('tick', 24)], { until: 99 })
    expect(so.entries.map(({ kind }) => kind)).toEqual(['event', 'wake', 'event'])
    expect(textsOf(so, 'went')).toEqual(['After 1 day'])
  })

  test.each([
    ['not yet due', 1, '1.1', ['pause'], ['Not yet: due 2026-05-05T12:00:00.000Z']],
    ['of nobody', 1, '9.9', ['pause'], []],
  ])('rung too early or for nobody does nothing: %s', (_, hour, enrollment, expected, texts) => {
    const journey = journeyOf({ pause: wait('P1D', 'end'), end: END })
    const so = live(journey, [event('go'), entry('wake', hour, { enrollment })])
    expect(passagesOf(so)).toEqual(expected)
    expect(textsOf(so, 'waits')).toEqual(texts)
  })

  test('rung for a passage that waits for no time does nothing', () => {
    const journey = journeyOf({ pause: waitFor({ tick: 'end' }), end: END })
    expect(passagesOf(live(journey, [event('go'), entry('wake', 1, { enrollment: '1.1' })]))).toEqual([
      'pause',
    ])
  })

  test('of several delays fires the earliest', () => {
    const journey = journeyOf({
      pause: { meta: { kind: 'wait' }, after: { P3D: 'end', P2D: 'two' } },
      two: list('Two', 'end'),
      end: END,
    })
    expect(lists(live(journey, [event('go')], { until: 99 }))).toEqual(['Two'])
  })

  test('that leads back to itself starts over, and is visit after visit', () => {
    const journey = journeyOf({ pause: wait('P1D', 'pause'), end: END })
    const so = live(journey, [event('go')], { until: 24 * 4 })
    expect(passages(so.history)[0]).toMatchObject({ visits: { pause: 5 }, due: START + 5 * DAY })
  })

  test('after a time reads as its event the one that began the passage', () => {
    const when: Condition = { event: 'plan', operator: '=', value: 'gold' }
    const journey = journeyOf({
      pause: wait('P1D', 'look'),
      look: {
        meta: { kind: 'condition' },
        always: [{ target: 'gold', guard: { type: 'holds', params: { when } } }, 'end'],
      },
      gold: list('Gold', 'end'),
      end: END,
    })
    expect(lists(live(journey, [event('go', 0, { plan: 'gold' })], { until: 48 }))).toEqual(['Gold'])
  })
})

describe('wait until something happens', () => {
  const guard = (when: Condition) => ({ type: 'holds' as const, params: { when } })
  const rich: Condition = { field: 'SCORE', operator: '>', value: 80 }

  test('looks at its conditions on each change of the contact, and only on those they read', () => {
    const journey = journeyOf({
      pause: {
        meta: { kind: 'waitFor' },
        always: { target: 'end', guard: guard(rich) },
        after: { P9D: 'late' },
      },
      late: list('Late', 'end'),
      end: END,
    })
    const byHand = (set: number, hour: number) =>
      entry('score', hour, { attribute: 'SCORE', change: { set }, reason: 'x' })
    expect(passagesOf(live(journey, [event('go'), byHand(80, 1)]))).toEqual(['pause'])
    const so = live(journey, [event('go'), byHand(81, 1)])
    expect(passagesOf(so)).toEqual(['finished'])
    expect(textsOf(so, 'went')).toEqual(['Score is over 80, because Score is 81, over 80'])
    expect(lists(live(journey, [event('go')], { until: 400 }))).toEqual(['Late'])
  })

  test('goes on at once where its condition holds already', () => {
    const journey = journeyOf({
      pause: {
        meta: { kind: 'waitFor' },
        always: [{ target: 'end', guard: guard(rich) }],
        after: { P9D: 'end' },
      },
      end: END,
    })
    expect(passagesOf(live(journey, [event('go')], { contact: ada({ scores: { SCORE: 8100 } }) }))).toEqual([
      'finished',
    ])
  })

  test('takes the first of several ways whose condition holds', () => {
    const ways = [
      { target: 'big', guard: guard({ event: 'size', operator: '>', value: 5 }), meta: { label: 'Big' } },
      { target: 'small', guard: guard({ event: 'size', operator: '>', value: 1 }) },
    ]
    const journey = journeyOf({
      pause: waitFor({ order: ways }, { P9D: 'end' }),
      big: list('Big', 'end'),
      small: list('Small', 'end'),
      end: END,
    })
    const after = (size: number) => lists(live(journey, [event('go'), event('order', 1, { size })]))
    expect([after(9), after(2), after(1)]).toEqual([['Big'], ['Small'], []])
    expect(textsOf(live(journey, [event('go'), event('order', 1, { size: 9 })]), 'went')).toEqual([
      'Big, because the event’s size is 9, over 5',
    ])
  })

  test('hears what the outside says of its own message, and no other passage’s', () => {
    const journey = journeyOf(
      {
        mail: mail('click'),
        click: waitFor(
          { 'email.clicked': { target: 'keen', guard: guard({ message: 'mail', was: 'clicked' }) } },
          { P9D: 'end' },
        ),
        keen: points(10, 'end'),
        end: END,
      },
      { meta: { reentry: { policy: 'parallel' } } },
    )
    const so = live(journey, [
      event('go'),
      event('go', 1),
      verdict('test', 'mail', 'clicked', 2),
      verdict('test', 'mail', 'clicked', 3),
    ])
    expect(passagesOf(so)).toEqual(['click', 'finished'])
    expect(scoreOf(so)).toBe(10)
  })
})

describe('an e-mail that waits for its result', () => {
  const journey = journeyOf(
    {
      mail: mailWithResult('arrived', 'failed', 'silence'),
      arrived: list('Arrived', 'end'),
      failed: list('Failed', 'end'),
      silence: list('Silence', 'end'),
      end: END,
    },
    { meta: { reentry: { policy: 'parallel' } } },
  )

  test('goes on when it was sent', () => {
    expect(lists(live(journey, [event('go')]))).toEqual(['Arrived'])
  })

  test('goes on when it must not be sent, with the reason in words a mail could give', () => {
    const so = live(journey, [event('go')], { contact: ada({ email: null }) })
    expect(lists(so)).toEqual(['Failed'])
    expect(so.messages).toMatchObject([{ skipped: 'no_address' }])
  })

  test('goes on when nobody tells', () => {
    // A message of a late event has no verdict; here its own failure is told at once.
    expect(lists(live(journey, [lateEvent('go', 0, -99)]))).toEqual(['Failed'])
  })

  const waiting = journeyOf(
    {
      mail: mail('again'),
      again: mailWithResult('arrived', 'failed', 'silence'),
      arrived: END,
      failed: END,
      silence: END,
    },
    { meta: { reentry: { policy: 'parallel' } } },
  )
  test.each(['failed', 'uncertain', 'bounced', 'skipped'] as const)(
    'fails when the verdict is %s',
    (what) => {
      const stuck = journeyOf({
        pause: waitFor({ tick: 'mail' }),
        mail: mailWithResult('arrived', 'failed', 'silence'),
        arrived: list('Arrived', 'end'),
        failed: list('Failed', 'end'),
        silence: END,
        end: END,
      })
      const so = live(stuck, [event('go'), event('tick', 1)], {})
      expect(lists(so)).toEqual(['Arrived'])
      // Given by hand before anything else was said: the same step, without the simulator's own answer.
      const entries = so.entries.slice(0, 2)
      const message = {
        message: '1.1/mail/1',
        enrollment: '1.1',
        journey: 'test',
        step: 'mail',
        visit: 1,
        verdict: what,
      } as const
      const told = [...entries, { ...entry('message', 2, message), seq: 9 }] as typeof entries
      expect(afterFolding(stuck, told)).toEqual(['Failed'])
      expect(
        afterFolding(
          stuck,
          told.map((one) => (one.kind === 'message' ? { ...one, visit: 2 } : one)),
        ),
      ).toEqual([])
      expect(
        afterFolding(
          stuck,
          told.map((one) => (one.kind === 'message' ? { ...one, step: 'other' } : one)),
        ),
      ).toEqual([])
      expect(
        afterFolding(
          stuck,
          told.map((one) => (one.kind === 'message' ? { ...one, enrollment: '7.7' } : one)),
        ),
      ).toEqual([])
    },
  )

  test('is not moved by the result of another step of the same passage', () => {
    expect(passagesOf(live(waiting, [event('go'), verdict('test', 'mail', 'bounced', 1)]))).toEqual([
      'finished',
    ])
  })

  test('gives up at its time-out when no result comes', () => {
    const so = live(journey, [event('go')])
    const due = so.entries.slice(0, 1)
    const wake = { ...entry('wake', 72, { enrollment: '1.1' }), seq: 2 } as (typeof due)[number]
    expect(afterFolding(journey, [...due, wake])).toEqual(['Silence'])
  })
})

function afterFolding(journey: Journey, entries: ReturnType<typeof live>['entries']) {
  return foldAll(ada(), entries, published(journey)).contact.lists
}

describe('late events', () => {
  const journey = journeyOf(
    { add: points(5, 'mail'), mail: mail('list'), list: list('Listed', 'end'), end: END },
    { meta: { reentry: { policy: 'parallel' } } },
  )

  test('score and send nothing, and the journey goes on', () => {
    const so = live(journey, [lateEvent('go', 48, 0)])
    expect([scoreOf(so), lists(so), passagesOf(so)]).toEqual([5, ['Listed'], ['finished']])
    expect(so.messages).toMatchObject([{ step: 'mail', skipped: 'late' }])
    expect(textsOf(so, 'notSent')).toEqual(['Not sent: the event is from 4 May 2026'])
  })

  test('stand in the history at the time they happened', () => {
    const so = live(journey, [lateEvent('go', 48, 0)])
    expect(so.history.ledger[0]).toMatchObject({ at: START + 48 * HOUR, occurredAt: START })
  })

  test('send nothing by the journeys they set off either', () => {
    const follow = journeyOf(
      { mail: mail('end'), end: END },
      { id: 'follow', on: { 'list.joined': triggerTo('mail') } },
    )
    expect(
      live(published(journey, follow), [lateEvent('go', 48, 0)]).messages.map(({ skipped }) => skipped),
    ).toEqual(['late', 'late'])
  })

  test('stay silent to the end of what they began, a wait later too', () => {
    const waits = journeyOf({ pause: wait('P1D', 'mail'), mail: mail('end'), end: END })
    const past = { ...lateEvent('go', 48, 0), past: true as const }
    const so = live(waits, [past], { until: 99 })
    expect(so.messages).toMatchObject([{ skipped: 'late' }])
    expect(textsOf(so, 'notSent')).toEqual(['Not sent: the event is from 4 May 2026'])
  })
})
