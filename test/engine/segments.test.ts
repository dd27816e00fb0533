import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advance,
  catalogueOf,
  fold,
  formatInstant,
  inWords,
  nameFault,
  newContact,
  newHistory,
  parseSegment,
  type Catalogue,
  type Condition,
  type Happens,
  type History,
} from '../../engine/index.ts'
import {
  ada,
  END,
  entry,
  event,
  HOUR,
  identify,
  lateEvent,
  list,
  live,
  passagesOf,
  points,
  publishedWith,
  scoreOf,
  START,
  textsOf,
  verdict,
  mail,
  wait,
} from '../support/entries.ts'
import { journeyOf, SEGMENTS, triggerTo } from '../support/journeys.ts'

const many = { meta: { reentry: { policy: 'parallel' } } } as const
/** Ten points for each “go”. */
const scoring = journeyOf({ on: points(10, 'end'), end: END }, { id: 'scoring', ...many })
/** A point on entering “Hot”, a point away on leaving it. */
const hears = journeyOf(
  { in: points(100, 'end'), out: points(1000, 'end'), end: END },
  {
    id: 'hears',
    ...many,
    on: {
      'segment.entered': triggerTo('in', { event: 'segment', operator: '=', value: 'Hot' }),
      'segment.left': triggerTo('out', { event: 'segment', operator: '=', value: 'Hot' }),
    },
  },
)

const hot: Condition = { field: 'SCORE', operator: '>=', value: 20 }
const german: Condition = { field: 'COUNTRY', operator: '=', value: 'DE' }
const country = (value: string | null, hour: number) => identify({ attributes: { COUNTRY: value } }, hour)

function segmentsOf({ history }: { readonly history: History }): readonly string[] {
  return history.contact.segments
}

