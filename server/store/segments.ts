/** Segments: what each means, and what it meant when. */
import type { Condition } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import type { SegmentsTable, SegmentVersionsTable } from './schema.ts'

/** What all segments mean, by name, in alphabetical order. */
export async function segmentConditions(db: Tx['db']): Promise<ReadonlyMap<string, Condition>> {
  const rows = await db.selectFrom('segments').select(['name', 'condition']).orderBy('name').execute()
  return new Map(rows.map(({ name, condition }) => [name, JSON.parse(condition) as Condition]))
}

/** From where in the journal on each segment meant what, in order. */
export async function allSegmentVersions(db: Tx['db']): Promise<readonly SegmentVersionsTable[]> {
  return db.selectFrom('segment_versions').selectAll().orderBy('seq').execute()
}

export type SegmentRow = SegmentsTable & { readonly contacts: number }

export async function segmentPage(
  db: Tx['db'],
  after: string | undefined,
  limit: number,
): Promise<readonly SegmentRow[]> {
  return withSizes(db)
    .where('name', '>', after ?? '')
    .orderBy('name')
    .limit(limit)
    .execute()
}

export async function segmentByName(db: Tx['db'], name: string): Promise<SegmentRow | undefined> {
  return withSizes(db).where('name', '=', name).executeTakeFirst()
}

function withSizes(db: Tx['db']) {
  return db.selectFrom('segments').select((select) => [
    'name',
    'condition',
    'created_at',
    'updated_at',
    select
      .selectFrom('segment_members')
      .select((count) => count.fn.countAll<number>().as('count'))
      .whereRef('segment_members.segment', '=', 'segments.name')
      .$asScalar()
      .$notNull()
      .as('contacts'),
  ])
}

/** Stores what a segment means from `seq` on. */
export async function saveSegment(
  tx: Tx,
  name: string,
  when: Condition,
  seq: number,
  now: number,
): Promise<void> {
  const condition = JSON.stringify(when)
  await tx.db
    .insertInto('segments')
    .values({ name, condition, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ condition, updated_at: now }))
    .execute()
  tx.changesCatalogue()
  await tx.db.insertInto('segment_versions').values({ seq, name, condition }).execute()
}

/** From `seq` on there is no such segment. */
export async function deleteSegment(tx: Tx, name: string, seq: number): Promise<void> {
  await tx.db.deleteFrom('segments').where('name', '=', name).execute()
  tx.changesCatalogue()
  await tx.db.insertInto('segment_versions').values({ seq, name, condition: null }).execute()
}
