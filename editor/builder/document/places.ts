/** Where a draft's ways stand: what a person inserts into, leads elsewhere, or names. */
import {
  branchesOf,
  stepsOf,
  triggersOf,
  waysOf,
  type Branch,
  type Step,
  type Trigger,
  type Way,
} from '../../../engine/index.ts'
import type { Draft } from './draft.ts'

/** Where a way stands within its step: `['always']`, `['on', 'email.clicked', 0]`, `['after', 'P3D']`. */
export type At = readonly (string | number)[]

/** One trigger of the frame. */
export interface TriggerPlace {
  readonly from: 'trigger'
  readonly event: string
  readonly index: number
}
/** The way of the goal, or of the exit with this number. */
export interface EndingPlace {
  readonly from: 'ending'
  readonly ending: 'goal' | number
}
/** A way out of a step, or several that are drawn as one (sent, not sent, not known: all go on to the same step). */
export interface StepPlace {
  readonly from: 'step'
  readonly step: string
  readonly ats: readonly At[]
}
/** Everything that leads to a step from elsewhere, together. */
export interface JoinPlace {
  readonly from: 'join'
  readonly step: string
}
type WayPlace = TriggerPlace | EndingPlace | StepPlace
/** `entry` stands for all triggers together, where they lead to the same step. */
export type Place = { readonly from: 'entry' } | JoinPlace | WayPlace

/** The step a place leads to; undefined where there is no such place (any more). */
export function targetAt(draft: Draft, place: Place): string | undefined {
  switch (place.from) {
    case 'entry':
      return triggerPlaces(draft).map((each) => targetAt(draft, each))[0]
    case 'join':
      return placesBefore(draft, place.step).length > 0 ? place.step : undefined
    case 'trigger':
      return triggerAt(draft, place)?.target.slice(1)
    case 'ending':
      return endingAt(draft, place)?.to
    case 'step': {
      const step = draft.states[place.step]
      return step === undefined ? undefined : branchAt(step, place.ats[0] ?? [])?.target
    }
  }
}

/** The draft with the place leading to another step; the same draft where it leads there already or is gone. */
export function withTarget(draft: Draft, place: Place, target: string): Draft {
  if (targetAt(draft, place) === undefined) return draft
  switch (place.from) {
    case 'entry':
      return triggerPlaces(draft).reduce((changed, each) => withTarget(changed, each, target), draft)
    case 'join':
      return placesBefore(draft, place.step).reduce(
        (changed, each) => withTarget(changed, each, target),
        draft,
      )
    case 'trigger':
      return changedTrigger(draft, place, (trigger) =>
        trigger.target === `.${target}` ? trigger : { ...trigger, target: `.${target}` },
      )
    case 'ending':
      return changedEnding(draft, place, (ending) =>
        ending.to === target ? ending : { ...ending, to: target },
      )
    case 'step':
      return changedStep(draft, place.step, (step) =>
        place.ats.reduce(
          (changed, at) =>
            changedBranch(changed, at, (branch) =>
              branch.target === target ? branch : { ...branch, target },
            ),
          step,
        ),
      )
  }
}

/** All places of a draft, each way by itself, in the order of the file. */
export function placesOf(draft: Draft): readonly WayPlace[] {
  const { goal, exits = [] } = draft.meta
  return [
    ...triggerPlaces(draft),
    ...(goal?.to === undefined ? [] : [{ from: 'ending', ending: 'goal' } as const]),
    ...exits.flatMap(({ to }, ending) => (to === undefined ? [] : [{ from: 'ending', ending } as const])),
    ...stepsOf(draft).flatMap(([id]) => placesFrom(draft, id)),
  ]
}

/** The ways out of a step, each by itself. */
export function placesFrom(draft: Draft, id: string): readonly StepPlace[] {
  const step = draft.states[id]
  return step === undefined ? [] : waysOf(step).map(({ at }) => ({ from: 'step', step: id, ats: [at] }))
}

/** The places that lead to a step. */
export function placesInto(draft: Draft, id: string): readonly WayPlace[] {
  return placesOf(draft).filter((place) => targetAt(draft, place) === id)
}

/** The places that lead to a step from elsewhere. */
export function placesBefore(draft: Draft, id: string): readonly WayPlace[] {
  return placesInto(draft, id).filter((place) => place.from !== 'step' || place.step !== id)
}

function triggerPlaces(draft: Draft): readonly TriggerPlace[] {
  return Object.entries(draft.on).flatMap(([event, on]) =>
    triggersOf(on).map((_, index): TriggerPlace => ({ from: 'trigger', event, index })),
  )
}

