/** `/api/status`: the head of the page, how much there is of everything and whether mail goes out. */
import { Hono } from 'hono'
import { formatInstant } from '../../engine/index.ts'
import type { MessageStatus } from '../store/schema.ts'
import { totals } from '../store/totals.ts'
import { cached } from './cached.ts'
import type { Deps } from './deps.ts'

type Sending = 'sandbox' | 'captured' | 'live'

export function statusRoutes({ config, clock, database }: Deps) {
  const count = cached(() => totals(database.read))
  const stateOf = (isSet: boolean): Sending => (config.sandbox ? 'sandbox' : isSet ? 'live' : 'captured')
  const sending = stateOf(config.smtpUrl !== null)
  const sms = stateOf(config.sms !== null && config.sms.from !== null)

  return new Hono().get('/', async (c) => {
    const { contacts, inJourneys, messages, problems } = await count()
    const of = (...states: readonly MessageStatus[]) =>
      states.reduce((sum, state) => sum + (messages.get(state) ?? 0), 0)
    return c.json({
      now: formatInstant(clock.now()),
      sending,
      sms,
      sandbox: config.sandbox,
      company: config.companyName,
      contacts,
      inJourneys,
      messages: {
        captured: of('captured'),
        sent: of('sent'),
        queued: of('queued', 'sending', 'retry'),
        failed: of('failed'),
        uncertain: of('uncertain'),
        skipped: of('skipped'),
        held: of('held'),
      },
      problems,
    })
  })
}
