/** Messages that were asked for and have not gone out: those of a version that is taken back, of people who leave. */
import { CHANNELS, type Channel } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import { STILL_TO_GO } from './messages.ts'

const NOT_GONE = ['queued', 'retry', 'held'] as const

export async function countUnsent(db: Tx['db'], journey: string, version: number): Promise<number> {
  let count = 0
  for (const channel of CHANNELS) {
    const row = await unsentOf(db, channel, journey, version)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirst()
    count += row?.count ?? 0
  }
  return count
}

/** Discards up to so many messages of a version by each channel; false where none was left. */
export async function discardUnsent(
  tx: Tx,
  journey: string,
  version: number,
  reason: string,
  limit: number,
): Promise<boolean> {
  let discarded = 0n
  for (const channel of CHANNELS) {
    const result = await tx.db
      .updateTable('messages')
      .set({ status: 'discarded', reason, next_at: null })
      .where('id', 'in', unsentOf(tx.db, channel, journey, version).select('id').limit(limit))
      .executeTakeFirst()
    discarded += result.numUpdatedRows
  }
  return discarded > 0n
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

// Channel by channel, as the index has them.
function unsentOf(db: Tx['db'], channel: Channel, journey: string, version: number) {
  return db
    .selectFrom('messages')
    .where('channel', '=', channel)
    .where('journey', '=', journey)
    .where('status', 'in', STILL_TO_GO)
    .where('version', '=', version)
}
