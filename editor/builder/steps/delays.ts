/**
 * Lengths of time and delays as a form shows them: in parts, of which each may be wrong for as long as it is typed. What
 * is written is the engine's own grammar (`engine/delays.ts`); what it says of a text is the only word on whether it is
 * right. Pure.
 */
import {
  EVERY_DAY,
  parseDelay,
  parseDuration,
  timeInWords,
  type Step,
  type Weekday,
} from '../../../engine/index.ts'

// ---- Lengths ---------------------------------------------------------------------------------------------------------

export const UNITS = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const
export type Unit = (typeof UNITS)[number]

/** So many of a unit; `count` is the text as typed where it is no number. */
export interface Length {
  readonly count: number | string
  readonly unit: Unit
}

const LETTERS: { readonly [Of in Unit]: readonly [prefix: 'P' | 'PT', letter: string] } = {
  minutes: ['PT', 'M'],
  hours: ['PT', 'H'],
  days: ['P', 'D'],
  weeks: ['P', 'W'],
  months: ['P', 'M'],
  years: ['P', 'Y'],
}

/** A length as the duration of a file: 3 days is `P3D`; also where the number is none: `PabcD`. */
export function writtenLength({ count, unit }: Length): string {
  const [prefix, letter] = LETTERS[unit]
  return `${prefix}${count}${letter}`
}

/** The length that a duration is; undefined for one of several units, such as `P1DT12H`, and for what is no duration at all. */
export function readLength(text: string): Length | undefined {
  const unit = UNITS.find((unit) => {
    const [prefix, letter] = LETTERS[unit]
    return text.startsWith(prefix) && text.endsWith(letter) && (prefix === 'PT' || !text.startsWith('PT'))
  })
  if (unit === undefined) return undefined
  const [prefix, letter] = LETTERS[unit]
  const count = text.slice(prefix.length, -letter.length)
  if (/^\d+$/.test(count)) return { count: Number(count), unit }
  return parseDuration(text) === undefined ? { count, unit } : undefined
}

/** A part of a length of several units; seconds are shown where a file has them, and offered nowhere. */
export interface LengthPart {
  readonly count: number | string
  readonly unit: Unit | 'seconds'
}

const WHOLE = [
  ['Y', 'years'],
  ['M', 'months'],
  ['W', 'weeks'],
  ['D', 'days'],
] as const
const WITHIN_A_DAY = [
  ['H', 'hours'],
  ['M', 'minutes'],
  ['S', 'seconds'],
] as const

/** The parts of a duration, the largest first: `P1DT12H` is 1 day and 12 hours. What is none at all counts as days. */
export function readLengths(text: string): readonly LengthPart[] {
  const [match, whole = '', exact = ''] = /^P([^T]*)(?:T(.*))?$/.exec(text) ?? []
  const parts = match === undefined ? undefined : [partsIn(whole, WHOLE), partsIn(exact, WITHIN_A_DAY)]
  const read = parts?.every((each) => each !== undefined) ? parts.flat() : []
  return read.length > 0 ? read : [readLength(text) ?? { count: text, unit: 'days' }]
}

/** Counts before letters, each letter at most once and in this order; undefined where the text is no such row. */
function partsIn(
  text: string,
  letters: readonly (readonly [letter: string, unit: LengthPart['unit']])[],
): readonly LengthPart[] | undefined {
  const row = new RegExp(`^${letters.map(([letter]) => `(?:([^A-Z]*)${letter})?`).join('')}$`)
  const counts = row.exec(text)?.slice(1)
  return counts?.flatMap((count: string | undefined, index) =>
    count === undefined
      ? []
      : [{ count: /^\d+$/.test(count) ? Number(count) : count, unit: letters[index]![1] }],
  )
}

/** The parts as the duration of a file, whatever their order. One of several must not hold capitals where it is no number. */
export function writtenLengths(parts: readonly LengthPart[]): string {
  const [only, ...more] = parts
  const row = (letters: readonly (readonly [letter: string, unit: LengthPart['unit']])[]) =>
    letters
      .flatMap(([letter, unit]) => {
        const part = parts.find((each) => each.unit === unit)
        return part === undefined ? [] : [`${more.length > 0 ? smaller(part.count) : part.count}${letter}`]
      })
      .join('')
  if (only === undefined) return ''
  const exact = row(WITHIN_A_DAY)
  return `P${row(WHOLE)}${exact === '' ? '' : `T${exact}`}`
}

function smaller(count: number | string): number | string {
  return typeof count === 'number' ? count : count.toLowerCase()
}

// ---- Times of day ----------------------------------------------------------------------------------------------------

/** "9", "9:00", "17.30", "5 pm" as the engine writes a time: "09:00"; the text without its blanks where it is none. */
export function writtenTime(text: string): string {
  const [match, hours = '', minutes = '00', half] =
    /^(\d{1,2})(?:[:.h](\d{2})?)?\s*([ap]m)?$/i.exec(text.trim()) ?? []
  const hour = (Number(hours) % (half ? 12 : 24)) + (half?.toLowerCase() === 'pm' ? 12 : 0)
  const isTime = match !== undefined && Number(hours) <= (half ? 12 : 23) && Number(minutes) <= 59
  return isTime ? `${String(hour).padStart(2, '0')}:${minutes}` : text.replaceAll(/\s/g, '')
}

