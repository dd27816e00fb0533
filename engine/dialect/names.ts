/** Names in a journey file: of steps, events, attributes and lists, and the plain values that all shapes share. */
import { z } from 'zod'
import { parseDuration } from '../calendar.ts'
import { expected } from './expected.ts'

// ---- What a union expects, in words; by these two `parse.ts` knows which union failed ------------------------------

export const CONDITION_EXPECTED = 'a condition'
export const STEP_EXPECTED = 'a step'

// The page's Content-Security-Policy forbids compiled code, and zod's very try of it: said before its first schema.
z.config({ jitless: true, customError: expected })

// ---- Names -------------------------------------------------------------------------------------------------------

/** States the builder of the machine makes itself, and `outside`, where one is before the first trigger. */
const RESERVED_STEPS = ['outside', 'reached', 'exited'] as const

export const OBJECT_PROPERTIES = new Set(Object.getOwnPropertyNames(Object.prototype))

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

const id = '[a-z][A-Za-z0-9_-]{0,63}'
/** An id: of a step, a journey, a source. */
export const ID = new RegExp(`^${id}$`)
/** Where a trigger leads: the id of a step with a dot before it. */
export const TRIGGER_TARGET = new RegExp(`^\\.${id}$`)

export const stepId = z
  .string()
  .regex(ID, 'a step id such as "welcome": a small letter, then letters, digits, "_" or "-", 64 at most')
  .refine((id) => !OBJECT_PROPERTIES.has(id), 'another id: this one is reserved by the language')
export const ownStepId = stepId.refine(
  (id) => !RESERVED_STEPS.some((reserved) => reserved === id),
  'another id: "outside", "reached" and "exited" are reserved',
)

/** What is wrong with a step's id, or undefined. The shapes cannot say it: zod checks no names of an object's parts. */
export function stepIdFault(id: string): string | undefined {
  return ownStepId.safeParse(id).error?.issues[0]?.message
}

export const heardEvent = z
  .string()
  .refine((name) => eventNameFault(name) === undefined, 'an event name of 1 to 255 characters, no wildcard')
  .refine(
    (name) => !isReservedEvent(name) || Object.hasOwn(INTERNAL_EVENTS, name),
    `a client's event or one of ${Object.keys(INTERNAL_EVENTS).join(', ')}`,
  )
/** What somebody inside may wait for: a time is waited for by `after`. */
export const awaitedEvent = heardEvent.refine(
  (name) => name !== 'time.due',
  'another event: a time stands in "after"',
)
export const countedEvent = heardEvent.refine(
  (name) => !isReservedEvent(name) || COUNTED_INTERNAL_EVENTS.includes(name),
  `a client's event or one of ${COUNTED_INTERNAL_EVENTS.join(', ')}: only those can be counted`,
)

/** Names of attributes, scores included: FIRSTNAME, SCORE. */
export const ATTRIBUTE_NAME = /^[A-Z][A-Z0-9_]{0,63}$/
export const attribute = z.string().regex(ATTRIBUTE_NAME, 'an attribute name in capitals, such as "SCORE"')
export const name = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => text === text.trim(), 'a name without blanks at its ends')
  .refine((text) => !OBJECT_PROPERTIES.has(text), 'another name: this one is reserved by the language')

/** What is wrong with the name of a list or a segment, or undefined. */
export function nameFault(text: string): string | undefined {
  return name.safeParse(text).error?.issues[0]?.message
}

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as "P3D" or "PT12H"')
export const amount = z
  .number()
  .min(-1e9)
  .max(1e9)
  .refine(
    (points) => Math.abs(points * 100 - Math.round(points * 100)) < 1e-6 && !Object.is(points, -0),
    'a number with at most two decimals',
  )
