/** What nothing leads to any more goes with the command that led elsewhere. */
import { waysOf, type Step } from '../../../engine/index.ts'
import { isBareEnd, type Draft } from './draft.ts'
import { placesOf, targetAt } from './places.ts'

/** Takes away what was led to before and is not any more; what was loose before was left so on purpose. */
export function withoutLoose(draft: Draft, before: Draft): Draft {
  const once = reachedIn(before)
  const kept = reachedIn(
    draft,
    Object.keys(before.states).filter((id) => !once.has(id)),
  )
  return without(draft, (id) => once.has(id) && !kept.has(id))
}

/** The same for bare ends alone: they are only where a way stops. */
export function withoutLooseEnds(draft: Draft, before: Draft): Draft {
  const [led, once] = [targetsIn(draft), targetsIn(before)]
  return without(draft, (id, step) => isBareEnd(step) && !led.has(id) && once.has(id))
}

/** Every step that something leads to. */
function targetsIn(draft: Draft): ReadonlySet<string | undefined> {
  return new Set(placesOf(draft).map((place) => targetAt(draft, place)))
}

function without(draft: Draft, isLoose: (id: string, step: Step) => boolean): Draft {
  const kept = Object.entries(draft.states).filter(([id, step]) => id === 'outside' || !isLoose(id, step))
  return kept.length === Object.keys(draft.states).length
    ? draft
    : { ...draft, states: Object.fromEntries(kept) }
}

/** All steps that a way in, the goal, an exit or one of the given steps leads to. */
export function reachedIn(draft: Draft, besides: readonly string[] = []): ReadonlySet<string> {
  const reached = new Set<string>()
  const begun = placesOf(draft).flatMap((place) => (place.from === 'step' ? [] : [targetAt(draft, place)]))
  const open = [...besides, ...begun]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = draft.states[id]
    if (step === undefined || reached.has(id)) continue
    reached.add(id)
    open.push(...waysOf(step).map(({ branch }) => branch.target))
  }
  return reached
}
