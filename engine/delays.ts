/**
 * The names in `after` and in triggers by time: what they say, when they are due, and how people call them.
 *
 * P3D, PT24H                                   so long after the step was entered
 * inactive P30D                                so long without activity
 * at 09:00, at 09:00 mon-fri, at 09:00 mon,thu the next time the clock shows it, on one of the weekdays
 * between 09:00-17:00, between 22:00-06:00 sat now where it is in between, else when it begins; the weekday is the one it begins on
 * date RENEWAL_DATE, date BIRTHDAY yearly -P7D at 09:00
 *                                              the date an attribute holds, or its next anniversary, so long before or
 *                                              after it, at a time of day (else midnight, or the attribute's own time)
 *
 * Times of day are the zone's: what a clock change skips moves forward, what it doubles is the first. Calendar rules
 * themselves are in `calendar.ts`.
 */
import {
  anniversaryAfter,
  dateInWords,
  durationInWords,
  momentOf,
  nextOpening,
  nextTime,
  parseDuration,
  plus,
  type Duration,
  type Offset,
  type Weekday,
} from './calendar.ts'
import type { Contact, Json } from './contact.ts'
import { fieldInWords } from './names.ts'

export type Delay =
  | { readonly type: 'after'; readonly duration: Duration }
  | { readonly type: 'inactive'; readonly duration: Duration }
  /** `time` is minutes after midnight. */
  | { readonly type: 'at'; readonly time: number; readonly weekdays: readonly Weekday[] }
  | {
      readonly type: 'between'
      readonly opens: number
      readonly closes: number
      readonly weekdays: readonly Weekday[]
    }
  | {
      readonly type: 'date'
      readonly attribute: string
      readonly yearly: boolean
      readonly offset: Offset | null
      readonly time: number | null
    }

type DateDelay = Extract<Delay, { type: 'date' }>
/** What a trigger may wait for. */
export type TriggerDelay = Extract<Delay, { type: 'inactive' | 'at' | 'date' }>

// ---- Reading -----------------------------------------------------------------------------------------------------

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
export const EVERY_DAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]
const TIME = '((?:[01]\\d|2[0-3]):[0-5]\\d)'
const AT = new RegExp(`^at ${TIME}(?: ([a-z,-]+))?$`)
const BETWEEN = new RegExp(`^between ${TIME}-${TIME}(?: ([a-z,-]+))?$`)
const DATE = new RegExp(`^date ([A-Z][A-Z0-9_]{0,63})( yearly)?(?: ([+-])(P[\\dA-Z]+))?(?: at ${TIME})?$`)

/** Reads the name of a delay; undefined for anything else. */
export function parseDelay(text: string): Delay | undefined {
  switch (/^[a-z]*/.exec(text)?.[0]) {
    case 'inactive':
      return parseLength('inactive', text.replace(/^inactive /, ''))
    case 'at':
      return parseAt(text)
    case 'between':
      return parseBetween(text)
    case 'date':
      return parseDate(text)
    default:
      return parseLength('after', text)
  }
}

function parseLength(type: 'after' | 'inactive', text: string): Delay | undefined {
  const duration = parseDuration(text)
  return duration && { type, duration }
}

function parseAt(text: string): Delay | undefined {
  const [match, time, days] = AT.exec(text) ?? []
  const weekdays = parseWeekdays(days)
  return match === undefined || !weekdays ? undefined : { type: 'at', time: minutes(time), weekdays }
}

function parseBetween(text: string): Delay | undefined {
  const [match, from, to, days] = BETWEEN.exec(text) ?? []
  const weekdays = parseWeekdays(days)
  if (match === undefined || !weekdays || from === to) return undefined
  return { type: 'between', opens: minutes(from), closes: minutes(to), weekdays }
}

/** Whether a text would be a window if it did not close the moment it opens. */
export function isNeverOpen(text: string): boolean {
  const [match, opens, closes] = BETWEEN.exec(text) ?? []
  return match !== undefined && opens === closes
}

function parseDate(text: string): Delay | undefined {
  const [match, attribute, yearly, sign, length, time] = DATE.exec(text) ?? []
  const duration = length === undefined ? undefined : parseDuration(length)
  if (match === undefined || attribute === undefined || (length !== undefined && !duration)) return undefined
  return {
    type: 'date',
    attribute,
    yearly: yearly !== undefined,
    offset: duration ? { sign: sign === '-' ? -1 : 1, duration } : null,
    time: time === undefined ? null : minutes(time),
  }
}

/** Minutes after midnight of a text that is known to be a time of day. */
function minutes(text = ''): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
}

/** `mon-fri`, `mon,thu`, `sat-mon`: each day once; every day where nothing is said. */
function parseWeekdays(text: string | undefined): readonly Weekday[] | undefined {
  if (text === undefined) return EVERY_DAY
  const days = text.split(',').flatMap((part) => {
    const [first, last, ...more] = part.split('-').map((day) => WEEKDAYS.indexOf(day))
    if (first === undefined || first < 0 || more.length > 0) return [-1]
    if (last === undefined) return [first]
    if (last < 0 || last === first) return [-1]
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7)
  })
  if (days.includes(-1) || new Set(days).size < days.length) return undefined
  return days.toSorted((a, b) => a - b).map((day) => (day + 1) as Weekday)
}

