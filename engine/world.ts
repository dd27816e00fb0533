/**
 * One contact at one moment of a cascade, and every change a step can make to it. Each change returns the next world
 * with its ledger entries, effects, raised events and reasons appended; a change that changes nothing raises nothing.
 */
import { dateInWords, isZone, minus, parseDuration, type Duration } from './calendar.ts'
import { readProperty, type Explanation } from './conditions.ts'
import { namedEvent } from './conditionWords.ts'
import type {
  Consent,
  ConsentStatus,
  Contact,
  Effect,
  Enrollment,
  Entry,
  HeldEntry,
  Json,
  JsonObject,
  LedgerEntry,
  Purpose,
  Stage,
  TraceLine,
} from './contact.ts'
import { emailsOf, type UpdateParams } from './dialect/actions.ts'
import { lastEmails, stepPointsOf, type View } from './facts.ts'
import type { Trigger } from './journey.ts'
import { fieldInWords } from './names.ts'
import { apply, hundredths, inPoints, isCountable, type Past } from './scoring.ts'

/** Something that happened, on its way through the journeys. */
export interface Happening {
  readonly name: string
  readonly properties: JsonObject
  /**
   * What changed by it, in the terms of `readsOf`: exits, goals and waits that read nothing of this are not looked at.
   * After a merge that is everything.
   */
  readonly touches: readonly string[] | 'everything'
  /** The one passage, step and visit that hears it; absent: whoever listens. */
  readonly only?: { readonly enrollment: string; readonly step: string; readonly visit: number }
  /** The one journey whose triggers are tried with it; nobody inside hears it. Absent: whoever listens. */
  readonly triggersOf?: string
  /** Exits, goals and waits look again, but nobody can listen to it. */
  readonly silent?: true
  /** How a reason calls it, where the name says too little: "30 days without activity". */
  readonly inWords?: string
  /** The journey whose step it comes from. */
  readonly by?: string
}

export interface World extends View {
  readonly entry: Entry
  /**
   * The zones of which `zone` is the first there is: the contact's own, the event's (in a passage: that of the event which
   * began it), the workspace's.
   */
  readonly ownZone: string | null
  readonly eventZone: string | null
  readonly workspace: string
  /** Attributes that a ledger keeps, besides those the contact has already. */
  readonly scores: ReadonlySet<string>
  readonly event: Happening
  /** The trigger that lets in, and why, while a passage begins. */
  readonly admitted: { readonly trigger: Trigger; readonly why: Explanation | undefined } | null
  readonly effects: readonly Effect[]
  readonly held: readonly HeldEntry[]
  readonly trace: readonly TraceLine[]
  /** All that was raised, in order; `happened` is the part that was handled. */
  readonly raised: readonly Happening[]
  /** Steps entered so far for this entry, over all passages. */
  readonly entered: number
}

/** The world as a passage sees it. */
export interface Inside extends World {
  readonly enrollment: Enrollment
}

/** A line of the trace, for the passage and step at work. */
export function told(world: World, what: TraceLine['what'], text: string): World {
  return { ...world, trace: [...world.trace, lineOf(world.enrollment, what, text)] }
}

function lineOf(enrollment: Enrollment | null, what: TraceLine['what'], text: string): TraceLine {
  return enrollment
    ? { journey: enrollment.journey, enrollment: enrollment.id, step: enrollment.step, what, text }
    : { journey: null, enrollment: null, step: null, what, text }
}

export function raised(world: World, happening: Happening): World {
  return { ...world, raised: [...world.raised, ofWhom(world, happening)] }
}

function ofWhom({ enrollment }: World, happening: Happening): Happening {
  return enrollment ? { ...happening, by: enrollment.journey } : happening
}

/** The contact changed: said in the trace, and raised for the journeys to hear. */
function changed(world: World, contact: Contact, text: string, happening: Happening): World {
  return {
    ...world,
    contact,
    trace: [...world.trace, lineOf(world.enrollment, 'changed', text)],
    raised: [...world.raised, ofWhom(world, happening)],
  }
}

