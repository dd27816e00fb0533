import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatInstant, parseInstant, type Weekday } from '../../engine/calendar.ts'
import {
  delayInWords,
  delayReads,
  dueOf,
  mayBeOver,
  momentInWords,
  nextOf,
  parseDelay,
  weekdaysInWords,
  type Delay,
  type TriggerDelay,
} from '../../engine/delays.ts'
import { wallClock } from '../support/wallClock.ts'

const instant = (text: string) => parseInstant(text) as number
const delay = (text: string) => parseDelay(text) as Delay

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]

describe('the name of a delay', () => {
  test.each<[string, object, string]>([
    ['at 09:00', { type: 'at', time: 540, weekdays: EVERY_DAY }, 'at 9:00'],
    ['at 00:00 mon-fri', { type: 'at', time: 0, weekdays: [1, 2, 3, 4, 5] }, 'at 0:00 on a weekday'],
    ['at 23:59 sun', { type: 'at', time: 1439, weekdays: [7] }, 'at 23:59 on Sunday'],
    ['at 17:30 thu,mon', { type: 'at', time: 1050, weekdays: [1, 4] }, 'at 17:30 on Monday or Thursday'],
    [
      'at 08:05 sat-mon,wed',
      { type: 'at', time: 485, weekdays: [1, 3, 6, 7] },
      'at 8:05 on Monday, Wednesday, Saturday or Sunday',
    ],
    [
      'between 09:00-17:00',
      { type: 'between', opens: 540, closes: 1020, weekdays: EVERY_DAY },
      'between 9:00 and 17:00',
    ],
    [
      'between 22:00-06:00 fri,sat',
      { type: 'between', opens: 1320, closes: 360, weekdays: [5, 6] },
      'between 22:00 and 6:00 on Friday or Saturday',
    ],
    [
      'date RENEWAL_DATE',
      { type: 'date', attribute: 'RENEWAL_DATE', yearly: false, offset: null, time: null },
      'on Renewal date',
    ],
    [
      'date RENEWAL_DATE at 09:00',
      { type: 'date', attribute: 'RENEWAL_DATE', yearly: false, offset: null, time: 540 },
      'on Renewal date at 9:00',
    ],
    [
      'date RENEWAL_DATE -P7D at 09:00',
      { type: 'date', attribute: 'RENEWAL_DATE', offset: { sign: -1, duration: { days: 7 } }, time: 540 },
      '7 days before Renewal date at 9:00',
    ],
    [
      'date BIRTHDAY yearly +P1M',
      { type: 'date', yearly: true, offset: { sign: 1, duration: { months: 1 } }, time: null },
      '1 month after the next Birthday',
    ],
  ])('%s is %o: %s', (text, parts, words) => {
    expect(parseDelay(text)).toMatchObject(parts)
    expect(delayInWords(delay(text))).toBe(words)
  })

  test.each([
    'at',
    'at 9:00',
    'at 24:00',
    'at 09:60',
    'at 09:00 ',
    'at  09:00',
    'at 09:00 Mon',
    'at 09:00 monday',
    'at 09:00 mon,mon',
    'at 09:00 mon-wed,tue',
    'at 09:00 mon-mon',
    'at 09:00 mon-tue-wed',
    'at 09:00 mon, tue',
    'at 09:00 ,mon',
    'at 09:00 mon-',
    'at 09:00 mon-xyz',
    'at 09:00-17:00',
    'between 09:00',
    'between 09:00-09:00',
    'between 09:00 - 17:00',
    'between 09:00-24:00',
    'between 09:00-17:00 xyz',
    'date',
    'date renewal',
    'date RENEWAL_DATE 09:00',
    'date RENEWAL_DATE P7D',
    'date RENEWAL_DATE -P0D',
    'date RENEWAL_DATE -7D',
    'date RENEWAL_DATE -P7D yearly',
    'date RENEWAL_DATE at 9:00',
    'date RENEWAL_DATE at 09:00 mon',
    'date company.SINCE',
    'inactive at 09:00',
    'PT1H at 09:00',
    'after P1D',
  ])('%j is none', (text) => {
    expect(parseDelay(text)).toBeUndefined()
  })

  test('every weekday, every day and some of them have their words', () => {
    const words = (...days: number[]) => weekdaysInWords(days as Weekday[])
    expect([words(...EVERY_DAY), words(1, 2, 3, 4, 5), words(6, 7), words(2)]).toEqual([
      '',
      'weekday',
      'Saturday or Sunday',
      'Tuesday',
    ])
  })

  test('what may be over the moment it begins: a window and a date', () => {
    const names = ['P1D', 'inactive P1D', 'at 09:00', 'between 09:00-10:00', 'date DAY', 'date DAY yearly']
    expect(names.map((name) => mayBeOver(delay(name)))).toEqual([false, false, false, true, true, true])
  })

  test('what it depends on: always the zone, and the attribute that holds the date', () => {
    expect(delayReads(delay('P1D'))).toEqual(['field:TIMEZONE'])
    expect(delayReads(delay('date DAY'))).toEqual(['field:TIMEZONE', 'field:DAY'])
    expect(momentInWords(delay('at 09:00') as TriggerDelay & { type: 'at' })).toBe('9:00')
  })
})

