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

/** What a name in `after` means: so long after entering the step, or so long without activity. */
export interface Delay {
  readonly type: 'after' | 'inactive'
  readonly duration: Duration
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

/** Reads the name of a delay: a duration, or `inactive P30D`. */
export function parseDelay(text: string): Delay | undefined {
  const inactive = text.startsWith('inactive ')
  const duration = parseDuration(inactive ? text.slice('inactive '.length) : text)
  return duration && { type: inactive ? 'inactive' : 'after', duration }
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
