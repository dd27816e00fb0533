/** What a condition means to a marketer, and the words in which its answer is given. */
import { describe, expect, test } from 'vitest'
import { explain, holds, readsOf } from '../../engine/conditions.ts'
import { because, becauseAll, inWords } from '../../engine/conditionWords.ts'
import type { Enrollment, Json } from '../../engine/contact.ts'
import { OPERATORS, type Condition, type Operator } from '../../engine/dialect/conditions.ts'
import type { View } from '../../engine/facts.ts'
import {
  ada,
  DAY,
  END,
  event,
  HOUR,
  list,
  live,
  passagesOf,
  points,
  START,
  textsOf,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

/** A view of Ada in the middle of a day, with nothing loaded and nothing happened but the event at hand. */
function view(more: Partial<View> = {}): View {
  return {
    contact: ada(),
    enrollment: null,
    event: { name: 'go', properties: {} },
    now: START,
    occurredAt: START,
    happenedAt: START,
    zone: 'UTC',
    segments: new Map(),
    loaded: () => undefined,
    seq: 9,
    happened: [],
    ledger: [],
    begun: [],
    ...more,
  }
}

function having(value: Json | undefined): View {
  return view({ event: { name: 'go', properties: value === undefined ? {} : { x: value } } })
}

function asks(operator: Operator, value?: unknown): Condition {
  return { event: 'x', operator, ...(value !== undefined && { value }) } as Condition
}

describe('a comparison', () => {
  const table: readonly (readonly [Operator, unknown, readonly Json[], readonly Json[]])[] = [
    ['=', 5, [5], ['5', 4, true, [5]]],
    ['=', 'red', ['red'], ['Red', 'redder', ['red']]],
    ['=', true, [true], [false, 'true', 1]],
    ['!=', 5, [4, '5', false], [5]],
    ['>', 5, [5.01, 6], [5, 4, '6', true, ['6']]],
    ['>=', 5, [5, 6], [4.99, '5']],
    ['<', 5, [4.99, -1], [5, '4']],
    ['<=', 5, [5, 4], [5.01, '5']],
    ['in', ['a', 2], ['a', 2], ['b', '2', ['a']]],
    ['not in', ['a', 2], ['b', '2'], ['a', 2]],
    ['contains', 'an', ['banana', ['an', 'x']], ['bonobo', ['banana'], 5]],
    ['not contains', 'an', ['bonobo', 5, ['banana']], ['banana', ['an']]],
    ['starts with', 'ba', ['banana'], ['abba', 5, ['ba']]],
    ['ends with', 'na', ['banana'], ['nab', 5, ['na']]],
    ['is empty', undefined, ['', []], [0, false, 'x', ['']]],
    ['is not empty', undefined, [0, false, 'x', ['']], ['', []]],
    ['before', '2026-05-04', ['2026-05-03', '2026-05-03T23:59:59Z'], ['2026-05-04', 'soon', 5]],
    ['after', '2026-05-04', ['2026-05-05', '2026-05-04T00:00:01Z'], ['2026-05-04', 'soon', true]],
    ['before', 'P1D', ['2026-05-03T11:59:59Z'], ['2026-05-03T12:00:00Z', '2026-05-04']],
    ['after', 'PT12H', ['2026-05-04T00:00:01Z', '2027-01-01'], ['2026-05-04T00:00:00Z']],
  ]

  test('is tested for every operator', () => {
    expect(new Set(table.map(([operator]) => operator))).toEqual(new Set(OPERATORS))
  })

  describe.each(table)('%s %j', (operator, value, holding, failing) => {
    test.each(holding)('holds for %j', (got) => {
      expect(holds(asks(operator, value), having(got))).toBe(true)
    })
    test.each(failing)('does not hold for %j', (got) => {
      expect(holds(asks(operator, value), having(got))).toBe(false)
    })
    test.each([undefined, null] as const)('holds for %j only as "is empty" and under "not"', (got) => {
      const condition = asks(operator, value)
      expect(holds(condition, having(got))).toBe(operator === 'is empty')
      expect(holds({ not: condition }, having(got))).toBe(operator !== 'is empty')
    })
  })

  test('of a property whose name belongs to the language sees only what was sent', () => {
    expect(holds({ event: 'constructor', operator: 'is empty' }, having(1))).toBe(true)
    expect(holds({ field: 'company.INDUSTRY', operator: 'is empty' }, view())).toBe(true)
  })

  test('with a calendar day goes by the contact’s zone', () => {
    const clockChange = Date.UTC(2026, 2, 29, 12)
    const berlin = view({ now: clockChange, zone: 'Europe/Berlin' })
    const yesterday = { ...berlin, event: { name: 'go', properties: { x: '2026-03-28T12:30:00Z' } } }
    expect(holds(asks('after', 'P1D'), { ...yesterday, zone: 'UTC' })).toBe(true)
    expect(holds(asks('before', 'P1D'), yesterday)).toBe(true)
  })
})

describe('a field', () => {
  const contact = ada({
    attributes: { COUNTRY: 'DE', AGE: 30 },
    scores: { SCORE: 4950, FIT: 0 },
    stage: 'engagement',
    company: { id: 'c', attributes: { INDUSTRY: 'Lamps' } },
    lists: ['Newsletter'],
  })
  test.each<readonly [Condition, boolean]>([
    [{ field: 'SCORE', operator: '=', value: 49.5 }, true],
    [{ field: 'FIT', operator: '=', value: 0 }, true],
    [{ field: 'AGE', operator: '>=', value: 30 }, true],
    [{ field: 'COUNTRY', operator: 'in', value: ['DE', 'AT'] }, true],
    [{ field: 'LASTNAME', operator: 'is empty' }, true],
    [{ field: 'EMAIL', operator: 'ends with', value: '.de' }, true],
    [{ field: 'stage', operator: '=', value: 'engagement' }, true],
    [{ field: 'consent.email', operator: '=', value: 'subscribed' }, true],
    [{ field: 'consent.sms', operator: '=', value: 'unsubscribed' }, false],
    [{ field: 'consent.profiling', operator: '!=', value: 'unknown' }, true],
    [{ field: 'company.INDUSTRY', operator: '=', value: 'Lamps' }, true],
    [{ list: 'Newsletter' }, true],
    [{ list: 'Warm leads' }, false],
    [{ everybody: true }, true],
  ])('%j is %j', (condition, expected) => {
    expect(holds(condition, view({ contact }))).toBe(expected)
  })

  test.each(['stage', 'EMAIL'])('%s that is not set is empty', (field) => {
    expect(holds({ field, operator: 'is empty' }, view({ contact: ada({ email: null }) }))).toBe(true)
  })

  test('a new contact’s score is 0 and not missing (R105)', () => {
    expect(holds({ field: 'SCORE', operator: '<', value: 20 }, view())).toBe(true)
  })
})

describe('all, any and not', () => {
  const yes: Condition = { everybody: true }
  const no: Condition = { not: yes }
  test.each<readonly [Condition, boolean]>([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: { any: [no, no] } }, true],
    [{ all: [{ any: [no, yes] }, { not: no }] }, true],
  ])('%j is %j', (condition, expected) => {
    expect(holds(condition, view())).toBe(expected)
  })
})

