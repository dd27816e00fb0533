/**
 * Segment's HTTP API: what a client posts to `/v1/*`, read into a `Call`. All or nothing: a wrong type is an error with
 * its path and refuses the call; the few things no call may write (scores, say) are skipped and named. Pure, and on the
 * event path, hence written by hand.
 */
import {
  eventNameFault,
  isReservedEvent,
  oneOf,
  parseInstant,
  type Json,
  type JsonObject,
  type Path,
} from '../../engine/index.ts'
import {
  complain,
  ID,
  isAbsent,
  readCompanyTraits,
  readConsent,
  readId,
  readTraits,
  readZone,
  requireId,
  type IsScore,
  type Mutable,
  type Notes,
  type Person,
  type Told,
} from './person.ts'
import { fault, unexpected, unstorable, type CallProblem } from './problems.ts'
import { isObject, repaired, survey, tooDeep, unstorableParts, type Findings } from './storable.ts'

export type { IsScore } from './person.ts'

export const CALL_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type CallType = (typeof CALL_TYPES)[number]

/** Whom a call speaks of (`userId`, else `email`, else `anonymousId`; one of them is always there), and when. */
interface CallBase {
  /** The client's name for this call: a repetition is ignored. */
  readonly messageId?: string
  readonly userId?: string
  readonly anonymousId?: string
  /** Trimmed, in small letters. */
  readonly email?: string
  /** Corrected by the client's clock skew, never after receipt. */
  readonly occurredAt: number
  /** The event's own time zone, else the one among the traits; always one known here. */
  readonly timezone?: string
}

type CallContent =
  | {
      readonly kind: 'event'
      readonly name: string
      readonly properties: JsonObject
      /** False where the client says that the person did nothing. */
      readonly active: boolean
      /** What the call tells of the person besides; absent where that is nothing. */
      readonly identification?: Told
    }
  | { readonly kind: 'identify' | 'group'; readonly identification: Told }
  | { readonly kind: 'alias'; readonly userId: string; readonly previousId: string }

export type Call = CallBase & CallContent

/** A call and what of it is not stored; or all that is wrong, with what would not have been stored. */
export type ParsedCall =
  | { readonly ok: true; readonly call: Call; readonly skipped: readonly CallProblem[] }
  | { readonly ok: false; readonly problems: readonly CallProblem[] }

/** The items in the order of the batch, good and bad; or why it is no batch at all. */
export type ParsedBatch =
  | { readonly ok: true; readonly items: readonly ParsedItem[] }
  | { readonly ok: false; readonly problems: readonly CallProblem[] }
export type ParsedItem = ParsedCall & { readonly index: number }

/** What a call may weigh as JSON; one posted alone was measured where it came in. */
const MAX_BYTES = 32_768

const INSTANT = 'a time such as "2026-05-03T12:30:00.000Z"'

/** Reads the body of one call, as `JSON.parse` gave it. Never throws. */
export function parseCall(type: CallType, body: unknown, receivedAt: number, isScore: IsScore): ParsedCall {
  if (!isObject(body)) return refused(unexpected([], 'an object', body))
  const findings = survey(body)
  if (findings.tooDeep) return refused(tooDeep(body))
  return readCall(type, body, findings, { receivedAt, sentAt: body['sentAt'] }, isScore)
}

/**
 * Reads the body of `/v1/batch`. The batch's `sentAt` and `context` hold for items that say nothing else. The paths of an
 * item's problems begin at the item. Never throws.
 */
export function parseBatch(body: unknown, receivedAt: number, isScore: IsScore): ParsedBatch {
  if (!isObject(body)) return { ok: false, problems: [unexpected([], 'an object with "batch"', body)] }
  const { batch, sentAt, context } = body as { readonly [part in 'batch' | 'sentAt' | 'context']?: unknown }
  const isList = Array.isArray(batch) && batch.length > 0
  const problems = [
    ...(isList ? [] : [unexpected(['batch'], 'a list of calls', batch)]),
    ...(isAbsent(sentAt) || instantOf(sentAt) !== undefined ? [] : [unexpected(['sentAt'], INSTANT, sentAt)]),
    ...(isAbsent(context) || isObject(context) ? [] : [unexpected(['context'], 'an object', context)]),
  ]
  if (!isList || problems.length > 0) return { ok: false, problems }
  const envelope = { receivedAt, sentAt, context: isObject(context) ? context : undefined }
  const items = batch.map((item: unknown, index) => ({ index, ...readItem(item, envelope, isScore) }))
  return { ok: true, items }
}

/** What holds for a call besides its body. */
interface Envelope {
  readonly receivedAt: number
  readonly sentAt: unknown
}

