/**
 * What a person can do to the steps of a draft and to the ways between them. Pure: a draft goes in, the changed draft
 * comes out, or the reason why not. The skeleton stands afterwards as it stood before, and a command that changes nothing
 * answers the very same draft.
 */
import {
  channelOf,
  kindOf,
  stepsOf,
  type Condition,
  type Step,
  type StepKind,
} from '../../../engine/index.ts'
import { messagesBefore } from './before.ts'
import { comesByDay, daytime } from './byDay.ts'
import { inARow, isRefusal, refused, type Command, type RefusalReason } from './command.ts'
import { END, freshId, type Draft } from './draft.ts'
import { withoutLoose, withoutLooseEnds } from './loose.ts'
import { NEW_STEP, STEP_NAMES } from './newStep.ts'
import {
  changedBranch,
  changedStep,
  placesFrom,
  placesInto,
  targetAt,
  withoutOffset,
  withTarget,
  type At,
  type Place,
  type StepPlace,
} from './places.ts'
import { isSame } from './same.ts'

// ---- Steps -----------------------------------------------------------------------------------------------------------

/** Puts a new step of a kind at a place; what followed there follows it, in its first branch where it has several. */
export function insertStep(place: Place, kind: StepKind): Command {
  return (draft) => {
    const reason = whyNotHere(draft, place, kind)
    if (reason !== null) return refused(reason)
    if (kind === 'end') return endAt(draft, place)
    const next = targetAt(draft, place) ?? ''
    const added: Record<string, Step> = {}
    const id = freshId(draft.states, STEP_NAMES[kind])
    const window =
      kind === 'sms' && !comesByDay(draft, place) ? freshId(draft.states, STEP_NAMES.wait) : undefined
    if (window !== undefined) added[window] = daytime(id)
    added[id] = END // keeps the name while the step's other ends are named
    const other = () => addEnd(draft, added)
    added[id] = NEW_STEP[kind]({ own: id, next, other, message: mailBefore(draft, place) })
    return withoutLooseEnds(inserted(withTarget(draft, place, window ?? id), place, added), draft)
  }
}

/** Why a step of a kind cannot stand at a place; null where it can. Asked of every place while a kind is dragged. */
export function whyNotHere(draft: Draft, place: Place, kind: StepKind): RefusalReason | null {
  const next = targetAt(draft, place)
  if (next === undefined) return 'gone'
  const ends = isEnd(draft, next)
  if (kind === 'end') return ends ? 'ends_already' : null
  return !ends && endsTheWay(kind) ? 'nothing_follows' : null
}

/** Whether nothing can follow a step of this kind. */
function endsTheWay(kind: StepKind): boolean {
  return kind === 'leave' || kind === 'decay'
}

/** One more end among the steps that are being added; answers its id. */
function addEnd(draft: Draft, added: Record<string, Step>): string {
  const end = freshId({ ...draft.states, ...added }, STEP_NAMES.end)
  added[end] = END
  return end
}

/** The e-mail that somebody got last who comes to a place. */
function mailBefore(draft: Draft, place: Place): string | undefined {
  if (place.from !== 'step' && place.from !== 'join') return undefined
  const itself = place.from === 'step' ? [place.step] : []
  return [...itself, ...messagesBefore(draft, place.step)].find((each) => isMail(draft, each))
}

function isMail(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  return step !== undefined && channelOf(step) === 'email'
}

/** The id that `insertStep` gives to a new step. */
export function idOfNew(draft: Draft, kind: StepKind): string {
  return freshId(draft.states, STEP_NAMES[kind])
}

/** New steps stand in the file beside the step that they follow or lead to, so that small changes make small differences. */
function inserted(draft: Draft, place: Place, added: { readonly [id: string]: Step }): Draft {
  const beside = place.from === 'step' || place.from === 'join' ? place.step : 'outside'
  const steps = Object.entries(added)
  const states = Object.fromEntries(
    Object.entries(draft.states).flatMap((entry) => {
      if (entry[0] !== beside) return [entry]
      return place.from === 'join' ? [...steps, entry] : [entry, ...steps]
    }),
  )
  return { ...draft, states }
}

