/** Which boxes of a list are open. */
import { useState } from 'react'

export function useOpen(first: number) {
  const [open, setOpen] = useState<readonly number[]>(first < 0 ? [] : [first])
  return {
    is: (index: number) => open.includes(index),
    toggle: (index: number) =>
      setOpen(open.includes(index) ? open.filter((each) => each !== index) : [...open, index]),
    only: (index: number) => setOpen([index]),
  }
}
