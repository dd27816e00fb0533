/** Which boxes of a list are open; and the `ref` of that list, whose items are the boxes. */
import { useCallback, useRef, useState } from 'react'

export function useOpen(first: number) {
  const [open, setOpen] = useState<readonly number[]>(first < 0 ? [] : [first])
  const element = useRef<HTMLOListElement | null>(null)
  const list = useCallback((drawn: HTMLOListElement | null) => {
    element.current = drawn
  }, [])
  const boxes = {
    is: (index: number) => open.includes(index),
    toggle: (index: number) =>
      setOpen(open.includes(index) ? open.filter((each) => each !== index) : [...open, index]),
    /** Opens one that may be new, and goes to it. */
    goTo: (index: number) => {
      setOpen([index])
      requestAnimationFrame(() => element.current?.children[index]?.querySelector('button')?.focus())
    },
  }
  return [boxes, list] as const
}
