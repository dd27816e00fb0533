/** Other systems whose webhooks are taken: how each proves who it is, and how it is read. */
import type { Tx } from './database.ts'
import type { SourcesTable } from './schema.ts'

export async function sourceByName(db: Tx['db'], name: string): Promise<SourcesTable | undefined> {
  return db.selectFrom('sources').selectAll().where('name', '=', name).executeTakeFirst()
}

export async function sourceRows(db: Tx['db']): Promise<readonly SourcesTable[]> {
  return db.selectFrom('sources').selectAll().orderBy('name').execute()
}

/** Stores the source; what was known of the name is replaced, but for when it was made. */
export async function saveSource(tx: Tx, source: SourcesTable): Promise<void> {
  const { auth, secret, mapping, updated_at } = source
  await tx.db
    .insertInto('sources')
    .values(source)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ auth, secret, mapping, updated_at }))
    .execute()
}

/** Forgets the source; says whether there was one. */
export async function deleteSource(tx: Tx, name: string): Promise<boolean> {
  const result = await tx.db.deleteFrom('sources').where('name', '=', name).executeTakeFirst()
  return result.numDeletedRows > 0n
}
