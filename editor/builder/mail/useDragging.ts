/**
 * Dragging one of a list to another place in it, by mouse, pen or finger: it follows the pointer, a line shows where it
 * goes, and only putting it down changes anything. The keys have buttons of their own.
 */
import { useState, type PointerEvent, type RefObject } from 'react'

/** A press moved further than this is a drag. */
const THRESHOLD = 4
/** The list scrolls as soon as one is this near to its edge, by so much each frame. */
const EDGE = 48
const PULL = 9

export interface Dragged {
  readonly index: number
  /** Where it goes when it is put down now. */
  readonly to: number
}

/** `grip` begins a drag of one; `move` is told how far, when it is put down somewhere else. */
export function useDragging(
  list: RefObject<HTMLElement | null>,
  move: (index: number, by: number) => void,
): {
  readonly dragged: Dragged | null
  readonly grip: (index: number) => (event: PointerEvent<HTMLElement>) => void
} {
  const [dragged, setDragged] = useState<Dragged | null>(null)
  const grip = (index: number) => (event: PointerEvent<HTMLElement>) => {
    const item = list.current?.children[index]
    if (event.button !== 0 || !(item instanceof HTMLElement)) return
    event.preventDefault()
    const others = [...(list.current?.children ?? [])].filter((each) => each !== item)
    const scroller = scrollerOf(item)
    const start = { y: event.clientY, scrolled: scroller.scrollTop }
    let y = start.y
    let to = index
    let frame = 0

    function follow() {
      const { top, bottom } = scroller.getBoundingClientRect()
      if (y < top + EDGE) scroller.scrollTop -= PULL
      if (y > bottom - EDGE) scroller.scrollTop += PULL
      ;(item as HTMLElement).style.translate = `0 ${y - start.y + scroller.scrollTop - start.scrolled}px`
      // Whatever half of it is covered makes room, from above as from below.
      const held = (item as HTMLElement).getBoundingClientRect()
      const next = others.filter(
        (each, place) => middleOf(each) < (place < index ? held.top : held.bottom),
      ).length
      if (next !== to || frame === 0) setDragged({ index, to: next })
      to = next
      frame = requestAnimationFrame(follow)
    }
    function go({ clientY }: globalThis.PointerEvent) {
      y = clientY
      if (frame === 0 && Math.abs(y - start.y) >= THRESHOLD) follow()
    }
    function end() {
      cancelAnimationFrame(frame)
      ;(item as HTMLElement).style.translate = ''
      setDragged(null)
      for (const [name, handler] of handlers) window.removeEventListener(name, handler, true)
    }
    function drop() {
      end()
      if (frame !== 0 && to !== index) move(index, to - index)
    }
    function escape(event: KeyboardEvent) {
      if (event.key !== 'Escape' || frame === 0) return
      // What is open around it stays open.
      event.stopPropagation()
      end()
    }
    const handlers = [
      ['pointermove', go],
      ['pointerup', drop],
      ['pointercancel', end],
      ['keydown', escape],
    ] as [string, EventListener][]
    for (const [name, handler] of handlers) window.addEventListener(name, handler, true)
  }
  return { dragged, grip }
}

function middleOf(element: Element): number {
  const { top, height } = element.getBoundingClientRect()
  return top + height / 2
}

/** What scrolls around an element: the nearest that does, else the page. */
function scrollerOf(element: Element): Element {
  for (let each = element.parentElement; each !== null; each = each.parentElement)
    if (each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY))
      return each
  return document.documentElement
}
