/** Conditions: one form everywhere, in branches, triggers, segments and audiences (design section 3). */
import { z } from 'zod'
import { parseDuration, parseInstant } from '../calendar.ts'
import { PURPOSES, type Channel } from '../contact.ts'
import {
  amount,
  attribute,
  ATTRIBUTE_NAME,
  CONDITION_EXPECTED,
  countedEvent,
  duration,
  name,
  ownStepId,
} from './names.ts'

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

export const scalar = z.union([z.string(), z.number(), z.boolean()], 'a text, a number, true or false')

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

/** Whether a single condition looks at an event or at a passage, so that it can only be judged when there is one. */
export function isMomentary(leaf: Condition): boolean {
  if ('count' in leaf) return leaf.count.since !== undefined
  return 'event' in leaf || 'crossed' in leaf || 'message' in leaf
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

export const condition = z
  .union(Object.values(CONDITION_FORMS), CONDITION_EXPECTED)
  .meta({ id: 'Condition' }) as z.ZodType<Condition>
