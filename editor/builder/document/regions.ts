/**
 * What is laid out together: pieces that keep their places among each other while they are moved as one, until all of
 * it has found room. Used by the layout alone, which is what may change them.
 */

/** A rectangle, or a corner of a line; `x` and `y` are its left and its top. */
export interface Piece {
  x: number
  y: number
  readonly width: number
  height: number
}

export interface Region<Open extends { readonly bends: readonly Piece[] }> {
  /** Where nothing else may be. */
  readonly solid: Piece[]
  /** What only moves along. */
  readonly loose: Piece[]
  /** Lines that still lead down to something below the region, from left to right. */
  open: Open[]
  bottom: number
}

type AnyRegion = Region<{ readonly bends: readonly Piece[] }>

/** Pieces above each other may come as near as this before they have to stand side by side. */
const CLEARANCE = 12

export function corner(x: number, y: number): Piece {
  return { x, y, width: 0, height: 0 }
}

/** Moves everything of a region. */
export function shift(region: AnyRegion, dx: number, dy: number): void {
  for (const pieces of [region.solid, region.loose])
    for (const piece of pieces) {
      piece.x += dx
      piece.y += dy
    }
  region.bottom += dy
}

/** Takes all of another region into this one, its open lines behind the own. */
export function absorb<Open extends { readonly bends: readonly Piece[] }>(
  region: Region<Open>,
  other: Region<Open>,
): void {
  for (const piece of other.solid) region.solid.push(piece)
  for (const piece of other.loose) region.loose.push(piece)
  region.open = [...region.open, ...other.open]
  region.bottom = Math.max(region.bottom, other.bottom)
}

/** Regions side by side from left to right in the first of them, each as near to those before it as the gap lets it. */
export function beside<Open extends { readonly bends: readonly Piece[] }>(
  [first, ...others]: readonly [Region<Open>, ...Region<Open>[]],
  gap: number,
): Region<Open> {
  for (const region of others) {
    shift(region, gap - room(first, region), 0)
    absorb(first, region)
  }
  return first
}

/** Pieces are looked up by the rows that they are in, each so high. */
const ROW = 120

/** How far a region may be moved to the left until it touches what stands there. */
function room(standing: AnyRegion, coming: AnyRegion): number {
  const pieces = outline(coming)
  const lowest = Math.max(standing.bottom, coming.bottom) + ROW
  const rows: Piece[][] = []
  for (const piece of outline(standing))
    for (let row = rowAt(piece.y); row <= rowAt(Math.min(lowest, piece.y + piece.height + CLEARANCE)); row++)
      (rows[row] ??= []).push(piece)
  let least = Number.POSITIVE_INFINITY
  for (const piece of pieces)
    for (let row = rowAt(piece.y); row <= rowAt(Math.min(lowest, piece.y + piece.height + CLEARANCE)); row++)
      for (const other of rows[row] ?? [])
        if (piece.y < other.y + other.height + CLEARANCE && other.y < piece.y + piece.height + CLEARANCE)
          least = Math.min(least, piece.x - other.x - other.width)
  // What meets nothing at any height stands beside it all.
  return least < Number.POSITIVE_INFINITY ? least : edge(coming, 'left') - edge(standing, 'right')
}

function rowAt(y: number): number {
  return Math.max(0, Math.floor(y / ROW))
}

/** Where nothing else may come: what is there, and everything below open lines. */
export function outline({ solid, open }: AnyRegion): readonly Piece[] {
  return [
    ...solid,
    ...open.map(({ bends }) => ({ ...(bends.at(-1) as Piece), height: Number.POSITIVE_INFINITY })),
  ]
}

/** The outer edge of a region at its left or right, open lines included. */
export function edge(region: AnyRegion, side: 'left' | 'right'): number {
  const pieces = outline(region)
  return side === 'left'
    ? Math.min(...pieces.map(({ x }) => x))
    : Math.max(...pieces.map(({ x, width }) => x + width))
}
