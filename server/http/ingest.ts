/** `/v1/*`: Segment's HTTP API. Answers after the commit; a repetition is answered like the first time and ignored. */
import { gunzip } from 'node:zlib'
import { Hono, type Context } from 'hono'
import { accept } from '../runtime/accept.ts'
import { QueueFull } from '../runtime/turns.ts'
import { CALL_TYPES, parseBatch, parseCall, type Call, type IsScore } from '../ingest/segment.ts'
import type { CallProblem } from '../ingest/problems.ts'
import { writeKeyId } from './auth.ts'
import type { Deps } from './deps.ts'
import { answerProblem } from './problem.ts'

/** What a body may weigh, unpacked, in bytes (design section 10). */
const MOST_SINGLE = 32_768
const MOST_BATCH = 512_000
/** Segment's client waits this many seconds when more is sent than can be served. */
const RETRY_AFTER = '1'

export function ingestRoutes(deps: Deps): Hono {
  const isScore: IsScore = (attribute) => deps.runtime.catalogue().scores.has(attribute)
  const app = new Hono()
  for (const type of CALL_TYPES) {
    app.post(`/${type}`, (c) =>
      received(c, deps, MOST_SINGLE, async (body, keyId) => {
        const at = deps.clock.now()
        const parsed = parseCall(type, body, at, isScore)
        if (!parsed.ok) return answerProblem(c, 400, 'invalid_call', parsed.problems)
        await store(deps, parsed.call, keyId, at)
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
  if (!parsed.ok) return answerProblem(c, 400, 'invalid_batch', parsed.problems)
  const good = parsed.items.flatMap((item) => (item.ok ? [item.call] : []))
  const errors = parsed.items.flatMap((item) =>
    item.ok ? [] : item.problems.map((problem) => named(problem, item.index)),
  )
  const skipped = parsed.items.flatMap((item) =>
    item.ok ? item.skipped.map((problem) => named(problem, item.index)) : [],
  )
  if (good.length === 0) return answerProblem(c, 400, 'invalid_batch', errors)
  // Whole or not at all: what was stored of a refused batch would count twice where it has no messageId.
  if (!deps.turns.hasRoom(good.length)) throw new QueueFull('the batch does not fit into the queue')
  await Promise.all(good.map((call) => store(deps, call, keyId, at)))
  return c.json({ success: true, accepted: good.length, errors, ...(skipped.length > 0 && { skipped }) })
}

/** A problem of one item, with its place in the batch. */
function named({ code, path, detail }: CallProblem, index: number) {
  return { index, code, path: `/batch/${index}${path}`, detail }
}

function store({ turns, runtime }: Deps, call: Call, keyId: string, at: number): Promise<boolean> {
  return turns.run((tx) => accept(tx, runtime, call, keyId, at))
}

/** Everything that is the same for all calls: the key, the size, the packing, the JSON, and a full queue. */
async function received(
  c: Context,
  deps: Deps,
  most: number,
  handle: (body: unknown, keyId: string) => Promise<Response>,
): Promise<Response> {
  if (!deps.ready()) return answerProblem(c, 503, 'not_ready')
  const keyId = await writeKeyId(deps, c.req.header('authorization'))
  if (keyId === undefined) return answerProblem(c, 401, 'wrong_write_key')
  const bytes = await bodyOf(c, most)
  if (bytes === 'too large')
    return answerProblem(c, 413, 'too_large', [], `expected a body of at most ${most} bytes`)
  const body = bytes === 'unreadable' ? undefined : parsed(bytes)
  if (body === undefined)
    return answerProblem(
      c,
      400,
      'invalid_json',
      [],
      'expected a body of JSON in UTF-8, plain or packed with gzip',
    )
  try {
    return await handle(body.value, keyId)
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error
    c.header('retry-after', RETRY_AFTER)
    return answerProblem(c, 429, 'busy')
  }
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

/** The body, unpacked, unless it is too large either way. */
async function bodyOf(c: Context, most: number): Promise<Uint8Array | 'too large' | 'unreadable'> {
  if (Number(c.req.header('content-length') ?? 0) > most) return 'too large'
  const bytes =
    c.req.header('content-length') === undefined
      ? await streamed(c.req.raw.body, most)
      : new Uint8Array(await c.req.arrayBuffer())
  if (bytes === 'too large' || c.req.header('content-encoding') !== 'gzip') return bytes
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: most }, (error, unpacked) => {
      if (!error) resolve(unpacked)
      else resolve('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'unreadable')
    })
  })
}

/** Reads a body of unknown length, and no more of it than may be. */
async function streamed(
  stream: ReadableStream<Uint8Array> | null,
  most: number,
): Promise<Uint8Array | 'too large'> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream ?? []) {
    size += chunk.length
    if (size > most) return 'too large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
