/**
 * Where everything of a journey is drawn, top to bottom. Pure: the same journey always gives the same picture; nothing
 * of it is stored but what a person moved (`meta.offset`).
 */
import { Graph as Layered, layout, type LayoutOptions } from '@dagrejs/dagre'
import { ENTRY } from './frame.ts'
import type { Card, EndingStart, Entry, Graph, GraphWay } from './graph.ts'
import { linesOf, widthOf } from './measure.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box extends Point {
  readonly width: number
  readonly height: number
}

export type PlacedNode = Box & { readonly id: string } & (
    | { readonly type: 'entry'; readonly entry: Entry; readonly columns: number }
    | { readonly type: 'ending'; readonly ending: EndingStart }
    | { readonly type: 'step'; readonly card: Card }
  )

export interface PlacedWay extends GraphWay {
  /** The corners of the line, from the edge of one card to the edge of the next; lines run level or upright between them. */
  readonly points: readonly Point[]
  /** Where the label is centred, and how much room it has. */
  readonly labelBox?: Box
}

export interface Drawing {
  readonly nodes: readonly PlacedNode[]
  readonly ways: readonly PlacedWay[]
  readonly width: number
  readonly height: number
}

export const CARD_WIDTH = 268
const COLUMN_GAP = 40
/** What is left for text beside the icon. */
const CARD_TEXT = CARD_WIDTH - 76
const FRAME_PADDING = 20
const END_WIDTH = 200
const LABEL_WIDTH = 210
const LABEL_LINE = 16
const MARGIN = 24
const BACK_GAP = 26
/** Between two ranks; half of it is where lines bend. */
const RANK_GAP = 44

/** Places a journey: dagre finds the ranks, ways back are led around at the left. */
export function layOut(graph: Graph): Drawing {
  const nodes = sizedNodes(graph)
  const isBack = ({ kind }: GraphWay) => kind === 'back'
  const layered = rank(
    nodes,
    graph.ways.filter((way) => !isBack(way)),
    graph.ways,
  )
  const standing = nodes.map((node) => place(node, layered))
  const led = (
    ways: readonly GraphWay[],
    among: readonly PlacedNode[],
    lead: (way: GraphWay, from: PlacedNode, to: PlacedNode) => PlacedWay,
  ) => {
    const nodesById = new Map(among.map((node) => [node.id, node]))
    return ways.flatMap((way) => {
      const from = nodesById.get(way.from)
      const to = nodesById.get(way.to)
      return from && to ? [lead(way, from, to)] : []
    })
  }
  const forward = (ways: readonly GraphWay[], among: readonly PlacedNode[]) =>
    led(
      ways.filter((way) => !isBack(way)),
      among,
      (way, from, to) => ledForward(way, from, to, layered),
    )
  const onward = forward(
    graph.ways.filter(({ from }) => from !== ENTRY),
    standing,
  )
  const placed = withEntryAbove(standing, graph.ways, onward.flatMap(linesIn), layered)
  const begun = forward(
    graph.ways.filter(({ from }) => from === ENTRY),
    placed,
  )
  const ahead = [...begun, ...onward]
  const obstacles = [...placed, ...ahead.flatMap(({ labelBox }) => (labelBox ? [centred(labelBox)] : []))]
  const back = led(graph.ways.filter(isBack), placed, (way, from, to) => ledBack(way, from, to, obstacles))
  return framed(placed, [...ahead, ...back])
}

// ---- Sizes ---------------------------------------------------------------------------------------------------------

type SizedNode = PlacedNode

function sizedNodes({ entry, endings, cards }: Graph): readonly SizedNode[] {
  return [
    entryNode(entry),
    ...endings.map(
      (ending): SizedNode => ({
        ...AT_ORIGIN,
        id: ending.id,
        type: 'ending',
        ending,
        width: CARD_WIDTH,
        height: 46 + 18 * linesOf(ending.condition, CARD_WIDTH - 62, 13, 2),
      }),
    ),
    ...cards.map((card): SizedNode => ({ ...AT_ORIGIN, id: card.id, type: 'step', card, ...cardSize(card) })),
  ]
}

const AT_ORIGIN = { x: 0, y: 0 } as const

