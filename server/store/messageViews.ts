/** Messages as people look at them: what became of each, newest first. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import type { MessagePlace } from './mailbox.ts'
import type { MessagesTable, MessageStatus } from './schema.ts'

/** A message without its text. */
export type MessageRow = Pick<
  MessagesTable,
  | 'id'
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

export async function messagePage(
  db: Tx['db'],
  status: MessageStatus | undefined,
  after: MessagePlace | undefined,
  limit: number,
): Promise<readonly MessageRow[]> {
  let query = db.selectFrom('messages').select(COLUMNS)
  if (status !== undefined) query = query.where('status', '=', status)
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
