/** What was kept here: messages as they would have gone out, and mails that somebody sent to look at them. */
import { sql } from 'kysely'
import type { Channel } from '../../engine/index.ts'
import type { Tx } from './database.ts'
import type { MessagesTable, TestMailsTable } from './schema.ts'

/** A message of a journey, or a test, which is of none. */
export type KeptRow = Pick<MessagesTable, 'id' | 'channel' | 'subject' | 'created_at' | 'sent_at'> & {
  readonly contact_id: string | null
  readonly journey: string | null
  readonly step: string | null
  readonly content: string
  readonly to_address: string
}

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
): Promise<readonly KeptRow[]> {
  let messages = messagesKept(db)
  if (channel !== undefined) messages = messages.where('channel', '=', channel)
  let tests = db.selectFrom('test_mails').selectAll()
  // Both databases know this word for "contains" that takes every sign as it is.
  const contains = (text: string) => sql<boolean>`replace(to_address, ${text}, '') <> to_address`
  if (to) {
    messages = 'is' in to ? messages.where('to_address', '=', to.is) : messages.where(contains(to.contains))
    tests = 'is' in to ? tests.where('to_address', '=', to.is) : tests.where(contains(to.contains))
  }
  if (after) {
    const older = sql<boolean>`(created_at, id) < (${after[0]}, ${after[1]})`
    messages = messages.where(older)
    tests = tests.where(older)
  }
  const found = [
    await messages.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute(),
    channel === undefined || channel === 'email'
      ? await tests.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      : [],
  ] as const
  return [...found[0], ...found[1].map(rowOfTest)]
    .toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? 1 : -1))
    .slice(0, limit)
}

export async function captured(db: Tx['db'], id: string): Promise<KeptRow | undefined> {
  const message = await messagesKept(db).where('id', '=', id).executeTakeFirst()
  if (message) return message
  const test = await db.selectFrom('test_mails').selectAll().where('id', '=', id).executeTakeFirst()
  return test && rowOfTest(test)
}

function messagesKept(db: Tx['db']) {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('content', 'is not', null)
    .$narrowType<{ content: string; to_address: string }>()
}

function rowOfTest(test: TestMailsTable): KeptRow {
  return { ...test, channel: 'email', journey: null, step: null, sent_at: test.created_at }
}

/** Keeps a mail that somebody sent to look at it. */
export async function insertTestMail(tx: Tx, test: TestMailsTable): Promise<void> {
  await tx.db.insertInto('test_mails').values(test).execute()
}
