/**
 * The words and the dialect of a journey file (design sections 2 and 3). One definition here gives the parser, the JSON
 * Schema, the editor's menus and the types.
 *
 * contact      a person with an identity         visitor     one without
 * attribute    a value of a contact              score       an attribute that a ledger keeps, SCORE first of all
 * list         static group of contacts          journey     what a marketer draws; a file is one version of it
 * trigger      what lets a contact in            step        a card on the canvas, a state of the machine
 * wait         a step that is due at a time      enrollment  one contact's passage through one version
 * way          where a step goes on              branch      one of several ways, with a condition
 * goal, exit   conditions that end a passage     effect      what the engine asks the server to do
 */
import { z } from 'zod'
import { parseDuration, parseInstant } from './calendar.ts'
import {
  CHANNEL_OF,
  EMAIL_ADDRESS,
  PURPOSES,
  STAGES,
  type Channel,
  type Json,
  type Stage,
} from './contact.ts'
import { parseDelay, type Delay } from './delays.ts'

// ---- What a union expects, in words; by these two `parse.ts` knows which union failed ------------------------------

export const CONDITION_EXPECTED = 'a condition'
export const STEP_EXPECTED = 'a step'

// The page's Content-Security-Policy forbids compiled code, and zod's very try of it: said before its first schema.
z.config({ jitless: true })

// ---- Names -------------------------------------------------------------------------------------------------------

/** States the builder of the machine makes itself, and `outside`, where one is before the first trigger. */
const RESERVED_STEPS = ['outside', 'reached', 'exited'] as const

const OBJECT_PROPERTIES = new Set(Object.getOwnPropertyNames(Object.prototype))

/** What begins with one of these is said by us; clients may not send it (design section 4). */
const RESERVED_PREFIXES = [
  'contact.',
  'attribute.',
  'score.',
  'list.',
  'segment.',
  'stage.',
  'email.',
  'sms.',
  'webhook.',
  'journey.',
  'time.',
  'step.',
  'xstate.',
] as const

/** Internal events that a trigger or a wait may listen to, and what the page calls them. */
export const INTERNAL_EVENTS = {
  'contact.created': 'Contact is new',
  'contact.merged': 'Contact was united with another',
  'score.changed': 'Score changes',
  'attribute.changed': 'Attribute changes',
  'list.joined': 'Joins a list',
  'list.left': 'Leaves a list',
  'segment.entered': 'Enters a segment',
  'segment.left': 'Leaves a segment',
  'stage.changed': 'Stage changes',
  'email.sent': 'E-mail was sent',
  'email.delivered': 'E-mail was delivered',
  'email.opened': 'Opens an e-mail',
  'email.clicked': 'Clicks in an e-mail',
  'email.bounced': 'E-mail bounced',
  'email.failed': 'E-mail failed',
  'email.complained': 'Complains about an e-mail',
  'email.unsubscribed': 'Unsubscribes',
  'sms.sent': 'SMS was sent',
  'sms.delivered': 'SMS was delivered',
  'sms.clicked': 'Clicks in an SMS',
  'sms.failed': 'SMS failed',
  'sms.stopped': 'Answers STOP to an SMS',
  'webhook.failed': 'Webhook failed',
  'journey.entered': 'Enters a journey',
  'journey.finished': 'Finishes a journey',
  'journey.requested': 'Is put in by hand or by program',
  'time.due': 'A time comes',
} as const
export type InternalEvent = keyof typeof INTERNAL_EVENTS

/** Internal events whose occurrences are kept, so that a condition may count them; the others are told once and gone. */
export const COUNTED_INTERNAL_EVENTS: readonly string[] = Object.keys(INTERNAL_EVENTS).filter((name) =>
  /^(?:email|sms|webhook)\./.test(name),
)

/** Whether the name is one of ours, which no client may send. */
export function isReservedEvent(name: string): boolean {
  return RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))
}

