/** `/api/problems`: what a person should look at, and may put aside. */
import { Hono } from 'hono'
import { formatInstant } from '../../engine/index.ts'
import { closeProblem } from '../store/problems.ts'
import { problemPage } from '../store/problemViews.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'

export function problemRoutes({ database, turns }: Deps) {
  return new Hono()
    .get('/', async (c) => {
      const read = readPaging<readonly [number]>(c, ['number'])
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      const rows = await problemPage(database.read, after?.[0], limit + 1)
      return c.json(pageOf(rows, limit, ({ id }) => [id], problemView))
    })
    .post('/:id/discard', async (c) => {
      const id = c.req.param('id')
      const closed = /^\d{1,15}$/.test(id) && (await turns.run((tx) => closeProblem(tx, Number(id))))
      return closed ? c.body(null, 204) : refuse(c, 'unknown_problem', null, id)
    })
}

function problemView(row: Awaited<ReturnType<typeof problemPage>>[number]) {
  const { severity, code, path, detail, contact_id, seq, journey, count } = row
  const at = formatInstant(row.at)
  return { id: String(row.id), severity, code, path, detail, at, contactId: contact_id, seq, journey, count }
}
