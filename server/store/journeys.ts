/** Journeys, their drafts, their versions, and from where in the journal on each lets contacts in. */
import { sql, type Selectable } from 'kysely'
import type { Journey } from '../../engine/index.ts'
import type { MailTemplate } from '../messages/compose.ts'
import { statement, type Tx } from './database.ts'
import { setSetting, setting } from './settings.ts'
import type { JourneysTable, JourneyStatus, JourneyVersionsTable, OpeningsTable } from './schema.ts'

export type Templates = { readonly [name: string]: MailTemplate }

/** One version as it was published, its mails included. */
export interface Version {
  readonly journey: Journey
  readonly version: number
  readonly templates: Templates
}

export interface PublishedVersion extends Version {
  readonly publishedAt: number
  /** Nothing of it goes out any more. */
  readonly isTakenBack: boolean
}

export async function journeyRow(db: Tx['db'], id: string): Promise<JourneysTable | undefined> {
  return db.selectFrom('journeys').selectAll().where('id', '=', id).executeTakeFirst()
}

const statusOf = statement<{ id: string }, { status: JourneyStatus }>((db, param) =>
  db.selectFrom('journeys').select('status').where('id', '=', param('id')),
)

/** Whether the journey holds what it sends and whom it would wake. */
export async function isPaused(tx: Tx, id: string): Promise<boolean> {
  return (await statusOf(tx, { id }))[0]?.status === 'paused'
}

export async function journeyRows(db: Tx['db']): Promise<readonly JourneysTable[]> {
  return db.selectFrom('journeys').selectAll().orderBy('id').execute()
}

/** Writes a draft; the revision counts up, also over journeys of that id that were deleted before. */
export async function saveDraft(tx: Tx, id: string, draft: string, now: number): Promise<number> {
  const last = Number((await setting(tx.db, 'last_revision')) ?? 0)
  const row = await tx.db
    .insertInto('journeys')
    .values({
      id,
      status: 'draft',
      draft,
      draft_revision: last + 1,
      version: null,
      paused_because: null,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        draft,
        draft_revision: excluded.eb('journeys.draft_revision', '+', 1),
        updated_at: now,
      })),
    )
    .returning('draft_revision')
    .executeTakeFirstOrThrow()
  return row.draft_revision
}

/** Takes the draft away; the revision counts up. */
export async function clearDraft(tx: Tx, id: string, now: number): Promise<void> {
  await tx.db
    .updateTable('journeys')
    .set((set) => ({ draft: null, draft_revision: set('draft_revision', '+', 1), updated_at: now }))
    .where('id', '=', id)
    .execute()
}