/** What is wrong with an event's name, or undefined: XState reads `*` and `a.*` as wildcards (tried). */
export function eventNameFault(name: string): string | undefined {
  if (name.length < 1 || name.length > 255) return 'an event name of 1 to 255 characters'
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'an event name without control characters'
  if (name === '*' || name.endsWith('.*')) return 'an event name that is no wildcard'
  if (OBJECT_PROPERTIES.has(name)) return 'another event name: this one is reserved by the language'
  return undefined
}

const stepId = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9_-]{0,63}$/,
    'a step id such as "welcome": a small letter, then letters, digits, "_" or "-", 64 at most',
  )
  .refine((id) => !OBJECT_PROPERTIES.has(id), 'another id: this one is reserved by the language')
const ownStepId = stepId.refine(
  (id) => !RESERVED_STEPS.some((reserved) => reserved === id),
  'another id: "outside", "reached" and "exited" are reserved',
)

/** What is wrong with a step's id, or undefined. The shapes cannot say it: zod checks no names of an object's parts. */
export function stepIdFault(id: string): string | undefined {
  return ownStepId.safeParse(id).error?.issues[0]?.message
}

const heardEvent = z
  .string()
  .refine((name) => eventNameFault(name) === undefined, 'an event name of 1 to 255 characters, no wildcard')
  .refine(
    (name) => !isReservedEvent(name) || Object.hasOwn(INTERNAL_EVENTS, name),
    `a client's event or one of ${Object.keys(INTERNAL_EVENTS).join(', ')}`,
  )
/** What somebody inside may wait for: a time is waited for by `after`. */
const awaitedEvent = heardEvent.refine(
  (name) => name !== 'time.due',
  'another event: a time stands in "after"',
)
const countedEvent = heardEvent.refine(
  (name) => !isReservedEvent(name) || COUNTED_INTERNAL_EVENTS.includes(name),
  `a client's event or one of ${COUNTED_INTERNAL_EVENTS.join(', ')}: only those can be counted`,
)

/** Names of attributes, scores included: FIRSTNAME, SCORE. */
export const ATTRIBUTE_NAME = /^[A-Z][A-Z0-9_]{0,63}$/
const attribute = z.string().regex(ATTRIBUTE_NAME, 'an attribute name in capitals, such as "SCORE"')
const name = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => text === text.trim() && !OBJECT_PROPERTIES.has(text), 'a name without blanks at its ends')
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as "P3D" or "PT12H"')
const amount = z
  .number()
  .min(-1e9)
  .max(1e9)
  .refine(
    (points) => Math.abs(points * 100 - Math.round(points * 100)) < 1e-6 && !Object.is(points, -0),
    'a number with at most two decimals',
  )

// ---- Conditions --------------------------------------------------------------------------------------------------

export const OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not in',
  'contains',
  'not contains',
  'starts with',
  'ends with',
  'is empty',
  'is not empty',
  'before',
  'after',
] as const
export type Operator = (typeof OPERATORS)[number]
export const COUNT_OPERATORS = ['=', '!=', '>', '>=', '<', '<='] as const satisfies readonly Operator[]
export type CountOperator = (typeof COUNT_OPERATORS)[number]
export const MESSAGE_FACTS = ['sent', 'delivered', 'opened', 'clicked', 'bounced', 'failed'] as const
export type MessageFact = (typeof MESSAGE_FACTS)[number]
/** What can become of a message, by its channel. Of a notice to the team nobody asks. */
export const FACTS_OF_CHANNEL: { readonly [channel in Channel]: readonly MessageFact[] } = {
  email: MESSAGE_FACTS,
  sms: ['sent', 'delivered', 'clicked', 'failed'],
  webhook: ['sent', 'failed'],
  notice: [],
}

type Scalar = string | number | boolean
/** `value` is absent for "is empty" and "is not empty", a list for "in" and "not in". */
interface Comparison {
  readonly operator: Operator
  readonly value?: Scalar | readonly Scalar[]
}
export type FieldCondition = Comparison & { readonly field: string }
export type PropertyCondition = Comparison & { readonly event: string }
export interface CountCondition {
  readonly count: {
    readonly event: string
    readonly where?: Condition
    readonly within?: string
    readonly since?: 'entering'
  }
  readonly operator: CountOperator
  readonly value: number
}
export interface CrossedCondition {
  readonly crossed: number
  readonly direction: 'up' | 'down'
  readonly attribute?: string
}

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly everybody: true }
  | FieldCondition
  | PropertyCondition
  | CrossedCondition
  | CountCondition
  | { readonly clicked: number; readonly ofLast: number }
  | { readonly list: string }
  | { readonly segment: string }
  | { readonly message: string; readonly was: MessageFact }

