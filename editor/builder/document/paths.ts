/** The line of a way as SVG: level and upright pieces with rounded corners. */
import type { Point } from './layout.ts'

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
