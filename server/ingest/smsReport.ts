/** What the provider of SMS tells later (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status). Pure. */

export interface SmsReport {
  readonly verdict: 'delivered' | 'failed' | 'stopped'
  readonly detail: string
}

/** The person answered STOP; with some senders the provider notices that only after it took the message. */
const STOPPED = '21610'

/** Undefined for what is only on its way. */
export function readSmsReport(form: string): SmsReport | undefined {
  const fields = new URLSearchParams(form)
  const [status, code] = [fields.get('MessageStatus'), fields.get('ErrorCode')]
  if (status === 'delivered') return { verdict: 'delivered', detail: 'the provider said: delivered' }
  if (status !== 'undelivered' && status !== 'failed') return undefined
  const detail = `the provider said: ${status}${code && /^\d+$/.test(code) ? `, error ${code}` : ''}`
  return { verdict: code === STOPPED ? 'stopped' : 'failed', detail }
}
