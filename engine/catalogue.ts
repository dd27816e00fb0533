/** The published journeys, indexed so that an event costs nothing for those that do not listen to it. */
import { parseDelay, type TriggerDelay } from './delays.ts'
import type { Condition } from './dialect/conditions.ts'
import type { Journey } from './journey.ts'
import { branchesOf, stepsOf, triggersOf } from './reading.ts'
import { buildMachine, type Machine } from './machine.ts'
import { segmentReaders } from './segments.ts'

export interface PublishedJourney {
  readonly journey: Journey
  readonly version: number
  /** Whether new passages may begin: true for the newest version of a live journey. Older ones only serve who is inside. */
  readonly open: boolean
  /** True for the newest version of a paused journey: what would have let somebody in is told, to be tried later. */
  readonly held?: boolean
}

/** A time at which triggers of a journey let in. */
export interface JourneyTime {
  readonly journey: string
  /** Its name, as it stands in `at`. */
  readonly name: string
  readonly delay: TriggerDelay
}

export interface Catalogue {
  readonly machines: ReadonlyMap<string, Machine>
  /** Machines that let in on an event, by journey id. */
  readonly listeners: ReadonlyMap<string, readonly Machine[]>
  /** The same of paused journeys, which let nobody in. */
  readonly held: ReadonlyMap<string, readonly Machine[]>
  /** The times that triggers of live and paused journeys name. */
  readonly times: readonly JourneyTime[]
  /** Whether anything looks back from now, so that it changes by time alone. */
  readonly looksBack: boolean
  /** Attributes that journeys count in: a ledger keeps them, and no client may write them. */
  readonly scores: ReadonlySet<string>
  /** What segments mean, by name. */
  readonly segments: ReadonlyMap<string, Condition>
  /** The segments that depend on something, in the terms of `readsOf`. */
  readonly segmentReaders: ReadonlyMap<string, readonly string[]>
}

const NO_SEGMENTS: ReadonlyMap<string, Condition> = new Map()

function machineKey(journey: string, version: number): string {
  return `${version}@${journey}`
}

/**
 * Builds the index. `known` machines of an earlier catalogue are kept, so that a publication builds only its own.
 * Segments must know each other without circles (`segmentProblems`). `counted` are scores of versions that are not given
 * any more: what a ledger has kept once it keeps for ever.
 */
export function catalogueOf(
  journeys: readonly PublishedJourney[],
  known?: Catalogue,
  segments = NO_SEGMENTS,
  counted: Iterable<string> = [],
): Catalogue {
  const machines = new Map(
    journeys.map(({ journey, version }) => {
      const key = machineKey(journey.id, version)
      return [key, known?.machines.get(key) ?? buildMachine(journey, version)]
    }),
  )
  const those = (which: (published: PublishedJourney) => boolean | undefined) =>
    listenersOf(journeys.filter(which), machines)
  const readers = segmentReaders(segments)
  const [listeners, held] = [those(({ open }) => open), those(({ held }) => held)]
  return {
    machines,
    listeners,
    held,
    times: [listeners, held].flatMap((all) => (all.get('time.due') ?? []).flatMap(timesOf)),
    scores: new Set([...counted, ...journeys.flatMap(({ journey }) => [...scoresOf(journey)])]),
    segments,
    segmentReaders: readers,
    looksBack: readers.has('time') || [...machines.values()].some(looksBack),
  }
}

function looksBack({ endingReads, places }: Machine): boolean {
  return [endingReads, ...[...places.values()].map(({ reads }) => reads)].some((keys) =>
    keys.includes('time'),
  )
}

function listenersOf(
  journeys: readonly PublishedJourney[],
  machines: Catalogue['machines'],
): Catalogue['listeners'] {
  const listeners = new Map<string, Machine[]>()
  for (const { journey, version } of journeys.toSorted((a, b) => (a.journey.id < b.journey.id ? -1 : 1))) {
    const machine = machines.get(machineKey(journey.id, version)) as Machine
    for (const event of Object.keys(journey.on))
      listeners.set(event, [...(listeners.get(event) ?? []), machine])
  }
  return listeners
}

function timesOf({ journey }: Machine): readonly JourneyTime[] {
  const names = triggersOf(journey.on['time.due'] as Journey['on'][string]).map(
    ({ guard }) => guard.params?.at as string,
  )
  return [...new Set(names)].map((name) => ({
    journey: journey.id,
    name,
    delay: parseDelay(name) as TriggerDelay,
  }))
}

/** The machine of a passage. Throws where the shell did not give the version: that is a defect, not a state of affairs. */
export function machineOf(catalogue: Catalogue, journey: string, version: number): Machine {
  const machine = catalogue.machines.get(machineKey(journey, version))
  if (!machine) throw new Error(`journey "${journey}" version ${version} is not in the catalogue`)
  return machine
}

/** The attributes in which a journey counts: SCORE, and all it adds to, subtracts from or multiplies. */
export function scoresOf(journey: Journey): ReadonlySet<string> {
  const actions = stepsOf(journey).flatMap(([, step]) => [
    step.entry,
    ...Object.values(step.after ?? {}).flatMap((way) =>
      branchesOf(way).flatMap((branch) => branch.actions ?? []),
    ),
  ])
  const counted = actions.flatMap((action) => {
    if (action?.type !== 'updateAttribute') return []
    const { attribute, add, subtract, multiply } = action.params
    return add !== undefined || subtract !== undefined || multiply !== undefined ? [attribute] : []
  })
  return new Set(['SCORE', ...counted])
}
