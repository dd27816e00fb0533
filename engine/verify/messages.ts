/**
 * Loops that pass a message without a limit. A limit is a condition in the loop that counts something: without the
 * steps that have one, the message must no longer be in a loop.
 */
import type { Condition } from '../dialect/conditions.ts'
import type { Journey } from '../journey.ts'
import { reachesPerson, stepsOf, waysOf, whenOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { loops, waysGraph } from './graph.ts'

export function unlimitedMessages(journey: Journey): readonly Problem[] {
  const limits = new Set(
    stepsOf(journey).flatMap(([id, step]) =>
      waysOf(step).some(({ branch }) => isCounted(whenOf(branch))) ? [id] : [],
    ),
  )
  const unlimited = new Map([...waysGraph(journey)].filter(([id]) => !limits.has(id)))
  return loops(unlimited).flatMap((loop) => {
    const messages = loop.filter((id) => reachesPerson(journey.states[id]!))
    return messages.length === 0
      ? []
      : [
          problem(
            'unlimited_messages',
            ['states', messages[0]!],
            messages.map((id) => nameOf(journey, id)),
          ),
        ]
  })
}

function isCounted(when: Condition | undefined): boolean {
  if (when === undefined) return false
  if ('all' in when) return when.all.some(isCounted)
  if ('any' in when) return when.any.some(isCounted)
  return 'not' in when ? isCounted(when.not) : 'count' in when
}
