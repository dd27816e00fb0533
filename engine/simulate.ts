/**
 * A journey lived through in a millisecond: `advance` over the events and what is due by the clock, nothing else: waits,
 * triggers by time, and looks at what time alone changes. At equal times these come first. Messages are taken as sent at
 * once where consent allows it.
 */
import { machineOf, type Catalogue } from './catalogue.ts'
import { mayReceive } from './consent.ts'
import {
  CHANNEL_OF,
  type Channel,
  type Contact,
  type Effect,
  type Enrollment,
  type Entry,
  type Fact,
  type FailureReason,
  type TraceLine,
} from './contact.ts'
import { duesOf, nextLook, schedulesAfter } from './dues.ts'
import { foldOn, newHistory, type Before, type History } from './history.ts'
import type { Journey } from './journey.ts'
import { messageTypeOf } from './reading.ts'

/** An entry before it has a place in the journal. */
export type Happens = Entry extends infer Any ? (Any extends Entry ? Omit<Any, 'seq'> : never) : never

export interface SimulateInput {
  readonly journeys: Catalogue
  readonly contact: Contact
  /**
   * What happens, in order of `at`. A function is asked when its time has come and may look at what was before: "click
   * in the newest mail of that step". Undefined then means that nothing happens.
   */
  readonly events: readonly (
    | Happens
    | { readonly at: number; readonly happens: (so: Simulation) => Happens | undefined }
  )[]
  /** What is due is handled up to and including this time. */
  readonly until: number
  readonly zone: string
  /** Where it does not begin at birth: what is so by then. */
  readonly from?: Start
}

export interface Start extends Before {
  /** What fell due before this time is due then. */
  readonly at: number
  readonly passages: readonly Enrollment[]
  /** Why a message that consent allows does not go out all the same; undefined where it does. */
  readonly refuses: (message: Asked, so: Simulation) => FailureReason | undefined
}

/** A message that a journey asks for, and who would get it. */
export interface Asked {
  readonly effect: Effect
  readonly cause: Entry
  readonly contact: Contact
  readonly journey: Journey
}

export interface SentMessage {
  readonly message: string
  readonly channel: Channel
  readonly journey: string
  readonly step: string
  readonly at: number
  /** Why it did not go out; null where it did. */
  readonly skipped: string | null
}

export interface Simulation {
  readonly history: History
  readonly messages: readonly SentMessage[]
  /** Every entry as it was handled, wake-ups and verdicts included: the journal. */
  readonly entries: readonly Entry[]
  readonly trace: readonly (TraceLine & { readonly at: number; readonly seq: number })[]
  /** Entries whose cascade did not come to rest. */
  readonly failed: readonly { readonly seq: number; readonly detail: string }[]
  /** What is missing of what was before; then it ended early, and is to be done again with it. */
  readonly needs: readonly Fact[]
}

/** Lives through `events` and all that is due by `until`. Pure and deterministic. */
export function simulate(input: SimulateInput): Simulation {
  const { journeys, contact, events, until, zone, from } = input
  let now = started(input)
  let coming = clockedAfter((from?.at ?? events[0]?.at ?? until) - 1, contact, journeys, zone)
  const handle = (happens: Happens) => {
    now = handled(now, { ...happens, seq: nextSeq(now) }, input)
    const alsoNow = coming.filter((one) => one !== happens && one.at <= happens.at)
    coming = [...alsoNow, ...clockedAfter(happens.at, now.history.contact, journeys, zone)]
  }
  // A wake-up whose cascade failed leaves its passage as it was, still due: it is not tried for ever. Nor does a passage go
  // round for ever in waits that are over at once.
  const stuck = new Set<string>()
  const rounds = new Map<string, number>()
  const next = () =>
    now.needs.length > 0
      ? undefined
      : [...waitsOf(now, stuck, from?.at ?? -Infinity), ...coming].toSorted((a, b) => a.at - b.at)[0]
  const runUntil = (limit: number) => {
    for (let first = next(); first && first.at <= limit; first = next()) {
      const failed = now.failed.length
      handle(first)
      if (first.kind !== 'wake') continue
      const moment = `${first.enrollment} ${first.at}`
      rounds.set(moment, (rounds.get(moment) ?? 0) + 1)
      if (now.failed.length > failed || rounds.get(moment) === MOST_ROUNDS) stuck.add(first.enrollment)
    }
  }
  for (const event of events) {
    runUntil(event.at)
    const happens = 'happens' in event ? event.happens(now) : event
    if (happens && now.needs.length === 0) handle(happens)
  }
  runUntil(until)
  return now
}

