/**
 * Carrying something over the drawing: a kind of step from the palette to a way, or a way from its card to another card.
 * With a mouse or a pen by dragging; with a finger, or a click, by taking it first and then choosing the place.
 */
import { useReactFlow } from '@xyflow/react'
import { useMemo, type PointerEvent, type RefObject } from 'react'
import type { RefusalReason } from '../document/command.ts'
import type { Hand, Held } from './hand.ts'

/** A press moved further than this is a drag. */
const THRESHOLD = 5
/** How near to a place one has to drop. */
const REACH = 90
/** The view moves along as soon as one is this near to its edge, by so much each frame. */
const EDGE = 44
const PULL = 12

export interface Handling {
  /** Where one may drop what is held, and what happens then. */
  readonly dropAt: (held: Held, target: Element) => void
  readonly dropBeside: (held: Held) => void
}

/** The handler of a press on something that can be carried. */
export function useHandling(
  frame: RefObject<HTMLDivElement | null>,
  hand: Hand,
  { dropAt, dropBeside }: Handling,
) {
  const { getViewport, setViewport } = useReactFlow()
  return useMemo(
    () => (event: PointerEvent<HTMLElement>, held: Held) => {
      // A finger that moves scrolls; it takes by a tap.
      if (event.pointerType === 'touch' || event.button !== 0) return
      const start = { x: event.clientX, y: event.clientY }
      const pressed = event.currentTarget
      let at = start
      let target: Element | null = null
      let frames = 0
      const isDragging = () => hand.get().draggedFrom !== null

      function mark(next: Element | null) {
        if (next === target) return
        const refusal = refusalAt(next)
        target?.removeAttribute('data-target')
        if (refusal === null) next?.setAttribute('data-target', '')
        target = next
        hand.meet(refusal)
      }
      function follow() {
        const box = frame.current?.getBoundingClientRect()
        if (box) {
          const { x, y, zoom } = getViewport()
          const by = { x: pull(at.x, box.left, box.right), y: pull(at.y, box.top, box.bottom) }
          if (isIn(at, box) && (by.x !== 0 || by.y !== 0))
            void setViewport({ x: x + by.x, y: y + by.y, zoom })
          mark(isIn(at, box) ? targetAt(frame.current, held, at) : null)
        }
        frames = requestAnimationFrame(follow)
      }
      function move({ clientX, clientY }: globalThis.PointerEvent) {
        at = { x: clientX, y: clientY }
        if (isDragging() || Math.hypot(at.x - start.x, at.y - start.y) < THRESHOLD) return
        hand.take(held, start)
        frames = requestAnimationFrame(follow)
      }
      function stop() {
        cancelAnimationFrame(frames)
        window.removeEventListener('pointermove', move)
        window.removeEventListener('pointerup', drop)
        window.removeEventListener('pointercancel', cancel)
        window.removeEventListener('keydown', escape, true)
        const before = target
        mark(null)
        return before
      }
      function drop() {
        const wasDragging = isDragging()
        const place = stop()
        if (!wasDragging) return
        // The click that ends a drag is none.
        window.addEventListener('click', swallow, { capture: true, once: true })
        setTimeout(() => window.removeEventListener('click', swallow, true))
        hand.drop()
        if (place) dropAt(held, place)
        else if (!isIn(at, pressed.getBoundingClientRect())) dropBeside(held)
      }
      function cancel() {
        stop()
        hand.drop()
      }
      function escape(event: globalThis.KeyboardEvent) {
        if (event.key !== 'Escape' || !isDragging()) return
        event.stopPropagation()
        cancel()
      }
      window.addEventListener('pointermove', move)
      window.addEventListener('pointerup', drop)
      window.addEventListener('pointercancel', cancel)
      window.addEventListener('keydown', escape, true)
    },
    [frame, hand, dropAt, dropBeside, getViewport, setViewport],
  )
}

function swallow(event: MouseEvent) {
  event.stopPropagation()
}

interface At {
  readonly x: number
  readonly y: number
}

function isIn({ x, y }: At, { left, right, top, bottom }: DOMRect): boolean {
  return x >= left && x <= right && y >= top && y <= bottom
}

function pull(at: number, from: number, to: number): number {
  if (at < from + EDGE) return PULL
  return at > to - EDGE ? -PULL : 0
}

/** Why a place does not take what is held, as it says itself. */
function refusalAt(place: Element | null): RefusalReason | null {
  return (place?.getAttribute('data-refusal') ?? null) as RefusalReason | null
}

/** The nearest plus for a kind of step; the card below the pointer for a way. */
function targetAt(frame: HTMLElement | null, held: Held, at: At): Element | null {
  if (held.type === 'way')
    return document.elementFromPoint(at.x, at.y)?.closest('[data-card]:not([data-card="outside"])') ?? null
  let nearest: Element | null = null
  let least = REACH
  for (const plus of frame?.querySelectorAll('[data-way]') ?? []) {
    const { left, top, width, height } = plus.getBoundingClientRect()
    const distance = Math.hypot(at.x - left - width / 2, at.y - top - height / 2)
    if (distance < least) [nearest, least] = [plus, distance]
  }
  return nearest
}