describe('a crossed score', () => {
  const crossing = (before: number, after: number, attribute = 'SCORE') =>
    view({ event: { name: 'score.changed', properties: { attribute, before, after, by: after - before } } })
  test.each([
    [75, 80, true, false],
    [79.99, 80, true, false],
    [80, 85, false, false],
    [75, 79.99, false, false],
    [80, 79.99, false, true],
    [85, 80, false, false],
    [79, 70, false, false],
    [0, 100, true, false],
    [100, 0, false, true],
  ])('from %j to %j rises to 80: %j, falls below it: %j', (before, after, up, down) => {
    expect(holds({ crossed: 80, direction: 'up' }, crossing(before, after))).toBe(up)
    expect(holds({ crossed: 80, direction: 'down' }, crossing(before, after))).toBe(down)
  })

  test('is told by its own attribute and by no other event', () => {
    expect(holds({ crossed: 5, direction: 'up', attribute: 'FIT' }, crossing(0, 9))).toBe(false)
    expect(holds({ crossed: 5, direction: 'up', attribute: 'FIT' }, crossing(0, 9, 'FIT'))).toBe(true)
    const renamed = { ...crossing(0, 9), event: { ...crossing(0, 9).event, name: 'mine' } }
    expect(holds({ crossed: 5, direction: 'up' }, renamed)).toBe(false)
  })
})

