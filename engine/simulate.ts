/**
 * A journey lived through in a millisecond: `advance` over the events and the earliest due wake-up, nothing else. At
 * equal times wake-ups come first. Messages are taken as sent at once where consent allows it.
 */
import { machineOf, type Catalogue } from './catalogue.ts'
import { mayReceive } from './consent.ts'
import type { Contact, Effect, Entry, TraceLine } from './contact.ts'
import { fold, newHistory, type History } from './history.ts'
import { messageTypeOf } from './journey.ts'

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
  /** Wake-ups are handled up to and including this time. */
  readonly until: number
  readonly zone: string
}

export interface SentMessage {
  readonly message: string
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
}

/** Lives through `events` and all waits due by `until`. Pure and deterministic. */
export function simulate({ journeys, contact, events, until, zone }: SimulateInput): Simulation {
  let now: Simulation = { history: newHistory(contact), messages: [], entries: [], trace: [], failed: [] }
  const handle = (happens: Happens) => {
    now = handled(now, { ...happens, seq: now.entries.length + 1 }, journeys, zone)
  }
  // A wake-up whose cascade failed leaves its passage as it was, still due: it is not tried for ever.
  const stuck = new Set<string>()
  const wakeUntil = (limit: number) => {
    for (let next = earliest(now, stuck); next && next.due <= limit; next = earliest(now, stuck)) {
      const { due, enrollment } = next
      const failed = now.failed.length
      handle({ kind: 'wake', enrollment, at: due, occurredAt: due, late: false })
      if (now.failed.length > failed) stuck.add(enrollment)
    }
  }
  for (const event of events) {
    wakeUntil(event.at)
    const happens = 'happens' in event ? event.happens(now) : event
    if (happens) handle(happens)
  }
  wakeUntil(until)
  return now
}

/** The wait that is due first; of several at one time the oldest passage's. */
function earliest({ history }: Simulation, stuck: ReadonlySet<string>) {
  const waits = history.enrollments.flatMap(({ id, due, ended }) =>
    due !== null && ended === null && !stuck.has(id) ? [{ enrollment: id, due }] : [],
  )
  return waits.toSorted((a, b) => a.due - b.due)[0]
}

function handled(so: Simulation, entry: Entry, journeys: Catalogue, zone: string): Simulation {
  const { history, done } = fold(so.history, entry, journeys, zone)
  const entries = [...so.entries, entry]
  if ('failed' in done)
    return { ...so, history, entries, failed: [...so.failed, { seq: entry.seq, detail: done.failed }] }
  const trace = [...so.trace, ...done.trace.map((line) => ({ ...line, at: entry.at, seq: entry.seq }))]
  const after: Simulation = { ...so, history, entries, trace }
  return done.effects.reduce((next, effect) => delivered(next, effect, entry, journeys, zone), after)
}

/** What the sending side would say at once: sent, or not allowed. The past does not speak, so late messages hear nothing. */
function delivered(
  so: Simulation,
  effect: Effect,
  { at, occurredAt }: Entry,
  journeys: Catalogue,
  zone: string,
): Simulation {
  const { message, enrollment, journey, step, visit } = effect
  const note = (skipped: string | null): Simulation => ({
    ...so,
    messages: [...so.messages, { message, journey, step, at, skipped }],
  })
  if (effect.skipped) return note(effect.skipped)
  const machine = machineOf(journeys, journey, effect.version)
  const allowed = mayReceive(so.history.contact, 'email', messageTypeOf(machine.journey, step))
  const verdict = allowed.ok
    ? { verdict: 'sent' as const }
    : { verdict: 'skipped' as const, reason: allowed.reason }
  const entry: Entry = {
    kind: 'message',
    seq: so.entries.length + 1,
    at,
    occurredAt,
    late: false,
    message,
    enrollment,
    journey,
    step,
    visit,
    ...verdict,
  }
  return handled(note(allowed.ok ? null : allowed.reason), entry, journeys, zone)
}
