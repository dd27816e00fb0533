/**
 * Where everything of a journey is drawn, top to bottom. Pure: the same journey always gives the same picture; nothing
 * of it is stored but what a person moved (`meta.offset`).
 */
import { Graph as Layered, layout } from '@dagrejs/dagre'
import { ENTRY, type Card, type EndingStart, type Entry, type Graph, type GraphWay } from './graph.ts'
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

export const CARD_WIDTH = 288
export const COLUMN_GAP = 48
const FRAME_PADDING = 20
const END_WIDTH = 200
const LABEL_WIDTH = 190
const LABEL_LINE = 16
const MARGIN = 24
const BACK_GAP = 26

/** Places a journey: dagre finds the ranks and the order, ways back are led around at the left. */
export function layOut(graph: Graph): Drawing {
  const nodes = sizedNodes(graph)
  const forward = graph.ways.filter(({ kind }) => kind !== 'back')
  const layered = rank(nodes, forward, graph.ways)
  const placed = nodes.map((node) => place(node, layered))
  const nodesById = new Map(placed.map((node) => [node.id, node]))
  const ways = graph.ways.flatMap((way) => {
    const from = nodesById.get(way.from)
    const to = nodesById.get(way.to)
    if (from === undefined || to === undefined) return []
    return [way.kind === 'back' ? ledBack(way, from, to, placed) : ledForward(way, from, to, layered)]
  })
  return framed(placed, ways)
}

// ---- Sizes ---------------------------------------------------------------------------------------------------------

type SizedNode = PlacedNode

function sizedNodes({ entry, endings, cards }: Graph): readonly SizedNode[] {
  return [
    entryNode(entry),
    ...endings.map((ending): SizedNode => ({ ...AT_ORIGIN, id: ending.id, type: 'ending', ending, width: CARD_WIDTH, height: 46 + 18 * linesOf(ending.condition, 226, 13, 2) })),
    ...cards.map((card): SizedNode => ({ ...AT_ORIGIN, id: card.id, type: 'step', card, ...cardSize(card) })),
  ]
}

const AT_ORIGIN = { x: 0, y: 0 } as const

function cardSize({ kind, label, sentence }: Card): { readonly width: number; readonly height: number } {
  if (kind === 'end') return { width: label === undefined ? END_WIDTH : Math.max(END_WIDTH, Math.min(CARD_WIDTH, widthOf(label, 13) + 64)), height: 40 }
  return { width: CARD_WIDTH, height: 46 + (label === undefined ? 0 : 21) + 19 * linesOf(sentence, CARD_WIDTH - 76, 13, 2) }
}

/** The frame is as wide as its triggers side by side; where all lead to one step they wrap after three. */
function entryNode(entry: Entry): SizedNode {
  const { triggers } = entry
  const together = new Set(triggers.map(({ target }) => target)).size <= 1
  const columns = Math.max(1, together ? Math.min(3, triggers.length) : triggers.length)
  const width = columns * CARD_WIDTH + (columns - 1) * COLUMN_GAP + 2 * FRAME_PADDING + (columns === 1 ? 72 : 0)
  return { ...AT_ORIGIN, id: ENTRY, type: 'entry', entry, columns, width, height: frameHeight(entry, columns, width) }
}

/** What the frame's stylesheet adds up to: title, triggers in rows, then the sentences below. */
function frameHeight({ triggers, audience, reentry, goal, exits }: Entry, columns: number, width: number): number {
  const rows = Math.max(1, Math.ceil(triggers.length / columns))
  const lines = (text: string) => linesOf(text, width - 2 * FRAME_PADDING - 30, 13, 3)
  const sentences = [audience, reentry, goal === undefined ? undefined : `Goal: ${goal}`, ...exits.map((exit) => `Leaves early when: ${exit}`)]
  const below = sentences.reduce((sum, text) => sum + (text === undefined ? 0 : 19 * lines(text) + 8), 0)
  return FRAME_PADDING * 2 + 34 + rows * TRIGGER_HEIGHT + (rows - 1) * 16 + 14 + below
}

export const TRIGGER_HEIGHT = 78

function labelSize(label: string): { readonly width: number; readonly height: number } {
  const lines = linesOf(label, LABEL_WIDTH - 20, 12, 3)
  const width = lines === 1 ? Math.min(LABEL_WIDTH, widthOf(label, 12) + 24) : LABEL_WIDTH
  return { width, height: lines * LABEL_LINE + 10 }
}

// ---- Ranks ---------------------------------------------------------------------------------------------------------

type Ranked = Layered<object, { x?: number; y?: number; width: number; height: number }, { points?: Point[]; x?: number; y?: number }>

function rank(nodes: readonly SizedNode[], forward: readonly GraphWay[], all: readonly GraphWay[]): Ranked {
  const layered: Ranked = new Layered({ multigraph: true, directed: true })
  layered.setGraph({ rankdir: 'TB', nodesep: COLUMN_GAP, edgesep: 20, ranksep: 52, marginx: MARGIN, marginy: MARGIN })
  for (const { id, width, height } of nodes) layered.setNode(id, { width: width + 2 * sideRoom(id, all), height })
  for (const { id, from, to, label } of forward) {
    const size = label === undefined ? { width: 0, height: 0 } : labelSize(label)
    layered.setEdge(from, to, { ...size, labelpos: 'c', weight: from === ENTRY ? 2 : 1 }, id)
  }
  layout(layered)
  return layered
}