describe('a segment', () => {
  test('is left the moment a click that it counts turns out to be a machine’s', () => {
    const sends = journeyOf(
      { mail: mail('pause'), pause: wait('P9D', 'end'), end: END },
      { id: 'sends', on: { go: triggerTo('mail') } },
    )
    const clicks = (seq: number): Happens => entry('retract', 3, { of: seq, lines: [] })
    const told = (name: string): Condition => ({
      count: { event: 'email.clicked' },
      operator: '>=',
      value: name === 'Hot' ? 2 : 1,
    })
    const journeys = publishedWith(
      { Hot: told('Hot'), Warm: told('Warm'), Last: { clicked: 1, ofLast: 1 } },
      sends,
      hears,
    )
    const clicked = [
      event('go'),
      verdict('sends', 'mail', 'sent', 1),
      verdict('sends', 'mail', 'clicked', 1),
      verdict('sends', 'mail', 'clicked', 2),
    ] as const
    const seqs = live(journeys, clicked).history.events.flatMap(({ name, seq }) =>
      name === 'email.clicked' ? [seq] : [],
    )
    expect(segmentsOf(live(journeys, clicked))).toEqual(['Hot', 'Last', 'Warm'])
    const [first, second] = seqs as [number, number]
    const one = live(journeys, [...clicked, { at: START + 3 * HOUR, happens: () => clicks(first) }])
    expect(segmentsOf(one)).toEqual(['Last', 'Warm'])
    expect(scoreOf(one)).toBe(1100)
    const both = [first, second].map((seq) => ({ at: START + 3 * HOUR, happens: () => clicks(seq) }))
    expect(segmentsOf(live(journeys, [...clicked, ...both]))).toEqual([])
  })

  test('is entered and left the moment its condition begins and ceases to hold', () => {
    const so = live(publishedWith({ Hot: german }, hears), [
      country('DE', 1),
      country('DE', 2),
      country('FR', 3),
    ])
    expect(so.history.ledger.map(({ by, at }) => [by / 100, (at - START) / HOUR])).toEqual([
      [100, 1],
      [1000, 3],
    ])
    expect(segmentsOf(so)).toEqual([])
    expect(textsOf(so, 'changed').filter((text) => text.includes('segment'))).toEqual([
      'Enters segment “Hot”',
      'Leaves segment “Hot”',
    ])
  })

  test('knows scores, lists, stage, consent, company, e-mails and what happened', () => {
    const of = (when: Condition, ...events: Parameters<typeof live>[1]) =>
      segmentsOf(live(publishedWith({ It: when }, scoring, mailing, listing), events))
    const mailing = journeyOf(
      { mail: mail('end'), end: END },
      { id: 'mailing', on: { write: triggerTo('mail') } },
    )
    const listing = journeyOf(
      { on: list('Newsletter', 'end'), end: END },
      { id: 'listing', on: { join: triggerTo('on') } },
    )
    const twice: Condition = { count: { event: 'go' }, operator: '>=', value: 2 }
    expect(of(hot, event('go'))).toEqual([])
    expect(of(hot, event('go'), event('go', 1))).toEqual(['It'])
    // The second counts itself.
    expect(of(twice, event('go'))).toEqual([])
    expect(of(twice, event('go'), event('go', 1))).toEqual(['It'])
    expect(of({ list: 'Newsletter' }, event('join'))).toEqual(['It'])
    const off = entry('consent', 1, { purpose: 'email', status: 'unsubscribed', reason: 'x' })
    expect(of({ field: 'consent.email', operator: '=', value: 'unsubscribed' }, off)).toEqual(['It'])
    const acme = identify({ company: { id: 'acme', attributes: { INDUSTRY: 'lamps' } } })
    expect(of({ field: 'company.INDUSTRY', operator: '=', value: 'lamps' }, acme)).toEqual(['It'])
    expect(
      of({ field: 'EMAIL', operator: 'ends with', value: '.org' }, identify({ email: 'a@b.org' })),
    ).toEqual(['It'])
    const clicks = verdict('mailing', 'mail', 'clicked', 1)
    expect(of({ clicked: 1, ofLast: 1 }, event('write'), clicks)).toEqual(['It'])
    expect(
      of({ count: { event: 'email.clicked' }, operator: '>', value: 0 }, event('write'), clicks),
    ).toEqual(['It'])
  })

  test('is looked at only where something it reads has changed', () => {
    const asks: Condition = {
      all: [
        { field: 'COUNTRY', operator: '=', value: 'DE' },
        { count: { event: 'go' }, operator: '>', value: 0 },
      ],
    }
    const journeys = publishedWith({ Asks: asks }, scoring)
    const needs = (happens: Happens) => {
      const entry = { ...happens, seq: 1 }
      const result = advance({ contact: ada(), enrollments: [], facts: {}, journeys, entry, zone: 'UTC' })
      return 'needs' in result ? result.needs.map(({ type }) => type) : []
    }
    expect(needs(event('x'))).toEqual([])
    expect(needs(identify({ attributes: { CITY: 'Bonn' } }))).toEqual([])
    expect(needs(event('go'))).toEqual(['count'])
    expect(needs(country('DE', 0))).toEqual(['count'])
    const { segmentReaders } = publishedWith({ Asks: asks, Hot: hot, Nested: { not: { segment: 'Hot' } } })
    expect(Object.fromEntries(segmentReaders)).toEqual({
      'field:COUNTRY': ['Asks'],
      'count:go': ['Asks'],
      'field:SCORE': ['Hot', 'Nested'],
      'segment:Hot': ['Nested'],
    })
  })

  test('that a newcomer belongs to is entered at birth, once all that is known is written', () => {
    const nowhere: Condition = { field: 'COUNTRY', operator: 'is empty' }
    const catalogue = publishedWith({ Hot: nowhere, Everybody: { everybody: true } }, hears)
    const born = (attributes: {}) => {
      const first = { ...identify({ attributes }), creates: true }
      return live(catalogue, [first], { contact: newContact('ada', START) })
    }
    expect(segmentsOf(born({}))).toEqual(['Everybody', 'Hot'])
    expect(scoreOf(born({}))).toBe(100)
    expect(segmentsOf(born({ COUNTRY: 'DE' }))).toEqual(['Everybody'])
    expect(scoreOf(born({ COUNTRY: 'DE' }))).toBe(0)
  })

  test('of a contact that took another over is what holds for both together', () => {
    const catalogue = publishedWith(
      { Hot: hot, Germans: german, French: { not: { segment: 'Germans' } } },
      scoring,
    )
    const contact = ada({ scores: { SCORE: 1500 }, segments: ['French'] })
    const from = ada({ id: 'b', scores: { SCORE: 1000 }, attributes: { COUNTRY: 'DE' }, segments: ['Other'] })
    const so = live(catalogue, [entry('merge', 1, { from, enrollments: [] })], { contact })
    expect(segmentsOf(so)).toEqual(['Germans', 'Hot'])
  })

  test('is no more than its condition where somebody asks for it: right within a chain of steps', () => {
    const chain = journeyOf({
      ten: points(20, 'ask'),
      ask: {
        meta: { kind: 'condition' },
        always: [
          { target: 'hot', guard: { type: 'holds', params: { when: { segment: 'Hot' } } } },
          { target: 'cold' },
        ],
      },
      hot: points(1, 'end'),
      cold: points(2, 'end'),
      end: END,
    })
    const so = live(publishedWith({ Hot: hot }, chain), [event('go')])
    expect(scoreOf(so)).toBe(21)
    expect(textsOf(so, 'went')).toEqual(['Is in segment “Hot”, because the contact is in segment “Hot”'])
    expect(scoreOf(live(publishedWith({ Hot: german }, chain), [event('go')]))).toBe(22)
    // One that nobody defined has no members.
    expect(scoreOf(live(publishedWith({}, chain), [event('go')]))).toBe(22)
  })

  test('is what exits, goals and waits look at when somebody enters or leaves it', () => {
    const stays = journeyOf(
      {
        hold: {
          meta: { kind: 'waitFor' },
          always: { target: 'on', guard: { type: 'holds', params: { when: { segment: 'Germans' } } } },
          after: { P9D: 'end' },
        },
        on: points(1, 'rest'),
        rest: wait('P9D', 'end'),
        end: END,
      },
      { meta: { exits: [{ when: { segment: 'Hot' } }] } },
    )
    const catalogue = publishedWith({ Hot: hot, Germans: german }, stays, scoring)
    const so = live(catalogue, [event('go'), country('DE', 1), event('go', 2)])
    expect(passagesOf(so)).toEqual(['exit'])
    expect(scoreOf(so)).toBe(21)
  })
})

