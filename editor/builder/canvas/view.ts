/** What of a drawing is seen. Pure. */
import type { Viewport } from '@xyflow/react'
import type { Box, Size } from '../document/geometry.ts'

const LARGEST = 1
/** Below this nobody can read the cards: rather begin at the top and let people scroll. */
const SMALLEST = 0.66
/** A short drawing begins near the top and does not float. */
const HIGHEST = 56
/** The choice between drawing and outline lies over the top, and the palette over the left. */
const BELOW_CHOICE = 48
const ROUND = { top: 60, right: 24, bottom: 64, left: 72 } as const

/** The whole drawing in the middle if it can be read so; else its top, as wide as fits, with the entry in the middle. */
export function firstView(drawing: Box, entryCentre: number, frame: Size): Viewport {
  const { left } = ROUND
  const room = { width: frame.width - left, height: frame.height }
  const whole = Math.min(room.width / drawing.width, room.height / drawing.height, LARGEST)
  const zoom = whole >= 0.8 ? whole : Math.max(SMALLEST, Math.min(room.width / drawing.width, LARGEST))
  const spare = { width: room.width - drawing.width * zoom, height: room.height - drawing.height * zoom }
  const x =
    spare.width >= 0
      ? spare.width / 2
      : Math.max(spare.width, Math.min(0, room.width / 2 - (entryCentre - drawing.x) * zoom))
  const y = Math.max(BELOW_CHOICE, Math.min(HIGHEST, spare.height / 2))
  return { x: left + x - drawing.x * zoom, y: y - drawing.y * zoom, zoom }
}

/** Everything at once, as small as it takes. */
export function wholeView(drawing: Box, frame: Size, smallest: number): Viewport {
  const { left } = ROUND
  const room = {
    width: frame.width - left - ROUND.right,
    height: frame.height - ROUND.top - ROUND.bottom,
  }
  const zoom = Math.max(smallest, Math.min(room.width / drawing.width, room.height / drawing.height, LARGEST))
  return {
    x: left + Math.max(0, (room.width - drawing.width * zoom) / 2) - drawing.x * zoom,
    y: ROUND.top + Math.max(0, (room.height - drawing.height * zoom) / 2) - drawing.y * zoom,
    zoom,
  }
}

/** The view moved as little as it takes to see a box; null where it is seen. Far away, the box comes to the middle. */
export function moveToSee(box: Box, { x, y, zoom }: Viewport, frame: Size): Viewport | null {
  const { left } = ROUND
  const by = {
    x: needed(box.x * zoom + x, box.width * zoom, left, frame.width - ROUND.right),
    y: needed(box.y * zoom + y, box.height * zoom, ROUND.top, frame.height - ROUND.bottom),
  }
  if (by.x === 0 && by.y === 0) return null
  if (Math.abs(by.x) < frame.width / 2 && Math.abs(by.y) < frame.height / 2)
    return { x: x + by.x, y: y + by.y, zoom }
  return {
    x: (left + frame.width) / 2 - (box.x + box.width / 2) * zoom,
    y: frame.height / 2.4 - (box.y + box.height / 2) * zoom,
    zoom,
  }
}

/** How far something has to move so that it is between two bounds; its beginning, where it is longer. */
function needed(start: number, length: number, from: number, to: number): number {
  if (start < from) return start + length > to ? 0 : from - start
  const over = start + length - to
  return over > 0 ? -Math.min(over, start - from) : 0
}

/** How long the view takes to move, in milliseconds; not at all for whoever asked for little motion. */
export function motion(): { readonly duration: number } {
  return { duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250 }
}
