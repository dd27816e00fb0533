/**
 * `/hooks/:source`: webhooks of other systems. What their source's mapping makes of them goes the way of `/v1`: answered
 * after the commit, a repetition is answered like the first time and ignored.
 */
import { Hono, type Context } from 'hono'
import { mapped, type Hook, type HookProblem } from '../ingest/hook.ts'
import type { Mapping } from '../ingest/mapping.ts'
import { readPayload } from '../ingest/payload.ts'
import type { CallProblem } from '../ingest/problems.ts'
import type { IsScore } from '../ingest/segment.ts'
import { authenticityOf, type AuthType, type Authenticity, type Delivery } from '../ingest/signatures.ts'
import { aboutCall, accept } from '../runtime/accept.ts'
import { QueueFull } from '../runtime/turns.ts'
import { addProblem } from '../store/problems.ts'
import type { SourcesTable } from '../store/schema.ts'
import { sourceByName } from '../store/sources.ts'
import { unpacked } from './body.ts'
import type { Deps } from './deps.ts'
import { refuse, refuseFaults } from './problem.ts'

/** What a body may weigh, unpacked, in bytes: as much as a batch of `/v1`. Each call in it may weigh as much as one there. */
const MOST_BYTES = 512_000

export function hookRoutes(deps: Deps): Hono {
  return new Hono().post('/:source', async (c) => {
    if (!deps.ready()) return refuse(c, 'not_ready', null)
    const name = c.req.param('source')
    const source = await sourceByName(deps.database.read, name)
    if (!source) return refuse(c, 'unknown_source', null, name)
    const body = await unpacked(c, MOST_BYTES)
    if (body === 'too large') return refuse(c, 'too_large', null, MOST_BYTES)
    if (body === 'unreadable') return unreadable(c, 'no JSON')
    const header = (wanted: string) => c.req.header(wanted)
    const proof = proofOf(source, { body, header })
    if (!proof.ok) return unproven(c, proof)
    const payload = readPayload(body)
    if (!payload.ok) return unreadable(c, payload.problem)
    return taken(c, deps, source, hookOf(payload.value, header, proof))
  })
}

const PACKED = ', plain or packed with gzip'

/** Times here are the machine's own: senders know nothing of the sandbox clock. */
export function proofOf({ auth, secret }: SourcesTable, delivery: Delivery): Authenticity {
  return authenticityOf(auth as AuthType, secret, delivery, Date.now())
}

export function hookOf(body: unknown, header: Hook['header'], proof: Authenticity | undefined): Hook {
  return { ...(proof?.ok && proof), body, header }
}

function unproven(c: Context, refused: Exclude<Authenticity, { ok: true }>) {
  switch (refused.fault) {
    case 'missing':
      return refuse(c, 'unsigned_call', null, refused.header)
    case 'stale':
      return refuse(c, 'stale_call', null)
    case 'forged':
      return refuse(c, 'forged_call', null)
  }
}

export function unreadable(c: Context, problem: CallProblem | 'no JSON') {
  return problem === 'no JSON'
    ? refuse(c, 'invalid_json', '', PACKED)
    : refuseFaults(c, 400, 'invalid_call', [problem])
}

/** Attributes that a ledger keeps, which no call may write. */
export function isScoreTo({ runtime }: Deps): IsScore {
  return (attribute) => runtime.catalogue().scores.has(attribute)
}

async function taken(c: Context, deps: Deps, source: SourcesTable, hook: Hook): Promise<Response> {
  const { clock, runtime, turns } = deps
  const at = clock.now()
  const mapping = JSON.parse(source.mapping) as Mapping
  const { calls, ignored, problems, skipped } = mapped(mapping, hook, at, isScoreTo(deps))
  // Whole or not at all: what was stored of a refused one would count twice where it has no name of its own.
  if (!turns.hasRoom(calls.length + 1)) throw new QueueFull('the webhook does not fit into the queue')
  const keyId = `source:${source.name}`
  const accepted = await Promise.all(
    calls.map(({ call }) =>
      turns.run((tx) => accept(tx, runtime, call, keyId, clock.now()), {
        ...aboutCall(call, keyId, at),
        inOrderOf: keyId,
      }),
    ),
  )
  if (problems.length > 0) await showProblems(deps, source.name, problems, at)
  if (problems.length > 0 && calls.length === 0 && ignored.length === 0)
    return refuseFaults(c, 422, 'wrong_shape', problems.map(faultOf))
  const repeated = calls.filter((_, index) => !accepted[index])
  return c.json({
    success: true,
    accepted: calls.length - repeated.length,
    ignored: [...ignored, ...repeated.map(({ path }) => ({ path, reason: 'this call was accepted before' }))],
    errors: problems.map(faultOf),
    skipped: skipped.map(faultOf),
  })
}

export function faultOf({ code, path, detail }: HookProblem) {
  return { code, path, detail }
}

/** Each kind once, however often and with whatever values it comes. */
async function showProblems(
  { turns }: Deps,
  source: string,
  problems: readonly HookProblem[],
  at: number,
): Promise<void> {
  const kinds = new Map(
    problems.map(({ general, detail }) => [`${general}: ${detail.replace(/, got .*$/s, '')}`, general]),
  )
  await turns.run(async (tx) => {
    for (const [kind, path] of kinds) {
      const detail = `The source “${source}” sends what its mapping cannot read, at ${kind}`
      await addProblem(tx, { severity: 'error', code: 'source_shape', path, detail, at })
    }
  })
}
