/** `/api/vocabulary`: names and values that were really received, for whoever writes conditions and texts. */
import { Hono } from 'hono'
import { formatInstant } from '../../engine/index.ts'
import { vocabularyReader, type Vocabulary } from '../runtime/vocabulary.ts'
import type { Deps } from './deps.ts'

/** Several pages ask: what is new may wait so many milliseconds, */
const FRESH = 1_000
/** and no more than a twentieth of the time goes into gathering. */
const SHARE = 20

export function vocabularyRoutes({ database, journeys, clock }: Deps) {
  const gather = vocabularyReader(database.read, journeys)
  let gathered: Promise<Vocabulary> | undefined
  let until = 0
  // One at a time: who asks meanwhile gets the same.
  const current = () => {
    if (gathered && performance.now() < until) return gathered
    until = Infinity
    const begun = performance.now()
    gathered = gather(clock.now()).finally(() => {
      until = performance.now() + Math.max(FRESH, SHARE * (performance.now() - begun))
    })
    return gathered
  }

  return new Hono().get('/', async (c) => {
    const { since, events, ...rest } = await current()
    return c.json({
      ...rest,
      events: events.map((event) => ({ ...event, lastAt: formatInstant(event.lastAt) })),
      since: since === null ? null : formatInstant(since),
    })
  })
}
