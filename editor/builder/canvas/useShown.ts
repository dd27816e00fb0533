/** What of the drawing is seen: its beginning at first, what is selected, and what was touched where it was touched. */
import { useReactFlow, type Viewport } from '@xyflow/react'
import { useCallback, useEffect, useRef, type RefObject } from 'react'
import type { Drawing } from '../document/drawing.ts'
import { ENTRY } from '../document/frame.ts'
import type { Point, Size } from '../document/geometry.ts'
import { useBuild, useBuilder } from '../state/context.tsx'
import type { AnchorOf } from './projection.ts'
import { firstView, motion, moveToSee } from './view.ts'

/**
 * What stays where it is on the screen: what is selected, else what led to it before it was new or has gone, else what is
 * nearest to the middle.
 */
export function useAnchor(frame: RefObject<HTMLDivElement | null>): AnchorOf {
  const builder = useBuild()
  const { getViewport } = useReactFlow()
  const selected = useBuilder(({ selection }) => selection.at(-1))
  // As long as a change is being drawn, this is what was selected before it.
  const last = useRef<string | undefined>(undefined)
  useEffect(() => {
    last.current = selected
  }, [selected])
  return useCallback(
    (before, after) => {
      const [was, is] = [last.current, builder.get().selection.at(-1)]
      const isNew = is !== undefined && has(after, is) && !has(before, is)
      const isGone = was !== undefined && has(before, was) && !has(after, was)
      const wanted = isNew ? above(after, is) : isGone ? above(before, was) : is
      return has(before, wanted) && has(after, wanted)
        ? wanted
        : nearestTo(middleOf(getViewport(), sizeOf(frame)), before, after)
    },
    [builder, frame, getViewport],
  )
}

function has({ nodes }: Drawing, id: string | undefined): boolean {
  return nodes.some((node) => node.id === id)
}

/** The node of both drawings that stands nearest to a point in the first. */
function nearestTo(point: Point, before: Drawing, after: Drawing): string | undefined {
  const ids = new Set(after.nodes.map(({ id }) => id))
  let found: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const { id, x, y, width, height } of before.nodes) {
    const distance = Math.hypot(x + width / 2 - point.x, y + height / 2 - point.y)
    if (ids.has(id) && distance < least) [found, least] = [id, distance]
  }
  return found
}

function middleOf({ x, y, zoom }: Viewport, size: Size | undefined): Point {
  return size === undefined
    ? { x: 0, y: 0 }
    : { x: (size.width / 2 - x) / zoom, y: (size.height / 2 - y) / zoom }
}

function sizeOf(frame: RefObject<HTMLDivElement | null>): Size | undefined {
  const box = frame.current?.getBoundingClientRect()
  return box === undefined || box.width === 0 ? undefined : box
}

function above({ ways }: Drawing, id: string): string | undefined {
  return ways.find((way) => way.to === id && way.from !== id && way.kind !== 'back')?.from
}

/** Begins at the top, as large as fits; goes to what is selected as soon as it cannot be seen. */
export function useShown(drawing: Drawing, frame: RefObject<HTMLDivElement | null>) {
  const { setViewport, getViewport } = useReactFlow()
  const builder = useBuild()
  const selected = useBuilder(({ selection }) => selection.at(-1))
  const latest = useRef(drawing)
  useEffect(() => {
    latest.current = drawing
  }, [drawing])

  const see = useCallback(
    (id: string | undefined) => {
      const box = latest.current.nodes.find((node) => node.id === nodeOf(id))
      const size = sizeOf(frame)
      if (box === undefined || size === undefined) return
      const view = moveToSee(box, getViewport(), size)
      if (view !== null) void setViewport(view, motion())
    },
    [frame, getViewport, setViewport],
  )

  const first = useRef<Viewport | null>(null)
  const begin = useCallback(() => {
    const size = sizeOf(frame)
    const entry = latest.current.nodes.find(({ id }) => id === ENTRY)
    if (size === undefined || entry === undefined) return
    first.current = firstView(latest.current, entry.x + entry.width / 2, size)
    void setViewport(first.current)
  }, [frame, setViewport])
  useEffect(() => begin(), [begin])

  useEffect(() => see(selected), [see, selected])
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      const { selection } = builder.get()
      // As long as nobody has looked elsewhere, the beginning fills the room there is now.
      if (selection.length === 0 && isSameView(getViewport(), first.current)) begin()
      // A form that opens takes some of the room.
      else see(selection.at(-1))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame, begin, see, builder, getViewport])

  const goTo = useCallback(
    (id: string) => {
      builder.select([id])
      see(id)
    },
    [builder, see],
  )
  return { goTo, see }
}

function isSameView(one: Viewport, other: Viewport | null): boolean {
  return other !== null && one.x === other.x && one.y === other.y && one.zoom === other.zoom
}

/** Parts of the frame are where the frame is; goals and exits with a way of their own have nodes. */
function nodeOf(id: string | undefined): string | undefined {
  return id?.startsWith(`${ENTRY}:trigger:`) ? ENTRY : id
}
