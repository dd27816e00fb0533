/** Telephone numbers, as people write them and as networks want them (E.164). */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Contact } from '../../engine/index.ts'

export type PhoneNumber =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly detail: string }

/** Where an SMS for this contact goes: its PHONE, of the country COUNTRY where the number does not say one itself. */
export function phoneOf({ attributes }: Pick<Contact, 'attributes'>): PhoneNumber {
  const { PHONE: phone, COUNTRY: country } = attributes
  if (typeof phone !== 'string' || phone.trim() === '')
    return { ok: false, detail: 'there is no phone number' }
  const code = typeof country === 'string' ? country.trim().toUpperCase() : ''
  const isCode = isSupportedCountry(code)
  if (!isCode && !phone.trim().startsWith('+'))
    return { ok: false, detail: `"${phone}" has no country code, and ${countryFault(country)}` }
  const parsed = parsePhoneNumberFromString(phone, {
    extract: false,
    ...(isCode && { defaultCountry: code }),
  })
  return parsed?.isPossible()
    ? { ok: true, number: parsed.number }
    : { ok: false, detail: `"${phone}" is no phone number${isCode ? ` of ${code}` : ''}` }
}

function countryFault(country: unknown): string {
  return typeof country === 'string' && country.trim() !== ''
    ? `COUNTRY is "${country}" and not a code of two letters such as "DE"`
    : 'the contact has no COUNTRY'
}

/** Numbers for films and examples, which nobody has: +1 555 01xx of every area (NANPA), and Ofcom's mobiles. */
const RESERVED = [/^\+1\d{3}55501\d\d$/, /^\+447700900\d{3}$/]

/** Whether nobody can have this number: it is never handed to a provider. */
export function isReservedNumber(number: string): boolean {
  return RESERVED.some((pattern) => pattern.test(number))
}
