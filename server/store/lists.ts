/** Lists that there are; who is on them `memberships.ts` knows. */
import type { Tx } from './database.ts'

/** Makes lists that a journey names; those that exist stay. */
export async function makeLists(tx: Tx, names: readonly string[], now: number): Promise<void> {
  for (const name of names) {
    await tx.db
      .insertInto('lists')
      .values({ name, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}
