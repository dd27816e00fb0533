/**
 * One journal entry and all that follows from it for one contact: the whole cascade, decided and not carried out.
 * Pure: the same arguments give the same answer, ids included, so folding a contact's journal again gives the same
 * ledger, lists and enrollments.
 */
import { durationInWords, formatInstant, minus, parseDuration } from './calendar.ts'
import { machineOf, type Catalogue } from './catalogue.ts'
import { holds, readProperty } from './conditions.ts'
import {
  compareIds,
  factKey,
  type Contact,
  type Effect,
  type Enrollment,
  type Entry,
  type Fact,
  type Facts,
  type FactValues,
  type LedgerEntry,
  type Outcome,
  type TraceLine,
} from './contact.ts'
import { begin } from './entry.ts'
import { visitsOf } from './facts.ts'
import {
  admission,
  elapse,
  firstDue,
  hear,
  look,
  MOST_STEPS,
  whyNotInside,
  type Machine,
  type Place,
  type Taken,
} from './machine.ts'
import { keyText, raised, told, zoneOf, type Happening, type World } from './world.ts'

/** No entry may raise more internal events than this: a circle of journeys ends here (design section 4). */
const MOST_HAPPENINGS = 200

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
    workspace: zone,
    scores: journeys.scores,
    admitted: null,
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
  return compareIds(a.id, b.id)
}

/** Handles what was raised, first in first out, until nothing is left; a sentence where it does not come to rest. */
function cascade(first: Cascade): Cascade | string {
  let current = first
  for (let handled = 0; ; handled++) {
    const { world } = current
    if (world.entered > MOST_STEPS) return `one event led through more than ${MOST_STEPS} steps`
    const happening = world.raised[handled]
    if (!happening) return current
    if (handled === MOST_HAPPENINGS)
      return `more than ${MOST_HAPPENINGS} changes followed from one event; the last one was “${happening.name}”`
    const next = { ...world, event: happening, happened: [...world.happened, happening] }
    current = heard({ ...current, world: next }, happening)
  }
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
      return passagesOf(cascade, entry.journey).reduce(
        (next, passage) => ended(next, passage, 'left', entry.reason),
        cascade,
      )
    case 'move':
      return passagesOf(cascade, entry.journey).reduce(
        (next, passage) => migrated(next, passage, entry.version),
        cascade,
      )
    case 'merge':
      return withoutTwins(entry.enrollments.reduce(kept, cascade))
    default:
      return cascade
  }
}

function passagesOf({ live }: Cascade, journey: string): readonly Enrollment[] {
  return live.filter((passage) => passage.journey === journey)
}

/** Fires the earliest delay that is due by now, or says when it will be: a wait is computed anew at every wake-up. */
function woken(cascade: Cascade, id: string): Cascade {
  const { world } = cascade
  const passage = cascade.live.find((enrollment) => enrollment.id === id)
  const machine = passage && machineOf(cascade.journeys, passage.journey, passage.version)
  const first = machine && firstDue(machine, passage, world.contact.lastActivityAt, world.zone)
  if (!first) return cascade
  // Time tells nothing itself: "the event" is then the one that began the passage.
  const { properties } = passage
  const event = { name: 'time.due', properties, touches: [], inWords: first.inWords }
  const inside = { ...world, enrollment: passage, event }
  if (first.due <= world.now) return settled(cascade, machine, passage, elapse(machine, inside, first))
  const notYet = told(inside, 'waits', `Not yet: due ${formatInstant(first.due)}`)
  return kept({ ...cascade, world: { ...notYet, enrollment: null } }, { ...passage, due: first.due })
}

/** Notes on the passage what became of its message, so that "clicked in this mail" needs no history. */
function marked(cascade: Cascade, entry: Extract<Entry, { kind: 'message' }>): Cascade {
  const passage = cascade.live.find(({ id }) => id === entry.enrollment)
  const message = passage?.messages[entry.step]
  if (!passage || message?.id !== entry.message) return cascade
  if (entry.machine || message.was.includes(entry.verdict)) return cascade
  const noted = { ...message, was: [...message.was, entry.verdict] }
  return kept(cascade, { ...passage, messages: { ...passage.messages, [entry.step]: noted } })
}

/** Takes a passage along to another version by step id; where nobody can stay at that step any more, it leaves. */
function migrated(cascade: Cascade, passage: Enrollment, version: number): Cascade {
  const machine = machineOf(cascade.journeys, passage.journey, version)
  return machine.places.has(passage.step)
    ? kept(cascade, withDue(cascade.world, machine, { ...passage, version }))
    : ended(cascade, passage, 'left', 'Nobody waits at this step in the new version')
}

/** After a merge, of two passages of one journey and key the older stays. */
function withoutTwins(cascade: Cascade): Cascade {
  const twins = cascade.live.filter((passage, index) => {
    const { policy, key } = machineOf(cascade.journeys, passage.journey, passage.version).reentry
    const together = policy === 'parallel' && key === undefined
    const first = cascade.live.findIndex(
      (other) => other.journey === passage.journey && other.key === passage.key,
    )
    return !together && first < index
  })
  return twins.reduce(
    (next, passage) => ended(next, passage, 'merged', 'The other contact’s passage is older'),
    cascade,
  )
}

// ---- One happening -----------------------------------------------------------------------------------------------

