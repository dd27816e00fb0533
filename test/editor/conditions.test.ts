/** Conditions as sentences: what each reads like, what a change of a part makes of it, and that nothing is ever lost. */
import { type Arbitrary, assert, constantFrom, nat, oneof, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Vocabulary } from '../../editor/answers.ts'
import type { Around } from '../../editor/builder/conditions/around.ts'
import { asksOf, foundAsks } from '../../editor/builder/conditions/asks.ts'
import type { Raw } from '../../editor/builder/conditions/json.ts'
import { COUNTED_PHRASES } from '../../editor/builder/conditions/kinds.ts'
import { saidBy, type Part } from '../../editor/builder/conditions/parts.ts'
import { faultsByPlace, faultsOf, groupReasons, reasonsOf } from '../../editor/builder/conditions/reasons.ts'
import { saidOf, sentenceOf } from '../../editor/builder/conditions/sentences.ts'
import {
  added,
  changed,
  duplicated,
  enclosed,
  regrouped,
  removed,
  shownIn,
  treeOf,
  type Group,
  type Line,
  type Node,
} from '../../editor/builder/conditions/tree.ts'
import { NOTHING_CHOSEN } from '../../editor/builder/document/newStep.ts'
import { COUNTED_INTERNAL_EVENTS } from '../../engine/dialect/names.ts'
import { parseCondition, pointer, type Json } from '../../engine/index.ts'
import { arbitraryCondition } from '../support/journeys.ts'

const VOCABULARY: Vocabulary = {
  attributes: [
    { name: 'SCORE', type: 'number', samples: [], score: true },
    { name: 'FIT', type: 'number', samples: [], score: true },
    { name: 'COUNTRY', type: 'text', samples: ['NP', 'TR'], score: false },
    { name: 'SEATS', type: 'number', samples: [25, 50], score: false },
    { name: 'VIP', type: 'yesno', samples: [true], score: false },
    { name: 'RENEWAL_DATE', type: 'date', samples: [], score: false },
    { name: 'TAGS', type: 'list', samples: ['a'], score: false },
  ],
  company: [{ name: 'INDUSTRY', type: 'text', samples: ['Shipping'] }],
  events: [
    {
      name: 'page_viewed',
      lastAt: '2026-05-03T10:00:00.000Z',
      last30Days: 3,
      properties: [{ name: 'path', type: 'text', samples: ['/pricing', '/docs'] }],
    },
    {
      name: 'quote_requested',
      lastAt: '2026-05-03T10:00:00.000Z',
      last30Days: 1,
      properties: [{ name: 'seats', type: 'number', samples: [25] }],
    },
  ],
  lists: ['Newsletter', 'Warm leads'],
  segments: ['Hot'],
  templates: [],
  journeys: [{ id: 'welcome', name: 'Welcome', startable: false }],
  since: null,
  looked: null,
}

const AROUND: Around = {
  vocabulary: VOCABULARY,
  scope: 'branch',
  messages: [{ step: 'mail', title: 'Case study' }],
}
const TRIGGER: Around = { ...AROUND, scope: 'trigger', event: 'quote_requested' }
const MESSAGES = [
  ['mail', 'email'],
  ['text', 'sms'],
] as const

const read = (value: unknown, around = AROUND) => sentenceOf(value as Json, around)
const said = (value: unknown, around = AROUND) => saidOf(read(value, around))
const partsOf = (value: unknown, around = AROUND): readonly Part[] =>
  read(value, around).words.filter((piece): piece is Part => typeof piece !== 'string')

/** The part of a sentence by its id, with what it is changed by. */
function part(value: unknown, id: string, around = AROUND) {
  const found = partsOf(value, around).find((one) => one.id === id)
  if (!found) throw new Error(`no part ${id} in ${said(value, around)}`)
  return {
    ...found,
    set: (next: string): Raw => {
      switch (found.kind) {
        case 'choice':
        case 'name':
          return found.pick(next)
        case 'list':
          return found.write(next.split('|'))
        default:
          return found.write(next)
      }
    },
  }
}

