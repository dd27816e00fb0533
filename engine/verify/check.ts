/** What every check is: a parsed journey and what else there is go in, problems come out. Pure. */
import type { Step } from '../dialect/steps.ts'
import type { Journey } from '../journey.ts'
import { clipped, type Problem } from '../problem.ts'
import type { Outlet } from '../reading.ts'
import { stepInWords } from '../stepName.ts'

/** What exists besides the journey. */
export interface Known {
  /** Names of the messages that can be sent. */
  readonly templates: readonly string[]
  /** Names of the segments. */
  readonly segments: readonly string[]
  /** Names of the attributes that contacts have; absent where nobody looked. */
  readonly attributes?: readonly string[]
  /** The other published journeys. One with the id of the journey checked is an older version of it and not looked at. */
  readonly journeys: readonly Journey[]
  /** The events of clients that were received in the last 30 days; absent: that is not known. */
  readonly received?: readonly string[]
  /** What stands in the way of sending, by where it would leave the house: sentences. Absent: nothing does. */
  readonly missing?: { readonly [outlet in Outlet]: readonly string[] }
}

export type Check = (journey: Journey, known: Known) => readonly Problem[]

/** What a sentence calls a step of the journey. */
export function nameOf(journey: Journey, step: string): string {
  return stepInWords(journey.states[step] as Step)
}

/** What a sentence calls a way: by its label, else by the step it leads to. */
export function wayName(journey: Journey, target: string, label: string | undefined): string {
  return label === undefined ? nameOf(journey, target) : `“${clipped(label)}”`
}

/** The published journeys other than this one. */
export function othersOf(journey: Journey, known: Known): readonly Journey[] {
  return known.journeys.filter(({ id }) => id !== journey.id)
}
