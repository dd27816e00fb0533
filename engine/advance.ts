/**
 * One journal entry and all that follows from it for one contact: the whole cascade, decided and not carried out.
 * Pure: the same arguments give the same answer, ids included, so folding a contact's journal again gives the same
 * ledger, lists and enrollments.
 */
import { formatInstant, minus, parseDuration } from './calendar.ts'
import { machineOf, waitReads, type Catalogue } from './catalogue.ts'
import { holds } from './conditions.ts'
import {
  factKey,
  type Contact,
  type Effect,
  type Enrollment,
  type Entry,
  type Fact,
  type Facts,
  type FactValues,
  type JsonObject,
  type LedgerEntry,
  type Outcome,
  type TraceLine,
} from './contact.ts'
import { begin } from './entry.ts'
import { visitsOf } from './facts.ts'
import {
  dues,
  elapse,
  enter,
  hear,
  look,
  whyNotInside,
  whyNotTriggered,
  type Machine,
  type Taken,
} from './machine.ts'
import { raised, told, zoneOf, type Happening, type World } from './world.ts'

/** No entry may raise more internal events than this, nor enter more steps: a circle of journeys ends here (design section 4). */
const MOST_HAPPENINGS = 200
const MOST_STEPS = 1_000

export interface AdvanceInput {
  readonly contact: Contact
  /** The contact's live passages, in any order. */
  readonly enrollments: readonly Enrollment[]
  /** What earlier calls for this entry asked for; `{}` at first. */
  readonly facts: Facts
  readonly journeys: Catalogue
  readonly entry: Entry
  /** The workspace's time zone; a contact's own comes first. */
  readonly zone: string
}

export interface Advanced {
  readonly contact: Contact
  /** Every passage that this entry began, moved or ended. */
  readonly enrollments: readonly Enrollment[]
  readonly ledger: readonly LedgerEntry[]
  readonly effects: readonly Effect[]
  readonly trace: readonly TraceLine[]
}

/**
 * What an entry does. `needs` names facts that were not given: load them, add them and call again. `failed` means that
 * the cascade did not come to rest; nothing of it may be kept.
 */
export type AdvanceResult = Advanced | { readonly needs: readonly Fact[] } | { readonly failed: string }

/** The world at hand and the contact's passages in the order they hear: by journey, then by age. */
interface Cascade {
  readonly world: World
  readonly journeys: Catalogue
  readonly live: readonly Enrollment[]
  readonly changed: ReadonlyMap<string, Enrollment>
}

/** Decides what one entry does to one contact. */
export function advance(input: AdvanceInput): AdvanceResult {
  const needs = new Map<string, Fact>()
  const loaded = <Type extends Fact['type']>(
    fact: Extract<Fact, { type: Type }>,
  ): FactValues[Type] | undefined => {
    const key = factKey(fact)
    const value = input.facts[key] as FactValues[Type] | undefined
    if (value === undefined) needs.set(key, fact)
    return value
  }
  const result = cascade(start(input, loaded))
  if (needs.size > 0) return { needs: [...needs.values()] }
  if (typeof result === 'string') return { failed: result }
  const { contact, ledger, effects, trace } = result.world
  return { contact, enrollments: [...result.changed.values()], ledger, effects, trace }
}

function start(
  { contact, enrollments, journeys, entry, zone }: AdvanceInput,
  loaded: World['loaded'],
): Cascade {
  const world: World = {
    contact,
    entry,
    loaded,
    seq: entry.seq,
    enrollment: null,
    event: { name: entry.kind, properties: {}, touches: [] },
    now: entry.at,
    occurredAt: entry.occurredAt,
    zone: zoneOf(contact, zone),
    scores: journeys.scores,
    happened: [],
    begun: [],
    ledger: [],
    effects: [],
    trace: [],
    raised: [],
    entered: 0,
  }
  const live = entry.kind === 'merge' ? [...enrollments, ...entry.enrollments] : enrollments
  return opened({ world: begin(world), journeys, live: live.toSorted(byJourneyThenAge), changed: new Map() })
}

