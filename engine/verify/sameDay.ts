/**
 * Journeys that the same event lets the same person into, each of which sends a message within a day that answers
 * nothing the person did. Said only where nothing shows that the journeys are for different people.
 */
import { plus } from '../calendar.ts'
import type { Condition } from '../dialect/conditions.ts'
import { parseDelay } from '../delays.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, firstStepOf, messageTypeOf, reachesPerson, triggersOf } from '../reading.ts'
import { problem, type Path, type Problem } from '../problem.ts'
import { othersOf, type Known } from './check.ts'
import { goesOnAtOnce } from './together.ts'
import { mayAllHold } from './tried.ts'

/** A trigger after which a message goes out within a day. */
interface Entrance {
  readonly path: Path
  /** The event, and for a trigger by time its time. */
  readonly what: string
  readonly conditions: readonly Condition[]
}

export function mailsOnADay(journey: Journey, known: Known): readonly Problem[] {
  const others = othersOf(journey, known).map((other) => ({
    name: other.meta.name,
    entrances: entrancesOf(other),
  }))
  return entrancesOf(journey).flatMap((own) => {
    const twins = others.filter(({ entrances }) =>
      entrances.some(
        ({ what, conditions }) => what === own.what && mayAllHold([...own.conditions, ...conditions]),
      ),
    )
    return twins.length === 0
      ? []
      : [
          problem(
            'mails_on_a_day',
            own.path,
            twins.map(({ name }) => name),
          ),
        ]
  })
}

/** Being put in by hand or by another journey says nothing of who else is. */
function entrancesOf(journey: Journey): readonly Entrance[] {
  const { audience } = journey.meta
  return Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).flatMap((trigger, index) => {
      const { when, at } = trigger.guard.params ?? {}
      return event === 'journey.requested' || !sendsWithinADay(journey, firstStepOf(trigger))
        ? []
        : [
            {
              path: Array.isArray(on) ? ['on', event, index] : ['on', event],
              what: at === undefined ? event : `${event} ${at}`,
              conditions: [...(when ? [when] : []), ...(audience ? [audience] : [])],
            },
          ]
    }),
  )
}

const DAY = 24 * 3_600_000

/** Whether a message that is not transactional may go out less than a day after this step was entered. */
function sendsWithinADay(journey: Journey, first: string): boolean {
  const after = new Map([[first, 0]])
  // A step counts as it was first come to: where a sooner way leads there too, that only spares a warning.
  for (const [id, passed] of after) {
    const step = journey.states[id]!
    if (reachesPerson(step) && messageTypeOf(journey, id) !== 'transactional') return true
    const timed = Object.entries(step.after ?? {}).flatMap(([name, way]) =>
      branchesOf(way).map(({ target }) => [target, passed + lengthOf(name)] as const),
    )
    const atOnce = goesOnAtOnce(step).map((target) => [target, passed] as const)
    for (const [target, then] of [...atOnce, ...timed])
      if (then < DAY && !after.has(target)) after.set(target, then)
  }
  return false
}

/** How long a delay is at least; a moment that only the calendar knows counts as a day. */
function lengthOf(name: string): number {
  const delay = parseDelay(name)!
  return delay.type === 'after' ? plus(0, delay.duration, 'UTC') : DAY
}
