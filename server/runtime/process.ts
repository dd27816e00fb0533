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
} from '../../engine/index.ts'
import { updateContact } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { liveEnrollments, saveEnrollment, type LivePassage } from '../store/enrollments.ts'
import { countEvents, insertEntry } from '../store/journal.ts'
import { insertLedgerEntry, stepPoints } from '../store/ledger.ts'
import { saveLists } from '../store/lists.ts'
import { insertMessage, lastEmails } from '../store/messages.ts'
import { addProblem } from '../store/problems.ts'
import { visitsOf } from '../store/visits.ts'

/** What deciding and writing an entry needs. */
export interface Runtime {
  readonly catalogue: () => Catalogue
  /** The workspace's time zone. */
  readonly zone: string
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
  const entry = { ...happens, seq: await tx.nextSeq() } as Entry
  const passages = known ?? (await liveEnrollments(tx, contact.id))
  // What a merge brings along stands in the entry itself.
  const arriving = new Set(entry.kind === 'merge' ? entry.enrollments.map(({ id }) => id) : [])
  const own = passages.map(({ enrollment }) => enrollment).filter(({ id }) => !arriving.has(id))
  const result = await decided(tx, runtime, contact, own, entry)
  if ('failed' in result) {
    await insertEntry(tx, contact.id, entry, [], result.failed)
    await addProblem(tx, {
      severity: 'error',
      code: 'cascade_failed',
      path: '',
      detail: result.failed,
      at: entry.at,
      contact_id: contact.id,
      seq: entry.seq,
    })
    return contact
  }
  const running = new Set(passages.filter(({ parked }) => !parked).map(({ enrollment }) => enrollment.id))
  await insertEntry(tx, contact.id, entry, result.trace, null)
  await write(
    tx,
    runtime,
    contact,
    entry,
    result,
    (enrollment) => mode === 'replay' && !running.has(enrollment),
  )
  return result.contact
}

/** More rounds than any journey needs: each loads at least one fact that was not known before. */
const MOST_ROUNDS = 20

async function decided(
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
    for (const fact of result.needs) facts[factKey(fact)] = await load(tx, contact.id, fact)
  }
  return { failed: 'the conditions asked for more facts than could be loaded' }
}

function load(tx: Tx, contactId: string, fact: Fact): Promise<FactValues[Fact['type']]> {
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

async function write(
  tx: Tx,
  runtime: Runtime,
  before: Contact,
  entry: Entry,
  result: Advanced,
  isParked: (enrollment: string) => boolean,
): Promise<void> {
  const { contact, enrollments, ledger, effects } = result
  if (contact !== before) await updateContact(tx, contact)
  await saveLists(tx, contact.id, before.lists, contact.lists)
  for (const line of ledger) await insertLedgerEntry(tx, contact.id, entry.seq, line)
  for (const enrollment of enrollments) {
    const parked = isParked(enrollment.id)
    await saveEnrollment(tx, contact.id, enrollment, parked)
    if (enrollment.due !== null && !parked) tx.alarm({ wake: enrollment.id, at: enrollment.due })
  }
  for (const effect of effects) {
    const { journey } = machineOf(runtime.catalogue(), effect.journey, effect.version)
    const late = result.trace.find(
      (line) => line.what === 'notSent' && line.enrollment === effect.enrollment && line.step === effect.step,
    )
    await insertMessage(
      tx,
      contact.id,
      effect,
      messageTypeOf(journey, effect.step),
      entry.at,
      late?.text ?? null,
    )
    tx.alarm({ send: effect.message, at: entry.at })
  }
}