/** What followed here does not any more: the way ends. */
function endAt(draft: Draft, place: Place): Draft {
  const end = freshId(draft.states, STEP_NAMES.end)
  return withoutLoose(inserted(withTarget(draft, place, end), place, { [end]: END }), draft)
}

/** The steps that a way out leads to, each once, with the first place that leads there. */
export function waysOn(draft: Draft, id: string): readonly StepPlace[] {
  const seen = new Set<string | undefined>([id])
  return placesFrom(draft, id).filter((place) => {
    const target = targetAt(draft, place)
    return !seen.has(target) && seen.add(target)
  })
}

/**
 * Takes a step out; what led to it leads on to what followed. Where several ways follow, `keep` says which of them
 * stays (the step it leads to); what only the others led to goes with them.
 */
export function removeStep(id: string, keep?: string): Command {
  return (draft) => {
    if (draft.states[id] === undefined || id === 'outside') return refused('gone')
    const targets = waysOn(draft, id).map((place) => targetAt(draft, place))
    if (targets.length > 1 && keep === undefined) return refused('which_branch')
    if (keep !== undefined && !targets.includes(keep)) return refused('gone')
    if (isEnd(draft, id) && placesInto(draft, id).length > 0) return refused('ends_already')
    return withoutLoose(bypassed(draft, id, keep ?? targets[0]), draft)
  }
}

/** The draft without a step, with everything that led to it leading on to `next`, or ending there. */
function bypassed(draft: Draft, id: string, next: string | undefined): Draft {
  const { [id]: _gone, ...others } = draft.states
  const end = freshId(others, STEP_NAMES.end)
  const target = next ?? end
  const led = placesInto(draft, id).reduce(
    (changed, place) =>
      place.from === 'step' && place.step === id ? changed : withTarget(changed, place, target),
    next === undefined ? { ...draft, states: { ...draft.states, [end]: END } } : draft,
  )
  const { [id]: _old, ...states } = led.states
  return { ...led, states }
}

/** The steps that go when this one does, besides itself and bare ends: what only its other branches led to. */
export function lostWith(draft: Draft, id: string, keep?: string): readonly string[] {
  const changed = removeStep(id, keep)(draft)
  if (isRefusal(changed)) return []
  return stepsOf(draft).flatMap(([each, step]) =>
    each === id || kindOf(step) === 'end' || changed.states[each] !== undefined ? [] : [each],
  )
}

/** Makes a step one of another kind, in its place: its label, note and first way stay. */
export function replaceStep(id: string, kind: StepKind): Command {
  return (draft) => {
    const before = draft.states[id]
    if (before === undefined || id === 'outside') return refused('gone')
    if (kindOf(before) === kind) return draft
    const next = waysOn(draft, id).map((place) => targetAt(draft, place))[0]
    if (kind === 'end' || kindOf(before) === 'end') return refused('ends_already')
    if (endsTheWay(kind) && next !== undefined && !isEnd(draft, next)) return refused('nothing_follows')
    const added: Record<string, Step> = {}
    const other = () => addEnd(draft, added)
    const message = messagesBefore(draft, id).find((each) => each !== id && isMail(draft, each))
    const made = NEW_STEP[kind]({ own: id, next: next ?? other(), other, message })
    const { label, note, offset } = before.meta ?? {}
    const meta = { kind, ...given({ label, note, offset }) }
    const states = { ...draft.states, [id]: { ...made, meta } as Step, ...added }
    return withoutLoose({ ...draft, states }, draft)
  }
}

/** Changes what a step does or says, not where it leads. */
export function changeStep(id: string, change: (step: Step) => Step): Command {
  return (draft) => (draft.states[id] === undefined ? refused('gone') : changedStep(draft, id, change))
}

/** Changes where a step leads, and what it does there; what nothing leads to any more goes with it. */
export function changeWays(id: string, change: (step: Step) => Step): Command {
  const changed = changeStep(id, change)
  return (draft) => {
    const after = changed(draft)
    return isRefusal(after) || after === draft ? after : withoutLoose(after, draft)
  }
}

