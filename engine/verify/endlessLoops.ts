/** Loops in which nobody waits: the machine would run until it is stopped. */
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
