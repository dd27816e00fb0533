/** `/api/clock`: what time it is here, and in the sandbox the way ahead. */
import { Hono } from 'hono'
import { z } from 'zod'
import { formatInstant, parseDuration, plus } from '../../engine/index.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse } from './problem.ts'

const DURATION = 'a duration of at most P10Y, such as "P30D" or "PT12H"'
const TEN_YEARS = 10 * 366 * 24 * 3_600_000

const move = z.strictObject(
  { advance: z.string(DURATION).refine((text) => parseDuration(text) !== undefined, DURATION) },
  'an object with "advance"',
)

export function clockRoutes({ clock, config, turns, advanceClock }: Deps) {
  return new Hono()
    .get('/', async (c) => {
      // Another process may have moved it a moment ago: a turn knows.
      await turns.run(() => Promise.resolve())
      return c.json({ now: formatInstant(clock.now()), sandbox: config.sandbox })
    })
    .post('/', async (c) => {
      if (!config.sandbox) return refuse(c, 'not_sandbox', null)
      const body = await readBody(c, move)
      if (!body.ok) return body.refusal
      await turns.run(() => Promise.resolve())
      const now = clock.now()
      const duration = parseDuration(body.value.advance)
      const to = duration && duration.years <= 10 ? plus(now, duration, config.timezone) : Infinity
      if (to - now > TEN_YEARS) return refuse(c, 'too_far', '/advance', body.value.advance)
      const ran = await advanceClock(to)
      return c.json({ now: formatInstant(clock.now()), ran })
    })
}
