/**
 * Who matches already: what a contact is at this moment, told as the events that would have led there. A publication may
 * let in by them, and only triggers that ask for a state hear anything: an event that lies behind is not told again.
 */
import { nextOf, parseDelay } from './delays.ts'
import type { Contact, HeldEntry } from './contact.ts'
import type { CrossedCondition } from './dialect/conditions.ts'
import type { Journey, Trigger } from './journey.ts'
import { partsOf, triggersOf } from './reading.ts'
import { inPoints } from './scoring.ts'

type Properties = HeldEntry['properties']

/** Who is looked at, and the triggers on one event. */
interface Knocking {
  readonly triggers: readonly Trigger[]
  readonly journey: string
  readonly contact: Contact
  readonly now: number
  readonly zone: string
}

const STATES: ReadonlyMap<string, (knocking: Knocking) => readonly Properties[]> = new Map([
  ['contact.created', () => [{}]],
  ['list.joined', ({ contact: { lists } }) => lists.map((list) => ({ list }))],
  ['segment.entered', ({ contact: { segments } }) => segments.map((segment) => ({ segment }))],
  ['stage.changed', ({ contact: { stage } }) => (stage === null ? [] : [{ before: null, after: stage }])],
  [
    'attribute.changed',
    ({ contact: { attributes } }) =>
      Object.entries(attributes).map(([attribute, after]) => ({ attribute, before: null, after })),
  ],
  ['score.changed', scoresReached],
  ['time.due', inactivities],
])

/** Whether anybody can match already: without a trigger that asks for a state nobody does. */
export function asksForStates({ on }: Journey): boolean {
  return Object.keys(on).some((event) => STATES.has(event))
}

/** The events to try a journey's triggers with, one after the other; none where it lets in only as something happens. */
export function alreadyOf(
  { id: journey, on }: Journey,
  contact: Contact,
  now: number,
  zone: string,
): readonly HeldEntry[] {
  return Object.entries(on).flatMap(([event, own]) => {
    const states = STATES.get(event)
    if (!states) return []
    const told = states({ triggers: triggersOf(own), journey, contact, now, zone })
    return told.map((properties) => ({ journey, event, properties }))
  })
}

/** Who is beyond a limit has crossed it at some time; where a trigger names none, the way from 0 to the score is told. */
function scoresReached({ triggers, contact: { scores } }: Knocking): readonly Properties[] {
  const limits = triggers.map(({ guard: { params } }) =>
    params?.when === undefined
      ? []
      : partsOf(params.when).flatMap(({ when }) => ('crossed' in when ? [when] : [])),
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
function inactivities({ triggers, journey, contact, now, zone }: Knocking): readonly Properties[] {
  return triggers.flatMap(({ guard: { params } }) => {
    const delay = params?.at === undefined ? undefined : parseDelay(params.at)
    const due = delay?.type === 'inactive' ? nextOf(delay, contact, zone, -Infinity) : undefined
    return params?.at !== undefined && due !== undefined && due <= now ? [{ journey, at: params.at }] : []
  })
}
