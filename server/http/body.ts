/** Reads a request's body into what the route expects, or answers with all that is wrong with it, by path. */
import { gunzip } from 'node:zlib'
import type { Context } from 'hono'
import { z } from 'zod'
import { problem, type JsonObject, type Path } from '../../engine/index.ts'
import { isObject, repaired, survey, tooDeep, unstorableParts } from '../ingest/storable.ts'
import { refuseFaults, refuse, type Fault } from './problem.ts'

/** More than any body of the admin interface needs, journey files aside. */
const MOST_BYTES = 1_048_576

export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: ReturnType<typeof refuse> }

/**
 * The body as the schema has it. The schema's messages say what is expected: `z.string('a login token')`. An empty body
 * is `{}`, so that what is missing is named.
 */
export async function readBody<Value>(c: Context, schema: z.ZodType<Value>): Promise<Read<Value>> {
  const text = await readText(c, MOST_BYTES)
  if (text === undefined) return { ok: false, refusal: refuse(c, 'too_large', null, MOST_BYTES) }
  const json = parseJson(text.trim() === '' ? '{}' : text)
  if (!json) return { ok: false, refusal: refuse(c, 'invalid_json', '', '') }
  const result = fitting(json.value, schema)
  return 'faults' in result
    ? { ok: false, refusal: refuseFaults(c, 400, 'invalid_body', result.faults) }
    : { ok: true, value: result.value }
}

/** A part that must be there, whatever it is: who reads it further says what is wrong with it. */
export function something(expected: string): z.ZodType {
  return z.unknown().refine((value) => value !== undefined, expected)
}

function fitting<Value>(
  value: unknown,
  schema: z.ZodType<Value>,
): { readonly value: Value } | { readonly faults: readonly Fault[] } {
  const findings = isObject(value) ? survey(value) : undefined
  if (findings?.tooDeep) return { faults: [tooDeep(value as JsonObject)] }
  if (findings?.unstorable) return { faults: unstorableParts(value as JsonObject, []).slice(0, MOST_FAULTS) }
  const sound = findings?.repairable ? repaired(value as JsonObject) : value
  const result = schema.safeParse(sound)
  if (result.success) return { value: result.data }
  return { faults: result.error.issues.flatMap((issue) => faultsOf(issue, sound)).slice(0, MOST_FAULTS) }
}

/** More than anyone reads. */
const MOST_FAULTS = 20

function faultsOf(issue: z.core.$ZodIssue, body: unknown): readonly Fault[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => problem('unknown_part', [...path, key], key))
  const value = path.reduce<unknown>(
    (inside, part) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, part)
        ? (inside as { readonly [part: string]: unknown })[part]
        : undefined,
    body,
  )
  return [
    value === undefined
      ? problem('missing', path, issue.message)
      : problem('unexpected', path, issue.message, value),
  ]
}

/** The text as JSON; undefined where it is none. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The body as text; undefined where it is longer. */
export async function readText(c: Context, most: number): Promise<string | undefined> {
  return (await readBytes(c, most))?.toString('utf8')
}

/** The body, and no more of it than may be, whatever length it claims to have; undefined where it is longer. */
async function readBytes(c: Context, most: number): Promise<Buffer | undefined> {
  if (Number(c.req.header('content-length') ?? 0) > most) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length
    if (size > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The body, unpacked where it came packed with gzip, unless it is too large either way. */
export async function unpacked(c: Context, most: number): Promise<Uint8Array | 'too large' | 'unreadable'> {
  // The server's own reader is quicker, and trusts a length that was held against what came (this is the event path).
  const measured = Number(c.req.header('content-length') ?? Infinity) <= most
  const bytes = measured ? new Uint8Array(await c.req.arrayBuffer()) : await readBytes(c, most)
  if (bytes === undefined) return 'too large'
  if (c.req.header('content-encoding') !== 'gzip') return bytes
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: most }, (error, unpacked) => {
      if (!error) resolve(unpacked)
      else resolve('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'unreadable')
    })
  })
}
