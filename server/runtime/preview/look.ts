/** What a look ahead works with: the journeys as they would be, the people as they are, and time for everybody else. */
import { catalogueOf, type Catalogue, type Happens, type Journey } from '../../../engine/index.ts'
import type { Counts } from '../../messages/brakes.ts'
import { brakesOf, recentMessages, sentLately } from '../../store/brakes.ts'
import type { Database, Reading, Tx } from '../../store/database.ts'
import type { Person } from '../../store/foresight.ts'
import { readingOn } from '../../store/reading.ts'
import { lastEntry } from '../../store/timeline.ts'
import type { Book } from '../book.ts'
import { breather } from '../breather.ts'
import { factOf, type Runtime } from '../process.ts'
import type { Choices } from '../publication.ts'
import type { Future, Someone } from './foresight.ts'

const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const WEEK = 7 * DAY

export interface PreviewDeps {
  readonly database: Database
  readonly runtime: Runtime
  readonly journeys: Book
}

export type Chosen = Required<Pick<Choices, 'inside' | 'letIn'>>

export interface Look {
  readonly read: Tx['db']
  readonly reading: Reading
  readonly future: Future
  /** The same without what keeps people out who match. */
  readonly openHouse: Future
  /** The draft, and the number that it would get. */
  readonly journey: Journey
  readonly version: number
  readonly chosen: Chosen
  /** How many messages the journey sent lately. */
  readonly counts: Counts
  /** Whether waits of a journey are woken: those of a paused one are not. */
  readonly wakes: (journey: string) => boolean
  /** Lets others go first, now and then. */
  readonly breathe: () => Promise<void>
}

/** How many were looked at, of how many. */
export interface Sample {
  readonly looked: number
  readonly of: number
}

export async function lookOut(
  { database: { read }, runtime, journeys }: PreviewDeps,
  journey: Journey,
  version: number,
  chosen: Chosen,
  now: number,
): Promise<Look> {
  const current = journeys.catalogue()
  const common = { zone: runtime.zone, brakes: await brakesOf(read), now, seq: await lastEntry(read) }
  const paused = new Set([...current.held.values()].flat().map(({ id }) => id))
  const { audience: _audience, goal: _goal, exits: _exits, ...meta } = journey.meta
  const unguarded = { ...journey, meta: { ...meta, reentry: { policy: 'parallel' } } } as const
  return {
    read,
    reading: readingOn(read),
    future: { ...common, catalogue: catalogueWith(current, journey, version) },
    openHouse: { ...common, catalogue: catalogueWith(current, unguarded, version) },
    journey,
    version,
    chosen,
    counts: await sentLately(read, journey.id),
    wakes: (id) => id === journey.id || !paused.has(id),
    breathe: breather(),
  }
}

/** The catalogue as it would be: with one version more, which alone lets into its journey. */
function catalogueWith(current: Catalogue, journey: Journey, version: number): Catalogue {
  const open = new Set([...current.listeners.values()].flat())
  const held = new Set([...current.held.values()].flat())
  const others = [...current.machines.values()].map((machine) => ({
    journey: machine.journey,
    version: machine.version,
    open: open.has(machine) && machine.id !== journey.id,
    held: held.has(machine) && machine.id !== journey.id,
  }))
  return catalogueOf([...others, { journey, version, open: true }], current, current.segments, current.scores)
}

/** A person with all that the days to come depend on. */
export function someoneOf({ reading, future, wakes }: Look, { contact, passages }: Person): Someone {
  return {
    contact,
    passages: passages.map((passage) => (wakes(passage.journey) ? passage : { ...passage, due: null })),
    recent: () => recentMessages(reading, contact.id, future.now - WEEK, ''),
    fact: (fact) => factOf(reading, contact.id, fact),
    facts: {},
  }
}

/** What publication does to a person who is inside, as it was chosen. */
export function takenAlong(
  { journey, version, chosen, future: { now } }: Look,
  { passages }: Pick<Person, 'passages'>,
): readonly Happens[] {
  const inside = passages.filter((passage) => passage.journey === journey.id).map(({ id }) => id)
  if (inside.length === 0 || chosen.inside === 'stay') return []
  const common = { at: now, occurredAt: now, late: false, journey: journey.id, passages: inside }
  return chosen.inside === 'move'
    ? [{ ...common, kind: 'move', version }]
    : [{ ...common, kind: 'leave', reason: 'A new version is published without those inside' }]
}
