import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dateInWords,
  durationInWords,
  formatInstant,
  isZone,
  minus,
  parseDuration,
  parseInstant,
  plus,
  type Duration,
} from '../../engine/calendar.ts'
import { parseDelay } from '../../engine/delays.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const instant = (text: string) => parseInstant(text) as number
const duration = (text: string) => parseDuration(text) as Duration
const shifted = (at: string, by: string, zone: string) => formatInstant(plus(instant(at), duration(by), zone))
const shiftedBack = (at: string, by: string, zone: string) =>
  formatInstant(minus(instant(at), duration(by), zone))

describe('a duration', () => {
  const none = { years: 0, months: 0, weeks: 0, days: 0, milliseconds: 0 }
  test.each<[string, Partial<Duration>, string]>([
    ['P3D', { days: 3 }, '3 days'],
    ['P1D', { days: 1 }, '1 day'],
    ['PT24H', { milliseconds: DAY }, '24 hours'],
    ['PT1M', { milliseconds: 60_000 }, '1 minute'],
    ['P1M', { months: 1 }, '1 month'],
    ['PT90S', { milliseconds: 90_000 }, '1 minute and 30 seconds'],
    ['P2W', { weeks: 2 }, '2 weeks'],
    ['P1Y6M', { years: 1, months: 6 }, '1 year and 6 months'],
    ['P1DT12H', { days: 1, milliseconds: 12 * HOUR }, '1 day and 12 hours'],
    [
      'P1Y2M3W4DT5H6M7S',
      { years: 1, months: 2, weeks: 3, days: 4, milliseconds: 5 * HOUR + 367_000 },
      '1 year, 2 months, 3 weeks, 4 days, 5 hours, 6 minutes and 7 seconds',
    ],
  ])('%s is %o: %s', (text, parts, words) => {
    expect(parseDuration(text)).toEqual({ ...none, ...parts })
    expect(durationInWords(duration(text))).toBe(words)
    expect(parseDelay(text)).toEqual({ type: 'after', duration: { ...none, ...parts } })
    expect(parseDelay(`inactive ${text}`)).toEqual({ type: 'inactive', duration: { ...none, ...parts } })
  })

  test.each([
    '',
    'P',
    'PT',
    'P0D',
    'PT0S',
    'P1DT',
    '3 dys',
    'P3',
    'p3d',
    '3D',
    'P-1D',
    '-P1D',
    'P1.5D',
    'PT1.5H',
    'P1D ',
    ' P1D',
    'P1D\n',
    'P1H',
    'PT1D',
    'P1M1Y',
    'P123456D',
    'inactive',
    'inactive ',
    'inactive  P1D',
    'P٣D',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
    expect(parseDelay(text)).toBeUndefined()
  })
})

