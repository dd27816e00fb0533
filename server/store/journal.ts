/** The journal, and the events in it that conditions count. */
import {
  countedAs,
  matches,
  type Condition,
  type Entry,
  type Fact,
  type TraceLine,
} from '../../engine/index.ts'
import { statement, write, type Tx, type Reading } from './database.ts'
import type { JournalTable } from './schema.ts'

const insert = write<JournalTable>((db, param) =>
  db.insertInto('journal').values({
    seq: param('seq'),
    contact_id: param('contact_id'),
    subject: param('subject'),
    kind: param('kind'),
    name: param('name'),
    at: param('at'),
    occurred_at: param('occurred_at'),
    entry: param('entry'),
    trace: param('trace'),
    failed: param('failed'),
  }),
)

interface Window {
  readonly contactId: string
  readonly name: string
  readonly after: number
  readonly until: number
  readonly sinceSeq: number
}

const counted = statement<Window, { count: number }>((db, param) =>
  db
    .selectFrom('journal')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('contact_id', '=', param('contactId'))
    .where('name', '=', param('name'))
    .where('occurred_at', '>', param('after'))
    .where('occurred_at', '<=', param('until'))
    .where('seq', '>', param('sinceSeq')),
)

const inWindow = statement<Window, { entry: string }>((db, param) =>
  db
    .selectFrom('journal')
    .select('entry')
    .where('contact_id', '=', param('contactId'))
    .where('name', '=', param('name'))
    .where('occurred_at', '>', param('after'))
    .where('occurred_at', '<=', param('until'))
    .where('seq', '>', param('sinceSeq')),
)

/** Writes an entry with what was decided. `failed` says why nothing of its cascade was kept. */
export async function insertEntry(
  tx: Tx,
  contactId: string,
  entry: Entry,
  trace: readonly TraceLine[],
  failed: string | null,
): Promise<void> {
  await insert(tx, {
    seq: entry.seq,
    contact_id: contactId,
    subject: contactId,
    kind: entry.kind,
    name: countedAs(entry)?.name ?? null,
    at: entry.at,
    occurred_at: entry.occurredAt,
    entry: JSON.stringify(entry),
    trace: JSON.stringify(trace),
    failed,
  })
}

/** Answers a count. Only a `where` needs the events themselves; the number alone comes from the index. */
export async function countEvents(
  tx: Reading,
  contactId: string,
  fact: Extract<Fact, { type: 'count' }>,
): Promise<number> {
  const window = {
    contactId,
    name: fact.event,
    after: fact.after ?? -1e15,
    until: fact.until,
    sinceSeq: fact.sinceSeq ?? 0,
  }
  if (fact.where === null) return (await counted(tx, window))[0]?.count ?? 0
  const rows = await inWindow(tx, window)
  return rows.filter(({ entry }) =>
    matches(fact.where as Condition, countedAs(JSON.parse(entry) as Entry)?.properties ?? {}),
  ).length
}

/** Human clicks of the message since then, in their order: a trap can still unmask them. */
export async function recentClicks(
  tx: Tx,
  contactId: string,
  message: string,
  since: number,
): Promise<readonly number[]> {
  const rows = await tx.db
    .selectFrom('journal')
    .select(['seq', 'entry'])
    .where('contact_id', '=', contactId)
    .where('name', '=', 'email.clicked')
    .where('occurred_at', '>=', since)
    .orderBy('seq')
    .execute()
  return rows
    .filter(({ entry }) => (JSON.parse(entry) as { message?: string }).message === message)
    .map(({ seq }) => seq)
}
