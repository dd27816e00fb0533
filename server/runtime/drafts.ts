/** Drafts of journeys: any JSON object may be one, problems and all; nobody's changes are lost by writing over them. */
import { parseJourneyText, type Problem } from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { clearDraft, journeyRow, removeJourney, saveDraft, wasPublished } from '../store/journeys.ts'
import type { JourneysTable } from '../store/schema.ts'

/** More levels than any journey has, few enough for `JSON.stringify`, which calls itself for each. */
export const MOST_LEVELS = 1_000

export type DraftFault =
  | { readonly fault: 'no_document'; readonly came: string }
  | { readonly fault: 'other_id'; readonly came: string }
  | { readonly fault: 'document_too_deep' }

/** What keeps a text from being stored as the draft of this journey; undefined where nothing does. */
export function draftFault(id: string, text: string): DraftFault | undefined {
  if (levelsOf(text) > MOST_LEVELS) return { fault: 'document_too_deep' }
  const result = parseJourneyText(text)
  const unreadable = result.ok ? undefined : result.problems.find(({ code }) => code === 'json_syntax')
  if (unreadable) return { fault: 'no_document', came: `no JSON: ${unreadable.detail}` }
  const document: unknown = JSON.parse(text)
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { fault: 'no_document', came: Array.isArray(document) ? 'a list' : JSON.stringify(document) }
  const own = 'id' in document ? document.id : undefined
  return own === id
    ? undefined
    : { fault: 'other_id', came: own === undefined ? 'none' : JSON.stringify(own) }
}

/**
 * How deep lists and objects stand in each other. Without recursion: this is where hostile depth ends. And without a
 * regular expression: one that skips texts took 20 minutes for a megabyte of `\"` (tried), this loop takes milliseconds.
 */
function levelsOf(text: string): number {
  let [level, deepest, inText] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') inText = !inText
    else if (inText) at += sign === '\\' ? 1 : 0
    else if (sign === '[' || sign === '{') deepest = Math.max(deepest, ++level)
    else if (sign === ']' || sign === '}') level--
  }
  return deepest
}

/** What the text of a draft says and the document read from it does not: names that stand twice, rounded numbers. */
export function textProblems(text: string): readonly Problem[] {
  const result = parseJourneyText(text)
  return result.ok
    ? []
    : result.problems.filter(({ code }) => code === 'duplicate_key' || code === 'inexact_number')
}

/** Names a draft as it is; one that was published has none, and its name stays. */
export function etagOf({ draft_revision }: JourneysTable): string {
  return `"${draft_revision}"`
}

/** Why a draft was not written; `etag` names the one that is there. */
export interface DraftKept {
  readonly saved: false
  readonly why: 'if_match_missing' | 'changed_meanwhile' | 'id_taken'
  readonly etag: string
}

export type DraftSaved = { readonly saved: true; readonly isNew: boolean } | DraftKept

/** Which draft a writer expects to write over: `match` names it, with `none` there is no such journey yet. */
export interface Expected {
  readonly match?: string | undefined
  readonly none?: boolean
}

/** Stores the draft where the expected one is there; nothing need be expected where there is none. */
export async function putDraft(
  tx: Tx,
  id: string,
  text: string,
  { match, none = false }: Expected,
  now: number,
): Promise<DraftSaved> {
  await lockDraft(tx, id)
  const row = await journeyRow(tx.db, id)
  const etag = row ? etagOf(row) : 'none, as there is no such journey'
  if (none && row) return { saved: false, why: 'id_taken', etag }
  if (match === undefined && row && row.draft !== null) return { saved: false, why: 'if_match_missing', etag }
  if (match !== undefined && !(row && names(match, etag)))
    return { saved: false, why: 'changed_meanwhile', etag }
  await saveDraft(tx, id, text, now)
  return { saved: true, isNew: row === undefined }
}

/** Takes the draft away, so that what is published is all there is. */
export async function dropDraft(
  tx: Tx,
  id: string,
  match: string | undefined,
  now: number,
): Promise<'dropped' | 'unknown_journey' | 'no_draft' | 'not_published' | DraftKept> {
  await lockDraft(tx, id)
  const row = await journeyRow(tx.db, id)
  if (!row) return 'unknown_journey'
  if (row.draft === null) return 'no_draft'
  if (row.version === null) return 'not_published'
  const kept = keptFrom(match, etagOf(row))
  if (kept) return kept
  await clearDraft(tx, id, now)
  return 'dropped'
}

/** Deletes a journey that nobody was ever in. */
export async function deleteJourney(
  tx: Tx,
  id: string,
  match: string | undefined,
): Promise<'deleted' | 'unknown_journey' | 'was_published' | DraftKept> {
  await lockDraft(tx, id)
  const row = await journeyRow(tx.db, id)
  if (!row) return 'unknown_journey'
  if (await wasPublished(tx.db, id)) return 'was_published'
  const kept = keptFrom(match, etagOf(row))
  if (kept) return kept
  await removeJourney(tx, row)
  return 'deleted'
}

function keptFrom(match: string | undefined, etag: string): DraftKept | undefined {
  if (match === undefined) return { saved: false, why: 'if_match_missing', etag }
  return names(match, etag) ? undefined : { saved: false, why: 'changed_meanwhile', etag }
}

/** Nobody else writes or publishes the draft before this transaction ends. */
export async function lockDraft(tx: Tx, id: string): Promise<void> {
  await tx.lock(`draft ${id}`)
}

/** RFC 9110 section 13.1.1, but for weak tags: a proxy that packs answers makes ours weak. */
export function names(ifMatch: string, etag: string): boolean {
  return ifMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}