test('what waits for a segment goes on with what changed it, before anybody is told who left another', () => {
  const torn = journeyOf({
    hold: {
      meta: { kind: 'waitFor' },
      on: { 'segment.left': 'told' },
      always: { target: 'seen', guard: { type: 'holds', params: { when: { segment: 'Cold' } } } },
      after: { P9D: 'end' },
    },
    told: points(1, 'end'),
    seen: points(2, 'end'),
    end: END,
  })
  const segments = { Cold: { not: { segment: 'Hot' } }, Hot: german } as const
  const so = live(publishedWith(segments, torn), [country('DE', 0), event('go', 1), country('FR', 2)])
  expect(scoreOf(so)).toBe(2)
})

describe('segments that read each other', () => {
  const nested = {
    A: { all: [{ segment: 'B' }, { segment: 'C' }] },
    B: german,
    C: { not: { segment: 'B' } },
  } as const

  test('change together, and none that nobody is in is entered on the way', () => {
    const so = live(publishedWith(nested, hears), [country('DE', 1), country('FR', 2)])
    expect(textsOf(so, 'changed').filter((text) => text.includes('segment'))).toEqual([
      'Enters segment “B”',
      'Leaves segment “B”',
      'Enters segment “C”',
    ])
  })

  test('hold at every rest what their conditions say, in whatever order they stand', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.entries(SEGMENTS), { minLength: Object.keys(SEGMENTS).length }),
        fc.array(fc.constantFrom('go', 'purchase'), { maxLength: 12 }),
        (segments, names) => {
          const catalogue = catalogueOf(
            [{ journey: scoring, version: 1, open: true }],
            undefined,
            new Map(segments),
          )
          const so = live(
            catalogue,
            names.map((name, index) => event(name, index * 13)),
            { until: 20 * 24 },
          )
          const last = names.lastIndexOf('purchase') * 13
          const at = 20 * 24
          const recent = names.includes('purchase') && at - last < 3 * 24
          const isHot = names.includes('go')
          expect(so.history.contact.segments).toEqual(
            [
              ...(isHot ? ['Hot'] : []),
              ...(recent && !isHot ? ['Käufer „neu“'] : []),
              ...(recent ? ['Recent'] : []),
            ].toSorted(),
          )
        },
      ),
      { seed: 5, numRuns: 50 },
    )
  })
})