/** First the exits and goals of all live passages, then all that wait for it, then all triggers (design section 4). */
function heard(cascade: Cascade, happening: Happening): Cascade {
  const before = cascade.live
  const checked = before.reduce((next, passage) => endingsLooked(next, passage, happening), cascade)
  const waiting = checked.live.filter((passage) => before.includes(passage))
  const stepped = waiting.reduce((next, passage) => waitHeard(next, passage, happening), checked)
  const listeners = cascade.journeys.listeners.get(happening.name)
  if (!listeners || happening.silent || happening.only) return stepped
  const wentOn = waiting.filter((passage) => !stepped.live.includes(passage))
  return listeners.reduce((next, machine) => triggered(next, machine, happening, wentOn), stepped)
}

function endingsLooked(cascade: Cascade, passage: Enrollment, { touches }: Happening): Cascade {
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  if (passage.way !== null || !reads(machine.endingReads, touches)) return cascade
  const inside = { ...cascade.world, enrollment: passage }
  return machine.endings.some(({ when }) => holds(when, inside))
    ? settled(cascade, machine, passage, look(machine, inside))
    : cascade
}

function waitHeard(cascade: Cascade, passage: Enrollment, happening: Happening): Cascade {
  if (!reaches(happening, passage)) return cascade
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  const place = machine.places.get(passage.step) as Place
  const hears = !happening.silent && place.hears.has(happening.name)
  if (!hears && !reads(place.reads, happening.touches)) return cascade
  const inside = { ...cascade.world, enrollment: passage }
  return settled(cascade, machine, passage, hears ? hear(machine, inside) : look(machine, inside))
}

/** The result of a step is for the passage, step and visit that asked for it; all else is for everybody. */
function reaches({ only }: Happening, { id, step, visits }: Enrollment): boolean {
  return !only || (only.enrollment === id && only.step === step && only.visit === visits[step])
}

function reads(keys: readonly string[], touches: Happening['touches']): boolean {
  return touches === 'everything'
    ? keys.length > 0
    : keys.some((key) => key === 'event' || touches.includes(key))
}

// ---- Entering ----------------------------------------------------------------------------------------------------

/** Tries the triggers of one journey on a fresh passage; a live passage that waited for the very event has had it. */
function triggered(
  cascade: Cascade,
  machine: Machine,
  { name, properties }: Happening,
  wentOn: readonly Enrollment[],
): Cascade {
  if (name === 'journey.requested' && properties['journey'] !== machine.id) return cascade
  const { key: property, policy } = machine.reentry
  const key = property === undefined ? null : keyText(readProperty(property, properties))
  const fresh = freshPassage(cascade, machine, key ?? null)
  const same = (passage: Enrollment) => passage.journey === machine.id && passage.key === fresh.key
  const inside = cascade.live.filter(same)
  const world = { ...cascade.world, enrollment: fresh }
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
    { ...world, admitted, enrollment: fresh, begun: [...world.begun, fresh] },
    { name: 'journey.entered', properties: { journey: machine.id }, touches: [] },
  )
  return settled(cascade, machine, fresh, hear(machine, { ...inside, enrollment: fresh }))
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

// ---- Where a passage comes to rest -------------------------------------------------------------------------------

/** How people call an end that the passage came to by itself; others then hear that it finished. */
const OUTCOMES_IN_WORDS = {
  goal: 'Reached the goal',
  exit: 'Left early',
  finished: 'Came to the end',
} as const

/** Takes over what a transition did; nothing where it was not taken. */
function settled(cascade: Cascade, machine: Machine, passage: Enrollment, taken: Taken | undefined): Cascade {
  if (!taken) return cascade
  const { enrollment, ...rest } = taken.world
  const world = { ...rest, admitted: null, enrollment: null }
  if (!taken.done) return kept({ ...cascade, world }, withDue(world, machine, enrollment))
  const outcome = enrollment.way ?? 'finished'
  const over = ended({ ...cascade, world }, enrollment, outcome, OUTCOMES_IN_WORDS[outcome])
  const properties = { journey: passage.journey, outcome }
  return { ...over, world: raised(over.world, { name: 'journey.finished', properties, touches: [] }) }
}

function withDue({ contact, zone }: World, machine: Machine, passage: Enrollment): Enrollment {
  return { ...passage, due: firstDue(machine, passage, contact.lastActivityAt, zone)?.due ?? null }
}

/** The cascade with the passage as it is now, in its place among those that hear. */
function kept(cascade: Cascade, passage: Enrollment): Cascade {
  const others = cascade.live.filter(({ id }) => id !== passage.id)
  return {
    ...cascade,
    live: [...others, passage].toSorted(byJourneyThenAge),
    changed: new Map(cascade.changed).set(passage.id, passage),
  }
}

/** Ends a passage: it is never stepped again, and its waits are gone with it. */
function ended(cascade: Cascade, passage: Enrollment, outcome: Outcome, reason: string): Cascade {
  const over = { ...passage, due: null, ended: { at: cascade.world.now, outcome, reason } }
  const world = told({ ...cascade.world, enrollment: over }, 'ended', reason)
  return {
    ...cascade,
    world: { ...world, enrollment: null },
    live: cascade.live.filter(({ id }) => id !== passage.id),
    changed: new Map(cascade.changed).set(over.id, over),
  }
}
