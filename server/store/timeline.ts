/** The journal as people look at it: what happened to one contact, newest first. */
import type { Tx } from './database.ts'
import type { JournalTable } from './schema.ts'

export async function timelinePage(
  db: Tx['db'],
  contactId: string,
  before: number | undefined,
  limit: number,
): Promise<readonly JournalTable[]> {
  // The newest are found in the index alone, so that of a long history only these are read.
  const newest = db
    .selectFrom('journal')
    .select('seq')
    .where('contact_id', '=', contactId)
    .where('seq', '<', before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('seq', 'desc')
    .limit(limit)
  return db.selectFrom('journal').selectAll().where('seq', 'in', newest).orderBy('seq', 'desc').execute()
}

/** The newest entry of a contact's journal: inside a transaction, what was just recorded. */
export async function newestEntry(tx: Tx, contactId: string): Promise<JournalTable | undefined> {
  const [newest] = await timelinePage(tx.db, contactId, undefined, 1)
  return newest
}

/** How many events clients sent after this place in the journal, and where it ends now. */
export async function eventsAfter(
  db: Tx['db'],
  seq: number,
): Promise<{ readonly count: number; readonly last: number }> {
  const row = await db
    .selectFrom('journal')
    .select((select) => [
      select.fn.countAll<number>().filterWhere('kind', '=', 'event').as('count'),
      select.fn.max<number | null>('seq').as('last'),
    ])
    .where('seq', '>', seq)
    .executeTakeFirst()
  return { count: row?.count ?? 0, last: row?.last ?? seq }
}

/** The last place in the journal. */
export async function lastEntry(db: Tx['db']): Promise<number> {
  const row = await db
    .selectFrom('journal')
    .select((select) => select.fn.max<number | null>('seq').as('last'))
    .executeTakeFirst()
  return row?.last ?? 0
}
