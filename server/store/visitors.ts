/** What anonymous visitors did, kept apart from contacts (R1) until one becomes known. */
import type { Happens } from '../../engine/index.ts'
import { write, type Tx } from './database.ts'

/** What a visitor did or told, as the entry it becomes once we know who it was. */
export type VisitorHappens = Extract<Happens, { kind: 'event' | 'identify' }>

const insert = write<{ visitor: string; at: number; occurredAt: number; call: string }>((db, param) =>
  db.insertInto('visitor_events').values({
    anonymous_id: param('visitor'),
    at: param('at'),
    occurred_at: param('occurredAt'),
    call: param('call'),
  }),
)

export async function insertVisitorEvent(tx: Tx, visitor: string, happens: VisitorHappens): Promise<void> {
  await insert(tx, { visitor, at: happens.at, occurredAt: happens.occurredAt, call: JSON.stringify(happens) })
}

/** Takes a visitor's doings since then out of the store, in the order they happened; older ones are dropped. */
export async function takeVisitorEvents(
  tx: Tx,
  visitor: string,
  since: number,
): Promise<readonly VisitorHappens[]> {
  const rows = await tx.db
    .selectFrom('visitor_events')
    .select(['call', 'occurred_at'])
    .where('anonymous_id', '=', visitor)
    .orderBy('occurred_at')
    .orderBy('id')
    .execute()
  if (rows.length > 0) await tx.db.deleteFrom('visitor_events').where('anonymous_id', '=', visitor).execute()
  return rows
    .filter(({ occurred_at }) => occurred_at >= since)
    .map(({ call }) => JSON.parse(call) as VisitorHappens)
}

/** Forgets what visitors did before then: it would count for nobody any more. A bounded piece at a time. */
export async function forgetOldVisits(tx: Tx, before: number): Promise<void> {
  const old = tx.db
    .selectFrom('visitor_events')
    .select('id')
    .where('at', '<', before)
    .orderBy('id')
    .limit(1_000)
  await tx.db.deleteFrom('visitor_events').where('id', 'in', old).execute()
}
