/**
 * Parallel journeys that send or wait. Meant for counting every action: a contact who triggers one five times would
 * get five mails. With a key (one passage per order, say) that is meant.
 */
import type { Journey } from '../journey.ts'
import { channelOf, reentryOf, rests, stepsOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'

export function parallelPassages(journey: Journey): readonly Problem[] {
  const { policy, key } = reentryOf(journey)
  if (policy !== 'parallel' || key !== undefined) return []
  const sender = stepsOf(journey).find(([, step]) => channelOf(step) !== undefined)
  const waiter = stepsOf(journey).find(([, step]) => rests(step))
  return [
    ...(sender ? [problem('parallel_sends', ['states', sender[0]], nameOf(journey, sender[0]))] : []),
    ...(waiter ? [problem('parallel_waits', ['states', waiter[0]], nameOf(journey, waiter[0]))] : []),
  ]
}
