/** The picture of a journey of which everything has its place: the lines between the cards, and what is written on them. Pure. */
import {
  freeWay,
  movedBy,
  offsetOf,
  type Drawing,
  type PlacedJoin,
  type PlacedNode,
  type PlacedWay,
} from './drawing.ts'
import { ENTRY } from './frame.ts'
import type { Box } from './geometry.ts'
import { waysByTarget, type GraphWay } from './graph.ts'
import { cornersOf } from './paths.ts'
import { corner, type Piece } from './regions.ts'
import { CARD_WIDTH, COLUMN_GAP } from './sizes.ts'

const MARGIN = 24
/** From the button in front of a join to the card; nearer than this to another there is none. */
const JOIN_PLUS = 28
const PLUS_APART = 34
/** Lines of triggers beside each other run so far above each other. */
export const TRIGGER_LEVEL = 8

/** The course of a way as far as it is known. */
export interface Track {
  readonly way: GraphWay
  /** The corners of its line from the fork on; the last is how far it has come. */
  readonly bends: Piece[]
  label?: Piece
  sign?: Piece
  plus?: Piece
}

export interface Placed {
  readonly nodes: ReadonlyMap<string, Piece>
  readonly tracks: ReadonlyMap<string, Track>
  /** Ways that have to end in a sign, so that all others can be placed. */
  readonly cut: ReadonlySet<string>
}

/** The picture of all that has its place. */
export function drawn(
  ways: readonly GraphWay[],
  sized: ReadonlyMap<string, PlacedNode>,
  { nodes, tracks }: Placed,
): Drawing {
  const placed = new Map<string, PlacedNode>()
  for (const [id, node] of sized) {
    const { x, y } = nodes.get(id) as Piece
    const offset = offsetOf(node)
    placed.set(id, { ...node, x: x + offset.x, y: y + offset.y })
  }
  const levels = triggerLevels(ways, placed, tracks)
  const lines = ways.map((way): PlacedWay => {
    const track = tracks.get(way.id) as Track
    const [from, to] = [placed.get(way.from) as PlacedNode, placed.get(way.to) as PlacedNode]
    if (way.kind === 'back') return drawnBack(track, from, to)
    const { sign } = track
    if (isMoved(from) || (isMoved(to) && sign === undefined))
      return { ...freeWay(way, from, sign ?? to), ...(sign ? { sign: aroundMiddle(sign) } : {}) }
    return drawnDown(track, from, to, levels.get(way.id))
  })
  return framed([...placed.values()], lines, joinsIn(placed, lines))
}

/** The joins that two lines at least come to from above, where there is room for a button of their own. */
function joinsIn(nodes: ReadonlyMap<string, PlacedNode>, ways: readonly PlacedWay[]): readonly PlacedJoin[] {
  return [...waysByTarget(ways)].flatMap(([to, coming]) => {
    const card = nodes.get(to) as PlacedNode
    const plus = { x: card.x + card.width / 2, y: card.y - JOIN_PLUS }
    const lines = coming.filter(({ kind, sign }) => kind !== 'back' && sign === undefined)
    const isFree = lines.every((way) => Math.hypot(way.plus.x - plus.x, way.plus.y - plus.y) >= PLUS_APART)
    return lines.length < 2 || !isFree
      ? []
      : [{ id: `>${to}`, to, count: coming.length, place: { from: 'join', step: to }, plus }]
  })
}

function isMoved(node: PlacedNode): boolean {
  return node.type === 'step' && node.card.offset !== undefined
}

function drawnDown(
  { way, bends, label, sign, plus = corner(0, 0) }: Track,
  from: PlacedNode,
  to: PlacedNode,
  level: number | undefined,
): PlacedWay {
  const [head = corner(0, 0), ...others] = bends
  const start = { x: startOf(way, from), y: from.y + from.height }
  const end = sign ? { x: sign.x + sign.width / 2, y: sign.y } : { x: to.x + to.width / 2, y: to.y }
  const first = { x: head.x, y: level ?? head.y }
  return {
    ...way,
    points: cornersOf([
      start,
      { x: start.x, y: first.y },
      first,
      ...others.map(({ x, y }) => ({ x, y })),
      end,
    ]),
    ...(label ? { labelBox: aroundMiddle(label) } : {}),
    ...(sign ? { sign: aroundMiddle(sign) } : {}),
    plus: { x: plus.x, y: plus.y },
  }
}

