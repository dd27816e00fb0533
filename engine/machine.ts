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
import { durationInWords, parseDelay, plus } from './calendar.ts'
import { because, explain, holds, inWords, readsOf } from './conditions.ts'
import type { Enrollment } from './contact.ts'
import {
  branchesOf,
  reentryOf,
  stepsOf,
  triggersOf,
  type Action,
  type Branch,
  type Condition,
  type Ending,
  type Journey,
  type Reentry,
  type Step,
  type Trigger,
  type Way,
} from './journey.ts'
import * as changes from './world.ts'
import type { World } from './world.ts'

/** One version of a journey, ready to be stepped. */
export interface Machine {
  readonly id: string
  readonly version: number
  readonly journey: Journey
  readonly reentry: Reentry
  /** What its exits and its goal depend on. */
  readonly endingReads: readonly string[]
  readonly endings: readonly (Ending & { readonly way: 'exit' | 'goal' })[]
  readonly config: AnyStateMachine
}

/** One transition that was taken: where it came to rest, and whether that is an end. */
export interface Taken {
  readonly world: World
  readonly step: string
  readonly done: boolean
}

/** Bounds one macrostep; what an entry may do altogether is bounded in `advance`. Without it an `always` cycle hangs (tried). */
const MAX_ITERATIONS = 1_000

/** The machine of one version. Costs about 0.2 ms: keep it. The journey must come from `parseJourney`. */
export function buildMachine(journey: Journey, version: number): Machine {
  const endings = [
    ...(journey.meta.exits ?? []).map((exit) => ({ ...exit, way: 'exit' as const })),
    ...(journey.meta.goal ? [{ ...journey.meta.goal, way: 'goal' as const }] : []),
  ]
  const reentry = reentryOf(journey)
  return {
    id: journey.id,
    version,
    journey,
    reentry,
    endings,
    endingReads: endings.flatMap(({ when }) => readsOf(when)),
    config: createMachine(configOf(journey, endings), { delays: delaysOf(journey) }),
  }
}

/** Lets a contact in by the first trigger whose condition holds; undefined where none does. Pure. */
export function enter(machine: Machine, world: World): Taken | undefined {
  return take(machine, world, 'outside', world.event.name)
}

/** Steps a live passage with the event at hand; undefined where it does not move. Never call it for a finished one. Pure. */
export function hear(
  machine: Machine,
  world: World & { readonly enrollment: Enrollment },
): Taken | undefined {
  return take(machine, world, world.enrollment.step, world.event.name)
}

/** Looks at exits, goal and waits again without an event. */
export function look(
  machine: Machine,
  world: World & { readonly enrollment: Enrollment },
): Taken | undefined {
  return take(machine, world, world.enrollment.step, 'xstate.look')
}

/** Fires one delay of the step the passage is in. The event's name is the one XState gives its own timers. */
export function elapse(
  machine: Machine,
  world: World & { readonly enrollment: Enrollment },
  delay: string,
): Taken | undefined {
  const { step } = world.enrollment
  return take(machine, world, step, `xstate.after.${delay}.${machine.id}.${step}`)
}

function take(machine: Machine, world: World, step: string, type: string): Taken | undefined {
  const before = machine.config.resolveState({ value: step, context: world })
  const [after] = transition(machine.config, before, { type }) as [AnyMachineSnapshot, unknown]
  const next = after.context as World
  // Re-entering the same step counts as moving: what tells is that a step was entered.
  return next.entered === world.entered
    ? undefined
    : { world: next, step: String(after.value), done: after.status === 'done' }
}

/** When the delays of a step are due, earliest first. Inactivity counts from the later of entry and last activity. */
export function dues(
  machine: Machine,
  enrollment: Enrollment,
  lastActivityAt: number | null,
  zone: string,
): readonly { readonly delay: string; readonly due: number }[] {
  return Object.keys(machine.journey.states[enrollment.step]?.after ?? {})
    .flatMap((delay) => {
      const parsed = parseDelay(delay)
      const from =
        parsed?.type === 'inactive'
          ? Math.max(lastActivityAt ?? 0, enrollment.stepEnteredAt)
          : enrollment.stepEnteredAt
      return parsed ? [{ delay, due: plus(from, parsed.duration, zone) }] : []
    })
    .toSorted((a, b) => a.due - b.due)
}

// ---- The config --------------------------------------------------------------------------------------------------

type Config = MachineConfig<World, { type: string }, never, never, never, never, string>
type Transition = {
  readonly target: string
  readonly guard?: (args: { context: World }) => boolean
  readonly actions?: unknown[]
  readonly reenter?: true
}

function configOf(journey: Journey, endings: Machine['endings']): Config {
  const states = Object.fromEntries(
    stepsOf(journey).map(([id, step]) => [id, stateOf(id, step, endings.map(endingTransition))]),
  )
  const on = Object.fromEntries(
    Object.entries(journey.on).map(([event, triggers]) => [
      event,
      triggersOf(triggers).map((trigger) => triggerTransition(journey, trigger)),
    ]),
  )
  return {
    id: journey.id,
    initial: 'outside',
    on,
    states: { outside: {}, ...states, reached: final('reached'), exited: final('exited') },
    options: { maxIterations: MAX_ITERATIONS },
  } as unknown as Config
}

function final(step: string) {
  return { type: 'final', entry: change((world) => changes.stepEntered(world, step)) }
}

