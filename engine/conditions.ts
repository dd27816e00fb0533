/** Conditions: whether one holds for a contact, and what was found. What is found in words is in `conditionWords.ts`. */
import { minus, parseDuration, parseInstant } from './calendar.ts'
import type { Contact, Json, JsonObject } from './contact.ts'
import {
  looksBack,
  type Condition,
  type CountCondition,
  type CrossedCondition,
  type FieldCondition,
  type Operator,
  type PropertyCondition,
} from './dialect/conditions.ts'
import { lastEmails, type Happened, type View } from './facts.ts'

/** A condition with its answer: what was found, and the parts it is made of. */
export interface Explanation {
  readonly condition: Condition
  readonly holds: boolean
  readonly got?: Json | undefined
  readonly parts?: readonly Explanation[]
}

/** Whether the condition holds. Pure; a missing value holds for no comparison except "is empty" and under "not". */
export function holds(condition: Condition, view: View): boolean {
  return explain(condition, view).holds
}

/** Whether the condition holds, with what was found: `holds` is made of it, so a reason can never differ from the decision. */
export function explain(condition: Condition, view: View): Explanation {
  if ('all' in condition)
    return together(condition, condition.all, view, (parts) => parts.every((part) => part.holds))
  if ('any' in condition)
    return together(condition, condition.any, view, (parts) => parts.some((part) => part.holds))
  if ('not' in condition)
    return together(condition, [condition.not], view, (parts) => parts.every((part) => !part.holds))
  if ('everybody' in condition) return { condition, holds: true }
  if ('field' in condition) return compared(condition, readField(condition.field, view.contact), view)
  if ('event' in condition)
    return compared(condition, readProperty(condition.event, view.event.properties), view)
  if ('crossed' in condition) return { condition, ...crossing(condition, view.event) }
  if ('count' in condition) return counted(condition, view)
  if ('clicked' in condition) {
    const emails = lastEmails(view, condition.ofLast) ?? []
    const clicked = emails.filter((email) => email.clicked).length
    return {
      condition,
      holds: emails.length === condition.ofLast && clicked >= condition.clicked,
      got: [clicked, emails.length],
    }
  }
  if ('list' in condition) return { condition, holds: view.contact.lists.includes(condition.list) }
  if ('segment' in condition) {
    // Asked anew, not looked up: it is right within a chain of steps, and when only time has passed. Who belongs to it does
    // so now, whenever the event at hand occurred.
    const when = view.segments.get(condition.segment)
    return { condition, holds: when !== undefined && holds(when, { ...view, occurredAt: view.now }) }
  }
  return {
    condition,
    holds: view.enrollment?.messages[condition.message]?.was.includes(condition.was) ?? false,
  }
}

function together(
  condition: Condition,
  conditions: readonly Condition[],
  view: View,
  decide: (parts: readonly Explanation[]) => boolean,
): Explanation {
  const parts = conditions.map((part) => explain(part, view))
  return { condition, holds: decide(parts), parts }
}

function compared(
  condition: FieldCondition | PropertyCondition,
  got: Json | undefined,
  view: View,
): Explanation {
  return { condition, got, holds: compares(condition.operator, got, condition.value, view) }
}

/** What a field of a condition names; undefined where the contact has no such value. Scores are points, not hundredths. */
function readField(field: string, contact: Contact): Json | undefined {
  if (field === 'stage') return contact.stage ?? undefined
  if (field === 'EMAIL') return contact.email ?? undefined
  if (field === 'consent.email') return contact.consent.email.status
  if (field === 'consent.sms') return contact.consent.sms.status
  if (field === 'consent.profiling') return contact.consent.profiling.status
  if (field.startsWith('company.'))
    return readProperty(field.slice('company.'.length), contact.company?.attributes ?? {})
  const score = Object.hasOwn(contact.scores, field) ? contact.scores[field] : undefined
  return score === undefined ? readProperty(field, contact.attributes) : score / 100
}

/** A property, or an attribute, by its own name; undefined where it is absent or null. */
export function readProperty(name: string, properties: JsonObject): Json | undefined {
  return Object.hasOwn(properties, name) ? (properties[name] ?? undefined) : undefined
}

/** What a value is compared with. */
export type Operand = Exclude<FieldCondition['value'], undefined>
type Comparator = (got: Json, value: Operand, view: View) => boolean

