/** Who may get what: the one rule on consent, used at the moment of sending and by the simulator (design section 6). */
import type { Contact, FailureReason } from './contact.ts'
import type { MessageType } from './journey.ts'

export const CHANNELS = ['email', 'sms'] as const
export type Channel = (typeof CHANNELS)[number]

/** Why the contact gets nothing, for machines and as a sentence for the timeline. */
export interface Refusal {
  readonly ok: false
  readonly reason: FailureReason
  readonly detail: string
}

const NAMES: { readonly [channel in Channel]: string } = { email: 'e-mail', sms: 'SMS' }

/** One address, as it may stand in RCPT TO: no list, no quotes, no comment. Whether it exists the receiving side says. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,255}$/u
const NUMBER = /^\+[1-9]\d{6,14}$/

/**
 * Whether a message of this type may go to this contact now. Newsletters and promotional messages need consent, and
 * unknown is no; transactional ones go to everybody whose address works and who has not complained.
 */
export function mayReceive(
  contact: Contact,
  channel: Channel,
  messageType: MessageType,
): { readonly ok: true } | Refusal {
  const name = NAMES[channel]
  const address = addressOf(contact, channel)
  if (address === null) return refusal('no_address', `there is no ${name} address`)
  if (!(channel === 'email' ? ADDRESS : NUMBER).test(address))
    return refusal('no_address', `"${address}" is no ${name} address`)
  if (channel === 'email' && contact.unreachable !== null)
    return refusal('unreachable', UNREACHABLE[contact.unreachable])
  if (messageType === 'transactional') return { ok: true }
  const { status, source } = contact.consent[channel]
  switch (status) {
    case 'subscribed':
      return { ok: true }
    case 'unsubscribed':
      return refusal('no_consent', `has unsubscribed from ${name}${source === null ? '' : ` (${source})`}`)
    case 'unknown':
      return refusal('no_consent', `has not agreed to ${messageType} messages by ${name}`)
  }
}

/** Where messages of a channel go. SMS goes to the attribute of that name, as in Brevo: "+4930123456". */
function addressOf(contact: Contact, channel: Channel): string | null {
  if (channel === 'email') return contact.email
  const number = contact.attributes['SMS']
  return typeof number === 'string' ? number : null
}

const UNREACHABLE = {
  bounced: 'an earlier e-mail bounced: the address does not work',
  complained: 'complained about an earlier e-mail',
} as const

function refusal(reason: FailureReason, detail: string): Refusal {
  return { ok: false, reason, detail: `not sent: ${detail}` }
}
