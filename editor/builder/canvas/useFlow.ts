/** The drawing of the open journey, computed again only where something changed. */
import { useMemo, useState } from 'react'
import type { Drawing } from '../document/drawing.ts'
import type { Point } from '../document/geometry.ts'
import type { Graph } from '../document/graph.ts'
import {
  createDrawing,
  createJoins,
  createNodes,
  createWays,
  draggedJoins,
  draggedNodes,
  draggedWays,
  type AnchorOf,
  type Shown,
} from './projection.ts'

/** The picture of the journey, moved so that what was touched last stays where it was. */
export function useDrawing(graph: Graph, anchorOf: AnchorOf): Drawing {
  const [draw] = useState(createDrawing)
  return useMemo(() => draw(graph, anchorOf), [draw, graph, anchorOf])
}

/** The nodes for xyflow, and the ways and joins, which are drawn beside it. `dragged` says where cards are that are being moved. */
export function useFlow(
  drawing: Drawing,
  graph: Graph,
  { selection, people, problems, nameOf, editable }: Shown,
  dragged: ReadonlyMap<string, Point>,
) {
  const [nodesOf] = useState(createNodes)
  const [waysOf] = useState(createWays)
  const [joinsOf] = useState(createJoins)
  const nodes = useMemo(
    () => nodesOf(drawing, graph, { selection, people, problems, nameOf, editable }),
    [nodesOf, drawing, graph, selection, people, problems, nameOf, editable],
  )
  const ways = useMemo(() => waysOf(drawing, nameOf), [waysOf, drawing, nameOf])
  const joins = useMemo(() => joinsOf(drawing, nameOf), [joinsOf, drawing, nameOf])
  return {
    joins: useMemo(() => draggedJoins(joins, dragged), [joins, dragged]),
    nodes: useMemo(() => draggedNodes(nodes, dragged), [nodes, dragged]),
    ways: useMemo(() => draggedWays(ways, drawing, dragged), [ways, drawing, dragged]),
  }
}
