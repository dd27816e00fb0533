/** How much there is of everything: what the head of the page and the metrics show. */
import type { Tx } from './database.ts'
import type { MessageStatus } from './schema.ts'

export interface Totals {
  readonly contacts: number
  /** People inside at least one journey. */
  readonly inJourneys: number
  readonly messages: ReadonlyMap<MessageStatus, number>
  /** Open ones. */
  readonly problems: number
}

export async function totals(db: Tx['db']): Promise<Totals> {
  const contacts = await db
    .selectFrom('contacts')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('merged_into', 'is', null)
    .executeTakeFirst()
  const inside = await db
    .selectFrom('enrollments')
    .select((select) => select.fn.count<number>('contact_id').distinct().as('count'))
    .where('live', '=', 1)
    .executeTakeFirst()
  const messages = await db
    .selectFrom('messages')
    .select((select) => ['status', select.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute()
  const problems = await db
    .selectFrom('problems')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('open', '=', 1)
    .executeTakeFirst()
  return {
    contacts: contacts?.count ?? 0,
    inJourneys: inside?.count ?? 0,
    messages: new Map(messages.map(({ status, count }) => [status, count])),
    problems: problems?.count ?? 0,
  }
}
