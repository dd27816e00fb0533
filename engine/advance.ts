/**
 * One journal entry and all that follows from it for one contact: the whole cascade, decided and not carried out.
 * Pure: the same arguments give the same answer, ids included, so folding a contact's journal again gives the same
 * ledger, lists and enrollments.
 */
import { formatInstant } from './calendar.ts'
import { byJourneyThenAge, ended, kept, putOff, settled, withDue, type Cascade } from './cascade.ts'
import { machineOf, type Catalogue } from './catalogue.ts'
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
  type HeldEntry,
  type LedgerEntry,
  type TraceLine,
} from './contact.ts'
import { heldBack, triggered } from './entering.ts'
import { begin } from './entry.ts'
import { elapse, firstDue, hear, look, MOST_STEPS, type Machine, type Place } from './machine.ts'
import { reviewed } from './segments.ts'
import { insideOf, outsideOf, realZone, told, type Happening, type World } from './world.ts'

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
  /** The workspace's time zone; the contact's own comes first, then the event's. */
  readonly zone: string
}

export interface Advanced {
  readonly contact: Contact
  /** Every passage that this entry began, moved or ended. */
  readonly enrollments: readonly Enrollment[]
  readonly ledger: readonly LedgerEntry[]
  readonly effects: readonly Effect[]
  readonly held: readonly HeldEntry[]
  readonly trace: readonly TraceLine[]
}

/**
 * What an entry does. `needs` names facts that were not given: load them, add them and call again. `failed` means that
 * the cascade did not come to rest; nothing of it may be kept.
 */
export type AdvanceResult = Advanced | { readonly needs: readonly Fact[] } | Failed

/** Why nothing of an entry may be kept, and which journey to look at: the one at work, or that did most of it. */
export interface Failed {
  readonly failed: string
  readonly journey: string | null
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
  const result = attempted(() => cascade(start(input, loaded)))
  if (needs.size > 0) return { needs: [...needs.values()] }
  if ('failed' in result) return result
  const { contact, ledger, effects, held, trace } = result.world
  return { contact, enrollments: [...result.changed.values()], ledger, effects, held, trace }
}

/** A journey threw: a defect of ours, which must cost one entry and not all that come after it. */
class JourneyFault extends Error {
  override readonly name = 'JourneyFault'
  readonly journey: string

  constructor(journey: string, cause: unknown) {
    super((cause as Error).message, { cause })
    this.journey = journey
  }
}

function attempted(work: () => Cascade | Failed): Cascade | Failed {
  try {
    return work()
  } catch (error) {
    const journey = error instanceof JourneyFault ? error.journey : null
    return { failed: `what follows could not be decided (${(error as Error).message})`, journey }
  }
}

/** Does the work of one journey, so that it is known whose it was should it throw. */
function inJourney(journey: string, work: () => Cascade): Cascade {
  try {
    return work()
  } catch (error) {
    throw new JourneyFault(journey, error)
  }
}

function inEach(
  cascade: Cascade,
  passages: readonly Enrollment[],
  step: (cascade: Cascade, passage: Enrollment) => Cascade,
): Cascade {
  return passages.reduce((next, passage) => inJourney(passage.journey, () => step(next, passage)), cascade)
}

function start(
  { contact, enrollments, journeys, entry, zone }: AdvanceInput,
  loaded: World['loaded'],
): Cascade {
  const ownZone = realZone(contact.attributes['TIMEZONE'])
  const eventZone = realZone(entry.zone ?? beganIn(entry, enrollments))
  const world: World = {
    contact,
    entry,
    loaded,
    seq: entry.seq,
    enrollment: null,
    event: { name: entry.kind, properties: {}, touches: [] },
    now: entry.at,
    occurredAt: entry.occurredAt,
    happenedAt: entry.occurredAt,
    zone: ownZone ?? eventZone ?? zone,
    ownZone,
    eventZone,
    workspace: zone,
    segments: journeys.segments,
    scores: journeys.scores,
    admitted: null,
    happened: [],
    begun: [],
    ledger: [],
    effects: [],
    held: [],
    trace: [],
    raised: [],
    entered: 0,
  }
  const live = entry.kind === 'merge' ? [...enrollments, ...entry.enrollments] : enrollments
  return opened({ world: begin(world), journeys, live: live.toSorted(byJourneyThenAge), changed: new Map() })
}