function byJourneyThenAge(a: Enrollment, b: Enrollment): number {
  if (a.journey !== b.journey) return a.journey < b.journey ? -1 : 1
  return a.seq - b.seq || a.id.localeCompare(b.id, 'en', { numeric: true })
}

/** Handles what was raised, first in first out, until nothing is left; a sentence where it does not come to rest. */
function cascade(first: Cascade): Cascade | string {
  let current = first
  for (let handled = 1; current.world.raised.length > 0; handled++) {
    const [happening, ...rest] = current.world.raised as [Happening, ...Happening[]]
    if (handled > MOST_HAPPENINGS)
      return `more than ${MOST_HAPPENINGS} changes followed from one event; the last one was “${happening.name}”`
    const world = {
      ...current.world,
      event: happening,
      raised: rest,
      happened: [...current.world.happened, happening],
      enrollment: null,
    }
    current = heard({ ...current, world }, happening)
    if (current.world.entered > MOST_STEPS) return `one event led through more than ${MOST_STEPS} steps`
  }
  return current
}

// ---- Entries that concern passages directly ----------------------------------------------------------------------

function opened(cascade: Cascade): Cascade {
  const { entry } = cascade.world
  switch (entry.kind) {
    case 'wake':
      return woken(cascade, entry.enrollment)
    case 'message':
      return marked(cascade, entry)
    case 'leave':
      return cascade.live
        .filter(({ journey }) => journey === entry.journey)
        .reduce((next, passage) => ended(next, passage, 'left', entry.reason), cascade)
    case 'move':
      return cascade.live
        .filter(({ journey }) => journey === entry.journey)
        .reduce((next, passage) => migrated(next, passage, entry.version), cascade)
    case 'merge':
      return withoutTwins(cascade)
    default:
      return cascade
  }
}

/** Fires the earliest delay that is due by now, or says when it will be: a wait is computed anew at every wake-up. */
function woken(cascade: Cascade, id: string): Cascade {
  const passage = cascade.live.find((enrollment) => enrollment.id === id)
  if (!passage) return cascade
  const { world } = cascade
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  const [first] = dues(machine, passage, world.contact.lastActivityAt, world.zone)
  if (!first) return kept(cascade, { ...passage, due: null })
  const inside = { ...world, enrollment: passage, event: { name: 'time.due', properties: {}, touches: [] } }
  if (first.due <= world.now) return settled(cascade, machine, passage, elapse(machine, inside, first.delay))
  return kept(
    {
      ...cascade,
      world: { ...told(inside, 'waits', `Not yet: due ${formatInstant(first.due)}`), enrollment: null },
    },
    { ...passage, due: first.due },
  )
}

/** Notes on the passage what became of its message, so that "clicked in this mail" needs no history. */
function marked(cascade: Cascade, entry: Extract<Entry, { kind: 'message' }>): Cascade {
  const passage = cascade.live.find(({ id }) => id === entry.enrollment)
  const message = passage?.messages[entry.step]
  if (!passage || message?.id !== entry.message || entry.machine || message.was.includes(entry.verdict))
    return cascade
  return kept(cascade, {
    ...passage,
    messages: { ...passage.messages, [entry.step]: { ...message, was: [...message.was, entry.verdict] } },
  })
}

/** Takes a passage along to another version by step id; where the step is gone, it leaves. */
function migrated(cascade: Cascade, passage: Enrollment, version: number): Cascade {
  const machine = machineOf(cascade.journeys, passage.journey, version)
  if (!machine.journey.states[passage.step])
    return ended(cascade, passage, 'left', 'The step is not part of the new version')
  return kept(cascade, withDue(cascade.world, machine, { ...passage, version }))
}

