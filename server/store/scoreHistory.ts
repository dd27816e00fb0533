/** The ledger as people look at it: a contact's lines, newest first. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import type { LedgerTable } from './schema.ts'

/** Where a page of lines ends. Of one entry's lines the later has the higher number, and no shorter an id. */
export type LinePlace = readonly [seq: number, length: number, id: string]

export async function scorePage(
  db: Tx['db'],
  contactId: string,
  attribute: string | undefined,
  after: LinePlace | undefined,
  limit: number,
): Promise<readonly LedgerTable[]> {
  let query = db.selectFrom('ledger').selectAll().where('contact_id', '=', contactId)
  if (attribute !== undefined) query = query.where('attribute', '=', attribute)
  if (after)
    query = query.where(sql<boolean>`(seq, length(id), id) < (${after[0]}, ${after[1]}, ${after[2]})`)
  return query
    .orderBy('seq', 'desc')
    .orderBy(sql`length(id)`, 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
