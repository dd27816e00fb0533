/** Waits of a few minutes before a message: meant as hours or days, or as no wait at all. */
import { durationInWords, plus } from '../calendar.ts'
import { parseDelay } from '../delays.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, kindOf, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { messageFrom } from './together.ts'

/** Five minutes. */
const SHORT = 5 * 60_000

export function shortWaits(journey: Journey): readonly Problem[] {
  return stepsOf(journey).flatMap(([id, step]) => {
    if (kindOf(step) !== 'wait') return []
    const [name, way] = Object.entries(step.after!)[0]!
    const delay = parseDelay(name)!
    const message = messageFrom(
      journey,
      branchesOf(way).map(({ target }) => target),
    )
    return delay.type !== 'after' || plus(0, delay.duration, 'UTC') >= SHORT || message === undefined
      ? []
      : [
          problem(
            'short_wait',
            ['states', id, 'after', name],
            durationInWords(delay.duration),
            nameOf(journey, message),
          ),
        ]
  })
}
