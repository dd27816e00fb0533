/**
 * Rounds: what goes through all contacts, in bounded turns. `changed`: a segment has another meaning; `daily`: time has
 * passed for segments; `schedule`: the time of a trigger has come; `dues`: a trigger by date or inactivity is new. A row
 * says how far a round has come, in the transaction that did it: so nobody is left out and nobody comes twice, whatever
 * ends the process.
 */
import type { Tx } from './database.ts'
import type { RoundsTable } from './schema.ts'

/** A round that waits for its time or is under way. */
export type Round = RoundsTable & { readonly due_at: number }
export type RoundKey = Pick<RoundsTable, 'kind' | 'journey' | 'delay'>

/** The key of what is about no journey. */
export function roundOf(kind: 'changed' | 'daily'): RoundKey {
  return { kind, journey: '', delay: '' }
}

export async function allRounds(db: Tx['db']): Promise<readonly RoundsTable[]> {
  return db.selectFrom('rounds').selectAll().execute()
}

/** Whether it has begun and not ended, or waits for its time. */
export async function isUnderWay(db: Tx['db'], { kind, journey, delay }: RoundKey): Promise<boolean> {
  const row = await db
    .selectFrom('rounds')
    .select('due_at')
    .where('kind', '=', kind)
    .where('journey', '=', journey)
    .where('delay', '=', delay)
    .executeTakeFirst()
  return row !== undefined && row.due_at !== null
}

/** What is due by then, earliest first. */
export async function dueRounds(db: Tx['db'], until: number): Promise<readonly Round[]> {
  return db
    .selectFrom('rounds')
    .selectAll()
    .where('due_at', '<=', until)
    .orderBy('due_at')
    .$narrowType<{ due_at: number }>()
    .execute()
}

/** When the next round begins; undefined where none will. */
export async function nextRoundAt(db: Tx['db']): Promise<number | undefined> {
  const row = await db
    .selectFrom('rounds')
    .select('due_at')
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row?.due_at ?? undefined
}

/** Begins the round at that time, from the first contact on; one that is under way begins again. */
export async function beginRound(tx: Tx, key: RoundKey, dueAt: number): Promise<void> {
  await tx.db
    .insertInto('rounds')
    .values({ ...key, due_at: dueAt, done_to: '' })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'journey', 'delay']).doUpdateSet({ due_at: dueAt, done_to: '' }),
    )
    .execute()
}

/** Makes the round begin at that time, unless it is known already. */
export async function addRound(tx: Tx, key: RoundKey, dueAt: number): Promise<void> {
  await tx.db
    .insertInto('rounds')
    .values({ ...key, due_at: dueAt, done_to: '' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** All rounds of a kind begin once more. */
export async function repeatRounds(tx: Tx, kind: RoundsTable['kind'], dueAt: number): Promise<void> {
  await tx.db.updateTable('rounds').set({ due_at: dueAt, done_to: '' }).where('kind', '=', kind).execute()
}

/** Notes how far it has come, or when it begins again; false where another did so, or it began anew meanwhile. */
export async function moveRound(
  tx: Tx,
  { kind, journey, delay, due_at, done_to }: Round,
  to: Pick<RoundsTable, 'due_at' | 'done_to'>,
): Promise<boolean> {
  const result = await tx.db
    .updateTable('rounds')
    .set({ due_at: to.due_at, done_to: to.done_to })
    .where('kind', '=', kind)
    .where('journey', '=', journey)
    .where('delay', '=', delay)
    .where('due_at', '=', due_at)
    .where('done_to', '=', done_to)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function dropRound(tx: Tx, { kind, journey, delay }: RoundKey): Promise<void> {
  await tx.db
    .deleteFrom('rounds')
    .where('kind', '=', kind)
    .where('journey', '=', journey)
    .where('delay', '=', delay)
    .execute()
}

/** The next contacts for whom it is to be done, in order of id: all there are, or those in one of the segments. */
export async function nextOfRound(
  db: Tx['db'],
  { done_to }: Pick<Round, 'done_to'>,
  segments: readonly string[] | undefined,
  limit: number,
): Promise<readonly string[]> {
  if (segments === undefined) {
    const rows = await db
      .selectFrom('contacts')
      .select('id')
      .where('merged_into', 'is', null)
      .where('id', '>', done_to)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  }
  // Segment by segment, each in the order of its key: together they would be sorted anew for every batch.
  const found = await Promise.all(segments.map((segment) => membersAfter(db, segment, done_to, limit)))
  return [...new Set(found.flat())].toSorted().slice(0, limit)
}

async function membersAfter(
  db: Tx['db'],
  segment: string,
  contactId: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('segment_members')
    .select('contact_id')
    .where('segment', '=', segment)
    .where('contact_id', '>', contactId)
    .orderBy('contact_id')
    .limit(limit)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}