/** Where one more trigger on an event comes to stand: behind the others. */
export function placeOfNext({ on }: Draft, event: string): TriggerPlace {
  const there = Object.hasOwn(on, event) ? on[event] : undefined
  return { from: 'trigger', event, index: there === undefined ? 0 : triggersOf(there).length }
}

export function triggerAt(draft: Draft, { event, index }: TriggerPlace): Trigger | undefined {
  const on = Object.hasOwn(draft.on, event) ? draft.on[event] : undefined
  return on === undefined ? undefined : triggersOf(on)[index]
}

function endingAt({ meta: { goal, exits = [] } }: Draft, { ending }: EndingPlace) {
  return ending === 'goal' ? goal : exits[ending]
}

/** The branch that stands at a place within its step. */
function branchAt(step: Step, [part, ...rest]: At): Branch | undefined {
  const way = wayAt(step, part, rest[0])
  const index = part === 'always' ? rest[0] : rest[1]
  return branchesOf(way)[typeof index === 'number' ? index : 0]
}

function wayAt(
  step: Step,
  part: string | number | undefined,
  key: string | number | undefined,
): Way | undefined {
  if (part === 'always') return step.always
  const ways = part === 'on' ? step.on : step.after
  return ways !== undefined && typeof key === 'string' && Object.hasOwn(ways, key) ? ways[key] : undefined
}

// ---- Changing one part, the rest kept as it is ---------------------------------------------------------------------

/** The draft with one step changed; the same draft where the step stays the same or is not there. */
export function changedStep(draft: Draft, id: string, change: (step: Step) => Step): Draft {
  const step = Object.hasOwn(draft.states, id) ? draft.states[id] : undefined
  const changed = step && change(step)
  return changed === undefined || changed === step
    ? draft
    : { ...draft, states: { ...draft.states, [id]: changed } }
}

/** The step with one branch changed; a branch that has but a target stays a bare name in the file. */
export function changedBranch(step: Step, at: At, change: (branch: Branch) => Branch): Step {
  const before = branchAt(step, at)
  const after = before && change(before)
  if (after === undefined || after === before) return step
  const [part, ...rest] = at
  if (part === 'always') return { ...step, always: withBranch(step.always, rest[0], after) }
  const [key, index] = rest
  const ways = {
    ...(part === 'on' ? step.on : step.after),
    [String(key)]: withBranch(wayAt(step, part, key), index, after),
  }
  return part === 'on' ? { ...step, on: ways } : { ...step, after: ways }
}

function withBranch(way: Way | undefined, index: string | number | undefined, branch: Branch): Way {
  if (!Array.isArray(way)) return written(branch)
  // A list of a condition's or split's branches keeps its form; elsewhere a bare name is as good.
  return (way as readonly (string | Branch)[]).map((each, place) =>
    place === index ? written(branch) : each,
  )
}

/** A branch as it stands in the file: a bare name where it has but a target. */
export function written(branch: Branch): string | Branch {
  return Object.keys(branch).length === 1 ? branch.target : branch
}

/** What stands in the file for one or several: a list only where there are several. */
export function oneOrMany<Item>(items: readonly Item[]): Item | readonly Item[] {
  const [only, ...more] = items
  return only !== undefined && more.length === 0 ? only : items
}

/** The step where the layout puts it. */
export function withoutOffset(step: Step): Step {
  if (step.meta?.offset === undefined) return step
  const { offset: _offset, ...meta } = step.meta
  return { ...step, meta }
}

/** The draft with one trigger changed. */
export function changedTrigger(
  draft: Draft,
  place: TriggerPlace,
  change: (trigger: Trigger) => Trigger,
): Draft {
  const before = triggerAt(draft, place)
  const after = before && change(before)
  if (after === undefined || after === before) return draft
  const on = draft.on[place.event]
  const changed = Array.isArray(on)
    ? (on as readonly Trigger[]).map((each, index) => (index === place.index ? after : each))
    : after
  return { ...draft, on: { ...draft.on, [place.event]: changed } }
}

type Ending = NonNullable<Draft['meta']['goal']>

/** The draft with its goal or one of its exits changed. */
function changedEnding(draft: Draft, { ending }: EndingPlace, change: (ending: Ending) => Ending): Draft {
  const { goal, exits } = draft.meta
  if (ending === 'goal') {
    const changed = goal && change(goal)
    return changed === undefined || changed === goal
      ? draft
      : { ...draft, meta: { ...draft.meta, goal: changed } }
  }
  const before = exits?.[ending]
  const after = before && change(before)
  if (exits === undefined || after === undefined || after === before) return draft
  return {
    ...draft,
    meta: { ...draft.meta, exits: exits.map((each, index) => (index === ending ? after : each)) },
  }
}
