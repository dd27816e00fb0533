/**
 * The brakes on messages to people (design section 6): a journey drawn wrong must not write to everybody before somebody
 * has looked, and nobody gets too much. What goes to other systems or to the team has no brakes. Pure.
 *
 * Two of them are about a journey's pace: what is over is *held*, shown, and let go or discarded by a person. Every message
 * counts. Three are about one person: what is over is *capped*, which means skipped for good.
 * - The same step reaches a person once in 24 hours unless it says otherwise (`again`). Whoever draws a loop or a parallel
 *   journey by mistake does so with messages of every type, so this one knows no exemption.
 * - Of promotional messages a person gets two in 24 hours and five in 7 days. Transactional messages and newsletters are
 *   exempt, and so are answers to what the person just did (`answersPerson`): they neither meet these limits nor count.
 */
import {
  isReservedEvent,
  minus,
  parseDuration,
  type Contact,
  type Effect,
  type Enrollment,
  type Entry,
} from '../../engine/index.ts'

/** Null: no limit. */
export interface Brakes {
  /** Messages of a newly published version within its first hour. */
  readonly firstHour: number | null
  /** Messages of any one journey within an hour. */
  readonly perHour: number | null
  /** How soon the same step may reach a person again, where it does not say so itself. */
  readonly again: string | null
  readonly promotionalPerDay: number | null
  readonly promotionalPerWeek: number | null
}

export const BRAKES: Brakes = {
  firstHour: 200,
  perHour: 2_000,
  again: 'PT24H',
  promotionalPerDay: 2,
  promotionalPerWeek: 5,
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY

// ---- The pace of a journey ---------------------------------------------------------------------------------------

/** How many messages of a journey went out lately, by version and minute. */
export type Counts = readonly (readonly [version: number, minute: number, count: number])[]

export interface Pace {
  readonly counts: Counts
  readonly version: number
  readonly publishedAt: number
  readonly now: number
}

/** Why one more message has to be held; undefined where it may go. */
export function tooFast(
  { firstHour, perHour }: Brakes,
  { counts, version, publishedAt, now }: Pace,
): string | undefined {
  const recent = counts.filter(([, minute]) => isRecent(minute, now))
  const ofVersion = recent.filter((line) => line[0] === version)
  if (firstHour !== null && now < publishedAt + HOUR && sum(ofVersion) >= firstHour)
    return `version ${version} is in its first hour and has sent its ${firstHour} messages`
  if (perHour !== null && sum(recent) >= perHour)
    return `the journey has sent its ${perHour} messages of this hour`
  return undefined
}

/** The counts with one more message; what is too old to count is forgotten. */
export function withOneMore(counts: Counts, version: number, now: number): Counts {
  const current = Math.floor(now / MINUTE)
  const recent = counts.filter(([, minute]) => isRecent(minute, now))
  const isThis = (line: Counts[number]) => line[0] === version && line[1] === current
  const count = recent.find(isThis)?.[2] ?? 0
  return [...recent.filter((line) => !isThis(line)), [version, current, count + 1]]
}

/** Whole minutes: one that has only begun to be an hour ago still counts, so that no hour ever has more than its limit. */
function isRecent(minute: number, now: number): boolean {
  return minute >= Math.floor((now - HOUR) / MINUTE)
}

function sum(counts: Counts): number {
  return counts.reduce((total, [, , count]) => total + count, 0)
}

// ---- Answers -----------------------------------------------------------------------------------------------------

/** What one entry did, as far as it decides whether a message answers it. */
export interface Cause {
  readonly entry: Entry
  readonly contact: Contact
  readonly passages: readonly Enrollment[]
  readonly effects: readonly Effect[]
}

/**
 * Whether a message answers what the person just did: their own event or click led straight to it, or began its passage
 * not more than an hour before; and it is the first message of that passage since.
 */
export function answersPerson(effect: Effect, { entry, contact, passages, effects }: Cause): boolean {
  const asked = effects.filter(({ enrollment }) => enrollment === effect.enrollment)
  if (asked[0] !== effect) return false
  if (isOwnDoing(entry)) return true
  const passage = passages.find(({ id }) => id === effect.enrollment)
  if (!passage || entry.at - passage.enteredAt > HOUR) return false
  const before = Object.values(passage.messages).filter(
    ({ id }) => !asked.some(({ message }) => message === id),
  )
  const isFirst = before.length === 0 && effect.visit === 1
  const begunByPerson = !isReservedEvent(passage.trigger) || passage.trigger === 'email.clicked'
  return isFirst && begunByPerson && (contact.lastActivityAt ?? -Infinity) >= passage.enteredAt
}

function isOwnDoing(entry: Entry): boolean {
  if (entry.at - entry.occurredAt > HOUR) return false
  if (entry.kind === 'event') return entry.active
  return entry.kind === 'message' && entry.verdict === 'clicked' && !entry.machine
}

/** Whether a message that was asked for as an answer still is one when it goes out. */
export function isStillAnswer(answers: boolean, askedAt: number, now: number): boolean {
  return answers && now - askedAt <= HOUR
}

// ---- What one person gets ----------------------------------------------------------------------------------------

/** A message that counts for the person: on its way, arrived, or held. */
export interface Recent {
  readonly journey: string
  readonly step: string
  readonly promotional: boolean
  readonly held: boolean
  readonly at: number
}

export interface Wanted {
  readonly journey: string
  readonly step: string
  /** What the step itself says, where it does. */
  readonly again: string | undefined
  /** Whether the limits on promotional messages are about it. */
  readonly promotional: boolean
}

/** Since when messages may count for what is wanted. */
export function countsSince(
  brakes: Brakes,
  { again }: Pick<Wanted, 'again'>,
  now: number,
  zone: string,
): number {
  return Math.min(now - WEEK, againSince(again ?? brakes.again, now, zone))
}

/** Why the person should not get it as well; undefined where they may. */
export function tooMuch(
  brakes: Brakes,
  { journey, step, again, promotional }: Wanted,
  recent: readonly Recent[],
  now: number,
  zone: string,
): string | undefined {
  const since = againSince(again ?? brakes.again, now, zone)
  const same = recent.find((other) => other.journey === journey && other.step === step && other.at > since)
  if (same)
    return same.held
      ? 'the same message to this person is held already'
      : 'this person got the same message lately'
  if (!promotional) return undefined
  const { promotionalPerDay: perDay, promotionalPerWeek: perWeek } = brakes
  // What is held has not reached anybody: it is looked at again when it is let go.
  const others = recent.filter((other) => other.promotional && !other.held)
  if (perDay !== null && others.filter(({ at }) => at > now - DAY).length >= perDay)
    return `nobody gets more than ${perDay} promotional messages in 24 hours`
  if (perWeek !== null && others.filter(({ at }) => at > now - WEEK).length >= perWeek)
    return `nobody gets more than ${perWeek} promotional messages in 7 days`
  return undefined
}

/** From when on the same message counts; `now` where it may go again at once. */
function againSince(again: string | null, now: number, zone: string): number {
  const duration = again === null || again === 'always' ? undefined : parseDuration(again)
  return duration ? minus(now, duration, zone) : now
}
