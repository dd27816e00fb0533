/**
 * Time, day by day, over both changes of the clocks in each of five zones and over a 29 February: whatever waits for a time
 * of day, a window, a weekday or a date is due to the minute when an oracle says that knows nothing of time zones but what
 * clocks show (test/support/wallClock.ts).
 */
import { describe, expect, test } from 'vitest'
import { dueOf, formatInstant, parseDelay, type Delay } from '../../engine/index.ts'
import { ada, END, live, points, published, START, wait } from '../support/entries.ts'
import { journeyOf, triggerAt } from '../support/journeys.ts'
import { DAY_MINUTES, local, wallClock } from '../support/wallClock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** From before the clocks go forward in the north to after 29 February and the next time: all changes in between. */
const FROM = Date.UTC(2027, 2, 1)
const TO = Date.UTC(2028, 3, 10)

const ZONES = ['America/New_York', 'Europe/London', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC']
const CLOCKS = new Map(ZONES.map((zone) => [zone, wallClock(zone)]))
const clockOf = (zone: string) => CLOCKS.get(zone)!

/** Attributes that hold dates. */
type Dated = { readonly [attribute: string]: string }

const delay = (name: string) => parseDelay(name) as Delay
const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

const ALL = [1, 2, 3, 4, 5, 6, 7]
const WORKING = [1, 2, 3, 4, 5]

/** Once a day, at another minute each day, and at every half hour of the days on which the clocks change. */
function moments(zone: string): readonly number[] {
  const { shows } = clockOf(zone)
  const days = Array.from({ length: (TO - FROM) / DAY }, (_, index) => FROM + index * DAY)
  const changes = days.filter((day) => shows(day + DAY) - shows(day) !== DAY_MINUTES)
  const around = changes.flatMap((day) =>
    Array.from({ length: 60 }, (_, half) => day - 6 * HOUR + (half * HOUR) / 2),
  )
  return [...days.map((day, index) => day + ((index * 997) % DAY_MINUTES) * MINUTE + 12_345), ...around]
}

test('the clocks change as they should in the year that is tried', () => {
  const changes = ZONES.map((zone) => {
    const { shows } = clockOf(zone)
    const found: string[] = []
    for (let at = FROM; at < TO; at += HOUR / 2)
      if (shows(at) - shows(at - HOUR / 2) !== 30)
        found.push(`${formatInstant(at).slice(0, 16)} ${shows(at) - shows(at - HOUR / 2) - 30}`)
    return found
  })
  expect(changes).toEqual([
    ['2027-03-14T07:00 60', '2027-11-07T06:00 -60', '2028-03-12T07:00 60'],
    ['2027-03-28T01:00 60', '2027-10-31T01:00 -60', '2028-03-26T01:00 60'],
    [],
    ['2027-04-03T15:00 -30', '2027-10-02T15:30 30', '2028-04-01T15:00 -30'],
    [],
  ])
})

describe.each(ZONES)('in %s', (zone) => {
  const { next, within, instant, shows } = clockOf(zone)
  const starts = moments(zone)

  /** Where the engine and the oracle say another time, readably. */
  const differences = (
    name: string,
    expected: (since: number, attributes: Dated) => number,
    attributesAt: (since: number, index: number) => Dated = () => ({}),
  ) =>
    starts.flatMap((since, index) => {
      const attributes = attributesAt(since, index)
      const { due } = dueOf(delay(name), since, { attributes, lastActivityAt: null }, zone)
      const right = expected(since, attributes)
      return due === right ? [] : [[attributes, ...[since, due, right].map(formatInstant)]]
    })

  test.each([
    ['00:00', '', ALL],
    ['09:00', '', ALL],
    ['09:00', ' mon-fri', WORKING],
    ['17:30', ' mon,thu', [1, 4]],
    ['23:59', ' sat-mon', [1, 6, 7]],
    // Skipped by one or another clock, or there twice.
    ['01:30', '', ALL],
    ['01:45', ' sun', [7]],
    ['02:00', ' sun', [7]],
    ['02:15', '', ALL],
    ['02:30', ' sat,sun', [6, 7]],
  ])('at %s%s', (time, days, weekdays) => {
    expect(differences(`at ${time}${days}`, (since) => next(since, minutes(time), weekdays))).toEqual([])
  })

  test.each([
    ['09:00-17:00', '', ALL],
    ['09:00-17:00', ' mon-fri', WORKING],
    ['22:00-06:00', '', ALL],
    ['22:00-06:00', ' fri', [5]],
    ['18:00-00:00', ' sat,sun', [6, 7]],
    // Around the changes: skipped whole, begun in the middle, open twice.
    ['02:15-02:25', '', ALL],
    ['02:15-02:25', ' sun', [7]],
    ['02:20-03:10', ' sun', [7]],
    ['01:15-01:45', '', ALL],
    ['00:30-01:50', ' sun', [7]],
    ['02:30-02:00', ' sat', [6]],
  ])('between %s%s', (window, days, weekdays) => {
    const [opens, closes] = [minutes(window.slice(0, 5)), minutes(window.slice(6))]
    const expected = (since: number) => within(since, opens, closes, weekdays)
    expect(differences(`between ${window}${days}`, expected)).toEqual([])
  })

  // ---- Dates -------------------------------------------------------------------------------------------------------

  /** A day within weeks of the moment, written as clients write dates. */
  const dayNear = (since: number, index: number): Dated => ({
    DAY: new Date(since + (((index * 7) % 40) - 12) * DAY).toISOString().slice(0, 10),
  })
  const parts = (date = '') => date.split('-').map(Number) as [number, number, number]

  test.each([
    ['', 0, 0],
    [' at 09:00', 0, 9 * 60],
    [' at 02:30', 0, 2 * 60 + 30],
    [' at 01:30', 0, 90],
    [' -P7D at 09:00', -7, 9 * 60],
    [' +P1D', 1, 0],
    [' -P1W at 02:15', -7, 2 * 60 + 15],
  ])('date DAY%s', (rest, moved, time) => {
    const expected = (since: number, { DAY: day }: Dated) =>
      Math.max(since, instant(local(...parts(day), time) + moved * DAY_MINUTES))
    expect(differences(`date DAY${rest}`, expected, dayNear)).toEqual([])
  })

  test('date DAY -PT36H at 12:00: hours are exact', () => {
    const expected = (since: number, { DAY: day }: Dated) =>
      Math.max(since, instant(local(...parts(day), 12 * 60)) - 36 * HOUR)
    expect(differences('date DAY -PT36H at 12:00', expected, dayNear)).toEqual([])
  })

  test('date WHEN, an instant', () => {
    const near = (since: number, index: number) => ({
      WHEN: formatInstant(since + ((index * 7) % 40) * HOUR - DAY / 2),
    })
    const when = ({ WHEN: text = '' }: Dated) => Date.parse(text)
    expect(differences('date WHEN', (since, so) => Math.max(since, when(so)), near)).toEqual([])
    const atNine = (since: number, so: Dated) => {
      const day = Math.floor(shows(when(so)) / DAY_MINUTES)
      return Math.max(since, instant(day * DAY_MINUTES + 9 * 60))
    }
    expect(differences('date WHEN at 09:00', atNine, near)).toEqual([])
  })

  /** A day of the year: 29 February is the 28th where there is none. */
  const birthday = (month: number, day: number, year: number, time: number) => {
    const there = new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1
    return local(year, month, there ? day : 28, time)
  }

  test.each([
    ['1988-02-29', ' at 09:00', 0, 9 * 60],
    ['1988-02-29', ' -P7D at 09:00', -7, 9 * 60],
    ['1988-02-29', ' +P1D at 00:30', 1, 30],
    ['1990-02-28', '', 0, 0],
    ['1990-03-01', ' -P1D', -1, 0],
    ['1975-12-31', ' +P3D at 17:00', 3, 17 * 60],
    ['1975-01-03', ' -P7D at 02:30', -7, 2 * 60 + 30],
    ['2001-03-14', ' at 02:30', 0, 2 * 60 + 30],
    ['2001-11-07', ' at 01:30', 0, 90],
    ['2001-10-03', ' at 02:15', 0, 2 * 60 + 15],
  ])('date BORN yearly, born on %s%s', (born, rest, moved, time) => {
    const [, month, day] = parts(born)
    const expected = (since: number) => {
      const year = new Date(since).getUTCFullYear()
      const all = [year - 1, year, year + 1, year + 2].map((one) =>
        instant(birthday(month, day, one, time) + moved * DAY_MINUTES),
      )
      return all.find((at) => at > since) ?? NaN
    }
    expect(differences(`date BORN yearly${rest}`, expected, () => ({ BORN: born }))).toEqual([])
  })

  // ---- Journeys ----------------------------------------------------------------------------------------------------

  test('a year of waits: each point is given at the minute the clock says', () => {
    const rounds = journeyOf({
      morning: wait('at 09:00 mon-fri', 'one'),
      one: points(1, 'lunch'),
      lunch: wait('between 12:30-13:30', 'two'),
      two: points(2, 'night'),
      night: wait('at 02:30', 'three'),
      three: points(3, 'late'),
      late: wait('between 22:00-03:00 sat,sun', 'four'),
      four: points(4, 'morning'),
    })
    const go = { kind: 'event', name: 'go', properties: {}, active: true, late: false } as const
    const contact = ada({ attributes: { TIMEZONE: zone } })
    const so = live(rounds, [{ ...go, at: FROM, occurredAt: FROM }], { contact, until: (TO - START) / HOUR })
    const expected: [number, number][] = []
    for (let at = FROM; ; ) {
      const steps = [
        (since: number) => next(since, 9 * 60, WORKING),
        (since: number) => within(since, 12 * 60 + 30, 13 * 60 + 30, ALL),
        (since: number) => next(since, 2 * 60 + 30, ALL),
        (since: number) => within(since, 22 * 60, 3 * 60, [6, 7]),
      ]
      at = (steps[expected.length % 4] as (since: number) => number)(at)
      if (at > TO) break
      expected.push([100 * ((expected.length % 4) + 1), at])
    }
    expect(so.history.ledger.map(({ by, at }) => [by, at])).toEqual(expected)
    expect(so.failed).toEqual([])
  })

  test('a year of triggers by time', () => {
    const triggered = (at: string) => ({ 'time.due': triggerAt(at, 'on', { everybody: true }) })
    const journeys = ['at 02:30 sun', 'date BORN yearly at 09:00', 'date DAY -P7D at 01:30', 'inactive P30D']
    const built = journeys.map((at, index) =>
      journeyOf(
        { on: points(1, 'end'), end: END },
        { id: `journey-${index}`, on: triggered(at), meta: { reentry: { policy: 'parallel' } } },
      ),
    )
    const contact = ada({
      attributes: { TIMEZONE: zone, BORN: '1996-02-29', DAY: '2027-04-04' },
      lastActivityAt: FROM - 5 * DAY,
      createdAt: FROM - 9 * DAY,
    })
    const nothing = { at: FROM, happens: () => undefined }
    const so = live(published(...built), [nothing], { contact, until: (TO - START) / HOUR, zone })
    const sundays: number[] = []
    for (let at = next(FROM, 150, [7]); at <= TO; at = next(at, 150, [7])) sundays.push(at)
    const entered = (index: number) =>
      so.history.enrollments
        .filter(({ journey }) => journey === `journey-${index}`)
        .map(({ enteredAt }) => enteredAt)
    expect(journeys.map((_, index) => entered(index))).toEqual([
      sundays,
      [instant(local(2028, 2, 29, 9 * 60))],
      [instant(local(2027, 3, 28, 90))],
      [instant(shows(FROM - 5 * DAY) + 30 * DAY_MINUTES)],
    ])
  })
})
