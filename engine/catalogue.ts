/** The published journeys, indexed so that an event costs nothing for those that do not listen to it. */
import { branchesOf, stepsOf, type Journey } from './journey.ts'
import { buildMachine, type Machine } from './machine.ts'

export interface PublishedJourney {
  readonly journey: Journey
  readonly version: number
  /** Whether new passages may begin: true for the newest version of a live journey. Older ones only serve who is inside. */
  readonly open: boolean
}

export interface Catalogue {
  readonly machines: ReadonlyMap<string, Machine>
  /** Machines that let in on an event, by journey id. */
  readonly listeners: ReadonlyMap<string, readonly Machine[]>
  /** Attributes that journeys count in: a ledger keeps them, and no client may write them. */
  readonly scores: ReadonlySet<string>
}

function machineKey(journey: string, version: number): string {
  return `${version}@${journey}`
}

/** Builds the index. `known` machines of an earlier catalogue are kept, so that a publication builds only its own. */
export function catalogueOf(journeys: readonly PublishedJourney[], known?: Catalogue): Catalogue {
  const machines = new Map(
    journeys.map(({ journey, version }) => {
      const key = machineKey(journey.id, version)
      return [key, known?.machines.get(key) ?? buildMachine(journey, version)]
    }),
  )
  const open = journeys
    .filter((published) => published.open)
    .toSorted((a, b) => (a.journey.id < b.journey.id ? -1 : 1))
  const listeners = new Map<string, Machine[]>()
  for (const { journey, version } of open) {
    const machine = machines.get(machineKey(journey.id, version)) as Machine
    for (const event of Object.keys(journey.on))
      listeners.set(event, [...(listeners.get(event) ?? []), machine])
  }
  return { machines, listeners, scores: new Set(journeys.flatMap(({ journey }) => [...scoresOf(journey)])) }
}

/** The machine of a passage. Throws where the shell did not give the version: that is a defect, not a state of affairs. */
export function machineOf(catalogue: Catalogue, journey: string, version: number): Machine {
  const machine = catalogue.machines.get(machineKey(journey, version))
  if (!machine) throw new Error(`journey "${journey}" version ${version} is not in the catalogue`)
  return machine
}

/** The attributes in which a journey counts: SCORE, and all it adds to, subtracts from or multiplies. */
function scoresOf(journey: Journey): ReadonlySet<string> {
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
