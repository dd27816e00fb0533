/** `/api/mailbox`: messages that were kept here and not sent, exactly as they would have gone out. */
import { Hono } from 'hono'
import { CHANNELS } from '../../engine/index.ts'
import { captured, mailboxPage, type MessagePlace, type Recipient } from '../store/mailbox.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'
import { mailView } from './views.ts'

export function mailboxRoutes({ database }: Deps) {
  return (
    new Hono()
      .get('/', async (c) => {
        const read = readPaging<MessagePlace>(c, ['number', 'string'])
        if (!read.ok) return read.refusal
        const { limit, after } = read.paging
        const asked = c.req.query('channel') || undefined
        const channel = CHANNELS.find((known) => known === asked)
        if (asked !== channel)
          return refuse(c, 'invalid_query', '/channel', `one of ${CHANNELS.join(', ')}`, asked ?? '')
        const to = recipient(c.req.query('to')?.trim().toLowerCase() ?? '')
        const rows = await mailboxPage(database.read, { to, channel }, after, limit + 1)
        return c.json(pageOf(rows, limit, ({ created_at, id }) => [created_at, id], mailView))
      })
      // Ids contain slashes, and not every client encodes them.
      .get('/:id{.+}', async (c) => {
        const row = await captured(database.read, c.req.param('id'))
        return row ? c.json(mailView(row)) : refuse(c, 'unknown_mail', null, c.req.param('id'))
      })
  )
}

/** A whole address means that one; less of one is looked for inside. */
function recipient(to: string): Recipient {
  if (to === '') return undefined
  return /^[^@]+@[^@]+\.[^@.]{2,}$/.test(to) ? { is: to } : { contains: to }
}