const scalar = z.union([z.string(), z.number(), z.boolean()], 'a text, a number, true or false')

/** The three shapes of a comparison, told apart by the operator. */
function comparison(side: { readonly [key: string]: z.ZodType }) {
  return z.discriminatedUnion(
    'operator',
    [
      z.strictObject({ ...side, operator: z.enum(['=', '!=']), value: scalar }),
      z.strictObject({ ...side, operator: z.enum(['>', '>=', '<', '<=']), value: z.number() }),
      z.strictObject({ ...side, operator: z.enum(['in', 'not in']), value: z.array(scalar).min(1) }),
      z.strictObject({
        ...side,
        operator: z.enum(['contains', 'not contains', 'starts with', 'ends with']),
        value: z.string().min(1),
      }),
      z.strictObject({ ...side, operator: z.enum(['is empty', 'is not empty']) }),
      z.strictObject({
        ...side,
        operator: z.enum(['before', 'after']),
        value: z
          .string()
          .refine(
            (text) => parseInstant(text) !== undefined || parseDuration(text) !== undefined,
            'a date such as "2026-05-03", or a duration back from now such as "P30D"',
          ),
      }),
    ],
    `an operator, ${OPERATORS.map((operator) => `"${operator}"`).join(', ')}`,
  )
}

const field = z
  .string()
  .refine(
    (text) =>
      text === 'stage' ||
      PURPOSES.some((purpose) => text === `consent.${purpose}`) ||
      ATTRIBUTE_NAME.test(text.replace(/^company\./, '')),
    'an attribute in capitals such as "COUNTRY", "stage", "consent.email" or "company.INDUSTRY"',
  )
const times = z.number().int().min(0).max(1_000_000)

const nested: z.ZodType<Condition> = z.lazy(() => condition)

/** Whether a comparison is with a date so long before now, and not with one of the calendar. */
export function looksBack({ operator, value }: Comparison): boolean {
  return (operator === 'before' || operator === 'after') && parseDuration(String(value)) !== undefined
}

/** Whether a condition can be answered from an event's properties alone, as the `where` of a count must be. */
function looksAtEventOnly(condition: Condition): boolean {
  if ('all' in condition) return condition.all.every(looksAtEventOnly)
  if ('any' in condition) return condition.any.every(looksAtEventOnly)
  if ('not' in condition) return looksAtEventOnly(condition.not)
  return 'event' in condition && !looksBack(condition)
}

/** Every form of a condition by the key that tells it from the others. */
export const CONDITION_FORMS = {
  all: z.strictObject({ all: z.array(nested).min(1) }),
  any: z.strictObject({ any: z.array(nested).min(1) }),
  not: z.strictObject({ not: nested }),
  everybody: z.strictObject({ everybody: z.literal(true) }),
  field: comparison({ field }),
  event: comparison({ event: z.string().min(1).max(255) }),
  crossed: z.strictObject({
    crossed: amount,
    direction: z.enum(['up', 'down']),
    attribute: attribute.exactOptional(),
  }),
  count: z.strictObject({
    count: z
      .strictObject({
        event: countedEvent,
        where: nested
          .refine(looksAtEventOnly, 'conditions on the event’s own properties, with dates of the calendar')
          .exactOptional(),
        within: duration.exactOptional(),
        since: z.literal('entering').exactOptional(),
      })
      .refine((count) => !(count.within && count.since), 'either "within" or "since", not both'),
    operator: z.enum(COUNT_OPERATORS),
    value: times,
  }),
  clicked: z
    .strictObject({ clicked: z.number().int().min(1).max(50), ofLast: z.number().int().min(1).max(50) })
    .refine((form) => form.clicked <= form.ofLast, '"clicked" no higher than "ofLast"'),
  list: z.strictObject({ list: name }),
  segment: z.strictObject({ segment: name }),
  message: z.strictObject({ message: ownStepId, was: z.enum(MESSAGE_FACTS) }),
} as const