/** The zone that an attribute or an event names, where it is a real one. */
export function realZone(named: Json | undefined): string | null {
  return typeof named === 'string' && isZone(named) ? named : null
}

/** The contact's own zone where it names a real one, else the workspace's. */
export function zoneOf({ attributes }: Contact, workspace: string): string {
  return realZone(attributes['TIMEZONE']) ?? workspace
}

/** The world as a passage sees it, in its zone. */
export function insideOf(world: World, enrollment: Enrollment): Inside {
  return { ...world, enrollment, zone: world.ownZone ?? enrollment.zone ?? world.workspace }
}

/** The world outside of all passages. */
export function outsideOf(world: World): World {
  return { ...world, enrollment: null, zone: world.ownZone ?? world.eventZone ?? world.workspace }
}

/** The world after the contact's own zone may have changed. */
export function rezoned(world: World): World {
  const next = { ...world, ownZone: realZone(world.contact.attributes['TIMEZONE']) }
  return next.enrollment ? insideOf(next, next.enrollment) : outsideOf(next)
}

// ---- Attributes and scores ---------------------------------------------------------------------------------------

/** Carries out an "Add points" or "Change attribute" step. */
export function updated(world: Inside, params: UpdateParams): World {
  const { attribute, set } = params
  if (isScore(world, attribute)) return scored(world, params)
  if (typeof set !== 'object') return attributeSet(world, attribute, set ?? null)
  const value = readProperty(set.event, world.enrollment.properties)
  return typeof value === 'number'
    ? attributeSet(world, attribute, value * (set.times ?? 1))
    : told(world, 'unchanged', `${fieldInWords(attribute)} stays: the event has no such number`)
}

/** Whether a ledger keeps the attribute: journeys count in it, or this contact has points in it. */
export function isScore(world: World, attribute: string): boolean {
  return Object.hasOwn(world.contact.scores, attribute) || world.scores.has(attribute)
}

function scored(world: Inside, params: UpdateParams): World {
  const { attribute } = params
  const opened = withOpening(world, attribute)
  const key = keyOf(world, params)
  const before = opened.contact.scores[attribute] ?? 0
  const { by, note } = apply(params, before, world.enrollment.properties, pastOf(world, params, key))
  const why = note ? `: ${note}` : ''
  if (by === 0) return told(opened, 'unchanged', `${fieldInWords(attribute)} stays ${inPoints(before)}${why}`)
  const change = `${by > 0 ? 'Added' : 'Took away'} ${inPoints(Math.abs(by))}`
  const reason = `${change}: ${world.event.inWords ?? namedEvent(world.event.name)}${note ? ` (${note})` : ''}`
  return entered(opened, attribute, by, reason, causeOf(opened, key))
}

/** A plain number that becomes a score keeps its value: the ledger opens with it, so that it equals its sum from then on. */
export function withOpening(world: World, attribute: string): World {
  const value = world.contact.attributes[attribute]
  if (value === undefined) return world
  const { [attribute]: _, ...attributes } = world.contact.attributes
  const cleared = { ...world, contact: { ...world.contact, attributes } }
  const opening = typeof value === 'number' ? hundredths(value) : 0
  if (opening === 0 || !isCountable(opening)) return cleared
  // No step gave it: else it would use up the step's cap.
  const { enrollment } = world
  const reason = 'The value before points were counted'
  const byNobody = { ...cleared, enrollment: null }
  return { ...entered(byNobody, attribute, opening, reason, causeOf(byNobody, null)), enrollment }
}

/** What the cap counts apart: a property of the event at hand, or of the one that began the passage. */
function keyOf({ event, enrollment }: Inside, { cap }: UpdateParams): string | null {
  if (cap?.key === undefined) return null
  const name = cap.key.slice('event.'.length)
  return keyText(readProperty(name, event.properties) ?? readProperty(name, enrollment.properties)) ?? null
}

