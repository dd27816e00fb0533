/**
 * A message to look at before it is sent to anybody: as one contact would get it, or somebody made up, with nothing in it
 * that counts. Pure.
 */
import {
  newContact,
  render,
  type Contact,
  type EmailParams,
  type JsonObject,
  type SmsParams,
} from '../../engine/index.ts'
import { compose, inOneLine, type Composition, type MailTemplate } from './compose.ts'
import { textFacts, type Sender, type TextSources } from './facts.ts'
import { phoneOf } from './phone.ts'
import { smsText } from './sms.ts'
import type { Secret } from './tokens.ts'

export interface TrialSources {
  readonly contact: Contact
  /** What came along with the event that began the passage. */
  readonly event: JsonObject
  readonly workspace: Sender
  readonly secret: Secret
  readonly now: number
}

/** Somebody of whom much is known. */
export function exampleContact(now: number): Contact {
  const attributes = {
    FIRSTNAME: 'Ada',
    LASTNAME: 'Lovelace',
    COMPANY: 'Analytical Engines',
    COUNTRY: 'GB',
    PHONE: '+447700900123',
  }
  const scores = { SCORE: 4200 }
  return {
    ...newContact('example', now),
    email: 'ada@example.com',
    stage: 'consideration',
    attributes,
    scores,
  }
}

/** Somebody of whom nothing is known but how to write to them. */
export function unknownContact(now: number): Contact {
  return { ...newContact('unknown', now), email: 'somebody@example.com' }
}

export interface MailTrial {
  readonly from: string
  readonly subject: string
  /** What the inbox shows after the subject; null where only the HTML says it. */
  readonly preview: string | null
  /** Null where it cannot be made. */
  readonly html: string | null
  readonly text: string | null
  /** Why it cannot be made, or would not be. */
  readonly failure: string | null
}

/** The mail exactly as it would go out, its links where they lead. A subject that is not written yet stops nobody here. */
export function mailTrial(params: EmailParams, template: MailTemplate, sources: TrialSources): MailTrial {
  const facts = factsOf(sources, params.messageType)
  const filled = (source: string) => {
    const result = render(source, textFacts(facts), { escape: false })
    return result.ok ? inOneLine(result.text) : null
  }
  const subject = filled(template.subject) ?? template.subject
  const isWritten = subject !== ''
  const composed = composeTrial(
    'test/preview/1',
    params,
    isWritten ? template : { ...template, subject: '-' },
    sources,
  )
  const mail = composed.ok ? composed.mail : null
  return {
    from: inOneLine(sources.workspace.mailFrom),
    subject,
    preview: 'body' in params ? filled(params.preview ?? '') : null,
    html: mail?.html ?? null,
    text: mail?.text ?? null,
    failure: composed.ok ? null : composed.detail,
  }
}

/** What stands in front of the subject of a test. */
const MARK = '[Test]'

/** The mail to send to somebody who wants to see it arrive. `message` is like a message's id, each its own. */
export function testMail(
  message: string,
  to: string,
  params: EmailParams,
  template: MailTemplate,
  sources: TrialSources,
): Composition {
  const marked = { ...template, subject: `${MARK} ${template.subject}` }
  const composed = composeTrial(message, params, marked, sources)
  if (!composed.ok) return composed
  const { mail } = composed
  return { ...composed, mail: { ...mail, to, headers: { ...mail.headers, To: to } } }
}

function composeTrial(
  message: string,
  { messageType }: EmailParams,
  template: MailTemplate,
  sources: TrialSources,
): Composition {
  // Whoever has no address could not get it, but it can be looked at.
  const contact = { ...sources.contact, email: sources.contact.email ?? 'nobody@example.com' }
  return compose({
    ...factsOf({ ...sources, contact }, messageType),
    message,
    template,
    messageType,
    secret: sources.secret,
    isTrial: true,
  })
}

export interface SmsTrial {
  readonly to: string | null
  readonly text: string | null
  readonly encoding: string | null
  readonly segments: number | null
  readonly used: number | null
  readonly room: number | null
  readonly failure: string | null
}

/** The SMS as it would be read; whoever has no number would not get it. */
export function smsTrial({ text: template, messageType }: SmsParams, sources: TrialSources): SmsTrial {
  const made = smsText(template, factsOf(sources, messageType))
  const phone = phoneOf(sources.contact)
  const to = phone.ok ? phone.number : null
  if (!made.ok)
    return { to, text: null, encoding: null, segments: null, used: null, room: null, failure: made.detail }
  const { text, encoding, segments, used, room } = made
  return { to, text, encoding, segments, used, room, failure: phone.ok ? null : phone.detail }
}

/** What its texts may read. */
function factsOf({ contact, event, workspace, now }: TrialSources, messageType: string): TextSources {
  return { contact, facts: { event, message_type: messageType }, workspace, now }
}
