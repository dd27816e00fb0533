/** What cards and ways of the drawing call: the same object as long as the drawing is open, so that none is drawn again. */
import { createContext, useContext } from 'react'
import type { PointerEvent } from 'react'
import type { StepKind } from '../../../engine/index.ts'
import type { Starter } from '../document/newTrigger.ts'
import type { Place } from '../document/places.ts'
import type { Held } from './hand.ts'

export interface Tools {
  /** Whether anything can be changed, or only looked at. */
  readonly editable: boolean
  /** A click on a plus: puts down what is held, else asks what to put there. */
  readonly choosePlace: (place: Place, button: HTMLElement) => void
  readonly insert: (place: Place, kind: StepKind) => void
  readonly start: (starter: Starter) => void
  /** A press that may become a drag; a tap takes it into the hand. */
  readonly press: (event: PointerEvent<HTMLElement>, held: Held) => void
  readonly take: (held: Held) => void
  /** Leads a way to another step. */
  readonly lead: (place: Place, target: string) => void
  /** Selects a step and shows it. */
  readonly goTo: (id: string) => void
  readonly select: (id: string, more: boolean) => void
  /** Shades what goal and exits watch, or no more. */
  readonly shade: (shaded: boolean) => void
}

const nothing = () => {}
const ToolsContext = createContext<Tools>({
  editable: false,
  choosePlace: nothing,
  insert: nothing,
  start: nothing,
  press: nothing,
  take: nothing,
  lead: nothing,
  goTo: nothing,
  select: nothing,
  shade: nothing,
})
export const ToolsProvider = ToolsContext

export function useTools(): Tools {
  return useContext(ToolsContext)
}