// ---- When it is due ------------------------------------------------------------------------------------------------

describe('a wait', () => {
  const since = instant('2026-05-04T12:00:00Z')
  const due = (name: string, attributes = {}, lastActivityAt: number | null = null) => {
    const { due: at, note } = dueOf(delay(name), since, { attributes, lastActivityAt }, 'Europe/Berlin')
    return [formatInstant(at), note].filter((part) => part !== undefined)
  }

  test('for a time of day never takes the moment at which it begins', () => {
    const berlin = (at: string) =>
      formatInstant(
        dueOf(delay('at 09:00'), instant(at), { attributes: {}, lastActivityAt: null }, 'Europe/Berlin').due,
      )
    expect(berlin('2026-05-04T06:59:59.999Z')).toBe('2026-05-04T07:00:00.000Z')
    expect(berlin('2026-05-04T07:00:00.000Z')).toBe('2026-05-05T07:00:00.000Z')
  })

  test('for a window is over at once while it is open, to its last millisecond', () => {
    const berlin = (at: string) =>
      formatInstant(
        dueOf(
          delay('between 09:00-17:00'),
          instant(at),
          { attributes: {}, lastActivityAt: null },
          'Europe/Berlin',
        ).due,
      )
    expect(berlin('2026-05-04T07:00:00.000Z')).toBe('2026-05-04T07:00:00.000Z')
    expect(berlin('2026-05-04T14:59:59.999Z')).toBe('2026-05-04T14:59:59.999Z')
    expect(berlin('2026-05-04T15:00:00.000Z')).toBe('2026-05-05T07:00:00.000Z')
  })

  test('for inactivity counts from the later of entry and last activity', () => {
    expect(due('inactive P1D')).toEqual(['2026-05-05T12:00:00.000Z'])
    expect(due('inactive P1D', {}, since - 1)).toEqual(['2026-05-05T12:00:00.000Z'])
    expect(due('inactive P1D', {}, since + 1)).toEqual(['2026-05-05T12:00:00.001Z'])
  })

  test('for a date is over at once where it is past or there is none, and says so', () => {
    const name = 'date RENEWAL_DATE -P7D at 09:00'
    expect(due(name, { RENEWAL_DATE: '2026-05-20' })).toEqual(['2026-05-13T07:00:00.000Z'])
    expect(due(name, { RENEWAL_DATE: '2026-05-06' })).toEqual([
      '2026-05-04T12:00:00.000Z',
      'Renewal date was due on 29 April 2026: goes on at once',
    ])
    const none = '2026-05-04T12:00:00.000Z'
    expect(due(name)).toEqual([none, 'Renewal date is empty: goes on at once'])
    expect(due(name, { RENEWAL_DATE: 'soon' })).toEqual([none, 'Renewal date is no date: goes on at once'])
    expect(due(name, { RENEWAL_DATE: 20260520 })).toEqual([none, 'Renewal date is no date: goes on at once'])
    expect(due('date BORN yearly', { BORN: '31 May' })).toEqual([none, 'Born is no date: goes on at once'])
  })

  test('for so long before an instant is exact, days aside', () => {
    const when = { WHEN: '2026-05-06T10:30:00Z' }
    expect(due('date WHEN', when)).toEqual(['2026-05-06T10:30:00.000Z'])
    expect(due('date WHEN -PT90M', when)).toEqual(['2026-05-06T09:00:00.000Z'])
    expect(due('date WHEN +P1D', when)).toEqual(['2026-05-07T10:30:00.000Z'])
    expect(due('date WHEN at 09:00', when)).toEqual(['2026-05-06T07:00:00.000Z'])
  })

  test('for an anniversary is never before the date itself', () => {
    expect(due('date RENEWAL_DATE yearly', { RENEWAL_DATE: '2029-02-28' })).toEqual([
      '2029-02-27T23:00:00.000Z',
    ])
    expect(due('date BORN yearly -P2Y', { BORN: '2026-06-01' })).toEqual(['2026-05-31T22:00:00.000Z'])
    expect(due('date BORN yearly +P2Y', { BORN: '2020-06-01T10:00:00Z' })).toEqual([
      '2026-06-01T10:00:00.000Z',
    ])
  })
})