describe('a count', () => {
  const visits = (value: number, more: object = {}): Condition => ({
    count: { event: 'visit', ...more },
    operator: '>=',
    value,
  })
  const once = (condition: Condition, events: Parameters<typeof live>[1]) =>
    passagesOf(live(journeyOf({ end: END }, { on: { visit: triggerTo('end', condition) } }), events)).length

  test('counts the very event that asks: the third visit is the third', () => {
    expect(once(visits(3), [event('visit', 0), event('visit', 1)])).toBe(0)
    expect(once(visits(3), [event('visit', 0), event('visit', 1), event('visit', 2)])).toBe(1)
  })

  test.each([
    [23.999, 1],
    [24, 0],
  ])('within a day sees one that is %j hours old %j times', (hours, expected) => {
    expect(once(visits(2, { within: 'PT24H' }), [event('visit', 0), event('visit', hours)])).toBe(expected)
  })

  test('sees only events whose properties match', () => {
    const where = { event: 'path', operator: '=', value: '/pricing' }
    const pricing = { path: '/pricing' }
    const events = [event('visit', 0, pricing), event('visit', 1, { path: '/' }), event('visit', 2)]
    expect(once(visits(2, { where }), events)).toBe(0)
    expect(once(visits(2, { where }), [...events, event('visit', 3, pricing)])).toBe(1)
  })

  test('does not see what occurred after a late event', () => {
    const late = event('visit', 5, {}, { occurredAt: START, late: true })
    expect(once(visits(2), [event('visit', 4), late])).toBe(0)
  })

  test('since entering sees neither the event that let in nor what was before', () => {
    const since: Condition = visits(1, { since: 'entering' })
    const branches = {
      meta: { kind: 'condition' as const },
      always: [{ target: 'seen', guard: { type: 'holds' as const, params: { when: since } } }, 'unseen'],
    }
    const journey = journeyOf(
      { pause: { meta: { kind: 'wait' }, after: { P1D: 'look' } }, look: branches, seen: END, unseen: END },
      { on: { visit: triggerTo('pause') }, meta: { reentry: { policy: 'parallel', key: 'order' } } },
    )
    const steps = (events: Parameters<typeof live>[1]) =>
      live(journey, events, { until: 100 }).history.enrollments.map(({ step }) => step)
    const order = { order: '1' }
    expect(steps([event('visit', 0), event('visit', 1, order)])).toEqual(['unseen'])
    expect(steps([event('visit', 0, order), event('visit', 1)])).toEqual(['seen'])
    const atOnce = journeyOf({ look: branches, seen: END, unseen: END }, { on: { visit: triggerTo('look') } })
    expect(live(atOnce, [event('visit')]).history.enrollments.map(({ step }) => step)).toEqual(['unseen'])
  })

  test('asks for what it needs, and answers no until it is there', () => {
    const asked: unknown[] = []
    const loaded = (fact: object) => void asked.push(fact)
    const enrollment = { seq: 4 } as Enrollment
    const missing = view({ loaded: loaded, enrollment })
    expect(holds(visits(0, { since: 'entering' }), missing)).toBe(false)
    expect(holds(visits(0, { within: 'P1D' }), missing)).toBe(false)
    expect(asked).toEqual([
      { type: 'count', event: 'visit', where: null, after: null, until: START, sinceSeq: 4 },
      { type: 'count', event: 'visit', where: null, after: START - DAY, until: START, sinceSeq: null },
    ])
  })
})

