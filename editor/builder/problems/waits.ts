/** Ways on which nobody waits: where a wait is put so that a circle ends, or two messages do not come together. Pure. */
import { channelOf, mayBeOver, parseDelay } from '../../../engine/index.ts'
import type { Draft } from '../document/draft.ts'
import { placesFrom, targetAt, type StepPlace } from '../document/places.ts'

/** The ways out of a step on which nobody waits, those to the same step as one place. */
function atOnce(draft: Draft, id: string, isAtOnce: (place: StepPlace) => boolean): readonly StepPlace[] {
  const places = placesFrom(draft, id).filter(isAtOnce)
  return [...Map.groupBy(places, (place) => targetAt(draft, place)).values()].map((same) => ({
    from: 'step',
    step: id,
    ats: same.flatMap(({ ats }) => ats),
  }))
}

/** Also after a result, which may be known at once, and after a wait that may be over before it begins. */
function mayBeAtOnce({ ats }: StepPlace): boolean {
  const [part, name] = ats[0] ?? []
  if (part === 'always') return true
  if (part === 'on') return name === 'step.done' || name === 'step.failed'
  const delay = parseDelay(String(name))
  return delay !== undefined && mayBeOver(delay)
}

function isAtOnceWhenSent({ ats }: StepPlace): boolean {
  const [part, name] = ats[0] ?? []
  return part === 'always' || (part === 'on' && name === 'step.done')
}

/** The ways back: with a wait on each of them no circle that begins at this step goes round at once. */
export function waysBack(draft: Draft, first: string): readonly StepPlace[] {
  const found: StepPlace[] = []
  const done = new Set<string>()
  const under = new Set<string>()
  // Depth first, without recursion: journeys may be long. An empty list is the mark that a step is left again.
  const open: { readonly id: string; readonly leave: boolean }[] = [{ id: first, leave: false }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id, leave } = next
    if (leave) {
      under.delete(id)
      done.add(id)
    } else if (!done.has(id) && !under.has(id)) {
      under.add(id)
      open.push({ id, leave: true })
      for (const place of atOnce(draft, id, mayBeAtOnce)) {
        const target = targetAt(draft, place) ?? id
        if (under.has(target)) found.push(place)
        else open.push({ id: target, leave: false })
      }
    }
  }
  return found
}

/** The ways by which this message comes at the same moment as one before it. */
export function waysTogether(draft: Draft, message: string): readonly StepPlace[] {
  const found = new Map<string, StepPlace>()
  for (const first of Object.keys(draft.states).filter((id) => isMessage(draft, id))) {
    const seen = new Set([first])
    // A set that grows while it is walked is walked to its new end.
    for (const id of seen) {
      if (id !== first && isMessage(draft, id)) continue
      for (const place of atOnce(draft, id, isAtOnceWhenSent)) {
        const target = targetAt(draft, place)
        if (target === message) found.set(id, place)
        else if (target !== undefined) seen.add(target)
      }
    }
  }
  return [...found.values()]
}

function isMessage(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  const channel = step && channelOf(step)
  return channel === 'email' || channel === 'sms'
}
