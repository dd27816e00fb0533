/** What of a drawing is seen first. */

interface Size {
  readonly width: number
  readonly height: number
}

const LARGEST = 1
/** Below this nobody can read the cards: rather begin at the top and let people scroll. */
const SMALLEST = 0.62

/** The whole drawing in the middle if it can be read so; else its top, as wide as fits. */
export function firstView(drawing: Size, frame: Size): { readonly x: number; readonly y: number; readonly zoom: number } {
  const whole = Math.min(frame.width / drawing.width, frame.height / drawing.height, LARGEST)
  const zoom = whole >= 0.8 ? whole : Math.max(SMALLEST, Math.min(frame.width / drawing.width, LARGEST))
  const space = frame.height - drawing.height * zoom
  return { x: (frame.width - drawing.width * zoom) / 2, y: Math.max(0, space / 2), zoom }
}