const condition = z
  .union(Object.values(CONDITION_FORMS), CONDITION_EXPECTED)
  .meta({ id: 'Condition' }) as z.ZodType<Condition>

/** A condition by itself, as a segment has it. */
export const conditionSchema = condition

// ---- Actions -----------------------------------------------------------------------------------------------------

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
export type EmailParams = MessageParams &
  (
    | { readonly template: string }
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
    z.strictObject({
      subject: z.string().min(1).max(998),
      html: z.string().min(1).max(500_000),
      text: z.string().max(500_000).exactOptional(),
      ...messageParams,
    }),
  ],
  'a template, or a subject and html',
)

export interface SmsParams extends MessageParams {
  readonly text: string
}
/** Ten parts of 153 letters: more is a letter, not an SMS. */
const smsParams = z.strictObject({ text: z.string().min(1).max(1530), ...messageParams })

export const WEBHOOK_METHODS = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const

/** Texts in `url` and `body` may hold Liquid, which the server fills in at the moment of sending. */
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

function action(type: ActionType) {
  return z.strictObject({ type: z.literal(type), params: ACTION_PARAMS[type] })
}

// ---- Ways --------------------------------------------------------------------------------------------------------

/** Where a transition goes, under which condition. A label is what the canvas writes on the edge. */
export interface Branch {
  readonly target: string
  readonly guard?:
    | { readonly type: 'holds'; readonly params: { readonly when: Condition } }
    | { readonly type: 'share'; readonly params: Share }
  readonly actions?: readonly Action[]
  readonly reenter?: true
  readonly meta?: { readonly label: string }
}
export type Way = string | Branch | readonly (string | Branch)[]

/** Whose draw is at least `from` and under `to`, of 100. */
export interface Share {
  readonly from: number
  readonly to: number
}

/** More than anyone can read on a canvas; each is compared with all before it. */
const MAX_BRANCHES = 100
const edgeMeta = z.strictObject({ label: z.string().min(1).max(200) }).exactOptional()
const bare = z.union([ownStepId, z.strictObject({ target: ownStepId, meta: edgeMeta })], 'the id of a step')
const holds = z.strictObject({ type: z.literal('holds'), params: z.strictObject({ when: condition }) })
const guarded = z.strictObject({ target: ownStepId, guard: holds, meta: edgeMeta })
const heard = z.union(
  [ownStepId, z.strictObject({ target: ownStepId, guard: holds.exactOptional(), meta: edgeMeta })],
  'the id of a step, or a way with a condition',
)
/** The name of a delay of one of these types. */
function delayName(types: readonly Delay['type'][], expected: string) {
  return z.string().refine((text) => types.some((type) => type === parseDelay(text)?.type), expected)
}
const waitName = delayName(
  ['after', 'at', 'between', 'date'],
  'a delay such as "P3D", "at 09:00 mon-fri", "between 09:00-17:00" or "date RENEWAL_DATE -P7D at 09:00"',
)
const timeOutName = delayName(
  ['after', 'at', 'date'],
  'a delay such as "P3D", "at 09:00 mon-fri" or "date RENEWAL_DATE"',
)
const inactivity = delayName(['inactive'], 'a delay such as "inactive P30D"')
/** What a trigger by time may wait for. */
const timeName = delayName(
  ['at', 'inactive', 'date'],
  'a time such as "date RENEWAL_DATE -P7D at 09:00", "inactive P30D" or "at 09:00 mon"',
)

const branches = z
  .array(heard)
  .min(2)
  .max(MAX_BRANCHES)
  .refine(
    (list) => list.slice(0, -1).every(hasGuard) && !hasGuard(list.at(-1)),
    'branches with a condition each, and a last one without: "Everyone else"',
  )