/** The zone of the event that began the passage an entry is about: what follows from it goes by the same clock. */
function beganIn(entry: Entry, enrollments: readonly Enrollment[]): string | undefined {
  return 'enrollment' in entry ? enrollments.find(({ id }) => id === entry.enrollment)?.zone : undefined
}

/** Handles what was raised, first in first out, until nothing is left; a failure where it does not come to rest. */
function cascade(first: Cascade): Cascade | Failed {
  let current = first
  // How much of what was raised the segments have been looked at for.
  let known = 0
  const causes: number[] = []
  for (let handled = 0; ; handled++) {
    const { world } = current
    // What was raised since the last round followed from what was handled in it; the entry's own followed from nothing.
    while (causes.length < world.raised.length) causes.push(handled - 1)
    if (world.entered > MOST_STEPS)
      return restless(world, causes, handled - 1, `one event led through more than ${MOST_STEPS} steps`)
    const happening = world.raised[handled]
    if (!happening) return current
    if (handled === MOST_HAPPENINGS)
      return restless(
        world,
        causes,
        handled,
        `more than ${MOST_HAPPENINGS} changes followed from one event; the last one was “${happening.name}”`,
      )
    // What one journey is told again has been counted when it happened.
    const happened = happening.triggersOf === undefined ? [...world.happened, happening] : world.happened
    const touched = [happening, ...world.raised.slice(known)]
    known = world.raised.length
    const [next, changed] = reviewed({ ...world, event: happening, happened }, current.journeys, touched)
    current = heard({ ...current, world: next }, alsoTouching(happening, changed))
  }
}

/**
 * Who is to blame for what does not come to rest: of the chain of changes that led to the last one, the journey that made
 * most of them, and of those that made as many the first. A journey that only answers each round of others' circle stands
 * at the ends of such chains and not in them. Where no journey made any it is the one that went through most steps.
 */
function restless({ raised, trace }: World, causes: readonly number[], last: number, failed: string): Failed {
  const makers: string[] = []
  for (let index = last; index >= 0; index = causes[index] as number) makers.unshift(raised[index]?.by ?? '')
  const walkers = trace.map(({ journey, what }) => (what === 'notEntered' ? '' : (journey ?? '')))
  return { failed, journey: mostOf(makers) ?? mostOf(walkers) ?? null }
}

/** The commonest name, the first of those that are equally common; '' is none. */
function mostOf(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names) if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
}

/** What waits for a segment is looked at with what changed it, and not only when it is told who entered. */
function alsoTouching(happening: Happening, keys: readonly string[]): Happening {
  const { touches } = happening
  return touches === 'everything' || keys.length === 0
    ? happening
    : { ...happening, touches: [...touches, ...keys] }
}

// ---- Entries that concern passages directly ----------------------------------------------------------------------

function opened(cascade: Cascade): Cascade {
  const { entry } = cascade.world
  switch (entry.kind) {
    case 'wake':
      return inEach(
        cascade,
        cascade.live.filter(({ id }) => id === entry.enrollment),
        woken,
      )
    case 'message':
      return marked(cascade, entry)
    case 'leave':
      return passagesOf(cascade, entry).reduce(
        (next, passage) => ended(next, passage, 'left', entry.reason),
        cascade,
      )
    case 'move':
      return passagesOf(cascade, entry).reduce(
        (next, passage) => migrated(next, passage, entry.version),
        cascade,
      )
    case 'return':
      return entry.passages.reduce(returned, cascade)
    case 'merge':
      return withoutTwins(entry.enrollments.reduce(kept, cascade))
    default:
      return cascade
  }
}

function passagesOf(
  { live }: Cascade,
  { journey, passages }: Extract<Entry, { kind: 'leave' | 'move' }>,
): readonly Enrollment[] {
  return live.filter(({ id, journey: own }) => own === journey && (passages?.includes(id) ?? true))
}

