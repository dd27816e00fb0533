/** Lists come in pages: `?limit=` up to 500, `?cursor=` the `next` of the page before. A cursor is opaque to clients. */
import type { Context } from 'hono'
import { refuse } from './problem.ts'

/** Where a page ends: the values its order is made of. The next one begins behind it, whatever was added meanwhile. */
export type Place = readonly (string | number)[]

/** The types of a place's values, in order. */
type Shape = readonly ('string' | 'number')[]

export interface Paging<At extends Place> {
  readonly limit: number
  /** Undefined: from the start. */
  readonly after: At | undefined
}

export type PagingRead<At extends Place> =
  | { readonly ok: true; readonly paging: Paging<At> }
  | { readonly ok: false; readonly refusal: ReturnType<typeof refuse> }

const MOST = 500

/** Reads `limit` and `cursor` of the query. */
export function readPaging<At extends Place>(c: Context, shape: Shape, usual = 50): PagingRead<At> {
  const text = c.req.query('limit') ?? String(usual)
  const limit = Number(text)
  if (!/^\d{1,3}$/.test(text) || limit < 1 || limit > MOST)
    return { ok: false, refusal: refuse(c, 'invalid_query', '/limit', `a number from 1 to ${MOST}`, text) }
  const cursor = c.req.query('cursor')
  if (cursor === undefined || cursor === '') return { ok: true, paging: { limit, after: undefined } }
  const after = decodeCursor(cursor, shape)
  if (!after)
    return {
      ok: false,
      refusal: refuse(c, 'invalid_query', '/cursor', 'the "next" of the page before', cursor),
    }
  return { ok: true, paging: { limit, after: after as At } }
}

/** The page of rows that were asked for with one more than the limit: the one too many tells that there are more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
  itemOf: (row: Row) => Item,
): { readonly items: readonly Item[]; readonly next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(itemOf),
    next: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null,
  }
}

function encodeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function decodeCursor(text: string, shape: Shape): Place | undefined {
  const place = placeIn(Buffer.from(text, 'base64url').toString('utf8'))
  if (place?.length !== shape.length) return undefined
  return place.every((value, index) => typeof value === shape[index]) ? (place as Place) : undefined
}

function placeIn(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
