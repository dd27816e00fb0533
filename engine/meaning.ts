/**
 * What the shapes cannot say: that the parts of a journey fit together. Part of parsing, since XState would throw or
 * misread; works on the parts whose shape is right, so that a person sees all problems of a file at once.
 */
import { isObject } from './json.ts'
import {
  conditionsOf,
  firstStepOf,
  kindOf,
  stepIdFault,
  stepsOf,
  triggersOf,
  waysOf,
  type Journey,
  type Step,
} from './journey.ts'
import { nearest, problem, type Path, type Problem } from './problem.ts'

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
    triggersOf(on).flatMap((trigger, index) =>
      exists(firstStepOf(trigger), ids, [
        ...(Array.isArray(on) ? ['on', event, index] : ['on', event]),
        'target',
      ]),
    ),
  )
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

/** A condition on a message names a step of this journey that sends one. A step whose shape is wrong may be one. */
function messageProblems(journey: Journey, ids: readonly string[]): readonly Problem[] {
  const broken = ids.filter((id) => !Object.hasOwn(journey.states, id))
  const senders = stepsOf(journey).flatMap(([id, step]) => (step.entry?.type === 'sendEmail' ? [id] : []))
  return conditionsOf(journey).flatMap(({ path, when }) =>
    'message' in when && ![...broken, ...senders].includes(when.message)
      ? [problem('not_a_message', [...path, 'message'], when.message, nearest(when.message, senders))]
      : [],
  )
}
