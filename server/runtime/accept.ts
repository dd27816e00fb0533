/** What a client sends, on its way into the journal: recognised once, given to its person, visitors kept apart. */
import type { Contact, Happens, Identification } from '../../engine/index.ts'
import type { Call } from '../ingest/segment.ts'
import { addIdentity, contactById, contactByIdentity, reassign } from '../store/contacts.ts'
import type { About, Tx } from '../store/database.ts'
import {
  liveEnrollments,
  livePassages,
  nextParkedWait,
  postpone,
  unpark,
  waitOf,
} from '../store/enrollments.ts'
import { isNewCall } from '../store/messageIds.ts'
import { insertVisitorEvent, takeVisitorEvents, type VisitorHappens } from '../store/visitors.ts'
import { personOf, type Person } from './identity.ts'
import { record, type Mode, type Runtime } from './process.ts'

/** How far back a visitor's doings count once we know who it was (design section 8). */
export const VISITOR_MEMORY = 30 * 24 * 3_600_000

/** As for every other wait. */
const AFTER_FAILURE = 24 * 3_600_000

export interface Acceptance extends Runtime {
  /** Milliseconds after which an event is late: it scores and sends nothing. */
  readonly lateAfter: number
}

/** Whom a call concerns, by all the ids it names, and that it is to be accepted once. */
export function aboutCall(call: Call, keyId: string, at: number): About & { readonly inOrderOf: string } {
  const ids = [
    ['user', call.userId],
    ['user', call.kind === 'alias' ? call.previousId : undefined],
    ['email', call.kind === 'alias' ? undefined : call.email],
    ['anonymous', call.kind === 'alias' ? call.previousId : call.anonymousId],
  ] as const
  const identities = ids.flatMap(([kind, value]) => (value === undefined ? [] : [{ kind, value }]))
  return {
    inOrderOf: identities[0]?.value ?? '',
    identities,
    ...(call.messageId !== undefined && { calls: [{ keyId, messageId: call.messageId, at }] }),
  }
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
  // A replay runs on its own clock.
  const clock = mode === 'replay' ? call.occurredAt : at
  if (call.kind === 'alias') await unite(tx, runtime, call, clock, mode)
  else await toPerson(tx, runtime, call, clock, mode)
  return true
}

async function toPerson(
  tx: Tx,
  runtime: Acceptance,
  call: Exclude<Call, { kind: 'alias' }>,
  at: number,
  mode: Mode,
): Promise<void> {
  const person = await personOf(tx, call, at)
  const happens = happening(call, person ?? {}, timing(call, runtime, at, mode))
  if (!person) {
    // A visitor's doings are stored, step no journey and score nothing (R1).
    if (call.anonymousId !== undefined) await insertVisitorEvent(tx, call.anonymousId, happens)
    return
  }
  const { contact, visitor } = person
  const known = visitor === undefined ? contact : await recognised(tx, runtime, contact, visitor, at, mode)
  await recordCaughtUp(tx, runtime, known, happens, mode)
}

/** What the visitor did in the last 30 days is applied first, in order, as late events: it scores and sends nothing. */
async function recognised(
  tx: Tx,
  runtime: Acceptance,
  contact: Contact,
  visitor: string,
  at: number,
  mode: Mode,
): Promise<Contact> {
  let current = contact
  for (const happens of await takeVisitorEvents(tx, visitor, at - VISITOR_MEMORY)) {
    const when = { ...timing(happens, runtime, at, mode), late: true }
    current = await record(tx, runtime, current, { ...happens, ...when }, mode)
  }
  return current
}

/** Records an entry; waits that a replay left open come first, each at its own time. */
async function recordCaughtUp(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  happens: Happens,
  mode: Mode,
): Promise<Contact> {
  const passages = await liveEnrollments(tx, contact.id)
  if (!passages.some(({ parked }) => parked)) return record(tx, runtime, contact, happens, mode, passages)
  return record(tx, runtime, await caughtUp(tx, runtime, contact, happens.at, mode), happens, mode)
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
    if (enrollment.due !== null) tx.alarm({ wake: enrollment.id, at: enrollment.due })
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
      { kind: 'wake', enrollment: next.id, at: next.dueAt, occurredAt: next.dueAt, late: true, past: true },
      'replay',
    )
    // One that failed is due as before: it is tried again in a day, not for ever.
    if ((await waitOf(tx, next.id))?.dueAt === next.dueAt)
      await postpone(tx, next.id, next.dueAt + AFTER_FAILURE)
  }
  return current
}

type Timing = Pick<Happens, 'at' | 'occurredAt' | 'late' | 'past'>

/** When it counts as happening: what is older than the limit is late, and so is all of a replay. */
function timing(
  { occurredAt }: { readonly occurredAt: number },
  { lateAfter }: Acceptance,
  at: number,
  mode: Mode,
): Timing {
  const past = mode === 'replay' || at - occurredAt > lateAfter
  return { at, occurredAt, late: past, ...(past && { past: true }) }
}

/** The call as an entry, with what it adds to the person. */
function happening(
  call: Exclude<Call, { kind: 'alias' }>,
  person: Partial<Person>,
  when: Timing,
): VisitorHappens {
  const common = {
    ...when,
    ...(person.creates && { creates: true }),
    ...(call.timezone !== undefined && { zone: call.timezone }),
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
  mode: Mode,
): Promise<void> {
  const { userId, previousId, occurredAt } = call
  const previous =
    (await contactByIdentity(tx, 'user', previousId)) ??
    (await contactByIdentity(tx, 'anonymous', previousId))
  const current = await contactByIdentity(tx, 'user', userId)
  const when = timing(call, runtime, at, mode)
  if (previous && current && previous.id !== current.id)
    return merge(tx, runtime, previous, current, when, mode)
  const one = previous ?? current
  const identified = { kind: 'identify', userId, occurredAt, identification: {} } as const
  if (!one) return toPerson(tx, runtime, { ...identified, anonymousId: previousId }, at, mode)
  await addIdentity(tx, 'user', userId, one.id)
  await addIdentity(tx, previous ? 'user' : 'anonymous', previousId, one.id)
  if (!previous) await recognised(tx, runtime, one, previousId, at, mode)
  else if (one.userId !== userId)
    await recordCaughtUp(tx, runtime, one, { ...when, kind: 'identify', identification: { userId } }, mode)
}

async function merge(
  tx: Tx,
  runtime: Acceptance,
  a: Contact,
  b: Contact,
  when: Timing,
  mode: Mode,
): Promise<void> {
  const [older, younger] =
    a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id) ? [a, b] : [b, a]
  // What a replay left open of the one that vanishes comes before it does.
  const from = mode === 'live' ? await caughtUp(tx, runtime, younger, when.at, mode) : younger
  const enrollments = await livePassages(tx, from.id)
  await reassign(tx, from.id, older.id)
  await recordCaughtUp(tx, runtime, older, { ...when, kind: 'merge', from, enrollments }, mode)
}

/** The contact as it is now, for entries that come from ourselves: wake-ups, verdicts, changes by hand. */
export async function recordFor(
  tx: Tx,
  runtime: Runtime,
  contactId: string,
  happens: Happens,
): Promise<Contact | undefined> {
  const contact = await contactById(tx, contactId)
  return contact && recordCaughtUp(tx, runtime, contact, happens, 'live')
}
