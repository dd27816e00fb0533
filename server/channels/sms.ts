/**
 * Hands SMS to a provider, and says what became of each: one port, and Twilio behind it
 * (https://www.twilio.com/docs/messaging/api/message-resource). An SMS costs money and Twilio takes no key by which it
 * would know a repetition, so we watch our own request as we do with mail: not a byte of its body read is the proof that
 * nothing arrived; a connection lost afterwards leaves it uncertain.
 */
import { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import type { Json } from '../../engine/index.ts'
import type { SmsAccount } from '../config.ts'
import { isObject } from '../ingest/storable.ts'
import type { Sms } from '../messages/sms.ts'
import { jsonOf, readAnswer, retryAfter } from './answer.ts'
import { inOneLine, type Verdict } from './verdict.ts'

export interface SmsChannel {
  /** Never rejects for what the provider or network does. `report`: where the provider may tell later what became of it. */
  readonly send: (sms: Pick<Sms, 'to' | 'text'>, report: string | null) => Promise<Verdict>
  readonly close: () => Promise<void>
}

/** An account that names its sender. */
export type SmsSender = SmsAccount & { readonly from: string }

/** Milliseconds until connected, and for the answer. */
const TIMEOUTS = { connect: 10_000, whole: 60_000 }

export function openSms(account: SmsSender, timeouts = TIMEOUTS): SmsChannel {
  const { origin, sid, token, from } = account
  // A connection for each: on one that was kept, "closed while idle" and "closed on our SMS" look the same.
  const agent = new Agent({ allowH2: false, pipelining: 0, connect: { timeout: timeouts.connect } })
  const url = `${origin}/2010-04-01/Accounts/${encodeURIComponent(sid)}/Messages.json`
  const authorization = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`

  async function send({ to, text }: Pick<Sms, 'to' | 'text'>, report: string | null): Promise<Verdict> {
    const form = new URLSearchParams({
      To: to,
      [from.startsWith('MG') ? 'MessagingServiceSid' : 'From']: from,
      Body: text,
      ...(report !== null && { StatusCallback: report }),
    }).toString()
    const watched = Readable.from([form])
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers: {
          authorization,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(Buffer.byteLength(form)),
        },
        body: watched,
        signal: AbortSignal.timeout(timeouts.whole),
      })
      // The status says it: what breaks off behind it changes nothing.
      const text = await readAnswer(body).catch(() => undefined)
      return verdictOn(statusCode, headers['retry-after'], text)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const detail = inOneLine(error.message || ((error as NodeJS.ErrnoException).code ?? error.name))
      return watched.readableDidRead ? { type: 'uncertain', detail } : { type: 'retry', detail }
    }
  }
  return { send, close: () => agent.destroy() }
}

/** Refusals of the account, not of the message: the token is wrong, or the account was closed. */
const OF_THE_ACCOUNT = [401, 403, 404]
/** The person answered STOP (https://www.twilio.com/docs/api/errors/21610). */
const STOPPED = 21610

function verdictOn(status: number, wait: string | string[] | undefined, text: string | undefined): Verdict {
  const answer = text === undefined ? undefined : jsonOf(text)
  const said = (field: string) => (isObject(answer) ? answer[field] : undefined)
  if (status >= 200 && status < 300)
    return { type: 'sent', response: inOneLine(`the provider answered ${status}: ${spoken(said('sid'))}`) }
  const detail = inOneLine(`the provider answered ${status}: ${spoken(said('message'))}`)
  if (said('code') === STOPPED) return { type: 'failed', reason: 'stopped', detail }
  if (status < 500 && status !== 429 && !OF_THE_ACCOUNT.includes(status))
    return { type: 'failed', reason: 'refused', detail }
  const after = retryAfter(wait, Date.now())
  return { type: 'retry', detail, ...(after !== undefined && { after }) }
}

function spoken(value: Json | undefined): string {
  return typeof value === 'string' ? value : 'no more than that'
}
