/** What comes back over HTTP from services that we call: read with a bound, whoever they are. */
import type { Json } from '../../engine/index.ts'

/** More than any receiver has to say. */
export const LARGEST_ANSWER = 64 * 1024

/** The text of an answer; undefined where it is longer than `LARGEST_ANSWER`: then the rest is not read. */
export async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > LARGEST_ANSWER) return undefined // leaving the loop closes the connection
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The JSON that a text is; undefined where it is none. */
export function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

/** A receiver that asks for more than a day is asked again after a day. */
const LONGEST_WAIT = 24 * 3_600_000

/** Milliseconds to wait by a `Retry-After` header: seconds or a date (RFC 9110 section 10.2.3). */
export function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return undefined
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT)
}