/** Fires the earliest delay that is due by now, or says when it will be: a wait is computed anew at every wake-up. */
function woken(cascade: Cascade, passage: Enrollment): Cascade {
  const { world } = cascade
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  const first = firstDue(machine, insideOf(world, passage))
  if (!first) return cascade
  // Time tells nothing itself: "the event" is then the one that began the passage.
  const { properties } = passage
  const event = { name: 'time.due', properties, touches: [], inWords: first.inWords }
  const inside = { ...insideOf(world, passage), event }
  if (first.due > world.now)
    return putOff(cascade, passage, first.due, `Not yet: due ${formatInstant(first.due)}`)
  const noted = first.note === undefined ? inside : insideOf(told(inside, 'waits', first.note), passage)
  return settled(cascade, machine, passage, elapse(machine, noted, first))
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

/**
 * Puts a passage back to where it was before it was moved or ended. What it has sent since then it does not send again,
 * so the visits it made meanwhile still count: they are part of a message's name.
 */
function returned(cascade: Cascade, before: Enrollment): Cascade {
  const machine = machineOf(cascade.journeys, before.journey, before.version)
  const back = told(insideOf(cascade.world, before), 'went', 'The new version was taken back')
  return kept({ ...cascade, world: outsideOf(back) }, withDue(cascade.world, machine, before))
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
function heard(start: Cascade, happening: Happening): Cascade {
  const cascade = movesWaits(happening)
    ? inEach(start, start.live, (next, passage) => rescheduled(next, passage, happening))
    : start
  const before = cascade.live
  const checked = inEach(cascade, before, (next, passage) => endingsLooked(next, passage, happening))
  const waiting = checked.live.filter((passage) => before.includes(passage))
  const stepped = inEach(checked, waiting, (next, passage) => waitHeard(next, passage, happening))
  const { listeners, held } = cascade.journeys
  const open = meantBy(happening, listeners.get(happening.name))
  const paused = meantBy(happening, held.get(happening.name))
  if (!(open || paused) || happening.silent || happening.only) return stepped
  const wentOn = waiting.filter((passage) => !stepped.live.includes(passage))
  const entered = open?.reduce(
    (next, machine) => inJourney(machine.id, () => triggered(next, machine, happening, wentOn)),
    stepped,
  )
  const after = entered ?? stepped
  return paused?.reduce((next, machine) => heldBack(next, machine, happening, wentOn), after) ?? after
}

/** Whether a wait can depend on what was touched: on a date, or on the zone. */
function movesWaits({ touches }: Happening): boolean {
  return touches === 'everything' || touches.some((key) => key.startsWith('field:'))
}

/** Of the journeys that listen those that hear it. */
function meantBy(
  { triggersOf }: Happening,
  machines: readonly Machine[] | undefined,
): readonly Machine[] | undefined {
  return triggersOf === undefined ? machines : machines?.filter(({ id }) => id === triggersOf)
}

/** A wait that depends on what was touched is computed anew: the date it waits for has changed, or the zone. */
function rescheduled(cascade: Cascade, passage: Enrollment, { touches }: Happening): Cascade {
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  const place = machine.places.get(passage.step) as Place
  if (!reads(place.delayReads, touches)) return cascade
  const computed = withDue(cascade.world, machine, passage).due as number
  if (computed === passage.due) return cascade
  const due = Math.max(computed, cascade.world.now)
  return putOff(cascade, passage, due, `Now due ${formatInstant(due)}`)
}

function endingsLooked(cascade: Cascade, passage: Enrollment, { touches }: Happening): Cascade {
  const machine = machineOf(cascade.journeys, passage.journey, passage.version)
  if (passage.way !== null || !reads(machine.endingReads, touches)) return cascade
  const inside = insideOf(cascade.world, passage)
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
  const inside = insideOf(cascade.world, passage)
  return settled(cascade, machine, passage, hears ? hear(machine, inside) : look(machine, inside))
}

/** The result of a step is for the passage, step and visit that asked for it, and what is for triggers for nobody inside; all else is for everybody. */
function reaches({ only, triggersOf }: Happening, { id, step, visits }: Enrollment): boolean {
  if (triggersOf !== undefined) return false
  return !only || (only.enrollment === id && only.step === step && only.visit === visits[step])
}

function reads(keys: readonly string[], touches: Happening['touches']): boolean {
  return touches === 'everything'
    ? keys.length > 0
    : keys.some((key) => key === 'event' || touches.includes(key))
}
