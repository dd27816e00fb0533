/**
 * One contact at one moment of a cascade, and every change a step can make to it. Each change returns the next world
 * with its ledger entries, effects, raised events and reasons appended; a change that changes nothing raises nothing.
 */
import { dateInWords, isZone, minus, parseDuration } from './calendar.ts'
import type { View } from './conditions.ts'
import { fieldInWords } from './conditions.ts'
import type {
  Consent,
  ConsentStatus,
  Contact,
  Effect,
  Entry,
  Enrollment,
  Json,
  JsonObject,
  LedgerEntry,
  Purpose,
  Stage,
  TraceLine,
} from './contact.ts'
import { lastEmails, stepPointsOf } from './facts.ts'
import { emailsOf, type UpdateParams } from './journey.ts'
import { apply, hundredths, inPoints, type Past } from './scoring.ts'

/** Something that happened, on its way through the journeys. */
export interface Happening {
  readonly name: string
  readonly properties: JsonObject
  /** What changed by it, in the terms of `readsOf`: exits, goals and waits that read nothing of this are not looked at. */
  readonly touches: readonly string[]
  /** The one passage, step and visit that hears it; absent: whoever listens. */
  readonly only?: { readonly enrollment: string; readonly step: string; readonly visit: number }
  /** Exits, goals and waits look again, but nobody can listen to it. */
  readonly silent?: true
}

export interface World extends View {
  readonly entry: Entry
  /** Attributes that a ledger keeps, besides those the contact has already. */
  readonly scores: ReadonlySet<string>
  readonly event: Happening
  readonly effects: readonly Effect[]
  readonly trace: readonly TraceLine[]
  /** Raised and not yet handled, in order. */
  readonly raised: readonly Happening[]
  /** Steps entered so far for this entry, over all passages. */
  readonly entered: number
}

/** A line of the trace, for the passage and step at work. */
export function told(world: World, what: TraceLine['what'], text: string): World {
  const { enrollment } = world
  const line: TraceLine = {
    journey: enrollment?.journey ?? null,
    enrollment: enrollment?.id ?? null,
    step: enrollment?.step ?? null,
    what,
    text,
  }
  return { ...world, trace: [...world.trace, line] }
}

export function raised(world: World, happening: Happening): World {
  return { ...world, raised: [...world.raised, happening] }
}

/** The contact's own zone where it names a real one, else the workspace's (design section 5). */
export function zoneOf(contact: Contact, workspace: string): string {
  const own = contact.attributes['TIMEZONE']
  return typeof own === 'string' && isZone(own) ? own : workspace
}

// ---- Attributes and scores ---------------------------------------------------------------------------------------

/** Carries out an "Add points" or "Change attribute" step. */
export function updated(world: World, params: UpdateParams): World {
  const { attribute, set } = params
  if (isScore(world, attribute)) return scored(world, params)
  if (params.clear) return attributeSet(world, attribute, null)
  if (typeof set === 'object') {
    const value = world.enrollment?.properties[set.event]
    return typeof value === 'number'
      ? attributeSet(world, attribute, value * (set.times ?? 1))
      : told(world, 'unchanged', `${fieldInWords(attribute)} stays: the event has no such number`)
  }
  return attributeSet(world, attribute, set ?? null)
}

/** Whether a ledger keeps the attribute: journeys count in it, or this contact has points in it. */
export function isScore(world: World, attribute: string): boolean {
  return (
    attribute === 'SCORE' || Object.hasOwn(world.contact.scores, attribute) || world.scores.has(attribute)
  )
}

function scored(world: World, params: UpdateParams): World {
  const opened = withOpening(world, params.attribute)
  const key = keyOf(params, opened.event.properties)
  const before = opened.contact.scores[params.attribute] ?? 0
  const { by, note } = apply(params, before, opened.enrollment?.properties ?? {}, pastOf(opened, params, key))
  const name = fieldInWords(params.attribute)
  if (by === 0)
    return told(opened, 'unchanged', `${name} stays ${inPoints(before)}${note ? `: ${note}` : ''}`)
  return entered(
    opened,
    params.attribute,
    by,
    `${by > 0 ? 'Added' : 'Took away'} ${inPoints(Math.abs(by))}${note ? `: ${note}` : ''}`,
    key,
  )
}

