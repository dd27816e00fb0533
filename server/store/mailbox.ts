/** Captured messages: what would have been sent, exactly as it would have gone out. */
import { sql } from 'kysely'
import type { Channel } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import type { MessagesTable } from './schema.ts'

export type CapturedRow = MessagesTable & { readonly content: string; readonly to_address: string }

/** Where a page of messages ends. */
export type MessagePlace = readonly [createdAt: number, id: string]

/** Whose mail: everybody's, one address's, or all whose address contains a text. */
export type Recipient = { readonly is: string } | { readonly contains: string } | undefined

/** What was kept here, of one channel or of all, newest first. */
export async function mailboxPage(
  db: Tx['db'],
  { to, channel }: { readonly to: Recipient; readonly channel: Channel | undefined },
  after: MessagePlace | undefined,
  limit: number,
): Promise<readonly CapturedRow[]> {
  let query = db.selectFrom('messages').selectAll().where('content', 'is not', null)
  if (channel !== undefined) query = query.where('channel', '=', channel)
  if (to && 'is' in to) query = query.where('to_address', '=', to.is)
  // Both databases know this word for "contains" that takes every sign as it is.
  if (to && 'contains' in to)
    query = query.where(sql<boolean>`replace(to_address, ${to.contains}, '') <> to_address`)
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
