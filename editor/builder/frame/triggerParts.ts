/**
 * A trigger as its form asks for it: what kind of start it is, what it is about (a list, a number crossed, a time), and the
 * condition besides. In the file these are an event, a condition and a time; here they are taken apart and put together
 * again. Pure.
 */
import {
  INTERNAL_EVENTS,
  isReservedEvent,
  parseDelay,
  type Condition,
  type Trigger,
} from '../../../engine/index.ts'
import { subjectOf } from '../document/triggers.ts'

/** Groups of starts, in the order in which they are offered. */
export const START_GROUPS = ['events', 'score', 'lists', 'messages', 'times', 'journeys'] as const
export type StartGroup = (typeof START_GROUPS)[number]

/** What may start a journey besides an event of one's own, by group. */
export const STARTS = {
  event: 'events',
  'contact.created': 'events',
  crossed: 'score',
  'score.changed': 'score',
  'attribute.changed': 'score',
  'stage.changed': 'score',
  'list.joined': 'lists',
  'list.left': 'lists',
  'segment.entered': 'lists',
  'segment.left': 'lists',
  'email.opened': 'messages',
  'email.clicked': 'messages',
  'email.sent': 'messages',
  'email.delivered': 'messages',
  'email.bounced': 'messages',
  'email.failed': 'messages',
  'email.complained': 'messages',
  'email.unsubscribed': 'messages',
  'sms.sent': 'messages',
  'sms.delivered': 'messages',
  'sms.clicked': 'messages',
  'sms.failed': 'messages',
  'sms.stopped': 'messages',
  'webhook.failed': 'messages',
  date: 'times',
  inactive: 'times',
  schedule: 'times',
  'journey.finished': 'journeys',
  'journey.requested': 'journeys',
  'journey.entered': 'journeys',
  'contact.merged': 'events',
} as const satisfies { readonly [start: string]: StartGroup }
export type Start = keyof typeof STARTS

/** Starts that are seldom meant for any list or segment there is: which of them is to be chosen first. */
const NAMED: readonly Start[] = ['list.joined', 'list.left', 'segment.entered', 'segment.left']

export interface TriggerParts {
  readonly start: Start
  /** The name of an event of one's own. */
  readonly event: string
  /** Which list, segment, attribute, stage or journey; null: any; empty: one that is still to be chosen. */
  readonly subject: string | null
  /** The number that is crossed; what was typed for it where it is none. */
  readonly crossed: { readonly value: unknown; readonly direction: 'up' | 'down'; readonly attribute: string }
  /** The time, as the name of a delay. */
  readonly at: string
  /** What must hold besides; absent: nothing. */
  readonly when?: Condition
}

const CROSSED = { value: 80, direction: 'up', attribute: 'SCORE' } as const
const TIMES = { date: 'date  at 09:00', inactive: 'inactive P30D', schedule: 'at 09:00 mon' } as const

/** A trigger in its parts. What cannot be told apart is part of the condition, so that nothing is lost. */
export function readTrigger(event: string, { guard: { params = {} } }: Pick<Trigger, 'guard'>): TriggerParts {
  const { when, at } = params
  const base = { event: isReservedEvent(event) ? '' : event, subject: null, crossed: CROSSED, at: at ?? '' }
  const rest = (condition: Condition | undefined) => (condition === undefined ? {} : { when: condition })
  if (event === 'time.due') return { ...base, start: startOf(at ?? ''), ...rest(when) }
  const parts = partsOf(when)
  const crossing = parts.find((part) => 'crossed' in part)
  if (event === 'score.changed' && crossing !== undefined && 'crossed' in crossing) {
    const { crossed: value, direction, attribute = 'SCORE' } = crossing
    return {
      ...base,
      start: 'crossed',
      crossed: { value, direction, attribute },
      ...rest(without(when, crossing)),
    }
  }
  const start: Start = isStart(event) ? event : 'event'
  const about = parts.find((part) => subjectIn(event, part) !== undefined)
  return {
    ...base,
    start,
    subject: about === undefined ? null : (subjectIn(event, about) ?? null),
    ...rest(without(when, about)),
  }
}

