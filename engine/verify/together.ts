/**
 * Messages that the same person gets at the same moment, since nobody waits between them. One that goes out because
 * another could not is none of these.
 */
import type { Step } from '../dialect/steps.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, reachesPerson, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'

export function messagesTogether(journey: Journey): readonly Problem[] {
  return stepsOf(journey).flatMap(([id, step]) => {
    const next = reachesPerson(step) ? messageFrom(journey, goesOnAtOnce(step)) : undefined
    // A message that follows itself goes round in a loop that `endlessLoops.ts` tells.
    return next === undefined || next === id
      ? []
      : [problem('messages_together', ['states', next], nameOf(journey, id), nameOf(journey, next))]
  })
}

/** The next step that sends the person something, from these steps on ways on which nobody waits. */
export function messageFrom({ states }: Journey, from: readonly string[]): string | undefined {
  const seen = new Set(from)
  // A set that grows while it is walked is walked to its new end.
  for (const id of seen) {
    const next = states[id] as Step
    if (reachesPerson(next)) return id
    for (const target of goesOnAtOnce(next)) seen.add(target)
  }
  return undefined
}

export function goesOnAtOnce({ always, on }: Step): readonly string[] {
  return [always, on?.['step.done']].flatMap((way) => branchesOf(way).map(({ target }) => target))
}
