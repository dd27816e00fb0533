/** What a client sends, on its way into the journal: recognised once, given to its person, visitors kept apart. */
import type { Contact, Happens, Identification } from '../../engine/index.ts'
import type { Call } from '../ingest/segment.ts'
import { addIdentity, contactById, contactByIdentity, reassign } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { liveEnrollments, nextParkedWait, unpark } from '../store/enrollments.ts'
import { isNewCall } from '../store/messageIds.ts'
import { insertVisitorEvent, takeVisitorEvents, type VisitorHappens } from '../store/visitors.ts'
import { personOf, type Person } from './identity.ts'
import { record, type Mode, type Runtime } from './process.ts'

/** How far back a visitor's doings count once we know who it was (design section 8). */
const VISITOR_MEMORY = 30 * 24 * 3_600_000

export interface Acceptance extends Runtime {
  /** Milliseconds after which an event is late: it scores and sends nothing. */
  readonly lateAfter: number
}

/** Accepts a call at `at`. False for a repetition, which changes nothing. */
export async function accept(
  tx: Tx,
  runtime: Acceptance,
  call: Call,
  keyId: string,
  at: number,
  mode: Mode = 'live',
): Promise<boolean> {
  if (call.messageId !== undefined && !(await isNewCall(tx, keyId, call.messageId, at))) return false
  if (call.kind === 'alias') await unite(tx, runtime, call, at)
  else await toPerson(tx, runtime, call, at, mode)
  return true
}

async function toPerson(
  tx: Tx,
  runtime: Acceptance,
  call: Exclude<Call, { kind: 'alias' }>,
  receivedAt: number,
  mode: Mode,
): Promise<void> {
  // A replay runs on its own clock.
  const at = mode === 'replay' ? call.occurredAt : receivedAt
  const person = await personOf(tx, call, at)
  if (!person) {
    // A visitor's doings are stored, step no journey and score nothing (R1).
    if (call.anonymousId !== undefined)
      await insertVisitorEvent(tx, call.anonymousId, happening(call, {}, at, runtime.lateAfter, mode))
    return
  }
  const known =
    person.visitor === undefined
      ? person.contact
      : await recognised(tx, runtime, person.contact, person.visitor, at)
  const passages = await liveEnrollments(tx, known.id)
  const happens = happening(call, person, at, runtime.lateAfter, mode)
  if (!passages.some(({ parked }) => parked))
    return void (await record(tx, runtime, known, happens, mode, passages))
  await record(tx, runtime, await caughtUp(tx, runtime, known, happens.at, mode), happens, mode)
}

/** What the visitor did in the last 30 days is applied first, in order, as late events: it scores and sends nothing. */
async function recognised(
  tx: Tx,
  runtime: Acceptance,
  contact: Contact,
  visitor: string,
  at: number,
): Promise<Contact> {
  let current = contact
  for (const happens of await takeVisitorEvents(tx, visitor, at - VISITOR_MEMORY)) {
    const past = at - happens.occurredAt > runtime.lateAfter
    current = await record(tx, runtime, current, { ...happens, at, late: true, ...(past && { past: true }) })
  }
  return current
}

/** Waits that a replay left open and that are due by then are handled first, each at its own time; then all are the server's. */
async function caughtUp(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  until: number,
  mode: Mode,
): Promise<Contact> {
  const current = await wakeParked(tx, runtime, contact, until)
  if (mode === 'replay') return current
  await unpark(tx, contact.id)
  for (const { enrollment } of await liveEnrollments(tx, contact.id)) {
    if (enrollment.due !== null) runtime.woken({ due: enrollment.due })
  }
  return current
}

/** Handles a contact's parked waits that are due by then, in order, as late as the events they came from. */
export async function wakeParked(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  until: number,
): Promise<Contact> {
  let current = contact
  for (
    let next = await nextParkedWait(tx, contact.id, until);
    next;
    next = await nextParkedWait(tx, contact.id, until)
  ) {
    current = await record(
      tx,
      runtime,
      current,
      { kind: 'wake', enrollment: next.id, at: next.dueAt, occurredAt: next.dueAt, late: true },
      'replay',
    )
  }
  return current
}

/** The call as an entry, with what it adds to the person. A replay is late by definition. */
function happening(
  call: Exclude<Call, { kind: 'alias' }>,
  person: Partial<Person>,
  at: number,
  lateAfter: number,
  mode: Mode,
): VisitorHappens {
  const { occurredAt } = call
  const past = mode === 'replay' || at - occurredAt > lateAfter
  const common = {
    at,
    occurredAt,
    late: past,
    ...(past && { past: true as const }),
    ...(person.creates && { creates: true }),
  }
  const told = call.identification
  const ids = {
    ...(person.userId !== undefined && { userId: person.userId }),
    ...(person.email !== undefined && { email: person.email }),
  }
  const identification: Identification = { ...told, ...ids }
  if (call.kind !== 'event') return { ...common, kind: 'identify', identification }
  const { name, properties, active } = call
  return {
    ...common,
    kind: 'event',
    name,
    properties,
    active,
    ...(Object.keys(identification).length > 0 && { identification }),
  }
}

// ---- Alias -------------------------------------------------------------------------------------------------------

/** Only `alias` merges contacts: the older stays, and the vanished id answers with it. */
async function unite(
  tx: Tx,
  runtime: Acceptance,
  call: Extract<Call, { kind: 'alias' }>,
  at: number,
): Promise<void> {
  const previous =
    (await contactByIdentity(tx, 'user', call.previousId)) ??
    (await contactByIdentity(tx, 'anonymous', call.previousId))
  const current = await contactByIdentity(tx, 'user', call.userId)
  if (previous && current && previous.id !== current.id)
    return merge(tx, runtime, previous, current, call.occurredAt, at)
  const one = previous ?? current
  if (!one)
    return toPerson(
      tx,
      runtime,
      {
        kind: 'identify',
        userId: call.userId,
        anonymousId: call.previousId,
        occurredAt: call.occurredAt,
        identification: {},
      },
      at,
      'live',
    )
  await addIdentity(tx, 'user', call.userId, one.id)
  await addIdentity(tx, previous ? 'user' : 'anonymous', call.previousId, one.id)
  if (!previous) await recognised(tx, runtime, one, call.previousId, at)
  else if (one.userId !== call.userId)
    await record(tx, runtime, one, {
      kind: 'identify',
      at,
      occurredAt: call.occurredAt,
      late: false,
      identification: { userId: call.userId },
    })
}

async function merge(
  tx: Tx,
  runtime: Acceptance,
  a: Contact,
  b: Contact,
  occurredAt: number,
  at: number,
): Promise<void> {
  const [older, younger] =
    a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id) ? [a, b] : [b, a]
  const enrollments = (await liveEnrollments(tx, younger.id)).map(({ enrollment }) => enrollment)
  await reassign(tx, younger.id, older.id)
  await record(tx, runtime, older, { kind: 'merge', at, occurredAt, late: false, from: younger, enrollments })
}

/** The contact as it is now, for entries that come from ourselves: wake-ups, verdicts, changes by hand. */
export async function recordFor(
  tx: Tx,
  runtime: Runtime,
  contactId: string,
  happens: Happens,
  mode: Mode = 'live',
): Promise<Contact | undefined> {
  const contact = await contactById(tx, contactId)
  return contact && record(tx, runtime, contact, happens, mode)
}
