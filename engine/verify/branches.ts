/**
 * Branches nobody can take, because their condition can never hold or the branches before them take everyone they
 * would. Decided by trying values, which never calls a reachable branch unreachable.
 */
import type { Condition } from '../dialect/conditions.ts'
import type { Way } from '../dialect/steps.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, kindOf, stepsOf, triggersOf, whenOf } from '../reading.ts'
import { problem, type Path, type Problem } from '../problem.ts'
import { wayName } from './check.ts'
import { takes } from './tried.ts'

interface Guarded {
  readonly path: Path
  readonly name: string
  /** Absent: everyone. */
  readonly when?: Condition
}

export function unreachableBranches(journey: Journey): readonly Problem[] {
  return [...triggerLists(journey), ...stepLists(journey)].flatMap((list) =>
    list.flatMap((branch, index) => judge(branch, list.slice(0, index))),
  )
}

/** Triggers on one event; those by time compete only where they name the same one. */
function triggerLists(journey: Journey): readonly (readonly Guarded[])[] {
  return Object.entries(journey.on).flatMap(([event, on]) => {
    const times = new Map<string | undefined, Guarded[]>()
    triggersOf(on).forEach(({ target, guard: { params }, meta }, index) => {
      const guarded = {
        path: Array.isArray(on) ? ['on', event, index] : ['on', event],
        name: wayName(journey, target.slice(1), meta?.label),
        ...(params?.when && { when: params.when }),
      }
      times.set(params?.at, [...(times.get(params?.at) ?? []), guarded])
    })
    return [...times.values()]
  })
}

function stepLists(journey: Journey): readonly (readonly Guarded[])[] {
  // The shares of a split follow each other without a gap: everyone of them is drawn by somebody.
  const steps = stepsOf(journey).filter(([, step]) => kindOf(step) !== 'split')
  return steps.flatMap(([id, step]) => [
    guardedList(journey, step.always, ['states', id, 'always']),
    ...Object.entries(step.on ?? {}).map(([event, way]) =>
      guardedList(journey, way, ['states', id, 'on', event]),
    ),
  ])
}

function guardedList(journey: Journey, way: Way | undefined, path: Path): readonly Guarded[] {
  return branchesOf(way).map((branch, index) => {
    const when = whenOf(branch)
    return {
      path: Array.isArray(way) ? [...path, index] : path,
      name: wayName(journey, branch.target, branch.meta?.label),
      ...(when && { when }),
    }
  })
}

function judge({ path, name, when }: Guarded, before: readonly Guarded[]): readonly Problem[] {
  const why = reasonNobody(when, before)
  return why === undefined ? [] : [problem('unreachable_branch', path, name, why)]
}

function reasonNobody(when: Condition | undefined, before: readonly Guarded[]): string | undefined {
  if (when && takes([], when)) return 'its condition can never hold'
  const taker = before.find((earlier) => takes([earlier.when], when))
  if (taker) return `the way to ${taker.name} before it takes everyone it would`
  // "Everyone else" must stand last, so it is not blamed when the branches before it happen to leave nobody over.
  return when &&
    takes(
      before.map((earlier) => earlier.when),
      when,
    )
    ? 'the ways before it take everyone it would'
    : undefined
}
