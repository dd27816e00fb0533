/** Steps copied as text: they can be pasted into another journey, another tab, or a mail to a colleague. */
import { kindOf, stepIdFault, stepsOf, type Step } from '../../../engine/index.ts'
import { refused, type Command } from './command.ts'
import { draftOf, emptyDraft, END, freshId, type Draft } from './draft.ts'
import { STEP_NAMES } from './newStep.ts'
import { placesFrom, placesInto, targetAt, withoutOffset, withTarget, type Place } from './places.ts'

/** What is in the text. Ways that led out of what was copied lead to `next`. */
interface Fragment {
  readonly tidemark: 'steps'
  readonly steps: { readonly [id: string]: Step }
  readonly next: string
}

/** The steps as text, with the ways between them. */
export function copied(draft: Draft, ids: readonly string[]): string {
  const chosen = stepsOf(draft).filter(([id]) => ids.includes(id))
  const next = freshId(draft.states, 'next')
  const cut = chosen
    .flatMap(([id]) => placesFrom(draft, id))
    .filter((place) => !ids.includes(targetAt(draft, place) ?? ''))
    .reduce((changed, place) => withTarget(changed, place, next), draft)
  const steps = Object.fromEntries(chosen.map(([id]) => [id, withoutOffset(cut.states[id] as Step)]))
  const fragment: Fragment = { tidemark: 'steps', steps, next }
  return JSON.stringify(fragment, null, 2)
}

/**
 * Puts copied steps at a place, under ids of their own; what followed there follows them. Where nothing in the text leads
 * to some of its steps but to the first, these stand loose, for a person to join.
 */
export function pasteSteps(place: Place, text: string): Command {
  return (draft) => {
    const fragment = fragmentOf(text)
    if (fragment === null) return refused('no_steps')
    const target = targetAt(draft, place)
    if (target === undefined) return refused('gone')
    const names = newNames(draft, fragment)
    const steps = Object.entries(fragment.steps).map(([id, step]) => [
      names.get(id) ?? id,
      renamed(step, (name) => names.get(name) ?? (name === fragment.next ? target : name)),
    ])
    const led = withTarget(draft, place, names.get(firstOf(fragment)) ?? target)
    return {
      ...led,
      states: { ...led.states, ...(Object.fromEntries(steps) as { readonly [id: string]: Step }) },
    }
  }
}

/** The ids that `pasteSteps` gives; empty where there are no steps in the text. */
export function pastedIds(draft: Draft, text: string): readonly string[] {
  const fragment = fragmentOf(text)
  return fragment === null ? [] : [...newNames(draft, fragment).values()]
}

/** Copied steps once more, behind themselves. A step with several ways on is doubled in front of what its first leads to. */
export function duplicate(draft: Draft, id: string): Command {
  const [place] = placesFrom(draft, id)
  return place === undefined ? () => refused('nothing_follows') : pasteSteps(place, copied(draft, [id]))
}

/** A fragment whose skeleton stands, as that of a draft must; null for any other text. */
function fragmentOf(text: string): Fragment | null {
  const read = readJson(text)
  if (typeof read !== 'object' || read === null) return null
  const { tidemark, steps, next } = read as Partial<Fragment>
  if (tidemark !== 'steps' || typeof next !== 'string' || typeof steps !== 'object' || steps === null)
    return null
  return draftOf(draftWith(steps, next)) === null ||
    Object.keys(steps).length === 0 ||
    ['outside', next].some((id) => Object.hasOwn(steps, id))
    ? null
    : { tidemark, steps, next }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function newNames(draft: Draft, { steps }: Fragment): ReadonlyMap<string, string> {
  const taken: Record<string, unknown> = { ...draft.states }
  return new Map(
    Object.entries(steps).map(([id, step]) => {
      const name = freshId(taken, nameLike(id, step))
      taken[name] = true
      return [id, name]
    }),
  )
}

/** Of the 64 signs of an id, so that a number fits behind it. */
const LONGEST_NAME = 56

/** What a copy is called after: "mail2" copied is "mail3", not "mail22". The text may be anybody's, and an id stays for good. */
function nameLike(id: string, step: Step): string {
  const name = id.replace(/\d+$/, '').slice(0, LONGEST_NAME)
  return stepIdFault(name) === undefined ? name : STEP_NAMES[kindOf(step)]
}

/** The step with other names for the steps it leads to, and for those whose messages its conditions ask about. */
function renamed(step: Step, name: (id: string) => string): Step {
  const part = (value: unknown, key?: string): unknown => {
    if (typeof value === 'string') return key === 'target' || key === 'message' ? name(value) : value
    if (Array.isArray(value)) return value.map((each) => part(each))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([own, inner]) => [own, part(inner, own)]))
  }
  const ways = (value: unknown): unknown => {
    if (typeof value === 'string') return name(value)
    return Array.isArray(value)
      ? value.map((each) => (typeof each === 'string' ? name(each) : part(each)))
      : part(value)
  }
  const each = (of: Step['on']) =>
    of && Object.fromEntries(Object.entries(of).map(([key, way]) => [key, ways(way)]))
  return {
    ...step,
    ...(step.always === undefined ? {} : { always: ways(step.always) }),
    ...(step.on === undefined ? {} : { on: each(step.on) }),
    ...(step.after === undefined ? {} : { after: each(step.after) }),
  } as Step
}

/** The copied steps as a draft of their own. */
function draftWith(steps: Fragment['steps'], next: string): Draft {
  return { ...emptyDraft('copied', ''), states: { outside: {}, ...steps, [next]: END } }
}

/** The step that no other of the fragment leads to; the first of a circle. */
function firstOf({ steps, next }: Fragment): string {
  const draft = draftWith(steps, next)
  const ids = Object.keys(steps)
  const led = new Map(
    ids.map((id) => [id, placesInto(draft, id).some((place) => place.from === 'step' && place.step !== id)]),
  )
  return ids.find((id) => led.get(id) === false) ?? ids[0] ?? next
}