function cardSize({ kind, label, sentence }: Card): { readonly width: number; readonly height: number } {
  if (kind === 'end')
    return {
      width:
        label === undefined ? END_WIDTH : Math.max(END_WIDTH, Math.min(CARD_WIDTH, widthOf(label, 13) + 64)),
      height: 40,
    }
  const labelLines = label === undefined ? 0 : linesOf(label, CARD_TEXT, 14.5, 2)
  return { width: CARD_WIDTH, height: 46 + 20 * labelLines + 19 * linesOf(sentence, CARD_TEXT, 13, 2) }
}

/** The frame is as wide as its triggers side by side; where all lead to one step they wrap after three. */
function entryNode(entry: Entry): SizedNode {
  const { triggers } = entry
  const together = new Set(triggers.map(({ target }) => target)).size <= 1
  const columns = Math.max(1, together ? Math.min(3, triggers.length) : triggers.length)
  const width =
    columns * CARD_WIDTH + (columns - 1) * COLUMN_GAP + 2 * FRAME_PADDING + (columns === 1 ? 72 : 0)
  return {
    ...AT_ORIGIN,
    id: ENTRY,
    type: 'entry',
    entry,
    columns,
    width,
    height: frameHeight(entry, columns, width),
  }
}

/** What the frame's stylesheet adds up to: title, triggers in rows, then the sentences below. */
function frameHeight(
  { triggers, audience, reentry, goal, exits }: Entry,
  columns: number,
  width: number,
): number {
  const rows = Math.max(1, Math.ceil(triggers.length / columns))
  const lines = (text: string) => linesOf(text, width - 2 * FRAME_PADDING - 30, 13, 3)
  const sentences = [
    audience,
    reentry,
    goal === undefined ? undefined : `Goal: ${goal}`,
    ...exits.map((exit) => `Leaves early when: ${exit}`),
  ]
  const below = sentences.reduce((sum, text) => sum + (text === undefined ? 0 : 19 * lines(text) + 8), 0)
  return FRAME_PADDING * 2 + 34 + rows * triggerHeight(triggers) + (rows - 1) * 16 + 14 + below
}

/** All triggers of a frame are as high as the one that says most. */
export function triggerHeight(triggers: Entry['triggers']): number {
  const lines = (text: string | undefined, size: number) =>
    text === undefined ? 0 : linesOf(text, CARD_TEXT, size, 2)
  return (
    26 +
    Math.max(30, ...triggers.map(({ title, detail }) => 20 * lines(title, 14.5) + 19 * lines(detail, 13)))
  )
}

function labelSize(label: string): { readonly width: number; readonly height: number } {
  const lines = linesOf(label, LABEL_WIDTH - 20, 12, 3)
  const width = lines === 1 ? Math.min(LABEL_WIDTH, widthOf(label, 12) + 24) : LABEL_WIDTH
  return { width, height: lines * LABEL_LINE + 10 }
}

// ---- Ranks ---------------------------------------------------------------------------------------------------------

type Ranked = Layered<
  LayoutOptions,
  { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number },
  { readonly weight: number; readonly points?: Point[] }
>

/**
 * What a way passes through right after its beginning: its label, or the width of its trigger. As a node of its own it
 * keeps its place near the card it belongs to, and its order among its siblings.
 */
function passageOf({
  label,
  trigger,
}: GraphWay): { readonly width: number; readonly height: number } | undefined {
  if (label !== undefined) return labelSize(label)
  return trigger === undefined ? undefined : { width: CARD_WIDTH, height: 0 }
}

function rank(nodes: readonly SizedNode[], forward: readonly GraphWay[], all: readonly GraphWay[]): Ranked {
  const layered: Ranked = new Layered({ multigraph: true, directed: true })
  layered.setGraph({ rankdir: 'TB', rankalign: 'top', nodesep: COLUMN_GAP, edgesep: 24, ranksep: RANK_GAP })
  for (const { id, width, height } of nodes)
    layered.setNode(id, { width: width + 2 * sideRoom(id, all), height })
  for (const way of forward) {
    const passage = passageOf(way)
    if (passage === undefined) layered.setEdge(way.from, way.to, { weight: 2 }, way.id)
    else {
      layered.setNode(way.id, passage)
      layered.setEdge(way.from, way.id, { weight: 8 }, way.id)
      layered.setEdge(way.id, way.to, { weight: 1 }, way.id)
    }
  }
  // Without dagre's search for the fewest crossings things stay in the order of the file, which is what people expect:
  // the first branch at the left, "Everyone else" at the right. (Its constraints do not do this: tried, they cross.)
  layout(layered, { disableOptimalOrderHeuristic: true })
  return layered
}

