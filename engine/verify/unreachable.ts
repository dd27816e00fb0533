/** Steps nobody can get to: no trigger, no goal and no exit leads there. */
import type { Journey } from '../journey.ts'
import { stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { endingSteps, firstSteps, reached, waysGraph } from './graph.ts'

export function unreachableSteps(journey: Journey): readonly Problem[] {
  const seen = reached(waysGraph(journey), [...firstSteps(journey), ...endingSteps(journey)])
  return stepsOf(journey).flatMap(([id]) =>
    seen.has(id) ? [] : [problem('unreachable_step', ['states', id], nameOf(journey, id))],
  )
}
