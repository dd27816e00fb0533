/**
 * What fell due while a journey was paused, before it goes on: spread over a day, or moved on without sending. It is done
 * in bounded turns while the journey is still paused, so nothing of it goes out too early; where the server ends in the
 * middle the journey stays paused, and resuming it again does the rest.
 *
 * - *send*: nothing is to be done. Once the journey goes on all of it is due, and the brakes set the pace.
 * - *spread*: each gets a later time, evenly over the next 24 hours, in the order it was due. A passage does not change by
 *   that: only when it is looked at.
 * - *skip*: messages that were asked for are skipped, with a reason. A wait that is over moves on at once as something late
 *   (design section 4): points, lists and stages as usual, and no message of what follows at once goes out. The waits after
 *   it count from now, and what they lead to goes out.
 */
import { CHANNELS } from '../../engine/index.ts'
import { contactById } from '../store/contacts.ts'
import type { Database, Tx } from '../store/database.ts'
import {
  countOverdueWaits,
  delayOverdue,
  dueWaitsOf,
  postpone,
  waitOf,
  type DueWait,
} from '../store/enrollments.ts'
import { isPaused } from '../store/journeys.ts'
import {
  countOverdueMessages,
  messageById,
  moveMessage,
  overdueMessages,
  type WaitingMessage,
} from '../store/messages.ts'
import { recordFor } from './accept.ts'
import type { Overdue } from './lifecycle.ts'
import type { Runtime } from './process.ts'
import type { Turns } from './turns.ts'
import { settleUnsent } from './verdicts.ts'

export interface OverdueDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
}

const DAY = 24 * 3_600_000
/** So many change in one turn: others are served in between. */
const AT_ONCE = 64

/** What is overdue in a journey: waits that are over, and messages that were asked for. */
export async function overdueOf(
  { database: { read } }: Pick<OverdueDeps, 'database'>,
  journey: string,
  now: number,
): Promise<{ readonly waits: number; readonly messages: number }> {
  const messages = await Promise.all(
    CHANNELS.map((channel) => countOverdueMessages(read, channel, journey, now)),
  )
  return {
    waits: await countOverdueWaits(read, journey, now),
    messages: messages.reduce((sum, count) => sum + count, 0),
  }
}

/** Settles what is overdue in a paused journey; resume it afterwards. Does nothing where it is not paused. */
export async function settleOverdue(
  deps: OverdueDeps,
  journey: string,
  choice: Overdue,
  now: number,
): Promise<void> {
  switch (choice) {
    case 'send':
      return
    case 'spread':
      await spreadWaits(deps, journey, now)
      await spreadMessages(deps, journey, now)
      return
    case 'skip':
      await skipMessages(deps, journey, now)
      await skipWaits(deps, journey, now)
  }
}

/** Does the work for batch after batch until none is left, or the journey is not paused any more. */
async function inTurns<Item>(
  { turns }: OverdueDeps,
  journey: string,
  next: () => Promise<readonly Item[]>,
  work: (tx: Tx, batch: readonly Item[]) => Promise<void>,
): Promise<void> {
  for (let batch = await next(); batch.length > 0; batch = await next()) {
    const current = batch
    const done = await turns.run(async (tx) => {
      const paused = await isPaused(tx, journey)
      if (paused) await work(tx, current)
      return paused
    })
    if (!done) return
  }
}

// ---- Spread ------------------------------------------------------------------------------------------------------

async function spreadWaits(deps: OverdueDeps, journey: string, now: number): Promise<void> {
  const read = deps.database.read
  const times = evenly(await countOverdueWaits(read, journey, now), now)
  await inTurns(
    deps,
    journey,
    () => dueWaitsOf(read, journey, now, AT_ONCE),
    async (tx, waits) => {
      for (const { enrollment } of waits) {
        const at = times()
        await delayOverdue(tx, enrollment, now, at)
        tx.alarm({ wake: enrollment, at })
      }
    },
  )
}

async function spreadMessages(deps: OverdueDeps, journey: string, now: number): Promise<void> {
  const read = deps.database.read
  for (const channel of CHANNELS) {
    const times = evenly(await countOverdueMessages(read, channel, journey, now), now)
    await inTurns(
      deps,
      journey,
      () => overdueMessages(read, channel, journey, now, AT_ONCE),
      async (tx, messages) => {
        for (const { id } of messages) {
          const at = times()
          await moveMessage(tx, id, ['queued', 'retry'], { next_at: at })
          tx.alarm({ send: id, at })
        }
      },
    )
  }
}

/** Gives `count` times one after the other, evenly over the day that begins now; were there more, they get its end. */
function evenly(count: number, now: number): () => number {
  let given = 0
  return () => now + Math.max(1, Math.floor((Math.min(++given, count) * DAY) / count))
}

// ---- Skip --------------------------------------------------------------------------------------------------------

async function skipMessages(deps: OverdueDeps, journey: string, now: number): Promise<void> {
  for (const channel of CHANNELS) {
    await onePerson(
      deps,
      journey,
      () => overdueMessages(deps.database.read, channel, journey, now, AT_ONCE),
      (tx, message) => skipMessage(tx, deps.runtime, message, now),
    )
  }
}

async function skipWaits(deps: OverdueDeps, journey: string, now: number): Promise<void> {
  await onePerson(
    deps,
    journey,
    () => dueWaitsOf(deps.database.read, journey, now, AT_ONCE),
    (tx, wait) => skipWait(tx, deps.runtime, wait, now),
  )
}

/** The same person by person: what fails for one undoes nothing of the others. */
async function onePerson<Item extends { readonly contactId: string }>(
  { turns }: OverdueDeps,
  journey: string,
  next: () => Promise<readonly Item[]>,
  work: (tx: Tx, item: Item) => Promise<void>,
): Promise<void> {
  for (let batch = await next(); batch.length > 0; batch = await next()) {
    const done = batch.map((item) =>
      turns.run(
        async (tx) => {
          const paused = await isPaused(tx, journey)
          if (paused) await work(tx, item)
          return paused
        },
        { contacts: [item.contactId] },
      ),
    )
    if (!(await Promise.all(done)).every(Boolean)) return
  }
}

const SKIPPED = {
  reason: 'late',
  detail: 'not sent: it was due while the journey was paused, and what was overdue was skipped',
} as const

async function skipMessage(
  tx: Tx,
  runtime: Runtime,
  { id, contactId }: WaitingMessage,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  const row = await messageById(tx, id)
  if (!row || row.contact_id !== contact?.id || (row.status !== 'queued' && row.status !== 'retry')) return
  await settleUnsent(tx, runtime, row, 'skipped', SKIPPED, now)
}

async function skipWait(
  tx: Tx,
  runtime: Runtime,
  { enrollment, contactId, dueAt }: DueWait,
  now: number,
): Promise<void> {
  const before = await waitOf(tx, enrollment)
  if (before?.dueAt !== dueAt) return
  await recordFor(tx, runtime, contactId, {
    kind: 'wake',
    enrollment,
    at: now,
    occurredAt: dueAt,
    late: true,
  })
  // One that could not be moved on is shown as a problem, and tried again in a day as every other.
  if ((await waitOf(tx, enrollment))?.dueAt === dueAt) await postpone(tx, enrollment, now + DAY)
}
