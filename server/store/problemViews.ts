/** Problems as people look at them: the open ones, newest first, one by one or those of one sentence together. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import type { ProblemsTable } from './schema.ts'

export interface ProblemRow extends Omit<ProblemsTable, 'id' | 'open' | 'entry'> {
  readonly id: number
  /** Truth value: an entry was kept that can be run again. */
  readonly replayable: number
}

/** Of a failed wake-up the entry stands here, of all else in the journal. */
const REPLAYABLE = sql<number>`case when entry is not null or code = 'cascade_failed' then 1 else 0 end`

export async function problemPage(
  db: Tx['db'],
  before: number | undefined,
  limit: number,
): Promise<readonly ProblemRow[]> {
  return db
    .selectFrom('problems')
    .select(['id', 'severity', 'code', 'path', 'detail', 'at', 'contact_id', 'seq', 'journey', 'count'])
    .select(REPLAYABLE.as('replayable'))
    .where('open', '=', 1)
    .where('id', '<', before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** The same with all that say the same about one journey as one: the newest of them, and how many there are. */
export async function problemGroups(
  db: Tx['db'],
  before: number | undefined,
  limit: number,
): Promise<readonly ProblemRow[]> {
  const groups = db
    .selectFrom('problems')
    .select((select) => [select.fn.max('id').as('newest'), select.fn.sum<number>('count').as('times')])
    .where('open', '=', 1)
    .groupBy(['severity', 'code', 'path', 'detail', 'journey'])
    .as('groups')
  return db
    .selectFrom(groups)
    .innerJoin('problems', 'problems.id', 'groups.newest')
    .select(['id', 'severity', 'code', 'path', 'detail', 'at', 'contact_id', 'seq', 'journey'])
    .select(['times as count', REPLAYABLE.as('replayable')])
    .where('id', '<', before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