describe('clicked of the last e-mails', () => {
  const email = (message: string, clicked: boolean) => ({ message, sentAt: START - HOUR, clicked })
  const loaded = (...emails: readonly ReturnType<typeof email>[]) => (() => emails) as View['loaded']
  const three: Condition = { clicked: 3, ofLast: 3 }

  test('holds when each was clicked (R101)', () => {
    const emails = loaded(email('c', true), email('b', true), email('a', true))
    expect(holds(three, view({ loaded: emails }))).toBe(true)
  })
  test('does not hold when fewer were sent, though all of them were clicked', () => {
    expect(holds(three, view({ loaded: loaded(email('b', true), email('a', true)) }))).toBe(false)
  })
  test('counts the click at hand', () => {
    const emails = loaded(email('c', false), email('b', true), email('a', true))
    const click = { name: 'email.clicked', properties: { message: 'c' } }
    expect(holds(three, view({ loaded: emails, happened: [click] }))).toBe(true)
  })
  test('a mail that goes out now is the newest', () => {
    const emails = loaded(email('c', true), email('b', true), email('a', true))
    const sent = { name: 'email.sent', properties: { message: 'd' } }
    expect(holds(three, view({ loaded: emails, happened: [sent] }))).toBe(false)
    expect(holds({ clicked: 2, ofLast: 3 }, view({ loaded: emails, happened: [sent] }))).toBe(true)
  })
  test('is no while the mails are not loaded', () => {
    expect(holds({ clicked: 1, ofLast: 1 }, view())).toBe(false)
  })
})

test('a message is one of this passage, and what became of it', () => {
  const messages = { mail: { id: '1.1/mail/1', was: ['sent', 'clicked'] } }
  const enrollment = { messages } as unknown as Enrollment
  const was = (message: string, fact: string) =>
    holds({ message, was: fact } as Condition, view({ enrollment }))
  expect(was('mail', 'clicked')).toBe(true)
  expect(was('mail', 'opened')).toBe(false)
  expect(was('other', 'sent')).toBe(false)
  expect(holds({ message: 'mail', was: 'sent' }, view())).toBe(false)
})

test('what a condition depends on is known beforehand', () => {
  const condition: Condition = {
    all: [
      { field: 'SCORE', operator: '>', value: 1 },
      { any: [{ field: 'company.SIZE', operator: '>', value: 1 }, { list: 'A' }] },
      { not: { event: 'x', operator: 'is empty' } },
      { crossed: 1, direction: 'up' },
      { count: { event: 'visit' }, operator: '>', value: 1 },
      { clicked: 1, ofLast: 2 },
      { message: 'mail', was: 'sent' },
      { everybody: true },
    ],
  }
  expect(readsOf(condition)).toEqual([
    'field:SCORE',
    'field:company',
    'list:A',
    'event',
    'event',
    'count:visit',
    'emails',
    'message',
  ])
})

/** Counts as sentences: what is done has a verb of its own, all else happens. */
function countsInWords(): readonly (readonly [Condition, string])[] {
  const count = (of: object, operator: string, value: number) => ({ count: of, operator, value }) as Condition
  const month = { within: 'P30D' }
  const page = { event: 'page_viewed' }
  const pricing = { ...page, where: { event: 'path', operator: '=', value: '/pricing' } }
  const docs = { ...page, where: { event: 'path', operator: 'starts with', value: '/docs' } }
  const clicks = { event: 'email.clicked' }
  const quote = { event: 'quote_requested' }
  const silent = (nothing: object, sent: object, most = 3) => ({
    all: [count(nothing, '=', 0), count(sent, '>=', most)],
  })
  const sent = { event: 'email.sent', ...month }
  return [
    [count(page, '=', 1), 'Has viewed a page exactly 1 time'],
    [count({ ...pricing, ...month }, '>=', 5), 'Has viewed “/pricing” at least 5 times in the last 30 days'],
    [count(pricing, '=', 0), 'Has not viewed “/pricing”'],
    [count(docs, '<', 2), 'Has viewed a page where the event’s path starts with “/docs” fewer than 2 times'],
    [count(clicks, '>=', 1), 'Has clicked an e-mail'],
    [count({ ...clicks, ...month }, '=', 0), 'Has not clicked any e-mail in the last 30 days'],
    [{ not: count({ ...clicks, since: 'entering' }, '>', 0) }, 'Has not clicked any e-mail since entering'],
    [{ not: count(clicks, '=', 0) }, 'Has clicked an e-mail'],
    [{ not: count(clicks, '>=', 3) }, 'Has not clicked an e-mail at least 3 times'],
    [count(quote, '=', 0), '“quote requested” never happened'],
    [count(quote, '>', 0), '“quote requested” happened'],
    [{ not: count(quote, '>', 2) }, '“quote requested” did not happen more than 2 times'],
    [
      count({ ...quote, where: { event: 'seats', operator: '>', value: 9 }, ...month }, '>=', 2),
      '“quote requested” where the event’s seats is over 9 happened at least 2 times in the last 30 days',
    ],
    [
      silent({ ...clicks, ...month }, sent),
      'Has not clicked any e-mail in the last 30 days, though at least 3 were sent',
    ],
    [
      silent({ event: 'email.opened' }, { event: 'email.delivered' }, 1),
      'Has not opened any e-mail, though at least 1 was delivered',
    ],
    [
      { not: silent({ ...clicks, ...month }, sent) },
      'Has clicked an e-mail in the last 30 days or has not been sent an e-mail at least 3 times in the last 30 days',
    ],
    // Of different times, two different thoughts.
    [
      silent(clicks, sent),
      'Has not clicked any e-mail and has been sent an e-mail at least 3 times in the last 30 days',
    ],
  ]
}

