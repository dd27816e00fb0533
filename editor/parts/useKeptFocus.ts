/** What goes while it has the focus hands it on, so that nobody begins again at the top of the page. */
import { useEffect, type RefObject } from 'react'
import { REACHABLE } from './reachable.ts'

/** Within the frame the focus goes to the nearest before what went, else to the first there is; else to the page's name. */
export function useKeptFocus(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const reachable = () => [...element.querySelectorAll<HTMLElement>(REACHABLE)]
    let focused: HTMLElement | null = null
    let before: readonly HTMLElement[] = []
    let next = 0
    const note = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      const all = reachable()
      focused = target
      before = all.slice(0, Math.max(0, all.indexOf(target)))
    }
    // Whoever points elsewhere has left.
    const forget = ({ target }: PointerEvent) => {
      if (target instanceof Node && !element.contains(target)) focused = null
    }
    // What opened a menu may be gone before the menu, which has the focus, is.
    const look = (frames: number) => {
      if (focused === null || (focused.isConnected && !focused.matches(':disabled'))) return
      if (document.activeElement === document.body) {
        const kept = before.findLast((each) => each.isConnected && !each.matches(':disabled'))
        ;(kept ?? reachable()[0] ?? document.querySelector<HTMLElement>('h1[tabindex]'))?.focus()
      } else if (frames > 0) next = requestAnimationFrame(() => look(frames - 1))
    }
    const observer = new MutationObserver(() => {
      cancelAnimationFrame(next)
      look(30)
    })
    element.addEventListener('focusin', note)
    document.addEventListener('pointerdown', forget)
    observer.observe(element, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled'],
    })
    return () => {
      cancelAnimationFrame(next)
      observer.disconnect()
      element.removeEventListener('focusin', note)
      document.removeEventListener('pointerdown', forget)
    }
  }, [frame])
}