function hasGuard(branch: unknown): boolean {
  return typeof branch === 'object' && branch !== null && 'guard' in branch
}
const share = z.strictObject({
  type: z.literal('share'),
  params: z.strictObject({ from: amount, to: amount }),
})
const shares = z
  .array(z.strictObject({ target: ownStepId, guard: share, meta: edgeMeta }))
  .min(2)
  .max(MAX_BRANCHES)
  .refine(
    (list) =>
      list.every(({ guard: { params } }, index) => {
        const before = index === 0 ? 0 : list[index - 1]!.guard.params.to
        const after = index === list.length - 1 ? 100 : params.to
        return params.from === before && params.to === after && params.from < params.to
      }),
    'shares that follow each other from 0 to 100 without a gap',
  )
const timeout = oneDelay(timeOutName)

function oneDelay(delay: z.ZodType<string, string>) {
  return z.record(delay, bare).refine((after) => Object.keys(after).length === 1, 'exactly one delay')
}

// ---- Steps -------------------------------------------------------------------------------------------------------

const label = z.string().min(1).max(200)
const offset = z.strictObject({ x: z.number(), y: z.number() })
function meta<Kind extends string>(kind: Kind) {
  return z.strictObject({
    kind: z.literal(kind),
    label: label.exactOptional(),
    note: z.string().max(5000).exactOptional(),
    offset: offset.exactOptional(),
  })
}

/** A kind that acts on entry and goes on at once. */
function acts(kind: string, type: ActionType) {
  return z.strictObject({ meta: meta(kind), entry: action(type), always: bare })
}

/** A kind that acts on entry and goes on only when it is known what became of it. */
function actsAndWaits(kind: string, type: ActionType) {
  return z.strictObject({
    meta: meta(kind),
    entry: action(type),
    on: z.strictObject({ 'step.done': bare, 'step.failed': bare }),
    after: timeout,
  })
}

/** Every kind of step: what the page calls it, and the shapes it may have in a file. */
export const STEP_KINDS = {
  update: { name: 'Add points', shapes: [acts('update', 'updateAttribute')] },
  condition: { name: 'If / else', shapes: [z.strictObject({ meta: meta('condition'), always: branches })] },
  split: { name: 'Random split', shapes: [z.strictObject({ meta: meta('split'), always: shares })] },
  wait: { name: 'Wait', shapes: [z.strictObject({ meta: meta('wait'), after: oneDelay(waitName) })] },
  waitFor: {
    name: 'Wait until something happens',
    shapes: [
      z
        .strictObject({
          meta: meta('waitFor'),
          on: z
            .record(
              awaitedEvent,
              z.union(
                [heard, z.array(heard).min(1).max(MAX_BRANCHES)],
                'the id of a step, or a list of ways',
              ),
            )
            .refine((on) => Object.keys(on).length > 0, 'at least one event')
            .exactOptional(),
          always: z
            .union(
              [guarded, z.array(guarded).min(1).max(MAX_BRANCHES)],
              'a way with a condition, or a list of them',
            )
            .exactOptional(),
          after: timeout.exactOptional(),
        })
        .refine(
          (step) => step.on !== undefined || step.always !== undefined,
          'something to wait for: "on" events, or "always" with conditions',
        ),
    ],
  },
  decay: {
    name: 'Lower score when inactive',
    shapes: [
      z.strictObject({
        meta: meta('decay'),
        after: z
          .record(
            inactivity,
            z.strictObject({
              target: ownStepId,
              reenter: z.literal(true),
              actions: z.array(action('updateAttribute')).length(1),
              meta: edgeMeta,
            }),
          )
          .refine((after) => Object.keys(after).length === 1, 'exactly one delay'),
      }),
    ],
  },
  addToList: { name: 'Add to list', shapes: [acts('addToList', 'addToList')] },
  removeFromList: { name: 'Remove from list', shapes: [acts('removeFromList', 'removeFromList')] },
  moveToList: { name: 'Move to list', shapes: [acts('moveToList', 'moveToList')] },
  email: {
    name: 'Send e-mail',
    shapes: [acts('email', 'sendEmail'), actsAndWaits('email', 'sendEmail')],
  },
  sms: { name: 'Send SMS', shapes: [acts('sms', 'sendSms'), actsAndWaits('sms', 'sendSms')] },
  webhook: {
    name: 'Call webhook',
    shapes: [actsAndWaits('webhook', 'callWebhook'), acts('webhook', 'callWebhook')],
  },
  notify: { name: 'Notify the team', shapes: [acts('notify', 'notify')] },
  stage: { name: 'Set stage', shapes: [acts('stage', 'setStage')] },
  startJourney: { name: 'Start journey', shapes: [acts('startJourney', 'startJourney')] },
  leave: { name: 'Leave journey', shapes: [z.strictObject({ meta: meta('leave'), always: bare })] },
  end: {
    name: 'End',
    shapes: [z.strictObject({ type: z.literal('final'), meta: meta('end').exactOptional() })],
  },
} as const satisfies {
  readonly [kind: string]: { readonly name: string; readonly shapes: readonly z.ZodType[] }
}
export type StepKind = keyof typeof STEP_KINDS

