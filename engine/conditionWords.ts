/** Conditions in words, and the reasons for their answers. */
import { dateInWords, durationInWords, parseDuration, parseInstant, type Duration } from './calendar.ts'
import { isEmpty, type Explanation, type Operand } from './conditions.ts'
import type { Json } from './contact.ts'
import type {
  Condition,
  CountCondition,
  CrossedCondition,
  FieldCondition,
  MessageFact,
  Operator,
  PropertyCondition,
} from './dialect/conditions.ts'
import { INTERNAL_EVENTS, type InternalEvent } from './dialect/names.ts'
import { capitalized, fieldInWords, plain } from './names.ts'

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

/** The condition as a sentence for a card or an edge: "Score is over 80". */
export function inWords(condition: Condition): string {
  return capitalized(phrase(condition, false))
}

function phrase(condition: Condition, negated: boolean): string {
  const side = negated ? 1 : 0
  if ('all' in condition)
    return (
      (negated ? undefined : silentInWords(condition.all)) ??
      joined(condition.all, negated ? 'or' : 'and', negated)
    )
  if ('any' in condition) return joined(condition.any, negated ? 'and' : 'or', negated)
  if ('not' in condition) return phrase(condition.not, !negated)
  if ('everybody' in condition) return negated ? 'nobody' : 'everybody'
  if ('field' in condition || 'event' in condition)
    return `${subjectOf(condition)} ${comparisonInWords(condition, side)}`
  if ('crossed' in condition) return crossedInWords(condition, negated)
  if ('count' in condition) return countedInWords(condition, negated)
  if ('clicked' in condition)
    return `${negated ? 'did not click' : 'clicked'} ${condition.clicked} of the last ${condition.ofLast} e-mails`
  if ('list' in condition) return `is ${negated ? 'not ' : ''}on “${condition.list}”`
  if ('segment' in condition) return `is ${negated ? 'not ' : ''}in segment “${condition.segment}”`
  return messageInWords(condition.was, negated)
}

function messageInWords(was: MessageFact, negated: boolean): string {
  if (was === 'failed') return `the message ${negated ? 'did not fail' : 'failed'}`
  if (was === 'bounced') return `the message ${negated ? 'did not bounce' : 'bounced'}`
  return `the message was ${negated ? 'not ' : ''}${was}`
}

/** Parts in a row; a mixed part stands in brackets, since "a and b or c" says two things. */
function joined(parts: readonly Condition[], word: 'and' | 'or', negated: boolean): string {
  return parts
    .map((part) => {
      const mixed = ('all' in part && part.all.length > 1) || ('any' in part && part.any.length > 1)
      return mixed ? `(${phrase(part, negated)})` : phrase(part, negated)
    })
    .join(` ${word} `)
}

/** What the properties of our own events are called. */
const OWN_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['attribute', 'what changed'],
  ['list', 'the list'],
  ['journey', 'the journey'],
  ['link', 'the link'],
])

/** What an event is called: "page viewed", "clicks in an e-mail". */
export function namedEvent(name: string): string {
  const own = Object.hasOwn(INTERNAL_EVENTS, name) ? INTERNAL_EVENTS[name as InternalEvent] : undefined
  return own === undefined ? plain(name) : `${own.charAt(0).toLowerCase()}${own.slice(1)}`
}

function subjectOf(condition: FieldCondition | PropertyCondition): string {
  if ('field' in condition) return fieldInWords(condition.field)
  return OWN_PROPERTIES.get(condition.event) ?? `the event’s ${plain(condition.event)}`
}

function comparisonInWords({ operator, value }: FieldCondition | PropertyCondition, side: 0 | 1): string {
  const words = OPERATOR_WORDS[operator][side]
  if (value === undefined) return words
  if (operator !== 'before' && operator !== 'after') return `${words} ${valueInWords(value)}`
  const duration = parseDuration(String(value))
  if (!duration) return `${words} ${dateInWords(parseInstant(String(value)) as number, 'UTC')}`
  const than = operator === 'before' ? 'earlier than' : 'later than'
  return `is ${side === 1 ? 'not ' : ''}${than} ${durationInWords(duration)} ago`
}

function valueInWords(value: Operand): string {
  if (typeof value === 'object') return value.map(valueInWords).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? `“${value}”` : String(value)
}

