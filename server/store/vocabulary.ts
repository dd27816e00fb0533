/** What the vocabulary is gathered from: the newest rows, found by their order, never by going through all. */
import type { Contact, Entry } from '../../engine/index.ts'
import { contactOf } from './contacts.ts'
import type { Tx } from './database.ts'

/** Of an entry of the journal, that it was received. `name` is what conditions count it as. */
export interface Received {
  readonly seq: number
  readonly name: string | null
  readonly at: number
  readonly contactId: string
}

/** The newest entries before a place in the journal, newest first. */
export async function receivedBefore(db: Tx['db'], seq: number, limit: number): Promise<readonly Received[]> {
  return received(db).where('seq', '<', seq).orderBy('seq', 'desc').limit(limit).execute()
}

/** The oldest entries after a place in the journal, oldest first. */
export async function receivedAfter(db: Tx['db'], seq: number, limit: number): Promise<readonly Received[]> {
  return received(db).where('seq', '>', seq).orderBy('seq').limit(limit).execute()
}

function received(db: Tx['db']) {
  return db.selectFrom('journal').select(['seq', 'name', 'at', 'contact_id as contactId'])
}

/** These entries of the journal, as far as they are still there. */
export async function entriesAt(db: Tx['db'], seqs: readonly number[]): Promise<readonly Entry[]> {
  if (seqs.length === 0) return []
  const rows = await db.selectFrom('journal').select('entry').where('seq', 'in', seqs).execute()
  return rows.map(({ entry }) => JSON.parse(entry) as Entry)
}

/** The newest contacts, newest first. */
export async function newestContacts(db: Tx['db'], limit: number): Promise<readonly Contact[]> {
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('merged_into', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(contactOf)
}

/** These contacts, as far as they are still there; the merged ones left out. */
export async function contactsAt(db: Tx['db'], ids: readonly string[]): Promise<readonly Contact[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('merged_into', 'is', null)
    .where('id', 'in', ids)
    .execute()
  return rows.map(contactOf)
}

/** Names of lists in alphabetical order. */
export async function listNames(db: Tx['db'], limit: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('lists').select('name').orderBy('name').limit(limit).execute()
  return rows.map(({ name }) => name)
}