/** A step that returns to itself needs room at its side for the loop and its label. */
function sideRoom(id: string, ways: readonly GraphWay[]): number {
  const loops = ways.filter((way) => way.from === id && way.to === id)
  return Math.max(0, ...loops.map(({ label }) => BACK_GAP + (label === undefined ? 12 : labelSize(label).width)))
}

function place(node: SizedNode, layered: Ranked): PlacedNode {
  const { x = 0, y = 0 } = layered.node(node.id)
  const offset = node.type === 'step' ? (node.card.offset ?? AT_ORIGIN) : AT_ORIGIN
  return { ...node, x: x - node.width / 2 + offset.x, y: y - node.height / 2 + offset.y }
}

// ---- Ways ----------------------------------------------------------------------------------------------------------

function ledForward(way: GraphWay, from: PlacedNode, to: PlacedNode, layered: Ranked): PlacedWay {
  const edge = layered.edge({ v: way.from, w: way.to, name: way.id })
  const start = { x: startX(way, from), y: from.y + from.height }
  const end = { x: to.x + to.width / 2, y: to.y }
  const inner = isMoved(from) || isMoved(to) ? [] : (edge.points ?? []).slice(1, -1)
  const middle = inner.length === 0 ? { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 } : { x: edge.x ?? start.x, y: edge.y ?? start.y }
  return { ...way, points: corners([start, ...inner, end]), ...labelAt(way, middle) }
}

function startX({ trigger }: GraphWay, from: PlacedNode): number {
  if (trigger === undefined || from.type !== 'entry') return from.x + from.width / 2
  return from.x + FRAME_PADDING + trigger * (CARD_WIDTH + COLUMN_GAP) + CARD_WIDTH / 2
}

function isMoved(node: PlacedNode): boolean {
  return node.type === 'step' && node.card.offset !== undefined
}

/** From the left of a card, around everything between, to the left of an earlier one (or of itself). */
function ledBack(way: GraphWay, from: PlacedNode, to: PlacedNode, nodes: readonly PlacedNode[]): PlacedWay {
  const itself = from.id === to.id
  const start = { x: from.x, y: from.y + from.height * (itself ? 0.72 : 0.5) }
  const end = { x: to.x, y: to.y + to.height * (itself ? 0.28 : 0.5) }
  const between = nodes.filter((node) => node.y < Math.max(start.y, end.y) + 1 && node.y + node.height > Math.min(start.y, end.y) - 1)
  const half = way.label === undefined ? 0 : labelSize(way.label).width / 2
  const lane = Math.min(...between.map(({ x }) => x)) - BACK_GAP - half
  return { ...way, points: [start, { x: lane, y: start.y }, { x: lane, y: end.y }, end], ...labelAt(way, { x: lane, y: (start.y + end.y) / 2 }) }
}

function labelAt({ label }: GraphWay, centre: Point): { readonly labelBox?: Box } {
  return label === undefined ? {} : { labelBox: { ...centre, ...labelSize(label) } }
}

/** Upright lines through the given points, with a level piece wherever they are not above each other. */
function corners(points: readonly Point[]): readonly Point[] {
  const line: Point[] = points.slice(0, 1)
  for (const [index, to] of points.slice(1).entries()) {
    const from = points[index] as Point
    const level = bendAt(from, to, index === 0, index === points.length - 2)
    if (Math.abs(from.x - to.x) > 1) line.push({ x: from.x, y: level }, { x: to.x, y: level })
    line.push(to)
  }
  return line
}

/** Ways that leave one card bend at one height, and so do those that meet above one: they read as one branching line. */
function bendAt(from: Point, to: Point, first: boolean, last: boolean): number {
  const half = (to.y - from.y) / 2
  if (first && !last) return from.y + Math.min(18, half)
  return last ? to.y - Math.min(24, half) : from.y + half
}

/** Moves everything so that the picture begins at the margin, and says how large it is. */
function framed(nodes: readonly PlacedNode[], ways: readonly PlacedWay[]): Drawing {
  const boxes = [...nodes, ...ways.flatMap(({ labelBox }) => (labelBox ? [centred(labelBox)] : [])), ...ways.flatMap(({ points }) => points.map((point) => ({ ...point, width: 0, height: 0 })))]
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN
  const moved = <Item extends Point>(item: Item): Item => ({ ...item, x: item.x - left, y: item.y - top })
  return {
    nodes: nodes.map(moved),
    ways: ways.map((way) => ({ ...way, points: way.points.map(moved), ...(way.labelBox ? { labelBox: moved(way.labelBox) } : {}) })),
    width: Math.max(...boxes.map(({ x, width }) => x + width)) - left + MARGIN,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) - top + MARGIN,
  }
}

function centred({ x, y, width, height }: Box): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}
