/**
 * Conditions: whether one holds for a contact, and why, in words. `holds` is made of `explain`, so a reason can never
 * differ from the decision.
 */
import { durationInWords, minus, parseDuration, parseInstant } from './calendar.ts'
import type { Contact, Enrollment, Fact, FactValues, Json, JsonObject, LedgerEntry } from './contact.ts'
import { lastEmails } from './facts.ts'
import type {
  Condition,
  CountCondition,
  CrossedCondition,
  FieldCondition,
  Operator,
  PropertyCondition,
} from './journey.ts'

/** What a condition may look at. */
export interface View {
  readonly contact: Contact
  readonly enrollment: Enrollment | null
  readonly event: Happened
  readonly now: number
  readonly occurredAt: number
  readonly zone: string
  /** A fact as the shell loaded it; undefined while it is not loaded (the decision is then made again). */
  readonly loaded: <Type extends Fact['type']>(
    fact: Extract<Fact, { type: Type }>,
  ) => FactValues[Type] | undefined
  /** What the entry at hand has contributed so far, which no loaded fact contains: the third click counts itself. */
  readonly seq: number
  readonly happened: readonly Happened[]
  readonly ledger: readonly LedgerEntry[]
  readonly begun: readonly Enrollment[]
}

export interface Happened {
  readonly name: string
  readonly properties: JsonObject
}

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

/** Whether the condition holds, with what was found. */
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
export function readField(field: string, contact: Contact): Json | undefined {
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

function readProperty(name: string, properties: JsonObject): Json | undefined {
  return Object.hasOwn(properties, name) ? (properties[name] ?? undefined) : undefined
}

type Operand = FieldCondition['value']
type Comparator = (got: Json, value: Operand, view: View) => boolean

/** Numbers compare with numbers, texts exactly; a list contains its items. */
const COMPARATORS: { readonly [operator in Exclude<Operator, 'is empty' | 'is not empty'>]: Comparator } = {
  '=': (got, value) => got === value,
  '!=': (got, value) => got !== value,
  '>': (got, value) => compareNumbers(got, value, (a, b) => a > b),
  '>=': (got, value) => compareNumbers(got, value, (a, b) => a >= b),
  '<': (got, value) => compareNumbers(got, value, (a, b) => a < b),
  '<=': (got, value) => compareNumbers(got, value, (a, b) => a <= b),
  in: (got, value) => Array.isArray(value) && value.includes(got),
  'not in': (got, value) => Array.isArray(value) && !value.includes(got),
  contains: (got, value) => contains(got, value),
  'not contains': (got, value) => !contains(got, value),
  'starts with': (got, value) =>
    typeof got === 'string' && typeof value === 'string' && got.startsWith(value),
  'ends with': (got, value) => typeof got === 'string' && typeof value === 'string' && got.endsWith(value),
  before: (got, value, view) => compareDates(got, value, view, (date, limit) => date < limit),
  after: (got, value, view) => compareDates(got, value, view, (date, limit) => date > limit),
}

function compares(operator: Operator, got: Json | undefined, value: Operand, view: View): boolean {
  const empty = got === undefined || got === null || got === '' || (Array.isArray(got) && got.length === 0)
  if (operator === 'is empty') return empty
  if (operator === 'is not empty') return !empty
  return got !== undefined && got !== null && COMPARATORS[operator](got, value, view)
}

function compareNumbers(
  got: Json,
  value: Operand,
  ordered: (got: number, value: number) => boolean,
): boolean {
  return typeof got === 'number' && typeof value === 'number' && ordered(got, value)
}

function contains(got: Json, value: Operand): boolean {
  if (Array.isArray(got)) return got.includes(value)
  return typeof got === 'string' && typeof value === 'string' && got.includes(value)
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
  return date !== undefined && limit !== undefined && ordered(date, limit)
}

function crossing(
  { crossed, direction, attribute = 'SCORE' }: CrossedCondition,
  { name, properties }: View['event'],
): { holds: boolean; got?: Json } {
  const { before, after } = properties
  if (
    name !== 'score.changed' ||
    properties['attribute'] !== attribute ||
    typeof before !== 'number' ||
    typeof after !== 'number'
  )
    return { holds: false }
  return {
    got: [before, after],
    holds: direction === 'up' ? before < crossed && crossed <= after : after < crossed && crossed <= before,
  }
}

function counted(condition: CountCondition, view: View): Explanation {
  const { event, where, within, since } = condition.count
  const duration = within === undefined ? undefined : parseDuration(within)
  const loaded = view.loaded({
    type: 'count',
    event,
    where: where ?? null,
    after: duration ? minus(view.occurredAt, duration, view.zone) : null,
    until: view.occurredAt,
    sinceSeq: since && view.enrollment ? view.enrollment.seq : null,
  })
  if (loaded === undefined) return { condition, holds: false }
  // A passage does not count the event that started it.
  const started = since !== undefined && view.enrollment?.seq === view.seq
  const matches = (happened: Happened) =>
    happened.name === event && (where === undefined || holds(where, { ...view, event: happened }))
  const got = loaded + (started ? 0 : view.happened.filter(matches).length)
  return { condition, got, holds: compares(condition.operator, got, condition.value, view) }
}

// ---- What a condition reads --------------------------------------------------------------------------------------

/**
 * What a condition depends on: `field:SCORE`, `list:Newsletter`, `count:page_viewed`, `emails`, `message`, and `event`
 * where it looks at the event itself. What changes nothing of this cannot change the answer (but for time passing).
 */
export function readsOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(readsOf)
  if ('any' in condition) return condition.any.flatMap(readsOf)
  if ('not' in condition) return readsOf(condition.not)
  if ('everybody' in condition) return []
  if ('field' in condition)
    return [condition.field.startsWith('company.') ? 'field:company' : `field:${condition.field}`]
  if ('event' in condition || 'crossed' in condition) return ['event']
  if ('count' in condition) return [`count:${condition.count.event}`]
  if ('clicked' in condition) return ['emails']
  if ('list' in condition) return [`list:${condition.list}`]
  return ['message']
}