const clicks = (count: object, operator: string, value: unknown) => ({
  count: { event: 'email.clicked', ...count },
  operator,
  value,
})
const SILENT = {
  all: [
    clicks({ within: 'P30D' }, '=', 0),
    { count: { event: 'email.sent', within: 'P30D' }, operator: '>=', value: 3 },
  ],
}
const PRICING = {
  count: {
    event: 'page_viewed',
    where: { event: 'path', operator: '=', value: '/pricing' },
    within: 'P30D',
  },
  operator: '>=',
  value: 5,
}

describe('a condition reads as a sentence', () => {
  test.each<[unknown, string]>([
    [{ field: 'SCORE', operator: '>', value: 80 }, 'Score is over 80'],
    [{ field: 'COUNTRY', operator: '=', value: 'NP' }, 'Country is NP'],
    [{ not: { field: 'COUNTRY', operator: '=', value: 'NP' } }, 'Country is not NP'],
    [{ field: 'COUNTRY', operator: 'in', value: ['NP', 'TR'] }, 'Country is one of NP, TR'],
    [
      { not: { field: 'stage', operator: 'in', value: ['acquisition', 'retention'] } },
      'Stage is none of Acquisition, Retention',
    ],
    [{ field: 'consent.email', operator: '=', value: 'unsubscribed' }, 'E-mail consent is withdrawn'],
    [{ field: 'EMAIL', operator: 'ends with', value: '.np' }, 'E-mail address ends with .np'],
    [{ field: 'VIP', operator: '=', value: true }, 'Vip is yes'],
    [{ field: 'TAGS', operator: 'contains', value: 'a' }, 'Tags contains a'],
    [{ field: 'company.INDUSTRY', operator: 'is empty' }, 'Company industry is not known'],
    [{ field: 'RENEWAL_DATE', operator: 'before', value: '2026-05-03' }, 'Renewal date is before 2026-05-03'],
    [{ field: 'RENEWAL_DATE', operator: 'after', value: 'P1D' }, 'Renewal date is later than 1 day ago'],
    [
      { not: { field: 'RENEWAL_DATE', operator: 'before', value: 'P1Y6M' } },
      'Renewal date is not earlier than 1 year and 6 months ago',
    ],
    [{ crossed: 80, direction: 'up' }, 'Score rises to 80'],
    [{ crossed: 5, direction: 'down', attribute: 'FIT' }, 'Fit falls below 5'],
    [{ not: { crossed: 5, direction: 'down' } }, 'It is not so that: Score falls below 5'],
    [PRICING, 'Has viewed the page /pricing at least 5 times in the last 30 days'],
    [{ count: { event: 'page_viewed' }, operator: '=', value: 0 }, 'Has not viewed any page so far'],
    [clicks({ within: 'P7D' }, '>=', 1), 'Has clicked an e-mail at least 1 time in the last 7 days'],
    [clicks({ since: 'entering' }, '=', 0), 'Has not clicked any e-mail since entering'],
    [SILENT, 'Has not clicked any e-mail in the last 30 days, though at least 3 were sent'],
    [
      { count: { event: 'quote_requested' }, operator: '<', value: 2 },
      'Quote requested happened fewer than 2 times so far',
    ],
    [
      { count: { event: 'quote_requested' }, operator: '=', value: 0 },
      'Quote requested never happened so far',
    ],
    [{ clicked: 3, ofLast: 3 }, 'Clicked 3 of the last 3 e-mails'],
    [{ not: { clicked: 1, ofLast: 5 } }, 'Did not click 1 of the last 5 e-mails'],
    [{ list: 'Newsletter' }, 'Is on the list Newsletter'],
    [{ not: { segment: 'Hot' } }, 'Is not in the segment Hot'],
    [{ message: 'mail', was: 'clicked' }, 'Case study was clicked'],
    [{ not: { message: 'mail', was: 'bounced' } }, 'Case study did not bounce'],
    [{ everybody: true }, 'Everybody'],
  ])('%j', (value, expected) => {
    expect(said(value)).toBe(expected)
  })

  test('about the event that lets in, by its properties', () => {
    expect(said({ event: 'seats', operator: '>', value: 20 }, TRIGGER)).toBe('The event’s seats is over 20')
    const joined = { ...TRIGGER, event: 'list.joined' }
    expect(said({ event: 'list', operator: 'in', value: ['Warm leads'] }, joined)).toBe(
      'The list is one of Warm leads',
    )
    expect(
      said({ event: 'attribute', operator: '=', value: 'SCORE' }, { ...TRIGGER, event: 'score.changed' }),
    ).toBe('What changed is SCORE')
  })

  test('and is kept in the engine’s words where there is no such sentence', () => {
    const twice = { not: { not: { everybody: true } } }
    expect(read(twice)).toEqual({ form: 'foreign', words: ['Everybody'] })
    expect(partsOf({ list: 5 })).toEqual([])
    expect(said({ whatever: 1 })).toContain('cannot be read')
  })
})

