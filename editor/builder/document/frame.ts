/**
 * The parts of the frame "Who enters", as they are selected: `outside` is the frame as a whole, `outside:trigger:0:name`
 * one of its triggers, `outside:goal` the goal, and so on. No step can have such an id.
 */
import type { Draft } from './draft.ts'
import { triggerAt, type TriggerPlace } from './places.ts'

/** Where everybody is before the first step; the frame "Who enters" is drawn for it. */
export const ENTRY = 'outside'

/** `exits` is all that ends a journey early; with an index, the one of them that has a way of its own in the drawing. */
export type FramePart =
  | { readonly part: 'frame' | 'reentry' | 'audience' | 'goal' }
  | { readonly part: 'trigger'; readonly place: TriggerPlace }
  | { readonly part: 'exits'; readonly index?: number }

/** A part of the frame as the id that is selected. */
export function frameId(part: FramePart): string {
  switch (part.part) {
    case 'frame':
      return ENTRY
    case 'trigger':
      return `${ENTRY}:trigger:${part.place.index}:${part.place.event}`
    case 'exits':
      return part.index === undefined ? `${ENTRY}:exits` : `${ENTRY}:exits:${part.index}`
    case 'reentry':
    case 'audience':
    case 'goal':
      return `${ENTRY}:${part.part}`
  }
}

/** The part of the frame that is selected; undefined for the id of a step. */
export function framePartOf(id: string): FramePart | undefined {
  const [frame, part, index, ...event] = id.split(':')
  if (frame !== ENTRY) return undefined
  switch (part) {
    case undefined:
      return { part: 'frame' }
    case 'reentry':
    case 'audience':
    case 'goal':
      return { part }
    case 'exits':
      return index === undefined ? { part } : { part, index: Number(index) }
    case 'trigger':
      return { part, place: { from: 'trigger', index: Number(index), event: event.join(':') } }
    default:
      return undefined
  }
}

/** Whether what is selected is there: a step, or a part of the frame. Goal, exits and the like are there to be chosen. */
export function isThere(draft: Draft, id: string): boolean {
  const part = framePartOf(id)
  if (part === undefined) return Object.hasOwn(draft.states, id)
  if (part.part === 'trigger') return triggerAt(draft, part.place) !== undefined
  return part.part !== 'exits' || part.index === undefined || part.index < (draft.meta.exits ?? []).length
}
