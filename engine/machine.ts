/**
 * Journey -> XState machine: the only place that builds one. Conditions and scoring are bound to the names in the file,
 * and the exits and the goal stand in front of every way of every step: guarding only the branches would still send,
 * because a step's entry runs before its own ways are looked at (tried).
 */
import {
  assign,
  createMachine,
  transition,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type MachineConfig,
} from 'xstate'
import { durationInWords } from './calendar.ts'
import { explain, holds, readsOf } from './conditions.ts'
import { because, becauseAll, inWords } from './conditionWords.ts'
import { delayInWords, delayReads, dueOf, parseDelay, type Delay } from './delays.ts'
import type { Action } from './dialect/actions.ts'
import type { Condition } from './dialect/conditions.ts'
import type { Branch, Share, Step, Way } from './dialect/steps.ts'
import type { Ending, Journey, Reentry, Trigger } from './journey.ts'
import { capitalized } from './names.ts'
import { branchesOf, reentryOf, rests, stepsOf, triggersOf, whenOf } from './reading.ts'
import { draw, isInShare, shareInWords } from './split.ts'
import type { Inside, World } from './world.ts'
import * as changes from './world.ts'

/** One version of a journey, ready to be stepped. */
export interface Machine {
  readonly id: string
  readonly version: number
  readonly journey: Journey
  readonly reentry: Reentry
  /** What its exits and its goal depend on. */
  readonly endingReads: readonly string[]
  readonly endings: readonly (Ending & { readonly way: 'exit' | 'goal' })[]
  /** Where a passage can be found between entries, and `outside`. */
  readonly places: ReadonlyMap<string, Place>
  readonly config: AnyStateMachine
}

/** A step in which a passage can stay, with all that is asked of it before XState is woken. */
export interface Place {
  readonly hears: ReadonlySet<string>
  /** What its waiting conditions depend on. */
  readonly reads: readonly string[]
  readonly delays: readonly { readonly event: string; readonly delay: Delay; readonly inWords: string }[]
  /** What its delays depend on besides the time it was entered. */
  readonly delayReads: readonly string[]
  /** XState's snapshot of being there; with the world as its context it is where a step starts from. */
  readonly snapshot: AnyMachineSnapshot
}

/** One transition that was taken: where it came to rest, and whether that is an end. */
export interface Taken {
  readonly world: Inside
  readonly step: string
  readonly done: boolean
}

/** How many steps one entry may enter (design section 4). A chain stops there, and `advance` calls it failed. */
export const MOST_STEPS = 1_000

/** The machine of one version. Costs about 0.3 ms: keep it. The journey must come from `parseJourney`. */
export function buildMachine(journey: Journey, version: number): Machine {
  const { exits = [], goal } = journey.meta
  const endings = [
    ...exits.map((exit) => ({ ...exit, way: 'exit' as const })),
    ...(goal ? [{ ...goal, way: 'goal' as const }] : []),
  ]
  const config = createMachine(configOf(journey, endings), { delays: delaysOf(journey) })
  const resting = stepsOf(journey).filter(([, step]) => rests(step))
  const places = [['outside', {}] as const, ...resting].map(
    ([id, step]) => [id, placeOf(config, journey.id, id, step)] as const,
  )
  return {
    id: journey.id,
    version,
    journey,
    reentry: reentryOf(journey),
    endings,
    endingReads: endings.flatMap(({ when }) => readsOf(when)),
    places: new Map(places),
    config,
  }
}

function placeOf(
  config: AnyStateMachine,
  journey: string,
  id: string,
  { on, always, after = {} }: Step,
): Place {
  const delays = Object.keys(after).map((name) => ({ name, delay: delayOf(name) }))
  return {
    hears: new Set(Object.keys(on ?? {})),
    // Where people can stay, every way that is taken at once has a condition: else nobody would.
    reads: branchesOf(always).flatMap((branch) => readsOf(whenOf(branch) as Condition)),
    // The event's name is the one XState gives its own timers.
    delays: delays.map(({ name, delay }) => ({
      event: `xstate.after.${name}.${journey}.${id}`,
      delay,
      inWords: delayInWords(delay),
    })),
    delayReads: delays.flatMap(({ delay }) => delayReads(delay)),
    snapshot: config.resolveState({ value: id, context: {} }),
  }
}

function delayOf(name: string): Delay {
  return parseDelay(name) as Delay
}

/** What XState carries: one field, since every `assign` copies them all. */
interface Context {
  readonly world: Inside
}

// ---- Stepping ----------------------------------------------------------------------------------------------------

/**
 * Steps a passage with the event at hand: a fresh one by the trigger that was found to let in (`admission`). Undefined
 * where it does not move. Never call it for a finished one. Pure.
 */
export function hear(machine: Machine, world: Inside): Taken | undefined {
  return take(machine, world, world.event.name)
}

/** Looks at exits, goal and waits again without an event. */
export function look(machine: Machine, world: Inside): Taken | undefined {
  return take(machine, world, 'xstate.look')
}