describe('what was lately', () => {
  const recent: Condition = { count: { event: 'purchase', within: 'P3D' }, operator: '>=', value: 1 }

  test('is what was before now, and not before an event that is told late', () => {
    const catalogue = publishedWith({ Recent: recent }, scoring)
    expect(segmentsOf(live(catalogue, [lateEvent('purchase', 1000, 900)]))).toEqual([])
    expect(segmentsOf(live(catalogue, [lateEvent('purchase', 1000, 950)]))).toEqual(['Recent'])
    // The same where somebody asks for it.
    const asks = journeyOf(
      { in: points(1, 'end'), out: points(2, 'end'), end: END },
      { on: { purchase: [triggerTo('in', { segment: 'Recent' }), triggerTo('out')] } },
    )
    expect(scoreOf(live(publishedWith({ Recent: recent }, asks), [lateEvent('purchase', 1000, 900)]))).toBe(2)
    expect(scoreOf(live(publishedWith({ Recent: recent }, asks), [lateEvent('purchase', 1000, 950)]))).toBe(1)
  })
})

describe('a look', () => {
  const recent: Condition = { count: { event: 'purchase', within: 'P3D' }, operator: '>=', value: 1 }

  test('notices what time alone has changed', () => {
    const catalogue = publishedWith({ Hot: recent }, hears)
    const so = live(catalogue, [event('purchase')], { until: 10 * 24 })
    expect(so.history.ledger.map(({ by, at }) => [by / 100, formatInstant(at)])).toEqual([
      [100, '2026-05-04T12:00:00.000Z'],
      [1000, '2026-05-08T00:00:00.000Z'],
    ])
  })

  test('after a definition was changed lets nobody enter or leave, but those inside look again', () => {
    const leaves = journeyOf(
      { hold: wait('P9D', 'end'), end: END },
      { meta: { exits: [{ when: { segment: 'Hot' } }] } },
    )
    const before = publishedWith({ Hot: german, Old: { everybody: true } }, hears, leaves)
    const after = publishedWith({ Hot: { everybody: true } }, hears, leaves)
    const folded = (catalogue: Catalogue, history: History, ...happens: readonly Happens[]) =>
      happens.reduce((next, one, index) => {
        const seq = next.events.length + index + 100
        return fold(next, { ...one, seq }, catalogue, 'UTC').history
      }, history)
    const first = folded(before, newHistory(ada({ segments: ['Old'] })), event('go'))
    expect(first.contact.segments).toEqual(['Old'])
    const second = folded(after, first, entry('look', 1, { silent: true }))
    expect(second.contact.segments).toEqual(['Hot'])
    expect(second.ledger).toEqual([])
    expect(second.enrollments.map(({ ended }) => ended?.outcome)).toEqual(['exit'])
  })
})