/** After a merge, of two passages of one journey and key the older stays. */
function withoutTwins(cascade: Cascade): Cascade {
  const twins = cascade.live.filter((passage, index) => {
    const { policy, key } = machineOf(cascade.journeys, passage.journey, passage.version).reentry
    const together = policy === 'parallel' && key === undefined
    return (
      !together &&
      cascade.live.findIndex((other) => other.journey === passage.journey && other.key === passage.key) <
        index
    )
  })
  return twins.reduce(
    (next, passage) => ended(next, passage, 'merged', 'The other contact’s passage is older'),
    adopted(cascade),
  )
}

/** Passages that came with the other contact are written as this one's. */
function adopted(cascade: Cascade): Cascade {
  const { entry } = cascade.world
  return entry.kind === 'merge' ? entry.enrollments.reduce(kept, cascade) : cascade
}

// ---- One happening -----------------------------------------------------------------------------------------------

/** First the exits and goals of all live passages, then all that wait for it, then all triggers (design section 4). */
function heard(cascade: Cascade, happening: Happening): Cascade {
  const before = cascade.live
  const checked = before.reduce((next, passage) => endingsLooked(next, passage, happening), cascade)
  const waiting = checked.live.filter((passage) => before.includes(passage))
  const stepped = waiting.reduce((next, passage) => waitHeard(next, passage, happening), checked)
  if (happening.silent || happening.only) return stepped
  const moved = before.filter((passage) => !stepped.live.includes(passage))
  return (cascade.journeys.listeners.get(happening.name) ?? []).reduce(
    (next, machine) => triggered(next, machine, happening, moved),
    stepped,
  )
}

function endingsLooked(cascade: Cascade, passage: Enrollment, happening: Happening): Cascade {
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  if (passage.way !== null || !reads(machine.endingReads, happening)) return cascade
  const inside = { ...cascade.world, enrollment: passage }
  return machine.endings.some(({ when }) => holds(when, inside))
    ? settled(cascade, machine, passage, look(machine, inside))
    : cascade
}

function waitHeard(cascade: Cascade, passage: Enrollment, happening: Happening): Cascade {
  const { only } = happening
  if (
    only &&
    (only.enrollment !== passage.id ||
      only.step !== passage.step ||
      only.visit !== passage.visits[passage.step])
  )
    return cascade
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  const inside = { ...cascade.world, enrollment: passage }
  if (!happening.silent && Object.hasOwn(machine.journey.states[passage.step]?.on ?? {}, happening.name))
    return settled(cascade, machine, passage, hear(machine, inside))
  return reads(waitReads(machine, passage.step), happening)
    ? settled(cascade, machine, passage, look(machine, inside))
    : cascade
}

function reads(keys: readonly string[], { touches }: Happening): boolean {
  return keys.some((key) => key === 'event' || touches.includes(key))
}

// ---- Entering ----------------------------------------------------------------------------------------------------

/** Tries the triggers of one journey on a fresh passage; a live passage that waited for the very event has had it. */
function triggered(
  cascade: Cascade,
  machine: Machine,
  { name, properties }: Happening,
  moved: readonly Enrollment[],
): Cascade {
  if (name === 'journey.requested' && properties['journey'] !== machine.id) return cascade
  const key = keyOf(machine, properties)
  const fresh = freshPassage(cascade, machine, key ?? null)
  const same = (passage: Enrollment) => passage.journey === machine.id && passage.key === fresh.key
  const inside = cascade.live.filter(same)
  const world = { ...cascade.world, enrollment: fresh }
  const refusal =
    whyNotTriggered(machine, world) ??
    (moved.some(same) ? 'the passage inside was waiting for this and went on' : undefined) ??
    (key === undefined
      ? `the event has no ${machine.reentry.key}`
      : reentryRefusal(machine, world, key, inside)) ??
    whyNotInside(machine.journey, world)
  if (refusal !== undefined)
    return {
      ...cascade,
      world: { ...told(world, 'notEntered', `Not entered: ${refusal}`), enrollment: null },
    }
  const cleared =
    machine.reentry.policy === 'restart'
      ? inside.reduce(
          (next, passage) => ended(next, passage, 'restarted', 'Started over from the top'),
          cascade,
        )
      : cascade
  return begun(cleared, machine, fresh)
}