function readItem(
  item: unknown,
  { receivedAt, sentAt, context }: Envelope & { readonly context: JsonObject | undefined },
  isScore: IsScore,
): ParsedCall {
  if (!isObject(item)) return refused(unexpected([], 'an object', item))
  const own = item['context']
  const call =
    context && (isAbsent(own) || isObject(own)) ? { ...item, context: { ...context, ...own } } : item
  const findings = survey(call)
  if (findings.tooDeep) return refused(tooDeep(call))
  // The size found is never too low, so that few are measured exactly.
  const bytes = findings.size > MAX_BYTES ? Buffer.byteLength(JSON.stringify(item)) : 0
  if (bytes > MAX_BYTES)
    return refused(fault('too_large', [], `expected a call of at most ${MAX_BYTES} bytes, got ${bytes}`))
  const type = CALL_TYPES.find((type) => type === call['type'])
  if (type === undefined) return refused(unexpected(['type'], oneOf(CALL_TYPES), call['type']))
  return readCall(type, call, findings, { receivedAt, sentAt: call['sentAt'] ?? sentAt }, isScore)
}

function refused(problem: CallProblem): ParsedCall {
  return { ok: false, problems: [problem] }
}

// ---- A call ------------------------------------------------------------------------------------------------------

/** The parts of a call that are read; all others are ignored. */
type RawCall = {
  readonly [part in
    | 'messageId'
    | 'userId'
    | 'anonymousId'
    | 'previousId'
    | 'groupId'
    | 'timestamp'
    | 'traits'
    | 'properties'
    | 'event'
    | 'name'
    | 'category']?: unknown
} & {
  readonly context: { readonly [part in 'traits' | 'timezone' | 'active' | 'page']?: unknown }
}

/** What is noticed while a call is read, and whether its parts need a second look. */
interface Reading extends Notes {
  readonly findings: Findings
}

const NOTHING: JsonObject = {}
const TRAITS: Path = ['traits']
const CONTEXT_TRAITS: Path = ['context', 'traits']

function readCall(
  type: CallType,
  body: JsonObject,
  findings: Findings,
  envelope: Envelope,
  isScore: IsScore,
): ParsedCall {
  const reading: Reading = { problems: [], skipped: [], isScore, findings }
  const sound = findings.repairable ? repaired(body) : body
  const raw = { ...sound, context: readObject(reading, sound['context'], ['context']) } as RawCall
  const person: Person = {}
  readTraits(reading, readPart(reading, raw.context.traits, CONTEXT_TRAITS), CONTEXT_TRAITS, person)
  const content = readContent(type, raw, person, reading)
  const call = { ...readBase(reading, raw, envelope, person), ...content }
  const { problems, skipped } = reading
  const { userId, email, anonymousId } = call as CallBase
  if (userId === undefined && email === undefined && anonymousId === undefined && problems.length === 0)
    complain(reading, NO_IDENTITY)
  return problems.length > 0
    ? { ok: false, problems: [...problems, ...skipped] }
    : { ok: true, call: call as Call, skipped }
}

const NO_IDENTITY = fault(
  'no_identity',
  ['userId'],
  'expected "userId", "anonymousId" or an address in "context.traits.email", got none: nothing says who this is',
)

/** What only calls of this kind have. Where something is wrong, what comes back is not used. */
function readContent(type: CallType, raw: RawCall, person: Person, reading: Reading): CallContent {
  switch (type) {
    case 'identify':
      readTraits(reading, readPart(reading, raw.traits, TRAITS), TRAITS, person)
      return { kind: 'identify', identification: told(person) }
    case 'group': {
      const attributes = readCompanyTraits(reading, readPart(reading, raw.traits, TRAITS), TRAITS)
      person.company = { id: requireId(reading, raw.groupId, ['groupId']), attributes }
      return { kind: 'group', identification: told(person) }
    }
    case 'alias': {
      if (isAbsent(raw.userId)) complain(reading, unexpected(['userId'], ID, undefined))
      const previousId = requireId(reading, raw.previousId, ['previousId'])
      return { kind: 'alias', previousId } as CallContent // userId is read with the other ids
    }
    case 'track':
      return readEvent(reading, readName(reading, raw.event), readProperties(reading, raw), raw, person)
    case 'page':
      return readEvent(reading, 'page_viewed', readPage(reading, raw), raw, person)
    case 'screen':
      return readEvent(reading, 'screen_viewed', readNamed(reading, raw), raw, person)
  }
}

function readBase(reading: Reading, raw: RawCall, envelope: Envelope, person: Person): CallBase {
  const base: Mutable<CallBase> = { occurredAt: readTime(reading, raw.timestamp, envelope) }
  const messageId = readId(reading, raw.messageId, ['messageId'])
  const userId = readId(reading, raw.userId, ['userId'])
  const anonymousId = readId(reading, raw.anonymousId, ['anonymousId'])
  const eventZone = readZone(reading, raw.context.timezone, ['context', 'timezone'])
  const timezone = eventZone ?? person.attributes?.['TIMEZONE']
  if (messageId !== undefined) base.messageId = messageId
  if (userId !== undefined) base.userId = userId
  if (anonymousId !== undefined) base.anonymousId = anonymousId
  if (person.email !== undefined) base.email = person.email
  if (typeof timezone === 'string') base.timezone = timezone
  return base
}