// ---- When it is due ----------------------------------------------------------------------------------------------

/** What of a contact decides when it is time. */
type Timed = Pick<Contact, 'attributes' | 'lastActivityAt'>

/** When a wait that began at `since` is over. `note` says in words why it is over at once, where that needs a word. */
export function dueOf(
  delay: Delay,
  since: number,
  contact: Timed,
  zone: string,
): { readonly due: number; readonly note?: string } {
  switch (delay.type) {
    case 'after':
      return { due: plus(since, delay.duration, zone) }
    case 'inactive':
      return { due: plus(Math.max(contact.lastActivityAt ?? since, since), delay.duration, zone) }
    case 'at':
      return { due: nextTime(since, delay.time, delay.weekdays, zone) }
    case 'between':
      return { due: nextOpening(since, delay, zone) }
    case 'date':
      return dateDue(delay, since, contact, zone)
  }
}

function dateDue(delay: DateDelay, since: number, { attributes }: Timed, zone: string) {
  const name = fieldInWords(delay.attribute)
  const value = attributes[delay.attribute]
  const due = dateAfter(delay, value, since, zone)
  if (due === undefined)
    return { due: since, note: `${name} is ${value === undefined ? 'empty' : 'no date'}: goes on at once` }
  return due > since
    ? { due }
    : { due: since, note: `${name} was due on ${dateInWords(due, zone)}: goes on at once` }
}

/** The moment a date delay names, or its next anniversary after `after`; undefined where the attribute holds no date. */
function dateAfter(
  { yearly, offset, time }: DateDelay,
  value: Json | undefined,
  after: number,
  zone: string,
): number | undefined {
  if (typeof value !== 'string') return undefined
  return yearly ? anniversaryAfter(value, offset, time, zone, after) : momentOf(value, offset, time, zone)
}

/**
 * When dates or inactivity let a contact in next, strictly after `after`; undefined where they will not as things stand. Who
 * was never active counts from becoming known.
 */
export function nextOf(
  delay: Exclude<TriggerDelay, { type: 'at' }>,
  { attributes, lastActivityAt, createdAt }: Timed & Pick<Contact, 'createdAt'>,
  zone: string,
  after: number,
): number | undefined {
  const due =
    delay.type === 'inactive'
      ? plus(lastActivityAt ?? createdAt, delay.duration, zone)
      : dateAfter(delay, attributes[delay.attribute], after, zone)
  return due !== undefined && due > after ? due : undefined
}

/** Whether a wait may be over the moment it begins: the window is open, the date is past or there is none. */
export function mayBeOver(delay: Delay): boolean {
  return delay.type === 'between' || delay.type === 'date'
}

/** What a delay depends on besides the time it began, in the terms of `readsOf`: where that changes it is computed anew. */
export function delayReads(delay: Delay): readonly string[] {
  return delay.type === 'date' ? ['field:TIMEZONE', `field:${delay.attribute}`] : ['field:TIMEZONE']
}

// ---- In words ----------------------------------------------------------------------------------------------------

/** What is over when a delay is: "after 3 days", "30 days without activity", "at 9:00 on a weekday". */
export function delayInWords(delay: Delay): string {
  switch (delay.type) {
    case 'after':
      return `after ${durationInWords(delay.duration)}`
    case 'inactive':
      return `${durationInWords(delay.duration)} without activity`
    case 'at':
      return `at ${momentInWords(delay)}`
    case 'between':
      return momentInWords(delay)
    case 'date':
      return delay.offset ? momentInWords(delay) : `on ${momentInWords(delay)}`
  }
}

/** The moment itself, to stand after "until": "9:00 on a weekday", "7 days before Renewal date at 9:00". */
export function momentInWords(delay: Exclude<Delay, { duration: unknown }>): string {
  switch (delay.type) {
    case 'at':
      return `${timeInWords(delay.time)}${onWeekdays(delay.weekdays)}`
    case 'between':
      return `between ${timeInWords(delay.opens)} and ${timeInWords(delay.closes)}${onWeekdays(delay.weekdays)}`
    case 'date': {
      const { attribute, yearly, offset, time } = delay
      const name = `${yearly ? 'the next ' : ''}${fieldInWords(attribute)}`
      const day = offset
        ? `${durationInWords(offset.duration)} ${offset.sign < 0 ? 'before' : 'after'} ${name}`
        : name
      return time === null ? day : `${day} at ${timeInWords(time)}`
    }
  }
}

/** "9:00", "17:30". */
export function timeInWords(time: number): string {
  return `${Math.floor(time / 60)}:${String(time % 60).padStart(2, '0')}`
}

const WEEKDAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** "Monday", "weekday", "Monday or Thursday"; empty for every day. */
export function weekdaysInWords(weekdays: readonly Weekday[], joined: 'or' | 'and' = 'or'): string {
  const days = weekdays.join('')
  if (days === '1234567') return ''
  if (days === '12345') return 'weekday'
  const names = weekdays.map((day) => WEEKDAY_NAMES[day - 1]) as readonly string[]
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} ${joined} ${names.at(-1)}` : names.join('')
}

function onWeekdays(weekdays: readonly Weekday[]): string {
  const days = weekdaysInWords(weekdays)
  if (days === '') return ''
  return days === 'weekday' ? ' on a weekday' : ` on ${days}`
}