test('every event of ours that can be counted has a verb', () => {
  expect([...COUNTED_PHRASES].toSorted()).toEqual([...COUNTED_INTERNAL_EVENTS].toSorted())
})

describe('a part is changed', () => {
  test.each<[unknown, string, string, unknown]>([
    [
      { field: 'SCORE', operator: '>', value: 80 },
      'value',
      '81',
      { field: 'SCORE', operator: '>', value: 81 },
    ],
    [{ field: 'SCORE', operator: '>' }, 'value', '1,5', { field: 'SCORE', operator: '>', value: 1.5 }],
    [
      { field: 'SCORE', operator: '>', value: 80 },
      'value',
      'many',
      { field: 'SCORE', operator: '>', value: 'many' },
    ],
    [{ field: 'SCORE', operator: '>', value: 80 }, 'value', '', { field: 'SCORE', operator: '>' }],
    [
      { field: 'SCORE', operator: '>', value: 80 },
      'operator',
      'not:=',
      { not: { field: 'SCORE', operator: '=', value: 80 } },
    ],
    [
      { field: 'COUNTRY', operator: '=', value: 'NP' },
      'operator',
      'not:in',
      { not: { field: 'COUNTRY', operator: 'in', value: ['NP'] } },
    ],
    [
      { field: 'COUNTRY', operator: 'in', value: ['NP', 'TR'] },
      'operator',
      '=',
      { field: 'COUNTRY', operator: '=', value: 'NP' },
    ],
    [
      { field: 'COUNTRY', operator: 'in', value: ['NP'] },
      'value',
      'NP|5',
      { field: 'COUNTRY', operator: 'in', value: ['NP', '5'] },
    ],
    [
      { field: 'COUNTRY', operator: '=', value: 'NP' },
      'operator',
      'is empty',
      { field: 'COUNTRY', operator: 'is empty' },
    ],
    [
      { field: 'COUNTRY', operator: '=', value: 'NP' },
      'field',
      'SEATS',
      { field: 'SEATS', operator: '=', value: 'NP' },
    ],
    [{ field: 'SEATS', operator: '=' }, 'value', '25', { field: 'SEATS', operator: '=', value: 25 }],
    [
      { field: 'NEVER_SEEN', operator: '=' },
      'value',
      '25',
      { field: 'NEVER_SEEN', operator: '=', value: 25 },
    ],
    [
      { field: 'NEVER_SEEN', operator: '=', value: '25' },
      'value',
      '250',
      { field: 'NEVER_SEEN', operator: '=', value: '250' },
    ],
    [
      { field: 'NEVER_SEEN', operator: '=' },
      'value',
      '007',
      { field: 'NEVER_SEEN', operator: '=', value: '007' },
    ],
    [{ field: 'VIP', operator: '=' }, 'value', 'false', { field: 'VIP', operator: '=', value: false }],
    [
      { field: 'RENEWAL_DATE', operator: 'after', value: 'P30D' },
      'amount',
      'x',
      { field: 'RENEWAL_DATE', operator: 'after', value: 'PxD' },
    ],
    [
      { field: 'RENEWAL_DATE', operator: 'after', value: 'PxD' },
      'unit',
      'hours',
      { field: 'RENEWAL_DATE', operator: 'after', value: 'PTxH' },
    ],
    [
      { field: 'RENEWAL_DATE', operator: 'after', value: 'P30D' },
      'operator',
      'before',
      { field: 'RENEWAL_DATE', operator: 'before' },
    ],
    [
      { field: 'RENEWAL_DATE', operator: 'before', value: '2026-05-03' },
      'operator',
      'ago:before',
      { field: 'RENEWAL_DATE', operator: 'before', value: 'P30D' },
    ],
    [{ list: 'Newsletter' }, 'is', 'no', { not: { list: 'Newsletter' } }],
    [{ not: { list: 'Newsletter' } }, 'list', 'Warm leads', { not: { list: 'Warm leads' } }],
    [{ message: 'mail', was: 'clicked' }, 'was', 'not:opened', { not: { message: 'mail', was: 'opened' } }],
    [clicks({}, '>=', 3), 'has', 'no', clicks({}, '=', 0)],
    [clicks({}, '=', 0), 'has', 'yes', clicks({}, '>=', 1)],
    [clicks({}, '>=', 3), 'window', 'within', clicks({ within: 'P30D' }, '>=', 3)],
    [clicks({ within: 'P7D' }, '>=', 3), 'window', 'entering', clicks({ since: 'entering' }, '>=', 3)],
    [clicks({ within: 'P7D' }, '>=', 3), 'window', 'ever', clicks({}, '>=', 3)],
    [clicks({ within: 'P7D' }, '>=', 3), 'amount', '', clicks({ within: 'PD' }, '>=', 3)],
    [PRICING, 'which', 'any', { ...PRICING, count: { event: 'page_viewed', within: 'P30D' } }],
    [{ clicked: 3, ofLast: 3 }, 'last', '5', { clicked: 3, ofLast: 5 }],
    [{ crossed: 80, direction: 'up' }, 'limit', '', { crossed: '', direction: 'up' }],
    [
      { not: { crossed: 80, direction: 'up' } },
      'direction',
      'down',
      { not: { crossed: 80, direction: 'down' } },
    ],
    [{ not: { crossed: 80, direction: 'up' } }, 'not', 'yes', { crossed: 80, direction: 'up' }],
  ])('%j: %s becomes %j', (value, id, next, expected) => {
    expect(part(value, id).set(next)).toEqual(expected)
  })

  test('of two counts in one sentence, both windows together', () => {
    const week = part(SILENT, 'amount').set('7')
    expect(said(week)).toBe('Has not clicked any e-mail in the last 7 days, though at least 3 were sent')
    const opened = part(week, 'did').set('email.opened')
    expect(said(part(opened, 'got').set('email.delivered'))).toBe(
      'Has not opened any e-mail in the last 7 days, though at least 3 were delivered',
    )
    expect(said(part(SILENT, 'window').set('ever'))).toBe(
      'Has not clicked any e-mail so far, though at least 3 were sent',
    )
    expect(said(part(SILENT, 'number').set(''))).toContain('though at least were sent')
  })

  test('between number and text, where either may be meant', () => {
    const value = part({ field: 'NEVER_SEEN', operator: '=', value: 25 }, 'value')
    expect(value).toMatchObject({ type: { said: 'as a number' } })
    const turned = value.kind === 'text' ? value.type?.turn() : undefined
    expect(turned).toEqual({ field: 'NEVER_SEEN', operator: '=', value: '25' })
    expect(part(turned, 'value')).toMatchObject({ type: { said: 'as a text' } })
  })

  test('keeps the order of what stands beside it', () => {
    const written = { value: 80, operator: '>', field: 'SCORE' }
    expect(JSON.stringify(part(written, 'value').set('81'))).toBe(
      '{"value":81,"operator":">","field":"SCORE"}',
    )
  })

  test('and while somebody types, a line stays what it was', () => {
    const typed = part(clicks({}, '=', 10), 'number').set('0')
    expect(read(typed).form).toBe('never')
    const shown = shownIn(treeOf(clicks({}, '=', 10) as Json, AROUND))
    const [line] = treeOf(typed, AROUND, shown).members
    expect(line?.type === 'line' && line.sentence.form).toBe('count')
    // Two lines do not become one under the cursor either.
    const apart = {
      all: [SILENT.all[0], { count: { event: 'email.sent', within: 'P3D' }, operator: '>=', value: 3 }],
    }
    const before = shownIn(treeOf(apart as Json, AROUND))
    expect(treeOf(SILENT as Json, AROUND, before).members).toHaveLength(2)
    expect(treeOf(SILENT as Json, AROUND).members).toHaveLength(1)
  })
})

