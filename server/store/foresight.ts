/** What a look ahead reads: people in pages, with all they are in, so that nobody waits long for the reader. */
import { sql } from 'kysely'
import { CHANNELS, type Channel, type Contact, type Enrollment } from '../../engine/index.ts'
import { contactOf } from './contacts.ts'
import type { Tx } from './database.ts'
import { STILL_TO_GO } from './messages.ts'

// As in their indexes, so that SQLite finds them there.
const YES = sql.lit(1)
const NO = sql.lit(0)

export interface StepCount {
  readonly version: number
  readonly step: string
  readonly count: number
}

/** People in a journey by version and step. */
export async function insideByStep(db: Tx['db'], journey: string): Promise<readonly StepCount[]> {
  return db
    .selectFrom('enrollments')
    .select((select) => ['version', 'step', select.fn.countAll<number>().as('count')])
    .where('journey', '=', journey)
    .where('live', '=', YES)
    .groupBy(['version', 'step'])
    .orderBy('version')
    .orderBy('step')
    .execute()
}

export interface Waiting {
  readonly id: string
  readonly contactId: string
  readonly dueAt: number
}

/** Passages of a journey that wait for a time up to `until`, the earliest first, after a place. */
export async function waitingInside(
  db: Tx['db'],
  journey: string,
  until: number,
  after: Pick<Waiting, 'dueAt' | 'id'> | undefined,
  limit: number,
): Promise<readonly Waiting[]> {
  let query = db
    .selectFrom('enrollments')
    .select(['id', 'contact_id as contactId', 'due_at as dueAt'])
    .where('journey', '=', journey)
    .where('live', '=', YES)
    .where('parked', '=', NO)
    .where('due_at', 'is not', null)
    .where('due_at', '<=', until)
  if (after) query = query.where(sql<boolean>`(due_at, id) > (${after.dueAt}, ${after.id})`)
  return query.orderBy('due_at').orderBy('id').limit(limit).$narrowType<{ dueAt: number }>().execute()
}

export async function countWaitingInside(db: Tx['db'], journey: string, until: number): Promise<number> {
  const row = await db
    .selectFrom('enrollments')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('journey', '=', journey)
    .where('live', '=', YES)
    .where('parked', '=', NO)
    .where('due_at', 'is not', null)
    .where('due_at', '<=', until)
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Passages that wait for no time, as far as there are so many: another version may give them one. */
export async function timelessInside(
  db: Tx['db'],
  journey: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('enrollments')
    .select('contact_id')
    .where('journey', '=', journey)
    .where('live', '=', YES)
    .where('due_at', 'is', null)
    .limit(limit)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}

/** A person, and all that it is in. */
export interface Person {
  readonly contact: Contact
  readonly passages: readonly Enrollment[]
}

export async function peopleOf(db: Tx['db'], ids: readonly string[]): Promise<readonly Person[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('contacts').selectAll().where('id', 'in', ids).execute()
  return withPassages(db, rows.map(contactOf))
}

/** What these contacts are in. Nothing wakes what a replay left open: there they wait for no time. */
export async function withPassages(db: Tx['db'], contacts: readonly Contact[]): Promise<readonly Person[]> {
  if (contacts.length === 0) return []
  const ids = contacts.map(({ id }) => id)
  const rows = await db
    .selectFrom('enrollments')
    .select(['contact_id', 'state', 'parked'])
    .where('contact_id', 'in', ids)
    .where('live', '=', YES)
    .execute()
  const byContact = Map.groupBy(rows, ({ contact_id }) => contact_id)
  return contacts.map((contact) => ({
    contact,
    passages: (byContact.get(contact.id) ?? []).map(({ state, parked }) => {
      const passage = JSON.parse(state) as Enrollment
      return parked === 1 ? { ...passage, due: null } : passage
    }),
  }))
}

export interface Unsent {
  readonly id: string
  readonly contactId: string
  readonly channel: Channel
  readonly version: number
  readonly step: string
  readonly at: number
}

/** Messages of a journey that were asked for and go out by then; `ended`: only those whose passage has ended. */
export async function unsentUntil(
  db: Tx['db'],
  journey: string,
  until: number,
  ended: boolean,
  limit: number,
): Promise<readonly Unsent[]> {
  let query = db
    .selectFrom('messages')
    .select(['id', 'contact_id as contactId', 'channel', 'version', 'step', 'next_at as at'])
    .where('channel', 'in', CHANNELS)
    .where('journey', '=', journey)
    .where('status', 'in', STILL_TO_GO)
    .where('next_at', '<=', until)
  if (ended)
    query = query.where('enrollment', 'not in', (select) =>
      select.selectFrom('enrollments').select('id').where('journey', '=', journey).where('live', '=', YES),
    )
  return query.limit(limit).$narrowType<{ at: number }>().execute()
}

export async function countContacts(db: Tx['db']): Promise<number> {
  const row = await db
    .selectFrom('contacts')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('merged_into', 'is', null)
    .executeTakeFirst()
  return row?.count ?? 0
}
