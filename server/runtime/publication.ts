/** Publication: a draft becomes a version, and can be taken back for as long as nothing of it has gone out. */
import { listsNamed, parseJourney, templatesNamed, type Journey, type Problem } from '../../engine/index.ts'
import { etagOf, lockDraft, names, textProblems } from './drafts.ts'
import type { Tx } from '../store/database.ts'
import {
  countInside,
  insertVersion,
  journeyRow,
  nextVersion,
  takeBackVersion,
  versionRow,
  type Templates,
} from '../store/journeys.ts'
import { dropLettingIn, dropWorkOf, insertWork } from '../store/journeyWork.ts'
import { pointsOfVersion, type GivenPoints } from '../store/ledger.ts'
import { makeLists } from '../store/lists.ts'
import type { JourneysTable } from '../store/schema.ts'
import { countBegun, countKept } from '../store/takenPassages.ts'
import { templateByName } from '../store/templates.ts'
import { countUnsent } from '../store/unsent.ts'
import { keepScores, type Book } from './book.ts'
import { isAllowed } from './states.ts'

/** What happens to those inside when a new version is published (design section 7). */
export const INSIDE = ['stay', 'move', 'leave'] as const
export type Inside = (typeof INSIDE)[number]

export interface Choices {
  readonly inside: Inside
  /** Whether those who match already enter. */
  readonly letIn?: boolean
  /** For so many milliseconds nothing of the version goes out, and it can be taken back. */
  readonly undo?: number
  /** The name of the key that asks for it. */
  readonly by?: string | null
  /** The ETag of the draft that is meant; absent: the one there is. */
  readonly draft?: string | undefined
}

export type Publication =
  | {
      readonly ok: true
      readonly version: number
      /** Passages that are taken along or end. */
      readonly inside: number
      readonly problems: readonly Problem[]
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export type NotReady = 'unknown_journey' | 'no_draft' | 'is_archived'

/** A draft that may be published, or why it may not. */
export type Ready =
  | {
      readonly ok: true
      readonly row: JourneysTable
      readonly journey: Journey
      readonly problems: readonly Problem[]
    }
  | (Extract<Publication, { ok: false }> & { readonly row: JourneysTable })
  | NotReady

/** Reads the draft as publication would. */
export async function readyDraft(db: Tx['db'], book: Book, id: string): Promise<Ready> {
  const row = await journeyRow(db, id)
  if (!row) return 'unknown_journey'
  if (!isAllowed('publish', row.status)) return 'is_archived'
  if (row.draft === null) return 'no_draft'
  const draft: unknown = JSON.parse(row.draft)
  const problems = [...textProblems(row.draft), ...(await book.problems(db, draft))]
  const parsed = parseJourney(draft)
  const sound = parsed.ok && problems.every(({ severity }) => severity !== 'error')
  return sound ? { ok: true, row, journey: parsed.value, problems } : { ok: false, row, problems }
}

/**
 * Makes the draft the next version. What happens to those inside, and who is let in, is written down as work, and done in
 * bounded turns (`inside.ts`).
 */
export async function publish(
  tx: Tx,
  book: Book,
  id: string,
  { inside, letIn = false, undo = 0, by = null, draft }: Choices,
  now: number,
): Promise<Publication | NotReady | 'changed_meanwhile'> {
  // Who saves the draft at this moment does so before or after: what he wrote is published, or stays a draft.
  await lockDraft(tx, id)
  const ready = await readyDraft(tx.db, book, id)
  if (typeof ready === 'string') return ready
  if (draft !== undefined && !names(draft, etagOf(ready.row))) return 'changed_meanwhile'
  if (!ready.ok) return ready
  const { journey, problems } = ready
  const version = await nextVersion(tx.db, id)
  const templates = await templatesOf(tx.db, journey)
  const quietUntil = undo > 0 ? now + undo : null
  await insertVersion(tx, { journey, version, templates }, await tx.nextSeq(), now, { by, quietUntil })
  await keepScores(tx, journey)
  await makeLists(tx, listsNamed(journey), now)
  await dropLettingIn(tx, id)
  const taken = inside === 'stay' ? 0 : await countInside(tx.db, id, '<', version)
  if (taken > 0 && inside !== 'stay') await insertWork(tx, inside, id, version, now)
  if (letIn) await insertWork(tx, 'letIn', id, version, now)
  if (quietUntil !== null) await insertWork(tx, 'settle', id, version, quietUntil)
  tx.alarm({ sweep: true, at: now })
  await book.reload(tx.db)
  return { ok: true, version, problems, inside: taken }
}

async function templatesOf(db: Tx['db'], journey: Journey): Promise<Templates> {
  const names = templatesNamed(journey)
  const found = await Promise.all(names.map(async (name) => [name, await templateByName(db, name)] as const))
  return Object.fromEntries(found.flatMap(([name, template]) => (template ? [[name, template]] : [])))
}

// ---- Taking back -------------------------------------------------------------------------------------------------

/** What taking a version back does. */
export interface TakenBack {
  readonly ok: true
  /** What is current again; null: there was no version before. */
  readonly version: number | null
  /** Passages that are again where they were. */
  readonly returned: number
  /** Passages that had begun in the version, and end. */
  readonly left: number
  /** Messages that do not go out. */
  readonly discarded: number
  /** What the version gave meanwhile. It stays given. */
  readonly points: GivenPoints
}

/** Takes a version back while nothing of it has gone out. The people are put back in bounded turns. */
export async function unpublish(
  tx: Tx,
  book: Book,
  id: string,
  version: number,
  now: number,
): Promise<TakenBack | 'unknown_journey' | 'not_newest' | 'undo_over'> {
  const row = await journeyRow(tx.db, id)
  if (!row) return 'unknown_journey'
  const published = row.version === version ? await versionRow(tx.db, id, version) : undefined
  if (!published) return 'not_newest'
  if (now >= (published.quiet_until ?? 0)) return 'undo_over'
  const points = await pointsOfVersion(tx.db, id, version)
  const returned = await countKept(tx.db, id, version)
  const discarded = await countUnsent(tx.db, id, version)
  const left = await countBegun(tx.db, id, version)
  const before = published.replaced_status ?? 'draft'
  // Who paused, resumed or stopped it meanwhile meant the journey, not the version.
  const ran = before === 'live' || before === 'paused'
  await takeBackVersion(tx, published, ran ? row.status : before, now)
  await dropWorkOf(tx, id, version)
  await insertWork(tx, 'return', id, version, now)
  tx.alarm({ sweep: true, at: now })
  await book.reload(tx.db)
  return {
    ok: true,
    version: published.replaces,
    returned,
    left,
    discarded,
    points,
  }
}
