/** Messages that were asked for and have not gone out: those of a version that is taken back, of people who leave. */
import { sql } from 'kysely'
import { CHANNELS } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import type { MessageStatus } from './schema.ts'

// Written out, as in its index: as a value SQLite would not use it.
const STILL_TO_GO = sql<MessageStatus>`('queued', 'retry')`
const NOT_GONE = ['queued', 'retry', 'held'] as const

export async function countUnsent(db: Tx['db'], journey: string, version: number): Promise<number> {
  const row = await unsentOf(db, journey, version)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Discards up to so many messages of a version; false where none was left. */
export async function discardUnsent(
  tx: Tx,
  journey: string,
  version: number,
  reason: string,
  limit: number,
): Promise<boolean> {
  const result = await tx.db
    .updateTable('messages')
    .set({ status: 'discarded', reason, next_at: null, counted_at: null })
    .where('id', 'in', unsentOf(tx.db, journey, version).select('id').limit(limit))
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Discards what passages of a contact have asked for and will not get any more. */
export async function discardOf(
  tx: Tx,
  contactId: string,
  enrollments: readonly string[],
  reason: string,
): Promise<void> {
  await tx.db
    .updateTable('messages')
    .set({ status: 'discarded', reason, next_at: null, counted_at: null })
    .where('contact_id', '=', contactId)
    .where('enrollment', 'in', enrollments)
    .where('status', 'in', NOT_GONE)
    .execute()
}

function unsentOf(db: Tx['db'], journey: string, version: number) {
  return db
    .selectFrom('messages')
    .where('channel', 'in', CHANNELS)
    .where('journey', '=', journey)
    .where('status', 'in', STILL_TO_GO)
    .where('version', '=', version)
}
