/** Dead letters: entries that could not be decided, each a problem of its own until it is run again or put aside. */
import type { Happens } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import type { NewProblem } from './problems.ts'
import type { FailingContactsTable } from './schema.ts'

/** Notes one: its place in the journal is `seq`; what never came into the journal stands in `happens`. */
export async function addDeadLetter(
  tx: Tx,
  problem: NewProblem & { readonly contact_id: string },
  happens: Happens | null,
): Promise<void> {
  await tx.db
    .insertInto('problems')
    .values({ ...problem, count: 1, open: 1, entry: happens && JSON.stringify(happens) })
    .execute()
}

export interface DeadLetter {
  readonly id: number
  readonly contactId: string
  /** What is to be run again. */
  readonly happens: Happens
  /** Its place in the journal, where it has one. */
  readonly seq: number | null
}

/** An open problem as what can be run again; undefined where nothing can, or nobody waits for it. */
export async function deadLetter(
  tx: Tx,
  id: number,
): Promise<DeadLetter | 'unknown_problem' | 'not_replayable'> {
  const row = await tx.db
    .selectFrom('problems')
    // Others name the entry they are about, which went well.
    .leftJoin('journal', (join) =>
      join.onRef('journal.seq', '=', 'problems.seq').on('journal.failed', 'is not', null),
    )
    .select(['problems.contact_id', 'problems.seq', 'problems.entry', 'journal.entry as journalled'])
    .where('problems.id', '=', id)
    .where('problems.open', '=', 1)
    .executeTakeFirst()
  if (!row) return 'unknown_problem'
  const kept = row.entry ?? row.journalled
  if (row.contact_id === null || kept === null) return 'not_replayable'
  // What stands in the journal has a place of its own, which the repetition does not have.
  const { seq: _, ...happens } = JSON.parse(kept) as Happens & { readonly seq?: number }
  return { id, contactId: row.contact_id, happens: happens as Happens, seq: row.seq }
}

/** An entry that is run again counts in its new place only. */
export async function uncount(tx: Tx, seq: number): Promise<void> {
  await tx.db.updateTable('journal').set({ name: null }).where('seq', '=', seq).execute()
}

/** Which problems: all of a kind, those that one journey is to blame for, those that say the same. */
export interface Kind {
  readonly code: string
  readonly journey?: string | undefined
  readonly detail?: string | undefined
}

/** The next open problems of a kind up to an id, oldest first. */
export async function openOf(
  db: Tx['db'],
  { code, journey, detail }: Kind,
  after: number,
  until: number,
  limit: number,
): Promise<readonly { readonly id: number; readonly contactId: string | null }[]> {
  let query = db
    .selectFrom('problems')
    .select(['id', 'contact_id as contactId'])
    .where('code', '=', code)
    .where('open', '=', 1)
    .where('id', '>', after)
    .where('id', '<=', until)
  if (journey !== undefined) query = query.where('journey', '=', journey)
  if (detail !== undefined) query = query.where('detail', '=', detail)
  return query.orderBy('id').limit(limit).execute()
}

export async function lastProblem(db: Tx['db']): Promise<number> {
  const row = await db
    .selectFrom('problems')
    .select((select) => select.fn.max<number | null>('id').as('last'))
    .executeTakeFirst()
  return row?.last ?? 0
}

/** Closes many problems at once; answers how many were open. */
export async function closeAll(tx: Tx, ids: readonly number[]): Promise<number> {
  const result = await tx.db
    .updateTable('problems')
    .set({ open: 0 })
    .where('id', 'in', ids)
    .where('open', '=', 1)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Notes for whom a journey failed. */
export async function noteFailure(tx: Tx, failing: FailingContactsTable): Promise<void> {
  const { seq, at } = failing
  await tx.db
    .insertInto('failing_contacts')
    .values(failing)
    .onConflict((conflict) => conflict.columns(['journey', 'contact_id']).doUpdateSet({ seq, at }))
    .execute()
}

/** Whether a journey failed for so many contacts since then, as long as it has been open without a break. */
export async function failedFor(
  db: Tx['db'],
  journey: string,
  contacts: number,
  since: number,
): Promise<boolean> {
  const opening = await db
    .selectFrom('openings')
    .select((select) => select.fn.max<number | null>('seq').as('seq'))
    .where('journey', '=', journey)
    .executeTakeFirst()
  const failing = await db
    .selectFrom('failing_contacts')
    .select('contact_id')
    .where('journey', '=', journey)
    .where('at', '>', since)
    .where('seq', '>', opening?.seq ?? 0)
    .limit(contacts)
    .execute()
  return failing.length >= contacts
}
