/**
 * Ways behind the goal or an exit: they stand in front of every way, so where everybody who could take it has reached
 * the goal or left by then, nobody takes it. On the way of a goal or an exit neither is looked at again.
 */
import type { Condition } from '../dialect/conditions.ts'
import type { Journey } from '../journey.ts'
import { stepsOf, triggersOf, waysOf, whenOf } from '../reading.ts'
import { problem, type Path, type Problem } from '../problem.ts'
import { wayName } from './check.ts'
import { endingSteps, reached, waysGraph } from './graph.ts'
import { takes } from './tried.ts'

export function waysBehindEndings(journey: Journey): readonly Problem[] {
  const { goal, exits = [] } = journey.meta
  const endings = [
    ...exits.map(({ when }) => ({ when, ending: 'exit' as const })),
    ...(goal ? [{ when: goal.when, ending: 'goal' as const }] : []),
  ]
  return [...triggerWays(journey), ...stepWays(journey)].flatMap(({ path, name, when }) => {
    const before = takes([], when) ? undefined : endings.find((ending) => takes([ending.when], when))
    return before ? [problem('behind_ending', path, name, before.ending)] : []
  })
}

interface GuardedWay {
  readonly path: Path
  readonly name: string
  readonly when: Condition
}

function triggerWays(journey: Journey): readonly GuardedWay[] {
  return Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).flatMap(({ target, guard: { params }, meta }, index) =>
      params?.when
        ? [
            {
              path: Array.isArray(on) ? ['on', event, index] : ['on', event],
              name: wayName(journey, target.slice(1), meta?.label),
              when: params.when,
            },
          ]
        : [],
    ),
  )
}

function stepWays(journey: Journey): readonly GuardedWay[] {
  const after = reached(waysGraph(journey), endingSteps(journey))
  return stepsOf(journey).flatMap(([id, step]) =>
    after.has(id)
      ? []
      : waysOf(step).flatMap(({ at, branch }) => {
          const when = whenOf(branch)
          const name = wayName(journey, branch.target, branch.meta?.label)
          return when ? [{ path: ['states', id, ...at], name, when }] : []
        }),
  )
}
