/** Whether the focus is, or was until what had it went, in a part of the page: what goes takes it along, and no event tells. */
import { useRef, type FocusEvent, type RefObject } from 'react'

export function useHadFocus(frame: RefObject<HTMLElement | null>) {
  const hadFocus = useRef(false)
  return {
    hadFocus,
    onFocus: () => {
      hadFocus.current = true
    },
    onBlur: ({ relatedTarget }: FocusEvent) => {
      hadFocus.current = relatedTarget instanceof Node && frame.current?.contains(relatedTarget) === true
    },
  }
}
