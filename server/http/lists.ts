/** `/api/lists`: the lists there are, and who is on them. */
import { Hono } from 'hono'
import { contactPage, type ContactPlace } from '../store/contactViews.ts'
import { listExists, listPage } from '../store/listViews.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'
import { contactView } from './views.ts'

/** Few enough to be shown at once, unless asked otherwise. */
const ALL = 500

export function listRoutes({ database }: Deps) {
  return new Hono()
    .get('/', async (c) => {
      const read = readPaging<readonly [string]>(c, ['string'], ALL)
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      const rows = await listPage(database.read, after?.[0], limit + 1)
      return c.json(
        pageOf(
          rows,
          limit,
          ({ name }) => [name],
          ({ name, contacts }) => ({ name, contacts }),
        ),
      )
    })
    .get('/:name/contacts', async (c) => {
      const list = c.req.param('name')
      const read = readPaging<ContactPlace>(c, ['number', 'string'])
      if (!read.ok) return read.refusal
      if (!(await listExists(database.read, list))) return refuse(c, 'unknown_list', null, list)
      const { limit, after } = read.paging
      const rows = await contactPage(database.read, { words: [], email: undefined, list }, after, limit + 1)
      return c.json(pageOf(rows, limit, ({ created_at, id }) => [created_at, id], contactView))
    })
}
