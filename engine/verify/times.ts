/**
 * Times that never come, or not as meant: the date of an attribute in which points are counted, a schedule that names
 * nobody, what comes again and again in a journey that lets in only once.
 */
import { scoresOf } from '../catalogue.ts'
import { delayInWords, parseDelay, type Delay } from '../delays.ts'
import type { Journey } from '../journey.ts'
import { reentryOf, stepsOf, triggersOf } from '../reading.ts'
import { problem, type Path, type Problem } from '../problem.ts'
import { othersOf, type Known } from './check.ts'

interface Named {
  readonly path: Path
  readonly delay: Delay
}

export function timesThatFail(journey: Journey, known: Known): readonly Problem[] {
  const scores = new Set([journey, ...othersOf(journey, known)].flatMap((one) => [...scoresOf(one)]))
  const triggers = triggersByTime(journey)
  return [
    ...[...triggers, ...waits(journey)].flatMap(({ path, delay }) =>
      delay.type === 'date' && scores.has(delay.attribute)
        ? [problem('never_a_date', path, delay.attribute)]
        : [],
    ),
    ...triggers.flatMap((trigger) => triggerProblems(journey, trigger)),
  ]
}

function waits(journey: Journey): readonly Named[] {
  return stepsOf(journey).flatMap(([id, { after = {} }]) =>
    Object.keys(after).map((name) => named(name, ['states', id, 'after', name])),
  )
}

interface TimeTrigger extends Named {
  readonly forSomebody: boolean
}

function triggersByTime(journey: Journey): readonly TimeTrigger[] {
  return Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).flatMap(({ guard: { params } }, index) => {
      if (params?.at === undefined) return []
      const place = Array.isArray(on) ? ['on', event, index] : ['on', event]
      const forSomebody = params.when !== undefined || journey.meta.audience !== undefined
      return [{ ...named(params.at, [...place, 'guard', 'params', 'at']), forSomebody }]
    }),
  )
}

function named(name: string, path: Path): Named {
  return { path, delay: parseDelay(name) as Delay }
}

function triggerProblems(journey: Journey, { path, delay, forSomebody }: TimeTrigger): readonly Problem[] {
  const again = delay.type === 'at' || (delay.type === 'date' && delay.yearly)
  const time = delayInWords(delay)
  return [
    ...(delay.type === 'at' && !forSomebody ? [problem('nobody_named', path, time)] : []),
    ...(again && reentryOf(journey).policy === 'once' ? [problem('only_once', path, time)] : []),
  ]
}
