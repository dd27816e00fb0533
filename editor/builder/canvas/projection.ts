/**
 * The laid-out journey as what is drawn: one way only, and of what has not changed the very same objects as before, so
 * that one more step in five hundred draws one more card.
 */
import type { Node } from '@xyflow/react'
import { words } from '../../words.ts'
import {
  freeWay,
  movedBy,
  ownPlace,
  type Drawing,
  type PlacedJoin,
  type PlacedNode,
  type PlacedWay,
} from '../document/drawing.ts'
import { ENTRY } from '../document/frame.ts'
import type { Box, Point } from '../document/geometry.ts'
import { waysByStart, type Graph, type GraphWay } from '../document/graph.ts'
import { layOut } from '../document/layout.ts'
import type { EndingNodeType, EntryNodeType } from './EntryNode.tsx'
import type { CardWay, StepNodeType } from './StepNode.tsx'

export type CanvasNode = StepNodeType | EntryNodeType | EndingNodeType

// ---- Where everything is ---------------------------------------------------------------------------------------------

/** What of the drawing stays where it is when everything else moves. */
export type AnchorOf = (before: Drawing, after: Drawing) => string | undefined

/** Lays out one journey again and again, each time moved so that what was touched stays where it was. */
export function createDrawing(): (graph: Graph, anchorOf: AnchorOf) => Drawing {
  let last: Drawing | null = null
  return (graph, anchorOf) => {
    const drawing = layOut(graph)
    last = last === null ? drawing : standing(last, drawing, anchorOf(last, drawing))
    return last
  }
}

/** The drawing moved so that one of its nodes stands where it stood. */
function standing(before: Drawing, after: Drawing, anchor: string | undefined): Drawing {
  const was = before.nodes.find(({ id }) => id === anchor)
  const is = after.nodes.find(({ id }) => id === anchor)
  if (was === undefined || is === undefined) return after
  const [from, to] = [ownPlace(was), ownPlace(is)]
  return movedBy(after, { x: from.x + was.width / 2 - to.x - is.width / 2, y: from.y - to.y })
}

// ---- Cards -------------------------------------------------------------------------------------------------------------

/** What is shown on cards beside what the file says. */
export interface Shown {
  readonly selection: readonly string[]
  readonly people: Readonly<Record<string, number>>
  readonly problems: ReadonlyMap<string, 'error' | 'warning'>
  readonly nameOf: (id: string) => string
  readonly editable: boolean
}

/** The nodes for xyflow; of a card about which nothing changed, the same object as the time before. */
export function createNodes(): (drawing: Drawing, graph: Graph, shown: Shown) => CanvasNode[] {
  let last: ReadonlyMap<string, CanvasNode> = new Map()
  return (drawing, graph, shown) => {
    const ways = waysByStart(graph.ways)
    const watched = watchedIn(ways)
    const nodes = drawing.nodes.map((node) => {
      const made = flowNode(node, cardWays(ways.get(node.id) ?? []), watched.has(node.id), shown)
      const before = last.get(node.id)
      return before !== undefined && isSame(before, made) ? before : made
    })
    last = new Map(nodes.map((node) => [node.id, node]))
    return nodes
  }
}

/** The nodes with those moved that are being dragged. */
export function draggedNodes(nodes: CanvasNode[], dragged: ReadonlyMap<string, Point>): CanvasNode[] {
  if (dragged.size === 0) return nodes
  return nodes.map((node): CanvasNode => {
    const position = dragged.get(node.id)
    return position === undefined ? node : { ...node, position }
  })
}

/** The ways out of a card that have a handle. */
function cardWays(ways: readonly GraphWay[]): readonly CardWay[] {
  return ways.flatMap(({ id, from, to, label, place }) =>
    from === to || from === ENTRY ? [] : [{ id, place, ...(label === undefined ? {} : { label }) }],
  )
}

/** In front of which steps goal and exits are looked at: all that one enters by a trigger. */
function watchedIn(ways: ReadonlyMap<string, readonly GraphWay[]>): ReadonlySet<string> {
  const watched = new Set<string>([ENTRY])
  // A set that grows while it is walked is walked to its new end.
  for (const id of watched) for (const { to } of ways.get(id) ?? []) watched.add(to)
  return watched
}

