/** What publications and ends still have to do with many people. A row is the promise; it is gone once all is done. */
import type { Tx } from './database.ts'
import type { JourneyWorkTable } from './schema.ts'

export type WorkKind = JourneyWorkTable['kind']
export type JourneyWork = Omit<JourneyWorkTable, 'id'> & { readonly id: number }
/** What makes it this piece of work: SQLite gives the number of one that is gone to the next. */
type WorkKey = Pick<JourneyWork, 'id' | 'kind' | 'journey' | 'version'>

export async function insertWork(
  tx: Tx,
  kind: WorkKind,
  journey: string,
  version: number,
  dueAt: number,
): Promise<void> {
  await tx.db
    .insertInto('journey_work')
    .values({ kind, journey, version, done_to: '', due_at: dueAt })
    .execute()
}

/** What is due by then, oldest first. Nobody is let into a paused journey before it goes on. */
export async function dueWork(db: Tx['db'], now: number): Promise<readonly JourneyWork[]> {
  return waitingWork(db).where('due_at', '<=', now).orderBy('journey_work.id').execute()
}

/** When the next piece is due; undefined where there is none. */
export async function nextWorkAt(db: Tx['db']): Promise<number | undefined> {
  return (await waitingWork(db).orderBy('due_at').limit(1).executeTakeFirst())?.due_at
}

function waitingWork(db: Tx['db']) {
  return db
    .selectFrom('journey_work')
    .innerJoin('journeys', 'journeys.id', 'journey_work.journey')
    .selectAll('journey_work')
    .where((where) => where.or([where('kind', '!=', 'letIn'), where('journeys.status', '!=', 'paused')]))
}

/** What is being done with people of a journey: taking them along, letting them in. */
export async function kindsOfWork(db: Tx['db'], journey: string): Promise<readonly WorkKind[]> {
  const rows = await db
    .selectFrom('journey_work')
    .select('kind')
    .distinct()
    .where('journey', '=', journey)
    .where('kind', '!=', 'settle')
    .orderBy('kind')
    .execute()
  return rows.map(({ kind }) => kind)
}

/** Whether it is still to be done: a version that was taken back takes nobody along any more. */
export async function isWanted(tx: Tx, work: WorkKey): Promise<boolean> {
  const row = await tx.db
    .selectFrom('journey_work')
    .select('id')
    .where((where) => where.and(keyOf(work)))
    .executeTakeFirst()
  return row !== undefined
}

/** Notes how far it is done; false where somebody else did more meanwhile, or it is not to be done any more. */
export async function workDoneTo(tx: Tx, work: WorkKey, from: string, to: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('journey_work')
    .set({ done_to: to })
    .where((where) => where.and(keyOf(work)))
    .where('done_to', '=', from)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Puts off what could not be done for everybody. */
export async function postponeWork(tx: Tx, work: WorkKey, until: number): Promise<void> {
  await tx.db
    .updateTable('journey_work')
    .set({ due_at: until })
    .where((where) => where.and(keyOf(work)))
    .execute()
}

export async function deleteWork(tx: Tx, work: WorkKey): Promise<void> {
  await tx.db
    .deleteFrom('journey_work')
    .where((where) => where.and(keyOf(work)))
    .execute()
}

function keyOf({ id, kind, journey, version }: WorkKey) {
  return { id, kind, journey, version }
}

/** Drops what a version still had to do. */
export async function dropWorkOf(tx: Tx, journey: string, version: number): Promise<void> {
  await tx.db
    .deleteFrom('journey_work')
    .where('journey', '=', journey)
    .where('version', '=', version)
    .execute()
}

/** Nobody more is let in because they match already: the journey ends, or a newer version asks anew. */
export async function dropLettingIn(tx: Tx, journey: string): Promise<void> {
  await tx.db.deleteFrom('journey_work').where('journey', '=', journey).where('kind', '=', 'letIn').execute()
}