// ---- In words ----------------------------------------------------------------------------------------------------

const OPERATOR_WORDS: { readonly [operator in Operator]: readonly [positive: string, negative: string] } = {
  '=': ['is', 'is not'],
  '!=': ['is not', 'is'],
  '>': ['is over', 'is not over'],
  '>=': ['is at least', 'is not at least'],
  '<': ['is under', 'is not under'],
  '<=': ['is at most', 'is not at most'],
  in: ['is one of', 'is none of'],
  'not in': ['is none of', 'is one of'],
  contains: ['contains', 'does not contain'],
  'not contains': ['does not contain', 'contains'],
  'starts with': ['starts with', 'does not start with'],
  'ends with': ['ends with', 'does not end with'],
  'is empty': ['is empty', 'is not empty'],
  'is not empty': ['is not empty', 'is empty'],
  before: ['is before', 'is not before'],
  after: ['is after', 'is not after'],
}

/** "Score", "E-mail consent", "Company industry": what people call a field. */
export function fieldInWords(field: string): string {
  if (field.startsWith('consent.'))
    return (
      { email: 'E-mail consent', sms: 'SMS consent', profiling: 'Profiling consent' }[field.slice(8)] ?? field
    )
  if (field.startsWith('company.')) return `Company ${plain(field.slice(8))}`
  const words = plain(field)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The name of an event or attribute as words: `quote_requested` is "quote requested". */
export function plain(name: string): string {
  return (/[a-z]/.test(name) ? name : name.toLowerCase()).replaceAll('_', ' ')
}

function valueInWords(value: Operand): string {
  if (value === undefined) return ''
  if (typeof value === 'object') return value.map(valueInWords).join(', ')
  const duration = typeof value === 'string' ? parseDuration(value) : undefined
  if (duration) return `${durationInWords(duration)} ago`
  return typeof value === 'string'
    ? `“${value}”`
    : typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : String(value)
}

/** The condition as a sentence for a card or an edge: "Score is over 80". */
export function inWords(condition: Condition, negated = false): string {
  const side = negated ? 1 : 0
  if ('all' in condition)
    return condition.all.map((part) => inWords(part, negated)).join(negated ? ' or ' : ' and ')
  if ('any' in condition)
    return condition.any.map((part) => inWords(part, negated)).join(negated ? ' and ' : ' or ')
  if ('not' in condition) return inWords(condition.not, !negated)
  if ('everybody' in condition) return ['Everybody', 'Nobody'][side] as string
  if ('field' in condition || 'event' in condition) {
    const subject =
      'field' in condition ? fieldInWords(condition.field) : `The event’s ${plain(condition.event)}`
    return [subject, OPERATOR_WORDS[condition.operator][side], valueInWords(condition.value)]
      .filter(Boolean)
      .join(' ')
  }
  if ('crossed' in condition)
    return `${fieldInWords(condition.attribute ?? 'SCORE')} ${['rises to', 'does not rise to'][side]} ${condition.crossed}`.replace(
      /rises? to/,
      (rise) => (condition.direction === 'up' ? rise : rise.replace('rise', 'fall').replace(' to', ' below')),
    )
  if ('count' in condition) return countInWords(condition, negated)
  if ('clicked' in condition)
    return `${['Clicked', 'Did not click'][side]} ${condition.clicked} of the last ${condition.ofLast} e-mails`
  if ('list' in condition) return `${['Is', 'Is not'][side]} on “${condition.list}”`
  return `The e-mail ${['was', 'was not'][side]} ${condition.was}`
}

function countInWords({ count, operator, value }: CountCondition, negated: boolean): string {
  const duration = count.within === undefined ? undefined : parseDuration(count.within)
  const limits = {
    '=': 'exactly',
    '!=': 'other than',
    '>': 'more than',
    '>=': 'at least',
    '<': 'fewer than',
    '<=': 'at most',
  } as const
  const where = count.where ? ` where ${inWords(count.where)}` : ''
  const when = duration ? ` in the last ${durationInWords(duration)}` : count.since ? ' since entering' : ''
  return `“${plain(count.event)}”${where} ${negated ? 'did not happen' : 'happened'} ${limits[operator]} ${value} ${value === 1 ? 'time' : 'times'}${when}`
}

/** The reason for an answer: "Score is 40, not over 80". */
export function because({ condition, holds: held, got, parts = [] }: Explanation): string {
  if ('all' in condition || 'any' in condition) {
    const decisive = parts.filter((part) => part.holds === held)
    return 'all' in condition === held
      ? decisive.map(because).join(' and ')
      : because(decisive[0] as Explanation)
  }
  if ('not' in condition) return because(parts[0] as Explanation)
  if ('field' in condition || 'event' in condition) {
    const subject =
      'field' in condition ? fieldInWords(condition.field) : `the event’s ${plain(condition.event)}`
    if (got === undefined || got === null) return `${subject} is empty`
    if (condition.operator === '=' && held) return `${subject} is ${gotInWords(got)}`
    const asked = [
      OPERATOR_WORDS[condition.operator][held ? 0 : 1].replace(/^is /, ''),
      valueInWords(condition.value),
    ]
      .filter(Boolean)
      .join(' ')
    return `${subject} is ${gotInWords(got)}, ${asked}`
  }
  if ('count' in condition)
    return `${inWords({ ...condition, operator: '=', value: Number(got ?? 0) }).replace(' exactly', '')}${held ? '' : `, not ${countInWords(condition, false).split(' happened ')[1]}`}`
  if ('clicked' in condition)
    return `clicked ${(got as readonly number[])[0]} of the last ${(got as readonly number[])[1]} e-mails`
  if ('crossed' in condition && Array.isArray(got))
    return `${fieldInWords(condition.attribute ?? 'SCORE')} went from ${String(got[0])} to ${String(got[1])}`
  return inWords(condition, !held)
}

function gotInWords(got: Json): string {
  if (typeof got === 'object') return `“${JSON.stringify(got).slice(0, 80)}”`
  return valueInWords(typeof got === 'string' ? got.slice(0, 80) : got)
}