/** Whether any version of it ever let anybody in, the ones taken back included. */
export async function wasPublished(db: Tx['db'], id: string): Promise<boolean> {
  const row = await db
    .selectFrom('journey_versions')
    .select('version')
    .where('journey', '=', id)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Deletes a journey that was never published; the next one of its id goes on counting its revisions. */
export async function removeJourney(tx: Tx, { id, draft_revision }: JourneysTable): Promise<void> {
  const last = Number((await setting(tx.db, 'last_revision')) ?? 0)
  await setSetting(tx, 'last_revision', String(Math.max(last, draft_revision)))
  await tx.db.deleteFrom('journeys').where('id', '=', id).execute()
}

/** How a version is published, besides what stands in it. */
export interface Publishing {
  /** The name of the key it came by; null: a person, or the installation itself. */
  readonly by: string | null
  /** Until then nothing of it goes out, and it can be taken back. */
  readonly quietUntil: number | null
}

/** Stores the draft as the next version, known from `seq` on. A paused journey stays paused, every other one is live. */
export async function insertVersion(
  tx: Tx,
  { journey, version, templates }: Version,
  seq: number,
  now: number,
  { by, quietUntil }: Publishing = { by: null, quietUntil: null },
): Promise<void> {
  const before = await journeyRow(tx.db, journey.id)
  await tx.db
    .insertInto('journey_versions')
    .values({
      journey: journey.id,
      version,
      document: JSON.stringify(journey),
      templates: JSON.stringify(templates),
      published_at: now,
      published_by: by,
      replaces: before?.version ?? null,
      replaced_status: before?.status ?? null,
      quiet_until: quietUntil,
    })
    .execute()
  const paused = before?.status === 'paused'
  await tx.db
    .updateTable('journeys')
    .set({ status: paused ? 'paused' : 'live', version, draft: null, updated_at: now })
    .where('id', '=', journey.id)
    .execute()
  await insertOpening(tx, seq, journey.id, version)
  if (paused) await insertOpening(tx, await tx.nextSeq(), journey.id, null)
}

/** Makes what a version replaced current again; its document is the draft once more, unless there is a newer one. */
export async function takeBackVersion(
  tx: Tx,
  { journey, version, document, replaces }: Selectable<JourneyVersionsTable>,
  status: JourneyStatus,
  now: number,
): Promise<void> {
  await tx.db
    .updateTable('journey_versions')
    .set({ taken_back_at: now })
    .where('journey', '=', journey)
    .where('version', '=', version)
    .execute()
  await tx.db
    .updateTable('journeys')
    .set((set) => ({
      status,
      version: replaces,
      draft: set.fn.coalesce('draft', set.val(document)),
      draft_revision: set('draft_revision', '+', 1),
      updated_at: now,
    }))
    .where('id', '=', journey)
    .execute()
  await insertOpening(tx, await tx.nextSeq(), journey, status === 'live' ? replaces : null)
}

/** The number that the journey's next version gets: none is given twice, the ones taken back included. */
export async function nextVersion(db: Tx['db'], journey: string): Promise<number> {
  const row = await db
    .selectFrom('journey_versions')
    .select((select) => select.fn.max<number | null>('version').as('last'))
    .where('journey', '=', journey)
    .executeTakeFirst()
  return (row?.last ?? 0) + 1
}

/** Notes from where in the journal on which version lets in; null: none. */
export async function insertOpening(
  tx: Tx,
  seq: number,
  journey: string,
  version: number | null,
): Promise<void> {
  tx.changesCatalogue()
  await tx.db.insertInto('openings').values({ seq, journey, version }).execute()
}

export async function setStatus(
  tx: Tx,
  id: string,
  status: JourneysTable['status'],
  because: string | null,
  now: number,
): Promise<void> {
  await tx.db
    .updateTable('journeys')
    .set({ status, paused_because: because, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** A version as the engine's catalogue wants it. */
export interface KnownVersion {
  readonly journey: Journey
  readonly version: number
}

/** Every version ever published. */
export async function allVersions(db: Tx['db']): Promise<readonly KnownVersion[]> {
  const rows = await db
    .selectFrom('journey_versions')
    .select(['document', 'version'])
    .orderBy('journey')
    .orderBy('version')
    .execute()
  return rows.map(({ document, version }) => ({ journey: JSON.parse(document) as Journey, version }))
}

export interface VersionInUse {
  readonly journey: string
  readonly version: number
  readonly status: JourneyStatus
  readonly isNewest: boolean
  readonly quietUntil: number | null
}

/**
 * The versions that somebody is inside, may enter, may come back to or is still to be taken along to, though a newer one was
 * published meanwhile. One seek for each version there is.
 */
export async function versionsInUse(db: Tx['db']): Promise<readonly VersionInUse[]> {
  const comingBack = await db
    .selectFrom('taken_passages')
    .select(['journey', 'before_version as version'])
    .distinct()
    .execute()
  const takingAlong = await db
    .selectFrom('journey_work')
    .select(['journey', 'version'])
    .where('kind', 'in', ['move', 'leave'])
    .execute()
  const rows = await db
    .selectFrom('journey_versions as versions')
    .innerJoin('journeys', 'journeys.id', 'versions.journey')
    .select((select) => [
      'versions.journey',
      'versions.version',
      'versions.quiet_until',
      'journeys.status',
      'journeys.version as newest',
      select
        .exists(
          select
            .selectFrom('enrollments')
            .select('id')
            .whereRef('enrollments.journey', '=', 'versions.journey')
            .whereRef('enrollments.version', '=', 'versions.version')
            // As in its index, so that SQLite finds it there.
            .where('live', '=', sql.lit(1)),
        )
        .as('inside'),
    ])
    .orderBy('versions.journey')
    .orderBy('versions.version')
    .execute()
  return rows.flatMap(({ journey, version, quiet_until, status, newest, inside }) => {
    const isNewest = version === newest
    const opens = isNewest && (status === 'live' || status === 'paused')
    const awaited = [...comingBack, ...takingAlong].some(
      (known) => known.journey === journey && known.version === version,
    )
    return inside || opens || awaited ? [{ journey, version, status, isNewest, quietUntil: quiet_until }] : []
  })
}

/** From where in the journal on which version let in, in order. */
export async function allOpenings(db: Tx['db']): Promise<readonly OpeningsTable[]> {
  return db.selectFrom('openings').selectAll().orderBy('seq').execute()
}

/** Versions of a journey, newest first, below one of them. */
export async function versionPage(
  db: Tx['db'],
  journey: string,
  below: number | undefined,
  limit: number,
): Promise<readonly Selectable<JourneyVersionsTable>[]> {
  return db
    .selectFrom('journey_versions')
    .selectAll()
    .where('journey', '=', journey)
    .where('version', '<', below ?? Number.MAX_SAFE_INTEGER)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
}

/** When each version was published. */
export async function publishedAtOf(
  db: Tx['db'],
  journey: string,
): Promise<readonly (readonly [version: number, at: number])[]> {
  const rows = await db
    .selectFrom('journey_versions')
    .select(['version', 'published_at'])
    .where('journey', '=', journey)
    .execute()
  return rows.map(({ version, published_at }) => [version, published_at])
}

export async function versionRow(
  db: Tx['db'],
  journey: string,
  version: number,
): Promise<Selectable<JourneyVersionsTable> | undefined> {
  return db
    .selectFrom('journey_versions')
    .selectAll()
    .where('journey', '=', journey)
    .where('version', '=', version)
    .executeTakeFirst()
}

export async function versionOf(
  db: Tx['db'],
  journey: string,
  version: number,
): Promise<PublishedVersion | undefined> {
  const row = await db
    .selectFrom('journey_versions')
    .selectAll()
    .where('journey', '=', journey)
    .where('version', '=', version)
    .executeTakeFirst()
  return (
    row && {
      journey: JSON.parse(row.document) as Journey,
      version,
      templates: JSON.parse(row.templates) as Templates,
      publishedAt: row.published_at,
      isTakenBack: row.taken_back_at !== null,
    }
  )
}

/** Some contacts inside a journey at a version below that one, or at that one. */
export async function contactsInside(
  db: Tx['db'],
  journey: string,
  at: '<' | '=',
  version: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await insideOf(db, journey, at, version).select('contact_id').distinct().limit(limit).execute()
  return rows.map(({ contact_id }) => contact_id)
}

/** How many passages are inside at a version below that one, or at that one. */
export async function countInside(
  db: Tx['db'],
  journey: string,
  at: '<' | '=',
  version: number,
): Promise<number> {
  const row = await insideOf(db, journey, at, version)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return row?.count ?? 0
}

function insideOf(db: Tx['db'], journey: string, at: '<' | '=', version: number) {
  return db
    .selectFrom('enrollments')
    .where('journey', '=', journey)
    .where('version', at, version)
    .where('live', '=', sql.lit(1))
}