export interface StepMeta {
  readonly kind: StepKind
  readonly label?: string
  readonly note?: string
  /** Where a person moved the card, relative to where the layout puts it. */
  readonly offset?: { readonly x: number; readonly y: number }
}

/** A step as it stands in the file; which parts it has, its kind says. */
export interface Step {
  readonly meta?: StepMeta
  readonly type?: 'final'
  readonly entry?: Action
  readonly always?: Way
  readonly on?: { readonly [event: string]: Way }
  readonly after?: { readonly [delay: string]: Way }
}

// ---- Journey -----------------------------------------------------------------------------------------------------

export const REENTRY_POLICIES = ['once', 'afterExit', 'restart', 'parallel'] as const
export type ReentryPolicy = (typeof REENTRY_POLICIES)[number]

export interface Reentry {
  readonly policy: ReentryPolicy
  /** A property of the entering event: every rule then counts per value of it. */
  readonly key?: string
  /** Since the last entry. */
  readonly cooldown?: string
  /** Entries ever. */
  readonly max?: number
}

/** A condition that ends the passage, with a way of its own where something is still to be done. */
export interface Ending {
  readonly when: Condition
  readonly to?: string
}

export interface JourneyMeta {
  readonly format: 1
  readonly name: string
  readonly description?: string
  readonly stage?: Stage
  readonly reentry?: Reentry
  readonly goal?: Ending
  readonly exits?: readonly Ending[]
  readonly audience?: Condition
}

export interface Trigger {
  /** `.step`, as XState writes a child of the root. */
  readonly target: string
  /** `at` names the time that lets in, for triggers on `time.due` and for them alone. */
  readonly guard: {
    readonly type: 'mayEnter'
    readonly params?: { readonly when?: Condition; readonly at?: string }
  }
  readonly meta?: { readonly label: string }
}

/** A journey file: an XState v5 machine config, nothing added, nothing left out. */
export interface Journey {
  readonly $schema?: string
  readonly id: string
  readonly meta: JourneyMeta
  readonly context: Record<string, never>
  readonly initial: 'outside'
  readonly on: { readonly [event: string]: Trigger | readonly Trigger[] }
  readonly states: { readonly [step: string]: Step }
}

const ending = z.strictObject({ when: condition, to: ownStepId.exactOptional() })
const trigger = z.strictObject({
  target: z.string().regex(/^\.[a-z][A-Za-z0-9_-]{0,63}$/, 'a step with a dot before it, such as ".welcome"'),
  guard: z.strictObject({
    type: z.literal('mayEnter'),
    params: z
      .strictObject({ when: condition.exactOptional(), at: timeName.exactOptional() })
      .refine(
        ({ when, at }) => when !== undefined || at !== undefined,
        'a condition ("when") or a time ("at")',
      )
      .exactOptional(),
  }),
  meta: edgeMeta,
})
const step = z.union(
  Object.values(STEP_KINDS).flatMap(({ shapes }) => [...shapes] as z.ZodType[]),
  STEP_EXPECTED,
)

