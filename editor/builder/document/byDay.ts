/** When a phone may ring: the wait for a window of the day that stands before an SMS. Pure. */
import { kindOf, parseDelay, type Step } from '../../../engine/index.ts'
import { refused, type Command } from './command.ts'
import { freshId, type Draft } from './draft.ts'
import { STEP_NAMES } from './newStep.ts'
import { placesBefore, placesInto, withTarget, type Place } from './places.ts'

/** An SMS waits for it, unless somebody takes the wait out. */
const DAYTIME = 'between 09:00-20:00'

/** A wait until a phone may ring. */
export function daytime(next: string): Step {
  return { meta: { kind: 'wait' }, after: { [DAYTIME]: next } }
}

/** Lets a step be come to by day only: a wait for it stands before. A step that is come to so already stays as it is. */
export function onlyByDay(id: string): Command {
  return (draft) => {
    if (draft.states[id] === undefined) return refused('gone')
    if (isReachedByDay(draft, id)) return draft
    const window = freshId(draft.states, STEP_NAMES.wait)
    const states = Object.fromEntries(
      Object.entries(draft.states).flatMap((entry) =>
        entry[0] === id ? [[window, daytime(id)], entry] : [entry],
      ),
    )
    return placesInto(draft, id).reduce<Draft>((changed, place) => withTarget(changed, place, window), {
      ...draft,
      states,
    })
  }
}

/** Whether everybody comes to a step straight from a wait for a window of the day. */
export function isReachedByDay(draft: Draft, id: string): boolean {
  const places = placesInto(draft, id)
  return places.length > 0 && places.every((place) => comesByDay(draft, place))
}

/** Whether everybody who comes to a place comes straight from such a wait. */
export function comesByDay(draft: Draft, place: Place, seen: ReadonlySet<string> = new Set()): boolean {
  if (place.from === 'join')
    return placesBefore(draft, place.step).every((each) => comesByDay(draft, each, seen))
  const before = place.from === 'step' ? draft.states[place.step] : undefined
  if (place.from !== 'step' || before === undefined || seen.has(place.step)) return false
  const waits = [...Object.keys(before.after ?? {}), ...Object.keys(before.on ?? {})]
  if (waits.length > 0 || kindOf(before) === 'waitFor')
    return kindOf(before) === 'wait' && waits.every((delay) => parseDelay(delay)?.type === 'between')
  const places = placesInto(draft, place.step)
  return places.length > 0 && places.every((each) => comesByDay(draft, each, new Set([...seen, place.step])))
}
