/** Who may enter again, and when: four policies, by key, with a cooldown and a maximum. */
import { describe, expect, test } from 'vitest'
import { catalogueOf } from '../../engine/index.ts'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Reentry } from '../../engine/journey.ts'
import type { Contact } from '../../engine/contact.ts'
import {
  ada,
  END,
  entry,
  event,
  lateEvent,
  list,
  linesOf,
  live,
  mail,
  passages,
  passagesOf,
  points,
  published,
  startJourney,
  textsOf,
  wait,
  waitFor,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

/** Adds a point and waits ten hours. */
function staying(reentry: Reentry) {
  return journeyOf({ add: points(1, 'pause'), pause: wait('PT10H', 'end'), end: END }, { meta: { reentry } })
}

/** Adds a point and is over. */
function passing(reentry: Reentry) {
  return journeyOf({ add: points(1, 'end'), end: END }, { meta: { reentry } })
}

const at = (...hours: readonly number[]) => hours.map((hour) => event('go', hour))
const order = (hour: number, order: string | number | null) => event('go', hour, { order })

describe('five repeats', () => {
  test.each([
    ['once', 1],
    ['afterExit', 5],
    ['restart', 5],
    ['parallel', 5],
  ] as const)('of a journey that ends at once score under "%s" %d times', (policy, times) => {
    expect(linesOf(live(passing({ policy }), at(0, 1, 2, 3, 4)))).toHaveLength(times)
  })

  test.each([
    ['once', ['finished'], 'Not entered: has been here before, and this is once only'],
    ['afterExit', ['finished', 'pause'], 'Not entered: is already inside'],
    ['restart', ['restarted', 'finished', 'restarted', 'restarted', 'pause'], undefined],
    ['parallel', ['finished', 'finished', 'pause', 'pause', 'pause'], undefined],
  ] as const)('of one that waits give under "%s" the passages %j', (policy, expected, said) => {
    const so = live(staying({ policy }), at(0, 1, 11, 12, 13))
    expect(passagesOf(so)).toEqual(expected)
    if (said) expect(textsOf(so, 'notEntered')).toContain(said)
  })

  test('side by side and at the same moment are five passages with ids of their own', () => {
    const so = live(staying({ policy: 'parallel' }), at(0, 0, 0, 0, 0))
    expect(so.history.enrollments.map(({ id }) => id)).toEqual(['1.1', '2.1', '3.1', '4.1', '5.1'])
  })
})

test('two hundred events of one contact give the exact sum', () => {
  const journey = journeyOf(
    { add: points(0.1, 'end'), end: END },
    { meta: { reentry: { policy: 'parallel' } } },
  )
  const so = live(journey, at(...Array.from({ length: 200 }, () => 0)))
  expect(so.history.contact.scores).toEqual({ SCORE: 2000 })
})

describe('what a journey says nothing about', () => {
  test('counts every action where it neither waits nor sends (R108)', () => {
    expect(passagesOf(live(journeyOf({ add: points(1, 'end'), end: END }), at(0, 0)))).toHaveLength(2)
  })
  test.each([
    ['waits', wait('P1D', 'end')],
    ['sends', mail('end')],
  ])('lets in once where it %s', (_, step) => {
    expect(passagesOf(live(journeyOf({ step, end: END }), at(0, 72)))).toHaveLength(1)
  })
})

describe('with a key', () => {
  test.each([
    ['once', ['A', 'B']],
    ['afterExit', ['A', 'B', 'A']],
    ['restart', ['A', 'B', 'A', 'A']],
    ['parallel', ['A', 'B', 'A']],
  ] as const)('"%s" counts for each order by itself', (policy, keys) => {
    const events = [order(0, 'A'), order(1, 'B'), order(2, 'A'), order(12, 'A')]
    const so = live(staying({ policy, key: 'order' }), events)
    expect(passages(so.history).map(({ key }) => key)).toEqual(keys)
  })

  test('a restart ends only the passage of that order', () => {
    const so = live(staying({ policy: 'restart', key: 'order' }), [
      order(0, 'A'),
      order(1, 'B'),
      order(2, 'A'),
    ])
    expect(passagesOf(so)).toEqual(['restarted', 'pause', 'pause'])
  })

  test.each([null, ''])('an event whose order is %j does not enter', (missing) => {
    const so = live(staying({ policy: 'parallel', key: 'order' }), [order(0, missing), event('go', 1)])
    expect(passagesOf(so)).toEqual([])
    expect(textsOf(so, 'notEntered')).toEqual([
      'Not entered: the event has no order',
      'Not entered: the event has no order',
    ])
  })

  test('a number and its text are the same order', () => {
    expect(passagesOf(live(staying({ policy: 'once', key: 'order' }), [order(0, 7), order(1, '7')]))).toEqual(
      ['pause'],
    )
  })

  test('max and cooldown count for each order', () => {
    const max = live(passing({ policy: 'parallel', key: 'order', max: 1 }), [
      order(0, 'A'),
      order(0, 'B'),
      order(0, 'A'),
    ])
    expect(passagesOf(max)).toHaveLength(2)
    const cooldown = live(passing({ policy: 'parallel', key: 'order', cooldown: 'PT1H' }), [
      order(0, 'A'),
      order(0.5, 'B'),
      order(0.5, 'A'),
      order(1, 'A'),
    ])
    expect(passages(cooldown.history).map(({ key }) => key)).toEqual(['A', 'B', 'A'])
  })
})

describe('a cooldown', () => {
  test.each(['afterExit', 'restart', 'parallel'] as const)(
    'under "%s" keeps out for its time and lets in exactly when it is over',
    (policy) => {
      const so = live(passing({ policy, cooldown: 'PT1H' }), at(0, 0.999, 1, 1.5, 2))
      expect(passages(so.history).map(({ seq }) => seq)).toEqual([1, 3, 5])
      expect(textsOf(so, 'notEntered')[0]).toBe('Not entered: the last time was less than 1 hour ago')
    },
  )

  test('keeps a restart out before it ends anything', () => {
    expect(passagesOf(live(staying({ policy: 'restart', cooldown: 'PT1H' }), at(0, 0.5)))).toEqual(['pause'])
  })

  test('goes by when things happened: an event of last week that comes late is not kept out by today’s', () => {
    const journey = passing({ policy: 'parallel', cooldown: 'P1D' })
    const so = live(journey, [event('go', 0), lateEvent('go', 1, -200), lateEvent('go', 2, -190)])
    expect(passages(so.history).map(({ seq }) => seq)).toEqual([1, 2])
  })
})

test('max counts the entries ever, those of the same event too', () => {
  const so = live(passing({ policy: 'parallel', max: 2 }), at(0, 100, 200))
  expect(passagesOf(so)).toHaveLength(2)
  expect(textsOf(so, 'notEntered')).toEqual(['Not entered: has been here 2 times, and 2 are allowed'])

  const twice = journeyOf(
    { one: startJourney('test', 'two'), two: startJourney('test', 'end'), end: END },
    { id: 'twice' },
  )
  const test = journeyOf(
    { add: points(1, 'end'), end: END },
    {
      on: { 'journey.requested': triggerTo('add') },
      meta: { reentry: { policy: 'parallel', cooldown: 'P1D' } },
    },
  )
  expect(passagesOf(live(published(twice, test), [event('go')]))).toEqual(['finished'])
  const max = { ...test, meta: { ...test.meta, reentry: { policy: 'parallel', max: 1 } } } as const
  expect(passagesOf(live(published(twice, max), [event('go')]))).toEqual(['finished'])
})

describe('a restart', () => {
  const nurture = journeyOf(
    { add: points(1, 'pause'), pause: wait('P2D', 'late'), late: list('Reminded', 'end'), end: END },
    { meta: { reentry: { policy: 'restart' } } },
  )

  test('ends the passage inside and drops its waits', () => {
    const so = live(nurture, at(0, 24), { until: 71 })
    expect(passagesOf(so)).toEqual(['restarted', 'pause'])
    expect(passages(so.history)[0]).toMatchObject({
      due: null,
      ended: { reason: 'Started over from the top' },
    })
    expect(so.history.contact.lists).toEqual([])
    expect(live(nurture, at(0, 24), { until: 72 }).history.contact.lists).toEqual(['Reminded'])
  })

  test('ignores the alarm of the old wait, should it still ring', () => {
    const so = live(nurture, [...at(0, 24), entry('wake', 48, { enrollment: '1.1' })], { until: 50 })
    expect(passagesOf(so)).toEqual(['restarted', 'pause'])
  })

  test('lets "since entering" start afresh', () => {
    const when: Condition = { count: { event: 'visit', since: 'entering' }, operator: '>=', value: 1 }
    const journey = journeyOf(
      {
        pause: wait('P1D', 'look'),
        look: {
          meta: { kind: 'condition' },
          always: [{ target: 'seen', guard: { type: 'holds', params: { when } } }, 'unseen'],
        },
        seen: list('Seen', 'end'),
        unseen: list('Unseen', 'end'),
        end: END,
      },
      { meta: { reentry: { policy: 'restart' } } },
    )
    const lists = (...hours: readonly number[]) =>
      live(journey, [event('go', 0), ...hours.map((hour) => event('visit', hour)), event('go', 3)], {
        until: 99,
      }).history.contact.lists
    expect(lists(1)).toEqual(['Unseen'])
    const after = live(journey, [event('go', 0), event('go', 3), event('visit', 4)], { until: 99 })
    expect(after.history.contact.lists).toEqual(['Seen'])
  })
})

describe('a passage that waits for the event that also triggers its journey', () => {
  const waiting = (policy: Reentry['policy'], more: Partial<Reentry> = {}) =>
    journeyOf(
      {
        add: points(1, 'again'),
        again: waitFor({ go: 'more' }, { P9D: 'end' }),
        more: points(10, 'end'),
        end: END,
      },
      { meta: { reentry: { policy, ...more } } },
    )

  test.each(['once', 'afterExit', 'restart', 'parallel'] as const)(
    'goes on under "%s", and no second passage begins',
    (policy) => {
      const so = live(waiting(policy), at(0, 1))
      expect(linesOf(so)).toEqual([1, 10])
      expect(passagesOf(so)).toEqual(['finished'])
    },
  )

  test('leaves the next event to the policy', () => {
    expect(linesOf(live(waiting('parallel'), at(0, 1, 2)))).toEqual([1, 10, 1])
  })

  test('says why nobody entered', () => {
    expect(textsOf(live(waiting('parallel'), at(0, 1)), 'notEntered')).toEqual([
      'Not entered: the passage inside was waiting for this and went on',
    ])
  })

  test('counts for its own key only', () => {
    const so = live(waiting('parallel', { key: 'order' }), [order(0, 'A'), order(1, 'B')])
    // Any order is what A waits for: B’s event moves it and, being another key, begins B as well.
    expect(passages(so.history).map(({ key, step }) => [key, step])).toEqual([
      ['A', 'end'],
      ['B', 'again'],
    ])
    expect(linesOf(so)).toEqual([1, 10, 1])
  })

  test('waits for something else while its condition does not hold: the policy decides', () => {
    const journey = journeyOf(
      {
        again: waitFor(
          {
            go: [
              {
                target: 'end',
                guard: { type: 'holds', params: { when: { event: 'x', operator: '=', value: 1 } } },
              },
            ] as never,
          },
          { P9D: 'end' },
        ),
        end: END,
      },
      { meta: { reentry: { policy: 'restart' } } },
    )
    expect(passagesOf(live(journey, at(0, 1)))).toEqual(['restarted', 'again'])
  })
})

describe('a passage does not hear the event that started it', () => {
  test('it waits for the next one', () => {
    const journey = journeyOf({ again: waitFor({ go: 'end' }, { P9D: 'end' }), end: END })
    expect(passagesOf(live(journey, at(0)))).toEqual(['again'])
    expect(passagesOf(live(journey, at(0, 1)))).toEqual(['finished'])
  })
})

describe('triggers', () => {
  const when = (value: string): Condition => ({ event: 'plan', operator: '=', value })
  const several = journeyOf(
    { a: points(1, 'end'), b: points(2, 'end'), c: points(3, 'end'), end: END },
    {
      on: {
        go: [triggerTo('a', when('gold')), triggerTo('b', when('silver')), triggerTo('c', when('gold'))],
        come: triggerTo('c'),
      },
    },
  )
  test.each([
    ['gold', [1]],
    ['silver', [2]],
    ['tin', []],
  ])('let in by the first whose condition holds, once per event: %s', (plan, expected) => {
    expect(linesOf(live(several, [event('go', 0, { plan })]))).toEqual(expected)
  })

  test('each have their own first step', () => {
    expect(linesOf(live(several, [event('come')]))).toEqual([3])
  })

  test('say why none of them let in', () => {
    expect(textsOf(live(several, [event('go', 0, { plan: 'tin' })]), 'notEntered')).toEqual([
      'Not entered: the event’s plan is “tin”, not “gold”; the event’s plan is “tin”, not “silver”; the event’s plan is “tin”, not “gold”',
    ])
  })

  test('say by which of them, and why, somebody came in', () => {
    const labelled = { ...triggerTo('a', when('gold')), meta: { label: 'Buys gold' } }
    const journey = journeyOf({ a: points(1, 'end'), end: END }, { on: { go: labelled } })
    expect(textsOf(live(journey, [event('go', 0, { plan: 'gold' })]), 'entered')).toEqual([
      'Entered (Buys gold), because the event’s plan is “gold”',
    ])
    expect(textsOf(live(several, [event('come')]), 'entered')).toEqual(['Entered'])
  })

  test('mean the change: who is at 85 already does not cross 80', () => {
    const crossing = journeyOf(
      { hot: list('Hot', 'end'), end: END },
      { id: 'hot', on: { 'score.changed': triggerTo('hot', { crossed: 80, direction: 'up' }) } },
    )
    const adds = journeyOf({ add: points(5, 'end'), end: END })
    const from = (score: number) =>
      live(published(crossing, adds), [event('go')], { contact: ada({ scores: { SCORE: score * 100 } }) })
        .history.contact.lists
    expect(from(85)).toEqual([])
    expect(from(75)).toEqual(['Hot'])
    expect(from(74.99)).toEqual([])
  })
})

describe('not entered', () => {
  const meant = (meta: object, contact: Partial<Contact>) => {
    const journey = journeyOf({ add: points(1, 'end'), end: END }, { meta })
    return textsOf(live(journey, [event('go')], { contact: ada(contact) }), 'notEntered')
  }
  const customer = { field: 'stage', operator: '=', value: 'acquisition' } as const
  const poor = { field: 'SCORE', operator: '<', value: 5 } as const

  test('who is not the audience, with the reason', () => {
    expect(meant({ audience: customer }, {})).toEqual([
      'Not entered: is not meant for this contact: Stage is empty',
    ])
    expect(meant({ audience: customer }, { stage: 'acquisition' })).toEqual([])
  })

  test('who has reached the goal or would leave at once; exits are looked at first', () => {
    const both = { goal: { when: customer }, exits: [{ when: poor }] }
    expect(meant(both, { stage: 'acquisition', scores: { SCORE: 900 } })).toEqual([
      'Not entered: has already reached the goal: Stage is “acquisition”',
    ])
    expect(meant(both, { stage: 'acquisition' })).toEqual([
      'Not entered: would leave at once: Score is 0, under 5',
    ])
    expect(meant(both, { scores: { SCORE: 900 } })).toEqual([])
  })

  test('names no passage and no step, as there is none', () => {
    const journey = journeyOf({ add: points(1, 'end'), end: END }, { meta: { audience: customer } })
    expect(live(journey, [event('go')]).trace).toMatchObject([
      { journey: 'test', enrollment: null, step: null, what: 'notEntered' },
    ])
  })
})

describe('the catalogue', () => {
  const first = journeyOf({ add: points(1, 'end'), end: END })
  const second = journeyOf({ add: points(2, 'end'), end: END })
  const other = journeyOf(
    { set: points(3, 'end'), end: END },
    { id: 'a-first', on: { come: triggerTo('set') } },
  )

  test('lets in on the open version only', () => {
    const catalogue = catalogueOf([
      { journey: first, version: 1, open: false },
      { journey: second, version: 2, open: true },
    ])
    expect(linesOf(live(catalogue, at(0)))).toEqual([2])
    expect(passages(live(catalogue, at(0)).history)[0]?.version).toBe(2)
  })

  test('knows who listens, by journey id, so that all others cost nothing', () => {
    const catalogue = published(
      first,
      other,
      journeyOf({ end: END }, { id: 'zz', on: { come: triggerTo('end') } }),
    )
    const ids = (name: string) => catalogue.listeners.get(name)?.map(({ id }) => id)
    expect(ids('come')).toEqual(['a-first', 'zz'])
    expect(ids('go')).toEqual(['test'])
    expect(ids('other')).toBeUndefined()
  })

  test('builds at a publication only what is new', () => {
    const before = catalogueOf([{ journey: first, version: 1, open: true }])
    const after = catalogueOf(
      [
        { journey: first, version: 1, open: false },
        { journey: second, version: 2, open: true },
      ],
      before,
    )
    expect(after.machines.get('1@test')).toBe(before.machines.get('1@test'))
    expect(after.machines.size).toBe(2)
  })

  test('does not step a passage whose version it was not given', () => {
    const so = live(staying({ policy: 'once' }), at(0))
    const [passage] = so.history.enrollments
    const events = [entry('merge', 1, { from: ada({ id: 'b' }), enrollments: [passage!] })]
    expect(live(published(other), events).failed).toEqual([
      { seq: 1, detail: expect.stringContaining('journey "test" version 1 is not in the catalogue') },
    ])
  })
})