function crossedInWords({ crossed, direction, attribute }: CrossedCondition, negated: boolean): string {
  const does = negated ? 'does not ' : ''
  const verb = direction === 'up' ? 'rise' : 'fall'
  const way = direction === 'up' ? 'to' : 'below'
  return `${fieldInWords(attribute ?? 'SCORE')} ${does}${verb}${negated ? '' : 's'} ${way} ${crossed}`
}

function countInWords({ count, operator, value }: CountCondition) {
  const limits = {
    '=': 'exactly',
    '!=': 'other than',
    '>': 'more than',
    '>=': 'at least',
    '<': 'fewer than',
    '<=': 'at most',
  } as const
  const duration = count.within === undefined ? undefined : parseDuration(count.within)
  const when = duration ? ` in the last ${spanInWords(duration)}` : count.since ? ' since entering' : ''
  return {
    happened: `${namedCount(count)} `,
    limit: `${limits[operator]} ${times(value)}`,
    when,
  }
}

/** What is counted, after "has", and after "has not". */
const DONE: { readonly [event: string]: readonly [one: string, none: string] | undefined } = {
  page_viewed: ['viewed a page', 'viewed any page'],
  'email.sent': ['been sent an e-mail', 'been sent any e-mail'],
  'email.delivered': ['received an e-mail', 'received any e-mail'],
  'email.opened': ['opened an e-mail', 'opened any e-mail'],
  'email.clicked': ['clicked an e-mail', 'clicked any e-mail'],
  'email.complained': ['complained about an e-mail', 'complained about any e-mail'],
  'email.unsubscribed': ['unsubscribed', 'unsubscribed'],
  'sms.sent': ['been sent an SMS', 'been sent any SMS'],
  'sms.delivered': ['received an SMS', 'received any SMS'],
  'sms.clicked': ['clicked in an SMS', 'clicked in any SMS'],
}

/** "has viewed “/pricing” at least 5 times in the last 30 days"; what has no verb of its own happens: "“purchase” never happened". */
function countedInWords(condition: CountCondition, negated: boolean): string {
  const { operator, value, count } = condition
  const { limit, when } = countInWords(condition)
  const isZero = operator === '=' && value === 0
  const isSome = (operator === '>=' && value === 1) || (operator === '>' && value === 0)
  const isNever = negated ? isSome : isZero
  const isOnce = negated ? isZero : isSome
  const often = isNever || isOnce ? '' : ` ${limit}`
  const done = doneInWords(count, isNever)
  if (done !== undefined) return `has ${isNever || (negated && !isOnce) ? 'not ' : ''}${done}${often}${when}`
  const happened = isNever ? 'never happened' : negated && !isOnce ? 'did not happen' : 'happened'
  return `${namedCount(count)} ${happened}${often}${when}`
}

function doneInWords({ event, where }: CountCondition['count'], isNever: boolean): string | undefined {
  const path =
    event === 'page_viewed' && where && 'event' in where && where.event === 'path' ? where : undefined
  if (path?.operator === '=') return `viewed ${valueInWords(path.value as Operand)}`
  const done = Object.hasOwn(DONE, event) ? DONE[event] : undefined
  return done && `${done[isNever ? 1 : 0]}${whereInWords(where)}`
}

function namedCount({ event, where }: CountCondition['count']): string {
  return `“${namedEvent(event)}”${whereInWords(where)}`
}

function whereInWords(where: Condition | undefined): string {
  return where ? ` where ${phrase(where, false)}` : ''
}

/** "has not clicked any e-mail in the last 30 days, though at least 3 were sent": two counts that are one thought. */
function silentInWords([first, second, ...more]: readonly Condition[]): string | undefined {
  if (!first || !second || more.length > 0 || !('count' in first) || !('count' in second)) return undefined
  const [nothing, sent] = [first.count, second.count]
  const isSo =
    (nothing.event === 'email.clicked' || nothing.event === 'email.opened') &&
    (sent.event === 'email.sent' || sent.event === 'email.delivered') &&
    !(nothing.where ?? sent.where) &&
    nothing.within === sent.within &&
    nothing.since === sent.since
  if (!isSo || first.operator !== '=' || first.value !== 0 || second.operator !== '>=') return undefined
  const what = sent.event === 'email.sent' ? 'sent' : 'delivered'
  const were = second.value === 1 ? 'was' : 'were'
  return `${countedInWords(first, false)}, though at least ${second.value} ${were} ${what}`
}

/** "30 days", and "day" where it is one. */
function spanInWords(duration: Duration): string {
  return durationInWords(duration).replace(/^1 (?=\w+$)/, '')
}

