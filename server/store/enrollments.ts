/** Passages. A wait is the due time of a live one: there is no second place that could disagree. */
import { sql } from 'kysely'
import type { Enrollment } from '../../engine/index.ts'
import { statement, write, type Tx } from './database.ts'
import { firstByJourney, firstOfAll, type First } from './firstByJourney.ts'
import type { EnrollmentsTable } from './schema.ts'

// `1` and `0` stand in these queries themselves, as they do in their indexes: as values SQLite would plan them anew at every call.
const YES = sql.lit(1)
const NO = sql.lit(0)

const live = statement<{ contactId: string }, { state: string; parked: number }>((db, param) =>
  db
    .selectFrom('enrollments')
    .select(['state', 'parked'])
    .where('contact_id', '=', param('contactId'))
    .where('live', '=', YES),
)

const upsert = write<EnrollmentsTable>((db, param) =>
  db
    .insertInto('enrollments')
    .values({
      id: param('id'),
      contact_id: param('contact_id'),
      journey: param('journey'),
      version: param('version'),
      key: param('key'),
      step: param('step'),
      live: param('live'),
      parked: param('parked'),
      due_at: param('due_at'),
      entered_at: param('entered_at'),
      ended_at: param('ended_at'),
      outcome: param('outcome'),
      state: param('state'),
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        contact_id: excluded.ref('excluded.contact_id'),
        version: excluded.ref('excluded.version'),
        step: excluded.ref('excluded.step'),
        live: excluded.ref('excluded.live'),
        parked: excluded.ref('excluded.parked'),
        due_at: excluded.ref('excluded.due_at'),
        ended_at: excluded.ref('excluded.ended_at'),
        outcome: excluded.ref('excluded.outcome'),
        state: excluded.ref('excluded.state'),
      })),
    ),
)

const parkedWaits = statement<{ contactId: string; until: number }, { id: string; due_at: number }>(
  (db, param) =>
    db
      .selectFrom('enrollments')
      .select(['id', 'due_at'])
      .where('contact_id', '=', param('contactId'))
      .where('live', '=', YES)
      .where('parked', '=', YES)
      .where('due_at', '<=', param('until'))
      .orderBy('due_at')
      .orderBy('id')
      .limit(1)
      .$narrowType<{ due_at: number }>(),
)

export interface LivePassage {
  readonly enrollment: Enrollment
  readonly parked: boolean
}

/** The contact's live passages, oldest first, and which of them a replay left parked. */
export async function liveEnrollments(tx: Tx, contactId: string): Promise<readonly LivePassage[]> {
  const rows = tx.known?.passages(contactId) ?? (await live(tx, { contactId }))
  return rows
    .map(({ state, parked }) => ({ enrollment: JSON.parse(state) as Enrollment, parked: parked === 1 }))
    .toSorted(byAge)
}

/** The same alone. */
export async function livePassages(tx: Tx, contactId: string): Promise<readonly Enrollment[]> {
  return (await liveEnrollments(tx, contactId)).map(({ enrollment }) => enrollment)
}

function byAge({ enrollment: a }: LivePassage, { enrollment: b }: LivePassage): number {
  return a.seq - b.seq || (a.id < b.id ? -1 : 1)
}

/** Writes a passage as it is now. `parked`: its waits belong to a replay and no alarm of the server wakes them. */
export async function saveEnrollment(
  tx: Tx,
  contactId: string,
  enrollment: Enrollment,
  parked: boolean,
): Promise<void> {
  const { id, journey, version, key, step, due, enteredAt, ended } = enrollment
  await upsert(tx, {
    id,
    contact_id: contactId,
    journey,
    version,
    key,
    step,
    live: ended ? 0 : 1,
    parked: parked && !ended ? 1 : 0,
    due_at: due,
    entered_at: enteredAt,
    ended_at: ended?.at ?? null,
    outcome: ended?.outcome ?? null,
    state: JSON.stringify(enrollment),
  })
}

/** The contact's earliest parked wait that is due by then. */
export async function nextParkedWait(
  tx: Tx,
  contactId: string,
  until: number,
): Promise<{ id: string; dueAt: number } | undefined> {
  const [row] = await parkedWaits(tx, { contactId, until })
  return row && { id: row.id, dueAt: row.due_at }
}

/** Hands the contact's parked waits over to the server's alarms: what was replayed has met the present. */
export async function unpark(tx: Tx, contactId: string): Promise<void> {
  await tx.db
    .updateTable('enrollments')
    .set({ parked: 0 })
    .where('contact_id', '=', contactId)
    .where('parked', '=', 1)
    .execute()
}

export interface DueWait {
  readonly enrollment: string
  readonly contactId: string
  readonly journey: string
  readonly dueAt: number
}

