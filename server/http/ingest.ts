/** `/v1/*`: Segment's HTTP API. Answers after the commit; a repetition is answered like the first time and ignored. */
import { Hono, type Context } from 'hono'
import { aboutCall, accept } from '../runtime/accept.ts'
import { QueueFull } from '../runtime/turns.ts'
import { CALL_TYPES, parseBatch, parseCall, type Call, type IsScore } from '../ingest/segment.ts'
import type { CallProblem } from '../ingest/problems.ts'
import { writeKeyId } from './auth.ts'
import { unpacked } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse, refuseFaults } from './problem.ts'

/** What a body may weigh, unpacked, in bytes (design section 10). */
const MOST_SINGLE = 32_768
const MOST_BATCH = 512_000

export function ingestRoutes(deps: Deps): Hono {
  const isScore: IsScore = (attribute) => deps.runtime.catalogue().scores.has(attribute)
  const app = new Hono()
  for (const type of CALL_TYPES) {
    app.post(`/${type}`, (c) =>
      received(c, deps, MOST_SINGLE, async (body, keyId) => {
        const at = deps.clock.now()
        const parsed = parseCall(type, body, at, isScore)
        if (!parsed.ok) return refuseFaults(c, 400, 'invalid_call', parsed.problems)
        await store(deps, parsed.call, keyId)
        return c.json(
          parsed.skipped.length === 0 ? { success: true } : { success: true, skipped: parsed.skipped },
        )
      }),
    )
  }
  return app.post('/batch', (c) =>
    received(c, deps, MOST_BATCH, (body, keyId) => batch(c, deps, body, keyId, isScore)),
  )
}

async function batch(
  c: Context,
  deps: Deps,
  body: unknown,
  keyId: string,
  isScore: IsScore,
): Promise<Response> {
  const at = deps.clock.now()
  const parsed = parseBatch(body, at, isScore)
  if (!parsed.ok) return refuseFaults(c, 400, 'invalid_batch', parsed.problems)
  const good = parsed.items.flatMap((item) => (item.ok ? [item.call] : []))
  const errors = parsed.items.flatMap((item) =>
    item.ok ? [] : item.problems.map((problem) => named(problem, item.index)),
  )
  const skipped = parsed.items.flatMap((item) =>
    item.ok ? item.skipped.map((problem) => named(problem, item.index)) : [],
  )
  if (good.length === 0) return refuseFaults(c, 400, 'invalid_batch', errors)
  // Whole or not at all: what was stored of a refused batch would count twice where it has no messageId.
  if (!deps.turns.hasRoom(good.length)) throw new QueueFull('the batch does not fit into the queue')
  // In their order: a later one may be about whom an earlier one makes known.
  const inOrderOf = good[0] && aboutCall(good[0], keyId, at).inOrderOf
  await Promise.all(good.map((call) => store(deps, call, keyId, inOrderOf)))
  return c.json({ success: true, accepted: good.length, errors, ...(skipped.length > 0 && { skipped }) })
}

/** A problem of one item, with its place in the batch. */
function named({ code, path, detail }: CallProblem, index: number) {
  return { index, code, path: `/batch/${index}${path}`, detail }
}

/** It is accepted when its turn comes: no earlier than what came before it, in whichever process. */
function store(
  { turns, runtime, clock }: Deps,
  call: Call,
  keyId: string,
  inOrderOf?: string,
): Promise<boolean> {
  const about = aboutCall(call, keyId, clock.now())
  return turns.run((tx) => accept(tx, runtime, call, keyId, clock.now()), {
    ...about,
    inOrderOf: inOrderOf ?? about.inOrderOf,
  })
}

/** Everything that is the same for all calls: the key, the size, the packing and the JSON. */
async function received(
  c: Context,
  deps: Deps,
  most: number,
  handle: (body: unknown, keyId: string) => Promise<Response>,
): Promise<Response> {
  if (!deps.ready()) return refuse(c, 'not_ready', null)
  const keyId = await writeKeyId(deps, c.req.header('authorization'))
  if (keyId === undefined) return refuse(c, 'wrong_write_key', null)
  const bytes = await unpacked(c, most)
  if (bytes === 'too large') return refuse(c, 'too_large', null, most)
  const body = bytes === 'unreadable' ? undefined : parsed(bytes)
  if (body === undefined) return refuse(c, 'invalid_json', null, ', plain or packed with gzip')
  return handle(body.value, keyId)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function parsed(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(UTF8.decode(bytes)) as unknown }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}
