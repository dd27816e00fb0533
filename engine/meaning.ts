/**
 * What the shapes cannot say: that the parts of a journey fit together. Part of parsing, since XState would throw or
 * misread; works on the parts whose shape is right, so that a person sees all problems of a file at once.
 */
import { isObject } from './json.ts'
import { stepIdFault } from './dialect/names.ts'
import { FACTS_OF_CHANNEL } from './dialect/conditions.ts'
import type { Step } from './dialect/steps.ts'
import type { Journey, Trigger } from './journey.ts'
import { channelOf, conditionsOf, firstStepOf, kindOf, stepsOf, triggersOf, waysOf } from './reading.ts'
import { nearest, oneOf, problem, type Path, type Problem } from './problem.ts'

/** Problems between the parts. `isSound` tells whether the shape of a part, such as `['states', 'welcome']`, is right. */
export function meaningProblems(document: unknown, isSound: (path: Path) => boolean): readonly Problem[] {
  if (!isObject(document)) return []
  const journey = {
    meta: soundMembers(document, 'meta', isSound),
    on: soundMembers(document, 'on', isSound),
    states: soundMembers(document, 'states', isSound),
  } as unknown as Journey
  const ids = isObject(document['states'])
    ? Object.keys(document['states']).filter((id) => id !== 'outside')
    : []
  return [
    ...idProblems(ids),
    ...triggerProblems(document, journey, ids),
    ...endingProblems(journey, ids),
    ...stepProblems(journey, ids),
    ...messageProblems(journey, ids),
  ]
}

function soundMembers(
  document: { readonly [key: string]: unknown },
  part: string,
  isSound: (path: Path) => boolean,
): object {
  const members = document[part]
  return isObject(members) && isSound([part])
    ? Object.fromEntries(Object.entries(members).filter(([key]) => isSound([part, key])))
    : {}
}

function idProblems(ids: readonly string[]): readonly Problem[] {
  return ids.flatMap((id) => {
    const expected = stepIdFault(id)
    return expected === undefined ? [] : [problem('unexpected', ['states'], expected, id)]
  })
}

function triggerProblems(
  document: { readonly [key: string]: unknown },
  journey: Journey,
  ids: readonly string[],
): readonly Problem[] {
  if (isObject(document['on']) && Object.keys(document['on']).length === 0)
    return [problem('no_trigger', ['on'])]
  return Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).flatMap((trigger, index) => {
      const path = Array.isArray(on) ? ['on', event, index] : ['on', event]
      return [
        ...exists(firstStepOf(trigger), ids, [...path, 'target']),
        ...timeProblems(event, trigger, [...path, 'guard', 'params']),
      ]
    }),
  )
}

/** A time is what `time.due` is about, and nothing else. */
function timeProblems(event: string, { guard: { params } }: Trigger, path: Path): readonly Problem[] {
  const named = params?.at !== undefined
  if (event === 'time.due') return named ? [] : [problem('no_time', path)]
  return named ? [problem('time_elsewhere', [...path, 'at'])] : []
}

function endingProblems({ meta: { goal, exits = [] } }: Journey, ids: readonly string[]): readonly Problem[] {
  const ways = [
    ...(goal ? [{ ...goal, path: ['meta', 'goal', 'to'] }] : []),
    ...exits.map((exit, index) => ({ ...exit, path: ['meta', 'exits', index, 'to'] })),
  ]
  return ways.flatMap(({ to, path }) => (to === undefined ? [] : exists(to, ids, path)))
}

function stepProblems(journey: Journey, ids: readonly string[]): readonly Problem[] {
  return stepsOf(journey).flatMap(([id, step]) =>
    waysOf(step).flatMap(({ at, branch }) =>
      targetProblems(journey, ids, id, step, branch.target, ['states', id, ...at]),
    ),
  )
}

function targetProblems(
  journey: Journey,
  ids: readonly string[],
  id: string,
  step: Step,
  target: string,
  path: Path,
): readonly Problem[] {
  if (!ids.includes(target)) return exists(target, ids, path)
  if (kindOf(step) === 'decay' && target !== id) return [problem('decay_target', path, target)]
  const next = journey.states[target]
  return kindOf(step) === 'leave' && next && next.type !== 'final'
    ? [problem('leave_target', path, target)]
    : []
}

function exists(id: string, ids: readonly string[], path: Path): readonly Problem[] {
  return ids.includes(id) ? [] : [problem('unknown_step', path, id, nearest(id, ids))]
}

/**
 * A condition on a message names a step of this journey that makes one, and what can become of one of that kind. A step
 * whose shape is wrong may be any.
 */
function messageProblems(journey: Journey, ids: readonly string[]): readonly Problem[] {
  const broken = ids.filter((id) => !Object.hasOwn(journey.states, id))
  const facts = new Map(
    stepsOf(journey).flatMap(([id, step]) => {
      const channel = channelOf(step)
      return channel === undefined || channel === 'notice' ? [] : [[id, FACTS_OF_CHANNEL[channel]] as const]
    }),
  )
  return conditionsOf(journey).flatMap(({ path, when }) => {
    if (!('message' in when) || broken.includes(when.message)) return []
    const known = facts.get(when.message)
    if (!known)
      return [
        problem(
          'not_a_message',
          [...path, 'message'],
          when.message,
          nearest(when.message, [...facts.keys()]),
        ),
      ]
    return known.includes(when.was) ? [] : [problem('unexpected', [...path, 'was'], oneOf(known), when.was)]
  })
}