describe('names', () => {
  test('that were never received are marked, those that were are not', () => {
    const marks = (value: unknown, id: string, around = AROUND) => {
      const one = part(value, id, around)
      return one.kind === 'name' ? one.mark : undefined
    }
    expect(marks({ field: 'COUNTRY', operator: '=', value: 'X' }, 'field')).toBeNull()
    expect(marks({ field: 'COUNTRIE', operator: '=', value: 'X' }, 'field')).toBe('never received')
    expect(marks({ count: { event: 'quote' }, operator: '>', value: 1 }, 'event')).toBe('never received')
    expect(marks({ list: 'Newletter' }, 'list')).toBe('no such list yet')
    expect(marks({ segment: 'Cold' }, 'segment')).toBe('no such segment')
    expect(marks({ event: 'seat', operator: '=', value: 1 }, 'property', TRIGGER)).toBe('never received')
    // Where not everything could be looked at, nobody says "never"; while it loads, nobody says anything.
    const some = { ...AROUND, vocabulary: { ...VOCABULARY, since: '2026-05-01', looked: 1_000 } }
    expect(marks({ count: { event: 'quote' }, operator: '>', value: 1 }, 'event', some)).toBe(
      'not received lately',
    )
    const loading = { ...AROUND, vocabulary: undefined }
    expect(marks({ field: 'COUNTRIE', operator: '=', value: 'X' }, 'field', loading)).toBeNull()
  })

  test('typed as people write them become names as they are kept', () => {
    const field = part({ field: 'COUNTRY', operator: '=' }, 'field')
    const typed = field.kind === 'name' ? field.typed : () => null
    expect(['shoe size', 'Größe', ' _9x ', '42'].map(typed)).toEqual(['SHOE_SIZE', 'GROSSE', null, null])
  })
})