function flowNode(
  node: PlacedNode,
  ways: readonly CardWay[],
  isWatched: boolean,
  { selection, people, problems, nameOf, editable }: Shown,
): CanvasNode {
  const { id, x, y, width, height } = node
  const middle = { x: width / 2, width: 1, height: 1 }
  const base = {
    id,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    // Told here, so that xyflow need not look for them in the page. It draws no lines; `Ways` does.
    handles: [
      { type: 'source', position: 'bottom', ...middle, y: height },
      { type: 'target', position: 'top', ...middle, y: 0 },
    ] as NonNullable<Node['handles']>,
    // Shift and a press on a card adds it to the selection, and does not begin a box.
    className: `nokey ${isWatched ? 'watched' : 'unwatched'}`,
    connectable: false,
  } satisfies Partial<Node>
  switch (node.type) {
    case 'entry':
      return {
        ...base,
        type: 'entry',
        draggable: false,
        selectable: false,
        data: { entry: node.entry, columns: node.columns, hasRoom: node.hasRoom },
      }
    case 'ending':
      return { ...base, type: 'ending', draggable: false, selectable: false, data: { ending: node.ending } }
    case 'step': {
      const selected = selection.includes(id)
      return {
        ...base,
        type: 'step',
        draggable: editable,
        selected,
        data: {
          card: node.card,
          ways,
          people: people[id] ?? 0,
          problem: problems.get(id) ?? null,
          alone: selected && selection.length === 1,
          current: selection.at(-1) === id,
          name: nameOf(id),
        },
      }
    }
  }
}

// ---- Ways --------------------------------------------------------------------------------------------------------------

/** A way as it is drawn, with what its button is called. */
export interface ShownWay {
  readonly way: PlacedWay
  readonly plusName: string
}

/** The ways; of one about which nothing changed, the same object as the time before. */
export function createWays(): (drawing: Drawing, nameOf: Shown['nameOf']) => readonly ShownWay[] {
  let last: ReadonlyMap<string, ShownWay> = new Map()
  return (drawing, nameOf) => {
    const nodes = new Map(drawing.nodes.map((node) => [node.id, node]))
    const ways = drawing.ways.map((way) => {
      const made = { way, plusName: plusName(way, nodes, nameOf) }
      const before = last.get(way.id)
      return before !== undefined && isSame(before, made) ? before : made
    })
    last = new Map(ways.map((shown) => [shown.way.id, shown]))
    return ways
  }
}

/** What a plus is called: between which steps it stands, and on which of several ways. */
function plusName(way: PlacedWay, nodes: ReadonlyMap<string, PlacedNode>, nameOf: Shown['nameOf']): string {
  const [from, to] = [nodes.get(way.from), nodes.get(way.to)]
  const isOpen = to?.type === 'step' && to.card.kind === 'end' && to.card.label === undefined
  const name = isOpen
    ? words.canvas.addBehind(nameOf(way.from))
    : words.canvas.addBetween(nameOf(way.from), nameOf(way.to))
  const trigger =
    from?.type === 'entry' && way.trigger !== undefined ? from.entry.triggers[way.trigger] : undefined
  const onWay = trigger?.title ?? way.label
  return onWay === undefined ? name : words.canvas.onWay(name, onWay)
}

/** A join as it is drawn, with what its button is called. */
export interface ShownJoin {
  readonly join: PlacedJoin
  readonly plusName: string
}

/** The joins; of one about which nothing changed, the same object as the time before. */
export function createJoins(): (drawing: Drawing, nameOf: Shown['nameOf']) => readonly ShownJoin[] {
  let last: ReadonlyMap<string, ShownJoin> = new Map()
  return (drawing, nameOf) => {
    const joins = drawing.joins.map((join) => {
      const made = { join, plusName: words.canvas.addBefore(nameOf(join.to), join.count) }
      const before = last.get(join.id)
      return before !== undefined && isSame(before, made) ? before : made
    })
    last = new Map(joins.map((shown) => [shown.join.id, shown]))
    return joins
  }
}

/** The joins without those in front of a card that is being dragged: their lines come from elsewhere meanwhile. */
export function draggedJoins(
  joins: readonly ShownJoin[],
  dragged: ReadonlyMap<string, Point>,
): readonly ShownJoin[] {
  return dragged.size === 0 ? joins : joins.filter(({ join }) => !dragged.has(join.to))
}

/** The ways with those following that lead to or from a card that is being dragged. */
export function draggedWays(
  ways: readonly ShownWay[],
  drawing: Drawing,
  dragged: ReadonlyMap<string, Point>,
): readonly ShownWay[] {
  if (dragged.size === 0) return ways
  const nodes = new Map(drawing.nodes.map((node) => [node.id, node]))
  return ways.map((shown) => {
    const { way } = shown
    const [from, to] = [nodes.get(way.from), nodes.get(way.to)]
    if (!from || !to || (!dragged.has(way.from) && !dragged.has(way.to))) return shown
    const at = (node: PlacedNode) => ({ ...node, ...dragged.get(node.id) })
    return { ...shown, way: following(way, at(from), at(to)) }
  })
}

/** A way whose card is being dragged: only the line follows, everything else waits until it is put down. */
function following(way: PlacedWay, from: Box, to: Box): PlacedWay {
  const { sign: _sign, labelBox: _box, ...bare } = way
  return freeWay(bare, from, to)
}

/** Whether two plain values say the same. Objects that are one need no second look, and most are. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [ones, others] = [Object.entries(one), Object.entries(other)]
  return (
    ones.length === others.length &&
    ones.every(([key, value]) => isSame(value, (other as { readonly [key: string]: unknown })[key]))
  )
}
