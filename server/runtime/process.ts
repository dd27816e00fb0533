/**
 * The one door for change: a journal entry is decided by the engine and written with all that follows from it, in the
 * transaction at hand. Nothing is sent here; messages and waits are rows that the workers find after the commit.
 */
import {
  advance,
  factKey,
  machineOf,
  messageTypeOf,
  type Advanced,
  type AdvanceResult,
  type Catalogue,
  type Contact,
  type Enrollment,
  type Entry,
  type Fact,
  type FactValues,
  type Happens,
  type HeldEntry,
} from '../../engine/index.ts'
import { answersPerson } from '../messages/brakes.ts'
import { updateContact } from '../store/contacts.ts'
import type { Reading, Tx } from '../store/database.ts'
import { addDeadLetter, noteFailure } from '../store/deadLetters.ts'
import { liveEnrollments, saveEnrollment, type LivePassage } from '../store/enrollments.ts'
import { holdEntry } from '../store/heldEntries.ts'
import { countEvents, insertEntry } from '../store/journal.ts'
import { insertLedgerEntry, stepPoints } from '../store/ledger.ts'
import { saveMemberships } from '../store/memberships.ts'
import { insertMessage, lastEmails } from '../store/messages.ts'
import { visitsOf } from '../store/visits.ts'
import { keepDues } from './dues.ts'

/** What deciding and writing an entry needs. */
export interface Runtime {
  readonly catalogue: () => Catalogue
  /** The workspace's time zone. */
  readonly zone: string
  /** Until when nothing of a version goes out; absent: nothing is held up. */
  readonly quietUntil?: (journey: string, version: number) => number
  /** Whether a segment has another meaning now, and not everybody was looked at since; absent: it has not. */
  readonly looking?: () => boolean
  /** A journey may be to blame for a failure; what is to be done about it is looked at after the commit. Absent: nothing. */
  readonly suspected?: (journey: string) => void
}

/** How an entry is written: a replay parks the waits it leaves open. */
export type Mode = 'live' | 'replay'

/**
 * Applies one entry to a contact and writes everything. A cascade that does not come to rest is rolled back: the entry is
 * kept and marked, a problem is shown, and the contact stays as it was. Answers the contact as it is now.
 */
export async function record(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  happens: Happens,
  mode: Mode = 'live',
  known?: readonly LivePassage[],
): Promise<Contact> {
  if (mode === 'live' && runtime.looking?.() && !LOOKS_ITSELF.has(happens.kind) && !happens.creates) {
    const after = await looked(tx, runtime, contact, true, happens.at)
    if (after !== contact) return write(tx, runtime, after, happens, mode)
  }
  return write(tx, runtime, contact, happens, mode, known)
}

/** A merge brings passages along that are not this contact's yet. */
const LOOKS_ITSELF: ReadonlySet<Entry['kind']> = new Set(['look', 'merge'])

/**
 * Looks at the segments of a contact and at what its passages wait for; writes an entry only where something changes by
 * that. `silent`: segments mean something else now, so nobody enters or leaves one.
 */
export async function looked(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  silent: boolean,
  now: number,
): Promise<Contact> {
  const look: Happens = {
    kind: 'look',
    at: now,
    occurredAt: now,
    late: false,
    ...(silent && { silent: true as const }),
  }
  const passages = await liveEnrollments(tx, contact.id)
  const running = passages.flatMap(({ enrollment, parked }) => (parked ? [] : [enrollment]))
  const matters = await changesSomething(tx, runtime, contact, running, look)
  return matters ? write(tx, runtime, contact, look, 'live', passages) : contact
}

/** Applies an entry as `record` does, but leaves no trace of one by which nothing changes. */
export async function recordIfItMatters(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  happens: Happens,
): Promise<Contact> {
  const now = runtime.looking?.() ? await looked(tx, runtime, contact, true, happens.at) : contact
  const passages = await liveEnrollments(tx, now.id)
  const all = passages.map(({ enrollment }) => enrollment)
  const matters = await changesSomething(tx, runtime, now, all, happens)
  return matters ? write(tx, runtime, now, happens, 'live', passages) : now
}

/** Whether an entry would change the contact or its passages, or be held for a paused journey. */
async function changesSomething(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  enrollments: readonly Enrollment[],
  happens: Happens,
): Promise<boolean> {
  const entry = { ...happens, seq: Number.MAX_SAFE_INTEGER } as Entry
  const found = await decided(tx, runtime, contact, enrollments, entry)
  if ('failed' in found) return true
  return found.contact !== contact || found.enrollments.length + found.held.length > 0
}

