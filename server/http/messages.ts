/** `/api/messages`: what became of each message, and a person's word on those in doubt. */
import { Hono } from 'hono'
import type { MessagePlace } from '../store/mailbox.ts'
import { messageById, moveMessage } from '../store/messages.ts'
import { messagePage } from '../store/messageViews.ts'
import { MESSAGE_STATUSES } from '../store/schema.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'
import { messageView } from './views.ts'

export function messageRoutes({ database, turns, clock }: Deps) {
  return (
    new Hono()
      .get('/', async (c) => {
        const read = readPaging<MessagePlace>(c, ['number', 'string'])
        if (!read.ok) return read.refusal
        const asked = c.req.query('status') || undefined
        const status = MESSAGE_STATUSES.find((known) => known === asked)
        if (asked !== status)
          return refuse(c, 'invalid_query', '/status', `one of ${MESSAGE_STATUSES.join(', ')}`, asked ?? '')
        const { limit, after } = read.paging
        const rows = await messagePage(database.read, status, after, limit + 1)
        return c.json(pageOf(rows, limit, ({ created_at, id }) => [created_at, id], messageView))
      })
      // Ids contain slashes, and not every client encodes them.
      .post('/:id{.+}/resend', async (c) => {
        const id = c.req.param('id')
        const found = await turns.run(async (tx) => {
          const change = { status: 'queued', next_at: clock.now(), attempts: 0, reason: null } as const
          const moved = await moveMessage(tx, id, ['uncertain', 'failed'], change)
          if (moved) tx.alarm({ send: id, at: clock.now() })
          return { moved, message: await messageById(tx, id) }
        })
        if (!found.message) return refuse(c, 'unknown_message', null, id)
        return found.moved
          ? c.json(messageView(found.message))
          : refuse(c, 'not_resendable', null, found.message.status)
      })
  )
}
