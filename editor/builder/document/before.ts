/** What lies before a step: from where one comes to it, and what one may have got by then. Pure. */
import { channelOf, stepsOf, type Step } from '../../../engine/index.ts'
import type { Draft } from './draft.ts'
import { placesOf, targetAt, type StepPlace } from './places.ts'

/** The steps that send a person something and that lie before a step, the nearest first; all of them where none is named. */
export function messagesBefore(draft: Draft, id?: string): readonly string[] {
  const reaches = (step: Step) => ['email', 'sms'].includes(channelOf(step) ?? '')
  if (id === undefined) return stepsOf(draft).flatMap(([each, step]) => (reaches(step) ? [each] : []))
  return stepsBefore(draft, id).filter((each) => {
    const step = draft.states[each]
    return step !== undefined && reaches(step)
  })
}

/** The steps from which one comes to a step, the nearest first; the step itself is among them where one comes back. */
function stepsBefore(draft: Draft, id: string): readonly string[] {
  const into = Map.groupBy(
    placesOf(draft).filter((place): place is StepPlace => place.from === 'step'),
    (place) => targetAt(draft, place),
  )
  const before = (each: string) => (into.get(each) ?? []).map(({ step }) => step)
  const seen = new Set(before(id))
  // A set that grows while it is walked is walked to its new end.
  for (const each of seen) for (const earlier of before(each)) seen.add(earlier)
  return [...seen]
}