/** A plain number that becomes a score keeps its value: the ledger opens with it, so that it equals its sum from then on. */
function withOpening(world: World, attribute: string): World {
  const value = world.contact.attributes[attribute]
  if (value === undefined) return world
  const { [attribute]: _, ...attributes } = world.contact.attributes
  const cleared = { ...world, contact: { ...world.contact, attributes } }
  return typeof value === 'number' && hundredths(value) !== 0
    ? entered(cleared, attribute, hundredths(value), 'The value before points were counted', null)
    : cleared
}

function keyOf({ cap }: UpdateParams, properties: JsonObject): string | null {
  const value = cap?.key === undefined ? null : properties[cap.key.slice('event.'.length)]
  return value === null || value === undefined
    ? null
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
}

/** What counts against cap and cooldown: the window is (occurredAt − per, occurredAt], over all passages of this step. */
function pastOf(world: World, { cap, cooldown }: UpdateParams, key: string | null): Past {
  const pause = cooldown === undefined ? undefined : parseDuration(cooldown)
  return {
    used: cap ? (stepPoints(world, key, capStart(world, cap.per))?.sum ?? 0) : 0,
    coolingDown: pause
      ? (stepPoints(world, null, minus(world.occurredAt, pause, world.zone))?.last ?? null) !== null
      : false,
  }
}

/** Where the cap's window begins (exclusive); null for ever. Of "3 emails": just before the third last that went out. */
function capStart(world: World, per: string): number | null {
  const last = emailsOf(per)
  if (last !== undefined) {
    const emails = lastEmails(world, last) ?? []
    const oldest = emails[last - 1]
    return oldest ? oldest.sentAt - 1 : null
  }
  const duration = parseDuration(per)
  return duration ? minus(world.occurredAt, duration, world.zone) : null
}

function stepPoints(world: World, key: string | null, after: number | null) {
  const { enrollment } = world
  return enrollment
    ? stepPointsOf(world, {
        type: 'points',
        journey: enrollment.journey,
        step: enrollment.step,
        key,
        after,
        until: world.occurredAt,
      })
    : undefined
}

/** Writes one line of a score's history and raises `score.changed`. `by` must not be 0. */
export function entered(
  world: World,
  attribute: string,
  by: number,
  reason: string,
  key: string | null,
): World {
  const { contact, entry, enrollment, event, ledger } = world
  const before = contact.scores[attribute] ?? 0
  const after = before + by
  const line: LedgerEntry = {
    id: `${entry.seq}.${ledger.length + 1}`,
    attribute,
    by,
    before,
    after,
    at: entry.at,
    occurredAt: entry.occurredAt,
    reason,
    event: event.name,
    journey: enrollment?.journey ?? null,
    version: enrollment?.version ?? null,
    step: enrollment?.step ?? null,
    enrollment: enrollment?.id ?? null,
    key,
  }
  const next = {
    ...world,
    contact: { ...contact, scores: { ...contact.scores, [attribute]: after } },
    ledger: [...ledger, line],
  }
  const sign = by > 0 ? '+' : '−'
  return raised(
    told(
      next,
      'changed',
      `${fieldInWords(attribute)} ${sign}${inPoints(Math.abs(by))}: ${inPoints(before)} → ${inPoints(after)}`,
    ),
    scoreChanged(attribute, before, after),
  )
}

export function scoreChanged(attribute: string, before: number, after: number): Happening {
  return {
    name: 'score.changed',
    properties: { attribute, before: inPoints(before), after: inPoints(after), by: inPoints(after - before) },
    touches: [`field:${attribute}`],
  }
}

