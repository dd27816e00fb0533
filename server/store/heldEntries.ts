/** What would have let somebody into a paused journey: kept until it goes on, then tried at its time. */
import { sql } from 'kysely'
import type { Happens } from '../../engine/index.ts'
import type { Tx } from './database.ts'

type Admission = Extract<Happens, { kind: 'admit' }>
/** An admission that waits for its time. */
export type Held = Omit<Admission, 'at'>

export async function holdEntry(tx: Tx, contactId: string, held: Held, at: number): Promise<void> {
  await tx.db
    .insertInto('held_entries')
    .values({ journey: held.journey, contact_id: contactId, at, entry: JSON.stringify(held), due_at: null })
    .execute()
}

export async function countHeld(db: Tx['db'], journey: string): Promise<number> {
  const row = await db
    .selectFrom('held_entries')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('journey', '=', journey)
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Gives each what was kept a time: all at `from`, or evenly over the milliseconds after it, in the order they came. */
export async function scheduleHeld(tx: Tx, journey: string, from: number, over: number): Promise<void> {
  const ends = await tx.db
    .selectFrom('held_entries')
    .select((select) => [select.fn.min('id').as('first'), select.fn.max('id').as('last')])
    .where('journey', '=', journey)
    .executeTakeFirst()
  const [first, last] = [ends?.first ?? 0, ends?.last ?? 0]
  const step = Math.floor(over / (last - first + 1))
  await tx.db
    .updateTable('held_entries')
    .set({ due_at: sql<number>`(id - ${first}) * ${step} + ${from}` })
    .where('journey', '=', journey)
    .execute()
}

/** Takes back their times: the journey is paused again. */
export async function unscheduleHeld(tx: Tx, journey: string): Promise<void> {
  await tx.db
    .updateTable('held_entries')
    .set({ due_at: null })
    .where('journey', '=', journey)
    .where('due_at', 'is not', null)
    .execute()
}

export async function dropHeld(tx: Tx, journey: string): Promise<void> {
  await tx.db.deleteFrom('held_entries').where('journey', '=', journey).execute()
}

export interface DueEntry {
  readonly id: number
  readonly journey: string
  readonly contactId: string
}

/** What is due by then, in the order it came. */
export async function dueHeld(db: Tx['db'], now: number, limit: number): Promise<readonly DueEntry[]> {
  return waitingHeld(db)
    .select(['held_entries.id', 'journey', 'contact_id as contactId'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('held_entries.id')
    .limit(limit)
    .execute()
}

/** When the next is due; undefined where none is. */
export async function nextHeldAt(db: Tx['db']): Promise<number | undefined> {
  const row = await waitingHeld(db).select('due_at').orderBy('due_at').limit(1).executeTakeFirst()
  return row?.due_at ?? undefined
}

function waitingHeld(db: Tx['db']) {
  return db
    .selectFrom('held_entries')
    .innerJoin('journeys', 'journeys.id', 'held_entries.journey')
    .where('journeys.status', '=', 'live')
    .where('due_at', 'is not', null)
}

/** Takes out the oldest that is due of a contact: whoever gets it tries it, nobody else does. */
export async function takeHeld(
  tx: Tx,
  contactId: string,
  journey: string,
  now: number,
): Promise<Held | undefined> {
  const oldest = tx.db
    .selectFrom('held_entries')
    .select('id')
    .where('contact_id', '=', contactId)
    .where('journey', '=', journey)
    .where('due_at', '<=', now)
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
