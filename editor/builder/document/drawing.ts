/** What is drawn of a journey, everything in its place, and how it is moved. Pure. */
import type { Box, Point } from './geometry.ts'
import type { Card, EndingStart, Entry, GraphWay } from './graph.ts'
import { along, ledFreely } from './paths.ts'
import type { Place } from './places.ts'
import { labelSize } from './sizes.ts'

export type PlacedNode = Box & { readonly id: string } & (
    | { readonly type: 'entry'; readonly entry: Entry; readonly columns: number; readonly hasRoom: boolean }
    | { readonly type: 'ending'; readonly ending: EndingStart }
    | { readonly type: 'step'; readonly card: Card }
  )

export interface PlacedWay extends GraphWay {
  /** The corners of the line; it runs level or upright between them. Where it does not reach its step it ends in a sign. */
  readonly points: readonly Point[]
  /** Where its label is centred, and how much room that has. */
  readonly labelBox?: Box
  /** Where the sign is centred that says where it goes on. */
  readonly sign?: Box
  /** Where the button is centred that adds a step. */
  readonly plus: Point
}

/** Where several ways come together in front of a card: a step that is put here goes into all of them. */
export interface PlacedJoin {
  readonly id: string
  readonly to: string
  /** How many ways lead there, also those that end in a sign. */
  readonly count: number
  readonly place: Place
  readonly plus: Point
}

/** Everything with its place, and the rectangle that holds it all. */
export interface Drawing extends Box {
  readonly nodes: readonly PlacedNode[]
  readonly ways: readonly PlacedWay[]
  readonly joins: readonly PlacedJoin[]
}

const ORIGIN: Point = { x: 0, y: 0 }

/** How far a person moved a card from where the layout puts it. */
export function offsetOf(node: PlacedNode): Point {
  return (node.type === 'step' ? node.card.offset : undefined) ?? ORIGIN
}

/** Where the layout alone would have put a node. */
export function ownPlace(node: PlacedNode): Point {
  const offset = offsetOf(node)
  return { x: node.x - offset.x, y: node.y - offset.y }
}

/** The drawing, all of it so far to the right and down; the same one where that is nowhere. */
export function movedBy(drawing: Drawing, { x, y }: Point): Drawing {
  if (x === 0 && y === 0) return drawing
  const moved = <Item extends Point>(item: Item): Item => ({ ...item, x: item.x + x, y: item.y + y })
  return {
    ...moved(drawing),
    nodes: drawing.nodes.map(moved),
    ways: drawing.ways.map((way) => ({
      ...way,
      points: way.points.map(moved),
      plus: moved(way.plus),
      ...(way.labelBox ? { labelBox: moved(way.labelBox) } : {}),
      ...(way.sign ? { sign: moved(way.sign) } : {}),
    })),
    joins: drawing.joins.map((join) => ({ ...join, plus: moved(join.plus) })),
  }
}

/** A way from one card to another, wherever the two stand, as straight as it goes. */
export function freeWay(way: GraphWay, from: Box, to: Box): PlacedWay {
  const points = ledFreely(from, to)
  return {
    ...way,
    points,
    ...(way.label === undefined ? {} : { labelBox: { ...along(points, 0.5), ...labelSize(way.label) } }),
    plus: along(points, way.label === undefined ? 0.5 : 0.85),
  }
}
