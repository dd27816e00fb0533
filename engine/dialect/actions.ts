/** What a step does on entry, with its params. */
import { z } from 'zod'
import { scalar } from './conditions.ts'
import { parseDuration } from '../calendar.ts'
import { EMAIL_ADDRESS, type Json, STAGES, type Stage } from '../contact.ts'
import { type MailContent, mailContent, subject } from './mail.ts'
import { OBJECT_PROPERTIES, amount, attribute, duration, name, ownStepId } from './names.ts'

/** What is added: a number, or a property of the entering event times a number (`times`, 1). */
export type Amount = number | { readonly event: string; readonly times?: number }
const eventAmount = z.strictObject({
  event: z.string().min(1).max(255),
  times: z.number().min(-1e6).max(1e6).exactOptional(),
})
const points = z.union(
  [amount, eventAmount],
  'a number, or a property of the event such as { "event": "quantity" }',
)

export interface Cap {
  readonly points: number
  /** A duration back from the event, all time, or the last so many e-mails that went out ("3 emails", R101). */
  readonly per: string
  /** `event.<property>`: the cap counts apart for each value of it. */
  readonly key?: string
}
export interface UpdateParams {
  readonly attribute: string
  readonly add?: Amount
  readonly subtract?: Amount
  readonly set?: Amount | string | boolean
  readonly multiply?: number
  readonly clear?: true
  readonly cap?: Cap
  readonly cooldown?: string
  readonly floor?: number
}
const CHANGES = ['add', 'subtract', 'set', 'multiply', 'clear'] as const

/** "3 emails" as the number it names; undefined for another cap. */
export function emailsOf(per: string): number | undefined {
  const match = /^([1-9]\d?) emails$/.exec(per)
  return match ? Number(match[1]) : undefined
}

const updateParams = z
  .strictObject({
    attribute,
    add: points.exactOptional(),
    subtract: points.exactOptional(),
    set: z
      .union(
        [points, z.string().max(1000), z.boolean()],
        'a number, a text, true, false, or a property of the event',
      )
      .exactOptional(),
    multiply: z.number().min(-1000).max(1000).exactOptional(),
    clear: z.literal(true).exactOptional(),
    cap: z
      .strictObject({
        points: amount.refine((value) => value > 0, 'a number above 0'),
        per: z
          .string()
          .refine(
            (text) => text === 'ever' || emailsOf(text) !== undefined || parseDuration(text) !== undefined,
            'a duration such as "P1D", "ever", or "3 emails"',
          ),
        key: z
          .string()
          .regex(/^event\..{1,255}$/, 'a property of the event, such as "event.message"')
          .exactOptional(),
      })
      .exactOptional(),
    cooldown: duration.exactOptional(),
    floor: amount.exactOptional(),
  })
  .refine(
    (params) => CHANGES.filter((change) => params[change] !== undefined).length === 1,
    `exactly one of ${CHANGES.join(', ')}`,
  )
  .refine(
    (params) => params.cap === undefined || params.add !== undefined,
    'a cap only where points are added',
  )

export const MESSAGE_TYPES = ['promotional', 'newsletter', 'transactional'] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

/** What every message to a person has. */
export interface MessageParams {
  readonly messageType: MessageType
  /** How soon the same message may reach the same person again: a duration or "always"; absent: once in 24 hours. */
  readonly again?: string
}
/** A mail by name, one made of blocks, or one whose HTML somebody wrote. */
export type EmailParams = MessageParams &
  (
    | { readonly template: string }
    | MailContent
    | { readonly subject: string; readonly html: string; readonly text?: string }
  )
const messageParams = {
  messageType: z.enum(MESSAGE_TYPES),
  again: z
    .string()
    .refine(
      (text) => text === 'always' || parseDuration(text) !== undefined,
      'a duration such as "PT1H", or "always"',
    )
    .exactOptional(),
}
const emailParams = z.union(
  [
    z.strictObject({ template: name, ...messageParams }),
    z.strictObject({ ...mailContent, ...messageParams }),
    z.strictObject({
      subject,
      html: z.string().max(500_000),
      text: z.string().max(500_000).exactOptional(),
      ...messageParams,
    }),
  ],
  'a template, a subject and a body, or a subject and html',
)

export interface SmsParams extends MessageParams {
  readonly text: string
}
/** Ten parts of 153 letters: more is a letter, not an SMS. That it is not empty `verify/mails.ts` sees to. */
const smsParams = z.strictObject({ text: z.string().max(1530), ...messageParams })

export const WEBHOOK_METHODS = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const

/** Texts in `url`, `headers` and `body` may hold Liquid, which the server fills in at the moment of sending. */
export interface WebhookParams {
  readonly url: string
  readonly method: (typeof WEBHOOK_METHODS)[number]
  readonly headers?: { readonly [name: string]: string }
  readonly body?: Json
  /** Attributes that are set from the answer, by JSON Pointers into it. */
  readonly store?: { readonly [attribute: string]: string }
}

