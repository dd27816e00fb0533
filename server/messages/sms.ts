/** Makes the SMS of one message: fills in its text, finds its number, counts its parts. Pure. */
import { MOST_SEGMENTS, render, smsLengthOf, type SmsLength } from '../../engine/index.ts'
import { textFacts, type TextSources } from './facts.ts'
import { phoneOf } from './phone.ts'

export interface Sms extends Pick<SmsLength, 'encoding' | 'segments'> {
  /** E.164. */
  readonly to: string
  readonly text: string
}

export type SmsComposition =
  | { readonly ok: true; readonly sms: Sms }
  | { readonly ok: false; readonly reason: 'no_address' | 'refused'; readonly detail: string }

export function composeSms(template: string, sources: TextSources): SmsComposition {
  const to = phoneOf(sources.contact)
  if (!to.ok) return { ok: false, reason: 'no_address', detail: `not sent: ${to.detail}` }
  const filled = smsText(template, sources)
  if (!filled.ok) return { ok: false, reason: 'refused', detail: filled.detail }
  const { text, encoding, segments } = filled
  return { ok: true, sms: { to: to.number, text, encoding, segments } }
}

export type SmsText =
  | ({ readonly ok: true; readonly text: string } & SmsLength)
  | { readonly ok: false; readonly detail: string }

/** The text as the contact would read it, whatever its number. */
export function smsText(template: string, sources: TextSources): SmsText {
  const filled = render(template, textFacts(sources), { escape: false })
  if (!filled.ok) return { ok: false, detail: `the text cannot be made: ${filled.detail}` }
  const text = filled.text
    .replaceAll(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim()
  if (text === '') return { ok: false, detail: 'the text cannot be made: it is empty once filled in' }
  const length = smsLengthOf(text)
  return length.segments > MOST_SEGMENTS
    ? {
        ok: false,
        detail: `the text is ${length.segments} SMS long once filled in, and ${MOST_SEGMENTS} are the most`,
      }
    : { ok: true, text, ...length }
}