/** The earliest waits due by `until`, in order; those of paused journeys wait on. */
export async function dueWaits(db: Tx['db'], until: number, limit: number): Promise<readonly DueWait[]> {
  const due = (await firstByJourney(db, firstDue)).filter(({ at }) => at <= until)
  const found = await Promise.all(due.map(({ journey }) => dueWaitsOf(db, journey, until, limit)))
  return found
    .flat()
    .toSorted((a, b) => a.dueAt - b.dueAt || (a.enrollment < b.enrollment ? -1 : 1))
    .slice(0, limit)
}

/** The same of one journey, paused or not. */
export async function dueWaitsOf(
  db: Tx['db'],
  journey: string,
  until: number,
  limit: number,
): Promise<readonly DueWait[]> {
  return db
    .selectFrom('enrollments')
    .select(['id as enrollment', 'contact_id as contactId', 'journey', 'due_at as dueAt'])
    .where('live', '=', YES)
    .where('parked', '=', NO)
    .where('due_at', 'is not', null)
    .where('journey', '=', journey)
    .where('due_at', '<=', until)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .$narrowType<{ dueAt: number }>()
    .execute()
}

export async function countOverdueWaits(db: Tx['db'], journey: string, now: number): Promise<number> {
  const row = await db
    .selectFrom('enrollments')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('live', '=', YES)
    .where('parked', '=', NO)
    .where('due_at', 'is not', null)
    .where('journey', '=', journey)
    .where('due_at', '<=', now)
    .executeTakeFirstOrThrow()
  return row.count
}

/** When the earliest wait is due; undefined when nobody waits. */
export function nextDue(db: Tx['db']): Promise<number | undefined> {
  return firstOfAll(db, firstDue)
}

const firstDue: First = (select) =>
  select
    .selectFrom('enrollments')
    .select('due_at')
    .where('live', '=', YES)
    .where('parked', '=', NO)
    .where('due_at', 'is not', null)
    .whereRef('enrollments.journey', '=', 'journeys.id')
    .orderBy('due_at')
    .limit(1)
    .$asScalar()

type WaitRow = Pick<EnrollmentsTable, 'contact_id' | 'journey' | 'due_at' | 'parked'> & { status: string }

const wait = statement<{ id: string }, WaitRow>((db, param) =>
  db
    .selectFrom('enrollments')
    .innerJoin('journeys', 'journeys.id', 'enrollments.journey')
    .select(['contact_id', 'journey', 'due_at', 'parked', 'journeys.status'])
    .where('enrollments.id', '=', param('id'))
    .where('live', '=', YES),
)

export interface Wait {
  readonly contactId: string
  readonly journey: string
  readonly dueAt: number | null
  /** Whether an alarm of the server wakes it now: not while its journey is paused, nor while a replay has it. */
  readonly isAwaited: boolean
}

async function waitRow(tx: Tx, id: string): Promise<WaitRow | undefined> {
  const known = tx.known?.passage(id)
  if (known === null) return undefined
  const isPaused = known && tx.known?.isPaused(known.journey)
  if (known === undefined || isPaused === undefined) return (await wait(tx, { id }))[0]
  return { ...known, status: isPaused ? 'paused' : 'live' }
}

/** The wait of a live passage, whose contact is held from then on: what an alarm looks at before it acts. */
export async function waitOf(tx: Tx, id: string): Promise<Wait | undefined> {
  const row = await waitRow(tx, id)
  if (!row) return undefined
  if (!tx.holds(row.contact_id)) {
    await tx.hold([row.contact_id])
    return waitOf(tx, id)
  }
  const isAwaited = row.parked === 0 && row.status !== 'paused'
  return { contactId: row.contact_id, journey: row.journey, dueAt: row.due_at, isAwaited }
}

/** Puts off a wait whose wake-up failed, so that it is tried again then and not at once. */
export async function postpone(tx: Tx, id: string, until: number): Promise<void> {
  await tx.db.updateTable('enrollments').set({ due_at: until }).where('id', '=', id).execute()
}

/** Has an overdue wait looked at later; nothing where it is not overdue any more. */
export async function delayOverdue(tx: Tx, id: string, now: number, until: number): Promise<void> {
  await tx.db
    .updateTable('enrollments')
    .set({ due_at: until })
    .where('id', '=', id)
    .where('live', '=', YES)
    .where('due_at', '<=', now)
    .execute()
}

export async function enrollmentById(tx: Tx, id: string): Promise<Enrollment | undefined> {
  const row = await tx.db.selectFrom('enrollments').select('state').where('id', '=', id).executeTakeFirst()
  return row && (JSON.parse(row.state) as Enrollment)
}

/** Contacts with a parked wait due by then, in order of id after `after`. */
export async function contactsParked(
  db: Tx['db'],
  until: number,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('enrollments')
    .select('contact_id')
    .distinct()
    .where('live', '=', 1)
    .where('parked', '=', 1)
    .where('due_at', '<=', until)
    .where('contact_id', '>', after)
    .orderBy('contact_id')
    .limit(limit)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}

/** Hands all parked waits over to the server's alarms. */
export async function unparkAll(tx: Tx): Promise<void> {
  await tx.db.updateTable('enrollments').set({ parked: 0 }).where('parked', '=', 1).execute()
}
