/**
 * Everything a person can do to a draft. Pure: a draft goes in, the changed draft comes out, or the reason why not. The
 * skeleton stands afterwards as it stood before, and a command that changes nothing answers the very same draft.
 */
import {
  branchesOf,
  channelOf,
  kindOf,
  parseDelay,
  stepsOf,
  triggersOf,
  type Branch,
  type Condition,
  type Step,
  type StepKind,
  type Trigger,
} from '../../../engine/index.ts'
import { END, freshId, type Draft } from './draft.ts'
import { withoutLoose, withoutLooseEnds } from './loose.ts'
import { NEW_STEP, NOTHING_CHOSEN, STEP_NAMES } from './newStep.ts'
import {
  changedBranch,
  changedStep,
  changedTrigger,
  placesFrom,
  placesInto,
  placesOf,
  targetAt,
  triggerAt,
  withTarget,
  type At,
  type Place,
  type StepPlace,
  type TriggerPlace,
} from './places.ts'

/** Why a command does nothing; `words.refusals` has the sentences. */
export const REFUSALS = [
  /** What the command is about is not there (any more). */
  'gone',
  /** Steps follow here, and nothing can follow a step of this kind. */
  'nothing_follows',
  /** It ends here already. */
  'ends_already',
  /** Several ways lead on: a person has to say which of them stays. */
  'which_branch',
  /** Fewer than two ways would be left. */
  'two_branches',
  /** The last way of a condition is "Everyone else" and stays the last. */
  'last_branch',
  /** More ways than anybody could read. */
  'too_many_branches',
  /** A step that waits has to wait for something. */
  'last_awaited',
  /** The first step cannot lead to itself at once. */
  'leads_to_itself',
  /** What was pasted holds no steps of a journey. */
  'no_steps',
] as const
export type RefusalReason = (typeof REFUSALS)[number]

export interface Refusal {
  readonly refused: RefusalReason
}

export type Changed = Draft | Refusal
/** Something to do to the draft as it is at that moment. */
export type Command = (draft: Draft) => Changed

export function isRefusal(changed: Changed): changed is Refusal {
  return 'refused' in changed
}

function refused(reason: RefusalReason): Refusal {
  return { refused: reason }
}

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
    const other = () => {
      const end = freshId({ ...draft.states, ...added }, STEP_NAMES.end)
      added[end] = END
      return end
    }
    added[id] = NEW_STEP[kind]({ own: id, next, other, message: messageBefore(draft, place) })
    const states = inserted(draft, place, added)
    return withoutLooseEnds(withTarget({ ...draft, states }, place, window ?? id), draft)
  }
}

/** Why a step of a kind cannot stand at a place; null where it can. Asked of every place while a kind is dragged. */
export function whyNotHere(draft: Draft, place: Place, kind: StepKind): RefusalReason | null {
  const next = targetAt(draft, place)
  if (next === undefined) return 'gone'
  const ends = isEnd(draft, next)
  if (kind === 'end') return ends ? 'ends_already' : null
  return !ends && (kind === 'leave' || kind === 'decay') ? 'nothing_follows' : null
}

/** When a phone may ring: an SMS waits for it, unless somebody takes the wait out. */
const DAYTIME = 'between 09:00-20:00'