/** The whole file. What no shape can say is in `meaning.ts` (targets exist, say) and `verify/`. */
export const journeySchema = z
  .strictObject({
    $schema: z.string().exactOptional(),
    id: stepId,
    meta: z.strictObject({
      format: z.literal(1),
      name: label,
      description: z.string().max(5000).exactOptional(),
      stage: z.enum(STAGES).exactOptional(),
      reentry: z
        .strictObject({
          policy: z.enum(REENTRY_POLICIES),
          key: z.string().min(1).max(255).exactOptional(),
          cooldown: duration.exactOptional(),
          max: z.number().int().min(1).max(1_000_000).exactOptional(),
        })
        .exactOptional(),
      goal: ending.exactOptional(),
      exits: z.array(ending).exactOptional(),
      audience: condition.exactOptional(),
    }),
    context: z.strictObject({}),
    initial: z.literal('outside'),
    on: z.record(
      heardEvent,
      z.union([trigger, z.array(trigger).min(1).max(MAX_BRANCHES)], 'a trigger, or a list of triggers'),
    ),
    states: z.object({ outside: z.strictObject({}) }).catchall(step),
  })
  .meta({
    title: 'Tidemark journey',
    description: 'A lead-scoring journey: an XState v5 machine config in the dialect of Tidemark.',
  })

// ---- Reading a parsed journey ------------------------------------------------------------------------------------

/** The ways of one transition, in order, each as a branch. Empty for undefined. */
export function branchesOf(way: Way | undefined): readonly Branch[] {
  if (way === undefined) return []
  const list = Array.isArray(way) ? (way as readonly (string | Branch)[]) : [way as string | Branch]
  return list.map((branch) => (typeof branch === 'string' ? { target: branch } : branch))
}

export function triggersOf(on: Trigger | readonly Trigger[]): readonly Trigger[] {
  return Array.isArray(on) ? (on as readonly Trigger[]) : [on as Trigger]
}

/** The step a trigger leads to, without the dot. */
export function firstStepOf(trigger: Trigger): string {
  return trigger.target.slice(1)
}

export function kindOf(step: Step): StepKind {
  return step.meta?.kind ?? 'end'
}

/** Whether a passage can stay in this step: it waits for a time or for something to happen. */
export function rests(step: Step): boolean {
  return step.after !== undefined || step.on !== undefined || kindOf(step) === 'waitFor'
}

/** All ways out of a step, with where they stand in the file. */
export function waysOf(
  step: Step,
): readonly { readonly at: readonly (string | number)[]; readonly branch: Branch }[] {
  const transitions: [readonly string[], Way | undefined][] = [
    [['always'], step.always],
    ...Object.entries(step.on ?? {}).map(([event, way]): [readonly string[], Way] => [['on', event], way]),
    ...Object.entries(step.after ?? {}).map(([delay, way]): [readonly string[], Way] => [
      ['after', delay],
      way,
    ]),
  ]
  return transitions.flatMap(([at, way]) =>
    branchesOf(way).map((branch, index) => ({ at: Array.isArray(way) ? [...at, index] : at, branch })),
  )
}

/** The steps of a journey without `outside`, in file order. */
export function stepsOf(journey: Journey): readonly (readonly [id: string, step: Step])[] {
  return Object.entries(journey.states).filter(([id]) => id !== 'outside')
}

/** By what the message of a step goes; undefined for a step that makes none. */
export function channelOf({ entry }: Step): Channel | undefined {
  return entry && Object.hasOwn(CHANNEL_OF, entry.type)
    ? CHANNEL_OF[entry.type as keyof typeof CHANNEL_OF]
    : undefined
}

/** Whether a step sends the person a message. */
export function reachesPerson(step: Step): boolean {
  const channel = channelOf(step)
  return channel === 'email' || channel === 'sms'
}

/** Whether a journey sends anything at all, to the person, to other systems or to the team. */
export function sends(journey: Journey): boolean {
  return stepsOf(journey).some(([, step]) => channelOf(step) !== undefined)
}

