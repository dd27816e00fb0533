/**
 * Journeys that set each other off without a brake: one entry would go round until the limit on a cascade undoes it.
 * Followed from trigger to trigger: what is done at once after one lets in, and which triggers hear that. Whatever
 * slows down or ends the round is a brake: a wait, re-entry only once, cooldown, max, a cap or cooldown on the points;
 * and changes that nothing in the round takes back happen only once (a contact joins a list it is on no second time).
 */
import type { Condition } from '../dialect/conditions.ts'
import type { Action, UpdateParams } from '../dialect/actions.ts'
import type { Journey, Trigger } from '../journey.ts'
import { firstStepOf, kindOf, reentryOf, triggersOf } from '../reading.ts'
import { problem, type Path, type Problem } from '../problem.ts'
import { othersOf, type Known } from './check.ts'
import { instantGraph, loops, reached, type Graph } from './graph.ts'

/** A way into a journey that nothing brakes, with all that is done at once after it. */
interface Entrance {
  readonly journey: Journey
  readonly path: Path
  readonly event: string
  readonly trigger: Trigger
  readonly done: readonly Done[]
}

/** What a step does, or that the passage is through: what other triggers may hear. */
type Done = Action | { readonly type: 'enter' | 'finish' }

export function endlessCircles(journey: Journey, known: Known): readonly Problem[] {
  const entrances = new Map(
    [journey, ...othersOf(journey, known)]
      .flatMap(entrancesOf)
      .map((entrance, index) => [String(index), entrance]),
  )
  return circlesOf(entrances).flatMap((circle) => {
    const own = circle.find((entrance) => entrance.journey === journey)
    return own
      ? [
          problem('endless_circle', own.path, [
            ...new Set(circle.map((entrance) => entrance.journey.meta.name)),
          ]),
        ]
      : []
  })
}

/** Loops that remain when all is left out that happens only once in them. Each look at a smaller loop may leave out more. */
function circlesOf(entrances: ReadonlyMap<string, Entrance>): readonly (readonly Entrance[])[] {
  const inside = [...entrances.values()]
  const graph: Graph = new Map(
    [...entrances].map(([id, from]) => [
      id,
      [...entrances].flatMap(([next, to]) => (setsOff(from, to, inside) ? [next] : [])),
    ]),
  )
  return loops(graph).flatMap((loop) => {
    const smaller = new Map(loop.map((id) => [id, entrances.get(id)!]))
    return smaller.size === entrances.size ? [[...smaller.values()]] : circlesOf(smaller)
  })
}

// ---- Who lets in, and what is then done at once --------------------------------------------------------------------

function entrancesOf(journey: Journey): readonly Entrance[] {
  const { policy, cooldown, max } = reentryOf(journey)
  if (policy === 'once' || cooldown !== undefined || max !== undefined) return []
  return Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).map((trigger, index) => ({
      journey,
      path: Array.isArray(on) ? ['on', event, index] : ['on', event],
      event,
      trigger,
      done: doneAtOnce(journey, trigger),
    })),
  )
}

/** What follows a trigger without a wait. A step that waits for something is a wait, though it may be over at once. */
function doneAtOnce(journey: Journey, trigger: Trigger): readonly Done[] {
  const instant: Graph = new Map(
    [...instantGraph(journey)].map(([id, nexts]) => [
      id,
      kindOf(journey.states[id]!) === 'waitFor' ? [] : nexts,
    ]),
  )
  const steps = [...reached(instant, [firstStepOf(trigger)])].map((id) => journey.states[id]!)
  const actions = steps.flatMap(({ entry }) => (entry && !isBraked(entry) ? [entry] : []))
  return [
    { type: 'enter' },
    ...actions,
    ...(steps.some(({ type }) => type === 'final') ? [{ type: 'finish' } as const] : []),
  ]
}

function isBraked(action: Action): boolean {
  return (
    action.type === 'updateAttribute' &&
    (action.params.cap !== undefined || action.params.cooldown !== undefined)
  )
}

// ---- What sets off what --------------------------------------------------------------------------------------------

function setsOff(from: Entrance, to: Entrance, circle: readonly Entrance[]): boolean {
  const all = circle.flatMap(({ done }) => done)
  return from.done.some(
    (done) => raised(done, from.journey).some((event) => isHeard(event, to)) && isRepeatable(done, to, all),
  )
}

interface Raised {
  readonly name: string
  readonly properties: { readonly [property: string]: string }
}

