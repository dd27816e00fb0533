/**
 * Messages: the promise that nothing is sent twice lives in these rows. `queued -> sending -> sent | retry | failed |
 * uncertain`, or `captured` and `skipped`; `sending` is committed before the SMTP dialogue begins.
 */
import { sql } from 'kysely'
import {
  CHANNEL_OF,
  type Channel,
  type Effect,
  type Fact,
  type FactValues,
  type MessageType,
} from '../../engine/index.ts'
import { statement, write, type Reading, type Tx } from './database.ts'
import { firstByJourney, firstOfAll, type First } from './firstByJourney.ts'
import type { MessagesTable, MessageStatus } from './schema.ts'

const insert = write<
  Pick<
    MessagesTable,
    | 'id'
    | 'channel'
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
    | 'answers'
  >
>((db, param) =>
  db.insertInto('messages').values({
    id: param('id'),
    channel: param('channel'),
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
    answers: param('answers'),
    released: 0,
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
    .where('channel', '=', 'email')
    .orderBy('sent_at', 'desc')
    .orderBy('id', 'desc')
    .limit(param('last'))
    .$narrowType<{ sent_at: number }>(),
)

export interface NewMessage {
  readonly contactId: string
  readonly effect: Effect
  readonly messageType: MessageType
  readonly createdAt: number
  /** Why it does not go out; null where it does. */
  readonly reason: string | null
  /** Whether it answers what the person just did. */
  readonly answers: boolean
  /** When it may go out. */
  readonly nextAt: number
}

/** Queues a message for then, or records that it must not go out. A second row of the same id is a defect and throws. */
export async function insertMessage(
  tx: Tx,
  { contactId, effect, messageType, createdAt, reason, answers, nextAt }: NewMessage,
): Promise<void> {
  const { type, message, enrollment, journey, version, step, visit, skipped } = effect
  await insert(tx, {
    id: message,
    channel: CHANNEL_OF[type],
    contact_id: contactId,
    enrollment,
    journey,
    version,
    step,
    visit,
    message_type: messageType,
    status: skipped ? 'skipped' : 'queued',
    reason,
    next_at: skipped ? null : nextAt,
    created_at: createdAt,
    answers: answers ? 1 : 0,
  })
}

/** The newest e-mails that went out, newest first. */
export async function lastEmails(
  tx: Reading,
  contactId: string,
  fact: Extract<Fact, { type: 'emails' }>,
): Promise<FactValues['emails']> {
  const rows = await lastSent(tx, { contactId, last: fact.last })
  return rows.map((row) => ({ message: row.id, sentAt: row.sent_at, clicked: row.clicked_at !== null }))
}

const byId = statement<{ id: string }, MessagesTable>((db, param) =>
  db.selectFrom('messages').selectAll().where('id', '=', param('id')),
)

export async function messageById(tx: Tx, id: string): Promise<MessagesTable | undefined> {
  return (await byId(tx, { id }))[0]
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

/** The same for many at once; answers how many had the state. */
export async function moveMessages(
  tx: Tx,
  ids: readonly string[],
  from: MessageStatus,
  change: Partial<MessagesTable>,
): Promise<number> {
  const result = await tx.db
    .updateTable('messages')
    .set(change)
    .where('id', 'in', ids)
    .where('status', '=', from)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

export async function changeMessage(tx: Tx, id: string, change: Partial<MessagesTable>): Promise<void> {
  await tx.db.updateTable('messages').set(change).where('id', '=', id).execute()
}

export interface WaitingMessage {
  readonly id: string
  readonly contactId: string
  readonly journey: string
  readonly at: number
}

/** Messages of a channel that may go out by now, oldest first; those of paused journeys wait. */
export async function waitingMessages(
  db: Tx['db'],
  channel: Channel,
  now: number,
  limit: number,
): Promise<readonly WaitingMessage[]> {
  const due = (await firstByJourney(db, firstWaiting(channel))).filter(({ at }) => at <= now)
  const found = await Promise.all(due.map(({ journey }) => overdueMessages(db, channel, journey, now, limit)))
  return found
    .flat()
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}

/** The same of one journey, paused or not. */
export async function overdueMessages(
  db: Tx['db'],
  channel: Channel,
  journey: string,
  now: number,
  limit: number,
): Promise<readonly WaitingMessage[]> {
  return overdue(db, channel, journey, now)
    .select(['id', 'contact_id as contactId', 'journey', 'next_at as at'])
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .$narrowType<{ at: number }>()
    .execute()
}

export async function countOverdueMessages(
  db: Tx['db'],
  channel: Channel,
  journey: string,
  now: number,
): Promise<number> {
  const row = await overdue(db, channel, journey, now)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

function overdue(db: Tx['db'], channel: Channel, journey: string, now: number) {
  return db
    .selectFrom('messages')
    .where('status', 'in', STILL_TO_GO)
    .where('channel', '=', channel)
    .where('journey', '=', journey)
    .where('next_at', '<=', now)
}

/** When the next message of a channel may go out; undefined when none waits. */
export function nextMessageAt(db: Tx['db'], channel: Channel): Promise<number | undefined> {
  return firstOfAll(db, firstWaiting(channel))
}

// Written out, as in its index: as a value SQLite would plan the query anew at every call, and not use the index.
export const STILL_TO_GO = sql<MessageStatus>`('queued', 'retry')`

function firstWaiting(channel: Channel): First {
  return (select) =>
    select
      .selectFrom('messages')
      .select('next_at')
      .where('status', 'in', STILL_TO_GO)
      .where('channel', '=', channel)
      .whereRef('messages.journey', '=', 'journeys.id')
      .where('next_at', 'is not', null)
      .orderBy('next_at')
      .limit(1)
      .$asScalar()
}

// Written out for its index, as above.
const HELD = sql<MessageStatus>`'held'`

/** What the brakes hold back of a journey and was asked for by then, oldest first. */
export async function heldMessages(
  db: Tx['db'],
  journey: string,
  until: number,
  limit: number,
): Promise<readonly { readonly id: string; readonly contactId: string }[]> {
  return db
    .selectFrom('messages')
    .select(['id', 'contact_id as contactId'])
    .where('status', '=', HELD)
    .where('journey', '=', journey)
    .where('created_at', '<=', until)
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** How many messages of each journey the brakes hold back. */
export async function countHeldMessages(
  db: Tx['db'],
): Promise<readonly { readonly journey: string; readonly held: number }[]> {
  return db
    .selectFrom('messages')
    .select((select) => ['journey', select.fn.countAll<number>().as('held')])
    .where('status', '=', HELD)
    .groupBy('journey')
    .orderBy('journey')
    .execute()
}

/** How long a process is believed to be sending what it took, in milliseconds by the machine's clock. */
const LEASE = 60_000

/** Until when, from now on. */
export function leaseFrom(now: number): number {
  return now + LEASE
}

/** Says once more that these are being sent. */
export async function renewLeases(tx: Tx, ids: readonly string[], now: number): Promise<void> {
  await tx.db
    .updateTable('messages')
    .set({ lease_until: leaseFrom(now) })
    .where('id', 'in', ids)
    .where('status', '=', 'sending')
    .execute()
}

/** Messages that a process was sending when it ended, all whose lease ended by then: whether they arrived nobody knows. */
export async function interruptedMessages(
  db: Tx['db'],
  until: number,
): Promise<readonly { readonly id: string; readonly contactId: string }[]> {
  return db
    .selectFrom('messages')
    .select(['id', 'contact_id as contactId'])
    .where('status', '=', 'sending')
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', until)]))
    .execute()
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

/** Whether this database ever kept messages of these channels instead of sending them. */
export async function hasCaptured(tx: Tx, channels: readonly Channel[]): Promise<boolean> {
  return (
    (await tx.db
      .selectFrom('messages')
      .select('id')
      .where('status', '=', 'captured')
      .where('channel', 'in', channels)
      .limit(1)
      .executeTakeFirst()) !== undefined
  )
}