function times(count: number): string {
  return `${count} ${count === 1 ? 'time' : 'times'}`
}

// ---- Reasons -----------------------------------------------------------------------------------------------------

/** What was found, and how that compares with what was asked: "Score is 40", "not over 80". */
interface Reason {
  readonly found: string
  readonly compared?: string
}

/** The reason for an answer, to stand after "because": "Score is 40, not over 80". */
export function because(explanation: Explanation): string {
  return becauseAll([explanation])
}

/** The reasons for several answers in one sentence; what was found is said once, then all that it was compared with. */
export function becauseAll(explanations: readonly Explanation[]): string {
  const byFound = new Map<string, Set<string>>()
  for (const { found, compared } of explanations.flatMap(reasonsOf)) {
    const all = byFound.get(found) ?? new Set()
    byFound.set(found, compared === undefined ? all : all.add(compared))
  }
  const clauses = [...byFound].map(([found, compared]) => [found, ...compared].join(', '))
  const last = clauses.at(-1) ?? ''
  if (clauses.length < 2) return last
  const comma = clauses.length > 2 || clauses.some((clause) => clause.includes(', ')) ? ',' : ''
  return `${clauses.slice(0, -1).join(', ')}${comma} and ${last}`
}

/** Of several parts those that decided: every one where all had to agree, else the first. */
function reasonsOf({ condition, holds: held, got, parts = [] }: Explanation): readonly Reason[] {
  if ('all' in condition || 'any' in condition) {
    const decisive = parts.filter((part) => part.holds === held)
    return ('all' in condition === held ? decisive : decisive.slice(0, 1)).flatMap(reasonsOf)
  }
  if ('not' in condition) return parts.flatMap(reasonsOf)
  if ('field' in condition || 'event' in condition) return [comparedReason(condition, held, got)]
  if ('crossed' in condition) return [crossedReason(condition, held, got)]
  if ('count' in condition) {
    const { happened, limit, when } = countInWords(condition)
    const found = `${happened}happened ${times(Number(got ?? 0))}${when}`
    return [held ? { found } : { found, compared: `not ${limit}` }]
  }
  if ('clicked' in condition) return [clickedReason(condition, held, got)]
  if ('list' in condition) return [{ found: `the contact is ${held ? '' : 'not '}on “${condition.list}”` }]
  if ('segment' in condition)
    return [{ found: `the contact is ${held ? '' : 'not '}in segment “${condition.segment}”` }]
  return [{ found: 'everybody' in condition ? 'it is for everybody' : phrase(condition, !held) }]
}

function comparedReason(
  condition: FieldCondition | PropertyCondition,
  held: boolean,
  got: Json | undefined,
): Reason {
  const subject = subjectOf(condition)
  if (isEmpty(got)) return { found: `${subject} is empty` }
  const found = `${subject} is ${gotInWords(got)}`
  const words = comparisonInWords(condition, held ? 0 : 1)
  if (words.startsWith(`is ${gotInWords(got)}`)) return { found }
  return { found, compared: words.startsWith('is ') ? words.slice('is '.length) : `which ${words}` }
}

function crossedReason(condition: CrossedCondition, held: boolean, got: Json | undefined): Reason {
  const score = fieldInWords(condition.attribute ?? 'SCORE')
  if (!Array.isArray(got)) return { found: `${score} did not change` }
  const found = `${score} went from ${got[0]} to ${got[1]}`
  return held ? { found } : { found, compared: `not ${condition.direction} across ${condition.crossed}` }
}

function clickedReason(
  { clicked, ofLast }: { readonly clicked: number; readonly ofLast: number },
  held: boolean,
  got: Json | undefined,
): Reason {
  const [count, sent] = got as readonly [number, number]
  if (sent < ofLast) return { found: `only ${sent} ${sent === 1 ? 'e-mail was' : 'e-mails were'} sent` }
  const found = `${count} of the last ${ofLast} e-mails ${count === 1 ? 'was' : 'were'} clicked`
  return held ? { found } : { found, compared: `not ${clicked}` }
}

/** A value that came from outside, cut to what a line can hold. */
function gotInWords(got: Exclude<Json, null>): string {
  if (typeof got === 'object') return `“${JSON.stringify(got).slice(0, 80)}”`
  return valueInWords(typeof got === 'string' ? got.slice(0, 80) : got)
}