function stateOf(id: string, step: Step, endings: readonly Transition[]) {
  const entry = change((world) => {
    const inside = changes.stepEntered(world, id)
    return step.entry ? acted(inside, step.entry) : inside
  })
  if (step.type === 'final') return { type: 'final', entry }
  const guarded = (ways: readonly Transition[]) => [...endings, ...ways]
  const ways = (way: Way | undefined, lead: string | null) =>
    guarded(branchesOf(way).map((branch) => branchTransition(branch, branchesOf(way), lead)))
  return {
    entry,
    always: ways(step.always, null),
    on: mapValues(step.on, (way) => ways(way, 'It happened')),
    after: mapValues(step.after, (way, delay) => ways(way, delayInWords(delay))),
  }
}

/** XState schedules nothing: due times are ours (`dues`), and `elapse` sends the event. But a name it does not know is no delay at all (tried). */
function delaysOf(journey: Journey): { readonly [delay: string]: number } {
  return Object.fromEntries(
    stepsOf(journey).flatMap(([, step]) => Object.keys(step.after ?? {}).map((delay) => [delay, 1])),
  )
}

function delayInWords(delay: string): string {
  const parsed = parseDelay(delay)
  return parsed
    ? `${parsed.type === 'inactive' ? 'Inactive for ' : 'After '}${durationInWords(parsed.duration)}`
    : delay
}

function mapValues<From, To>(
  record: { readonly [key: string]: From } | undefined,
  map: (value: From, key: string) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, map(value, key)]))
}

/** A change of the world as XState's `assign`, which runs inside the pure transition. */
function change(next: (world: World) => World) {
  return assign(({ context }: { context: World }) => next(context))
}

/** In front of every way: while it is on no special way, an exit or the goal that holds takes the passage out. */
function endingTransition({ when, to, way }: Machine['endings'][number]): Transition {
  return {
    target: to ?? (way === 'exit' ? 'exited' : 'reached'),
    guard: ({ context }) => context.enrollment?.way === null && holds(when, context),
    actions: [
      change((world) => {
        const why = `${way === 'goal' ? 'Reached the goal' : 'Leaves early'}: ${because(explain(when, world))}`
        return changes.told(
          world.enrollment ? { ...world, enrollment: { ...world.enrollment, way } } : world,
          'went',
          why,
        )
      }),
    ],
  }
}

function branchTransition(branch: Branch, siblings: readonly Branch[], lead: string | null): Transition {
  const when = branch.guard?.params.when
  const tells = lead !== null || siblings.length > 1 || when !== undefined
  const tell = change((world) => changes.told(world, 'went', choice(branch, siblings, lead, world)))
  return {
    target: branch.target,
    ...(when && { guard: ({ context }: { context: World }) => holds(when, context) }),
    ...(branch.reenter && { reenter: true as const }),
    actions: [
      ...(tells ? [tell] : []),
      ...(branch.actions ?? []).map((action) => change((world) => acted(world, action))),
    ],
  }
}

/** Why a passage went this way: "Ready for sales, because Score is 85, over 80"; "Everyone else, because Score is 40, not over 80". */
function choice(branch: Branch, siblings: readonly Branch[], lead: string | null, world: World): string {
  const when = branch.guard?.params.when
  const refused = siblings.flatMap(({ guard }) => (guard ? [guard.params.when] : []))
  const name =
    branch.meta?.label ?? (when ? inWords(when) : siblings.length > 1 ? 'Everyone else' : (lead ?? 'Goes on'))
  const reasons = when
    ? [because(explain(when, world))]
    : refused.map((condition) => because(explain(condition, world)))
  return reasons.length > 0 ? `${name}, because ${[...new Set(reasons)].join(' and ')}` : name
}

function acted(world: World, { type, params }: Action): World {
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
      return changes.sent(world)
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

function triggerTransition(journey: Journey, trigger: Trigger): Transition {
  return {
    target: trigger.target,
    guard: ({ context }) => context.enrollment?.step === 'outside' && mayEnter(journey, trigger, context),
    actions: [change((world) => changes.told(world, 'entered', entry(trigger, world)))],
  }
}

function entry({ guard, meta }: Trigger, world: World): string {
  const when = guard.params?.when
  return `Entered${meta ? ` (${meta.label})` : ''}${when ? `, because ${because(explain(when, world))}` : ''}`
}

function mayEnter(journey: Journey, trigger: Trigger, world: World): boolean {
  const when = trigger.guard.params?.when
  return (when === undefined || holds(when, world)) && whyNotInside(journey, world) === undefined
}

/** Why no trigger's own condition lets in on the event at hand; undefined where one does. */
export function whyNotTriggered(machine: Machine, world: World): string | undefined {
  const conditions = triggersOf(machine.journey.on[world.event.name] ?? []).map(
    ({ guard }) => guard.params?.when,
  )
  const reasons = conditions.map((when) => (when ? explain(when, world) : undefined))
  return reasons.some((reason) => reason?.holds ?? true)
    ? undefined
    : reasons.flatMap((reason) => (reason ? [because(reason)] : [])).join('; ')
}

/** Audience, exits and goal: who would leave at once does not enter. Re-entry rules are the cascade's to check. */
export function whyNotInside({ meta }: Journey, world: World): string | undefined {
  const refuses = (condition: Condition, reason: string) =>
    holds(condition, world) ? `${reason}: ${because(explain(condition, world))}` : undefined
  if (meta.audience && !holds(meta.audience, world))
    return `is not meant for this contact: ${because(explain(meta.audience, world))}`
  const exit = (meta.exits ?? [])
    .map(({ when }) => refuses(when, 'would leave at once'))
    .find((reason) => reason !== undefined)
  return exit ?? (meta.goal && refuses(meta.goal.when, 'has already reached the goal'))
}