/** A step that returns to itself needs room at its side for the loop and its label. */
function sideRoom(id: string, ways: readonly GraphWay[]): number {
  const loops = ways.filter((way) => way.from === id && way.to === id)
  return Math.max(
    0,
    ...loops.map(({ label }) => BACK_GAP + (label === undefined ? 12 : labelSize(label).width)),
  )
}

function place(node: SizedNode, layered: Ranked): PlacedNode {
  const { x = 0, y = 0 } = layered.node(node.id)
  const offset = node.type === 'step' ? (node.card.offset ?? AT_ORIGIN) : AT_ORIGIN
  return { ...node, x: x - node.width / 2 + offset.x, y: y - node.height / 2 + offset.y }
}

/** The frame stands so that its triggers are above the steps they lead to, unless something stands or passes beside it. */
function withEntryAbove(
  nodes: readonly PlacedNode[],
  ways: readonly GraphWay[],
  lines: readonly Box[],
  layered: Ranked,
): readonly PlacedNode[] {
  const frame = nodes.find(({ id }) => id === ENTRY)
  const begun = ways.filter(({ trigger }) => trigger !== undefined)
  if (frame === undefined || begun.length === 0) return nodes
  const aside = begun.map((way) => (layered.node(way.id).x ?? 0) - startX(way, frame))
  const by = aside.reduce((sum, distance) => sum + distance, 0) / aside.length
  const moved = { ...frame, x: frame.x + by }
  return [...nodes, ...lines].some((box) => box !== frame && touches(box, moved))
    ? nodes
    : nodes.map((node) => (node === frame ? moved : node))
}

/** The straight parts of a way. */
function linesIn({ points }: PlacedWay): readonly Box[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] as Point
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)]
    return { x, y, width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) }
  })
}

function touches(a: Box, b: Box): boolean {
  return (
    a.y < b.y + b.height &&
    b.y < a.y + a.height &&
    a.x < b.x + b.width + COLUMN_GAP / 2 &&
    b.x < a.x + a.width + COLUMN_GAP / 2
  )
}

// ---- Ways ----------------------------------------------------------------------------------------------------------

function ledForward(way: GraphWay, from: PlacedNode, to: PlacedNode, layered: Ranked): PlacedWay {
  const start = { x: startX(way, from), y: from.y + from.height }
  const end = { x: to.x + to.width / 2, y: to.y }
  if (isMoved(from) || isMoved(to))
    return {
      ...way,
      points: corners([start, end]),
      ...labelAt(way, { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }),
    }
  const passage = layered.node(way.id)
  if (passage === undefined)
    return { ...way, points: corners([start, ...between(way.from, way.to, way.id, layered), end]) }
  const middle = { x: passage.x ?? 0, y: passage.y ?? 0 }
  const above = between(way.from, way.id, way.id, layered)
  const below = between(way.id, way.to, way.id, layered)
  return { ...way, points: corners([start, ...above, middle, ...below, end]), ...labelAt(way, middle) }
}

/** Where dagre leads a way between two nodes. The outermost points say in the middle of which gap the line may bend. */
function between(from: string, to: string, name: string, layered: Ranked): readonly Gap[] {
  const inner = (layered.edge({ v: from, w: to, name }).points ?? []).slice(1, -1)
  if (inner.length < 2) return inner.map(({ y }) => ({ y }))
  return inner.map(({ x, y }, index) => (index === 0 || index === inner.length - 1 ? { y } : { x, y }))
}

function startX({ trigger }: GraphWay, from: PlacedNode): number {
  if (trigger === undefined || from.type !== 'entry') return from.x + from.width / 2
  return from.x + FRAME_PADDING + trigger * (CARD_WIDTH + COLUMN_GAP) + CARD_WIDTH / 2
}

function isMoved(node: PlacedNode): boolean {
  return node.type === 'step' && node.card.offset !== undefined
}

