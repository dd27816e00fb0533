/** Names of what does not exist: messages that were never written, journeys that are not published or cannot be started. */
import { stepsOf, type Action, type Journey } from '../journey.ts'
import { nearest, problem, type Path, type Problem } from '../problem.ts'
import { othersOf, type Known } from './check.ts'

export function unknownNames(journey: Journey, known: Known): readonly Problem[] {
  const startable = [journey, ...othersOf(journey, known)]
  return stepsOf(journey).flatMap(([id, { entry }]) =>
    entry ? unknownIn(entry, ['states', id, 'entry', 'params'], known.templates, startable) : [],
  )
}

function unknownIn(
  { type, params }: Action,
  path: Path,
  templates: readonly string[],
  journeys: readonly Journey[],
): readonly Problem[] {
  if (type === 'sendEmail' && 'template' in params && !templates.includes(params.template))
    return [
      problem(
        'unknown_template',
        [...path, 'template'],
        params.template,
        nearest(params.template, templates),
      ),
    ]
  return type === 'startJourney' ? unstartable(params.journey, [...path, 'journey'], journeys) : []
}

function unstartable(id: string, path: Path, journeys: readonly Journey[]): readonly Problem[] {
  const started = journeys.find((journey) => journey.id === id)
  if (!started)
    return [
      problem(
        'unknown_journey',
        path,
        id,
        nearest(
          id,
          journeys.map((journey) => journey.id),
        ),
      ),
    ]
  return Object.hasOwn(started.on, 'journey.requested')
    ? []
    : [problem('unstartable_journey', path, started.meta.name)]
}