describe('in words, a condition is', () => {
  const score = (operator: string, value: number): Condition =>
    ({ field: 'SCORE', operator, value }) as Condition
  test.each<readonly [Condition, string]>([
    [score('>', 80), 'Score is over 80'],
    [{ not: score('>=', 20) }, 'Score is not at least 20'],
    [{ not: { not: score('>=', 20) } }, 'Score is at least 20'],
    [{ event: 'path', operator: '=', value: '/pricing' }, 'The event’s path is “/pricing”'],
    [{ field: 'FIRSTNAME', operator: 'is empty' }, 'Firstname is empty'],
    [{ not: { field: 'FIRSTNAME', operator: 'is empty' } }, 'Firstname is not empty'],
    [{ field: 'COUNTRY', operator: 'in', value: ['DE', 'AT'] }, 'Country is one of “DE”, “AT”'],
    [{ field: 'VIP', operator: '=', value: true }, 'Vip is yes'],
    [{ field: 'VIP', operator: '!=', value: false }, 'Vip is not no'],
    [{ field: 'PLAN', operator: '=', value: 'P1Y' }, 'Plan is “P1Y”'],
    [{ field: 'RENEWAL_DATE', operator: 'before', value: '2026-05-03' }, 'Renewal date is before 3 May 2026'],
    [{ field: 'LAST_ORDER', operator: 'after', value: 'P30D' }, 'Last order is later than 30 days ago'],
    [
      { not: { field: 'LAST_ORDER', operator: 'before', value: 'P1D' } },
      'Last order is not earlier than 1 day ago',
    ],
    [{ field: 'consent.email', operator: '=', value: 'subscribed' }, 'E-mail consent is “subscribed”'],
    [{ field: 'consent.other', operator: '=', value: 'subscribed' }, 'Consent.other is “subscribed”'],
    [{ field: 'company.INDUSTRY', operator: 'starts with', value: 'L' }, 'Company industry starts with “L”'],
    [{ crossed: 80, direction: 'up' }, 'Score rises to 80'],
    [{ crossed: 20, direction: 'down', attribute: 'FIT' }, 'Fit falls below 20'],
    [{ not: { crossed: 80, direction: 'up' } }, 'Score does not rise to 80'],
    [{ not: { crossed: 80, direction: 'down' } }, 'Score does not fall below 80'],
    ...countsInWords(),
    [{ clicked: 3, ofLast: 3 }, 'Clicked 3 of the last 3 e-mails'],
    [{ not: { clicked: 3, ofLast: 3 } }, 'Did not click 3 of the last 3 e-mails'],
    [{ list: 'Warm leads' }, 'Is on “Warm leads”'],
    [{ not: { list: 'Warm leads' } }, 'Is not on “Warm leads”'],
    [{ message: 'mail', was: 'clicked' }, 'The message was clicked'],
    [{ not: { message: 'mail', was: 'clicked' } }, 'The message was not clicked'],
    [{ everybody: true }, 'Everybody'],
    [{ not: { everybody: true } }, 'Nobody'],
    [{ all: [score('>', 80), { list: 'A' }] }, 'Score is over 80 and is on “A”'],
    [{ any: [score('>', 80), { list: 'A' }] }, 'Score is over 80 or is on “A”'],
    [{ not: { all: [score('>', 80), { list: 'A' }] } }, 'Score is not over 80 or is not on “A”'],
    [{ not: { any: [score('>', 80), { list: 'A' }] } }, 'Score is not over 80 and is not on “A”'],
    [
      { all: [{ any: [score('>', 80), { list: 'A' }] }, { all: [{ list: 'B' }] }] },
      '(Score is over 80 or is on “A”) and is on “B”',
    ],
    [
      { any: [{ all: [score('>', 80), { list: 'A' }] }, { list: 'B' }] },
      '(Score is over 80 and is on “A”) or is on “B”',
    ],
  ])('%j: %s', (condition, words) => {
    expect(inWords(condition)).toBe(words)
  })
})

