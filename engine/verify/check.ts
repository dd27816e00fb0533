/** What every check is: a parsed journey and what else there is go in, problems come out. Pure. */
import type { Journey } from '../journey.ts'
import type { Problem } from '../problem.ts'

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
}

export type Check = (journey: Journey, known: Known) => readonly Problem[]

/** What a person calls a step: its label, else its id. */
export function nameOf(journey: Journey, step: string): string {
  return journey.states[step]?.meta?.label ?? step
}

/** The published journeys other than this one. */
export function othersOf(journey: Journey, known: Known): readonly Journey[] {
  return known.journeys.filter(({ id }) => id !== journey.id)
}