test('a circle of journeys through a segment is stopped', () => {
  const turns = (id: string, event: string, value: string | null) =>
    journeyOf(
      {
        on: {
          meta: { kind: 'update' },
          entry: {
            type: 'updateAttribute',
            params: { attribute: 'COUNTRY', ...(value === null ? { clear: true } : { set: value }) },
          },
          always: 'end',
        },
        end: END,
      },
      { id, ...many, on: { [event]: triggerTo('on') } },
    )
  const catalogue = publishedWith(
    { Germans: german },
    turns('a', 'segment.entered', null),
    turns('b', 'segment.left', 'DE'),
  )
  const so = live(catalogue, [country('DE', 1)])
  expect(so.failed.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('more than 200 changes followed'),
  ])
  expect(segmentsOf(so)).toEqual([])
})

describe('a definition', () => {
  const others = new Map<string, Condition>([
    ['Germans', german],
    ['Nested', { any: [{ segment: 'Outer' }, { list: 'Newsletter' }] }],
  ])
  const read = (when: unknown, name = 'Outer') => {
    const result = parseSegment(when, name, others)
    return result.ok ? 'fine' : result.problems.map(({ code, path }) => `${code} ${path}`).join(', ')
  }

  test.each<[unknown, string]>([
    [german, 'fine'],
    [
      { all: [{ segment: 'Germans' }, { count: { event: 'go', within: 'P3D' }, operator: '>', value: 1 }] },
      'fine',
    ],
    [{ list: 7 }, 'unexpected /list'],
    [{ liszt: 'x' }, 'unknown_condition '],
    [{ all: [] }, 'unfinished /all'],
    [{ list: 'a\0b' }, 'bad_text /list'],
    [{ not: { event: 'path', operator: '=', value: '/' } }, 'not_for_segments /not'],
    [{ any: [german, { crossed: 80, direction: 'up' }] }, 'not_for_segments /any/1'],
    [{ message: 'mail', was: 'clicked' }, 'not_for_segments '],
    [{ count: { event: 'go', since: 'entering' }, operator: '>', value: 1 }, 'not_for_segments '],
    [{ segment: 'Germanz' }, 'unknown_segment /segment'],
    [{ segment: 'Outer' }, 'segment_circle /segment'],
    [{ all: [german, { segment: 'Nested' }] }, 'segment_circle /all/1/segment'],
  ])('%j: %s', (when, expected) => {
    expect(read(when)).toBe(expected)
  })

  test('may not ask a thousand conditions through those it names, nor make another do so', () => {
    const twice = (name: string) => ({ all: [{ segment: name }, { not: { segment: name } }] })
    const chain = new Map<string, Condition>([['0', german]])
    for (let n = 1; n <= 7; n++) chain.set(`${n}`, twice(`${n - 1}`))
    expect(parseSegment(twice('7'), '8', chain)).toMatchObject({ ok: true })
    expect(parseSegment({ any: [twice('7'), twice('7'), twice('7')] }, '8', chain)).toMatchObject({
      ok: false,
      problems: [{ code: 'segment_too_large', path: '' }],
    })
    expect(parseSegment({ all: Array.from({ length: 20 }, () => german) }, '0', chain)).toMatchObject({
      ok: false,
      problems: [{ code: 'segment_too_large', detail: expect.stringContaining('at most 1000 conditions') }],
    })
  })

  test('may name one that names another', () => {
    expect(read({ segment: 'Nested' }, 'Third')).toBe('fine')
  })

  test('is said in words', () => {
    expect(inWords({ segment: 'Hot' })).toBe('Is in segment “Hot”')
    expect(inWords({ not: { segment: 'Hot' } })).toBe('Is not in segment “Hot”')
  })
})

test.each<[name: string, fault: string | undefined]>([
  ['Käufer „neu“', undefined],
  [' x', 'a name without blanks at its ends'],
  ['', 'a text of at least 1 character'],
  ['x'.repeat(256), 'a text of at most 255 characters'],
  ['constructor', 'another name: this one is reserved by the language'],
])('of the name %j is said what is wrong with it', (name, fault) => {
  expect(nameFault(name)).toBe(fault)
})
