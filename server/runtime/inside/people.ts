/** How what concerns many people of a journey is done in bounded turns: each in one transaction, and once. */
import type { Contact, Happens } from '../../../engine/index.ts'
import type { Database, Tx } from '../../store/database.ts'
import { deleteWork, isWanted, postponeWork, type JourneyWork } from '../../store/journeyWork.ts'
import type { Book } from '../book.ts'
import { record, type Runtime } from '../process.ts'
import type { Turns } from '../turns.ts'

export interface InsideDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
  readonly journeys: Pick<Book, 'journey' | 'quietUntil'>
  /** Notes what should not have happened. */
  readonly report: (error: unknown) => void
}

/** When and how far to go. */
export interface Pace {
  readonly now: () => number
  readonly stopping: () => boolean
}

/** People of one turn: enough to share its flush, few enough that events do not wait long for it. */
export const AT_ONCE = 32
/** Contacts looked at together for whether they match, and rows deleted together. */
export const PAGE = 500
/** Who could not be dealt with is tried again after so long. */
export const AFTER_FAILURE = 3_600_000

/** It is done: the versions in use may be fewer now. */
export async function done({ turns }: InsideDeps, work: JourneyWork): Promise<void> {
  await turns.run((tx) => deleteWork(tx, work), { catalogue: true })
}

/** Deals with people who are found again until they are dealt with. Whoever cannot be is reported and left for later. */
export async function withEach(
  deps: InsideDeps,
  work: JourneyWork,
  { now, stopping }: Pace,
  find: (limit: number) => Promise<readonly string[]>,
  deal: (tx: Tx, contactId: string) => Promise<void>,
): Promise<void> {
  const left = new Set<string>()
  const tried = new Set<string>()
  for (;;) {
    const found = await find(AT_ONCE + left.size)
    // Whoever was tried and is found again is as before: what was to be done is kept with their journal, as it failed.
    for (const contact of found) if (tried.has(contact)) left.add(contact)
    tried.clear()
    const open = found.filter((contact) => !left.has(contact))
    if (open.length === 0) break
    const wanted = await Promise.all(
      open.map((contact) => {
        tried.add(contact)
        return dealWith(deps, work, contact, deal)
      }),
    )
    if (stopping() || !wanted.every(Boolean)) return
  }
  if (left.size === 0) await done(deps, work)
  else await deps.turns.run((tx) => postponeWork(tx, work, now() + AFTER_FAILURE))
}

/** False where it is not to be done any more: the version was taken back, or another process has done it all. */
async function dealWith(
  { turns, report }: InsideDeps,
  work: JourneyWork,
  contact: string,
  deal: (tx: Tx, contactId: string) => Promise<void>,
): Promise<boolean> {
  const dealt = turns.run(
    async (tx) => {
      const wanted = await isWanted(tx, work)
      if (wanted) await deal(tx, contact)
      return wanted
    },
    { contacts: [contact] },
  )
  // One that throws must hold up nobody else.
  return dealt.catch((error: unknown) => {
    report(error)
    return true
  })
}

/** Nothing happened to the person: what a replay left open stays open. */
export async function recordInPlace(
  tx: Tx,
  runtime: Runtime,
  contact: Contact,
  happens: Happens,
): Promise<void> {
  await record(tx, runtime, contact, happens, 'replay')
}
