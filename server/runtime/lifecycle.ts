/** A journey is paused, resumed, stopped, archived: what is written down at once. What concerns many people is work. */
import type { Tx } from '../store/database.ts'
import { admitHeld, countHeld, dropHeld, keepHeld } from '../store/heldEntries.ts'
import { countInside, insertOpening, journeyRow, nextVersion, setStatus } from '../store/journeys.ts'
import { dropLettingIn, insertWork } from '../store/journeyWork.ts'
import type { JourneysTable } from '../store/schema.ts'
import type { Book } from './book.ts'
import { isAllowed, type Change } from './states.ts'

const DAY = 24 * 3_600_000

/** What becomes of what fell due while a journey was paused: all now, spread over a day, or nothing of it. */
export const OVERDUE = ['send', 'spread', 'skip'] as const
export type Overdue = (typeof OVERDUE)[number]

/** What had fallen due meanwhile. */
export interface Resumed {
  readonly ok: true
  /** People who would have entered. */
  readonly entries: number
}

export type Refused = 'unknown_journey' | 'not_allowed' | 'paused_inside' | 'still_inside'

/** Holds entries, waits and sends; loses nobody. False where the journey is not live. */
export async function pause(
  tx: Tx,
  book: Book,
  id: string,
  because: string | null,
  now: number,
): Promise<boolean> {
  const row = await rowFor(tx, 'pause', id)
  if (typeof row === 'string') return false
  await close(tx, row)
  await keepHeld(tx, id)
  await setStatus(tx, id, 'paused', because, now)
  await book.reload(tx.db)
  return true
}

/** Lets a paused journey go on, or a stopped one begin again. */
export async function resume(
  tx: Tx,
  book: Book,
  id: string,
  overdue: Overdue,
  now: number,
): Promise<Resumed | Refused> {
  const row = await rowFor(tx, 'resume', id)
  if (typeof row === 'string') return row
  await setStatus(tx, id, 'live', null, now)
  await insertOpening(tx, await tx.nextSeq(), id, row.version)
  const entries = await countHeld(tx.db, id)
  if (overdue === 'skip') await dropHeld(tx, id)
  else await admitHeld(tx, id, now, overdue === 'spread' ? DAY : 0)
  tx.alarm({ sweep: true, at: now })
  await book.reload(tx.db)
  return { ok: true, entries }
}

/** Lets nobody in any more. Those inside finish, or leave. */
export async function stop(
  tx: Tx,
  book: Book,
  id: string,
  inside: 'finish' | 'leave',
  now: number,
): Promise<{ readonly ok: true } | Refused> {
  const row = await rowFor(tx, 'stop', id)
  if (typeof row === 'string') return row
  // Going on with what is overdue is a decision of its own.
  if (row.status === 'paused' && inside === 'finish' && (await isInside(tx, id))) return 'paused_inside'
  await end(tx, book, row, 'stopped', inside === 'leave', now)
  return { ok: true }
}

/** Puts a journey out of sight: nobody may be inside, unless they leave. */
export async function archive(
  tx: Tx,
  book: Book,
  id: string,
  leave: boolean,
  now: number,
): Promise<{ readonly ok: true } | Refused> {
  const row = await rowFor(tx, 'archive', id)
  if (typeof row === 'string') return row
  if (!leave && (await isInside(tx, id))) return 'still_inside'
  await end(tx, book, row, 'archived', leave, now)
  return { ok: true }
}

/** Takes a journey back into sight; it lets nobody in until it is published or resumed. */
export async function unarchive(
  tx: Tx,
  book: Book,
  id: string,
  now: number,
): Promise<{ readonly ok: true } | Refused> {
  const row = await rowFor(tx, 'unarchive', id)
  if (typeof row === 'string') return row
  await setStatus(tx, id, row.version === null ? 'draft' : 'stopped', null, now)
  await book.reload(tx.db)
  return { ok: true }
}

async function rowFor(tx: Tx, change: Change, id: string): Promise<JourneysTable | Refused> {
  const row = await journeyRow(tx.db, id)
  if (!row) return 'unknown_journey'
  return isAllowed(change, row.status) ? row : 'not_allowed'
}

async function isInside(tx: Tx, id: string): Promise<boolean> {
  return (await countInside(tx.db, id, '<', await nextVersion(tx.db, id))) > 0
}

async function end(
  tx: Tx,
  book: Book,
  row: JourneysTable,
  status: 'stopped' | 'archived',
  leave: boolean,
  now: number,
): Promise<void> {
  const { id } = row
  await close(tx, row)
  await setStatus(tx, id, status, null, now)
  await dropHeld(tx, id)
  await dropLettingIn(tx, id)
  if (leave) await insertWork(tx, 'leave', id, await nextVersion(tx.db, id), now)
  tx.alarm({ sweep: true, at: now })
  await book.reload(tx.db)
}

/** From here on nobody is let in. */
async function close(tx: Tx, { id, status }: JourneysTable): Promise<void> {
  if (status === 'live') await insertOpening(tx, await tx.nextSeq(), id, null)
}