/** Sets some of the params of a step's action; `undefined` takes one away. Values may be wrong: they stay visible. */
export function setParams(id: string, params: { readonly [name: string]: unknown }): Command {
  return changeStep(id, (step) => {
    if (step.entry === undefined) return step
    const changed = given({ ...step.entry.params, ...params })
    return isSame(changed, step.entry.params)
      ? step
      : { ...step, entry: { ...step.entry, params: changed } as Step['entry'] & object }
  })
}

/** Gives a step a label or a note; an empty one takes it away. */
export function describeStep(
  id: string,
  words: { readonly label?: string; readonly note?: string },
): Command {
  return changeStep(id, (step) => {
    const { kind = 'end', ...meta } = step.meta ?? {}
    const told = { ...meta, ...words }
    const changed = {
      kind,
      ...given({ ...told, label: told.label || undefined, note: told.note || undefined }),
    }
    return isSame(changed, step.meta ?? { kind: 'end' }) ? step : { ...step, meta: changed }
  })
}

// ---- Ways ------------------------------------------------------------------------------------------------------------

/** Leads a place to another step: for joining, and for ways back. What nothing leads to any more but an end stays. */
export function leadTo(place: Place, target: string): Command {
  return (draft) => {
    if (targetAt(draft, place) === undefined || draft.states[target] === undefined) return refused('gone')
    const led = withTarget(draft, place, target)
    return led === draft ? draft : withoutLooseEnds(led, draft)
  }
}

/** Says in the author's words what a way is; an empty label leaves it to us. */
export function labelWay({ step, ats }: StepPlace, label: string): Command {
  return changeStep(step, (before) =>
    ats.reduce(
      (changed, at) =>
        changedBranch(changed, at, (branch) => {
          if ((branch.meta?.label ?? '') === label) return branch
          const { meta: _meta, ...bare } = branch
          return label === '' ? bare : { ...bare, meta: { label } }
        }),
      before,
    ),
  )
}

/** Sets the condition of a branch; undefined takes it away where a branch may go without. */
export function setCondition(id: string, at: At, when: Condition | undefined): Command {
  return changeStep(id, (step) =>
    changedBranch(step, at, (branch) => {
      if (branch.guard?.type === 'holds' && branch.guard.params.when === when) return branch
      const { guard: _guard, ...bare } = branch
      return when === undefined ? bare : { ...bare, guard: { type: 'holds', params: { when } } }
    }),
  )
}

// ---- Where cards stand -----------------------------------------------------------------------------------------------

/** Keeps a card where a person put it, by how far that is from where the layout puts it. */
export function moveStep(id: string, offset: { readonly x: number; readonly y: number }): Command {
  return changeStep(id, (step) => {
    const { kind = 'end', offset: before, ...meta } = step.meta ?? {}
    const rounded = { x: Math.round(offset.x), y: Math.round(offset.y) }
    if (isSame(before ?? { x: 0, y: 0 }, rounded)) return step
    return {
      ...step,
      meta: { kind, ...meta, ...(rounded.x === 0 && rounded.y === 0 ? {} : { offset: rounded }) },
    }
  })
}

/** The same for several cards at once. */
export function moveSteps(offsets: ReadonlyMap<string, { readonly x: number; readonly y: number }>): Command {
  return inARow(...[...offsets].map(([id, offset]) => moveStep(id, offset)))
}

/** Every card goes back to where the layout puts it. */
export const tidy: Command = (draft) =>
  stepsOf(draft).reduce((changed, [id]) => changedStep(changed, id, withoutOffset), draft)

function isEnd(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  return step !== undefined && kindOf(step) === 'end'
}

/** The parts that are there. */
export function given<Parts extends object>(
  parts: Parts,
): { [Part in keyof Parts]: Exclude<Parts[Part], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Part in keyof Parts]: Exclude<Parts[Part], undefined>
  }
}