describe('days are days of the zone, hours are exact', () => {
  test.each([
    // New York: clocks forward on 8 March 2026 at 2:00, back on 1 November at 2:00
    ['2026-03-07T17:00:00.000Z', 'P1D', 'America/New_York', '2026-03-08T16:00:00.000Z'],
    ['2026-03-07T17:00:00.000Z', 'PT24H', 'America/New_York', '2026-03-08T17:00:00.000Z'],
    ['2026-10-31T16:00:00.000Z', 'P1D', 'America/New_York', '2026-11-01T17:00:00.000Z'],
    ['2026-10-31T16:00:00.000Z', 'PT24H', 'America/New_York', '2026-11-01T16:00:00.000Z'],
    // 2:30 does not exist on 8 March: it becomes 3:30
    ['2026-03-07T07:30:00.000Z', 'P1D', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    // 1:30 exists twice on 1 November: the first one
    ['2026-10-31T05:30:00.000Z', 'P1D', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    // the days come first, the hours are then counted exactly
    ['2026-03-07T17:00:00.000Z', 'P1DT12H', 'America/New_York', '2026-03-09T04:00:00.000Z'],
    // London: forward on 29 March 2026 at 1:00, back on 25 October at 2:00
    ['2026-03-28T09:00:00.000Z', 'P1D', 'Europe/London', '2026-03-29T08:00:00.000Z'],
    ['2026-10-24T08:00:00.000Z', 'P1W', 'Europe/London', '2026-10-31T09:00:00.000Z'],
    // Kathmandu is 5 h 45 min ahead and never changes
    ['2026-03-28T09:00:00.000Z', 'P30D', 'Asia/Kathmandu', '2026-04-27T09:00:00.000Z'],
    ['2026-01-30T18:30:00.000Z', 'P1M', 'Asia/Kathmandu', '2026-02-27T18:30:00.000Z'],
    // Lord Howe moves its clocks by half an hour: back on 5 April 2026, forward on 4 October
    ['2026-04-04T01:00:00.000Z', 'P1D', 'Australia/Lord_Howe', '2026-04-05T01:30:00.000Z'],
    ['2026-10-03T01:30:00.000Z', 'P1D', 'Australia/Lord_Howe', '2026-10-04T01:00:00.000Z'],
    // 29 February, ends of months
    ['2028-02-29T12:00:00.000Z', 'P1Y', 'UTC', '2029-02-28T12:00:00.000Z'],
    ['2027-02-28T12:00:00.000Z', 'P1Y', 'UTC', '2028-02-28T12:00:00.000Z'],
    ['2028-01-31T12:00:00.000Z', 'P1M', 'UTC', '2028-02-29T12:00:00.000Z'],
    ['2028-02-28T12:00:00.000Z', 'P1D', 'UTC', '2028-02-29T12:00:00.000Z'],
    ['2028-02-28T12:00:00.000Z', 'P1WT1H', 'UTC', '2028-03-06T13:00:00.000Z'],
  ])('%s and %s in %s is %s', (at, by, zone, later) => {
    expect(shifted(at, by, zone)).toBe(later)
  })

  test.each([
    ['2026-03-08T16:00:00.000Z', 'P1D', 'America/New_York', '2026-03-07T17:00:00.000Z'],
    ['2026-11-01T17:00:00.000Z', 'P1D', 'America/New_York', '2026-10-31T16:00:00.000Z'],
    ['2026-03-29T08:00:00.000Z', 'P1D', 'Europe/London', '2026-03-28T09:00:00.000Z'],
    ['2026-10-04T01:00:00.000Z', 'P1D', 'Australia/Lord_Howe', '2026-10-03T01:30:00.000Z'],
    ['2028-02-29T12:00:00.000Z', 'P1Y', 'UTC', '2027-02-28T12:00:00.000Z'],
    ['2026-05-03T12:00:00.000Z', 'P30DT2H', 'UTC', '2026-04-03T10:00:00.000Z'],
  ])('%s less %s in %s is %s', (at, by, zone, earlier) => {
    expect(shiftedBack(at, by, zone)).toBe(earlier)
  })

  const times = fc.integer({ min: instant('1971-01-01'), max: instant('2099-12-31') })
  const zones = fc.constantFrom(
    'UTC',
    'America/New_York',
    'Europe/London',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
  )
  const days = fc.integer({ min: 1, max: 400 })

  test('in UTC the short way and the calendar agree', () => {
    fc.assert(
      fc.property(times, days, (at, count) => {
        expect(plus(at, duration(`P${count}D`), 'UTC')).toBe(plus(at, duration(`P${count}D`), 'Etc/UTC'))
        expect(plus(at, duration(`P${count}D`), 'UTC')).toBe(at + count * DAY)
      }),
    )
  })

  test('a day more is always later, by 23 to 25 hours', () => {
    fc.assert(
      fc.property(times, zones, (at, zone) => {
        const longer = plus(at, duration('P1D'), zone) - at
        expect(longer).toBeGreaterThanOrEqual(23 * HOUR)
        expect(longer).toBeLessThanOrEqual(25 * HOUR)
      }),
    )
  })

  test('exact time there and back is the same instant', () => {
    fc.assert(
      fc.property(times, zones, days, (at, zone, hours) => {
        const exact = duration(`PT${hours}H`)
        expect(minus(plus(at, exact, zone), exact, zone)).toBe(at)
      }),
    )
  })
})

describe('an instant', () => {
  test('written and read again is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: instant('0100-01-01'), max: instant('9999-12-31') }), (at) => {
        expect(parseInstant(formatInstant(at))).toBe(at)
      }),
    )
  })

  test.each([
    ['2026-05-03', '2026-05-03T00:00:00.000Z'],
    ['2026-05-03T10:00Z', '2026-05-03T10:00:00.000Z'],
    ['2026-05-03T10:00:30Z', '2026-05-03T10:00:30.000Z'],
    ['2026-05-03T10:00:30.5+02:00', '2026-05-03T08:00:30.500Z'],
    ['2026-05-03T10:00:30.123456789-0545', '2026-05-03T15:45:30.123Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2026-12-31T23:59:59-10:00', '2027-01-01T09:59:59.000Z'],
  ])('%s is %s', (text, same) => {
    expect(formatInstant(instant(text))).toBe(same)
  })

  test.each([
    '',
    'today',
    '3 May 2026',
    '2026',
    '2026-05',
    '2026-5-3',
    '2026-02-31',
    '2026-02-29',
    '2026-04-31T10:00:00Z',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-05-03T10:00:00',
    '2026-05-03T25:00:00Z',
    '2026-05-03T10:60:00Z',
    '2026-05-03 10:00:00Z',
    '2026-05-03T10Z',
    '+012026-05-03',
    ' 2026-05-03',
    '2026-05-03\n',
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })
})

test('a zone is one the runtime knows', () => {
  expect(['UTC', 'Europe/Paris', 'Asia/Kathmandu'].map(isZone)).toEqual([true, true, true])
  expect(['', 'Paris', 'Europe/Atlantis', 'x'.repeat(1000)].map(isZone)).toEqual([false, false, false, false])
  expect(() => isZone(Symbol('no text') as never)).toThrow(TypeError)
})

test('a date in words is the day it is there', () => {
  expect(dateInWords(instant('2026-05-03T20:00:00Z'), 'UTC')).toBe('3 May 2026')
  expect(dateInWords(instant('2026-05-03T20:00:00Z'), 'Asia/Kathmandu')).toBe('4 May 2026')
})
