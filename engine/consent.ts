/** Who may get what: the one rule on consent, used at the moment of sending and by the simulator (design section 6). */
import { EMAIL_ADDRESS, type Channel, type Contact, type FailureReason } from './contact.ts'
import type { MessageType } from './dialect/actions.ts'

/** The channels that reach the person; what goes to other systems or the team asks no consent. */
type Personal = Extract<Channel, 'email' | 'sms'>

/** Why the contact gets nothing, for machines and as a sentence for the timeline. */
export interface Refusal {
  readonly ok: false
  readonly reason: FailureReason
  readonly detail: string
}

const NAMES: { readonly [channel in Personal]: { readonly itself: string; readonly address: string } } = {
  email: { itself: 'e-mail', address: 'e-mail address' },
  sms: { itself: 'SMS', address: 'phone number' },
}

/** A number with its country, as E.164 counts its digits; people write blanks between them. Whether it exists the receiving side says. */
const NUMBER = /^\+[1-9](?:[ ()./-]*\d){6,14}$/
/** A number without one: it takes the contact's COUNTRY to be dialled from everywhere. */
const NATIONAL = /^(?:[ ()./-]*\d){3,15}$/
const COUNTRY = /^[A-Za-z]{2}$/

/**
 * Whether a message of this type may go to this contact now. Newsletters and promotional messages need consent, and
 * unknown is no; transactional ones go to everybody whose address works and who has not complained, or answered STOP.
 */
export function mayReceive(
  contact: Contact,
  channel: Channel,
  messageType: MessageType,
): { readonly ok: true } | Refusal {
  if (channel === 'webhook' || channel === 'notice') return { ok: true }
  const { itself, address: name } = NAMES[channel]
  const address = addressOf(contact, channel)
  if (address === null) return refusal('no_address', `there is no ${name}`)
  const isNational = channel === 'sms' && NATIONAL.test(address)
  if (isNational && !hasCountry(contact))
    return refusal('no_address', `"${address}" has no country code, and the contact no COUNTRY such as "DE"`)
  if (!isNational && !(channel === 'email' ? EMAIL_ADDRESS : NUMBER).test(address))
    return refusal('no_address', `"${address}" is no ${name}`)
  if (channel === 'email' && contact.unreachable !== null)
    return refusal('unreachable', UNREACHABLE[contact.unreachable])
  if (channel === 'sms' && contact.stopped) return refusal('unreachable', 'answered STOP to an earlier SMS')
  if (messageType === 'transactional') return { ok: true }
  const { status, source } = contact.consent[channel]
  switch (status) {
    case 'subscribed':
      return { ok: true }
    case 'unsubscribed':
      return refusal('no_consent', `has unsubscribed from ${itself}${source === null ? '' : ` (${source})`}`)
    case 'unknown':
      return refusal('no_consent', `has not agreed to ${messageType} messages by ${itself}`)
  }
}

/** Where messages of a channel go. An SMS goes to the attribute PHONE: "+4930123456", or as it is dialled within COUNTRY. */
function addressOf(contact: Contact, channel: Personal): string | null {
  if (channel === 'email') return contact.email
  const number = contact.attributes['PHONE']
  return typeof number === 'string' ? number : null
}

function hasCountry({ attributes: { COUNTRY: country } }: Contact): boolean {
  return typeof country === 'string' && COUNTRY.test(country.trim())
}

const UNREACHABLE = {
  bounced: 'an earlier e-mail bounced: the address does not work',
  complained: 'complained about an earlier e-mail',
} as const

function refusal(reason: FailureReason, detail: string): Refusal {
  return { ok: false, reason, detail: `not sent: ${detail}` }
}