/** Fires one delay of the step the passage is in. */
export function elapse(machine: Machine, world: Inside, { event }: Due): Taken | undefined {
  return take(machine, world, event)
}

function take(machine: Machine, world: Inside, type: string): Taken | undefined {
  const { snapshot } = machine.places.get(world.enrollment.step) as Place
  const [after] = transition(machine.config, { ...snapshot, context: { world } } as AnyMachineSnapshot, {
    type,
  })
  const next = (after.context as Context).world
  // Re-entering the same step counts as moving: what tells is that a step was entered.
  if (next.entered === world.entered) return undefined
  return { world: next, step: String(after.value), done: after.status === 'done' }
}

/** A delay of the step a passage is in, and when it is over. */
export interface Due {
  readonly event: string
  readonly due: number
  /** What is over by then: "30 days without activity". */
  readonly inWords: string
  /** Why it is over at once, where that needs a word: "Renewal date is empty". */
  readonly note?: string
}

/** What the step a passage is in waits for first; undefined where it waits for no time. */
export function firstDue(machine: Machine, { contact, zone, enrollment }: Inside): Due | undefined {
  const { step, stepEnteredAt } = enrollment
  // A chain that was stopped rests nowhere; nothing of it is kept.
  const delays = machine.places.get(step)?.delays ?? []
  const dues = delays.map(({ event, delay, inWords }) => ({
    event,
    inWords,
    ...dueOf(delay, stepEnteredAt, contact, zone),
  }))
  return dues.toSorted((a, b) => a.due - b.due)[0]
}

// ---- The config --------------------------------------------------------------------------------------------------

type Config = MachineConfig<Context, { type: string }, never, never, never, never>
interface Transition {
  readonly target: string
  readonly guard: (args: { readonly context: Context }) => boolean
  readonly actions?: readonly unknown[]
  readonly reenter?: true
}

function configOf(journey: Journey, endings: Machine['endings']): Config {
  const inFront = endings.map(endingTransition)
  const states = stepsOf(journey).map(([id, step]) => [id, stateOf(journey, id, step, inFront)] as const)
  return {
    id: journey.id,
    initial: 'outside',
    on: mapValues(journey.on, (triggers) => triggersOf(triggers).map(triggerTransition)),
    states: {
      outside: {},
      ...Object.fromEntries(states),
      reached: final('reached'),
      exited: final('exited'),
    },
    // Without it an `always` cycle hangs (tried). The engine's own limit comes first and does not throw.
    options: { maxIterations: 2 * MOST_STEPS },
  } as unknown as Config
}

function final(step: string) {
  return { type: 'final', entry: change((world) => changes.stepEntered(world, step)) }
}

/** What was heard, where that is the result of the step itself. */
const HEARD: { readonly [event: string]: string | undefined } = {
  'step.done': 'It worked',
  'step.failed': 'It did not work',
}

function stateOf(journey: Journey, id: string, step: Step, endings: readonly Transition[]) {
  const entry = change((world) => {
    const inside = changes.stepEntered(world, id)
    return step.entry ? acted(inside, step.entry) : inside
  })
  if (step.type === 'final') return { type: 'final', entry }
  const ways = (way: Way | undefined, lead: string | null) => {
    const branches = branchesOf(way)
    return [
      ...endings,
      ...branches.map((branch, place) =>
        branch.guard?.type === 'share'
          ? shareTransition(journey, id, branch, branch.guard.params, place)
          : branchTransition(id, branch, branches, lead),
      ),
    ]
  }
  return {
    entry,
    always: ways(step.always, null),
    on: mapValues(step.on, (way, event) => ways(way, HEARD[event] ?? 'It happened')),
    after: mapValues(step.after, (way, name) => ways(way, leadOf(delayOf(name)))),
  }
}

/** XState schedules nothing: due times are ours (`firstDue`), and `elapse` sends the event. But a name it does not know is no delay at all (tried). */
function delaysOf(journey: Journey): { readonly [delay: string]: number } {
  const names = stepsOf(journey).flatMap(([, step]) => Object.keys(step.after ?? {}))
  return Object.fromEntries(names.map((delay) => [delay, 1]))
}

function leadOf(delay: Delay): string {
  return delay.type === 'inactive'
    ? `Inactive for ${durationInWords(delay.duration)}`
    : capitalized(delayInWords(delay))
}

function mapValues<From, To>(
  record: { readonly [key: string]: From } | undefined,
  map: (value: From, key: string) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, map(value, key)]))
}

/** A change of the world as XState's `assign`, which runs inside the pure transition. None takes the passage away. */
function change(next: (world: Inside) => World) {
  return assign(({ context }: { context: Context }) => ({ world: next(context.world) as Inside }))
}

