/** Triggers on events that no client has sent for a while: often only their name is wrong. */
import { isReservedEvent } from '../dialect/names.ts'
import type { Journey } from '../journey.ts'
import { nearest, problem, type Problem } from '../problem.ts'
import type { Known } from './check.ts'

export function neverReceived({ on }: Journey, { received }: Known): readonly Problem[] {
  return Object.keys(on).flatMap((event) =>
    received === undefined || isReservedEvent(event) || received.includes(event)
      ? []
      : [problem('never_received', ['on', event], event, nearest(event, received))],
  )
}