function begun(cascade: Cascade, machine: Machine, fresh: Enrollment): Cascade {
  const world = { ...cascade.world, enrollment: fresh, begun: [...cascade.world.begun, fresh] }
  const announced = raised(world, {
    name: 'journey.entered',
    properties: { journey: machine.id },
    touches: [],
  })
  return settled({ ...cascade, world: announced }, machine, fresh, enter(machine, announced))
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

/** The value of the re-entry key: null where the journey has none, undefined where the event lacks it. */
function keyOf(machine: Machine, properties: JsonObject): string | null | undefined {
  const { key } = machine.reentry
  if (key === undefined) return null
  const value = Object.hasOwn(properties, key) ? properties[key] : undefined
  return value === undefined || value === null || value === ''
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
}

/** Why the re-entry rule keeps a contact out; undefined where it does not. */
function reentryRefusal(
  { id, reentry }: Machine,
  world: World,
  key: string | null,
  live: readonly Enrollment[],
): string | undefined {
  const { policy, cooldown, max } = reentry
  if (
    live.length > 0 &&
    (policy === 'once' || policy === 'afterExit' || (policy === 'parallel' && key !== null))
  )
    return 'is already inside'
  const limit = policy === 'once' ? 1 : max
  if (limit === undefined && cooldown === undefined) return undefined
  const visits = visitsOf(world, { type: 'visits', journey: id, key })
  if (!visits) return undefined
  if (limit !== undefined && visits.count >= limit)
    return limit === 1
      ? 'has been here before, and this is once only'
      : `has been here ${visits.count} times, and ${limit} are allowed`
  const pause = cooldown === undefined ? undefined : parseDuration(cooldown)
  const tooSoon = pause && visits.last !== null && visits.last > minus(world.occurredAt, pause, world.zone)
  return tooSoon ? `the last time was less than the cooldown ago` : undefined
}

// ---- Where a passage comes to rest -------------------------------------------------------------------------------

/** Takes over what a transition did; nothing where it was not taken. */
function settled(cascade: Cascade, machine: Machine, passage: Enrollment, taken: Taken | undefined): Cascade {
  if (!taken) return cascade
  const moved = { ...(taken.world.enrollment ?? passage), step: taken.step }
  const next = { ...cascade, world: { ...taken.world, enrollment: null } }
  if (!taken.done) return kept(next, withDue(taken.world, machine, moved))
  const outcome = moved.way ?? 'finished'
  return ended(
    next,
    moved,
    outcome,
    { goal: 'Reached the goal', exit: 'Left early', finished: 'Came to the end' }[outcome],
  )
}

function withDue(world: World, machine: Machine, passage: Enrollment): Enrollment {
  return {
    ...passage,
    due:
      dues(machine, passage, world.contact.lastActivityAt, zoneOf(world.contact, world.zone))[0]?.due ?? null,
  }
}

function kept(cascade: Cascade, passage: Enrollment): Cascade {
  const known = cascade.live.some(({ id }) => id === passage.id)
  const live = known
    ? cascade.live.map((other) => (other.id === passage.id ? passage : other))
    : [...cascade.live, passage].toSorted(byJourneyThenAge)
  return { ...cascade, live, changed: new Map(cascade.changed).set(passage.id, passage) }
}

/** Ends a passage: it is never stepped again, and its waits are gone with it. */
function ended(cascade: Cascade, passage: Enrollment, outcome: Outcome, reason: string): Cascade {
  const over: Enrollment = { ...passage, due: null, ended: { at: cascade.world.now, outcome, reason } }
  const { enrollment, ...world } = told({ ...cascade.world, enrollment: over }, 'ended', reason)
  const finished = raised(
    { ...world, enrollment: null },
    { name: 'journey.finished', properties: { journey: passage.journey, outcome }, touches: [] },
  )
  return {
    ...cascade,
    world: finished,
    live: cascade.live.filter(({ id }) => id !== passage.id),
    changed: new Map(cascade.changed).set(over.id, enrollment ?? over),
  }
}