/** In front of every way: while it is on no special way, an exit or the goal that holds takes the passage out. */
function endingTransition({ when, to, way }: Machine['endings'][number]): Transition {
  const name = way === 'goal' ? 'Reached the goal' : 'Leaves early'
  return {
    target: to ?? (way === 'exit' ? 'exited' : 'reached'),
    reenter: true,
    guard: ({ context: { world } }) => world.enrollment.way === null && holds(when, world),
    actions: [
      change((world) =>
        changes.told(
          { ...world, enrollment: { ...world.enrollment, way } },
          'went',
          `${name}: ${because(explain(when, world))}`,
        ),
      ),
    ],
  }
}

/** One way of a split: for whom the draw falls into its share. */
function shareTransition(
  journey: Journey,
  id: string,
  branch: Branch,
  share: Share,
  place: number,
): Transition {
  const name = shareInWords(journey, branch, share, place)
  const drawn = ({ contact }: World) => draw(contact.id, journey.id, id)
  return {
    target: branch.target,
    guard: ({ context: { world } }) => world.entered <= MOST_STEPS && isInShare(drawn(world), share),
    actions: [change((world) => changes.told(world, 'went', `${name}: drawn ${drawn(world)} of 100`))],
  }
}

function branchTransition(
  from: string,
  branch: Branch,
  siblings: readonly Branch[],
  lead: string | null,
): Transition {
  const when = whenOf(branch)
  const tells = lead !== null || siblings.length > 1 || when !== undefined
  const reason = reasonOf(branch, siblings, lead)
  const acts = (branch.actions ?? []).map((action) => change((world) => acted(world, action)))
  return {
    target: branch.target,
    guard: ({ context: { world } }) =>
      world.entered <= MOST_STEPS && (when === undefined || holds(when, world)),
    // A way back to the step it comes from starts that step over, its waits too.
    ...(branch.target === from && { reenter: true }),
    actions: tells ? [change((world) => changes.told(world, 'went', reason(world))), ...acts] : acts,
  }
}

/** Why a passage went this way: "Ready for sales, because Score is 85, over 80"; "Everyone else, because Score is 40, not over 80". */
function reasonOf(
  branch: Branch,
  siblings: readonly Branch[],
  lead: string | null,
): (world: World) => string {
  const own = whenOf(branch)
  const asked = own ? [own] : siblings.flatMap((sibling) => whenOf(sibling) ?? [])
  const otherwise = siblings.length > 1 ? 'Everyone else' : lead
  const name = branch.meta?.label ?? (own ? inWords(own) : otherwise)
  return (world) => {
    const reasons = becauseAll(asked.map((condition) => explain(condition, world)))
    return reasons ? `${name}, because ${reasons}` : `${name}`
  }
}

function acted(world: Inside, { type, params }: Action): World {
  switch (type) {
    case 'updateAttribute':
      return changes.updated(world, params)
    case 'addToList':
      return changes.joined(world, params.list)
    case 'removeFromList':
      return changes.left(world, params.list)
    case 'moveToList':
      return changes.moved(world, params.list, params.from ?? [])
    case 'sendEmail':
    case 'sendSms':
    case 'callWebhook':
    case 'notify':
      return changes.sent(world, type)
    case 'setStage':
      return changes.staged(world, params.stage)
    case 'startJourney':
      return changes.raised(world, {
        name: 'journey.requested',
        properties: { ...params.properties, journey: params.journey },
        touches: [],
      })
  }
}

// ---- Entering ----------------------------------------------------------------------------------------------------

/** `mayEnter`: the guard of the trigger that was admitted. Everything it asks, `admission` and the re-entry rule have answered. */
function triggerTransition(trigger: Trigger): Transition {
  const name = trigger.meta ? `Entered (${trigger.meta.label})` : 'Entered'
  return {
    target: trigger.target,
    guard: ({ context }) => context.world.admitted?.trigger === trigger,
    actions: [
      change((world) => {
        const why = world.admitted?.why
        return changes.told(world, 'entered', why ? `${name}, because ${because(why)}` : name)
      }),
    ],
  }
}

/** The first trigger whose own condition lets in on the event at hand, with its answer; or why none does. The journey listens to it. */
export function admission(machine: Machine, world: Inside): NonNullable<World['admitted']> | string {
  const { name, properties } = world.event
  const refused: string[] = []
  for (const trigger of triggersOf(machine.journey.on[name] as Journey['on'][string])) {
    const { when, at } = trigger.guard.params ?? {}
    if (at !== undefined && at !== properties['at']) continue
    const why = when && explain(when, world)
    if (!why || why.holds) return { trigger, why }
    refused.push(because(why))
  }
  return refused.length > 0 ? refused.join('; ') : 'this time lets in nobody any more'
}

/** Audience, exits and goal: who would leave at once does not enter. Re-entry rules are the cascade's to check. */
export function whyNotInside({ journey, endings }: Machine, world: World): string | undefined {
  const { audience } = journey.meta
  if (audience && !holds(audience, world))
    return `is not meant for this contact: ${because(explain(audience, world))}`
  const ending = endings.find(({ when }) => holds(when, world))
  if (!ending) return undefined
  const why = because(explain(ending.when, world))
  return ending.way === 'exit' ? `would leave at once: ${why}` : `has already reached the goal: ${why}`
}
