/** Which card a problem belongs to: the step, the trigger or the part of the frame "Who enters" in which it stands. Pure. */
import { keysOf } from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import type { Draft } from '../document/draft.ts'
import { flowOf } from '../document/flow.ts'
import { ENTRY, frameId, framePartOf } from '../document/frame.ts'
import type { Graph } from '../document/graph.ts'

/** The id that is selected to see it; null where it is about the journey as a whole. */
export function placeOf(path: string, draft: Draft): string | null {
  const [part, name = '', index] = keysOf(path)
  switch (part) {
    case 'states':
      return name !== ENTRY && Object.hasOwn(draft.states, name) ? name : null
    case 'on':
      return Object.hasOwn(draft.on, name) ? triggerId(draft, name, index) : ENTRY
    case 'meta':
      return name === 'goal' || name === 'audience' || name === 'reentry' || name === 'exits'
        ? frameId({ part: name })
        : null
    default:
      return null
  }
}

function triggerId(draft: Draft, event: string, index = '0'): string {
  const number = Array.isArray(draft.on[event]) ? Number(index) : 0
  return frameId({ part: 'trigger', place: { from: 'trigger', event, index: number } })
}

/** The problems of one card, errors first. The frame as a whole has all of its parts. */
export function problemsAt(
  problems: readonly JourneyProblem[],
  draft: Draft,
  id: string,
): readonly JourneyProblem[] {
  return errorsFirst(
    problems.filter(({ path }) => {
      const place = placeOf(path, draft)
      return place === id || (id === ENTRY && place !== null && framePartOf(place) !== undefined)
    }),
  )
}

/**
 * The problems that are told: none of steps that are being filled in for the first time, and none of steps that went since
 * the server looked.
 */
export function toldOf(
  problems: readonly JourneyProblem[],
  draft: Draft,
  fresh: ReadonlySet<string>,
): readonly JourneyProblem[] {
  return problems.filter(({ path }) => {
    const place = placeOf(path, draft)
    return place === null ? !/^\/states\/./.test(path) : !fresh.has(place)
  })
}

/** The worst there is at each card; at the frame as a whole the worst of its parts. */
export function severitiesOf(
  problems: readonly JourneyProblem[],
  draft: Draft,
): ReadonlyMap<string, JourneyProblem['severity']> {
  const worst = new Map<string, JourneyProblem['severity']>()
  for (const { path, severity } of problems) {
    const place = placeOf(path, draft)
    const places = place === null ? [] : framePartOf(place) ? [place, ENTRY] : [place]
    for (const id of places) if (worst.get(id) !== 'error') worst.set(id, severity)
  }
  return worst
}

export interface ProblemGroup {
  /** The card; null for the journey as a whole. */
  readonly id: string | null
  readonly problems: readonly JourneyProblem[]
}

/** Problems by card, in the order in which the journey reads; cards with errors first, in each the errors first. */
export function groupedByPlace(
  problems: readonly JourneyProblem[],
  draft: Draft,
  graph: Graph,
): readonly ProblemGroup[] {
  const order = flowOf(graph)
  const groups = [...Map.groupBy(problems, ({ path }) => placeOf(path, draft))].map(([id, own]) => ({
    id,
    problems: errorsFirst(own),
    // The journey and its frame come before all steps.
    at: id === null ? -2 : framePartOf(id) ? -1 : order.indexOf(id),
    isWarning: own.every(({ severity }) => severity === 'warning'),
  }))
  return groups
    .toSorted((a, b) => Number(a.isWarning) - Number(b.isWarning) || a.at - b.at)
    .map(({ id, problems }) => ({ id, problems }))
}

function errorsFirst(problems: readonly JourneyProblem[]): readonly JourneyProblem[] {
  return problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}
