/** Asks the brakes about one message, inside the transaction that takes it: what they count nobody else changes meanwhile. */
import { countsSince, isStillAnswer, tooFast, tooMuch, withOneMore, type Brakes } from '../messages/brakes.ts'
import { lockedCounts, recentMessages, saveCounts } from '../store/brakes.ts'
import type { Tx } from '../store/database.ts'
import type { PublishedVersion } from '../store/journeys.ts'
import { changeMessage } from '../store/messages.ts'
import { addProblem, hasProblem } from '../store/problems.ts'
import type { MessagesTable } from '../store/schema.ts'

/** What is asked about, and when. */
export interface About {
  readonly row: MessagesTable
  readonly brakes: Brakes
  /** Where a calendar day begins and ends. */
  readonly zone: string
  readonly now: number
}

/** Whether the message passed the brakes before: it is tried again, and is no further message. */
function isRepetition({ status, counted_at }: MessagesTable): boolean {
  return status === 'retry' && counted_at !== null
}

/** Whether the message goes to the person: only such ones have brakes. */
function isPersonal({ channel }: MessagesTable): boolean {
  return channel === 'email' || channel === 'sms'
}

/** Why the person should not get the message as well; undefined where they may. `again` is what its step says itself. */
export async function whyCapped(
  tx: Tx,
  { row, brakes, zone, now }: About,
  again: string | undefined,
): Promise<string | undefined> {
  if (!isPersonal(row) || isRepetition(row)) return undefined
  const { id, contact_id, journey, step, answers, created_at } = row
  const promotional = row.message_type === 'promotional' && !isStillAnswer(answers === 1, created_at, now)
  const wanted = { journey, step, again, promotional }
  const recent = await recentMessages(tx, contact_id, countsSince(brakes, wanted, now, zone), id)
  return tooMuch(brakes, wanted, recent, now, zone)
}

/** Counts one more message of its journey; where that is one too many it is held, and the answer is false. */
export async function keepsPace(
  tx: Tx,
  about: About,
  version: PublishedVersion | undefined,
): Promise<boolean> {
  const { row, brakes, now } = about
  if (!isPersonal(row) || isRepetition(row)) return true
  const counts = await lockedCounts(tx, row.journey)
  const publishedAt = version?.publishedAt ?? 0
  const because =
    row.released === 1 ? undefined : tooFast(brakes, { counts, version: row.version, publishedAt, now })
  if (because !== undefined) await hold(tx, about, because, version?.journey.meta.name ?? row.journey)
  else await saveCounts(tx, row.journey, withOneMore(counts, row.version, now))
  return because === undefined
}

/** Holds the message until a person lets it go or discards it; one problem tells of all that a journey holds. */
async function hold(tx: Tx, { row, now }: About, because: string, name: string): Promise<void> {
  const reason = `held back: ${because}`
  await changeMessage(tx, row.id, { status: 'held', next_at: null, counted_at: now, reason })
  if (await hasProblem(tx, 'messages_held', row.journey)) return
  await addProblem(tx, {
    severity: 'warning',
    code: 'messages_held',
    path: '',
    detail: `Messages of “${name}” are held back: ${because}. They wait until somebody lets them go or discards them.`,
    at: now,
    journey: row.journey,
  })
}