/** The text a key is kept as; undefined where there is none. */
export function keyText(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What counts against cap and cooldown, over all passages of this step: the window is (occurredAt − per, occurredAt]. */
function pastOf(world: Inside, { cap, cooldown }: UpdateParams, key: string | null): Past {
  const pause = cooldown === undefined ? undefined : parseDuration(cooldown)
  return {
    used: cap ? usedOf(world, cap.per, key) : 0,
    coolingDown: pause !== undefined && pointsWithin(world, key, windowOf(world, pause)).last !== null,
  }
}

interface Window {
  readonly after: number | null
  readonly until: number
}

/** Later than every event: "ever" and "3 emails" count what was given, also when a late event comes after it. */
const ALWAYS = Number.MAX_SAFE_INTEGER

function usedOf(world: Inside, per: string, key: string | null): number {
  const duration = parseDuration(per)
  if (duration) return pointsWithin(world, key, windowOf(world, duration)).sum
  const last = emailsOf(per)
  // Of "3 emails": what was given since the third last that went out.
  const oldest = last === undefined ? undefined : lastEmails(world, last)?.[last - 1]
  return pointsWithin(world, key, { after: oldest ? oldest.sentAt - 1 : null, until: ALWAYS }).sum
}

function windowOf({ occurredAt, zone }: World, duration: Duration): Window {
  return { after: minus(occurredAt, duration, zone), until: occurredAt }
}

function pointsWithin(world: Inside, key: string | null, window: Window) {
  const { journey, step } = world.enrollment
  return stepPointsOf(world, { type: 'points', journey, step, key, ...window }) ?? { sum: 0, last: null }
}

/** What gave the points: all null for a change by hand. Caps count by it. */
export type Cause = Pick<LedgerEntry, 'journey' | 'version' | 'step' | 'enrollment' | 'key'>

/** The passage and step at work as the cause, with the cap's key. */
export function causeOf({ enrollment }: World, key: string | null): Cause {
  return {
    journey: enrollment?.journey ?? null,
    version: enrollment?.version ?? null,
    step: enrollment?.step ?? null,
    enrollment: enrollment?.id ?? null,
    key,
  }
}

/** Writes one line of a score's history and raises `score.changed`. `by` must not be 0. */
export function entered(world: World, attribute: string, by: number, reason: string, cause: Cause): World {
  const { contact, entry, event, ledger } = world
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
    ...cause,
  }
  const amount = `${by > 0 ? '+' : '−'}${inPoints(Math.abs(by))}`
  return changed(
    { ...world, ledger: [...ledger, line] },
    { ...contact, scores: { ...contact.scores, [attribute]: after } },
    `${fieldInWords(attribute)} ${amount}: ${inPoints(before)} → ${inPoints(after)}`,
    scoreChanged(attribute, before, after),
  )
}

export function scoreChanged(attribute: string, before: number, after: number): Happening {
  return {
    name: 'score.changed',
    properties: {
      attribute,
      before: inPoints(before),
      after: inPoints(after),
      by: inPoints(after - before),
    },
    touches: [`field:${attribute}`],
  }
}

/** Writes a plain attribute; null empties it. */
export function attributeSet(world: World, attribute: string, value: Json): World {
  const before = world.contact.attributes[attribute] ?? null
  if (same(before, value)) return world
  const { [attribute]: _, ...others } = world.contact.attributes
  const contact = {
    ...world.contact,
    attributes: value === null ? others : { ...others, [attribute]: value },
  }
  const next = changed(world, contact, `${fieldInWords(attribute)} changed`, {
    name: 'attribute.changed',
    properties: { attribute, before, after: value },
    touches: [`field:${attribute}`],
  })
  return attribute === 'TIMEZONE' ? rezoned(next) : next
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}

// ---- Lists, stage, consent ---------------------------------------------------------------------------------------

export function joined(world: World, list: string): World {
  const { contact } = world
  if (contact.lists.includes(list)) return world
  return changed(world, { ...contact, lists: [...contact.lists, list] }, `Joins “${list}”`, {
    name: 'list.joined',
    properties: { list },
    touches: [`list:${list}`],
  })
}

