/** Makes the call of one message to another system, and reads what the journey keeps of its answer. Pure. */
import {
  render,
  renderUrl,
  type Json,
  type JsonObject,
  type NotifyParams,
  type WebhookParams,
} from '../../engine/index.ts'
import { pointedAt } from '../ingest/pointers.ts'
import { repaired, survey } from '../ingest/storable.ts'
import { textFacts, type TextSources } from './facts.ts'
import { webhookId, type Secret } from './tokens.ts'

/** A finished call. */
export interface Call {
  /** The same on every attempt, so that a receiver knows a repetition. */
  readonly id: string
  readonly url: string
  readonly method: WebhookParams['method']
  readonly headers: { readonly [name: string]: string }
  /** JSON, or empty. */
  readonly body: string
}

export type CallComposition =
  | { readonly ok: true; readonly call: Call }
  | { readonly ok: false; readonly detail: string }

export interface CallSources extends TextSources {
  readonly message: string
  readonly secret: Secret
}

/** In bytes: more is a document, not a message. */
const LARGEST_BODY = 256 * 1024

export function composeCall(
  { url, method, headers = {}, body }: Omit<WebhookParams, 'store'>,
  sources: CallSources,
): CallComposition {
  const facts = textFacts(sources)
  const address = renderUrl(url, facts)
  if (!address.ok) return { ok: false, detail: `the address cannot be made: ${address.detail}` }
  if (climbs(address.text))
    return { ok: false, detail: `the address ${address.text} would lead out of its own path` }
  const filled: Filled = body === undefined ? { ok: true, value: '' } : fill(body, facts)
  if (!filled.ok) return { ok: false, detail: `the body cannot be made: ${filled.detail}` }
  const text = body === undefined ? '' : JSON.stringify(filled.value)
  if (Buffer.byteLength(text) > LARGEST_BODY)
    return { ok: false, detail: `the body is larger than ${LARGEST_BODY / 1024} KB once filled in` }
  const told = fillHeaders(headers, facts)
  if (!told.ok) return told
  const id = webhookId(sources.message, sources.secret)
  return { ok: true, call: { id, url: address.text, method, headers: told.headers, body: text } }
}

/** A note to the team by the form that chat systems take: Slack, Mattermost, Google Chat. */
export function composeChat(
  { url, text }: Extract<NotifyParams, { url: string }>,
  sources: CallSources,
): CallComposition {
  return composeCall({ url, method: 'POST', body: { text } }, sources)
}

/** What may be sent in a header; above all no end of a line, behind which a value could add headers of its own. */
const PLAIN = /^[\t\u0020-\u007e]*$/

function fillHeaders(
  headers: Call['headers'],
  facts: JsonObject,
):
  | { readonly ok: true; readonly headers: Call['headers'] }
  | { readonly ok: false; readonly detail: string } {
  const filled: [name: string, value: string][] = []
  for (const [name, value] of Object.entries(headers)) {
    const text = render(value, facts, { escape: false })
    if (!text.ok) return { ok: false, detail: `the header "${name}" cannot be made: ${text.detail}` }
    if (!PLAIN.test(text.text))
      return { ok: false, detail: `the header "${name}" would hold other than plain letters in one line` }
    filled.push([name, text.text])
  }
  return { ok: true, headers: Object.fromEntries(filled) }
}

/** A value may be ".." and then no escaping helps: every browser and server takes `%2e%2e` for a step up, too. */
function climbs(url: string): boolean {
  return /\/(?:\.|%2e){1,2}(?=[/?#]|$)/i.test(url.replace(/[?#].*$/s, ''))
}

type Filled = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly detail: string }

/** Fills in every text of the body; what is put in is data, so it needs no escaping. */
function fill(body: Json, facts: JsonObject): Filled {
  if (typeof body === 'string') {
    const text = render(body, facts, { escape: false })
    return text.ok ? { ok: true, value: text.text } : text
  }
  if (typeof body !== 'object' || body === null) return { ok: true, value: body }
  const entries: [name: string, value: Json][] = []
  for (const [name, value] of Object.entries(body)) {
    const filled = fill(value, facts)
    if (!filled.ok) return filled
    entries.push([name, filled.value])
  }
  const value: Json = Array.isArray(body) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
  return { ok: true, value }
}

/** What the journey keeps of an answer, by attribute: what is not there, or cannot be stored, changes nothing. */
export function storedOf(store: { readonly [attribute: string]: string }, answer: Json): JsonObject {
  const found = Object.entries(store).flatMap(([attribute, pointer]) => {
    const value = pointedAt(answer, pointer)
    return value === undefined ? [] : [[attribute, value] as const]
  })
  const { tooDeep, unstorable } = survey(Object.fromEntries(found))
  return tooDeep || unstorable ? {} : repaired(Object.fromEntries(found))
}
