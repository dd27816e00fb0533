/** What `verify` reads: everything of one contact, and the contacts in order of id. */
import type { Contact, Enrollment, Entry, LedgerEntry } from '../../engine/index.ts'
import { contactOf } from './contacts.ts'
import type { Tx } from './database.ts'
import { ledgerEntryOf } from './ledger.ts'

/** The next contacts after an id, the merged ones left out: they are part of who took them over. */
export async function contactsAfter(db: Tx['db'], id: string, limit: number): Promise<readonly Contact[]> {
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('merged_into', 'is', null)
    .where('id', '>', id)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(contactOf)
}

export async function createdAtOf(db: Tx['db'], id: string): Promise<number> {
  return (await db.selectFrom('contacts').select('created_at').where('id', '=', id).executeTakeFirstOrThrow())
    .created_at
}

/** The journal of a contact and of all it took over, by whom each entry was about. */
export async function journalOf(
  db: Tx['db'],
  contactId: string,
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const rows = await db
    .selectFrom('journal')
    .select(['subject', 'entry'])
    .where('contact_id', '=', contactId)
    .orderBy('seq')
    .execute()
  const entries = new Map<string, Entry[]>()
  for (const { subject, entry } of rows)
    entries.set(subject, [...(entries.get(subject) ?? []), JSON.parse(entry) as Entry])
  return entries
}

export async function storedLedger(db: Tx['db'], contactId: string): Promise<readonly LedgerEntry[]> {
  const rows = await db.selectFrom('ledger').selectAll().where('contact_id', '=', contactId).execute()
  return rows.map(ledgerEntryOf)
}

export async function storedEnrollments(db: Tx['db'], contactId: string): Promise<readonly Enrollment[]> {
  const rows = await db
    .selectFrom('enrollments')
    .select('state')
    .where('contact_id', '=', contactId)
    .execute()
  return rows.map(({ state }) => JSON.parse(state) as Enrollment)
}

export async function storedLists(db: Tx['db'], contactId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('list_members')
    .select('list')
    .where('contact_id', '=', contactId)
    .execute()
  return rows.map(({ list }) => list)
}

export async function storedSegments(db: Tx['db'], contactId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('segment_members')
    .select('segment')
    .where('contact_id', '=', contactId)
    .execute()
  return rows.map(({ segment }) => segment)
}