describe('the reason', () => {
  const lead = view({
    contact: ada({
      scores: { SCORE: 4000 },
      lists: ['Newsletter'],
      attributes: {
        COUNTRY: 'DE',
        VIP: true,
        TAGS: ['a', 'b'],
        RENEWAL_DATE: '2026-06-01',
        NAME: 'x'.repeat(99),
      },
      stage: 'acquisition',
    }),
    event: { name: 'page_viewed', properties: { path: '/' } },
    loaded: ((fact: { type: string }) =>
      fact.type === 'count'
        ? 2
        : [
            { message: 'a', sentAt: 0, clicked: true },
            { message: 'b', sentAt: 0, clicked: false },
          ]) as never,
  })
  const field = (name: string, operator: Operator, value?: unknown) =>
    ({ field: name, operator, ...(value !== undefined && { value }) }) as Condition
  test.each<readonly [Condition, string]>([
    [field('SCORE', '>', 80), 'Score is 40, not over 80'],
    [field('SCORE', '>', 20), 'Score is 40, over 20'],
    [field('SCORE', '=', 40), 'Score is 40'],
    [field('SCORE', '=', 41), 'Score is 40, not 41'],
    [field('SCORE', '!=', 41), 'Score is 40, not 41'],
    [field('SCORE', '!=', 40), 'Score is 40'],
    [field('COUNTRY', 'in', ['AT', 'CH']), 'Country is “DE”, none of “AT”, “CH”'],
    [field('COUNTRY', 'contains', 'D'), 'Country is “DE”, which contains “D”'],
    [field('COUNTRY', 'ends with', 'D'), 'Country is “DE”, which does not end with “D”'],
    [field('COUNTRY', 'is empty'), 'Country is “DE”, not empty'],
    [field('COUNTRY', 'is not empty'), 'Country is “DE”, not empty'],
    [field('LASTNAME', 'is empty'), 'Lastname is empty'],
    [field('LASTNAME', '=', 'x'), 'Lastname is empty'],
    [field('VIP', '=', true), 'Vip is yes'],
    [field('TAGS', 'contains', 'c'), 'Tags is “["a","b"]”, which does not contain “c”'],
    [field('NAME', '=', 'y'), `Name is “${'x'.repeat(80)}”, not “y”`],
    [field('RENEWAL_DATE', 'before', '2026-05-03'), 'Renewal date is “2026-06-01”, not before 3 May 2026'],
    [
      { not: field('stage', 'in', ['acquisition', 'retention']) },
      'Stage is “acquisition”, one of “acquisition”, “retention”',
    ],
    [{ event: 'path', operator: '=', value: '/pricing' }, 'the event’s path is “/”, not “/pricing”'],
    [{ list: 'Warm leads' }, 'the contact is not on “Warm leads”'],
    [{ list: 'Newsletter' }, 'the contact is on “Newsletter”'],
    [{ everybody: true }, 'it is for everybody'],
    [{ not: { everybody: true } }, 'it is for everybody'],
    [{ message: 'mail', was: 'clicked' }, 'the message was not clicked'],
    [{ message: 'mail', was: 'failed' }, 'the message did not fail'],
    [{ message: 'mail', was: 'bounced' }, 'the message did not bounce'],
    [{ crossed: 80, direction: 'up' }, 'Score did not change'],
    [
      { count: { event: 'visit', within: 'P1D' }, operator: '>', value: 3 },
      '“visit” happened 2 times in the last day, not more than 3 times',
    ],
    [{ count: { event: 'visit' }, operator: '<', value: 3 }, '“visit” happened 2 times'],
    [{ clicked: 2, ofLast: 2 }, '1 of the last 2 e-mails was clicked, not 2'],
    [{ clicked: 1, ofLast: 2 }, '1 of the last 2 e-mails was clicked'],
    [{ clicked: 3, ofLast: 3 }, 'only 2 e-mails were sent'],
    // All had to agree: each that did, or the first that did not. One was enough: the first that did, or none did.
    [
      { all: [field('SCORE', '>', 20), { list: 'Newsletter' }] },
      'Score is 40, over 20, and the contact is on “Newsletter”',
    ],
    [{ all: [field('SCORE', '>', 20), { list: 'X' }, { list: 'Y' }] }, 'the contact is not on “X”'],
    [{ any: [{ list: 'X' }, { list: 'Newsletter' }] }, 'the contact is on “Newsletter”'],
    [{ any: [{ list: 'X' }, { list: 'Y' }] }, 'the contact is not on “X” and the contact is not on “Y”'],
    [
      { any: [field('SCORE', '>', 80), { list: 'X' }, field('SCORE', '<', 30), field('VIP', '=', false)] },
      'Score is 40, not over 80, not under 30, the contact is not on “X”, and Vip is yes, not no',
    ],
  ])('%j: because %s', (condition, words) => {
    expect(because(explain(condition, lead))).toBe(words)
  })

  test('says two e-mails clicked and one e-mail sent in the right number', () => {
    const emails = (...clicked: readonly boolean[]) =>
      view({
        loaded: (() => clicked.map((yes, n) => ({ message: `${n}`, sentAt: 0, clicked: yes }))) as never,
      })
    expect(because(explain({ clicked: 3, ofLast: 3 }, emails(true, true, false)))).toBe(
      '2 of the last 3 e-mails were clicked, not 3',
    )
    expect(because(explain({ clicked: 2, ofLast: 2 }, emails(true)))).toBe('only 1 e-mail was sent')
  })

  test('of a crossing tells where the score came from', () => {
    const changed = (before: number, after: number) =>
      view({ event: { name: 'score.changed', properties: { attribute: 'SCORE', before, after } } })
    const up: Condition = { crossed: 80, direction: 'up' }
    expect(because(explain(up, changed(75, 85)))).toBe('Score went from 75 to 85')
    expect(because(explain(up, changed(85, 90)))).toBe('Score went from 85 to 90, not up across 80')
    expect(because(explain({ crossed: 80, direction: 'down' }, changed(75, 70)))).toBe(
      'Score went from 75 to 70, not down across 80',
    )
  })

  test('is there while a fact is missing', () => {
    expect(because(explain({ count: { event: 'x' }, operator: '>', value: 1 }, view()))).toBe(
      '“x” happened 0 times, not more than 1 time',
    )
  })

  test('of nothing is nothing', () => {
    expect(becauseAll([])).toBe('')
  })

  test('for the band a lead falls into names every bound it missed once (R113)', () => {
    const guard = (value: number) => ({
      type: 'holds' as const,
      params: { when: { field: 'SCORE', operator: '>=', value } as Condition },
    })
    const journey = journeyOf({
      add: points(5, 'band'),
      band: {
        meta: { kind: 'condition' },
        always: [
          { target: 'hot', guard: guard(80), meta: { label: 'Ready for sales' } },
          { target: 'warm', guard: guard(20) },
          'cold',
        ],
      },
      hot: list('Hot', 'end'),
      warm: list('Warm', 'end'),
      cold: list('Cold', 'end'),
      end: END,
    })
    const texts = (score: number) =>
      textsOf(live(journey, [event('go')], { contact: ada({ scores: { SCORE: score * 100 } }) }), 'went')
    expect(texts(0)).toEqual(['Everyone else, because Score is 5, not at least 80, not at least 20'])
    expect(texts(20)).toEqual(['Score is at least 20, because Score is 25, at least 20'])
    expect(texts(80)).toEqual(['Ready for sales, because Score is 85, at least 80'])
  })
})
