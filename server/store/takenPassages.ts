/** Passages as they were before a version took them along or ended them, for as long as it can be taken back. */
import { sql } from 'kysely'
import type { Enrollment } from '../../engine/index.ts'
import type { Tx } from './database.ts'

/** Keeps passages as they are now; of one that was kept before, the first word counts. */
export async function keepPassages(
  tx: Tx,
  version: number,
  contactId: string,
  passages: readonly Enrollment[],
): Promise<void> {
  for (const passage of passages) {
    await tx.db
      .insertInto('taken_passages')
      .values({
        enrollment: passage.id,
        journey: passage.journey,
        version,
        contact_id: contactId,
        before_version: passage.version,
        state: JSON.stringify(passage),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** A contact's passages as they were before that version. */
export async function keptPassages(
  tx: Tx,
  journey: string,
  version: number,
  contactId: string,
): Promise<readonly Enrollment[]> {
  const rows = await tx.db
    .selectFrom('taken_passages')
    .select('state')
    .where('contact_id', '=', contactId)
    .where('journey', '=', journey)
    .where('version', '=', version)
    .execute()
  return rows.map(({ state }) => JSON.parse(state) as Enrollment)
}

/** Some contacts of whom something was kept. */
export async function contactsKept(
  db: Tx['db'],
  journey: string,
  version: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('taken_passages')
    .select('contact_id')
    .distinct()
    .where('journey', '=', journey)
    .where('version', '=', version)
    .limit(limit)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}

export async function countKept(db: Tx['db'], journey: string, version: number): Promise<number> {
  const row = await db
    .selectFrom('taken_passages')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('journey', '=', journey)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Passages inside at a version that nobody had taken there: they began in it. */
export async function countBegun(db: Tx['db'], journey: string, version: number): Promise<number> {
  const row = await db
    .selectFrom('enrollments')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('journey', '=', journey)
    .where('version', '=', version)
    .where('live', '=', sql.lit(1))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('taken_passages')
            .select('enrollment')
            .where('taken_passages.journey', '=', journey)
            .where('taken_passages.version', '=', version)
            .whereRef('taken_passages.enrollment', '=', 'enrollments.id'),
        ),
      ),
    )
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Forgets what was before a version, of one contact or of so many. False where nothing was left. */
export async function forgetPassages(
  tx: Tx,
  journey: string,
  version: number,
  which: { readonly contactId: string } | { readonly most: number },
): Promise<boolean> {
  const kept = tx.db
    .selectFrom('taken_passages')
    .select('enrollment')
    .where('journey', '=', journey)
    .where('version', '=', version)
  const some =
    'most' in which
      ? kept.orderBy('enrollment').limit(which.most)
      : kept.where('contact_id', '=', which.contactId)
  const result = await tx.db
    .deleteFrom('taken_passages')
    .where('journey', '=', journey)
    .where('version', '=', version)
    .where('enrollment', 'in', some)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}
