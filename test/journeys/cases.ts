/**
 * Cases as data: what happens to one contact, and what a marketer would then see. A case runs the journey its file is
 * named after and those in `with`; times are durations after `start`. A stop among the events (`at` and `expect`) looks
 * in between; wake-ups due at that very time have been handled by then.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  catalogueOf,
  inPoints,
  newContact,
  parseDuration,
  parseInstant,
  plus,
  simulate,
  STAGES,
  type Catalogue,
  type Contact,
  type Happens,
  type JsonObject,
  type Simulation,
} from '../../engine/index.ts'
import { JOURNEY_NAMES, JOURNEYS_FOLDER, shippedJourney } from './shipped.ts'

const ZONE = 'UTC'
const LATE_AFTER = 24 * 60 * 60 * 1000

/** `P0D` is the start itself, which is no duration for a journey. */
const offset = z.string().refine((text) => text === 'P0D' || parseDuration(text) !== undefined)
const step = z.templateLiteral([z.string(), '/', z.string()])
const json = z.json() as z.ZodType<JsonObject[string]>

/** Only what is named is looked at. */
const expectation = z.strictObject({
  scores: z.record(z.string(), z.number()).optional(),
  /** Attribute, points, journey and step of every line; journey and step are null where a person gave them. */
  ledger: z.array(z.tuple([z.string(), z.number(), z.string().nullable(), z.string().nullable()])).optional(),
  lists: z.array(z.string()).optional(),
  stage: z.enum(STAGES).nullable().optional(),
  /** The mails that went out, in order. */
  messages: z.array(step).optional(),
  /** The mails that did not, each with its reason. */
  skipped: z.array(z.tuple([step, z.string()])).optional(),
  /** The newest passage of each journey: how it ended, "live:<step>", or "never". */
  journeys: z.record(z.string(), z.string()).optional(),
})
export type Expectation = z.infer<typeof expectation>

const event = z.union([
  z.strictObject({
    at: offset,
    event: z.string(),
    properties: z.record(z.string(), json).optional(),
    /** When it happened, where that is not when we heard of it. */
    occurred: offset.optional(),
    active: z.boolean().optional(),
  }),
  z.strictObject({ at: offset, identify: z.record(z.string(), json) }),
  /** A click in the newest mail of the step, or in the first, second, … that it sent. */
  z.strictObject({
    at: offset,
    click: step,
    nth: z.number().int().min(1).optional(),
    link: z.string().optional(),
    machine: z.boolean().optional(),
  }),
  z.strictObject({ at: offset, consent: z.strictObject({ email: z.enum(['subscribed', 'unsubscribed']) }) }),
  z.strictObject({ at: offset, score: z.strictObject({ attribute: z.string(), set: z.number() }) }),
  z.strictObject({ at: offset, expect: expectation }),
])

const file = z.strictObject({
  cases: z.array(
    z.strictObject({
      name: z.string(),
      with: z.union([z.array(z.string()), z.literal('all')]).optional(),
      contact: z.strictObject({ stage: z.enum(STAGES).optional() }).optional(),
      start: z.string().refine((text) => parseInstant(text) !== undefined),
      events: z.array(event),
      until: offset,
      expect: expectation,
    }),
  ),
})
export type Case = z.infer<typeof file>['cases'][number]

export function casesOf(name: string): readonly Case[] {
  return file.parse(JSON.parse(readFileSync(join(JOURNEYS_FOLDER, `${name}.cases.json`), 'utf8'))).cases
}

/** What was expected and what was seen, at each stop and at the end, in the same words. */
export interface Outcome {
  readonly simulation: Simulation
  readonly journeys: Catalogue
  readonly contact: Contact
  readonly seen: readonly { readonly at: string; readonly expected: Expectation; readonly got: Expectation }[]
}