async function write(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  happens: Happens,
  mode: Mode,
  known?: readonly LivePassage[],
): Promise<Contact> {
  const entry = { ...happens, seq: await tx.nextSeq() } as Entry
  const passages = known ?? (await liveEnrollments(tx, contact.id))
  // What a merge brings along stands in the entry itself.
  const arriving = new Set(entry.kind === 'merge' ? entry.enrollments.map(({ id }) => id) : [])
  const own = passages.map(({ enrollment }) => enrollment).filter(({ id }) => !arriving.has(id))
  const result = await decided(tx, runtime, contact, own, entry)
  if ('failed' in result) {
    await insertEntry(tx, contact.id, entry, [], result.failed)
    await addDeadLetter(
      tx,
      {
        severity: 'error',
        code: 'cascade_failed',
        path: '',
        detail: result.failed,
        at: entry.at,
        contact_id: contact.id,
        seq: entry.seq,
        journey: result.journey,
      },
      null,
    )
    if (result.journey !== null) {
      await noteFailure(tx, { journey: result.journey, contact_id: contact.id, seq: entry.seq, at: entry.at })
      runtime.suspected?.(result.journey)
    }
    return contact
  }
  const parked = new Map(passages.map((passage) => [passage.enrollment.id, passage.parked]))
  await insertEntry(tx, contact.id, entry, result.trace, null)
  const isParked = (enrollment: string) => parked.get(enrollment) ?? mode === 'replay'
  await writeResult(tx, runtime, contact, entry, result, isParked)
  // What a replay brings along is looked at when it is over.
  if (mode === 'live') await keepDues(tx, runtime, contact, result.contact, entry)
  // A replay goes through live journeys: what it would have begun in a paused one is over.
  if (mode === 'live') for (const held of result.held) await keepForLater(tx, contact.id, entry, held)
  return result.contact
}

/** More rounds than any journey needs: each loads at least one fact that was not known before. */
const MOST_ROUNDS = 20

/** Decides an entry, loading the facts that its conditions ask for. Writes nothing. */
export async function decided(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  enrollments: readonly Enrollment[],
  entry: Entry,
): Promise<Exclude<AdvanceResult, { needs: unknown }>> {
  const input = { contact, enrollments, journeys: runtime.catalogue(), entry, zone: runtime.zone }
  const facts: { [key: string]: FactValues[Fact['type']] } = {}
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = advance({ ...input, facts })
    if (!('needs' in result)) return result
    for (const fact of result.needs) facts[factKey(fact)] = await factOf(tx, contact.id, fact)
  }
  return { failed: 'the conditions asked for more facts than could be loaded', journey: null }
}

/** What was before, as a condition asks for it. */
export function factOf(tx: Reading, contactId: string, fact: Fact): Promise<FactValues[Fact['type']]> {
  switch (fact.type) {
    case 'count':
      return countEvents(tx, contactId, fact)
    case 'emails':
      return lastEmails(tx, contactId, fact)
    case 'points':
      return stepPoints(tx, contactId, fact)
    case 'visits':
      return visitsOf(tx, contactId, fact)
  }
}

/** Keeps what would have let the contact into a paused journey; it is as late, then, as the entry was. */
async function keepForLater(tx: Tx, contactId: string, entry: Entry, held: HeldEntry): Promise<void> {
  const { at, occurredAt, late, past, zone } = entry
  const when = { occurredAt, late, ...(past && { past }), ...(zone !== undefined && { zone }) }
  await holdEntry(tx, contactId, { ...when, kind: 'admit', ...held }, at)
}

async function writeResult(
  tx: Tx,
  runtime: Runtime,
  before: Contact,
  entry: Entry,
  result: Advanced,
  isParked: (enrollment: string) => boolean,
): Promise<void> {
  const { contact, enrollments, ledger, effects } = result
  if (contact !== before) await updateContact(tx, contact)
  await saveMemberships(tx, before, contact)
  for (const line of ledger) await insertLedgerEntry(tx, contact.id, entry.seq, line)
  for (const enrollment of enrollments) {
    const parked = isParked(enrollment.id)
    await saveEnrollment(tx, contact.id, enrollment, parked)
    if (enrollment.due !== null && !parked) tx.alarm({ wake: enrollment.id, at: enrollment.due })
  }
  for (const effect of effects) {
    const { journey } = machineOf(runtime.catalogue(), effect.journey, effect.version)
    const at = Math.max(entry.at, runtime.quietUntil?.(effect.journey, effect.version) ?? 0)
    const late = result.trace.find(
      (line) => line.what === 'notSent' && line.enrollment === effect.enrollment && line.step === effect.step,
    )
    await insertMessage(tx, {
      contactId: contact.id,
      effect,
      messageType: messageTypeOf(journey, effect.step),
      createdAt: entry.at,
      reason: late?.text ?? null,
      answers: answersPerson(effect, { entry, contact, passages: enrollments, effects }),
      nextAt: at,
    })
    tx.alarm({ send: effect.message, at })
  }
}
