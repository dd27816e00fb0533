/** Two journeys that lower the same score for inactivity: who is inactive would lose points twice (design section 5). */
import type { UpdateParams } from '../dialect/actions.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { othersOf, type Known } from './check.ts'

export function scoresLoweredTwice(journey: Journey, known: Known): readonly Problem[] {
  const elsewhere = othersOf(journey, known).flatMap((other) =>
    decaysOf(other).map(({ attribute }) => ({ attribute, other })),
  )
  return decaysOf(journey).flatMap(({ step, attribute }) => {
    const twin = elsewhere.find((decay) => decay.attribute === attribute)
    return twin ? [problem('lowered_twice', ['states', step], attribute, twin.other.meta.name)] : []
  })
}

function decaysOf(journey: Journey): readonly { readonly step: string; readonly attribute: string }[] {
  const ways = stepsOf(journey).flatMap(([step, { after = {} }]) =>
    Object.values(after).flatMap((way) => branchesOf(way).map(({ actions = [] }) => ({ step, actions }))),
  )
  // Only the way of a decay has actions, and they are updates: the shapes see to that.
  return ways.flatMap(({ step, actions }) =>
    actions.map(({ params }) => ({ step, attribute: (params as UpdateParams).attribute })),
  )
}
