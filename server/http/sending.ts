/** `/api/sending`: whether messages leave, and the emergency stop. `/api/brakes`: how many may. */
import { Hono } from 'hono'
import { z } from 'zod'
import { formatInstant, parseDuration } from '../../engine/index.ts'
import { brakesOf, emergencyStop, setBrakes, startSending, stopSending } from '../store/brakes.ts'
import { countHeldMessages } from '../store/messages.ts'
import { askedBy } from './auth.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'

/** Stopped by a person; never sent in the sandbox; kept here for want of a mail server; or sent. */
type State = 'stopped' | 'sandbox' | 'kept' | 'live'

const STOPPED = 'true to stop all sending, false to start it again'
const stopping = z.strictObject({ stopped: z.boolean(STOPPED) }, 'an object with "stopped"')

export function sendingRoutes(deps: Deps) {
  const { config, database, turns, clock } = deps
  const usual: State = config.sandbox ? 'sandbox' : config.smtpUrl === null ? 'kept' : 'live'

  const view = async () => {
    const stop = await emergencyStop(database.read)
    const journeys = await countHeldMessages(database.read)
    return {
      state: stop ? ('stopped' as const) : usual,
      stopped: stop !== undefined,
      since: stop ? formatInstant(stop.since) : null,
      by: stop?.by ?? null,
      held: journeys.reduce((sum, { held }) => sum + held, 0),
      journeys,
    }
  }
  return new Hono()
    .get('/', async (c) => c.json(await view()))
    .post('/', async (c) => {
      const body = await readBody(c, stopping)
      if (!body.ok) return body.refusal
      const { stopped } = body.value
      const by = await askedBy(deps, c)
      await turns.run(async (tx) => {
        if (stopped) return stopSending(tx, { since: clock.now(), by })
        await startSending(tx)
        // What waited meanwhile goes on.
        return tx.alarm({ sweep: true, at: clock.now() })
      })
      return c.json(await view())
    })
}

const LIMIT = 'a whole number from 0 to 1,000,000,000, or null for no limit'
const limit = z.int(LIMIT).min(0, LIMIT).max(1_000_000_000, LIMIT).nullable()
const DURATION = 'a duration such as "PT24H", or null for no limit'
const brakes = z.strictObject(
  {
    firstHour: limit,
    perHour: limit,
    again: z
      .string(DURATION)
      .refine((text) => parseDuration(text) !== undefined, DURATION)
      .nullable(),
    promotionalPerDay: limit,
    promotionalPerWeek: limit,
  },
  'an object with "firstHour", "perHour", "again", "promotionalPerDay" and "promotionalPerWeek"',
)

export function brakeRoutes({ database, turns }: Deps) {
  return new Hono()
    .get('/', async (c) => c.json(await brakesOf(database.read)))
    .put('/', async (c) => {
      const body = await readBody(c, brakes)
      if (!body.ok) return body.refusal
      await turns.run((tx) => setBrakes(tx, body.value))
      return c.json(await brakesOf(database.read))
    })
}
