/** How far files were replayed. */
import type { Tx } from './database.ts'

export interface Replay {
  /** Lines up to this one are applied. */
  readonly line: number
  /** The time of the latest event so far: the replay's own clock. */
  readonly clock: number
}

export async function replayOf(db: Tx['db'], source: string): Promise<Replay | undefined> {
  return db.selectFrom('replays').select(['line', 'clock']).where('source', '=', source).executeTakeFirst()
}

export async function saveReplay(tx: Tx, source: string, replay: Replay): Promise<void> {
  await tx.db
    .insertInto('replays')
    .values({ source, ...replay })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ ...replay }))
    .execute()
}