/** Around everything between at the left, to an earlier card or to itself; through the gaps where a card is in the way. */
function ledBack(way: GraphWay, from: PlacedNode, to: PlacedNode, obstacles: readonly Box[]): PlacedWay {
  const itself = from.id === to.id
  const leaves = from.y + from.height * (itself ? 0.72 : 0.5)
  const arrives = to.y + to.height * (itself ? 0.28 : 0.5)
  const passed = obstacles.filter(
    ({ y, height }) =>
      y < Math.max(leaves, arrives) + RANK_GAP && y + height > Math.min(leaves, arrives) - RANK_GAP,
  )
  const half = way.label === undefined ? 0 : labelSize(way.label).width / 2
  const lane = Math.min(...passed.map(({ x }) => x)) - BACK_GAP - half
  const points = [...leaving(from, leaves, lane, passed), ...arriving(to, arrives, lane, passed)]
  return { ...way, points, ...labelAt(way, { x: lane, y: (leaves + arrives) / 2 }) }
}

function leaving(from: Box, y: number, lane: number, obstacles: readonly Box[]): readonly Point[] {
  if (isFree(lane, from, y, obstacles))
    return [
      { x: from.x, y },
      { x: lane, y },
    ]
  const middle = from.x + from.width / 2
  // Cards of one rank begin at one height; the gap is below the highest of them.
  const below =
    Math.max(...obstacles.filter((box) => Math.abs(box.y - from.y) < 1).map((box) => box.y + box.height)) +
    RANK_GAP / 3
  return [
    { x: middle, y: from.y + from.height },
    { x: middle, y: below },
    { x: lane, y: below },
  ]
}

function arriving(to: Box, y: number, lane: number, obstacles: readonly Box[]): readonly Point[] {
  if (isFree(lane, to, y, obstacles))
    return [
      { x: lane, y },
      { x: to.x, y },
    ]
  const middle = to.x + to.width / 2
  const above = to.y - RANK_GAP / 3
  return [
    { x: lane, y: above },
    { x: middle, y: above },
    { x: middle, y: to.y },
  ]
}

/** Whether a level line from the lane to the card's left meets nothing. */
function isFree(lane: number, card: Box, y: number, obstacles: readonly Box[]): boolean {
  return obstacles.every(
    (box) => box.x + 1 >= card.x || box.x + box.width <= lane || y <= box.y || y >= box.y + box.height,
  )
}

function labelAt({ label }: GraphWay, centre: Point): { readonly labelBox?: Box } {
  return label === undefined ? {} : { labelBox: { ...centre, ...labelSize(label) } }
}

/** A height at which a line may run level; with `x` a place it passes upright. */
interface Gap {
  readonly x?: number
  readonly y: number
}

/** Upright lines through the given places, level only in the gaps between ranks, where no card stands. */
function corners(places: readonly Gap[]): readonly Point[] {
  const line: Point[] = []
  let level: number | undefined
  for (const { x, y } of places) {
    const last = line.at(-1)
    if (x === undefined) level = y
    else if (last === undefined || Math.abs(last.x - x) < 1) line.push({ x: last?.x ?? x, y })
    else {
      const bend = level ?? (last.y + y) / 2
      line.push({ x: last.x, y: bend }, { x, y: bend }, { x, y })
    }
    if (x !== undefined) level = undefined
  }
  return line
}

/** Moves everything so that the picture begins at the margin, and says how large it is. */
function framed(nodes: readonly PlacedNode[], ways: readonly PlacedWay[]): Drawing {
  const boxes = [
    ...nodes,
    ...ways.flatMap(({ labelBox }) => (labelBox ? [centred(labelBox)] : [])),
    ...ways.flatMap(({ points }) => points.map((point) => ({ ...point, width: 0, height: 0 }))),
  ]
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN
  const moved = <Item extends Point>(item: Item): Item => ({ ...item, x: item.x - left, y: item.y - top })
  return {
    nodes: nodes.map(moved),
    ways: ways.map((way) => ({
      ...way,
      points: way.points.map(moved),
      ...(way.labelBox ? { labelBox: moved(way.labelBox) } : {}),
    })),
    width: Math.max(...boxes.map(({ x, width }) => x + width)) - left + MARGIN,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) - top + MARGIN,
  }
}

function centred({ x, y, width, height }: Box): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}
