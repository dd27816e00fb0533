/**
 * How much room a text takes, without a browser: the layout must be pure and the same everywhere. The estimate is on
 * the safe side for the fonts that people have: a line too much does no harm, a line too little hides words.
 */

const AVERAGE = 0.62
const NARROW = new Set('iljtfrI.,:;’‘“”"\'|!()[] ')
const WIDE = new Set('mwMW@%—…')

/** The width of a text on one line, in pixels. Scripts without Latin letters count as wide. */
export function widthOf(text: string, size: number): number {
  let units = 0
  for (const letter of text)
    units += NARROW.has(letter) ? 0.34 : WIDE.has(letter) ? 0.88 : letter > '\u2e80' ? 1 : AVERAGE
  return Math.ceil(units * size)
}

/** How many lines a text takes when it is broken at blanks, at most `most`. */
export function linesOf(text: string, width: number, size: number, most: number): number {
  let lines = 1
  let used = 0
  for (const word of text.split(' ')) {
    const needed = widthOf(word, size)
    if (used > 0 && used + needed > width) {
      lines += 1
      used = 0
    }
    used += needed + 0.34 * size
    lines += Math.max(0, Math.ceil(needed / width) - 1)
  }
  return Math.min(lines, most)
}
