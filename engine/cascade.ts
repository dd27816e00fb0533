/** The passages of one contact in the course of a cascade: where each comes to rest, waits on, or ends. */
import { compareIds, type Enrollment, type Outcome } from './contact.ts'
import type { Catalogue } from './catalogue.ts'
import { firstDue, type Machine, type Taken } from './machine.ts'
import { insideOf, outsideOf, raised, told, type World } from './world.ts'

/** The world at hand and the contact's passages in the order they hear: by journey, then by age. */
export interface Cascade {
  readonly world: World
  readonly journeys: Catalogue
  readonly live: readonly Enrollment[]
  readonly changed: ReadonlyMap<string, Enrollment>
}

/** The order in which passages hear. */
export function byJourneyThenAge(a: Enrollment, b: Enrollment): number {
  if (a.journey !== b.journey) return a.journey < b.journey ? -1 : 1
  return compareIds(a.id, b.id)
}

/** How people call an end that the passage came to by itself; others then hear that it finished. */
const OUTCOMES_IN_WORDS = {
  goal: 'Reached the goal',
  exit: 'Left early',
  finished: 'Came to the end',
} as const

/** Takes over what a transition did; nothing where it was not taken. */
export function settled(
  cascade: Cascade,
  machine: Machine,
  passage: Enrollment,
  taken: Taken | undefined,
): Cascade {
  if (!taken) return cascade
  const { enrollment } = taken.world
  const world = outsideOf({ ...taken.world, admitted: null })
  if (!taken.done) return kept({ ...cascade, world }, withDue(world, machine, enrollment))
  const outcome = enrollment.way ?? 'finished'
  const over = ended({ ...cascade, world }, enrollment, outcome, OUTCOMES_IN_WORDS[outcome])
  const properties = { journey: passage.journey, outcome }
  const finished = { name: 'journey.finished', properties, touches: [], by: passage.journey }
  return { ...over, world: raised(over.world, finished) }
}

/** The passage with the time at which it goes on by itself. */
export function withDue(world: World, machine: Machine, passage: Enrollment): Enrollment {
  return { ...passage, due: firstDue(machine, insideOf(world, passage))?.due ?? null }
}

/** The cascade with the passage as it is now, in its place among those that hear. */
export function kept(cascade: Cascade, passage: Enrollment): Cascade {
  const others = cascade.live.filter(({ id }) => id !== passage.id)
  return {
    ...cascade,
    live: [...others, passage].toSorted(byJourneyThenAge),
    changed: new Map(cascade.changed).set(passage.id, passage),
  }
}

/** Ends a passage: it is never stepped again, and its waits are gone with it. */
export function ended(cascade: Cascade, passage: Enrollment, outcome: Outcome, reason: string): Cascade {
  const over = { ...passage, due: null, ended: { at: cascade.world.now, outcome, reason } }
  const world = told({ ...cascade.world, enrollment: over }, 'ended', reason)
  return {
    ...cascade,
    world: { ...world, enrollment: null },
    live: cascade.live.filter(({ id }) => id !== passage.id),
    changed: new Map(cascade.changed).set(over.id, over),
  }
}

/** The passage waits on, until another time. */
export function putOff(cascade: Cascade, passage: Enrollment, due: number | null, text: string): Cascade {
  const said = told(insideOf(cascade.world, passage), 'waits', text)
  return kept({ ...cascade, world: outsideOf(said) }, { ...passage, due })
}