function daytime(next: string): Step {
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

function comesByDay(draft: Draft, place: Place, seen: ReadonlySet<string> = new Set()): boolean {
  const before = place.from === 'step' ? draft.states[place.step] : undefined
  if (place.from !== 'step' || before === undefined || seen.has(place.step)) return false
  const waits = [...Object.keys(before.after ?? {}), ...Object.keys(before.on ?? {})]
  if (waits.length > 0 || kindOf(before) === 'waitFor')
    return kindOf(before) === 'wait' && waits.every((delay) => parseDelay(delay)?.type === 'between')
  const places = placesInto(draft, place.step)
  return places.length > 0 && places.every((each) => comesByDay(draft, each, new Set([...seen, place.step])))
}

/** The id that `insertStep` gives to a new step. */
export function idOfNew(draft: Draft, kind: StepKind): string {
  return freshId(draft.states, STEP_NAMES[kind])
}

/** New steps stand in the file behind the step they follow, so that small changes make small differences. */
function inserted(draft: Draft, place: Place, added: { readonly [id: string]: Step }): Draft['states'] {
  const before = place.from === 'step' ? place.step : 'outside'
  return Object.fromEntries(
    Object.entries(draft.states).flatMap((entry) =>
      entry[0] === before ? [entry, ...Object.entries(added)] : [entry],
    ),
  )
}

/** What followed here does not any more: the way ends. */
function endAt(draft: Draft, place: Place): Draft {
  const end = freshId(draft.states, STEP_NAMES.end)
  const states = inserted(draft, place, { [end]: END })
  return withoutLoose(withTarget({ ...draft, states }, place, end), draft)
}

/** The nearest step before a place that sends an e-mail, other than `besides`. */
function messageBefore(draft: Draft, place: Place, besides?: string): string | undefined {
  if (place.from !== 'step') return undefined
  const seen = new Set([besides])
  const open = [place.step]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    if (seen.has(id)) continue
    seen.add(id)
    const step = draft.states[id]
    if (step !== undefined && channelOf(step) === 'email') return id
    open.push(...placesInto(draft, id).flatMap((before) => (before.from === 'step' ? [before.step] : [])))
  }
  return undefined
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
    if ((kind === 'leave' || kind === 'decay') && next !== undefined && !isEnd(draft, next))
      return refused('nothing_follows')
    const added: Record<string, Step> = {}
    const other = () => {
      const end = freshId({ ...draft.states, ...added }, STEP_NAMES.end)
      added[end] = END
      return end
    }
    const message = placesInto(draft, id)
      .map((place) => messageBefore(draft, place, id))
      .find((before) => before !== undefined)
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

/** Sets some of the params of a step's action; `undefined` takes one away. Values may be wrong: they stay visible. */
export function setParams(id: string, params: { readonly [name: string]: unknown }): Command {
  return changeStep(id, (step) => {
    if (step.entry === undefined) return step
    const changed = given({ ...step.entry.params, ...params })
    return same(changed, step.entry.params)
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
    return same(changed, step.meta ?? { kind: 'end' }) ? step : { ...step, meta: changed }
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

/** As many branches as `dialect/steps.ts` allows. */
export const MOST_BRANCHES = 100

/** One more branch: in front of "Everyone else" with nothing chosen yet, or one more share as large as the others. */
export function addBranch(id: string): Command {
  return (draft) => {
    const step = draft.states[id]
    const kind = step && kindOf(step)
    if (step === undefined || (kind !== 'condition' && kind !== 'split')) return refused('gone')
    const branches = branchesOf(step.always)
    if (branches.length >= MOST_BRANCHES) return refused('too_many_branches')
    const end = freshId(draft.states, STEP_NAMES.end)
    const always =
      kind === 'split'
        ? shared([...branches, { target: end }], evenly(branches.length + 1))
        : [
            ...branches.slice(0, -1),
            { target: end, guard: { type: 'holds', params: { when: NOTHING_CHOSEN } } } as const,
            ...branches.slice(-1),
          ]
    return { ...draft, states: { ...draft.states, [id]: { ...step, always }, [end]: END } }
  }
}

/** Takes a branch out, with all that only it led to. Two stay at least, and "Everyone else" stays. */
export function removeBranch(id: string, index: number): Command {
  return (draft) => {
    const step = draft.states[id]
    const branches = branchesOf(step?.always)
    const gone = branches[index]
    if (step === undefined || gone === undefined) return refused('gone')
    if (branches.length <= 2) return refused('two_branches')
    const isSplit = kindOf(step) === 'split'
    if (!isSplit && index === branches.length - 1) return refused('last_branch')
    const left = branches.filter((branch) => branch !== gone)
    const percents = percentsOf(branches)
    const given = percents[index] ?? 0
    // The share goes to the neighbour, so that no other changes.
    const always = isSplit
      ? shared(
          left,
          percents
            .filter((_, place) => place !== index)
            .map((percent, place) => percent + (place === Math.max(0, index - 1) ? given : 0)),
        )
      : left
    return withoutLoose({ ...draft, states: { ...draft.states, [id]: { ...step, always } } }, draft)
  }
}

/** Two branches change what follows them; their conditions stay where they are. */
export function swapBranches(id: string, one: number, other: number): Command {
  return changeStep(id, (step) => {
    const [first, second] = [branchAtIndex(step, one), branchAtIndex(step, other)]
    if (first === undefined || second === undefined || first.target === second.target) return step
    const swapped = changedBranch(step, ['always', one], (branch) => ({ ...branch, target: second.target }))
    return changedBranch(swapped, ['always', other], (branch) => ({ ...branch, target: first.target }))
  })
}

/** A branch goes before or behind its neighbours, condition and all: the first that holds is taken. */
export function moveBranch(id: string, from: number, to: number): Command {
  return (draft) => {
    const step = draft.states[id]
    const branches = [...branchesOf(step?.always)]
    const last = step && kindOf(step) === 'split' ? branches.length : branches.length - 1
    if (step === undefined || from >= branches.length || to < 0) return refused('gone')
    if (from >= last || to >= last) return refused('last_branch')
    if (from === to) return draft
    const percents = percentsOf(branches)
    branches.splice(to, 0, ...branches.splice(from, 1))
    percents.splice(to, 0, ...percents.splice(from, 1))
    const always = kindOf(step) === 'split' ? shared(branches, percents) : branches
    return { ...draft, states: { ...draft.states, [id]: { ...step, always } } }
  }
}

/** Sets how many of a hundred go each way. They are kept as given, also where they do not add up to 100. */
export function setShares(id: string, percents: readonly number[]): Command {
  return changeStep(id, (step) => {
    const branches = branchesOf(step.always)
    if (branches.length !== percents.length || same(percentsOf(branches), percents)) return step
    return { ...step, always: shared(branches, percents) }
  })
}

/** How many of a hundred go each way of a split. */
export function percentsOf(branches: readonly Branch[]): number[] {
  return branches.map(({ guard }) =>
    guard?.type === 'share' ? Math.round((guard.params.to - guard.params.from) * 100) / 100 : 0,
  )
}

/** Shares of a hundred, as equal as whole numbers are. */
export function evenly(count: number): readonly number[] {
  const each = Math.floor(100 / count)
  return Array.from({ length: count }, (_, index) => (index === 0 ? 100 - each * (count - 1) : each))
}

function shared(branches: readonly Branch[], percents: readonly number[]): readonly Branch[] {
  let from = 0
  return branches.map((branch, index) => {
    const to = Math.round((from + (percents[index] ?? 0)) * 100) / 100
    const guard = { type: 'share', params: { from, to } } as const
    from = to
    return { target: branch.target, guard, ...(branch.meta ? { meta: branch.meta } : {}) }
  })
}

function branchAtIndex(step: Step, index: number): Branch | undefined {
  return branchesOf(step.always)[index]
}

// ---- The frame -------------------------------------------------------------------------------------------------------

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

function oneOrMany(triggers: readonly Trigger[]): Trigger | readonly Trigger[] {
  const [only, ...more] = triggers
  return only !== undefined && more.length === 0 ? only : triggers
}

/** Sets parts of what the journey says of itself: name, description, stage, re-entry, audience, goal, exits. */
export function setMeta(
  parts: { readonly [Part in keyof Draft['meta']]?: Draft['meta'][Part] | undefined },
): Command {
  return (draft) => {
    const meta = given({ ...draft.meta, ...parts }) as Draft['meta']
    return same(meta, draft.meta) ? draft : withoutLoose({ ...draft, meta }, draft)
  }
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

// ---- Where cards stand -----------------------------------------------------------------------------------------------

/** Keeps a card where a person put it, by how far that is from where the layout puts it. */
export function moveStep(id: string, offset: { readonly x: number; readonly y: number }): Command {
  return changeStep(id, (step) => {
    const { kind = 'end', offset: before, ...meta } = step.meta ?? {}
    const rounded = { x: Math.round(offset.x), y: Math.round(offset.y) }
    if (same(before ?? { x: 0, y: 0 }, rounded)) return step
    return {
      ...step,
      meta: { kind, ...meta, ...(rounded.x === 0 && rounded.y === 0 ? {} : { offset: rounded }) },
    }
  })
}

/** The same for several cards at once. */
export function moveSteps(offsets: ReadonlyMap<string, { readonly x: number; readonly y: number }>): Command {
  return (draft) =>
    [...offsets].reduce<Changed>(
      (changed, [id, offset]) => (isRefusal(changed) ? changed : moveStep(id, offset)(changed)),
      draft,
    )
}

/** Every card goes back to where the layout puts it. */
export const tidy: Command = (draft) =>
  stepsOf(draft).reduce(
    (changed, [id]) =>
      changedStep(changed, id, (step) => {
        if (step.meta?.offset === undefined) return step
        const { offset: _offset, ...meta } = step.meta
        return { ...step, meta }
      }),
    draft,
  )

function isEnd(draft: Draft, id: string): boolean {
  const step = draft.states[id]
  return step !== undefined && kindOf(step) === 'end'
}

/** The parts that are there. */
function given<Parts extends object>(
  parts: Parts,
): { [Part in keyof Parts]: Exclude<Parts[Part], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Part in keyof Parts]: Exclude<Parts[Part], undefined>
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