describe('what one can ask', () => {
  const groupsOf = (around: Around) => [...new Set(asksOf(around).map(({ group }) => group))]

  test('stands in groups, each with what was received', () => {
    expect(groupsOf(AROUND)).toEqual([
      'contact',
      'score',
      'lists',
      'emails',
      'website',
      'events',
      'company',
      'journey',
    ])
    expect(asksOf(AROUND).map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        'Country',
        'E-mail consent',
        'Score is over …',
        'Is on “Newsletter”',
        'Has not clicked any e-mail, though some were sent',
        'Has viewed “/pricing”',
        'Quote requested',
        'Industry',
        'What became of “Case study”',
      ]),
    )
  })

  test('depends on where the condition stands', () => {
    const idsOf = (around: Around) => asksOf(around).map(({ id }) => id)
    expect(groupsOf(TRIGGER)[0]).toBe('journey')
    expect(idsOf(TRIGGER)).toContain('property:seats')
    expect(idsOf(TRIGGER)).not.toContain('message:mail')
    expect(idsOf({ ...AROUND, scope: 'segment', event: 'quote_requested' })).not.toContain('property:seats')
    expect(idsOf(TRIGGER)).not.toContain('crossed:SCORE:up')
    expect(idsOf({ ...TRIGGER, event: 'score.changed' })).toContain('crossed:SCORE:up')
    expect(idsOf({ ...AROUND, scope: 'where', event: 'quote_requested' })).toEqual(['property:seats'])
  })

  test.each([
    AROUND,
    TRIGGER,
    { ...TRIGGER, event: 'score.changed' },
    { ...AROUND, scope: 'segment' as const },
  ])('begins a line that reads as a sentence, and says what is missing (%#)', (around) => {
    for (const { line, label } of asksOf(around)) {
      const tree = treeOf(line, around)
      expect([label, tree.members.length, tree.members[0]?.type]).toEqual([label, 1, 'line'])
      expect(read(line, around).form).not.toBe('foreign')
      if (!parseCondition(line).ok) expect(allReasons(line, around)).not.toEqual([])
    }
  })

  test('is found by words, and a name that nobody sent can be meant as anything', () => {
    const labels = (search: string, around = AROUND) =>
      foundAsks(search, around).flatMap(({ asks }) => asks.map(({ label }) => label))
    expect(labels('pric')).toContain('Has viewed “/pricing”')
    expect(labels('lists news')).toEqual(expect.arrayContaining(['Is on “Newsletter”']))
    expect(labels('shoe size')).toEqual(
      expect.arrayContaining(['Attribute “SHOE_SIZE”', 'Event “shoe size”', 'List “shoe size”']),
    )
    expect(labels('/new')).toContain('Page “/new”')
    expect(labels('email.clicked')).not.toContain('Event “email.clicked”')
    expect(labels('country')).not.toContain('Attribute “COUNTRY”')
    expect(labels('seatz', TRIGGER)).toContain('The event’s “seatz”')
  })
})

