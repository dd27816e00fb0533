/** Cards dragged by hand: only they move while they are dragged; where they are put down is kept as an offset. */
import type { NodeChange } from '@xyflow/react'
import { useMemo, useRef, useState } from 'react'
import { words } from '../../words.ts'
import { moveSteps } from '../document/commands.ts'
import { ownPlace, type Drawing } from '../document/drawing.ts'
import type { Point } from '../document/geometry.ts'
import type { Builder } from '../state/store.ts'
import type { CanvasNode } from './projection.ts'

const NONE: ReadonlyMap<string, Point> = new Map()
/** A card put down as near as this to its own place stands in it. */
const MAGNET = 8

export function useMoving(builder: Builder) {
  const [dragged, setDragged] = useState(NONE)
  const boxing = useRef(false)
  const handlers = useMemo(() => {
    const onNodesChange = (changes: readonly NodeChange<CanvasNode>[]) => {
      const moves = changes.flatMap((change) =>
        change.type === 'position' && change.dragging === true && change.position
          ? [[change.id, change.position] as const]
          : [],
      )
      if (moves.length > 0) setDragged((before) => new Map([...before, ...moves]))
      if (boxing.current) select(changes)
    }
    /** A box that is drawn around cards selects them. */
    function select(changes: readonly NodeChange<CanvasNode>[]) {
      const before = builder.get().selection
      const gone = changes.flatMap((change) =>
        change.type === 'select' && !change.selected ? [change.id] : [],
      )
      const come = changes.flatMap((change) =>
        change.type === 'select' && change.selected ? [change.id] : [],
      )
      const kept = before.filter((id) => !gone.includes(id) && !come.includes(id))
      if (gone.length + come.length > 0) builder.select([...kept, ...come])
    }
    return (drawing: Drawing) => ({
      onNodesChange,
      onSelectionStart: () => {
        boxing.current = true
      },
      onSelectionEnd: () => {
        boxing.current = false
      },
      onNodeDragStart: (_: unknown, { id }: CanvasNode) => {
        if (!builder.get().selection.includes(id)) builder.select([id])
      },
      onNodeDragStop: (_: unknown, __: CanvasNode, nodes: readonly CanvasNode[]) => {
        const placed = new Map(drawing.nodes.map((node) => [node.id, node]))
        const offsets = nodes.flatMap(({ id, position }) => {
          const node = placed.get(id)
          return node === undefined ? [] : [[id, offsetAt(position, ownPlace(node))] as const]
        })
        builder.apply(moveSteps(new Map(offsets)), { say: words.canvas.moved })
        setDragged(NONE)
      },
    })
  }, [builder])
  return { dragged, handlers }
}

function offsetAt({ x, y }: Point, own: Point): Point {
  const by = { x: x - own.x, y: y - own.y }
  return { x: Math.abs(by.x) < MAGNET ? 0 : by.x, y: Math.abs(by.y) < MAGNET ? 0 : by.y }
}
