/**
 * Who matches already: what a contact is at this moment, told as the events that would have led there. A publication may
 * let in by them, and only triggers that ask for a state hear anything: an event that lies behind is not told again.
 */
import { nextOf, parseDelay } from './delays.ts'
import type { Contact, HeldEntry } from './contact.ts'
import { partsOf, triggersOf, type CrossedCondition, type Journey } from './journey.ts'
import { inPoints } from './scoring.ts'

type Properties = HeldEntry['properties']
type States = (journey: Journey, contact: Contact, now: number, zone: string) => readonly Properties[]

const STATES: { readonly [event: string]: States } = {
  'contact.created': () => [{}],
  'list.joined': (_, { lists }) => lists.map((list) => ({ list })),
  'segment.entered': (_, { segments }) => segments.map((segment) => ({ segment })),
  'stage.changed': (_, { stage }) => (stage === null ? [] : [{ before: null, after: stage }]),
  'attribute.changed': (_, { attributes }) =>
    Object.entries(attributes).map(([attribute, after]) => ({ attribute, before: null, after })),
  'score.changed': scoresReached,
  'time.due': inactivities,
}

/** Whether anybody can match already: without a trigger that asks for a state nobody does. */
export function asksForStates({ on }: Journey): boolean {
  return Object.keys(on).some((event) => Object.hasOwn(STATES, event))
}

/** The events to try a journey's triggers with, one after the other; none where it lets in only as something happens. */
export function alreadyOf(
  journey: Journey,
  contact: Contact,
  now: number,
  zone: string,
): readonly HeldEntry[] {
  return Object.keys(journey.on).flatMap((event) => {
    const told = Object.hasOwn(STATES, event) ? STATES[event]?.(journey, contact, now, zone) : undefined
    return (told ?? []).map((properties) => ({ journey: journey.id, event, properties }))
  })
}

/** Who is beyond a limit has crossed it at some time; where a trigger names none, the way from 0 to the score is told. */
function scoresReached(journey: Journey, { scores }: Contact): readonly Properties[] {
  const limits = triggersOf(journey.on['score.changed'] ?? []).map(({ guard }) =>
    partsOf(guard.params?.when ?? { everybody: true }).flatMap(({ when }) =>
      'crossed' in when ? [when] : [],
    ),
  )
  return Object.entries(scores).flatMap(([attribute, hundredths]) =>
    limits
      .flatMap((own) =>
        own.length === 0 ? [0] : own.flatMap((limit) => crossedBy(limit, attribute, hundredths)),
      )
      .filter((before) => before !== hundredths)
      .map((before) => ({
        attribute,
        before: inPoints(before),
        after: inPoints(hundredths),
        by: inPoints(hundredths - before),
      })),
  )
}

/** The last score on the other side of a limit that the score is beyond, in hundredths. */
function crossedBy(
  { crossed, direction, attribute: counted = 'SCORE' }: CrossedCondition,
  attribute: string,
  score: number,
): readonly number[] {
  const limit = Math.round(crossed * 100)
  const isBeyond = direction === 'up' ? score >= limit : score < limit
  if (attribute !== counted || !isBeyond) return []
  return [direction === 'up' ? limit - 1 : limit]
}

/** Who has been inactive for so long. Dates and schedules that are over let in nobody any more. */
function inactivities(journey: Journey, contact: Contact, now: number, zone: string): readonly Properties[] {
  return triggersOf(journey.on['time.due'] ?? []).flatMap(({ guard }) => {
    const at = guard.params?.at ?? ''
    const delay = parseDelay(at)
    const isOver = delay?.type === 'inactive' && (nextOf(delay, contact, zone, -Infinity) ?? Infinity) <= now
    return isOver ? [{ journey: journey.id, at }] : []
  })
}
