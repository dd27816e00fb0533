/** How many people are where in the journeys, and how many came, ended or reached the goal. */
import type { Tx } from './database.ts'

export interface JourneyCounts {
  readonly inside: number
  readonly entered: number
  readonly finished: number
  readonly goal: number
  readonly exited: number
  /** People by step. */
  readonly steps: { readonly [step: string]: number }
}

export const NOBODY: JourneyCounts = { inside: 0, entered: 0, finished: 0, goal: 0, exited: 0, steps: {} }

/** Counts of all journeys that ever let somebody in, by id. Passages are counted: one person may be inside twice. */
export async function journeyCounts(db: Tx['db']): Promise<ReadonlyMap<string, JourneyCounts>> {
  const inside = await db
    .selectFrom('enrollments')
    .select((select) => ['journey', 'step', select.fn.countAll<number>().as('count')])
    .where('live', '=', 1)
    .groupBy(['journey', 'step'])
    .execute()
  const outcomes = await db
    .selectFrom('enrollments')
    .select((select) => ['journey', 'outcome', select.fn.countAll<number>().as('count')])
    .groupBy(['journey', 'outcome'])
    .execute()
  return new Map(
    [...Map.groupBy(outcomes, ({ journey }) => journey)].map(([journey, rows]) => {
      const steps = inside.filter((row) => row.journey === journey)
      const ended = (outcome: string) => rows.find((row) => row.outcome === outcome)?.count ?? 0
      return [
        journey,
        {
          inside: total(steps),
          entered: total(rows),
          finished: ended('finished'),
          goal: ended('goal'),
          exited: ended('exit'),
          steps: Object.fromEntries(steps.map(({ step, count }) => [step, count])),
        },
      ]
    }),
  )
}

function total(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}
