/** What waits in journeys, journey by journey, so that nobody walks past what waits in a paused one. */
import type { AliasableExpression, ExpressionBuilder, Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/** When the first of what waits in a journey is due. */
export type First = (select: ExpressionBuilder<Tables, 'journeys'>) => AliasableExpression<number | null>

/** Of each journey that is not paused, and in which something waits, when the first is due. */
export async function firstByJourney(
  db: Kysely<Tables>,
  first: First,
): Promise<readonly { readonly journey: string; readonly at: number }[]> {
  const rows = await db
    .selectFrom('journeys')
    .select((select) => ['id as journey', first(select).as('at')])
    .where('journeys.status', '!=', 'paused')
    .execute()
  return rows.filter((row): row is typeof row & { at: number } => row.at !== null)
}

/** When the first of all is due; undefined where nothing waits. */
export async function firstOfAll(db: Kysely<Tables>, first: First): Promise<number | undefined> {
  const times = (await firstByJourney(db, first)).map(({ at }) => at)
  return times.length === 0 ? undefined : Math.min(...times)
}