function started({ contact, from }: SimulateInput): Simulation {
  const born = newHistory(contact)
  const history = from ? { ...born, enrollments: from.passages, before: from } : born
  return { history, messages: [], entries: [], trace: [], failed: [], needs: [] }
}

function nextSeq({ history, entries }: Simulation): number {
  return (history.before?.seq ?? 0) + entries.length + 1
}

/** A passage that is woken so often at one moment will not come to rest. */
const MOST_ROUNDS = 100

/** What the clock brings by itself. */
type Clocked = Extract<Happens, { kind: 'wake' | 'due' | 'look' }>

function onTime(at: number) {
  return { at, occurredAt: at, late: false }
}

/** The wake-ups of all waits, overdue ones now; of several at one time the oldest passage's comes first. */
function waitsOf({ history }: Simulation, stuck: ReadonlySet<string>, now: number): readonly Clocked[] {
  return history.enrollments.flatMap(({ id, due, ended }) =>
    due !== null && ended === null && !stuck.has(id)
      ? [{ kind: 'wake' as const, enrollment: id, ...onTime(Math.max(due, now)) }]
      : [],
  )
}

/** What triggers by time and looks are due next after a moment. */
function clockedAfter(
  after: number,
  contact: Contact,
  journeys: Catalogue,
  zone: string,
): readonly Clocked[] {
  const dues = [...duesOf(contact, journeys, zone, after), ...schedulesAfter(after, journeys, zone)]
  const look = nextLook(after, journeys, zone)
  return [
    ...dues.map(({ journey, delay, due }) => ({ kind: 'due' as const, journey, delay, ...onTime(due) })),
    ...(look === undefined ? [] : [{ kind: 'look' as const, ...onTime(look) }]),
  ]
}

/** More messages than any event leads to: a loop of messages that each wait for their result ends here. */
const MOST_MESSAGES = 100

function handled(so: Simulation, entry: Entry, input: SimulateInput): Simulation {
  let [now, waiting] = folded(so, entry, input)
  for (let told = 0; waiting.length > 0; told++) {
    if (told === MOST_MESSAGES)
      return failedAt(now, entry, `more than ${MOST_MESSAGES} messages followed from one event`)
    const [effect, ...others] = waiting as [Effect, ...Effect[]]
    const [note, answer] = delivered(now, effect, entry, input)
    const noted = { ...now, messages: [...now.messages, note] }
    const [next, more] = answer ? folded(noted, answer, input) : [noted, []]
    now = next
    waiting = [...others, ...more]
  }
  return now
}

/** The simulation with one entry more, and what that asks for. */
function folded(
  so: Simulation,
  entry: Entry,
  { journeys, zone }: SimulateInput,
): readonly [Simulation, readonly Effect[]] {
  const folded = foldOn(so.history, entry, journeys, zone)
  if ('needs' in folded) return [{ ...so, needs: folded.needs }, []]
  const { history, done } = folded
  const after: Simulation = { ...so, history, entries: [...so.entries, entry] }
  if ('failed' in done) return [failedAt(after, entry, done.failed), []]
  const trace = [...so.trace, ...done.trace.map((line) => ({ ...line, at: entry.at, seq: entry.seq }))]
  return [{ ...after, trace }, done.effects]
}

function failedAt(so: Simulation, { seq }: Entry, detail: string): Simulation {
  return { ...so, failed: [...so.failed, { seq, detail }] }
}

/** What the sending side would say at once: sent, or not allowed. The past does not speak, so late messages hear nothing. */
function delivered(
  so: Simulation,
  effect: Effect,
  cause: Entry,
  { journeys, from }: SimulateInput,
): readonly [SentMessage, Entry | undefined] {
  const { type, message, enrollment, journey, version, step, visit, skipped } = effect
  const { at, occurredAt } = cause
  const { contact } = so.history
  const channel = CHANNEL_OF[type]
  const note = { message, channel, journey, step, at }
  if (skipped) return [{ ...note, skipped }, undefined]
  const machine = machineOf(journeys, journey, version)
  const allowed = mayReceive(contact, channel, messageTypeOf(machine.journey, step))
  const refused = allowed.ok
    ? from?.refuses({ effect, cause, contact, journey: machine.journey }, so)
    : allowed.reason
  const answer: Entry = {
    kind: 'message',
    seq: nextSeq(so),
    at,
    occurredAt,
    late: false,
    message,
    enrollment,
    journey,
    step,
    visit,
    ...(channel !== 'email' && { channel }),
    ...(refused === undefined ? { verdict: 'sent' } : { verdict: 'skipped', reason: refused }),
  }
  return [{ ...note, skipped: refused ?? null }, answer]
}
