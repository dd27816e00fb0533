/**
 * Segments: what each means is part of the catalogue, so it changes as a publication does. Whoever belongs to one by that
 * change neither enters nor leaves it: all contacts are looked at once, silently, in bounded turns (`work/rounds.ts`).
 */
import { parseSegment, partsOf, segmentsNamed, type Catalogue, type Problem } from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { beginRound, roundOf } from '../store/rounds.ts'
import { deleteSegment, saveSegment, segmentByName } from '../store/segments.ts'
import type { Book } from './book.ts'

export type SegmentSaved =
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Gives the segment a meaning, where it may have it; changes the catalogue. */
export async function putSegment(
  tx: Tx,
  book: Book,
  name: string,
  document: unknown,
  now: number,
): Promise<SegmentSaved> {
  const parsed = parseSegment(document, name, book.catalogue().segments)
  if (!parsed.ok) return parsed
  const before = await segmentByName(tx.db, name)
  if (before?.condition !== JSON.stringify(parsed.value)) {
    await saveSegment(tx, name, parsed.value, await tx.nextSeq(), now)
    await lookAtAll(tx, book, now)
  }
  return { ok: true, isNew: !before }
}

/** What names a segment and would miss it: ids of journeys that somebody is in or may enter, names of other segments. */
export interface Uses {
  readonly journeys: readonly string[]
  readonly segments: readonly string[]
}

export function usesOf({ machines, segments }: Catalogue, name: string): Uses {
  const journeys = [...machines.values()].flatMap(({ journey }) =>
    segmentsNamed(journey).some((named) => named.name === name) ? [journey.id] : [],
  )
  const others = [...segments].flatMap(([other, when]) =>
    partsOf(when).some(({ when: part }) => 'segment' in part && part.segment === name) ? [other] : [],
  )
  return { journeys: [...new Set(journeys)].toSorted(), segments: others }
}

/** Forgets the segment, where nothing names it; changes the catalogue. */
export async function dropSegment(
  tx: Tx,
  book: Book,
  name: string,
  now: number,
): Promise<'unknown' | 'dropped' | Uses> {
  if (!(await segmentByName(tx.db, name))) return 'unknown'
  const uses = usesOf(book.catalogue(), name)
  if (uses.journeys.length + uses.segments.length > 0) return uses
  await deleteSegment(tx, name, await tx.nextSeq())
  await lookAtAll(tx, book, now)
  return 'dropped'
}

async function lookAtAll(tx: Tx, book: Book, now: number): Promise<void> {
  await beginRound(tx, roundOf('changed'), now)
  tx.alarm({ sweep: true, at: now })
  await book.reload(tx.db)
}
