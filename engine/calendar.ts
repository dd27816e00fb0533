/**
 * Durations, delays, zones and dates: the only file that may name `Date` or `Temporal`. Calendar days are days in a
 * zone (a `P1D` over a clock change is 23 or 25 hours long); hours, minutes and seconds are exact.
 */
import { Temporal } from 'temporal-polyfill'

/** An ISO 8601 duration: whole calendar units and an exact part. */
export interface Duration {
  readonly years: number
  readonly months: number
  readonly weeks: number
  readonly days: number
  readonly milliseconds: number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const DURATION =
  /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/

/** Reads `P3D`, `PT24H`, `P1Y6M`; undefined for anything else, for an empty duration and for one of no length. */
export function parseDuration(text: string): Duration | undefined {
  const match = DURATION.exec(text)
  if (!match || text.endsWith('T')) return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0)) as [number, number, number, number, number, number, number]
  const milliseconds = hours * HOUR + minutes * MINUTE + seconds * SECOND
  if (years + months + weeks + days + milliseconds === 0) return undefined
  return { years, months, weeks, days, milliseconds }
}

/** The instant one duration later than `at` in `zone`. Never fails: a wall time that a clock change skips moves forward. */
export function plus(at: number, duration: Duration, zone: string): number {
  return shift(at, duration, zone, 1)
}

/** The instant one duration earlier than `at` in `zone`. */
export function minus(at: number, duration: Duration, zone: string): number {
  return shift(at, duration, zone, -1)
}

function shift(at: number, duration: Duration, zone: string, sign: 1 | -1): number {
  const { years, months, weeks, days, milliseconds } = duration
  const exact = sign * milliseconds
  if (years + months + weeks + days === 0) return at + exact
  // In UTC every day has 24 hours: no calendar is needed, and this is the event path.
  if (zone === 'UTC' && years + months === 0) return at + sign * (weeks * 7 + days) * DAY + exact
  const calendar = { years: sign * years, months: sign * months, weeks: sign * weeks, days: sign * days }
  return (
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).add(calendar).epochMilliseconds +
    exact
  )
}

// ---- Times of day and dates in a zone ------------------------------------------------------------------------------

/** Monday is 1, as in ISO 8601. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** So long before (-1) or after (1) a date. */
export interface Offset {
  readonly sign: 1 | -1
  readonly duration: Duration
}

/** From minutes after midnight to minutes after midnight, on the next day where that is earlier; weekdays are those it opens on. */
export interface Window {
  readonly opens: number
  readonly closes: number
  readonly weekdays: readonly Weekday[]
}

function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
}

/** The first instant after `after` at which it is `minutes` after midnight on one of the weekdays. */
export function nextTime(after: number, minutes: number, weekdays: readonly Weekday[], zone: string): number {
  // In UTC every day has 24 hours, and 1 January 1970 was a Thursday: no calendar is needed.
  if (zone === 'UTC') {
    for (let day = Math.floor(after / DAY); ; day++) {
      const at = day * DAY + minutes * MINUTE
      if (at > after && weekdays.includes((((((day + 3) % 7) + 7) % 7) + 1) as Weekday)) return at
    }
  }
  // The day before may still be to come: where a clock change skips a whole day, its times move to the next.
  for (let day = zoned(after, zone).toPlainDate().subtract({ days: 1 }); ; day = day.add({ days: 1 })) {
    const at = weekdays.includes(day.dayOfWeek as Weekday) ? instantOf(atTime(day, minutes), zone) : after
    if (at > after) return at
  }
}

/** `at` itself where the clock stands within the window then, else the first instant at which it does. */
export function nextOpening(at: number, window: Window, zone: string): number {
  const now = zoned(at, zone)
  if (isOpen(now, window)) return at
  const opening = nextBeginning(now, window, zone)
  // A clock that is changed may jump into the middle of a window.
  const jump = now.getTimeZoneTransition('next')
  return jump && jump.epochMilliseconds < opening && isOpen(jump, window) ? jump.epochMilliseconds : opening
}

/** When the clock shows the beginning of a window next. */
function nextBeginning(now: Temporal.ZonedDateTime, window: Window, zone: string): number {
  for (let day = now.toPlainDate(); ; day = day.add({ days: 1 })) {
    if (!window.weekdays.includes(day.dayOfWeek as Weekday)) continue
    const beginning = atTime(day, window.opens)
    for (const disambiguation of ['earlier', 'later'] as const) {
      const moment = beginning.toZonedDateTime(zone, { disambiguation })
      if (moment.epochMilliseconds > now.epochMilliseconds && isOpen(moment, window))
        return moment.epochMilliseconds
    }
  }
}

