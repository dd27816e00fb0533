/** Triggers by time, and what only the triggers of one journey hear. */
import { describe, expect, test } from 'vitest'
import {
  catalogueOf,
  duesOf,
  formatInstant,
  newContact,
  nextLook,
  schedulesAfter,
  type Catalogue,
} from '../../engine/index.ts'
import {
  ada,
  DAY,
  END,
  entry,
  event,
  HOUR,
  identify,
  live,
  passages,
  passagesOf,
  points,
  published,
  publishedWith,
  scoreOf,
  START,
  textsOf,
  wait,
  waitFor,
} from '../support/entries.ts'
import { journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'

const step = { on: points(1, 'end'), end: END }
const again = { meta: { reentry: { policy: 'parallel' } } } as const

function timed(at: string, more: { readonly id?: string } = {}) {
  return journeyOf(step, { ...again, on: { 'time.due': triggerAt(at, 'on') }, ...more })
}

/** When a journey was entered, oldest first. */
function entered(so: ReturnType<typeof live>, journey = 'test'): readonly string[] {
  return passages(so.history, journey).map(({ enteredAt }) => formatInstant(enteredAt))
}

describe('a trigger by a date', () => {
  const renewal = timed('date RENEWAL_DATE -P7D at 09:00')
  const date = (day: string, hour: number) => identify({ attributes: { RENEWAL_DATE: day } }, hour)

  test('lets in once, in the contact’s time', () => {
    const contact = ada({ attributes: { RENEWAL_DATE: '2026-06-15', TIMEZONE: 'America/New_York' } })
    const so = live(renewal, [event('x')], { contact, until: 60 * 24 })
    expect(entered(so)).toEqual(['2026-06-08T13:00:00.000Z'])
    expect(passages(so.history)[0]).toMatchObject({
      trigger: 'time.due',
      properties: { journey: 'test', at: 'date RENEWAL_DATE -P7D at 09:00' },
    })
    expect(so.entries.map(({ kind }) => kind)).toEqual(['event', 'due'])
  })

  test('goes by the attribute as it is then: what is past when it is told lets in nobody', () => {
    expect(
      entered(live(renewal, [date('2026-06-15', 1), date('2026-07-15', 2)], { until: 90 * 24 })),
    ).toEqual(['2026-07-08T09:00:00.000Z'])
    expect(entered(live(renewal, [date('2026-05-05', 1)], { until: 90 * 24 }))).toEqual([])
    expect(entered(live(renewal, [event('x')], { until: 90 * 24 }))).toEqual([])
  })

  test('comes each year where it says so', () => {
    const contact = ada({ attributes: { BORN: '1988-02-29' } })
    const so = live(timed('date BORN yearly at 08:00'), [event('x')], { contact, until: 3 * 365 * 24 })
    expect(entered(so)).toEqual([
      '2027-02-28T08:00:00.000Z',
      '2028-02-29T08:00:00.000Z',
      '2029-02-28T08:00:00.000Z',
    ])
  })
})

describe('a trigger by inactivity', () => {
  const quiet = timed('inactive P30D')

  test('lets in once in each quiet spell', () => {
    const so = live(quiet, [event('x'), event('x', 5 * 24), event('x', 100 * 24)], { until: 200 * 24 })
    expect(entered(so)).toEqual([START + 35 * DAY, START + 130 * DAY].map(formatInstant))
  })

  test('counts from becoming known for those who were never active', () => {
    const contact = { ...newContact('ada', START - 10 * DAY) }
    expect(entered(live(quiet, [identify({})], { contact, until: 90 * 24 }))).toEqual([
      formatInstant(START + 20 * DAY),
    ])
  })

  test('is no activity itself, and what is not active does not count', () => {
    const dull = event('x', 20 * 24, {}, { active: false })
    expect(entered(live(quiet, [event('x'), dull], { until: 90 * 24 }))).toEqual([
      formatInstant(START + 30 * DAY),
    ])
  })
})

describe('a schedule', () => {
  test('comes by the clock of the workspace, for whom its condition holds', () => {
    const hot = { segment: 'Hot' }
    const weekly = journeyOf(step, { ...again, on: { 'time.due': triggerAt('at 09:00 mon', 'on', hot) } })
    const segments = { Hot: { list: 'Warm leads' } } as const
    const contact = ada({ attributes: { TIMEZONE: 'Asia/Kathmandu' } })
    const events = [event('x'), event('join', 8 * 24)]
    const joins = journeyOf(
      {
        on: {
          meta: { kind: 'addToList' },
          entry: { type: 'addToList', params: { list: 'Warm leads' } },
          always: 'end',
        },
        end: END,
      },
      { id: 'joins', on: { join: triggerTo('on') } },
    )
    const so = live(publishedWith(segments, weekly, joins), events, {
      contact,
      until: 20 * 24,
      zone: 'Europe/Berlin',
    })
    expect(entered(so)).toEqual(['2026-05-18T07:00:00.000Z'])
    expect(textsOf(so, 'notEntered')).toEqual(['Not entered: the contact is not in segment “Hot”'])
  })

  test('two that come at one moment both come', () => {
    const both = [timed('at 09:00', { id: 'a' }), timed('at 09:00 tue', { id: 'b' })]
    const so = live(published(...both), [event('x')], { until: 24 })
    expect(so.entries.map((one) => ('journey' in one ? one.journey : one.kind))).toEqual(['event', 'a', 'b'])
  })
})

test('of several triggers by time the one lets in whose time has come, and the first whose condition holds', () => {
  const several = journeyOf(
    { early: points(1, 'end'), rich: points(2, 'end'), poor: points(3, 'end'), end: END },
    {
      ...again,
      on: {
        'time.due': [
          triggerAt('at 08:00', 'early'),
          triggerAt('at 09:00', 'rich', { field: 'SCORE', operator: '>', value: 2 }),
          triggerAt('at 09:00', 'poor'),
        ],
      },
    },
  )
  const so = live(several, [event('x')], { until: 3 * 24 })
  expect(so.history.ledger.map(({ by }) => by / 100)).toEqual([1, 3, 1, 2, 1, 2])
})

describe('when triggers by time let in next', () => {
  const names = (catalogue: Catalogue) => catalogue.times.map(({ journey, name }) => `${journey}: ${name}`)

  test('is known for live and paused journeys in their newest version', () => {
    const at = (id: string, name: string, version: number, more: { open: boolean; held?: boolean }) => ({
      journey: timed(name, { id }),
      version,
      ...more,
    })
    const catalogue = catalogueOf([
      at('live', 'at 09:00', 2, { open: true }),
      at('live', 'at 10:00', 1, { open: false }),
      at('paused', 'inactive P30D', 1, { open: false, held: true }),
      { journey: journeyOf(step, { id: 'other' }), version: 1, open: true },
    ])
    expect(names(catalogue)).toEqual(['live: at 09:00', 'paused: inactive P30D'])
  })

  test('is asked for dates and inactivity by contact, for schedules by zone', () => {
    const catalogue = published(
      timed('date DAY', { id: 'a' }),
      timed('inactive P1D', { id: 'b' }),
      timed('at 09:00', { id: 'c' }),
    )
    const contact = ada({ attributes: { DAY: '2026-06-01', TIMEZONE: 'Asia/Kathmandu' } })
    const shown = (dues: ReturnType<typeof duesOf>) =>
      dues.map(({ journey, delay, due }) => [journey, delay, formatInstant(due)])
    expect(shown(duesOf(contact, catalogue, 'UTC', START))).toEqual([
      ['a', 'date DAY', '2026-05-31T18:15:00.000Z'],
      ['b', 'inactive P1D', '2026-05-05T12:00:00.000Z'],
    ])
    expect(shown(schedulesAfter(START, catalogue, 'Asia/Kathmandu'))).toEqual([
      ['c', 'at 09:00', '2026-05-05T03:15:00.000Z'],
    ])
  })
})

describe('an entry that tries the triggers of one journey', () => {
  const going = journeyOf(step, { ...again, id: 'going' })
  const others = journeyOf(step, { ...again, id: 'others' })
  const waiting = journeyOf(
    { hold: waitFor({ go: 'on' }, { P9D: 'end' }), on: points(10, 'end'), end: END },
    { id: 'waiting', on: { start: triggerTo('hold') } },
  )
  const admit = (journey: string, event: string, properties = {}) =>
    entry('admit', 2, { journey, event, properties })

  test('is heard by no other journey and by nobody inside', () => {
    const so = live(published(going, others, waiting), [event('start'), admit('going', 'go', { order: 7 })])
    expect(scoreOf(so)).toBe(1)
    expect(passages(so.history, 'going').map(({ trigger, properties }) => [trigger, properties])).toEqual([
      ['go', { order: 7 }],
    ])
    expect(passagesOf(so, 'waiting')).toEqual(['hold'])
  })

  test('keeps to re-entry, audience and conditions', () => {
    const once = journeyOf(step, { id: 'once', meta: { reentry: { policy: 'once' } } })
    const so = live(once, [event('go'), admit('once', 'go'), admit('nobody', 'go')])
    expect(passagesOf(so, 'once')).toEqual(['finished'])
    expect(textsOf(so, 'notEntered')).toEqual(['Not entered: has been here before, and this is once only'])
  })

  test('does not count what was told again a second time', () => {
    const third = { count: { event: 'go' }, operator: '>=', value: 3 } as const
    const counting = journeyOf(step, { id: 'counting', on: { go: triggerTo('on', third) } })
    const so = live(counting, [event('go'), event('go', 1), admit('counting', 'go')])
    expect(passagesOf(so, 'counting')).toEqual([])
    expect(textsOf(so, 'notEntered').at(-1)).toContain('happened 2 times, not at least 3 times')
    expect(passagesOf(live(counting, [event('go'), event('go', 1), event('go', 2)]), 'counting')).toEqual([
      'finished',
    ])
  })

  test('by a time that the journey no longer names lets in nobody', () => {
    const so = live(timed('at 09:00'), [entry('due', 1, { journey: 'test', delay: 'at 10:00' })])
    expect(passagesOf(so)).toEqual([])
    expect(textsOf(so, 'notEntered')).toEqual(['Not entered: this time lets in nobody any more'])
  })

  test('is kept back where the journey is paused', () => {
    const catalogue = catalogueOf([
      { journey: timed('at 09:00', { id: 'one' }), version: 1, open: false, held: true },
      { journey: timed('at 09:00', { id: 'two' }), version: 1, open: false, held: true },
    ])
    const so = live(catalogue, [event('x')], { until: 21 })
    expect(textsOf(so, 'notEntered')).toEqual([
      'Not entered: the journey is paused, and this is kept until it goes on',
      'Not entered: the journey is paused, and this is kept until it goes on',
    ])
  })
})

describe('what looks back from now', () => {
  const recently = { count: { event: 'purchase', within: 'P3D' }, operator: '>=', value: 1 } as const

  test('is looked at at each midnight of the workspace, where there is any', () => {
    const plain = journeyOf(step)
    const leaving = journeyOf(
      { hold: wait('P30D', 'end'), end: END },
      { id: 'leaving', meta: { exits: [{ when: { not: recently } }] } },
    )
    expect(nextLook(START, published(plain), 'UTC')).toBeUndefined()
    expect(nextLook(START, publishedWith({ Recent: recently }, plain), 'UTC')).toBe(START + 12 * HOUR)
    expect(nextLook(START, published(leaving), 'Asia/Kathmandu')).toBe(Date.UTC(2026, 4, 4, 18, 15))
  })

  test('ends passages and waits when its time is over', () => {
    const leaving = journeyOf(
      {
        hold: {
          meta: { kind: 'waitFor' },
          always: {
            target: 'on',
            guard: { type: 'holds', params: { when: { field: 'DAY', operator: 'before', value: 'P2D' } } },
          },
          after: { P30D: 'end' },
        },
        on: points(1, 'hold2'),
        hold2: wait('P30D', 'end'),
        end: END,
      },
      { on: { purchase: triggerTo('hold') }, meta: { exits: [{ when: { not: recently } }] } },
    )
    const contact = ada({ attributes: { DAY: '2026-05-04' } })
    const so = live(leaving, [event('purchase')], { contact, until: 30 * 24 })
    expect(so.history.ledger.map(({ at }) => formatInstant(at))).toEqual(['2026-05-07T00:00:00.000Z'])
    expect(passages(so.history)[0]?.ended).toMatchObject({ outcome: 'exit', at: Date.UTC(2026, 4, 8) })
  })
})