export function left(world: World, list: string): World {
  const { contact } = world
  if (!contact.lists.includes(list)) return world
  const lists = contact.lists.filter((name) => name !== list)
  return changed(world, { ...contact, lists }, `Leaves “${list}”`, {
    name: 'list.left',
    properties: { list },
    touches: [`list:${list}`],
  })
}

/** Joins a list and leaves those it comes from; the list itself may stand among them. */
export function moved(world: World, list: string, from: readonly string[]): World {
  return joined(from.filter((name) => name !== list).reduce(left, world), list)
}

/** Notes whether the contact belongs to a segment. `silent`: nobody enters or leaves it by that, for what it means was changed. */
export function segmentSet(world: World, segment: string, inside: boolean, silent: boolean): World {
  const { contact } = world
  if (contact.segments.includes(segment) === inside) return world
  const others = contact.segments.filter((name) => name !== segment)
  const segments = inside ? [...others, segment].toSorted() : others
  return changed(world, { ...contact, segments }, `${inside ? 'Enters' : 'Leaves'} segment “${segment}”`, {
    name: inside ? 'segment.entered' : 'segment.left',
    properties: { segment },
    // What waits for the segment was looked at with what changed it.
    touches: [],
    ...(silent && { silent }),
  })
}

export function staged(world: World, stage: Stage): World {
  const before = world.contact.stage
  if (before === stage) return world
  return changed(world, { ...world.contact, stage }, `Stage is now ${stage}`, {
    name: 'stage.changed',
    properties: { before, after: stage },
    touches: ['field:stage'],
  })
}

/** Records consent with its time and source; the same status again keeps the first evidence. */
export function consented(world: World, purpose: Purpose, status: ConsentStatus, source: string): World {
  const { contact, occurredAt } = world
  if (contact.consent[purpose].status === status) return world
  const consent: Consent = { status, at: occurredAt, source }
  const field = `consent.${purpose}`
  const next = { ...contact, consent: { ...contact.consent, [purpose]: consent } }
  return changed(world, next, `${fieldInWords(field)}: ${status}`, {
    name: 'consent',
    properties: { purpose, status },
    touches: [`field:${field}`],
    silent: true,
  })
}

// ---- Messages ----------------------------------------------------------------------------------------------------

/** What the trace says of a message that is asked for. */
const ON_ITS_WAY: { readonly [type in Effect['type']]: string } = {
  sendEmail: 'E-mail is on its way',
  sendSms: 'SMS is on its way',
  callWebhook: 'The webhook is being called',
  notify: 'The team is being told',
}

/** Asks for a message. Of a late event, or in a passage that the past began, it is recorded and does not go out: the past scores, it does not speak. */
export function sent(world: Inside, type: Effect['type']): World {
  const { enrollment, entry } = world
  const { id, journey, version, step, visits } = enrollment
  const visit = visits[step] as number
  const message = `${id}/${step}/${visit}`
  const silent = entry.late || enrollment.past === true
  const effect: Effect = {
    type,
    message,
    enrollment: id,
    journey,
    version,
    step,
    visit,
    skipped: silent ? 'late' : null,
  }
  const messages = { ...enrollment.messages, [step]: { id: message, was: [] } }
  const next = { ...world, effects: [...world.effects, effect], enrollment: { ...enrollment, messages } }
  if (!silent) return told(next, 'sent', ON_ITS_WAY[type])
  const date = dateInWords(entry.late ? entry.occurredAt : enrollment.enteredAt, world.zone)
  return raised(told(next, 'notSent', `Not sent: the event is from ${date}`), {
    name: 'step.failed',
    properties: { reason: 'late' },
    touches: ['message'],
    only: { enrollment: id, step, visit },
  })
}

/** The world as it is when a step has been entered: one visit more, and its waits counted from now. */
export function stepEntered(world: Inside, step: string): Inside {
  const { enrollment, now, entered } = world
  const visits = { ...enrollment.visits, [step]: (enrollment.visits[step] ?? 0) + 1 }
  return { ...world, entered: entered + 1, enrollment: { ...enrollment, step, visits, stepEnteredAt: now } }
}