/** What must hold, one by one; nothing of a list that is none. */
function partsOf(when: Condition | undefined): readonly Condition[] {
  if (when === undefined || !('all' in when)) return when === undefined ? [] : [when]
  const all: unknown = when.all
  return Array.isArray(all) ? all.filter((part) => typeof part === 'object' && part !== null) : []
}

function isStart(event: string): event is Start {
  return Object.hasOwn(STARTS, event) && Object.hasOwn(INTERNAL_EVENTS, event)
}

function startOf(at: string): 'date' | 'inactive' | 'schedule' {
  const delay = parseDelay(at)?.type ?? /^[a-z]*/.exec(at)?.[0]
  return delay === 'date' || delay === 'inactive' ? delay : 'schedule'
}

function subjectIn(event: string, part: Condition): string | undefined {
  const property = subjectOf(event)
  const names = property !== undefined && 'event' in part && part.event === property && part.operator === '='
  if (!names || (part.value !== undefined && typeof part.value !== 'string')) return undefined
  return part.value ?? ''
}

/** A condition without one of its parts; undefined where nothing is left. */
function without(when: Condition | undefined, part: Condition | undefined): Condition | undefined {
  if (when === undefined || part === undefined) return when
  if (when === part || !('all' in when)) return undefined
  const [only, ...more] = when.all.filter((each) => each !== part)
  return more.length === 0 ? only : { all: [only as Condition, ...more] }
}

/** The parts as they stand in the file. */
export function writtenTrigger({ start, event, subject, crossed, at, when }: TriggerParts): {
  readonly event: string
  readonly params?: { readonly when?: Condition; readonly at?: string }
} {
  switch (start) {
    case 'event':
      return { event, ...paramsOf(when) }
    case 'date':
    case 'inactive':
    case 'schedule':
      return { event: 'time.due', params: { ...(when === undefined ? {} : { when }), at } }
    case 'crossed': {
      const { value, direction, attribute } = crossed
      const part = {
        crossed: value,
        direction,
        ...(attribute === 'SCORE' ? {} : { attribute }),
      } as unknown as Condition
      return { event: 'score.changed', ...paramsOf(joined(part, when)) }
    }
    default: {
      if (subject === null) return { event: start, ...paramsOf(when) }
      // Without a value it is unfinished, and said to be; with an empty one it would only never hold.
      const part: Condition = {
        event: subjectOf(start) ?? '',
        operator: '=',
        ...(subject === '' ? {} : { value: subject }),
      }
      return { event: start, ...paramsOf(joined(part, when)) }
    }
  }
}

function paramsOf(when: Condition | undefined) {
  return when === undefined ? {} : { params: { when } }
}

/** Both must hold. A group that is joined stays flat; one in which nothing is chosen stays to be seen. */
function joined(part: Condition, when: Condition | undefined): Condition {
  if (when === undefined) return part
  return 'all' in when && when.all.length > 0 ? { all: [part, ...when.all] } : { all: [part, when] }
}

/** The parts of a trigger that starts otherwise: what is asked for besides and does not depend on the start stays. */
export function startedBy(before: TriggerParts, start: Start, event = ''): TriggerParts {
  const at = start === 'date' || start === 'inactive' || start === 'schedule' ? TIMES[start] : ''
  const { when, ...rest } = before
  const subject = NAMED.includes(start) ? '' : null
  const kept = when === undefined || asksTheEvent(when) ? {} : { when }
  return { ...rest, start, event, subject, crossed: CROSSED, at, ...kept }
}

/** Whether a condition asks for properties of the event, which another event does not have. */
function asksTheEvent(when: Condition): boolean {
  if ('all' in when) return when.all.some(asksTheEvent)
  if ('any' in when) return when.any.some(asksTheEvent)
  if ('not' in when) return asksTheEvent(when.not)
  return 'event' in when || 'crossed' in when
}