/** Lives through a case of the journey of this name. */
export function run(name: string, scene: Case): Outcome {
  const start = parseInstant(scene.start) as number
  const at = (text: string) => (text === 'P0D' ? start : plus(start, parseDuration(text) as never, ZONE))
  const ids = scene.with === 'all' ? JOURNEY_NAMES : [name, ...(scene.with ?? [])]
  const journeys = catalogueOf(ids.map((id) => ({ journey: shippedJourney(id), version: 1, open: true })))
  const contact = {
    ...newContact('ada', start),
    userId: 'ada',
    email: 'ada@nordlicht-lampen.de',
    ...scene.contact,
  } as Contact

  const stops: { at: string; expected: Expectation; got: Expectation }[] = []
  const look = (text: string, expected: Expectation, so: Simulation) => {
    stops.push({ at: text, expected: sorted(expected), got: sorted(observed(expected, so)) })
  }
  const simulation = simulate({
    journeys,
    contact,
    zone: ZONE,
    until: at(scene.until),
    events: scene.events.map((given) => ({
      at: at(given.at),
      happens: (so) => {
        if (!('expect' in given)) return happening(given, at, so)
        look(given.at, given.expect, so)
        return undefined
      },
    })),
  })
  look(scene.until, scene.expect, simulation)
  return { simulation, journeys, contact, seen: stops }
}

type Given = Exclude<Case['events'][number], { expect: unknown }>

function happening(given: Given, at: (text: string) => number, so: Simulation): Happens {
  const time = { at: at(given.at), occurredAt: at(given.at), late: false }
  if ('event' in given) {
    const occurredAt = at(given.occurred ?? given.at)
    const { event: name, properties = {}, active = true } = given
    return {
      ...time,
      kind: 'event',
      name,
      properties,
      active,
      occurredAt,
      late: time.at - occurredAt > LATE_AFTER,
    }
  }
  if ('identify' in given)
    return { ...time, kind: 'identify', identification: { attributes: given.identify } }
  if ('click' in given) return { ...time, ...clicked(given, so) }
  if ('consent' in given)
    return {
      ...time,
      kind: 'consent',
      purpose: 'email',
      status: given.consent.email,
      reason: 'unsubscribe link',
    }
  const { attribute, set } = given.score
  return { ...time, kind: 'score', attribute, change: { set }, reason: 'by hand' }
}

function clicked({ click, nth, link = '/', machine }: Extract<Given, { click: unknown }>, so: Simulation) {
  const sent = so.messages.filter(
    (message) => message.skipped === null && `${message.journey}/${message.step}` === click,
  )
  const message = sent.at(nth === undefined ? -1 : nth - 1)
  if (!message) throw new Error(`there is no mail ${click} to click in`)
  const [enrollment = '', stepId = '', visit] = message.message.split('/')
  return {
    kind: 'message' as const,
    message: message.message,
    enrollment,
    journey: message.journey,
    step: stepId,
    visit: Number(visit),
    verdict: 'clicked' as const,
    link,
    ...(machine && { machine }),
  }
}

/** What is to be seen of everything that the expectation names. */
function observed(expected: Expectation, { history, messages }: Simulation): Expectation {
  const { contact, enrollments, ledger } = history
  const nameOf = ({ journey, step: id }: { journey: string; step: string }): `${string}/${string}` =>
    `${journey}/${id}`
  const all: Required<Expectation> = {
    scores: Object.fromEntries(
      Object.keys(expected.scores ?? {}).map((name) => [name, inPoints(contact.scores[name] ?? 0)]),
    ),
    ledger: ledger.map((line) => [line.attribute, inPoints(line.by), line.journey, line.step]),
    lists: [...contact.lists],
    stage: contact.stage,
    messages: messages.filter(({ skipped }) => skipped === null).map(nameOf),
    skipped: messages.flatMap((message) =>
      message.skipped === null ? [] : [[nameOf(message), message.skipped]],
    ),
    journeys: Object.fromEntries(
      Object.keys(expected.journeys ?? {}).map((id) => {
        const newest = enrollments.findLast(({ journey }) => journey === id)
        return [id, newest ? (newest.ended?.outcome ?? `live:${newest.step}`) : 'never']
      }),
    ),
  }
  return Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(expected, key)))
}

/** Lists have no order. */
function sorted(seen: Expectation): Expectation {
  return seen.lists ? { ...seen, lists: seen.lists.toSorted() } : seen
}

/** The ledger's sum of an attribute, in points. */
export function sumOf({ history }: Simulation, attribute: string): number {
  return inPoints(
    history.ledger.reduce((sum, line) => (line.attribute === attribute ? sum + line.by : sum), 0),
  )
}
