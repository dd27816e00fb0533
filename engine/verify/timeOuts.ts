/** Steps that wait for something to happen and would wait for ever if it never does. */
import type { Journey } from '../journey.ts'
import { kindOf, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'

export function missingTimeOuts(journey: Journey): readonly Problem[] {
  return stepsOf(journey).flatMap(([id, step]) =>
    kindOf(step) === 'waitFor' && step.after === undefined
      ? [problem('no_time_out', ['states', id], nameOf(journey, id))]
      : [],
  )
}
