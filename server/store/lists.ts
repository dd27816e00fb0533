/** Lists and who is on them. A contact's own record names its lists too: both change in one transaction. */
import { write, type Tx } from './database.ts'

const add = write<{ list: string; contactId: string }>((db, param) =>
  db
    .insertInto('list_members')
    .values({ list: param('list'), contact_id: param('contactId') })
    .onConflict((conflict) => conflict.doNothing()),
)

const remove = write<{ list: string; contactId: string }>((db, param) =>
  db
    .deleteFrom('list_members')
    .where('list', '=', param('list'))
    .where('contact_id', '=', param('contactId')),
)

/** Makes the stored memberships those that the contact has now. */
export async function saveLists(
  tx: Tx,
  contactId: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  if (before === after) return
  for (const list of after) if (!before.includes(list)) await add(tx, { list, contactId })
  for (const list of before) if (!after.includes(list)) await remove(tx, { list, contactId })
}

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
