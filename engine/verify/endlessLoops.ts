/**
 * Loops in which nobody waits: the machine would run until it is stopped. Whoever never gets to an end is in one of them,
 * for every other step leads on and a loop that waits may be meant ("every 30 days").
 */
import type { Journey } from '../journey.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { instantGraph, loops } from './graph.ts'

export function endlessLoops(journey: Journey): readonly Problem[] {
  return loops(instantGraph(journey)).map((loop) =>
    problem(
      'endless_loop',
      ['states', loop[0]!],
      loop.map((id) => nameOf(journey, id)),
    ),
  )
}
