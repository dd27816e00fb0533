/** Clicks that a trap unmasked: what the tables keep of them besides the journal's entries. */
import type { Tx } from './database.ts'

/** Makes an entry count for no condition any more; the entry itself stays as it was. */
export async function uncount(tx: Tx, seq: number): Promise<void> {
  await tx.db.updateTable('journal').set({ name: null }).where('seq', '=', seq).execute()
}

/** The message counts as not clicked where its first click came at or after this time. */
export async function unclick(tx: Tx, message: string, since: number): Promise<void> {
  await tx.db
    .updateTable('messages')
    .set({ clicked_at: null })
    .where('id', '=', message)
    .where('clicked_at', '>=', since)
    .execute()
}