/** What the clock on the wall says, whichever way it was changed. */
function isOpen(moment: Temporal.ZonedDateTime, { opens, closes, weekdays }: Window): boolean {
  const clock = moment.hour * 60 + moment.minute
  const on = (day: number) => weekdays.includes(day as Weekday)
  const today = moment.dayOfWeek
  const yesterday = today === 1 ? 7 : today - 1
  if (opens < closes) return on(today) && opens <= clock && clock < closes
  return (on(today) && opens <= clock) || (on(yesterday) && clock < closes)
}

const DATE_ONLY = /^\d{4}-\d\d-\d\d$/

/**
 * The moment of a date ("2026-05-03") or an instant, so long before or after it, at a time of day where one is given: else
 * a date is its midnight. Days are those of the zone. Undefined for any other text.
 */
export function momentOf(
  text: string,
  offset: Offset | null,
  minutes: number | null,
  zone: string,
): number | undefined {
  const instant = parseInstant(text)
  if (instant === undefined) return undefined
  if (!DATE_ONLY.test(text) && minutes === null)
    return offset ? shift(instant, offset.duration, zone, offset.sign) : instant
  return moved(localOf(text, instant, minutes, zone), offset, zone)
}

/**
 * The first anniversary after `after`, the date itself included, moved as `momentOf` moves it: 29 February is the 28th in
 * a common year. Undefined where the text is no date.
 */
export function anniversaryAfter(
  text: string,
  offset: Offset | null,
  minutes: number | null,
  zone: string,
  after: number,
): number | undefined {
  const instant = parseInstant(text)
  if (instant === undefined) return undefined
  const first = localOf(text, instant, minutes, zone)
  const turned = offset ? shift(after, offset.duration, zone, offset.sign === 1 ? -1 : 1) : after
  for (let year = Math.max(first.year, zoned(turned, zone).year); ; year++) {
    const at = moved(first.with({ year }), offset, zone)
    if (at > after) return at
  }
}

/** The date and time of day that a text names in the zone. */
function localOf(
  text: string,
  instant: number,
  minutes: number | null,
  zone: string,
): Temporal.PlainDateTime {
  const local = DATE_ONLY.test(text)
    ? Temporal.PlainDate.from(text).toPlainDateTime()
    : zoned(instant, zone).toPlainDateTime()
  return minutes === null ? local : atTime(local.toPlainDate(), minutes)
}

/** First the days, then the exact part. */
function moved(local: Temporal.PlainDateTime, offset: Offset | null, zone: string): number {
  if (!offset) return instantOf(local, zone)
  const { years, months, weeks, days, milliseconds } = offset.duration
  const { sign } = offset
  const calendar = { years: sign * years, months: sign * months, weeks: sign * weeks, days: sign * days }
  return instantOf(local.add(calendar), zone) + sign * milliseconds
}

function atTime(day: Temporal.PlainDate, minutes: number): Temporal.PlainDateTime {
  return day.toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
}

/** What a clock change skips moves forward (2:30 becomes 3:30), what it doubles is the first. */
function instantOf(local: Temporal.PlainDateTime, zone: string): number {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

// ---- Zones and instants --------------------------------------------------------------------------------------------

/** Whether the name is a time zone known here, such as `Europe/Paris` or `UTC`. */
export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Reads an ISO 8601 instant, or a date (midnight UTC); undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?$/.test(text))
    return undefined
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) return undefined
  // Date.parse rolls 31 February over to March: what it read must say the same day as the text.
  const day = Number(text.slice(8, 10))
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
    ? instant
    : undefined
}

/** ISO 8601 UTC with milliseconds. */
export function formatInstant(at: number): string {
  return new Date(at).toISOString()
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** A date for people, "3 May 2026", in the zone. */
export function dateInWords(at: number, zone: string): string {
  const { day, month, year } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return `${day} ${MONTHS[month - 1]} ${year}`
}

/** A duration for people: "3 days", "1 day and 12 hours". */
export function durationInWords({ years, months, weeks, days, milliseconds }: Duration): string {
  const parts: [number, string][] = [
    [years, 'year'],
    [months, 'month'],
    [weeks, 'week'],
    [days, 'day'],
    [Math.floor(milliseconds / HOUR), 'hour'],
    [Math.floor((milliseconds % HOUR) / MINUTE), 'minute'],
    [Math.floor((milliseconds % MINUTE) / SECOND), 'second'],
  ]
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join('')
}
