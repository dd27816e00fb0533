/**
 * Loops that pass a message without a limit. A limit is a condition in the loop that counts something: without the
 * steps that have one, the message must no longer be in a loop.
 */
import { stepsOf, waysOf, type Condition, type Journey } from '../journey.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { loops, waysGraph } from './graph.ts'

export function unlimitedMessages(journey: Journey): readonly Problem[] {
  const limits = new Set(
    stepsOf(journey).flatMap(([id, step]) =>
      waysOf(step).some(({ branch }) => branch.guard && counts(branch.guard.params.when)) ? [id] : [],
    ),
  )
  const unlimited = new Map([...waysGraph(journey)].filter(([id]) => !limits.has(id)))
  return loops(unlimited).flatMap((loop) => {
    const messages = loop.filter((id) => journey.states[id]?.entry?.type === 'sendEmail')
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

function counts(when: Condition): boolean {
  if ('all' in when) return when.all.some(counts)
  if ('any' in when) return when.any.some(counts)
  return 'not' in when ? counts(when.not) : 'count' in when
}
