/** A person's word on messages that have not gone out: let go, discarded, sent once more. */
import { lockedCounts } from '../store/brakes.ts'
import { contactById } from '../store/contacts.ts'
import type { Database, Tx } from '../store/database.ts'
import { heldMessages, messageById, moveMessage, moveMessages } from '../store/messages.ts'
import { closeProblems } from '../store/problems.ts'
import type { MessagesTable, MessageStatus } from '../store/schema.ts'
import type { Runtime } from './process.ts'
import type { Turns } from './turns.ts'
import { settleUnsent } from './verdicts.ts'

export interface HeldDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
}

/** Whether it was done, and the message as it is then; undefined where there is none. */
export type Done = { readonly done: boolean; readonly message: MessagesTable } | undefined

/** So many change in one turn: others are served in between. */
const RELEASED_AT_ONCE = 500
const DISCARDED_AT_ONCE = 64

/**
 * What lets a message go: the pace of its journey holds it back no more. What protects the person (consent, what they got
 * lately) is looked at when it goes.
 */
function letGo(now: number) {
  return { status: 'queued', next_at: now, released: 1, reason: null } as const
}

/** Lets a held message go. */
export async function release(tx: Tx, id: string, now: number): Promise<Done> {
  return moved(tx, id, ['held'], now, letGo(now))
}

/** Has a message sent once more of which nobody knows whether it arrived, or that could not be sent. */
export async function resend(tx: Tx, id: string, now: number): Promise<Done> {
  return moved(tx, id, ['uncertain', 'failed'], now, { ...letGo(now), attempts: 0 })
}

async function moved(
  tx: Tx,
  id: string,
  from: readonly MessageStatus[],
  now: number,
  change: Partial<MessagesTable>,
): Promise<Done> {
  const done = await moveMessage(tx, id, from, change)
  if (done) tx.alarm({ send: id, at: now })
  return told(tx, id, done)
}

/** Discards a message that is held or has not gone out yet; its step hears that it did not. */
export async function discard(tx: Tx, runtime: Runtime, id: string, now: number): Promise<Done> {
  const asked = await messageById(tx, id)
  if (!asked) return undefined
  // The person is locked before the message is looked at: another process may be taking it at this moment.
  await contactById(tx, asked.contact_id)
  const row = await messageById(tx, id)
  const isThere = row !== undefined && ['held', 'queued', 'retry'].includes(row.status)
  if (isThere)
    await settleUnsent(
      tx,
      runtime,
      row,
      'discarded',
      { reason: 'discarded', detail: 'discarded by hand' },
      now,
    )
  return told(tx, id, isThere)
}

async function told(tx: Tx, id: string, done: boolean): Promise<Done> {
  const message = await messageById(tx, id)
  if (message && done) await closeWhenNoneIsHeld(tx, message.journey)
  return message && { done, message }
}

/** Lets all go that a journey holds now; answers how many. */
export async function releaseAll(
  { database, turns }: HeldDeps,
  journey: string,
  now: number,
): Promise<number> {
  let count = 0
  for (;;) {
    const held = await heldMessages(database.read, journey, now, RELEASED_AT_ONCE)
    if (held.length === 0) break
    const ids = held.map(({ id }) => id)
    count += await turns.run(async (tx) => {
      tx.alarm({ sweep: true, at: now })
      return moveMessages(tx, ids, 'held', letGo(now))
    })
  }
  await turns.run((tx) => closeWhenNoneIsHeld(tx, journey))
  return count
}

/** Discards all that a journey holds now, person by person; answers how many. */
export async function discardAll(
  { database, turns, runtime }: HeldDeps,
  journey: string,
  now: number,
): Promise<number> {
  let count = 0
  for (;;) {
    const held = await heldMessages(database.read, journey, now, DISCARDED_AT_ONCE)
    if (held.length === 0) break
    const done = await Promise.all(
      held.map(({ id, contactId }) =>
        turns.run((tx) => discard(tx, runtime, id, now), { contacts: [contactId] }),
      ),
    )
    count += done.filter((one) => one?.done).length
  }
  await turns.run((tx) => closeWhenNoneIsHeld(tx, journey))
  return count
}

/** What a journey holds is shown as one problem, which is solved once nothing is held any more. */
async function closeWhenNoneIsHeld(tx: Tx, journey: string): Promise<void> {
  // Whoever holds one back at this moment has these locked: then it is seen here, or this is seen there.
  await lockedCounts(tx, journey)
  if ((await heldMessages(tx.db, journey, Number.MAX_SAFE_INTEGER, 1)).length === 0)
    await closeProblems(tx, 'messages_held', journey)
}
