/** Lists as people look at them: by name, with how many are on each. */
import type { Tx } from './database.ts'

export async function listPage(
  db: Tx['db'],
  after: string | undefined,
  limit: number,
): Promise<readonly { readonly name: string; readonly contacts: number }[]> {
  return db
    .selectFrom('lists')
    .select((select) => [
      'name',
      select
        .selectFrom('list_members')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('list_members.list', '=', 'lists.name')
        .$asScalar()
        .$notNull()
        .as('contacts'),
    ])
    .where('name', '>', after ?? '')
    .orderBy('name')
    .limit(limit)
    .execute()
}

export async function listExists(db: Tx['db'], name: string): Promise<boolean> {
  const row = await db.selectFrom('lists').select('name').where('name', '=', name).executeTakeFirst()
  return row !== undefined
}
