/** Reading a parsed journey: its steps, ways, conditions, and what follows from them. */
import { CHANNEL_OF, type Channel } from './contact.ts'
import type { MessageType } from './dialect/actions.ts'
import type { Condition } from './dialect/conditions.ts'
import type { Branch, Step, StepKind, Way } from './dialect/steps.ts'
import type { Journey, Reentry, Trigger } from './journey.ts'
import type { Path } from './problem.ts'

/** The ways of one transition, in order, each as a branch. Empty for undefined. */
export function branchesOf(way: Way | undefined): readonly Branch[] {
  if (way === undefined) return []
  const list = Array.isArray(way) ? (way as readonly (string | Branch)[]) : [way as string | Branch]
  return list.map((branch) => (typeof branch === 'string' ? { target: branch } : branch))
}

export function triggersOf(on: Trigger | readonly Trigger[]): readonly Trigger[] {
  return Array.isArray(on) ? (on as readonly Trigger[]) : [on as Trigger]
}

/** The step a trigger leads to, without the dot. */
export function firstStepOf(trigger: Trigger): string {
  return trigger.target.slice(1)
}

export function kindOf(step: Step): StepKind {
  return step.meta?.kind ?? 'end'
}

/** Whether a passage can stay in this step: it waits for a time or for something to happen. */
export function rests(step: Step): boolean {
  return step.after !== undefined || step.on !== undefined || kindOf(step) === 'waitFor'
}

/** All ways out of a step, with where they stand in the file. */
export function waysOf(step: Step): readonly { readonly at: Path; readonly branch: Branch }[] {
  const transitions: [readonly string[], Way | undefined][] = [
    [['always'], step.always],
    ...Object.entries(step.on ?? {}).map(([event, way]): [readonly string[], Way] => [['on', event], way]),
    ...Object.entries(step.after ?? {}).map(([delay, way]): [readonly string[], Way] => [
      ['after', delay],
      way,
    ]),
  ]
  return transitions.flatMap(([at, way]) =>
    branchesOf(way).map((branch, index) => ({ at: Array.isArray(way) ? [...at, index] : at, branch })),
  )
}

/** The steps of a journey without `outside`, in file order. */
export function stepsOf(journey: Journey): readonly (readonly [id: string, step: Step])[] {
  return Object.entries(journey.states).filter(([id]) => id !== 'outside')
}

/** By what the message of a step goes; undefined for a step that makes none. */
export function channelOf({ entry }: Step): Channel | undefined {
  return entry && Object.hasOwn(CHANNEL_OF, entry.type)
    ? CHANNEL_OF[entry.type as keyof typeof CHANNEL_OF]
    : undefined
}

/** Whether a step sends the person a message. */
export function reachesPerson(step: Step): boolean {
  const channel = channelOf(step)
  return channel === 'email' || channel === 'sms'
}

/** Whether a journey sends anything at all, to the person, to other systems or to the team. */
export function sends(journey: Journey): boolean {
  return stepsOf(journey).some(([, step]) => channelOf(step) !== undefined)
}

/** Where messages leave the house: a mail server, a provider of SMS, the web. */
export const OUTLETS = ['mail', 'sms', 'web'] as const
export type Outlet = (typeof OUTLETS)[number]

/** Where the messages of a journey leave the house. A notice to the team goes by mail or to a system of theirs. */
export function outletsOf(journey: Journey): readonly Outlet[] {
  const used = stepsOf(journey).map(([, { entry }]): Outlet | undefined => {
    if (entry?.type === 'notify') return 'to' in entry.params ? 'mail' : 'web'
    if (entry?.type === 'sendEmail') return 'mail'
    if (entry?.type === 'sendSms') return 'sms'
    return entry?.type === 'callWebhook' ? 'web' : undefined
  })
  return OUTLETS.filter((outlet) => used.includes(outlet))
}

/** The re-entry rule: its own, or by content: what neither waits nor sends counts every action (R108), all else is once. */
export function reentryOf(journey: Journey): Reentry {
  if (journey.meta.reentry) return journey.meta.reentry
  const quick = stepsOf(journey).every(([, step]) => !rests(step)) && !sends(journey)
  return { policy: quick ? 'parallel' : 'once' }
}

/** The message type of a step that sends; what goes to a system or the team needs no consent. Throws for any other step. */
export function messageTypeOf(journey: Journey, step: string): MessageType {
  const entry = journey.states[step]?.entry
  if (entry?.type === 'sendEmail' || entry?.type === 'sendSms') return entry.params.messageType
  if (entry?.type === 'callWebhook' || entry?.type === 'notify') return 'transactional'
  throw new Error(`step "${step}" of journey "${journey.id}" sends nothing`)
}

/** How soon the message of a step may reach the same person again, where the step says so itself. */
export function againOf(journey: Journey, step: string): string | undefined {
  const entry = journey.states[step]?.entry
  return entry?.type === 'sendEmail' || entry?.type === 'sendSms' ? entry.params.again : undefined
}

/** The condition of a branch; undefined where it has none, as a share of a split. */
export function whenOf({ guard }: Branch): Condition | undefined {
  return guard?.type === 'holds' ? guard.params.when : undefined
}

/** A condition, and where it stands in the file. */
export interface PlacedCondition {
  readonly path: Path
  readonly when: Condition
}

/** Every condition of a journey with its parts: of triggers, audience, goal, exits and branches. */
export function conditionsOf(journey: Journey): readonly PlacedCondition[] {
  const { audience, goal, exits = [] } = journey.meta
  const triggers = Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).flatMap(({ guard }, index) =>
      placed(guard.params?.when, [
        'on',
        event,
        ...(Array.isArray(on) ? [index] : []),
        'guard',
        'params',
        'when',
      ]),
    ),
  )
  const branches = stepsOf(journey).flatMap(([id, step]) =>
    waysOf(step).flatMap(({ at, branch }) =>
      placed(whenOf(branch), ['states', id, ...at, 'guard', 'params', 'when']),
    ),
  )
  return [
    ...triggers,
    ...placed(audience, ['meta', 'audience']),
    ...placed(goal?.when, ['meta', 'goal', 'when']),
    ...exits.flatMap(({ when }, index) => placed(when, ['meta', 'exits', index, 'when'])),
    ...branches,
  ]
}

/** A condition with all its parts. */
export function partsOf(when: Condition): readonly PlacedCondition[] {
  return placed(when, [])
}

function placed(when: Condition | undefined, path: Path): readonly PlacedCondition[] {
  return when === undefined ? [] : [{ path, when }, ...placedInside(when, path)]
}

function placedInside(when: Condition, path: Path): readonly PlacedCondition[] {
  if ('all' in when) return when.all.flatMap((part, index) => placed(part, [...path, 'all', index]))
  if ('any' in when) return when.any.flatMap((part, index) => placed(part, [...path, 'any', index]))
  return 'not' in when ? placed(when.not, [...path, 'not']) : []
}
