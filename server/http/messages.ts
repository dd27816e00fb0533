/** `/api/messages`: what became of each message, and a person's word on those that are held or in doubt. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { discard, discardAll, release, releaseAll, resend, type Done } from '../runtime/heldMessages.ts'
import { journeyRow } from '../store/journeys.ts'
import type { MessagePlace } from '../store/mailbox.ts'
import { messagePage } from '../store/messageViews.ts'
import { MESSAGE_STATUSES } from '../store/schema.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'
import { messageView } from './views.ts'

const JOURNEY = 'the id of a journey'
const ofJourney = z.strictObject(
  { journey: z.string(JOURNEY).min(1, JOURNEY).max(255, JOURNEY) },
  'an object with "journey"',
)

export function messageRoutes(deps: Deps) {
  const { database, turns, runtime, clock } = deps

  /** All that a journey holds, one way or the other; answers how many under the given name. */
  const all = async (c: Context, name: 'released' | 'discarded', act: typeof releaseAll) => {
    const body = await readBody(c, ofJourney)
    if (!body.ok) return body.refusal
    const { journey } = body.value
    if (!(await journeyRow(database.read, journey))) return refuse(c, 'unknown_journey', '/journey', journey)
    return c.json({ [name]: await act(deps, journey, clock.now()) })
  }
  const one = (c: Context, refusal: Refusal, id: string, result: Done) => {
    if (!result) return refuse(c, 'unknown_message', null, id)
    return result.done ? c.json(messageView(result.message)) : refuse(c, refusal, null, result.message.status)
  }

  return (
    new Hono()
      .get('/', async (c) => {
        const read = readPaging<MessagePlace>(c, ['number', 'string'])
        if (!read.ok) return read.refusal
        const asked = c.req.query('status') || undefined
        const status = MESSAGE_STATUSES.find((known) => known === asked)
        if (asked !== status)
          return refuse(c, 'invalid_query', '/status', `one of ${MESSAGE_STATUSES.join(', ')}`, asked ?? '')
        const filter = { status, journey: c.req.query('journey') || undefined }
        const { limit, after } = read.paging
        const rows = await messagePage(database.read, filter, after, limit + 1)
        return c.json(pageOf(rows, limit, ({ created_at, id }) => [created_at, id], messageView))
      })
      .post('/release', (c) => all(c, 'released', releaseAll))
      .post('/discard', (c) => all(c, 'discarded', discardAll))
      // Ids contain slashes, and not every client encodes them.
      .post('/:id{.+}/resend', async (c) => {
        const id = c.req.param('id')
        const result = await turns.run((tx) => resend(tx, id, clock.now()), { messages: [id] })
        return one(c, 'not_resendable', id, result)
      })
      .post('/:id{.+}/release', async (c) => {
        const id = c.req.param('id')
        const result = await turns.run((tx) => release(tx, id, clock.now()), { messages: [id] })
        return one(c, 'not_held', id, result)
      })
      .post('/:id{.+}/discard', async (c) => {
        const id = c.req.param('id')
        const result = await turns.run((tx) => discard(tx, runtime, id, clock.now()), { messages: [id] })
        return one(c, 'not_discardable', id, result)
      })
  )
}

type Refusal = 'not_resendable' | 'not_held' | 'not_discardable'
