/** How large everything that is drawn of a journey is, so that it can be laid out without a browser. The stylesheet of the canvas agrees. */
import { words } from '../../words.ts'
import type { Size } from './geometry.ts'
import type { Card, EndingStart, Entry, GraphWay } from './graph.ts'
import { linesOf, widthOf } from './measure.ts'

export const CARD_WIDTH = 268
/** Between cards side by side. */
export const COLUMN_GAP = 40
export const FRAME_PADDING = 20
/** What is left for text beside the icon. */
const CARD_TEXT = CARD_WIDTH - 76
const END_WIDTH = 132
const LABEL_WIDTH = 210
const LABEL_LINE = 16
const RULE_LINE = 19
/** Between rows of triggers, and for the button below them that adds one. */
export const TRIGGER_GAP = 16
export const ADD_TRIGGER = 46

/** A step's card. All are equally wide; a bare end is a small sign. */
export function cardSize({ kind, label, sentence }: Card): Size {
  if (kind === 'end')
    return {
      width:
        label === undefined
          ? END_WIDTH
          : Math.max(END_WIDTH, Math.min(CARD_WIDTH, widthOf(label, 14.5) + 64)),
      height: 40,
    }
  const labelLines = label === undefined ? 0 : linesOf(label, CARD_TEXT, 14.5, 3)
  return { width: CARD_WIDTH, height: 46 + 20 * labelLines + 19 * linesOf(sentence, CARD_TEXT, 13, 2) }
}

/** Where a goal or an exit with a way of its own begins. */
export function endingSize({ condition }: EndingStart): Size {
  return { width: CARD_WIDTH, height: 46 + 18 * linesOf(condition, CARD_WIDTH - 62, 13, 2) }
}

/**
 * The frame is as wide as its triggers side by side; where all lead to one step they wrap after three. Where that leaves
 * room beside the last, one more can be added there, else below them.
 */
export function frameSize(entry: Entry): Size & { readonly columns: number; readonly hasRoom: boolean } {
  const { triggers } = entry
  const together = new Set(triggers.map(({ target }) => target)).size <= 1
  const columns = Math.max(2, together ? Math.min(3, triggers.length) : triggers.length)
  const width = columns * (CARD_WIDTH + COLUMN_GAP) - COLUMN_GAP + 2 * FRAME_PADDING
  const hasRoom = triggers.length % columns > 0
  return { width, height: frameHeight(entry, columns, width, hasRoom), columns, hasRoom }
}

/** What the frame's stylesheet adds up to: title, triggers in rows, the sentences below, and the two chips. */
function frameHeight(entry: Entry, columns: number, width: number, hasRoom: boolean): number {
  const { triggers, audience, reentry } = entry
  const inner = width - 2 * FRAME_PADDING
  const rows = Math.ceil(triggers.length / columns)
  const begins =
    rows === 0
      ? STARTERS_HEIGHT
      : rows * triggerHeight(triggers) + (rows - 1) * TRIGGER_GAP + (hasRoom ? 0 : ADD_TRIGGER)
  const rules = [audience, reentry].reduce(
    (sum, text) => sum + (text === undefined ? 0 : RULE_LINE * linesOf(text, inner - 44, 13, 3) + 12),
    12,
  )
  return 2 * FRAME_PADDING + 3 + 34 + begins + rules + 10 + chipHeight(entry, inner)
}

/** "What starts it?": eight ways to begin, in two columns. */
const STARTERS_HEIGHT = 5 * 46 + 4 * 8

/** Goal and exits side by side, as high as the one that says more. */
function chipHeight({ goal, exits }: Entry, inner: number): number {
  const { noGoal, noExit } = words.canvas.frame
  const said = [goal ?? noGoal, exits.length === 0 ? noExit : words.canvas.anyOf(exits)]
  const lines = said.map((text) => linesOf(text, (inner - 12) / 2 - 56, 13, 3))
  return 18 + RULE_LINE + 17 * Math.max(...lines)
}

/** All triggers of a frame are as high as the one that says most. */
export function triggerHeight(triggers: Entry['triggers']): number {
  const lines = (text: string | undefined) => (text === undefined ? 0 : linesOf(text, CARD_TEXT, 13, 2))
  return (
    26 +
    Math.max(
      30,
      ...triggers.map(({ title, detail }) => 20 * linesOf(title, CARD_TEXT, 14.5, 3) + 19 * lines(detail)),
    )
  )
}

/** What is written on a way. */
export function labelSize(label: string): Size {
  const lines = linesOf(label, LABEL_WIDTH - 20, 12, 3)
  const width = lines === 1 ? Math.min(LABEL_WIDTH, widthOf(label, 12) + 24) : LABEL_WIDTH
  return { width, height: lines * LABEL_LINE + 10 }
}

/** The sign at the end of a way whose step stands elsewhere. */
export function signSize(text: string): Size {
  return { width: Math.min(LABEL_WIDTH + 30, widthOf(text, 12) + 48), height: 30 }
}

/** What is written at the left of a step about a way back. */
export function backSize(way: GraphWay): Size {
  return labelSize(`↺ ${backText(way)}`)
}

/** A way back says where it goes, for its line may not reach that far. */
export function backText({ from, to, label, leadsTo }: GraphWay): string {
  if (from === to) return label ?? words.ways.stays
  const back = words.ways.goesBack(leadsTo)
  return label === undefined ? back : words.canvas.labelled(label, back)
}
