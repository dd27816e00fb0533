/** The line of a way as SVG: level and upright pieces with rounded corners. */
import type { Box, Point } from './geometry.ts'

const RADIUS = 10

/** An SVG path through the corners. */
export function pathOf(points: readonly Point[]): string {
  const [start, ...rest] = points
  if (start === undefined) return ''
  const pieces = rest.map((corner, index) => {
    const next = rest[index + 1]
    return next === undefined ? `L ${at(corner)}` : rounded(points[index] as Point, corner, next)
  })
  return [`M ${at(start)}`, ...pieces].join(' ')
}

function rounded(before: Point, corner: Point, after: Point): string {
  const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2)
  return `L ${at(towards(corner, before, radius))} Q ${at(corner)} ${at(towards(corner, after, radius))}`
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
}

/** The corners of a line without those that it passes straight. */
export function cornersOf(points: readonly Point[]): readonly Point[] {
  const corners: Point[] = []
  for (const point of points) {
    const [before, last] = [corners.at(-2), corners.at(-1)]
    if (last && isSame(last, point)) continue
    if (before && last && isStraight(before, last, point)) corners.pop()
    corners.push(point)
  }
  return corners
}

function isSame(one: Point, other: Point): boolean {
  return Math.abs(one.x - other.x) < 1 && Math.abs(one.y - other.y) < 1
}

function isStraight(one: Point, middle: Point, other: Point): boolean {
  return (
    (Math.abs(one.x - middle.x) < 1 && Math.abs(middle.x - other.x) < 1) ||
    (Math.abs(one.y - middle.y) < 1 && Math.abs(middle.y - other.y) < 1)
  )
}

/** How far a line runs straight on from a card before it may bend. */
const STUB = 24

/** A line from the bottom of one card to the top of another, wherever the two stand. */
export function ledFreely(from: Box, to: Box): readonly Point[] {
  const start = { x: from.x + from.width / 2, y: from.y + from.height }
  const end = { x: to.x + to.width / 2, y: to.y }
  if (end.y - start.y >= 2 * STUB) {
    const middle = (start.y + end.y) / 2
    return cornersOf([start, { x: start.x, y: middle }, { x: end.x, y: middle }, end])
  }
  // Beside or above: down, between the two or around at the left, and from above.
  const gap = from.x > to.x + to.width ? [to.x + to.width, from.x] : [from.x + from.width, to.x]
  const [left = 0, right = 0] = gap
  const aside = right - left >= STUB ? (left + right) / 2 : Math.min(from.x, to.x) - STUB
  return cornersOf([
    start,
    { x: start.x, y: start.y + STUB },
    { x: aside, y: start.y + STUB },
    { x: aside, y: end.y - STUB },
    { x: end.x, y: end.y - STUB },
    end,
  ])
}

/** The point at a share of a line's length. */
export function along(points: readonly Point[], share: number): Point {
  const pieces = points.slice(1).map((to, index) => ({ from: points[index] as Point, to }))
  let left = share * pieces.reduce((sum, { from, to }) => sum + distance(from, to), 0)
  for (const { from, to } of pieces) {
    const length = distance(from, to)
    if (left <= length) return towards(from, to, left)
    left -= length
  }
  return points.at(-1) ?? { x: 0, y: 0 }
}
