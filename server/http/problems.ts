/** `/api/problems`: what a person should look at, may put aside, and may have tried again. */
import { Hono } from 'hono'
import { z } from 'zod'
import { formatInstant } from '../../engine/index.ts'
import { discardAllProblems, replayAll, replayProblem } from '../runtime/deadLetters.ts'
import { closeProblem } from '../store/problems.ts'
import { problemGroups, problemPage } from '../store/problemViews.ts'
import { readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { pageOf, readPaging } from './page.ts'
import { refuse } from './problem.ts'

const CODE = 'the code of a problem'
const JOURNEY = 'the id of a journey'
const kind = z.strictObject(
  {
    code: z.string(CODE).min(1, CODE).max(255, CODE),
    journey: z.string(JOURNEY).min(1, JOURNEY).max(255, JOURNEY).optional(),
    detail: z.string('the sentence of a problem').optional(),
  },
  'an object with "code", and perhaps "journey" and "detail"',
)

export function problemRoutes(deps: Deps) {
  const { database, turns, runtime, clock } = deps
  return new Hono()
    .get('/', async (c) => {
      const read = readPaging<readonly [number]>(c, ['number'])
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      const rows = await problemPage(database.read, after?.[0], limit + 1)
      return c.json(pageOf(rows, limit, ({ id }) => [id], problemView))
    })
    .get('/groups', async (c) => {
      const read = readPaging<readonly [number]>(c, ['number'])
      if (!read.ok) return read.refusal
      const { limit, after } = read.paging
      const rows = await problemGroups(database.read, after?.[0], limit + 1)
      return c.json(pageOf(rows, limit, ({ id }) => [id], problemView))
    })
    .post('/replay', async (c) => {
      const body = await readBody(c, kind)
      if (!body.ok) return body.refusal
      return c.json(await replayAll(deps, body.value, clock.now()))
    })
    .post('/discard', async (c) => {
      const body = await readBody(c, kind)
      if (!body.ok) return body.refusal
      return c.json({ discarded: await discardAllProblems(deps, body.value) })
    })
    .post('/:id/replay', async (c) => {
      const id = c.req.param('id')
      if (!isId(id)) return refuse(c, 'unknown_problem', null, id)
      const result = await turns.run((tx) => replayProblem(tx, runtime, Number(id), clock.now()))
      return result.ok ? c.json({ failed: result.failed }) : refuse(c, result.why, null, id)
    })
    .post('/:id/discard', async (c) => {
      const id = c.req.param('id')
      const closed = isId(id) && (await turns.run((tx) => closeProblem(tx, Number(id))))
      return closed ? c.body(null, 204) : refuse(c, 'unknown_problem', null, id)
    })
}

function isId(text: string): boolean {
  return /^\d{1,15}$/.test(text)
}

function problemView(row: Awaited<ReturnType<typeof problemPage>>[number]) {
  const { severity, code, path, detail, contact_id, seq, journey, count, replayable } = row
  const common = { id: String(row.id), severity, code, path, detail, at: formatInstant(row.at) }
  return { ...common, contactId: contact_id, seq, journey, count, replayable: replayable === 1 }
}
