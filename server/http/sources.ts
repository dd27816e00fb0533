/** `/api/sources`: other systems whose webhooks are taken, and how they are read; tried out before they are used. */
import { Hono } from 'hono'
import { z } from 'zod'
import { formatInstant, ID } from '../../engine/index.ts'
import { mapped } from '../ingest/hook.ts'
import { mapping, type Mapping } from '../ingest/mapping.ts'
import { readPayload, type Payload } from '../ingest/payload.ts'
import type { Call } from '../ingest/segment.ts'
import { AUTH_TYPES, newSecret, secretFault, storedSecret, type AuthType } from '../ingest/signatures.ts'
import type { SourcesTable } from '../store/schema.ts'
import { deleteSource, saveSource, sourceByName, sourceRows } from '../store/sources.ts'
import { readBody, something } from './body.ts'
import type { Deps } from './deps.ts'
import { faultOf, hookOf, isScoreTo, proofOf, unreadable } from './hooks.ts'
import { refuse, refuseFaults } from './problem.ts'

const NAME = 'a name such as "shop": a small letter, then letters, digits, "_" or "-", 64 at most'
const TYPE = `one of ${AUTH_TYPES.join(', ')}`
const SECRET = 'the secret that the other system shows'

const source = z.strictObject(
  {
    name: z.string(NAME).optional(),
    auth: z.strictObject(
      { type: z.enum(AUTH_TYPES, TYPE), secret: z.string(SECRET).optional() },
      'an object with "type" and perhaps "secret"',
    ),
    mapping,
  },
  'an object with "auth" and "mapping"',
)

const trial = z.strictObject(
  {
    body: something('what the other system sends'),
    headers: z
      .record(z.string(), z.string('the value of a header'), 'an object of header names and values')
      .optional(),
    mapping: mapping.optional(),
  },
  'an object with "body", and perhaps "headers" and "mapping"',
)

export function sourceRoutes(deps: Deps) {
  const { database, turns, clock, baseUrl } = deps
  const viewOf = (row: SourcesTable) => ({
    name: row.name,
    address: `${baseUrl}/hooks/${row.name}`,
    auth: { type: row.auth as AuthType },
    mapping: JSON.parse(row.mapping) as Mapping,
    createdAt: formatInstant(row.created_at),
    updatedAt: formatInstant(row.updated_at),
  })

  return new Hono()
    .get('/', async (c) => c.json({ items: (await sourceRows(database.read)).map(viewOf), next: null }))
    .get('/:name', async (c) => {
      const name = c.req.param('name')
      const row = await sourceByName(database.read, name)
      return row ? c.json(viewOf(row)) : refuse(c, 'unknown_source', null, name)
    })
    .put('/:name', async (c) => {
      const name = c.req.param('name')
      const body = await readBody(c, source)
      if (!body.ok) return body.refusal
      const { auth, mapping } = body.value
      if ((body.value.name ?? name) !== name)
        return refuse(c, 'other_id', '/name', name, body.value.name ?? '')
      if (!ID.test(name)) return refuseFaults(c, 422, 'invalid_source', [unexpected('/name', NAME)])
      const now = clock.now()
      const saved = await turns.run(async (tx) => {
        const before = await sourceByName(tx.db, name)
        const kept = before?.auth === auth.type ? before.secret : undefined
        const made = auth.secret ?? kept ?? newSecret(auth.type)
        const fault = auth.secret === undefined ? undefined : secretFault(auth.type, auth.secret)
        if (made === undefined || fault !== undefined) return { fault: fault ?? SECRET }
        const isKept = auth.secret === undefined && kept !== undefined
        const row: SourcesTable = {
          name,
          auth: auth.type,
          secret: isKept ? kept : storedSecret(auth.type, made),
          mapping: JSON.stringify(mapping),
          created_at: before?.created_at ?? now,
          updated_at: now,
        }
        await saveSource(tx, row)
        return { row, isNew: !before, secret: isKept || auth.secret !== undefined ? undefined : made }
      })
      if (saved.row === undefined)
        return refuseFaults(c, 422, 'invalid_source', [unexpected('/auth/secret', saved.fault)])
      // A secret made here is shown this once.
      const view = { ...viewOf(saved.row), ...(saved.secret !== undefined && { secret: saved.secret }) }
      return c.json(view, saved.isNew ? 201 : 200)
    })
    .delete('/:name', async (c) => {
      const name = c.req.param('name')
      const gone = await turns.run((tx) => deleteSource(tx, name))
      return gone ? c.body(null, 204) : refuse(c, 'unknown_source', null, name)
    })
    .post('/:name/try', async (c) => {
      const name = c.req.param('name')
      const body = await readBody(c, trial)
      if (!body.ok) return body.refusal
      const row = await sourceByName(database.read, name)
      const by = body.value.mapping ?? (row && (JSON.parse(row.mapping) as Mapping))
      if (!by) return refuse(c, 'unknown_source', null, name)
      const headers = new Map(
        Object.entries(body.value.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      )
      const header = (wanted: string) => headers.get(wanted.toLowerCase())
      const { body: came } = body.value
      // Only a text still has the bytes that were signed.
      const payload: Payload = typeof came === 'string' ? readPayload(came) : { ok: true, value: came }
      if (!payload.ok) return unreadable(c, payload.problem)
      const proof =
        row && typeof came === 'string' ? proofOf(row, { body: Buffer.from(came), header }) : undefined
      const found = mapped(by, hookOf(payload.value, header, proof), clock.now(), isScoreTo(deps))
      return c.json({
        signature: proof === undefined ? 'not checked' : proof.ok ? 'good' : proof.fault,
        calls: found.calls.map(({ path, call }) => ({ path, ...callView(call) })),
        ignored: found.ignored,
        problems: found.problems.map(faultOf),
        skipped: found.skipped.map(faultOf),
      })
    })
}

/** A call as people read it. */
function callView({ occurredAt, ...call }: Call) {
  return { ...call, occurredAt: formatInstant(occurredAt) }
}

function unexpected(path: string, expected: string) {
  return { code: 'unexpected', path, detail: `expected ${expected}` }
}
