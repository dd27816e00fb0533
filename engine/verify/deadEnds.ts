/**
 * Steps from which nobody ever gets to an end, nor into a loop that waits (which may be meant: "every 30 days"). Steps
 * of a loop that does not wait are named by `endlessLoops`, not here again.
 */
import type { Journey } from '../journey.ts'
import { rests, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { loops, reached, reversed, waysGraph } from './graph.ts'

export function deadEnds(journey: Journey): readonly Problem[] {
  const graph = waysGraph(journey)
  const circles = loops(graph)
  const ends = stepsOf(journey).flatMap(([id, step]) => (step.type === 'final' ? [id] : []))
  const waiting = circles.filter((loop) => loop.some((id) => rests(journey.states[id]!))).flat()
  const fine = new Set([...reached(reversed(graph), [...ends, ...waiting]), ...circles.flat()])
  return stepsOf(journey).flatMap(([id]) =>
    fine.has(id) ? [] : [problem('dead_end', ['states', id], nameOf(journey, id))],
  )
}