/** When it happened, by our clock: what the client's clock was off by at `sentAt` is put right, as Segment does. */
function readTime(reading: Reading, timestamp: unknown, { receivedAt, sentAt }: Envelope): number {
  const happened = isAbsent(timestamp) ? receivedAt : instantOf(timestamp)
  const sent = isAbsent(sentAt) ? receivedAt : instantOf(sentAt)
  if (happened === undefined) complain(reading, unexpected(['timestamp'], INSTANT, timestamp))
  if (sent === undefined) complain(reading, unexpected(['sentAt'], INSTANT, sentAt))
  if (happened === undefined || sent === undefined || isAbsent(timestamp)) return receivedAt
  return Math.min(happened + receivedAt - sent, receivedAt)
}

function instantOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined
}

// ---- Events ------------------------------------------------------------------------------------------------------

function readEvent(
  reading: Reading,
  name: string,
  properties: JsonObject,
  { context }: RawCall,
  person: Person,
): CallContent {
  const active = context.active !== false
  if (active && context.active !== true && !isAbsent(context.active))
    complain(reading, unexpected(['context', 'active'], 'true or false', context.active))
  const consent = name === 'form_submitted' ? properties['consent'] : undefined
  if (consent !== undefined) readConsent(reading, consent, ['properties', 'consent'], person)
  const identification = told(person)
  return identification.attributes || identification.consent || identification.company
    ? { kind: 'event', name, properties, active, identification }
    : { kind: 'event', name, properties, active }
}

function told({ attributes, consent, company }: Person): Told {
  return { ...(attributes && { attributes }), ...(consent && { consent }), ...(company && { company }) }
}

function readName(reading: Reading, event: unknown): string {
  const name = typeof event === 'string' ? event : ''
  const expected = typeof event === 'string' ? eventNameFault(event) : 'the name of an event'
  if (expected !== undefined) complain(reading, unexpected(['event'], expected, event))
  else if (isReservedEvent(name)) {
    const prefix = name.slice(0, name.indexOf('.') + 1)
    const detail = `expected a name of your own, got ${JSON.stringify(name)}: what begins with "${prefix}" is said by Tidemark only`
    complain(reading, fault('reserved_event', ['event'], detail))
  }
  return name
}

function readProperties(reading: Reading, raw: RawCall): JsonObject {
  return readPart(reading, raw.properties, ['properties'])
}

/** `name` and `category` stand beside the properties of a page or screen; journeys look for them among these. */
function readNamed(reading: Reading, raw: RawCall): JsonObject {
  const names: { [name: string]: Json } = {}
  for (const part of ['name', 'category'] as const) {
    const value = raw[part]
    if (typeof value === 'string') names[part] = readText(reading, value, [part])
    else if (!isAbsent(value)) complain(reading, unexpected([part], 'a text', value))
  }
  return { ...names, ...readProperties(reading, raw) }
}

const PAGE_PARTS = ['path', 'url', 'title', 'referrer', 'search'] as const

/** The browser's client writes these into `context.page`, other clients into the properties, some only the `url`. */
function readPage(reading: Reading, raw: RawCall): JsonObject {
  const page: { [part: string]: Json } = { ...readNamed(reading, raw) }
  const told = isObject(raw.context.page) ? raw.context.page : NOTHING
  for (const part of PAGE_PARTS) {
    const value = told[part]
    if (isAbsent(page[part]) && typeof value === 'string')
      page[part] = readText(reading, value, ['context', 'page', part])
  }
  if (isAbsent(page['path']) && typeof page['url'] === 'string') {
    const url = URL.parse(page['url'])
    if (url && /^https?:$/.test(url.protocol)) page['path'] = url.pathname
  }
  return page
}

// ---- Parts -------------------------------------------------------------------------------------------------------

/** An object of the call that is stored; what cannot be is told with its path. Empty where it is absent. */
function readPart(reading: Reading, value: unknown, path: Path): JsonObject {
  const part = readObject(reading, value, path)
  if (reading.findings.unstorable)
    for (const problem of unstorableParts(part, path)) complain(reading, problem)
  return part
}

function readObject(reading: Reading, value: unknown, path: Path): JsonObject {
  if (isObject(value)) return value
  if (!isAbsent(value)) complain(reading, unexpected(path, 'an object', value))
  return NOTHING
}

function readText(reading: Reading, value: string, path: Path): string {
  if (value.includes('\0')) complain(reading, unstorable('bad_text', path))
  return value
}
