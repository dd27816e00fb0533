/** Passages. A wait is the due time of a live one: there is no second place that could disagree. */
import { sql } from 'kysely'
import type { Enrollment } from '../../engine/index.ts'
import { change, statement, type Tx } from './database.ts'
import type { EnrollmentsTable } from './schema.ts'

// `1` stands in these two queries themselves, as it does in their index: as a value SQLite would plan them anew at every call.
const YES = sql.lit(1)

const live = statement<{ contactId: string }, { state: string; parked: number }>((db, param) =>
  db
    .selectFrom('enrollments')
    .select(['state', 'parked'])
    .where('contact_id', '=', param('contactId'))
    .where('live', '=', YES),
)

const upsert = change<EnrollmentsTable>((db, param) =>
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

/** The contact's live passages, and which of them a replay left parked. */
export async function liveEnrollments(tx: Tx, contactId: string): Promise<readonly LivePassage[]> {
  const rows = await live(tx, { contactId })
  return rows.map(({ state, parked }) => ({
    enrollment: JSON.parse(state) as Enrollment,
    parked: parked === 1,
  }))
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
  readonly dueAt: number
}

/** The earliest waits due by `until`, in order; those of paused journeys wait on. */
export async function dueWaits(db: Tx['db'], until: number, limit: number): Promise<readonly DueWait[]> {
  const rows = await db
    .selectFrom('enrollments')
    .select(['id', 'contact_id', 'due_at'])
    .where('live', '=', 1)
    .where('parked', '=', 0)
    .where('due_at', 'is not', null)
    .where('due_at', '<=', until)
    .where('journey', 'not in', (query) =>
      query.selectFrom('journeys').select('id').where('status', '=', 'paused'),
    )
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .$narrowType<{ due_at: number }>()
    .execute()
  return rows.map((row) => ({ enrollment: row.id, contactId: row.contact_id, dueAt: row.due_at }))
}

/** When the earliest wait is due; undefined when nobody waits. */
export async function nextDue(db: Tx['db']): Promise<number | undefined> {
  const [next] = await dueWaits(db, Number.MAX_SAFE_INTEGER, 1)
  return next?.dueAt
}

/** Whether the passage is live, and when it is due: what an alarm looks at before it acts. */
export async function waitOf(
  tx: Tx,
  id: string,
): Promise<{ contactId: string; dueAt: number | null } | undefined> {
  const row = await tx.db
    .selectFrom('enrollments')
    .select(['contact_id', 'due_at'])
    .where('id', '=', id)
    .where('live', '=', 1)
    .executeTakeFirst()
  return row && { contactId: row.contact_id, dueAt: row.due_at }
}

/** Puts off a wait whose wake-up failed, so that it is tried again then and not at once. */
export async function postpone(tx: Tx, id: string, until: number): Promise<void> {
  await tx.db.updateTable('enrollments').set({ due_at: until }).where('id', '=', id).execute()
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
