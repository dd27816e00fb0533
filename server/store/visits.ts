/** How often, and when last, a contact entered a journey: what re-entry rules ask. */
import type { Fact, FactValues } from '../../engine/index.ts'
import { statement, type Tx } from './database.ts'

const visits = statement<{ contactId: string; journey: string; key: string | null }, { count: number; last: number | null }>((db, param) =>
  db
    .selectFrom('enrollments')
    .select((select) => [select.fn.countAll<number>().as('count'), select.fn.max('entered_at').as('last')])
    .where('contact_id', '=', param('contactId'))
    .where('journey', '=', param('journey'))
    .where('key', 'is not distinct from', param('key')),
)

export async function visitsOf(tx: Tx, contactId: string, { journey, key }: Extract<Fact, { type: 'visits' }>): Promise<FactValues['visits']> {
  const [row] = await visits(tx, { contactId, journey, key })
  return { count: row?.count ?? 0, last: row?.last ?? null }
}
