/** The ledger: every line of every score's history. */
import type { FactValues, Fact, LedgerEntry, RetractedLine } from '../../engine/index.ts'
import { statement, write, type Tx, type Reading } from './database.ts'
import type { LedgerTable } from './schema.ts'

const insert = write<LedgerTable>((db, param) =>
  db.insertInto('ledger').values({
    id: param('id'),
    contact_id: param('contact_id'),
    seq: param('seq'),
    attribute: param('attribute'),
    by: param('by'),
    before: param('before'),
    after: param('after'),
    at: param('at'),
    occurred_at: param('occurred_at'),
    reason: param('reason'),
    event: param('event'),
    journey: param('journey'),
    version: param('version'),
    step: param('step'),
    enrollment: param('enrollment'),
    key: param('key'),
  }),
)

interface StepWindow {
  readonly contactId: string
  readonly journey: string
  readonly step: string
  readonly key: string | null
  readonly after: number
  readonly until: number
}

const points = statement<StepWindow, { sum: number | null; last: number | null }>((db, param) =>
  db
    .selectFrom('ledger')
    .select((select) => [
      select.fn.sum<number | null>('by').as('sum'),
      select.fn.max('occurred_at').as('last'),
    ])
    .where('contact_id', '=', param('contactId'))
    .where('journey', '=', param('journey'))
    .where('step', '=', param('step'))
    .where('occurred_at', '>', param('after'))
    .where('occurred_at', '<=', param('until'))
    .where((where) =>
      where.or([
        where(where.cast(where.val(param('key')), 'text'), 'is', null),
        where('key', '=', param('key')),
      ]),
    ),
)

export async function insertLedgerEntry(
  tx: Tx,
  contactId: string,
  seq: number,
  line: LedgerEntry,
): Promise<void> {
  const { occurredAt, ...same } = line
  await insert(tx, { ...same, contact_id: contactId, seq, occurred_at: occurredAt })
}

/** What one step gave within the window, and when last. */
export async function stepPoints(
  tx: Reading,
  contactId: string,
  fact: Extract<Fact, { type: 'points' }>,
): Promise<FactValues['points']> {
  const { journey, step, key, after, until } = fact
  const [row] = await points(tx, { contactId, journey, step, key, after: after ?? -1e15, until })
  return { sum: row?.sum ?? 0, last: row?.last ?? null }
}

/** What one entry gave, line by line: what a machine's click has to give back. */
export async function linesOf(tx: Tx, contactId: string, seq: number): Promise<readonly RetractedLine[]> {
  return tx.db
    .selectFrom('ledger')
    .select(['attribute', 'by', 'journey', 'version', 'step', 'enrollment', 'key'])
    .where('contact_id', '=', contactId)
    .where('seq', '=', seq)
    .orderBy('id')
    .execute()
}

/** What was given, by attribute, in hundredths. */
export type GivenPoints = readonly {
  readonly attribute: string
  readonly by: number
  readonly people: number
}[]

/** What a version has given since it was published: by the people of whom the journal says anything since then. */
export async function pointsOfVersion(db: Tx['db'], journey: string, version: number): Promise<GivenPoints> {
  const published = db
    .selectFrom('openings')
    .select('seq')
    .where('journey', '=', journey)
    .where('version', '=', version)
    .orderBy('seq')
    .limit(1)
  const touched = db.selectFrom('journal').select('contact_id').where('seq', '>', published)
  return db
    .selectFrom('ledger')
    .select((select) => [
      'attribute',
      select.fn.sum<number>('by').as('by'),
      select.fn.count<number>('contact_id').distinct().as('people'),
    ])
    .where('contact_id', 'in', touched)
    .where('journey', '=', journey)
    .where('version', '=', version)
    .groupBy('attribute')
    .orderBy('attribute')
    .execute()
}

/** What a row says, as the engine knows it. */
export function ledgerEntryOf({
  contact_id: _contact,
  seq: _seq,
  occurred_at,
  ...same
}: LedgerTable): LedgerEntry {
  return { ...same, occurredAt: occurred_at }
}
