/** Which calls were accepted already: a repetition is answered and ignored (at least 90 days). */
import { change, type Tx } from './database.ts'

const KEPT_FOR = 90 * 24 * 3_600_000

const insert = change<{ keyId: string; messageId: string; at: number }>((db, param) =>
  db
    .insertInto('message_ids')
    .values({ key_id: param('keyId'), message_id: param('messageId'), at: param('at') })
    .onConflict((conflict) => conflict.doNothing()),
)

/** Notes the call; false where it was noted before. */
export async function isNewCall(tx: Tx, keyId: string, messageId: string, at: number): Promise<boolean> {
  return tx.known?.isNewCall(keyId, messageId) ?? (await insert(tx, { keyId, messageId, at })) > 0
}

/** As many are looked at together: a few milliseconds' work. */
const AT_ONCE = 10_000

/**
 * Forgets the old ones among the next calls in order of their ids, after this one; answers where to go on, '' at the
 * end. An index by age would cost every call a write, and those that are old enough can wait for the next round.
 */
export async function forgetOldCalls(tx: Tx, now: number, after: string): Promise<string> {
  const last = await tx.db
    .selectFrom('message_ids')
    .select('message_id')
    .where('message_id', '>', after)
    .orderBy('message_id')
    .offset(AT_ONCE)
    .limit(1)
    .executeTakeFirst()
  let old = tx.db
    .deleteFrom('message_ids')
    .where('message_id', '>', after)
    .where('at', '<', now - KEPT_FOR)
  if (last) old = old.where('message_id', '<=', last.message_id)
  await old.execute()
  return last?.message_id ?? ''
}
