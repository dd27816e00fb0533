/** What can be done to the frame "Who enters": its triggers, and what the journey says of itself. Pure commands. */
import { reentryOf, stepsOf, triggersOf, type ReentryPolicy, type Trigger } from '../../../engine/index.ts'
import { refused, type Command } from './command.ts'
import { given } from './commands.ts'
import { END, freshId, type Draft } from './draft.ts'
import { withoutLoose } from './loose.ts'
import { STEP_NAMES } from './newStep.ts'
import { changedTrigger, oneOrMany, placesOf, targetAt, triggerAt, type TriggerPlace } from './places.ts'
import { isSame } from './same.ts'

/** One more way in, to where the others lead; to the first step where there is none yet. */
export function addTrigger(event: string, params?: Trigger['guard']['params']): Command {
  return (draft) => {
    const first = firstStep(draft)
    const states = Object.hasOwn(draft.states, first) ? draft.states : { ...draft.states, [first]: END }
    const trigger: Trigger = {
      target: `.${first}`,
      guard: { type: 'mayEnter', ...(params === undefined ? {} : { params }) },
    }
    const before = Object.hasOwn(draft.on, event) ? draft.on[event] : undefined
    const on = before === undefined ? trigger : [...triggersOf(before), trigger]
    return { ...draft, on: { ...draft.on, [event]: on }, states }
  }
}

/** Takes a way in away. The steps stay, also where nothing leads to them any more. */
export function removeTrigger(place: TriggerPlace): Command {
  return (draft) => {
    if (triggerAt(draft, place) === undefined) return refused('gone')
    const { [place.event]: _gone, ...others } = draft.on
    return { ...draft, on: withoutTrigger(draft, place, others) }
  }
}

function withoutTrigger(draft: Draft, { event, index }: TriggerPlace, others: Draft['on']): Draft['on'] {
  const left = triggersOf(draft.on[event] ?? []).filter((_, place) => place !== index)
  const [only, ...more] = left
  if (only === undefined) return others
  return Object.fromEntries(
    Object.entries(draft.on).map(([name, on]) => [
      name,
      name === event ? (more.length === 0 ? only : left) : on,
    ]),
  )
}

/** Changes a trigger's condition, time or label. */
export function changeTrigger(place: TriggerPlace, change: (trigger: Trigger) => Trigger): Command {
  return (draft) =>
    triggerAt(draft, place) === undefined ? refused('gone') : changedTrigger(draft, place, change)
}

/** The trigger listens to another event. */
export function renameTrigger(place: TriggerPlace, event: string): Command {
  return (draft) => {
    const trigger = triggerAt(draft, place)
    if (trigger === undefined) return refused('gone')
    if (event === place.event) return draft
    const left = triggersOf(draft.on[place.event] ?? []).filter((each) => each !== trigger)
    const before = Object.hasOwn(draft.on, event) ? triggersOf(draft.on[event] ?? []) : []
    const entries = Object.entries(draft.on).flatMap(([name, on]): [string, Draft['on'][string]][] => {
      if (name === event) return []
      if (name !== place.event) return [[name, on]]
      const renamed: [string, Draft['on'][string]] = [event, oneOrMany([...before, trigger])]
      return left.length === 0 ? [renamed] : [[name, oneOrMany(left)], renamed]
    })
    return { ...draft, on: Object.fromEntries(entries) }
  }
}

/** Sets parts of what the journey says of itself: name, description, stage, re-entry, audience, goal, exits. */
export function setMeta(
  parts: { readonly [Part in keyof Draft['meta']]?: Draft['meta'][Part] | undefined },
): Command {
  return (draft) => {
    const meta = given({ ...draft.meta, ...parts }) as Draft['meta']
    return isSame(meta, draft.meta) ? draft : withoutLoose({ ...draft, meta }, draft)
  }
}

/** How often somebody may enter; what the rule says besides stays. */
export function setPolicy(policy: ReentryPolicy): Command {
  return (draft) => setMeta({ reentry: { ...reentryOf(draft), policy } })(draft)
}

/** Gives a goal or an exit a way of its own, beginning at an end; or takes it away, with what only it led to. */
export function giveEndingAWay(ending: 'goal' | number, own: boolean): Command {
  return (draft) => {
    const { goal, exits = [] } = draft.meta
    const before = ending === 'goal' ? goal : exits[ending]
    if (before === undefined) return refused('gone')
    if ((before.to !== undefined) === own) return draft
    const { to: _to, ...bare } = before
    const end = freshId(draft.states, STEP_NAMES.end)
    const after = own ? { ...bare, to: end } : bare
    const meta =
      ending === 'goal'
        ? { ...draft.meta, goal: after }
        : { ...draft.meta, exits: exits.map((each) => (each === before ? after : each)) }
    const states = own ? { ...draft.states, [end]: END } : draft.states
    return withoutLoose({ ...draft, meta, states }, draft)
  }
}

/** Where the first way in leads: to where the triggers lead, else to the step that nothing leads to, else to an end. */
function firstStep(draft: Draft): string {
  const target = targetAt(draft, { from: 'entry' })
  if (target !== undefined) return target
  const led = new Set(placesOf(draft).map((place) => targetAt(draft, place)))
  const ids = stepsOf(draft).map(([id]) => id)
  return ids.find((id) => !led.has(id)) ?? ids[0] ?? STEP_NAMES.end
}
