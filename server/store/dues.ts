/**
 * When a trigger by date or inactivity may next let a contact in. A row is looked at when it is due and moved where there
 * was activity since, so that a click costs nothing.
 */
import { statement, write, type Tx } from './database.ts'
import type { DuesTable } from './schema.ts'

export type DueKey = Pick<DuesTable, 'contact_id' | 'journey' | 'delay'>

const upsert = write<DuesTable>((db, param) =>
  db
    .insertInto('dues')
    .values({
      contact_id: param('contact_id'),
      journey: param('journey'),
      delay: param('delay'),
      after_at: param('after_at'),
      due_at: param('due_at'),
    })
    .onConflict((conflict) =>
      conflict.columns(['contact_id', 'journey', 'delay']).doUpdateSet((excluded) => ({
        after_at: excluded.ref('excluded.after_at'),
        due_at: excluded.ref('excluded.due_at'),
      })),
    ),
)

const remove = write<DueKey>((db, param) =>
  db
    .deleteFrom('dues')
    .where('contact_id', '=', param('contact_id'))
    .where('journey', '=', param('journey'))
    .where('delay', '=', param('delay')),
)

const byKey = statement<DueKey, DuesTable>((db, param) =>
  db
    .selectFrom('dues')
    .selectAll()
    .where('contact_id', '=', param('contact_id'))
    .where('journey', '=', param('journey'))
    .where('delay', '=', param('delay')),
)

export async function saveDue(tx: Tx, due: DuesTable): Promise<void> {
  await upsert(tx, due)
}

export async function dropDue(tx: Tx, { contact_id, journey, delay }: DueKey): Promise<void> {
  await remove(tx, { contact_id, journey, delay })
}

/** The row as it is now: what an alarm looks at before it acts. */
export async function dueOfKey(
  tx: Tx,
  { contact_id, journey, delay }: DueKey,
): Promise<DuesTable | undefined> {
  return (await byKey(tx, { contact_id, journey, delay }))[0]
}

/** The earliest due by `until`, in order. */
export async function dueTimes(db: Tx['db'], until: number, limit: number): Promise<readonly DuesTable[]> {
  return db
    .selectFrom('dues')
    .selectAll()
    .where('due_at', '<=', until)
    .orderBy('due_at')
    .orderBy('contact_id')
    .limit(limit)
    .execute()
}

/** When the earliest is due; undefined where none is. */
export async function nextDueTime(db: Tx['db']): Promise<number | undefined> {
  const row = await db.selectFrom('dues').select('due_at').orderBy('due_at').limit(1).executeTakeFirst()
  return row?.due_at
}
