/** Which calls were accepted already: a repetition is answered and ignored (at least 90 days). */
import { statement, type Tx } from './database.ts'

const KEPT_FOR = 90 * 24 * 3_600_000

const insert = statement<{ keyId: string; messageId: string; at: number }, { at: number }>((db, param) =>
  db
    .insertInto('message_ids')
    .values({ key_id: param('keyId'), message_id: param('messageId'), at: param('at') })
    .onConflict((conflict) => conflict.doNothing())
    .returning('at'),
)

/** Notes the call; false where it was noted before. */
export async function isNewCall(tx: Tx, keyId: string, messageId: string, at: number): Promise<boolean> {
  return (await insert(tx, { keyId, messageId, at })).length > 0
}

export async function forgetOldCalls(tx: Tx, now: number): Promise<void> {
  await tx.db
    .deleteFrom('message_ids')
    .where('at', '<', now - KEPT_FOR)
    .execute()
}