/** Where messages leave the house: a mail server, a provider of SMS, the web. */
export const OUTLETS = ['mail', 'sms', 'web'] as const
export type Outlet = (typeof OUTLETS)[number]

/** Where the messages of a journey leave the house. A notice to the team goes by mail or to a system of theirs. */
export function outletsOf(journey: Journey): readonly Outlet[] {
  const used = stepsOf(journey).map(([, { entry }]): Outlet | undefined => {
    if (entry?.type === 'notify') return 'to' in entry.params ? 'mail' : 'web'
    if (entry?.type === 'sendEmail') return 'mail'
    if (entry?.type === 'sendSms') return 'sms'
    return entry?.type === 'callWebhook' ? 'web' : undefined
  })
  return OUTLETS.filter((outlet) => used.includes(outlet))
}

/** The re-entry rule: its own, or by content: what neither waits nor sends counts every action (R108), all else is once. */
export function reentryOf(journey: Journey): Reentry {
  if (journey.meta.reentry) return journey.meta.reentry
  const quick = stepsOf(journey).every(([, step]) => !rests(step)) && !sends(journey)
  return { policy: quick ? 'parallel' : 'once' }
}

/** The message type of a step that sends; what goes to a system or the team needs no consent. Throws for any other step. */
export function messageTypeOf(journey: Journey, step: string): MessageType {
  const entry = journey.states[step]?.entry
  if (entry?.type === 'sendEmail' || entry?.type === 'sendSms') return entry.params.messageType
  if (entry?.type === 'callWebhook' || entry?.type === 'notify') return 'transactional'
  throw new Error(`step "${step}" of journey "${journey.id}" sends nothing`)
}

/** How soon the message of a step may reach the same person again, where the step says so itself. */
export function againOf(journey: Journey, step: string): string | undefined {
  const entry = journey.states[step]?.entry
  return entry?.type === 'sendEmail' || entry?.type === 'sendSms' ? entry.params.again : undefined
}

/** The condition of a branch; undefined where it has none, as a share of a split. */
export function whenOf({ guard }: Branch): Condition | undefined {
  return guard?.type === 'holds' ? guard.params.when : undefined
}

/** A condition, and where it stands in the file. */
export interface PlacedCondition {
  readonly path: readonly (string | number)[]
  readonly when: Condition
}

/** Every condition of a journey with its parts: of triggers, audience, goal, exits and branches. */
export function conditionsOf(journey: Journey): readonly PlacedCondition[] {
  const { audience, goal, exits = [] } = journey.meta
  const triggers = Object.entries(journey.on).flatMap(([event, on]) =>
    triggersOf(on).flatMap(({ guard }, index) =>
      placed(guard.params?.when, [
        'on',
        event,
        ...(Array.isArray(on) ? [index] : []),
        'guard',
        'params',
        'when',
      ]),
    ),
  )
  const branches = stepsOf(journey).flatMap(([id, step]) =>
    waysOf(step).flatMap(({ at, branch }) =>
      placed(whenOf(branch), ['states', id, ...at, 'guard', 'params', 'when']),
    ),
  )
  return [
    ...triggers,
    ...placed(audience, ['meta', 'audience']),
    ...placed(goal?.when, ['meta', 'goal', 'when']),
    ...exits.flatMap(({ when }, index) => placed(when, ['meta', 'exits', index, 'when'])),
    ...branches,
  ]
}

/** A condition with all its parts. */
export function partsOf(when: Condition): readonly PlacedCondition[] {
  return placed(when, [])
}

function placed(when: Condition | undefined, path: readonly (string | number)[]): readonly PlacedCondition[] {
  return when === undefined ? [] : [{ path, when }, ...placedInside(when, path)]
}

function placedInside(when: Condition, path: readonly (string | number)[]): readonly PlacedCondition[] {
  if ('all' in when) return when.all.flatMap((part, index) => placed(part, [...path, 'all', index]))
  if ('any' in when) return when.any.flatMap((part, index) => placed(part, [...path, 'any', index]))
  return 'not' in when ? placed(when.not, [...path, 'not']) : []
}
