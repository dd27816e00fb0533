/** How often, and when last, a contact entered a journey: what re-entry rules ask. */
import type { Fact, FactValues } from '../../engine/index.ts'
import { statement, type Reading } from './database.ts'

interface Visits {
  readonly contactId: string
  readonly journey: string
  readonly key: string | null
  readonly until: number
}

const visits = statement<Visits, { count: number; last: number | null }>((db, param) =>
  db
    .selectFrom('enrollments')
    .select((select) => [
      select.fn.countAll<number>().as('count'),
      select.fn.max('entered_at').filterWhere('entered_at', '<=', param('until')).as('last'),
    ])
    .where('contact_id', '=', param('contactId'))
    .where('journey', '=', param('journey'))
    .where('key', 'is not distinct from', param('key')),
)

/** How often the contact entered (per key, where the journey has one), and when last by `until`. */
export async function visitsOf(
  tx: Reading,
  contactId: string,
  { journey, key, until }: Extract<Fact, { type: 'visits' }>,
): Promise<FactValues['visits']> {
  const [row] = await visits(tx, { contactId, journey, key, until })
  return { count: row?.count ?? 0, last: row?.last ?? null }
}
