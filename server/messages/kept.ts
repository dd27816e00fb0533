/** What the mailbox keeps of a message that did not leave: all of what would have gone out. */
import type { Mail } from './compose.ts'
import type { Sms } from './sms.ts'
import type { Call } from './webhook.ts'

export interface Kept {
  readonly text: string
  readonly html?: string
  readonly headers?: { readonly [name: string]: string }
  /** The Message-ID of a mail, the `webhook-id` of a call. */
  readonly messageId?: string
  /** Of an SMS: how many the network makes of it. */
  readonly segments?: number
  readonly encoding?: string
  /** Of a call. */
  readonly method?: string
}

export function keptMail({ html, text, headers, messageId }: Mail): Kept {
  return { html, text, headers, messageId }
}

export function keptSms({ text, segments, encoding }: Sms): Kept {
  return { text, segments, encoding }
}

export function keptCall({ id, method, headers, body }: Call): Kept {
  return { text: body, headers, messageId: id, method }
}