/** A time of the file as people write it: "9:00". */
export function readTime(time: string): string {
  const [match, hours, minutes] = /^(\d{2}):(\d{2})$/.exec(time) ?? []
  return match === undefined ? time : timeInWords(Number(hours) * 60 + Number(minutes))
}

// ---- Delays ----------------------------------------------------------------------------------------------------------

/** A delay in parts. Times are written as in the file, lengths in its durations. */
export type Parts =
  | { readonly type: 'after'; readonly length: string }
  | { readonly type: 'inactive'; readonly length: string }
  | { readonly type: 'at'; readonly time: string; readonly weekdays: readonly Weekday[] }
  | {
      readonly type: 'between'
      readonly opens: string
      readonly closes: string
      readonly weekdays: readonly Weekday[]
    }
  | {
      readonly type: 'date'
      readonly attribute: string
      readonly yearly: boolean
      /** 0 is the day itself. */
      readonly side: -1 | 0 | 1
      readonly length: string
      /** Empty: none is said. */
      readonly time: string
    }
export type DelayType = Parts['type']

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** A delay of each type, as a form begins with it. */
export const NEW_DELAY: { readonly [Type in DelayType]: Extract<Parts, { type: Type }> } = {
  after: { type: 'after', length: 'P1D' },
  inactive: { type: 'inactive', length: 'P30D' },
  at: { type: 'at', time: '09:00', weekdays: [1, 2, 3, 4, 5] },
  between: { type: 'between', opens: '09:00', closes: '17:00', weekdays: [1, 2, 3, 4, 5] },
  date: { type: 'date', attribute: '', yearly: false, side: -1, length: 'P7D', time: '09:00' },
}

/** The parts as the name of a delay. */
export function writtenDelay(parts: Parts): string {
  switch (parts.type) {
    case 'after':
      return parts.length
    case 'inactive':
      return `inactive ${parts.length}`
    case 'at':
      return `at ${parts.time}${writtenDays(parts.weekdays)}`
    case 'between':
      return `between ${parts.opens}-${parts.closes}${writtenDays(parts.weekdays)}`
    case 'date': {
      const { attribute, yearly, side, length, time } = parts
      const offset = side === 0 ? '' : ` ${side < 0 ? '-' : '+'}${length}`
      return `date ${attribute}${yearly ? ' yearly' : ''}${offset}${time === '' ? '' : ` at ${time}`}`
    }
  }
}

/** Every day is not said; Monday to Friday is `mon-fri`. No day at all is written as one that is none. */
function writtenDays(weekdays: readonly Weekday[]): string {
  if (weekdays.length === EVERY_DAY.length) return ''
  if (weekdays.length === 0) return ' none'
  const days = weekdays.map((day) => DAYS[day - 1])
  const isRun =
    weekdays.length > 2 && weekdays.every((day, place) => place === 0 || day === weekdays[place - 1]! + 1)
  return ` ${isRun ? `${days[0]}-${days.at(-1)}` : days.join(',')}`
}

/** The parts of a delay's name, as many as can be told; what is no delay at all counts as a length. */
export function readDelay(text: string): Parts {
  const [, inactive] = /^inactive (.*)$/.exec(text) ?? []
  if (inactive !== undefined) return { type: 'inactive', length: inactive }
  const [at, time = '', days] = /^at (\S*)(?: (\S+))?$/.exec(text) ?? []
  if (at !== undefined) return { type: 'at', time, weekdays: readDays(text, days) }
  const [between, opens = '', closes = '', open] = /^between ([^\s-]*)-(\S*)(?: (\S+))?$/.exec(text) ?? []
  if (between !== undefined) return { type: 'between', opens, closes, weekdays: readDays(text, open) }
  const [date, attribute = '', yearly, sign, length = 'P7D', hour = ''] =
    /^date (\S*)( yearly)?(?: ([+-])(P\S*))?(?: at (\S*))?$/.exec(text) ?? []
  if (date !== undefined)
    return {
      type: 'date',
      attribute,
      yearly: yearly !== undefined,
      side: sign === undefined ? 0 : sign === '-' ? -1 : 1,
      length,
      time: hour,
    }
  return { type: 'after', length: text }
}

/** The engine reads the days where it can read them; where the time beside them is wrong, it is asked with another. */
function readDays(text: string, days: string | undefined): readonly Weekday[] {
  if (days === undefined) return EVERY_DAY
  const delay = parseDelay(text) ?? parseDelay(`at 00:00 ${days}`)
  return delay !== undefined && 'weekdays' in delay ? delay.weekdays : []
}

/** A step's one delay under another name, its way as it was. */
export function withDelay(step: Step, delay: string): Step {
  const [way] = Object.values(step.after ?? {})
  return way === undefined ? step : { ...step, after: { [delay]: way } }
}
