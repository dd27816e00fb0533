/** Who is let into a journey by what happens, and who is kept out by its rule of re-entry. */
import { durationInWords, minus, parseDuration } from './calendar.ts'
import { ended, settled, type Cascade } from './cascade.ts'
import { readProperty } from './conditions.ts'
import type { Enrollment, JsonObject } from './contact.ts'
import { visitsOf } from './facts.ts'
import { admission, hear, whyNotInside, type Machine } from './machine.ts'
import { insideOf, keyText, raised, type Happening, type World } from './world.ts'

/** Tries the triggers of one journey on a fresh passage; a live passage that waited for the very event has had it. */
export function triggered(
  cascade: Cascade,
  machine: Machine,
  { name, properties }: Happening,
  wentOn: readonly Enrollment[],
): Cascade {
  if (isForAnother(machine, { name, properties })) return cascade
  const { key: property, policy } = machine.reentry
  const key = keyIn(machine, properties)
  const fresh = freshPassage(cascade, machine, key ?? null)
  const same = (passage: Enrollment) => passage.journey === machine.id && passage.key === fresh.key
  const inside = cascade.live.filter(same)
  const world = insideOf(cascade.world, fresh)
  const admitted = admission(machine, world)
  if (typeof admitted === 'string') return notEntered(cascade, machine, admitted)
  const refusal =
    (wentOn.some(same) ? 'the passage inside was waiting for this and went on' : undefined) ??
    (key === undefined ? `the event has no ${property}` : reentryRefusal(machine, world, key, inside)) ??
    whyNotInside(machine, world)
  if (refusal !== undefined) return notEntered(cascade, machine, refusal)
  const cleared = policy === 'restart' ? inside.reduce(restarted, cascade) : cascade
  return begun(cleared, machine, fresh, admitted)
}

/** The value that re-entry counts by: null where the journey counts all together, undefined where the event has none. */
function keyIn({ reentry: { key } }: Machine, properties: JsonObject): string | null | undefined {
  return key === undefined ? null : keyText(readProperty(key, properties))
}

function isForAnother(
  { id }: Machine,
  { name, properties }: Pick<Happening, 'name' | 'properties'>,
): boolean {
  return name === 'journey.requested' && properties['journey'] !== id
}

/** Notes what would have let somebody into a paused journey. All but the trigger's own condition is asked when it is tried again. */
export function heldBack(
  cascade: Cascade,
  machine: Machine,
  { name, properties }: Happening,
  wentOn: readonly Enrollment[],
): Cascade {
  const { world } = cascade
  if (isForAnother(machine, { name, properties })) return cascade
  const fresh = freshPassage(cascade, machine, keyIn(machine, properties) ?? null)
  if (wentOn.some(({ journey, key }) => journey === machine.id && key === fresh.key)) return cascade
  if (typeof admission(machine, insideOf(world, fresh)) === 'string') return cascade
  const kept = { ...world, held: [...world.held, { journey: machine.id, event: name, properties }] }
  return notEntered(
    { ...cascade, world: kept },
    machine,
    'the journey is paused, and this is kept until it goes on',
  )
}

function notEntered(cascade: Cascade, { id }: Machine, why: string): Cascade {
  const line = {
    journey: id,
    enrollment: null,
    step: null,
    what: 'notEntered',
    text: `Not entered: ${why}`,
  } as const
  return { ...cascade, world: { ...cascade.world, trace: [...cascade.world.trace, line] } }
}

function restarted(cascade: Cascade, passage: Enrollment): Cascade {
  return ended(cascade, passage, 'restarted', 'Started over from the top')
}

function begun(cascade: Cascade, machine: Machine, fresh: Enrollment, admitted: World['admitted']): Cascade {
  const { world } = cascade
  const inside = raised(
    { ...world, admitted, begun: [...world.begun, fresh] },
    { name: 'journey.entered', properties: { journey: machine.id }, touches: [] },
  )
  return settled(cascade, machine, fresh, hear(machine, insideOf(inside, fresh)))
}

function freshPassage({ world }: Cascade, machine: Machine, key: string | null): Enrollment {
  return {
    id: `${world.seq}.${world.begun.length + 1}`,
    journey: machine.id,
    version: machine.version,
    key,
    seq: world.seq,
    enteredAt: world.occurredAt,
    trigger: world.event.name,
    ...(world.entry.past && { past: true }),
    ...(world.eventZone !== null && { zone: world.eventZone }),
    properties: world.event.properties,
    step: 'outside',
    visits: {},
    stepEnteredAt: world.now,
    way: null,
    messages: {},
    due: null,
    ended: null,
  }
}

/** Why the re-entry rule keeps a contact out; undefined where it does not. */
function reentryRefusal(
  { id, reentry }: Machine,
  world: World,
  key: string | null,
  live: readonly Enrollment[],
): string | undefined {
  const { policy, cooldown, max } = reentry
  const alone = policy === 'once' || policy === 'afterExit' || (policy === 'parallel' && key !== null)
  if (alone && live.length > 0) return 'is already inside'
  const limit = policy === 'once' ? 1 : max
  if (limit === undefined && cooldown === undefined) return undefined
  const visits = visitsOf(world, { type: 'visits', journey: id, key, until: world.occurredAt })
  if (!visits) return undefined
  if (limit !== undefined && visits.count >= limit) return tooOften(limit, visits.count)
  const pause = cooldown === undefined ? undefined : parseDuration(cooldown)
  if (!pause || visits.last === null) return undefined
  return visits.last > minus(world.occurredAt, pause, world.zone)
    ? `the last time was less than ${durationInWords(pause)} ago`
    : undefined
}

function tooOften(limit: number, count: number): string {
  return limit === 1
    ? 'has been here before, and this is once only'
    : `has been here ${count} times, and ${limit} are allowed`
}