/**
 * Where several triggers lead to steps of their own, their lines run at different heights: those that go to the left the
 * higher the further left, those to the right the other way round, so that none crosses another.
 */
function triggerLevels(
  ways: readonly GraphWay[],
  nodes: ReadonlyMap<string, PlacedNode>,
  tracks: ReadonlyMap<string, Track>,
): ReadonlyMap<string, number> {
  const frame = nodes.get(ENTRY) as PlacedNode
  const begun = ways.flatMap((way) => {
    const head = tracks.get(way.id)?.bends[0]
    return way.trigger === undefined || head === undefined
      ? []
      : [{ id: way.id, by: head.x - startOf(way, frame), y: head.y }]
  })
  const left = begun.filter(({ by }) => by < 0)
  const right = begun.filter(({ by }) => by >= 0).toReversed()
  return new Map(
    [left, right].flatMap((group) =>
      group.map(({ id, y }, index) => [id, y - (begun.length - 1 - index) * TRIGGER_LEVEL] as const),
    ),
  )
}

/** Where on the lower edge of a card a way begins: below its trigger, else in the middle. */
function startOf({ trigger }: GraphWay, from: PlacedNode): number {
  if (trigger === undefined || from.type !== 'entry') return from.x + from.width / 2
  const triggers = from.columns * (CARD_WIDTH + COLUMN_GAP) - COLUMN_GAP
  return from.x + (from.width - triggers) / 2 + trigger * (CARD_WIDTH + COLUMN_GAP) + CARD_WIDTH / 2
}

/** To the left of its card: to itself, around everything to an earlier one, or only to the sign that names it. */
function drawnBack(
  { way, bends, label = corner(0, 0), plus }: Track,
  from: PlacedNode,
  to: PlacedNode,
): PlacedWay {
  const offset = offsetOf(from)
  const box = aroundMiddle({ ...label, x: label.x + offset.x, y: label.y + offset.y })
  const labelled = { ...way, labelBox: box }
  if (from === to) {
    const leaves = { x: from.x, y: from.y + from.height * 0.82 }
    const arrives = { x: from.x, y: from.y + from.height * 0.18 }
    const points = [leaves, { x: box.x, y: leaves.y }, { x: box.x, y: arrives.y }, arrives]
    return { ...labelled, points, plus: { x: (box.x + from.x) / 2, y: leaves.y } }
  }
  const start = { x: from.x, y: Math.min(box.y, from.y + from.height - 10) }
  const aside = { x: from.x - 10, y: start.y }
  const begun = [start, aside, { x: aside.x, y: box.y }]
  const isLed = bends.length > 0 && !isMoved(from) && !isMoved(to)
  const goesOn = isLed
    ? [...bends.map(({ x, y }) => ({ x, y })), { x: to.x, y: endOf({ way, bends }).y }]
    : [{ x: box.x + box.width / 2, y: box.y }]
  return {
    ...labelled,
    points: cornersOf([...begun, ...goesOn]),
    ...(isLed ? {} : { sign: box }),
    plus: plus ? { x: plus.x + offset.x, y: plus.y + offset.y } : start,
  }
}

function aroundMiddle({ x, y, width, height }: Box): Box {
  return { x: x + width / 2, y: y + height / 2, width, height }
}

/** Moves everything so that the picture begins at the margin, and says how large it is. */
function framed(
  nodes: readonly PlacedNode[],
  ways: readonly PlacedWay[],
  joins: readonly PlacedJoin[],
): Drawing {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  const include = (x: number, y: number, width = 0, height = 0) => {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + width)
    bottom = Math.max(bottom, y + height)
  }
  for (const { x, y, width, height } of nodes) include(x, y, width, height)
  for (const { points, labelBox, sign } of ways) {
    for (const { x, y } of points) include(x, y)
    for (const box of [labelBox, sign])
      if (box) include(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height)
  }
  const picture = {
    nodes,
    ways,
    joins,
    x: left - MARGIN,
    y: top - MARGIN,
    width: right - left + 2 * MARGIN,
    height: bottom - top + 2 * MARGIN,
  }
  return movedBy(picture, { x: -picture.x, y: -picture.y })
}

/** How far the line of a way has come. */
export function endOf({ bends }: Track): Piece {
  return bends.at(-1) as Piece
}