describe('groups', () => {
  const A = { list: 'a' }
  const B = { list: 'b' }
  const C = { list: 'c' }

  test('one condition becomes a group with the second, and is itself again without it', () => {
    const tree = treeOf(A, AROUND)
    const two = added(A, tree, B)
    expect(two).toEqual({ value: { all: [A, B] }, path: ['all', 1] })
    expect(removed(two.value, ['all', 1])).toEqual(A)
    expect(removed(A, [])).toEqual(NOTHING_CHOSEN)
    expect(added(NOTHING_CHOSEN, treeOf(NOTHING_CHOSEN, AROUND), A)).toEqual({ value: A, path: [] })
  })

  test('belong together as all, any, none', () => {
    const value = { all: [A, { any: [B, C] }] }
    const tree = treeOf(value, AROUND)
    expect(regrouped(value, tree, 'none')).toEqual({ not: { any: [A, { any: [B, C] }] } })
    const inner = tree.members[1] as Group
    expect(regrouped(value, inner, 'none')).toEqual({ all: [A, { not: { any: [B, C] } }] })
    const none = treeOf({ not: { any: [A, B] } }, AROUND)
    expect([none.mode, none.members.map(({ path }) => pointer(path))]).toEqual([
      'none',
      ['/not/any/0', '/not/any/1'],
    ])
    expect(added({ not: { any: [A, B] } }, none, C).value).toEqual({ not: { any: [A, B, C] } })
  })

  test('go with their last member', () => {
    const value = { all: [A, { not: { any: [B] } }] }
    expect(removed(value, ['all', 1, 'not', 'any', 0])).toEqual(A)
    expect(removed({ any: [{ all: [A] }] }, ['any', 0, 'all', 0])).toEqual(NOTHING_CHOSEN)
  })

  test('take in a line, and a line is doubled', () => {
    expect(enclosed({ all: [A, B] }, ['all', 1])).toEqual({
      value: { all: [A, { any: [B] }] },
      path: ['all', 1, 'any', 0],
    })
    expect(duplicated({ all: [A, B] }, ['all', 0])).toEqual({ value: { all: [A, A, B] }, path: ['all', 1] })
    expect(duplicated(A, [])).toEqual({ value: { all: [A, A] }, path: ['all', 1] })
  })
})

/** Everything that is said against a condition. */
function allReasons(value: Json, around: Around = AROUND): readonly string[] {
  const tree = treeOf(value, around)
  const byPlace = faultsByPlace(tree, faultsOf(value, [], ''))
  const of = (node: Node): readonly string[] => {
    const own = byPlace.get(pointer(node.path)) ?? []
    if (node.type === 'line') return [...reasonsOf(node, own), ...whereReasons(node)]
    return [...(node.isImplied ? [] : groupReasons(own)), ...node.members.flatMap(of)]
  }
  return of(tree)
}

function whereReasons({ value, sentence }: Line): readonly string[] {
  if (!sentence.where) return []
  const inside = sentence.where.path.reduce<Json>(
    (so, key) => (so as { [key: string]: Json })[key] ?? null,
    value,
  )
  return allReasons(inside, { ...AROUND, scope: 'where', event: sentence.where.event })
}

