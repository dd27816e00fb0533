/** Messages as people look at them: what became of each, newest first. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import type { MessagePlace } from './mailbox.ts'
import type { MessagesTable, MessageStatus } from './schema.ts'

/** A message without its text. */
export type MessageRow = Pick<
  MessagesTable,
  | 'id'
  | 'channel'
  | 'contact_id'
  | 'to_address'
  | 'subject'
  | 'journey'
  | 'version'
  | 'step'
  | 'status'
  | 'reason'
  | 'created_at'
  | 'sent_at'
  | 'attempts'
>

const COLUMNS = [
  'id',
  'channel',
  'contact_id',
  'to_address',
  'subject',
  'journey',
  'version',
  'step',
  'status',
  'reason',
  'created_at',
  'sent_at',
  'attempts',
] as const satisfies readonly (keyof MessageRow)[]

/** Undefined: all. */
export interface MessageFilter {
  readonly status: MessageStatus | undefined
  readonly journey: string | undefined
}

export async function messagePage(
  db: Tx['db'],
  { status, journey }: MessageFilter,
  after: MessagePlace | undefined,
  limit: number,
): Promise<readonly MessageRow[]> {
  let query = db.selectFrom('messages').select(COLUMNS)
  // Written out, so that the index of what is held is found.
  if (status !== undefined) query = query.where('status', '=', sql.lit(status))
  if (journey !== undefined) query = query.where('journey', '=', journey)
  if (after) query = query.where(sql<boolean>`(created_at, id) < (${after[0]}, ${after[1]})`)
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** Subjects of messages that were written, by id. */
export async function subjectsOf(
  db: Tx['db'],
  messages: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (messages.length === 0) return new Map()
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'subject'])
    .where('id', 'in', messages)
    .where('subject', 'is not', null)
    .$narrowType<{ subject: string }>()
    .execute()
  return new Map(rows.map(({ id, subject }) => [id, subject]))
}