/** Numbers compare with numbers, texts exactly; a list contains its items. What may stand as value the dialect says. */
const COMPARATORS: { readonly [operator in Exclude<Operator, 'is empty' | 'is not empty'>]: Comparator } = {
  '=': (got, value) => got === value,
  '!=': (got, value) => got !== value,
  '>': (got, value) => compareNumbers(got, value, (a, b) => a > b),
  '>=': (got, value) => compareNumbers(got, value, (a, b) => a >= b),
  '<': (got, value) => compareNumbers(got, value, (a, b) => a < b),
  '<=': (got, value) => compareNumbers(got, value, (a, b) => a <= b),
  in: (got, value) => (value as readonly Json[]).includes(got),
  'not in': (got, value) => !(value as readonly Json[]).includes(got),
  contains: (got, value) => contains(got, String(value)),
  'not contains': (got, value) => !contains(got, String(value)),
  'starts with': (got, value) => typeof got === 'string' && got.startsWith(String(value)),
  'ends with': (got, value) => typeof got === 'string' && got.endsWith(String(value)),
  before: (got, value, view) => compareDates(got, value, view, (date, limit) => date < limit),
  after: (got, value, view) => compareDates(got, value, view, (date, limit) => date > limit),
}

function compares(
  operator: Operator,
  got: Json | undefined,
  value: Operand | undefined,
  view: View,
): boolean {
  if (operator === 'is empty') return isEmpty(got)
  if (operator === 'is not empty') return !isEmpty(got)
  return got !== undefined && COMPARATORS[operator](got, value as Operand, view)
}

/** Whether a value that was found is none. */
export function isEmpty(got: Json | undefined): got is undefined | null | '' | readonly [] {
  return got === undefined || got === null || got === '' || (Array.isArray(got) && got.length === 0)
}

function compareNumbers(
  got: Json,
  value: Operand,
  ordered: (got: number, value: number) => boolean,
): boolean {
  return typeof got === 'number' && ordered(got, value as number)
}

function contains(got: Json, value: string): boolean {
  return (typeof got === 'string' || Array.isArray(got)) && got.includes(value)
}

function compareDates(
  got: Json,
  value: Operand,
  view: View,
  ordered: (date: number, limit: number) => boolean,
): boolean {
  const date = typeof got === 'string' ? parseInstant(got) : undefined
  const duration = parseDuration(String(value))
  const limit = duration ? minus(view.now, duration, view.zone) : parseInstant(String(value))
  return date !== undefined && ordered(date, limit as number)
}

/** What `score.changed` says of the score before and after; nothing for any other event. */
function crossing(
  { crossed, direction, attribute = 'SCORE' }: CrossedCondition,
  { name, properties }: Happened,
): { readonly holds: boolean; readonly got?: Json } {
  if (name !== 'score.changed' || properties['attribute'] !== attribute) return { holds: false }
  const [before, after] = [Number(properties['before']), Number(properties['after'])]
  const up = before < crossed && crossed <= after
  const down = after < crossed && crossed <= before
  return { got: [before, after], holds: direction === 'up' ? up : down }
}

function counted(condition: CountCondition, view: View): Explanation {
  const { event, where, within, since } = condition.count
  // A passage does not count the event that started it.
  if (since && view.enrollment?.seq === view.seq) return countedAs(condition, 0, view)
  const duration = within === undefined ? undefined : parseDuration(within)
  const after = duration ? minus(view.occurredAt, duration, view.zone) : null
  const loaded = view.loaded({
    type: 'count',
    event,
    where: where ?? null,
    after,
    until: view.occurredAt,
    sinceSeq: since && view.enrollment ? view.enrollment.seq : null,
  })
  if (loaded === undefined) return { condition, holds: false }
  const own = view.happened.filter(
    (happened) =>
      happened.name === event &&
      (after === null || view.happenedAt > after) &&
      (where === undefined || holds(where, { ...view, event: happened })),
  )
  return countedAs(condition, loaded + own.length, view)
}

function countedAs(condition: CountCondition, got: number, view: View): Explanation {
  return { condition, got, holds: compares(condition.operator, got, condition.value, view) }
}

// ---- What a condition reads --------------------------------------------------------------------------------------

/**
 * What a condition depends on: `field:SCORE`, `list:Newsletter`, `count:page_viewed`, `emails`, `message`, and `event`
 * where it looks at the event itself, `time` where it looks back from now. What changes nothing of this cannot change the
 * answer.
 */
export function readsOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(readsOf)
  if ('any' in condition) return condition.any.flatMap(readsOf)
  if ('not' in condition) return readsOf(condition.not)
  if ('everybody' in condition) return []
  if ('field' in condition)
    return [
      condition.field.startsWith('company.') ? 'field:company' : `field:${condition.field}`,
      ...(looksBack(condition) ? ['time'] : []),
    ]
  if ('event' in condition || 'crossed' in condition) return ['event']
  if ('count' in condition)
    return [`count:${condition.count.event}`, ...(condition.count.within === undefined ? [] : ['time'])]
  if ('clicked' in condition) return ['emails']
  if ('list' in condition) return [`list:${condition.list}`]
  if ('segment' in condition) return [`segment:${condition.segment}`]
  return ['message']
}