describe('what is missing or wrong', () => {
  test.each<[unknown, string]>([
    [NOTHING_CHOSEN, 'Nothing is chosen here: choose a condition, or remove the group.'],
    [{ field: 'SCORE', operator: '>' }, 'A number is needed here.'],
    [{ field: 'SCORE', operator: '>', value: 'many' }, 'A number is needed here.'],
    [{ field: 'SEATS', operator: '=', value: 'many' }, 'A number is needed here.'],
    [{ field: 'COUNTRY', operator: '=' }, 'Say with what it is compared.'],
    [{ field: 'COUNTRY', operator: 'in' }, 'Say with what it is compared.'],
    [{ field: 'RENEWAL_DATE', operator: 'before' }, 'A date is needed here.'],
    [{ field: 'RENEWAL_DATE', operator: 'after', value: 'PxD' }, 'Say how long, as a whole number above 0.'],
    [{ list: '' }, 'Choose a list.'],
    [clicks({ within: 'PD' }, '>=', 1), 'Say how long, as a whole number above 0.'],
    [clicks({}, '>=', 1.5), 'A whole number is needed here.'],
    [{ clicked: 5, ofLast: 3 }, 'There cannot be more clicks than e-mails.'],
    [{ crossed: '', direction: 'up' }, 'A number is needed here.'],
    [
      { all: [{ list: 'a' }, { any: [] }] },
      'Nothing is chosen here: choose a condition, or remove the group.',
    ],
    [
      {
        count: { event: 'quote_requested', where: { event: 'seats', operator: '>' } },
        operator: '>',
        value: 1,
      },
      'A number is needed here.',
    ],
  ])('%j', (value, expected) => {
    expect(allReasons(value as Json)).toEqual([expected])
  })

  test('for the whole journey stands at the line, beside what is wrong with the condition itself', () => {
    const value = { all: [{ list: '' }, { segment: 'Cold' }] }
    const given = {
      severity: 'error',
      code: 'unknown_segment',
      path: '/meta/audience/all/1/segment',
      detail: '',
    } as const
    const faults = faultsOf(value, [given, { ...given, path: '/meta/audiences' }], '/meta/audience')
    const byPlace = faultsByPlace(treeOf(value, AROUND), faults)
    expect([...byPlace].map(([place, own]) => [place, own.length])).toEqual([
      ['/all/0', 1],
      ['/all/1', 1],
    ])
  })
})

// ---- Laws --------------------------------------------------------------------------------------------------------

const finished = arbitraryCondition(MESSAGES) as Arbitrary<Json>

/** A condition with one of its parts taken away or replaced by anything. */
const unfinished = tuple(
  finished,
  nat(),
  constantFrom<Json | undefined>(undefined, '', 'x', 5, true, [], {}, null),
).map(([value, at, next]) => spoilt(value, at, next))

function spoilt(value: Json, at: number, next: Json | undefined): Json {
  const places: (readonly (string | number)[])[] = []
  const walk = (inside: Json, path: readonly (string | number)[]) => {
    if (path.length > 0) places.push(path)
    if (typeof inside !== 'object' || inside === null) return
    for (const [key, part] of Object.entries(inside))
      walk(part, [...path, Array.isArray(inside) ? Number(key) : key])
  }
  walk(value, [])
  const place = places[at % places.length] ?? []
  const put = (inside: Json, [key, ...rest]: readonly (string | number)[]): Json => {
    if (Array.isArray(inside))
      return inside.flatMap((item: Json, index) =>
        index !== key ? [item] : rest.length > 0 ? [put(item, rest)] : next === undefined ? [] : [next],
      )
    return Object.fromEntries(
      Object.entries(inside as Raw).flatMap(([name, part]) =>
        name !== key
          ? [[name, part]]
          : rest.length > 0
            ? [[name, put(part, rest)]]
            : next === undefined
              ? []
              : [[name, next]],
      ),
    )
  }
  return put(value, place)
}

const surroundings = constantFrom<Around>(
  AROUND,
  TRIGGER,
  { ...TRIGGER, event: 'score.changed' },
  { ...AROUND, scope: 'segment' },
  { ...AROUND, vocabulary: undefined },
)

function linesIn(node: Node): readonly Line[] {
  return node.type === 'line' ? [node] : node.members.flatMap(linesIn)
}

/** The line after each part is set to what it says already. */
function retyped(one: Part): Raw {
  switch (one.kind) {
    case 'choice':
    case 'name':
      return one.pick(one.value)
    case 'list':
      return one.write(one.values)
    default:
      return one.write(one.value)
  }
}

const TYPED = ['', '0', '7', '-1', '2.5', 'abc', '/pricing', 'P3D', '2026-05-03', ' x '] as const

