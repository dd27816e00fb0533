/**
 * Calls webhooks, signed as Standard Webhooks says (https://www.standardwebhooks.com). A call may be repeated: the
 * receiver knows a repetition by its `webhook-id`, which is the same on every attempt. So a lost connection is no doubt
 * but another attempt.
 */
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import type { Call } from '../messages/webhook.ts'
import { jsonOf, LARGEST_ANSWER, readAnswer, retryAfter } from './answer.ts'
import { AddressRefused, reachOf, type Resolver } from './reach.ts'
import { inOneLine, type Verdict } from './verdict.ts'

export interface WebhookChannel {
  /** Never rejects for what a receiver or network does. */
  readonly call: (call: Call) => Promise<Verdict>
  readonly close: () => Promise<void>
}

export interface WebhookOptions {
  /** `whsec_…`, as receivers know it. */
  readonly secret: string
  /** WEBHOOK_ALLOW: private hosts, addresses and networks that may be called. */
  readonly allow: readonly string[]
  /** Milliseconds until connected, and for one attempt in all. */
  readonly timeouts?: { readonly connect: number; readonly whole: number }
  /** Looks up names; the system's own when left out. */
  readonly resolve?: Resolver
}

const TIMEOUTS = { connect: 10_000, whole: 30_000 }
const MOST_REDIRECTS = 5

export function openWebhooks({
  secret,
  allow,
  resolve,
  timeouts = TIMEOUTS,
}: WebhookOptions): WebhookChannel {
  const reach = reachOf(allow, resolve)
  const signer = new Webhook(secret)
  const agent = new Agent({ allowH2: false, connect: { lookup: reach.lookup, timeout: timeouts.connect } })

  async function attempt(call: Call): Promise<Verdict> {
    const first = URL.parse(call.url)
    if (!first) return refused(`"${inOneLine(call.url, 200)}" is no address`)
    const whole = AbortSignal.timeout(timeouts.whole)
    let hop: Hop = { url: first, method: call.method, body: call.body, ownHeaders: call.headers }
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const refusal = reach.refusal(hop.url)
      if (refusal !== undefined) return refused(refusal)
      const { statusCode, headers, body } = await request(hop.url, {
        dispatcher: agent,
        method: hop.method,
        headers: headersOf(call.id, hop, signer),
        body: hop.body === '' ? null : hop.body,
        signal: whole,
      })
      const text = await readAnswer(body)
      const next = redirect(hop, statusCode, headers['location'])
      if (next === null) return verdictOn(hop.url, statusCode, headers, text)
      if (typeof next === 'string') return refused(next)
      hop = next
    }
    return refused(`${first.host} redirects more than ${MOST_REDIRECTS} times`)
  }

  return {
    call: (call) => attempt(call).catch((error: unknown) => verdictOnFault(error, timeouts)),
    close: () => agent.destroy(),
  }
}

// ---- The way there -----------------------------------------------------------------------------------------------

interface Hop {
  readonly url: URL
  readonly method: Call['method']
  readonly body: string
  readonly ownHeaders: Call['headers']
}

function headersOf(id: string, { body, ownHeaders }: Hop, signer: Webhook): { [name: string]: string } {
  const now = new Date()
  const own = Object.entries(ownHeaders).map(([name, value]) => [name.toLowerCase(), value])
  return {
    'user-agent': 'Tidemark',
    accept: 'application/json, */*;q=0.1',
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...(Object.fromEntries(own) as Call['headers']),
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signer.sign(id, now, body),
  }
}

/**
 * Where an answer sends us: null where it sends nowhere, a sentence where we do not go. A POST stays a POST, but for 303
 * (RFC 9110 section 15.4); the journey's own headers may hold a key, and go to no other place than it named.
 */
function redirect(hop: Hop, status: number, location: string | string[] | undefined): Hop | string | null {
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return null
  const url = URL.parse(location, hop.url.href)
  if (!url) return `${hop.url.host} redirects to "${inOneLine(location, 200)}", which is no address`
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    return `${hop.url.host} redirects from https to http: nothing is sent in the open that was not meant to be`
  const ownHeaders = url.origin === hop.url.origin ? hop.ownHeaders : {}
  return status === 303 ? { url, method: 'GET', body: '', ownHeaders } : { ...hop, url, ownHeaders }
}

// ---- Verdicts ----------------------------------------------------------------------------------------------------

/** Refusals that may pass: too slow, too early, too much. */
const FOR_NOW = [408, 425, 429]

function verdictOn(
  { host }: URL,
  status: number,
  headers: { readonly [name: string]: string | string[] | undefined },
  text: string | undefined,
): Verdict {
  if (status >= 200 && status < 300) {
    const answer = text === undefined ? undefined : jsonOf(text)
    const tooLarge =
      text === undefined ? `; what came with it is larger than ${LARGEST_ANSWER / 1024} KB` : ''
    return {
      type: 'sent',
      response: `${host} answered ${status}${tooLarge}`,
      ...(answer !== undefined && { answer }),
    }
  }
  const said = inOneLine(text ?? '', 200)
  const detail = `${host} answered ${status}${said === '' ? '' : `: ${said}`}`
  if (status < 500 && !FOR_NOW.includes(status)) return refused(detail)
  const after = retryAfter(headers['retry-after'], Date.now())
  return { type: 'retry', detail, ...(after !== undefined && { after }) }
}

function refused(detail: string): Verdict {
  return { type: 'failed', reason: 'refused', detail }
}

function verdictOnFault(error: unknown, { whole }: { readonly whole: number }): Verdict {
  if (!(error instanceof Error)) throw error
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof AddressRefused) return refused(error.message)
  // undici found that this can be no request: a header with a line break, say.
  if (code === 'UND_ERR_INVALID_ARG') return refused(`the call cannot be made: ${inOneLine(error.message)}`)
  if (error.name === 'TimeoutError')
    return { type: 'retry', detail: `no answer within ${whole / 1000} seconds` }
  // Where several addresses were tried in vain, the error itself has no message.
  return { type: 'retry', detail: inOneLine(error.message || (code ?? error.name)) }
}