/** Writes a plain attribute; null empties it. */
export function attributeSet(world: World, attribute: string, value: Json): World {
  const before = world.contact.attributes[attribute] ?? null
  if (same(before, value)) return world
  const { [attribute]: _, ...others } = world.contact.attributes
  const attributes = value === null ? others : { ...others, [attribute]: value }
  const next = { ...world, contact: { ...world.contact, attributes } }
  return raised(told(next, 'changed', `${fieldInWords(attribute)} changed`), {
    name: 'attribute.changed',
    properties: { attribute, before, after: value },
    touches: [`field:${attribute}`],
  })
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}

// ---- Lists, stage, consent ---------------------------------------------------------------------------------------

export function joined(world: World, list: string): World {
  if (world.contact.lists.includes(list)) return world
  const next = { ...world, contact: { ...world.contact, lists: [...world.contact.lists, list] } }
  return raised(told(next, 'changed', `Joins “${list}”`), {
    name: 'list.joined',
    properties: { list },
    touches: [`list:${list}`],
  })
}

export function left(world: World, list: string): World {
  if (!world.contact.lists.includes(list)) return world
  const next = {
    ...world,
    contact: { ...world.contact, lists: world.contact.lists.filter((name) => name !== list) },
  }
  return raised(told(next, 'changed', `Leaves “${list}”`), {
    name: 'list.left',
    properties: { list },
    touches: [`list:${list}`],
  })
}

export function moved(world: World, list: string, from: readonly string[]): World {
  return joined(from.filter((name) => name !== list).reduce(left, world), list)
}

export function staged(world: World, stage: Stage): World {
  const before = world.contact.stage
  if (before === stage) return world
  const next = { ...world, contact: { ...world.contact, stage } }
  return raised(told(next, 'changed', `Stage is now ${stage}`), {
    name: 'stage.changed',
    properties: { before, after: stage },
    touches: ['field:stage'],
  })
}

/** Records consent with its time and source; the same status again keeps the first evidence. */
export function consented(world: World, purpose: Purpose, status: ConsentStatus, source: string): World {
  if (world.contact.consent[purpose].status === status) return world
  const consent: Consent = { status, at: world.occurredAt, source }
  const next = {
    ...world,
    contact: { ...world.contact, consent: { ...world.contact.consent, [purpose]: consent } },
  }
  const touches = [`field:consent.${purpose}`]
  return raised(told(next, 'changed', `${fieldInWords(`consent.${purpose}`)}: ${status}`), {
    name: 'consent',
    properties: { purpose, status },
    touches,
    silent: true,
  })
}

// ---- Messages ----------------------------------------------------------------------------------------------------

/** Asks for a message. Of a late event it is recorded and does not go out: the past scores, it does not speak. */
export function sent(world: World): World {
  const { enrollment, entry } = world
  if (!enrollment) return world
  const { id, journey, version, step, visits } = enrollment
  const visit = visits[step] ?? 1
  const message = `${id}/${step}/${visit}`
  const effect: Effect = {
    type: 'sendEmail',
    message,
    enrollment: id,
    journey,
    version,
    step,
    visit,
    skipped: entry.late ? 'late' : null,
  }
  const messages = { ...enrollment.messages, [step]: { id: message, was: [] } }
  const next = { ...world, effects: [...world.effects, effect], enrollment: { ...enrollment, messages } }
  if (!entry.late) return told(next, 'sent', 'E-mail is on its way')
  const only = { enrollment: id, step, visit }
  return raised(
    told(next, 'notSent', `Not sent: the event is from ${dateInWords(entry.occurredAt, world.zone)}`),
    { name: 'step.failed', properties: { reason: 'late' }, touches: ['message'], only },
  )
}

/** The enrollment as it is when a step has been entered: one visit more, and its waits counted from now. */
export function stepEntered(world: World, step: string): World {
  const { enrollment, now } = world
  const next = { ...world, entered: world.entered + 1 }
  if (!enrollment) return next
  const visits = { ...enrollment.visits, [step]: (enrollment.visits[step] ?? 0) + 1 }
  return { ...next, enrollment: { ...enrollment, step, visits, stepEnteredAt: now } satisfies Enrollment }
}
