/**
 * What becomes of entries that could not be decided. The journal keeps them, marked, and each is shown as a problem until a
 * person has it run again or puts it aside. Run again it is a new entry, decided by the journeys as they are now, and late
 * where it is older than late entries may be; the old one stays failed and counts no more.
 */
import type { Happens } from '../../engine/index.ts'
import { contactById } from '../store/contacts.ts'
import type { Database, Tx } from '../store/database.ts'
import {
  closeAll,
  deadLetter,
  failedFor,
  lastProblem,
  openOf,
  uncount,
  type Kind,
} from '../store/deadLetters.ts'
import { waitOf } from '../store/enrollments.ts'
import { journeyRow, versionOf } from '../store/journeys.ts'
import { addProblem, closeProblem } from '../store/problems.ts'
import { newestEntry } from '../store/timeline.ts'
import { recordFor, type Acceptance } from './accept.ts'
import type { JourneyBook } from './journeys.ts'
import type { Turns } from './turns.ts'

export interface DeadLetterDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Acceptance
}

export type Replayed =
  | {
      readonly ok: true /** Why it failed once more; null where it went well. */
      readonly failed: string | null
    }
  | { readonly ok: false; readonly why: 'unknown_problem' | 'not_replayable' }

/** So many are run again in one turn: others are served in between. */
const AT_ONCE = 64

/** Runs what failed again, once: whoever closes the problem has it run. */
export async function replayProblem(tx: Tx, runtime: Acceptance, id: number, now: number): Promise<Replayed> {
  const asked = await deadLetter(tx, id)
  if (typeof asked === 'string') return { ok: false, why: asked }
  // The person is locked first, as everywhere; a merge may have given the letter to somebody else.
  const contact = await contactById(tx, asked.contactId)
  if (!contact || !(await closeProblem(tx, id))) return { ok: false, why: 'unknown_problem' }
  const { happens, seq } = asked
  // A wait that is over, or that somebody has moved on meanwhile, is not woken.
  if (happens.kind === 'wake' && (await waitOf(tx, happens.enrollment))?.dueAt == null)
    return { ok: true, failed: null }
  if (seq !== null) await uncount(tx, seq)
  await recordFor(tx, runtime, contact.id, again(happens, seq, runtime.lateAfter, now))
  return { ok: true, failed: (await newestEntry(tx, contact.id))?.failed ?? null }
}

/** The same once more, as it happens now. A wait is due whenever it is looked at; all else is as old as it is. */
function again(happens: Happens, seq: number | null, lateAfter: number, now: number): Happens {
  const occurredAt = happens.kind === 'wake' ? now : happens.occurredAt
  const past = now - occurredAt > lateAfter
  return {
    ...happens,
    at: now,
    occurredAt,
    late: happens.late || past,
    ...(past && { past: true }),
    ...(seq !== null && { replays: seq }),
  }
}

/** Runs all of a kind again that are open now; answers how many, and how many of them failed once more. */
export async function replayAll(
  deps: DeadLetterDeps,
  kind: Kind,
  now: number,
): Promise<{ readonly replayed: number; readonly failed: number }> {
  const { turns, runtime } = deps
  let [replayed, failed] = [0, 0]
  await inTurns(deps, kind, async (problems) => {
    const results = await Promise.all(
      problems.map(({ id, contactId }) =>
        turns.run((tx) => replayProblem(tx, runtime, id, now), {
          contacts: contactId === null ? [] : [contactId],
        }),
      ),
    )
    replayed += results.filter(({ ok }) => ok).length
    failed += results.filter((result) => result.ok && result.failed !== null).length
  })
  return { replayed, failed }
}

/** Puts all of a kind aside that are open now; answers how many. */
export async function discardAllProblems(deps: DeadLetterDeps, kind: Kind): Promise<number> {
  let discarded = 0
  await inTurns(deps, kind, async (problems) => {
    const ids = problems.map(({ id }) => id)
    discarded += await deps.turns.run((tx) => closeAll(tx, ids))
  })
  return discarded
}

async function inTurns(
  { database }: DeadLetterDeps,
  kind: Kind,
  work: (problems: Awaited<ReturnType<typeof openOf>>) => Promise<void>,
): Promise<void> {
  // What fails once more is a problem of its own, behind this one.
  const until = await lastProblem(database.read)
  for (let after = 0; ; ) {
    const problems = await openOf(database.read, kind, after, until, AT_ONCE)
    const last = problems.at(-1)
    if (!last) return
    await work(problems)
    after = last.id
  }
}

// ---- Journeys that fail for many -----------------------------------------------------------------------------------

const HOUR = 3_600_000
/** For so many contacts within an hour a journey may fail. */
const MOST_FAILING = 20

export interface Watch {
  readonly turns: Turns
  readonly journeys: Pick<JourneyBook, 'pause'>
  readonly now: () => number
  readonly failed: (error: unknown) => void
}

/**
 * Pauses a journey that fails for 20 different contacts within an hour, counted since it was published or resumed. Which
 * journey a failure counts for the engine says: the one that threw, or that did most of what did not come to rest. Told of
 * a failure, it looks after its commit, as no event may wait until it has the catalogue to itself.
 */
export function watchFailures({ turns, journeys, now, failed }: Watch): (journey: string) => void {
  const look = async (journey: string) => {
    if (await turns.run((tx) => failsForMany(tx, journey, now())))
      await turns.run((tx) => pauseFailing(tx, journeys, journey, now()), { catalogue: true })
  }
  return (journey) => void look(journey).catch(failed)
}

function failsForMany(tx: Tx, journey: string, now: number): Promise<boolean> {
  return failedFor(tx.db, journey, MOST_FAILING, now - HOUR)
}

async function pauseFailing(
  tx: Tx,
  journeys: Watch['journeys'],
  journey: string,
  now: number,
): Promise<void> {
  const row = await journeyRow(tx.db, journey)
  // Somebody may have paused or mended it meanwhile.
  if (row?.status !== 'live' || !(await failsForMany(tx, journey, now))) return
  const because = `It failed for ${MOST_FAILING} people within an hour and paused itself, so that it fails for nobody else.`
  await journeys.pause(tx, journey, because, now)
  const version = await versionOf(tx.db, journey, row.version ?? 0)
  await addProblem(tx, {
    severity: 'error',
    code: 'journey_paused',
    path: '',
    detail: `“${version?.journey.meta.name ?? journey}” failed for ${MOST_FAILING} people within an hour and paused itself. Mend it and resume it; what failed is kept and can be tried again.`,
    at: now,
    journey,
  })
}
