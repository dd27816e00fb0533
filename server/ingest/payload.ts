/** The body of a webhook as JSON: not nested too deep, and no number in it rounded without a word. */
import type { CallProblem } from './problems.ts'
import { survey, tooDeep } from './storable.ts'
import type { JsonObject } from '../../engine/index.ts'

export type Payload =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: CallProblem | 'no JSON' }

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** Reads bytes in UTF-8, or a text. Never throws. */
export function readPayload(body: Uint8Array | string): Payload {
  try {
    const text = typeof body === 'string' ? body : UTF8.decode(body)
    const value = JSON.parse(text) as JsonObject
    if (survey(value).tooDeep) return { ok: false, problem: tooDeep(value) }
    return { ok: true, value: /\d{16}/.test(text) ? exact(text) : value }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return { ok: false, problem: 'no JSON' }
    throw error
  }
}

/**
 * The same with whole numbers beyond 2^53 as the text that writes them: shops count their orders so high (Shopify's own
 * example is order 820982911946154508), and two of them must not become one.
 */
function exact(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? context?.source
      : value) as (key: string, value: unknown) => unknown)
}