/** Every line that some change of a part can make of this one. */
function edits({ sentence }: Line): readonly Raw[] {
  const ofParts = sentence.words.flatMap((one): readonly Raw[] => {
    if (typeof one === 'string') return []
    switch (one.kind) {
      case 'choice':
        return one.choices.map(({ value }) => one.pick(value))
      case 'name':
        return [...one.choices.map(({ value }) => value), 'new name', ''].map((value) => one.pick(value))
      case 'list':
        return [[], ['x'], ['5', 'true'], one.values].map((values) => one.write(values))
      default:
        return TYPED.map((text) => one.write(text))
    }
  })
  const { where, addWhere } = sentence
  return [
    ...ofParts,
    ...(where ? [where.write(undefined), where.write({ all: [] })] : []),
    ...(addWhere ? [addWhere()] : []),
  ]
}

describe('whatever the condition', () => {
  test('a sound one reads as sentences, and nothing changes until somebody changes it', () => {
    assert(
      property(finished, surroundings, (value, around) => {
        for (const line of linesIn(treeOf(value, around))) {
          expect(saidOf(line.sentence)).not.toBe('')
          for (const piece of line.sentence.words) {
            if (typeof piece === 'string') continue
            expect(JSON.stringify(retyped(piece))).toBe(JSON.stringify(line.value))
            expect(typeof saidBy(piece)).toBe('string')
          }
        }
        expect(allReasons(value, { ...around, vocabulary: undefined })).toEqual([])
      }),
    )
  })

  test('only what stands under a double "not" has no sentence of its own', () => {
    assert(
      property(finished, (value) => {
        const foreign = linesIn(treeOf(value, AROUND)).filter(({ sentence }) => sentence.form === 'foreign')
        expect(foreign.filter((line) => valueIn(line.value, ['not', 'not']) === undefined)).toEqual([])
      }),
    )
  })

  test('what is unsound is kept as it is, and said to be so', () => {
    assert(
      property(unfinished, surroundings, (value, around) => {
        const tree = treeOf(value, around)
        for (const line of linesIn(tree)) expect(valueIn(value, line.path)).toBe(line.value)
        if (!parseCondition(value).ok) expect(allReasons(value, around)).not.toEqual([])
      }),
    )
  })

  test('each change of a part changes that line alone, and leaves a condition that is sound or says what is wrong', () => {
    assert(
      property(oneof(finished, unfinished), surroundings, nat(), (value, around, drawn) => {
        const possible = linesIn(treeOf(value, around)).flatMap((line) =>
          edits(line).map((next) => ({ path: line.path, next })),
        )
        const edit = possible[drawn % Math.max(possible.length, 1)]
        if (!edit) return
        const after = changed(value, edit.path, edit.next)
        expect(valueIn(after, edit.path)).toEqual(edit.next)
        expect(changed(after, edit.path, valueIn(value, edit.path) ?? null)).toEqual(value)
        if (!parseCondition(after).ok) expect(allReasons(after, around)).not.toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('adding and removing lines and groups keeps every other line', () => {
    assert(
      property(finished, nat(), nat(), (value, drawn, what) => {
        const tree = treeOf(value, AROUND)
        const groups = groupsIn(tree)
        const group = groups[drawn % groups.length] ?? tree
        const more = added(value, group, { list: 'one more' })
        expect(valueIn(more.value, more.path)).toEqual({ list: 'one more' })
        const back = removed(more.value, more.path)
        // A group of one at the top is that one.
        const only = tree.members.length === 1 && (tree.mode === 'all' || tree.mode === 'any')
        const same = only && group === tree && tree.members[0] ? valueIn(value, tree.members[0].path) : value
        expect(JSON.stringify(back)).toBe(JSON.stringify(same))
        const lines = linesIn(tree)
        const line = lines[what % lines.length] as Line
        const without = linesIn(treeOf(removed(value, line.path), AROUND))
        const left = lines.filter((one) => one !== line).map((one) => JSON.stringify(one.value))
        expect(without.map((one) => JSON.stringify(one.value)).toSorted()).toEqual(left.toSorted())
        for (const mode of ['all', 'any', 'none', 'notAll'] as const) {
          const other = regrouped(value, group, mode)
          expect((parseCondition(other) as { ok: boolean }).ok).toBe(true)
        }
      }),
    )
  })
})

function groupsIn(node: Node): readonly Group[] {
  return node.type === 'line' ? [] : [node, ...node.members.flatMap(groupsIn)]
}

function valueIn(value: Json, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((inside, key) => (inside as { [key: string]: Json })[key], value)
}
