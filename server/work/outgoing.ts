/**
 * Makes what goes out of a message row, by its channel: the one place that knows them all. What it makes has one shape, so
 * that `sending.ts` keeps the promise for all of them alike.
 */
import type { Action, Contact, Json, JsonObject, MessageType } from '../../engine/index.ts'
import type { Channels } from '../channels/open.ts'
import { isReserved } from '../channels/smtp.ts'
import type { Verdict } from '../channels/verdict.ts'
import { compose, sourcesOf, type Link } from '../messages/compose.ts'
import type { Sender } from '../messages/facts.ts'
import { keptCall, keptMail, keptSms, type Kept } from '../messages/kept.ts'
import { composeNotice } from '../messages/notice.ts'
import { isReservedNumber } from '../messages/phone.ts'
import { composeSms } from '../messages/sms.ts'
import { composeCall, composeChat, storedOf, type CallComposition } from '../messages/webhook.ts'
import { encodeToken } from '../messages/tokens.ts'
import type { Tx } from '../store/database.ts'
import { enrollmentById } from '../store/enrollments.ts'
import type { PublishedVersion, Templates } from '../store/journeys.ts'
import type { MessagesTable } from '../store/schema.ts'

export interface OutgoingDeps {
  readonly channels: Channels
  /** Whether the world reaches us: then providers may tell what became of a message. */
  readonly isReachable: boolean
  readonly sender: Sender
  readonly secret: string
  readonly now: () => number
}

/** A message ready to go. */
export interface Outgoing {
  readonly ok: true
  /** An address, a number, a URL. */
  readonly to: string
  readonly subject: string | null
  readonly links: readonly Link[]
  /** Hands it over; null: it is kept here. */
  readonly send: (() => Promise<Verdict>) | null
  /** What the mailbox keeps of it, and why it does although messages go out; null: because none does. */
  readonly kept: Kept
  readonly keptBecause: string | null
  /** What the journey keeps of the answer. */
  readonly stored: (answer: Json) => JsonObject
}

export interface NotMade {
  readonly ok: false
  readonly reason: 'no_address' | 'refused'
  readonly detail: string
}

/** Makes it from its version's own texts, as the contact is now. */
export async function outgoing(
  tx: Tx,
  deps: OutgoingDeps,
  row: MessagesTable,
  contact: Contact,
  version: PublishedVersion | undefined,
): Promise<Outgoing | NotMade> {
  const action = version?.journey.states[row.step]?.entry
  if (!version || !action) return notMade('the version that asked for it is gone')
  const enrollment = await enrollmentById(tx, row.enrollment)
  const sources = {
    message: row.id,
    journey: row.journey,
    contact,
    facts: { event: enrollment?.properties ?? {}, message_type: row.message_type },
    messageType: row.message_type as MessageType,
    workspace: deps.sender,
    secret: deps.secret,
    now: deps.now(),
  }
  return made(action, version.templates, sources, deps)
}

type Sources = Omit<Parameters<typeof compose>[0], 'template'>

function made(
  action: Action,
  templates: Templates,
  sources: Sources,
  { channels, isReachable }: OutgoingDeps,
): Outgoing | NotMade {
  switch (action.type) {
    case 'sendEmail':
      return email(action.params, templates, sources, channels)
    case 'sendSms':
      return sms(action.params, sources, channels, isReachable)
    case 'callWebhook':
      return called(composeCall(action.params, sources), channels, action.params.store)
    case 'notify':
      return 'url' in action.params
        ? called(composeChat(action.params, sources), channels)
        : notice(action.params, sources, channels)
    case 'updateAttribute':
    case 'addToList':
    case 'removeFromList':
    case 'moveToList':
    case 'setStage':
    case 'startJourney':
      return notMade('the step that asked for it sends nothing')
  }
}

type ParamsOf<Type extends Action['type']> = Extract<Action, { type: Type }>['params']

function email(
  params: ParamsOf<'sendEmail'>,
  templates: Templates,
  sources: Sources,
  { smtp }: Channels,
): Outgoing | NotMade {
  const template = sourcesOf(params, templates)
  if (!template) return notMade('the version has no such template')
  const composed = compose({ ...sources, template })
  if (!composed.ok) return notMade(composed.detail)
  const { mail, links } = composed
  const to = [mail.to].flat().join(', ')
  const reserved = isReserved(to)
  return {
    ...ready(to, keptMail(mail)),
    subject: mail.subject,
    links,
    send: smtp && !reserved ? () => smtp.send(mail) : null,
    keptBecause: smtp && reserved ? RESERVED_DOMAIN : null,
  }
}

function notice(
  params: Extract<ParamsOf<'notify'>, { to: unknown }>,
  sources: Sources,
  { smtp }: Channels,
): Outgoing | NotMade {
  // Who cannot be reached keeps the mail from nobody else.
  const real = params.to.filter((address) => !isReserved(address))
  const composed = composeNotice({ ...params, to: real.length > 0 ? real : params.to }, sources)
  if (!composed.ok) return notMade(composed.detail)
  const { mail } = composed
  return {
    ...ready([mail.to].flat().join(', '), keptMail(mail)),
    subject: mail.subject,
    send: smtp && real.length > 0 ? () => smtp.send(mail) : null,
    keptBecause: smtp && real.length === 0 ? RESERVED_DOMAIN : null,
  }
}

function sms(
  params: ParamsOf<'sendSms'>,
  sources: Sources,
  { sms: channel }: Channels,
  isReachable: boolean,
): Outgoing | NotMade {
  const composed = composeSms(params.text, sources)
  if (!composed.ok) return composed
  const message = composed.sms
  const reserved = isReservedNumber(message.to)
  const token = encodeToken({ kind: 'report', message: sources.message }, sources.secret)
  const report = isReachable ? `${sources.workspace.baseUrl}/t/s/${token}` : null
  return {
    ...ready(message.to, keptSms(message)),
    send: channel && !reserved ? () => channel.send(message, report) : null,
    keptBecause: channel && reserved ? 'Kept here: this number is reserved for films and examples' : null,
  }
}

function called(
  composed: CallComposition,
  { webhooks }: Channels,
  store: { readonly [attribute: string]: string } = {},
): Outgoing | NotMade {
  if (!composed.ok) return notMade(composed.detail)
  const { call } = composed
  const reserved = isReserved(`@${URL.parse(call.url)?.hostname ?? ''}`)
  return {
    ...ready(call.url, keptCall(call)),
    send: webhooks && !reserved ? () => webhooks.call(call) : null,
    keptBecause: webhooks && reserved ? RESERVED_DOMAIN : null,
    stored: (answer) => storedOf(store, answer),
  }
}

const RESERVED_DOMAIN = 'Kept here: addresses of this domain are reserved for examples and tests'

function ready(to: string, kept: Kept): Outgoing {
  return {
    ok: true,
    to,
    subject: null,
    links: [],
    send: null,
    kept,
    keptBecause: null,
    stored: () => ({}),
  }
}

function notMade(detail: string): NotMade {
  return { ok: false, reason: 'refused', detail }
}
