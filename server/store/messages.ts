/**
 * Messages: the promise that nothing is sent twice lives in these rows. `queued -> sending -> sent | retry | failed |
 * uncertain`, or `captured` and `skipped`; `sending` is committed before the SMTP dialogue begins.
 */
import type { Effect, Fact, FactValues, MessageType } from '../../engine/index.ts'
import { change, statement, type Tx } from './database.ts'
import type { MessagesTable, MessageStatus } from './schema.ts'

const insert = change<
  Pick<
    MessagesTable,
    | 'id'
    | 'contact_id'
    | 'enrollment'
    | 'journey'
    | 'version'
    | 'step'
    | 'visit'
    | 'message_type'
    | 'status'
    | 'reason'
    | 'next_at'
    | 'created_at'
  >
>((db, param) =>
  db.insertInto('messages').values({
    id: param('id'),
    contact_id: param('contact_id'),
    enrollment: param('enrollment'),
    journey: param('journey'),
    version: param('version'),
    step: param('step'),
    visit: param('visit'),
    message_type: param('message_type'),
    status: param('status'),
    reason: param('reason'),
    attempts: 0,
    next_at: param('next_at'),
    created_at: param('created_at'),
  }),
)

const lastSent = statement<
  { contactId: string; last: number },
  { id: string; sent_at: number; clicked_at: number | null }
>((db, param) =>
  db
    .selectFrom('messages')
    .select(['id', 'sent_at', 'clicked_at'])
    .where('contact_id', '=', param('contactId'))
    .where('sent_at', 'is not', null)
    .orderBy('sent_at', 'desc')
    .orderBy('id', 'desc')
    .limit(param('last'))
    .$narrowType<{ sent_at: number }>(),
)

/** Queues a message for now, or records that it must not go out. A second row of the same id is a defect and throws. */
export async function insertMessage(
  tx: Tx,
  contactId: string,
  effect: Effect,
  messageType: MessageType,
  now: number,
  reason: string | null,
): Promise<void> {
  const { message, enrollment, journey, version, step, visit, skipped } = effect
  await insert(tx, {
    id: message,
    contact_id: contactId,
    enrollment,
    journey,
    version,
    step,
    visit,
    message_type: messageType,
    status: skipped ? 'skipped' : 'queued',
    reason,
    next_at: skipped ? null : now,
    created_at: now,
  })
}

/** The newest e-mails that went out, newest first. */
export async function lastEmails(
  tx: Tx,
  contactId: string,
  fact: Extract<Fact, { type: 'emails' }>,
): Promise<FactValues['emails']> {
  const rows = await lastSent(tx, { contactId, last: fact.last })
  return rows.map((row) => ({ message: row.id, sentAt: row.sent_at, clicked: row.clicked_at !== null }))
}

export async function messageById(tx: Tx, id: string): Promise<MessagesTable | undefined> {
  return tx.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Changes a message where it has one of these states; says whether it had. What the state must be is part of the statement. */
export async function moveMessage(
  tx: Tx,
  id: string,
  from: readonly MessageStatus[],
  change: Partial<MessagesTable>,
): Promise<boolean> {
  const result = await tx.db
    .updateTable('messages')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', from)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function changeMessage(tx: Tx, id: string, change: Partial<MessagesTable>): Promise<void> {
  await tx.db.updateTable('messages').set(change).where('id', '=', id).execute()
}

/** Messages that may go out by now, oldest first; those of paused journeys are held. */
export async function waitingMessages(db: Tx['db'], now: number, limit: number): Promise<readonly string[]> {
  const rows = await waiting(db)
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** When the next message may go out; undefined when none waits. */
export async function nextMessageAt(db: Tx['db']): Promise<number | undefined> {
  const row = await waiting(db).select('next_at').orderBy('next_at').limit(1).executeTakeFirst()
  return row?.next_at ?? undefined
}

function waiting(db: Tx['db']) {
  return db
    .selectFrom('messages')
    .select('id')
    .where('status', 'in', ['queued', 'retry'])
    .where('journey', 'not in', (query) =>
      query.selectFrom('journeys').select('id').where('status', '=', 'paused'),
    )
}

/** Messages that a process was sending when it ended: whether they arrived nobody knows. */
export async function interruptedMessages(db: Tx['db']): Promise<readonly string[]> {
  const rows = await db.selectFrom('messages').select('id').where('status', '=', 'sending').execute()
  return rows.map(({ id }) => id)
}

/** Where the links of a message lead. */
export async function insertLinks(
  tx: Tx,
  message: string,
  links: readonly { readonly number: number; readonly url: string }[],
): Promise<void> {
  for (const { number, url } of links) {
    await tx.db
      .insertInto('message_links')
      .values({ message_id: message, number, url })
      .onConflict((conflict) => conflict.columns(['message_id', 'number']).doUpdateSet({ url }))
      .execute()
  }
}

export async function linkOf(db: Tx['db'], message: string, number: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('message_links')
    .select('url')
    .where('message_id', '=', message)
    .where('number', '=', number)
    .executeTakeFirst()
  return row?.url
}

/** Whether this database ever kept mail instead of sending it. */
export async function hasCaptured(tx: Tx): Promise<boolean> {
  return (
    (await tx.db
      .selectFrom('messages')
      .select('id')
      .where('status', '=', 'captured')
      .limit(1)
      .executeTakeFirst()) !== undefined
  )
}
