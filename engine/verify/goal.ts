/**
 * Steps after a step that can reach the goal: whoever reaches it there never comes to them, since the goal ends the
 * passage before the next step. What must still be done belongs on the goal's own way.
 */
import type { Condition } from '../dialect/conditions.ts'
import type { Action } from '../dialect/actions.ts'
import type { Journey } from '../journey.ts'
import { kindOf, stepsOf, waysOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'
import { moves } from './circles.ts'
import { firstSteps, reached, waysGraph } from './graph.ts'

export function goalsInPassing(journey: Journey): readonly Problem[] {
  const { goal } = journey.meta
  if (!goal) return []
  const ways = waysGraph(journey)
  const before = reached(ways, firstSteps(journey))
  const onGoalsWay = reached(ways, goal.to === undefined ? [] : [goal.to])
  return stepsOf(journey).flatMap(([id, { entry }]) =>
    before.has(id) && entry && mayFulfil(entry, goal.when) && leadsOn(journey, id, onGoalsWay)
      ? [problem('goal_in_passing', ['states', id], nameOf(journey, id))]
      : [],
  )
}

/** Whether steps come after it that the goal's own way does not lead to. */
function leadsOn(journey: Journey, id: string, onGoalsWay: ReadonlySet<string>): boolean {
  const next = waysOf(journey.states[id]!).map(({ branch }) => branch.target)
  return next.some(
    (step) => !onGoalsWay.has(step) && !['end', 'leave'].includes(kindOf(journey.states[step]!)),
  )
}

/** Whether what the action changes can make the condition hold; `wanted` turns round under "not". */
function mayFulfil(action: Action, when: Condition, wanted = true): boolean {
  if ('all' in when) return when.all.some((part) => mayFulfil(action, part, wanted))
  if ('any' in when) return when.any.some((part) => mayFulfil(action, part, wanted))
  if ('not' in when) return mayFulfil(action, when.not, !wanted)
  if ('list' in when) return wanted ? joins(action, when.list) : leaves(action, when.list)
  if (!('field' in when)) return false
  if (action.type === 'callWebhook') return Object.hasOwn(action.params.store ?? {}, when.field)
  if (action.type === 'setStage') return when.field === 'stage' && mayBe(action.params.stage, when, wanted)
  return (
    action.type === 'updateAttribute' &&
    action.params.attribute === when.field &&
    mayMove(action, when.operator, wanted)
  )
}

function joins(action: Action, list: string): boolean {
  return (action.type === 'addToList' || action.type === 'moveToList') && action.params.list === list
}

function leaves(action: Action, list: string): boolean {
  return (
    (action.type === 'removeFromList' && action.params.list === list) ||
    (action.type === 'moveToList' && (action.params.from ?? []).includes(list))
  )
}

function mayBe(
  stage: string,
  { operator, value }: Extract<Condition, { field: string }>,
  wanted: boolean,
): boolean {
  if (operator === '=') return (value === stage) === wanted
  if (operator === 'in') return (value as readonly unknown[]).includes(stage) === wanted
  return true
}

function mayMove(
  { params }: Extract<Action, { type: 'updateAttribute' }>,
  operator: string,
  wanted: boolean,
): boolean {
  if (operator.startsWith('>')) return moves(params, wanted ? 'up' : 'down')
  return operator.startsWith('<') ? moves(params, wanted ? 'down' : 'up') : true
}
