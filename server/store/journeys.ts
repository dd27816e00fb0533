/** Journeys, their drafts, their versions, and from where in the journal on each lets contacts in. */
import type { Journey } from '../../engine/index.ts'
import type { MailTemplate } from '../messages/compose.ts'
import type { Tx } from './database.ts'
import type { JourneysTable, OpeningsTable } from './schema.ts'

export type Templates = { readonly [name: string]: MailTemplate }

/** One version as it was published, its mails included. */
export interface Version {
  readonly journey: Journey
  readonly version: number
  readonly templates: Templates
}

export async function journeyRow(db: Tx['db'], id: string): Promise<JourneysTable | undefined> {
  return db.selectFrom('journeys').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function journeyRows(db: Tx['db']): Promise<readonly JourneysTable[]> {
  return db.selectFrom('journeys').selectAll().orderBy('id').execute()
}

/** Writes a draft; the revision counts up. */
export async function saveDraft(tx: Tx, id: string, draft: string, now: number): Promise<number> {
  const row = await tx.db
    .insertInto('journeys')
    .values({
      id,
      status: 'draft',
      draft,
      draft_revision: 1,
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

/** Stores the draft as the next version, open from `seq` on. */
export async function insertVersion(
  tx: Tx,
  { journey, version, templates }: Version,
  seq: number,
  now: number,
): Promise<void> {
  await tx.db
    .insertInto('journey_versions')
    .values({
      journey: journey.id,
      version,
      document: JSON.stringify(journey),
      templates: JSON.stringify(templates),
      published_at: now,
    })
    .execute()
  await tx.db
    .updateTable('journeys')
    .set({ status: 'live', version, draft: null, paused_because: null, updated_at: now })
    .where('id', '=', journey.id)
    .execute()
  await insertOpening(tx, seq, journey.id, version)
}

/** Notes from where in the journal on which version lets in; null: none. */
export async function insertOpening(
  tx: Tx,
  seq: number,
  journey: string,
  version: number | null,
): Promise<void> {
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

/** Every version ever published, as the engine's catalogue wants them: somebody may be inside an old one. */
export async function allVersions(db: Tx['db']): Promise<readonly (Version & { readonly open: boolean })[]> {
  const rows = await db
    .selectFrom('journey_versions')
    .innerJoin('journeys', 'journeys.id', 'journey_versions.journey')
    .select([
      'journey_versions.document',
      'journey_versions.version',
      'journey_versions.templates',
      'journeys.status',
      'journeys.version as newest',
    ])
    .orderBy('journey_versions.journey')
    .orderBy('journey_versions.version')
    .execute()
  return rows.map(({ document, version, templates, status, newest }) => ({
    journey: JSON.parse(document) as Journey,
    version,
    templates: JSON.parse(templates) as Templates,
    open: status === 'live' && version === newest,
  }))
}

/** From where in the journal on which version let in, in order. */
export async function allOpenings(db: Tx['db']): Promise<readonly OpeningsTable[]> {
  return db.selectFrom('openings').selectAll().orderBy('seq').execute()
}

export async function versionOf(
  db: Tx['db'],
  journey: string,
  version: number,
): Promise<Version | undefined> {
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
    }
  )
}

/** Contacts inside a journey, at any version. */
export async function contactsInside(db: Tx['db'], journey: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('enrollments')
    .select('contact_id')
    .distinct()
    .where('journey', '=', journey)
    .where('live', '=', 1)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}
