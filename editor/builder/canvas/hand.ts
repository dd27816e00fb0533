/**
 * What a person holds over the drawing: a kind of step to be put somewhere, or a way to be led to another step. It is
 * held while it is dragged, or, after a tap, until a place is chosen.
 */
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { StepKind } from '../../../engine/index.ts'
import type { RefusalReason } from '../document/command.ts'
import { whyNotHere } from '../document/commands.ts'
import type { Place } from '../document/places.ts'
import { useBuild } from '../state/context.tsx'

export type Held =
  | { readonly type: 'kind'; readonly kind: StepKind }
  | { readonly type: 'way'; readonly place: Place; readonly from: string }

export interface HandState {
  readonly held: Held | null
  /** Where on the screen a drag began; null while nothing is dragged. */
  readonly draggedFrom: { readonly x: number; readonly y: number } | null
  /** Why the place that it is dragged over does not take it; null where it does, or there is none. */
  readonly refusal: RefusalReason | null
}

export interface Hand {
  readonly get: () => HandState
  readonly subscribe: (listener: () => void) => () => void
  readonly take: (held: Held, draggedFrom?: HandState['draggedFrom']) => void
  /** What is dragged is over a place that does not take it, or no longer. */
  readonly meet: (refusal: RefusalReason | null) => void
  readonly drop: () => void
}

const EMPTY: HandState = { held: null, draggedFrom: null, refusal: null }

/** An empty hand. Outside of React, so that taking something does not draw every card again. */
export function createHand(): Hand {
  const listeners = new Set<() => void>()
  let state = EMPTY
  const set = (next: HandState) => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    take: (held, draggedFrom = null) => set({ held, draggedFrom, refusal: null }),
    meet: (refusal) => {
      if (state.refusal !== refusal) set({ ...state, refusal })
    },
    drop: () => {
      if (state !== EMPTY) set(EMPTY)
    },
  }
}

const HandContext = createContext<Hand>(createHand())
export const HandProvider = HandContext

export function useHand(): Hand {
  return useContext(HandContext)
}

export function useHeld(): HandState {
  const hand = useHand()
  return useSyncExternalStore(hand.subscribe, hand.get)
}

/** Why a place does not take the kind of step that is held; null where it does, or none is held. */
export function useRefusal(place: Place): RefusalReason | null {
  const hand = useHand()
  const builder = useBuild()
  return useSyncExternalStore(hand.subscribe, () => {
    const { held } = hand.get()
    return held?.type === 'kind' ? whyNotHere(builder.get().history.present, place, held.kind) : null
  })
}
