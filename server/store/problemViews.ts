/** Problems as people look at them: the open ones, newest first. */
import type { Selectable } from 'kysely'
import type { Tx } from './database.ts'
import type { ProblemsTable } from './schema.ts'

export async function problemPage(
  db: Tx['db'],
  before: number | undefined,
  limit: number,
): Promise<readonly Selectable<ProblemsTable>[]> {
  return db
    .selectFrom('problems')
    .selectAll()
    .where('open', '=', 1)
    .where('id', '<', before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