/**
 * `http://` or `https://`, a host without name and password, then anything without blanks. Liquid may stand behind the
 * host only: whom the journey calls, its author says and not a contact's data.
 */
const HTTP_URL =
  /^https?:\/\/(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@{}\\:[\]]+)(?::\d{1,5})?(?:[/?#](?:[^\s{}]|\{\{[^{}]*\}\}|\{%[^{}]*%\})*)?$/
const url = z
  .string()
  .max(2000)
  .regex(HTTP_URL, 'an address such as "https://example.com/hooks", with {{ … }} only behind the host')

/** What a header may be called (RFC 9110), and those that the server or HTTP itself writes. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const OWN_HEADERS =
  /^(?:host|connection|keep-alive|te|trailer|upgrade|expect|content-length|transfer-encoding|proxy-.*|webhook-.*)$/i
const headers = z
  .record(
    z
      .string()
      .refine(
        (text) => HEADER_NAME.test(text) && !OWN_HEADERS.test(text) && !OBJECT_PROPERTIES.has(text),
        'the name of a header such as "Authorization", none that HTTP or we write ourselves',
      ),
    z
      .string()
      .max(2000)
      .regex(/^[\t\u0020-\u007e]*$/, 'a text of plain letters in one line'),
  )
  .refine(
    (all) => new Set(Object.keys(all).map((text) => text.toLowerCase())).size === Object.keys(all).length,
    'each header once',
  )
const pointerText = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'a JSON Pointer such as "/customer/tier"')

const json: z.ZodType<Json> = z
  .lazy(() =>
    z.union(
      [z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)],
      'any JSON',
    ),
  )
  .meta({ id: 'Json' })

const webhookParams = z
  .strictObject({
    url,
    method: z.enum(WEBHOOK_METHODS),
    headers: headers.exactOptional(),
    body: json.exactOptional(),
    store: z
      .record(attribute, pointerText)
      .refine((store) => Object.keys(store).length > 0, 'at least one attribute')
      .exactOptional(),
  })
  .refine(
    ({ method, body }) => body === undefined || (method !== 'GET' && method !== 'DELETE'),
    'no "body" with GET and DELETE',
  )

/** Mail to the team, or a call to a system of theirs. Texts may hold Liquid. */
export type NotifyParams =
  | { readonly to: readonly string[]; readonly subject: string; readonly text: string }
  | { readonly url: string; readonly text: string }
const noticeText = z.string().min(1).max(20_000)
const notifyParams = z.union(
  [
    z.strictObject({
      to: z
        .array(z.string().refine((text) => EMAIL_ADDRESS.test(text), 'an e-mail address'))
        .min(1)
        .max(20),
      subject: z.string().min(1).max(998),
      text: noticeText,
    }),
    z.strictObject({ url, text: noticeText }),
  ],
  'addresses ("to") with a subject and text, or a "url" with a text',
)

/** What may stand in a step's `entry`, by the name of the action. */
const ACTION_PARAMS = {
  updateAttribute: updateParams,
  addToList: z.strictObject({ list: name }),
  removeFromList: z.strictObject({ list: name }),
  moveToList: z.strictObject({ list: name, from: z.array(name).exactOptional() }),
  sendEmail: emailParams,
  sendSms: smsParams,
  callWebhook: webhookParams,
  notify: notifyParams,
  setStage: z.strictObject({ stage: z.enum(STAGES) }),
  startJourney: z.strictObject({
    journey: ownStepId,
    properties: z
      .record(
        z.string().min(1).max(255),
        z.union([scalar, z.null()], 'a text, a number, true, false or null'),
      )
      .exactOptional(),
  }),
} as const
export type Action =
  | { readonly type: 'updateAttribute'; readonly params: UpdateParams }
  | { readonly type: 'addToList'; readonly params: { readonly list: string } }
  | { readonly type: 'removeFromList'; readonly params: { readonly list: string } }
  | {
      readonly type: 'moveToList'
      readonly params: { readonly list: string; readonly from?: readonly string[] }
    }
  | { readonly type: 'sendEmail'; readonly params: EmailParams }
  | { readonly type: 'sendSms'; readonly params: SmsParams }
  | { readonly type: 'callWebhook'; readonly params: WebhookParams }
  | { readonly type: 'notify'; readonly params: NotifyParams }
  | { readonly type: 'setStage'; readonly params: { readonly stage: Stage } }
  | {
      readonly type: 'startJourney'
      readonly params: { readonly journey: string; readonly properties?: { readonly [key: string]: Json } }
    }
export type ActionType = Action['type']

export function action(type: ActionType) {
  return z.strictObject({ type: z.literal(type), params: ACTION_PARAMS[type] })
}
