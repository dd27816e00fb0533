/** Contacts as people look at them: found by words, by address, by list or segment, newest first. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import type { ContactsTable, EnrollmentsTable } from './schema.ts'

export interface ContactQuery {
  /** Words, all of which must stand in address, user id or names. */
  readonly words: readonly string[]
  readonly email: string | undefined
  readonly list?: string | undefined
  readonly segment?: string
}

/** Where a page of contacts ends. */
export type ContactPlace = readonly [createdAt: number, id: string]

/**
 * Contacts, newest first. Without a trigram index on purpose: over 100,000 contacts words that nobody has take 45 ms,
 * a list with few people 20 ms, everything usual below 1 ms (measured); the index took 190 ms for words many people have.
 */
export async function contactPage(
  db: Tx['db'],
  { words, email, list, segment }: ContactQuery,
  after: ContactPlace | undefined,
  limit: number,
): Promise<readonly ContactsTable[]> {
  let query = db.selectFrom('contacts').selectAll().where('merged_into', 'is', null)
  // Who was taken over by another contact is found there.
  for (const word of words)
    query = query.where(
      sql<boolean>`(search like ${like(word)} escape '\\' or id in
        (select merged_into from contacts where merged_into is not null and search like ${like(word)} escape '\\'))`,
    )
  if (email !== undefined)
    query = query.where('id', '=', (select) =>
      select
        .selectFrom('identities')
        .select('contact_id')
        .where('kind', '=', 'email')
        .where('value', '=', email),
    )
  if (list !== undefined)
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('list_members')
          .select('list')
          .where('list', '=', list)
          .whereRef('list_members.contact_id', '=', 'contacts.id'),
      ),
    )
  if (segment !== undefined)
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('segment_members')
          .select('segment')
          .where('segment', '=', segment)
          .whereRef('segment_members.contact_id', '=', 'contacts.id'),
      ),
    )
  if (after) query = query.where(sql<boolean>`(created_at, id) < (${after[0]}, ${after[1]})`)
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

function like(word: string): string {
  return `%${word.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
}

/** The contact of this id, or the one that took it over. */
export async function contactRow(db: Tx['db'], id: string): Promise<ContactsTable | undefined> {
  const row = await db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirst()
  return row?.merged_into ? contactRow(db, row.merged_into) : row
}

/** A contact's live passages, then the newest ended ones. */
export async function passagesOf(
  db: Tx['db'],
  contactId: string,
  limit: number,
): Promise<readonly Pick<EnrollmentsTable, 'version' | 'state'>[]> {
  return db
    .selectFrom('enrollments')
    .select(['version', 'state'])
    .where('contact_id', '=', contactId)
    .orderBy('live', 'desc')
    .orderBy('entered_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
