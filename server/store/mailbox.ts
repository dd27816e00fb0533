/** Captured mail: what would have been sent, exactly as SMTP would have got it. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import type { MessagesTable } from './schema.ts'

export type CapturedRow = MessagesTable & { readonly content: string; readonly to_address: string }

/** Where a page of messages ends. */
export type MessagePlace = readonly [createdAt: number, id: string]

/** Whose mail: everybody's, one address's, or all whose address contains a text. */
export type Recipient = { readonly is: string } | { readonly contains: string } | undefined

/** Captured mail, newest first. */
export async function mailboxPage(
  db: Tx['db'],
  to: Recipient,
  after: MessagePlace | undefined,
  limit: number,
): Promise<readonly CapturedRow[]> {
  let query = db.selectFrom('messages').selectAll().where('content', 'is not', null)
  if (to && 'is' in to) query = query.where('to_address', '=', to.is)
  if (to && 'contains' in to) query = query.where(sql<boolean>`instr(to_address, ${to.contains}) > 0`)
  if (after) query = query.where(sql<boolean>`(created_at, id) < (${after[0]}, ${after[1]})`)
  return query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .$narrowType<{ content: string; to_address: string }>()
    .execute()
}

export async function captured(db: Tx['db'], id: string): Promise<CapturedRow | undefined> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('id', '=', id)
    .where('content', 'is not', null)
    .$narrowType<{ content: string; to_address: string }>()
    .executeTakeFirst()
}
