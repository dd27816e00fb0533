/** What anonymous visitors did, kept apart from contacts (R1) until one becomes known. */
import type { JsonObject } from '../../engine/index.ts'
import { statement, type Tx } from './database.ts'

const insert = statement<{ visitor: string; at: number; occurredAt: number; name: string | null; properties: string; active: number }>((db, param) =>
  db.insertInto('visitor_events').values({
    anonymous_id: param('visitor'),
    at: param('at'),
    occurred_at: param('occurredAt'),
    name: param('name'),
    properties: param('properties'),
    active: param('active'),
  }),
)

export interface VisitorEvent {
  readonly at: number
  readonly occurredAt: number
  /** Null: traits told of the visitor, as attributes. */
  readonly name: string | null
  readonly properties: JsonObject
  readonly active: boolean
}

export async function insertVisitorEvent(tx: Tx, visitor: string, event: VisitorEvent): Promise<void> {
  await insert(tx, { ...event, visitor, properties: JSON.stringify(event.properties), active: event.active ? 1 : 0 })
}

/** Takes a visitor's events since then out of the store, in the order they happened; older ones are dropped. */
export async function takeVisitorEvents(tx: Tx, visitor: string, since: number): Promise<readonly VisitorEvent[]> {
  const rows = await tx.db.selectFrom('visitor_events').selectAll().where('anonymous_id', '=', visitor).orderBy('occurred_at').orderBy('id').execute()
  if (rows.length > 0) await tx.db.deleteFrom('visitor_events').where('anonymous_id', '=', visitor).execute()
  return rows
    .filter((row) => row.occurred_at >= since)
    .map((row) => ({ at: row.at, occurredAt: row.occurred_at, name: row.name, properties: JSON.parse(row.properties) as JsonObject, active: row.active === 1 }))
}
