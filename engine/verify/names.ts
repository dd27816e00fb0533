/**
 * Names of what does not exist or cannot be meant: messages that were never written, journeys that are not published or
 * cannot be started, segments that nobody defined, scores that an answer would set.
 */
import { scoresOf } from '../catalogue.ts'
import type { Condition } from '../dialect/conditions.ts'
import type { Action } from '../dialect/actions.ts'
import type { Journey } from '../journey.ts'
import { conditionsOf, stepsOf } from '../reading.ts'
import { nearest, problem, type Path, type Problem } from '../problem.ts'
import { othersOf, type Known } from './check.ts'

export function unknownNames(journey: Journey, known: Known): readonly Problem[] {
  const startable = [journey, ...othersOf(journey, known)]
  const scores = new Set(startable.flatMap((one) => [...scoresOf(one)]))
  const actions = stepsOf(journey).flatMap(([id, { entry }]) => {
    const path = ['states', id, 'entry', 'params']
    return entry
      ? [...unknownIn(entry, path, known.templates, startable), ...storedScores(entry, path, scores)]
      : []
  })
  return [...actions, ...unknownSegments(journey, known)]
}

function unknownSegments(journey: Journey, { segments }: Known): readonly Problem[] {
  return segmentsNamed(journey).flatMap(({ path, name }) =>
    segments.includes(name) ? [] : [problem('unknown_segment', path, name, nearest(name, segments))],
  )
}

/** The segments that a journey's conditions name, and where. */
export function segmentsNamed(journey: Journey): readonly { readonly path: Path; readonly name: string }[] {
  return conditionsOf(journey).flatMap(({ path, when }) => {
    const { part, name } = segmentNamed(when, path)
    return name === undefined ? [] : [{ path: [...path, part], name }]
  })
}

/** The segment a condition names, by itself or as the one that was entered or left. */
function segmentNamed(when: Condition, path: Path): { readonly part: string; readonly name?: string } {
  if ('segment' in when) return { part: 'segment', name: when.segment }
  const heard = path.includes('segment.entered') || path.includes('segment.left')
  return heard && 'event' in when && when.event === 'segment' && when.operator === '='
    ? { part: 'value', name: String(when.value) }
    : { part: '' }
}

function storedScores({ type, params }: Action, path: Path, scores: ReadonlySet<string>): readonly Problem[] {
  const stored = type === 'callWebhook' ? Object.keys(params.store ?? {}) : []
  return stored.flatMap((attribute) =>
    scores.has(attribute) ? [problem('stored_score', [...path, 'store', attribute], attribute)] : [],
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
