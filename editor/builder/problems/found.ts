/** What is wrong with a draft, as far as it shows by itself, together with what only the server can know of it. Pure. */
import { problemsOf, type ProblemCode } from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import type { Draft } from '../document/draft.ts'

const NOTHING_KNOWN = { templates: [], segments: [], journeys: [] }

/** Told only by whoever knows all names: without them every name is unknown. */
const OF_NAMES: ReadonlySet<string> = new Set<ProblemCode>([
  'unknown_template',
  'unknown_journey',
  'unknown_segment',
])

/** Found also where there are none by the draft itself: in what else there is, and in what was received. */
const OF_MORE: ReadonlySet<string> = new Set<ProblemCode>([
  ...(['unstartable_journey', 'stored_score', 'endless_circle', 'lowered_twice', 'mails_on_a_day'] as const),
  ...(['never_a_date', 'unknown_field', 'never_received', 'cannot_send'] as const),
])

/** Whatever a draft shows by itself. Takes milliseconds for each ten steps, so ask only once for each draft. */
export function foundIn(draft: Draft): readonly JourneyProblem[] {
  return problemsOf(draft, NOTHING_KNOWN).filter(({ code }) => !OF_NAMES.has(code))
}

/**
 * What was found here, and of what the server found all that cannot be found here. The server may have looked at the
 * draft a moment ago.
 */
export function together(
  here: readonly JourneyProblem[],
  server: readonly JourneyProblem[],
): readonly JourneyProblem[] {
  const isSame = (one: JourneyProblem) => (other: JourneyProblem) =>
    one.code === other.code && one.path === other.path
  const more = server.filter(
    (problem) => OF_NAMES.has(problem.code) || (OF_MORE.has(problem.code) && !here.some(isSame(problem))),
  )
  return [...here, ...more]
}
