/**
 * What would have let somebody into a paused journey: kept until it is decided what becomes of it. A decision is about all
 * that was kept by then; it is one row, however many that are, and is carried out in bounded turns.
 */
import type { Happens } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import type { HeldDecisionsTable } from './schema.ts'

type Admission = Extract<Happens, { kind: 'admit' }>
/** An admission that waits for its time. */
export type Held = Omit<Admission, 'at'>

export async function holdEntry(tx: Tx, contactId: string, held: Held, at: number): Promise<void> {
  await tx.db
    .insertInto('held_entries')
    .values({ journey: held.journey, contact_id: contactId, at, entry: JSON.stringify(held), due_at: null })
    .execute()
}

/** How many wait, those included that are let in one after the other, those not that only have to be deleted. */
export async function countHeld(db: Tx['db'], journey: string): Promise<number> {
  const row = await db
    .selectFrom('held_entries')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('journey', '=', journey)
    .where('id', '>', await lastDecided(db, journey, 'dropped'))
    .executeTakeFirst()
  return row?.count ?? 0
}

// ---- Decisions ---------------------------------------------------------------------------------------------------

/** Lets in all that is kept: at `from`, or evenly over the milliseconds after it, in the order it came. */
export async function admitHeld(tx: Tx, journey: string, from: number, over: number): Promise<void> {
  await decide(tx, journey, (count) => ({ from_at: from, step: Math.floor(over / count) }))
}

/** Nothing of what is kept lets anybody in. */
export async function dropHeld(tx: Tx, journey: string): Promise<void> {
  await keepHeld(tx, journey)
  await decide(tx, journey, () => ({ from_at: null, step: 0 }))
}

/** The journey is paused again: whoever was not let in yet waits for another decision. */
export async function keepHeld(tx: Tx, journey: string): Promise<void> {
  await tx.db
    .deleteFrom('held_decisions')
    .where('journey', '=', journey)
    .where('from_at', 'is not', null)
    .execute()
}

async function decide(
  tx: Tx,
  journey: string,
  how: (count: number) => Pick<HeldDecisionsTable, 'from_at' | 'step'>,
): Promise<void> {
  const ends = await tx.db
    .selectFrom('held_entries')
    .select((select) => [
      select.fn.min<number | null>('id').as('first'),
      select.fn.max<number | null>('id').as('last'),
    ])
    .where('journey', '=', journey)
    .where('id', '>', await lastDecided(tx.db, journey))
    .executeTakeFirst()
  if (ends?.first == null || ends.last === null) return
  const range = { first_id: ends.first, last_id: ends.last }
  await tx.db
    .insertInto('held_decisions')
    .values({ journey, ...range, ...how(ends.last - ends.first + 1) })
    .execute()
}

async function lastDecided(db: Tx['db'], journey: string, how?: 'dropped'): Promise<number> {
  let query = db
    .selectFrom('held_decisions')
    .select((select) => select.fn.max<number | null>('last_id').as('last'))
    .where('journey', '=', journey)
  if (how) query = query.where('from_at', 'is', null)
  return (await query.executeTakeFirst())?.last ?? 0
}

/** All that is not carried out yet. */
export async function heldDecisions(db: Tx['db']): Promise<readonly HeldDecisionsTable[]> {
  return db.selectFrom('held_decisions').selectAll().orderBy('journey').orderBy('last_id').execute()
}

/** When something of what was decided is to be done; undefined where nothing is. */
export async function nextHeldAt(db: Tx['db']): Promise<number | undefined> {
  const times = await Promise.all((await heldDecisions(db)).map((decision) => nextOf(db, decision)))
  const due = times.filter((at) => at !== undefined)
  return due.length === 0 ? undefined : Math.min(...due)
}

async function nextOf(db: Tx['db'], decision: HeldDecisionsTable): Promise<number | undefined> {
  const { first_id, from_at, step } = decision
  if (from_at === null) return 0
  const first = await entriesOf(db, decision)
    .select('id')
    .where('due_at', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  const postponed = await entriesOf(db, decision)
    .select((select) => select.fn.min<number | null>('due_at').as('at'))
    .where('due_at', 'is not', null)
    .executeTakeFirst()
  const times = [first && from_at + (first.id - first_id) * step, postponed?.at ?? undefined]
  const due = times.filter((at) => at !== undefined)
  return due.length === 0 ? undefined : Math.min(...due)
}

function entriesOf(db: Tx['db'], { journey, first_id, last_id }: HeldDecisionsTable) {
  return db
    .selectFrom('held_entries')
    .where('journey', '=', journey)
    .where('id', '>=', first_id)
    .where('id', '<=', last_id)
}

/** The last one whose time has come. */
function dueTo({ first_id, last_id, from_at, step }: HeldDecisionsTable, now: number): number {
  if (from_at === null || from_at > now) return first_id - 1
  return step === 0 ? last_id : Math.min(last_id, first_id + Math.floor((now - from_at) / step))
}

/** Notes that nothing of it is left to be done. False where something is. */
export async function endDecision(tx: Tx, decision: HeldDecisionsTable): Promise<boolean> {
  if (await entriesOf(tx.db, decision).select('id').limit(1).executeTakeFirst()) return false
  await tx.db
    .deleteFrom('held_decisions')
    .where('journey', '=', decision.journey)
    .where('last_id', '=', decision.last_id)
    .execute()
  return true
}

// ---- Carrying them out -------------------------------------------------------------------------------------------

/** Deletes so many of those that let nobody in. */
export async function deleteHeld(tx: Tx, decision: HeldDecisionsTable, limit: number): Promise<void> {
  const some = entriesOf(tx.db, decision).select('id').orderBy('id').limit(limit)
  await tx.db.deleteFrom('held_entries').where('id', 'in', some).execute()
}

export interface DueEntry {
  readonly id: number
  readonly contactId: string
}

/** Whose time has come, in the order it came. */
export async function dueHeld(
  db: Tx['db'],
  decision: HeldDecisionsTable,
  now: number,
  limit: number,
): Promise<readonly DueEntry[]> {
  return dueEntries(db, decision, now)
    .select(['id', 'contact_id as contactId'])
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** None where the decision does not hold any more. */
function dueEntries(db: Tx['db'], decision: HeldDecisionsTable, now: number) {
  const { journey, last_id, from_at } = decision
  return entriesOf(db, { ...decision, last_id: dueTo(decision, now) })
    .where((where) => where.or([where('due_at', 'is', null), where('due_at', '<=', now)]))
    .where((where) =>
      where.exists(
        where
          .selectFrom('held_decisions')
          .select('last_id')
          .where('held_decisions.journey', '=', journey)
          .where('last_id', '=', last_id)
          .where('from_at', '=', from_at),
      ),
    )
}

/** Takes out the oldest of a contact whose time has come: whoever gets it tries it, nobody else does. */
export async function takeHeld(
  tx: Tx,
  contactId: string,
  decision: HeldDecisionsTable,
  now: number,
): Promise<Held | undefined> {
  const oldest = dueEntries(tx.db, decision, now)
    .select('id')
    .where('contact_id', '=', contactId)
    .orderBy('id')
    .limit(1)
  const row = await tx.db
    .deleteFrom('held_entries')
    .where('id', '=', oldest)
    .returning('entry')
    .executeTakeFirst()
  return row && (JSON.parse(row.entry) as Held)
}

/** Puts off one that could not be tried. */
export async function postponeHeld(tx: Tx, id: number, until: number): Promise<void> {
  await tx.db.updateTable('held_entries').set({ due_at: until }).where('id', '=', id).execute()
}