/** The events that something done raises by itself. Clicks are not among them: a person stands between. */
function raised(done: Done, journey: Journey): readonly Raised[] {
  switch (done.type) {
    case 'enter':
      return [{ name: 'journey.entered', properties: { journey: journey.id } }]
    case 'finish':
      return [{ name: 'journey.finished', properties: { journey: journey.id } }]
    case 'startJourney':
      return [{ name: 'journey.requested', properties: { journey: done.params.journey } }]
    case 'setStage':
      return [{ name: 'stage.changed', properties: {} }]
    case 'updateAttribute':
      return ['score.changed', 'attribute.changed'].map((name) => ({
        name,
        properties: { attribute: done.params.attribute },
      }))
    case 'sendEmail':
      return ofMessage(journey, 'email.sent', 'email.delivered', 'email.bounced', 'email.failed')
    case 'sendSms':
      return ofMessage(journey, 'sms.sent', 'sms.delivered', 'sms.failed')
    case 'callWebhook':
      return [
        ...ofMessage(journey, 'webhook.failed'),
        ...Object.keys(done.params.store ?? {}).map((attribute) => ({
          name: 'attribute.changed',
          properties: { attribute },
        })),
      ]
    case 'notify':
      return []
    case 'addToList':
      return [{ name: 'list.joined', properties: { list: done.params.list } }]
    case 'removeFromList':
      return [{ name: 'list.left', properties: { list: done.params.list } }]
    case 'moveToList':
      return [
        { name: 'list.joined', properties: { list: done.params.list } },
        ...(done.params.from ?? []).map((list) => ({ name: 'list.left', properties: { list } })),
      ]
  }
}

function ofMessage(journey: Journey, ...names: readonly string[]): readonly Raised[] {
  return names.map((name) => ({ name, properties: { journey: journey.id } }))
}

function isHeard({ name, properties }: Raised, { event, trigger, journey }: Entrance): boolean {
  if (name !== event || (name === 'journey.requested' && properties['journey'] !== journey.id)) return false
  const when = trigger.guard.params?.when
  return when === undefined || mayHold(when, properties)
}

/** False only where the condition asks for another list, journey or attribute than the event has. */
function mayHold(when: Condition, properties: Raised['properties']): boolean {
  if ('all' in when) return when.all.every((part) => mayHold(part, properties))
  if ('any' in when) return when.any.some((part) => mayHold(part, properties))
  if ('crossed' in when)
    return properties['attribute'] === undefined || properties['attribute'] === (when.attribute ?? 'SCORE')
  if (!('event' in when)) return true
  const value = properties[when.event]
  if (value === undefined) return true
  if (when.operator === '=') return value === when.value
  return when.operator !== 'in' || (when.value as readonly unknown[]).includes(value)
}

// ---- What can happen again and again -------------------------------------------------------------------------------

/** Whether the change can set the trigger off again: only if something in the circle takes it back, or it adds up. */
function isRepeatable(done: Done, { event, trigger }: Entrance, circle: readonly Done[]): boolean {
  if (event === 'list.joined')
    return 'params' in done && 'list' in done.params && leaves(circle, done.params.list)
  if (event === 'list.left')
    return listsLeft(done).some((list) =>
      circle.some((other) => isJoining(other) && other.params.list === list),
    )
  if (done.type === 'setStage')
    return circle.some((other) => other.type === 'setStage' && other.params.stage !== done.params.stage)
  if (done.type !== 'updateAttribute') return true
  const updates = circle.flatMap((other) =>
    other.type === 'updateAttribute' && other.params.attribute === done.params.attribute
      ? [other.params]
      : [],
  )
  return (
    addsUp(done.params, updates) &&
    directionsOf(trigger.guard.params?.when).every((direction) => movesBack(direction, done.params, updates))
  )
}

function isJoining(done: Done): done is Extract<Action, { type: 'addToList' | 'moveToList' }> {
  return done.type === 'addToList' || done.type === 'moveToList'
}

function leaves(circle: readonly Done[], list: string): boolean {
  return circle.some((done) => listsLeft(done).includes(list))
}

function listsLeft(done: Done): readonly string[] {
  if (done.type === 'removeFromList') return [done.params.list]
  return done.type === 'moveToList' ? (done.params.from ?? []) : []
}

/** A fixed value is new only once, unless something else in the circle changes the attribute too. */
function addsUp(params: UpdateParams, updates: readonly UpdateParams[]): boolean {
  const fixed = params.clear || (params.set !== undefined && typeof params.set !== 'object')
  return !fixed || updates.some((other) => JSON.stringify(other) !== JSON.stringify(params))
}

type Direction = 'up' | 'down'

/** The crossings that must happen for the condition to hold. */
function directionsOf(when: Condition | undefined): readonly Direction[] {
  if (when === undefined) return []
  if ('all' in when) return when.all.flatMap(directionsOf)
  return 'crossed' in when ? [when.direction] : []
}

/** A threshold is crossed again only by what moves that way, after something moved the other way. */
function movesBack(direction: Direction, params: UpdateParams, updates: readonly UpdateParams[]): boolean {
  const other = direction === 'up' ? 'down' : 'up'
  return moves(params, direction) && updates.some((update) => moves(update, other))
}

/** Whether a change can move a number that way. */
export function moves({ add, subtract, set, multiply, clear }: UpdateParams, direction: Direction): boolean {
  if (set !== undefined || multiply !== undefined || clear) return true
  const amount = add ?? subtract
  if (typeof amount !== 'number') return true
  return (add === undefined) === (direction === 'up') ? amount < 0 : amount > 0
}