test('a trigger by a date or by inactivity is due only where that is still to come', () => {
  const next = (name: string, attributes: object, lastActivityAt: number | null, after: string) => {
    const contact = { attributes: attributes as {}, lastActivityAt, createdAt: instant('2026-01-01') }
    const at = nextOf(delay(name) as Exclude<TriggerDelay, { type: 'at' }>, contact, 'UTC', instant(after))
    return at === undefined ? undefined : formatInstant(at).slice(0, 10)
  }
  const renewal = { RENEWAL_DATE: '2026-05-20' }
  expect(next('date RENEWAL_DATE -P7D', renewal, null, '2026-05-12')).toBe('2026-05-13')
  expect(next('date RENEWAL_DATE -P7D', renewal, null, '2026-05-13')).toBeUndefined()
  expect(next('date RENEWAL_DATE -P7D', {}, null, '2026-05-12')).toBeUndefined()
  expect(next('date RENEWAL_DATE yearly', renewal, null, '2026-05-20')).toBe('2027-05-20')
  expect(next('inactive P30D', {}, instant('2026-05-01'), '2026-05-02')).toBe('2026-05-31')
  expect(next('inactive P30D', {}, instant('2026-05-01'), '2026-05-31')).toBeUndefined()
  // Who was never active counts from becoming known.
  expect(next('inactive P30D', {}, null, '2026-01-02')).toBe('2026-01-31')
})

// ---- Any zone ------------------------------------------------------------------------------------------------------

describe('in zones with clocks of all kinds', () => {
  /** Changes at midnight, by two hours, by a whole day, for a month of fasting; odd offsets. */
  const ZONES = [
    'America/Santiago',
    'America/St_Johns',
    'Africa/Cairo',
    'Africa/Casablanca',
    'Antarctica/Troll',
    'Asia/Beirut',
    'Asia/Tehran',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Chatham',
    'UTC',
  ]
  const clocks = new Map(ZONES.map((zone) => [zone, wallClock(zone)]))
  const start = instant('2010-01-01')
  // Of three in four a day on which some of these clocks change.
  const changes = [
    '2011-12-29',
    '2023-04-27',
    '2024-03-30',
    '2024-04-06',
    '2024-09-07',
    '2025-02-22',
    '2025-03-29',
  ]
  const since = fc.oneof(
    fc.integer({ min: start, max: instant('2029-12-31') }),
    fc.tuple(fc.constantFrom(...changes), fc.nat(3 * 86_400_000)).map(([day, more]) => instant(day) + more),
  )
  const clock = fc.nat(287).map((five) => five * 5)
  const days = fc
    .uniqueArray(fc.constantFrom(...EVERY_DAY), { minLength: 1 })
    .map((all) => all.toSorted((a, b) => a - b))
  const text = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const names = (weekdays: readonly number[]) =>
    weekdays.map((day) => ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][day - 1]).join(',')
  const nobody = { attributes: {}, lastActivityAt: null }

  test('a time of day is the one that the clock shows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), since, clock, days, (zone, from, time, weekdays) => {
        const { due } = dueOf(delay(`at ${text(time)} ${names(weekdays)}`), from, nobody, zone)
        expect(formatInstant(due)).toBe(formatInstant(clocks.get(zone)!.next(from, time, weekdays)))
      }),
      { seed: 7, numRuns: 400 },
    )
  })

  test('a window is open when the clock stands in it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        since,
        clock,
        clock,
        days,
        (zone, from, opens, closes, weekdays) => {
          fc.pre(opens !== closes)
          const name = `between ${text(opens)}-${text(closes)} ${names(weekdays)}`
          const { due } = dueOf(delay(name), from, nobody, zone)
          expect(formatInstant(due)).toBe(
            formatInstant(clocks.get(zone)!.within(from, opens, closes, weekdays)),
          )
        },
      ),
      { seed: 8, numRuns: 400 },
    )
  })

  test('an anniversary comes once a year, and none is left out', () => {
    const days = fc.integer({ min: instant('1950-01-01'), max: instant('2009-10-31') })
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        since,
        days,
        fc.nat(60),
        clock,
        (zone, from, day, before, time) => {
          const born = formatInstant(day).slice(0, 10)
          const name = `date BORN yearly${before > 0 ? ` -P${before}D` : ''} at ${text(time)}`
          const next = (after: number) =>
            dueOf(delay(name), after, { attributes: { BORN: born }, lastActivityAt: null }, zone).due
          const first = next(from)
          const second = next(first)
          expect(first).toBeGreaterThan(from)
          expect(first - from).toBeLessThan(368 * 86_400_000)
          const between = (second - first) / 86_400_000
          expect(between).toBeGreaterThan(363)
          expect(between).toBeLessThan(368)
        },
      ),
      { seed: 9, numRuns: 200 },
    )
  })
})
