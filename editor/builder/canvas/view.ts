/** What of a drawing is seen first. */

interface Size {
  readonly width: number
  readonly height: number
}

const LARGEST = 1
/** Below this nobody can read the cards: rather begin at the top and let people scroll. */
const SMALLEST = 0.62
/** A short drawing begins near the top and does not float. */
const HIGHEST = 56
/** The choice between drawing and outline lies over the top. */
const BELOW_CHOICE = 36

/** The whole drawing in the middle if it can be read so; else its top, as wide as fits, with the entry in the middle. */
export function firstView(
  drawing: Size,
  entryCentre: number,
  frame: Size,
): { readonly x: number; readonly y: number; readonly zoom: number } {
  const whole = Math.min(frame.width / drawing.width, frame.height / drawing.height, LARGEST)
  const zoom = whole >= 0.8 ? whole : Math.max(SMALLEST, Math.min(frame.width / drawing.width, LARGEST))
  const spare = { width: frame.width - drawing.width * zoom, height: frame.height - drawing.height * zoom }
  const x =
    spare.width >= 0
      ? spare.width / 2
      : Math.max(spare.width, Math.min(0, frame.width / 2 - entryCentre * zoom))
  return { x, y: Math.max(BELOW_CHOICE, Math.min(HIGHEST, spare.height / 2)), zoom }
}
