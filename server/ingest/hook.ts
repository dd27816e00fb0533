/**
 * Webhooks of other systems, read into calls by their source's mapping. What comes of it goes through the same parser as
 * every call, and what is wrong is told with its place in the sender's own body. Pure.
 */
import { formatInstant, parseInstant, pointer, type Json, type Path } from '../../engine/index.ts'
import type { Mapping, Part, Parts } from './mapping.ts'
import { isAbsent, type IsScore } from './person.ts'
import { fault, unexpected, type CallProblem } from './problems.ts'
import { pointedAt } from './pointers.ts'
import { parseBatch, type Call } from './segment.ts'

/** What came, read as JSON. `id` and `signedAt` are what a signature vouches for. */
export interface Hook {
  readonly body: unknown
  readonly header: (name: string) => string | undefined
  readonly id?: string
  readonly signedAt?: number
}

/** A place in the body: `/orders/3/email`; and the same for every item, with `*` for its number. */
interface Where {
  readonly path: string
  readonly general: string
}

/** What is wrong, with its place in the sender's body. */
export type HookProblem = CallProblem & Where

/** The calls that come of a body, what of it was left alone and why, and what is wrong with it. */
export interface Mapped {
  readonly calls: readonly { readonly path: string; readonly call: Call }[]
  readonly ignored: readonly { readonly path: string; readonly reason: string }[]
  readonly problems: readonly HookProblem[]
  /** What of the calls is not stored. */
  readonly skipped: readonly HookProblem[]
}

/** Reads a body by the mapping. Never throws. */
export function mapped(mapping: Mapping, hook: Hook, receivedAt: number, isScore: IsScore): Mapped {
  const items = itemsOf(mapping, hook.body)
  if ('problem' in items) return { calls: [], ignored: [], problems: [items.problem], skipped: [] }
  const drafts = items.list.map((item) => drafted(mapping, hook, item))
  const ignored = drafts.flatMap((draft) => ('reason' in draft ? [draft] : []))
  const written = drafts.flatMap((draft) => ('raw' in draft ? [draft] : []))
  const sound = written.filter(({ problems }) => problems.length === 0)
  const parsed = parsedCalls(sound, hook.signedAt, receivedAt, isScore)
  return {
    calls: parsed.flatMap(({ from, item }) => (item.ok ? [{ path: from.at.path, call: item.call }] : [])),
    ignored,
    problems: [
      ...written.flatMap(({ problems }) => problems),
      ...parsed.flatMap(({ from, item }) => (item.ok ? [] : item.problems.map((found) => told(from, found)))),
    ],
    skipped: parsed.flatMap(({ from, item }) =>
      item.ok ? item.skipped.map((found) => told(from, found)) : [],
    ),
  }
}

/** Read as a batch of calls, so that one set of rules holds for both doors. */
function parsedCalls(
  from: readonly Draft[],
  signedAt: number | undefined,
  receivedAt: number,
  isScore: IsScore,
) {
  if (from.length === 0) return []
  const batch = from.map(({ raw }) => raw)
  const sentAt = signedAt === undefined ? null : formatInstant(signedAt)
  const parsed = parseBatch({ batch, sentAt }, receivedAt, isScore)
  if (!parsed.ok) throw new Error('a batch that was made here could not be read')
  return parsed.items.map((item) => ({ item, from: from[item.index] as Draft }))
}

// ---- Items -------------------------------------------------------------------------------------------------------

interface Item {
  readonly value: unknown
  /** Its number, where there may be several. */
  readonly index: number | null
  readonly at: Where
}

function itemsOf(
  { each }: Mapping,
  body: unknown,
): { readonly list: readonly Item[] } | { readonly problem: HookProblem } {
  if (each === undefined) {
    const at = { path: '', general: '' }
    return typeof body === 'object' && body !== null && !Array.isArray(body)
      ? { list: [{ value: body, index: null, at }] }
      : { problem: { ...unexpected([], 'an object', body), ...at } }
  }
  const path = each.replace(/^#/, '')
  const list = pointedAt(body, path)
  if (!Array.isArray(list))
    return { problem: { ...unexpected([], 'a list, each item of it a call', list), path, general: path } }
  return {
    list: list.map((value: unknown, index) => ({
      value,
      index,
      at: { path: `${path}/${index}`, general: `${path}/*` },
    })),
  }
}

// ---- One item as a call ------------------------------------------------------------------------------------------

/** A call before it is read. */
interface Draft {
  readonly raw: object
  readonly at: Where
  /** Where the parts of the call came from, by their place in it. */
  readonly origins: ReadonlyMap<string, Where>
  /** Where the mapping looked for a person. */
  readonly people: readonly Where[]
  readonly problems: readonly HookProblem[]
}

/** What is gathered while a call is written. */
interface Writing {
  readonly hook: Hook
  readonly item: Item
  readonly origins: Map<string, Where>
  readonly problems: HookProblem[]
}

function drafted(
  mapping: Mapping,
  hook: Hook,
  item: Item,
): Draft | { readonly path: string; readonly reason: string } {
  const writing: Writing = { hook, item, origins: new Map(), problems: [] }
  const unwanted = mapping.when && unwantedBecause(writing, mapping.when)
  if (unwanted !== undefined) return { path: item.at.path, reason: unwanted }
  const event = eventOf(writing, mapping.event)
  if (typeof event === 'object') return { path: item.at.path, reason: event.reason }

  const { userId, email, anonymousId } = mapping
  const traits = partsOf(writing, ['context', 'traits'], mapping.traits)
  const address = partOf(writing, ['context', 'traits', 'email'], email)
  const raw = {
    type: 'track',
    event,
    userId: partOf(writing, ['userId'], userId),
    anonymousId: partOf(writing, ['anonymousId'], anonymousId),
    messageId: partOf(writing, ['messageId'], mapping.messageId) ?? idOf(writing),
    timestamp: timeOf(writing, mapping.timestamp),
    properties: partsOf(writing, ['properties'], mapping.properties),
    context: {
      traits: isAbsent(address) ? traits : { ...(traits as object), email: address },
      active: mapping.active,
    },
  }
  const people = [userId, email, anonymousId].flatMap((place) =>
    place === undefined ? [] : [found(writing, place).at],
  )
  const { origins, problems } = writing
  return { raw, at: item.at, origins, people, problems }
}

/** Why this one is left alone; undefined where it is wanted. */
function unwantedBecause(writing: Writing, when: NonNullable<Mapping['when']>): string | undefined {
  const { value, name } = named(writing, when)
  const wanted = [when.value].flat()
  if (wanted.some((one) => one === value)) return undefined
  return `${name} is ${shown(value)}; this source takes it where that is ${wanted.map(shown).join(' or ')}`
}

/** The event's name; or why this source has none for it. */
function eventOf(
  writing: Writing,
  event: Mapping['event'],
): string | undefined | { readonly reason: string } {
  if (typeof event === 'string') return event
  const { value, name, at } = named(writing, event)
  writing.origins.set('/event', at)
  if (typeof value === 'object' || value === undefined) {
    writing.problems.push({ ...unexpected([], 'the name of an event', value ?? undefined), ...at })
    return undefined
  }
  const text = String(value)
  if (!event.table) return text
  return Object.hasOwn(event.table, text)
    ? event.table[text]
    : { reason: `${name} is ${shown(text)}, which is not in the table of events` }
}

/** One part of the call, from its place in the body. */
function partOf(writing: Writing, path: Path, place: string | undefined): Value {
  if (place === undefined) return undefined
  const { value, at } = found(writing, place)
  writing.origins.set(pointer(path), at)
  return value
}

/** An object of the call: a whole one of the body, or one made of several parts. */
function partsOf(writing: Writing, path: Path, parts: Parts | undefined): unknown {
  if (parts === undefined || typeof parts === 'string') return partOf(writing, path, parts)
  const entries = Object.entries(parts).map(([name, part]) => [
    name,
    converted(writing, [...path, name], part),
  ])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function converted(writing: Writing, path: Path, part: Part): unknown {
  if (typeof part === 'string') return partOf(writing, path, part)
  const value = partOf(writing, path, part.pointer)
  if (isAbsent(value)) return value
  if (part.as === 'text') return typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (part.as === undefined && part.times === undefined) return value
  const number = typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : value
  if (typeof number === 'number') return times(number, part.times ?? 1)
  writing.problems.push({
    ...unexpected([], 'a number such as 12.50', value),
    ...found(writing, part.pointer).at,
  })
  return undefined
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/

/** Without the last digits that binary fractions add: 1999 cents are 19.99. */
function times(number: number, factor: number): number {
  return Number((number * factor).toPrecision(15))
}

/** A call that has no name of its own goes by its delivery's. */
function idOf({ hook: { id }, item: { index } }: Writing): string | undefined {
  return id === undefined || index === null ? id : `${id}#${index}`
}

const TIME = 'a time such as "2026-05-03T12:30:00Z", or seconds or milliseconds since 1970'
/** More seconds than this would be the year 5138: then they are milliseconds. */
const MOST_SECONDS = 1e11

function timeOf(writing: Writing, place: string | undefined): unknown {
  if (place === undefined) return undefined
  const value = partOf(writing, ['timestamp'], place)
  if (isAbsent(value)) return undefined
  const count = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value
  if (typeof count === 'number') {
    const instant = Math.abs(count) < MOST_SECONDS ? count * 1000 : count
    if (Math.abs(instant) <= 8.64e15) return formatInstant(instant)
  } else if (typeof value === 'string' && parseInstant(value) !== undefined) return value
  writing.problems.push({ ...unexpected([], TIME, value), ...found(writing, place).at })
  return undefined
}

/** What stands somewhere; undefined for nothing. */
type Value = Json | undefined

// ---- Places ------------------------------------------------------------------------------------------------------

function found({ hook, item }: Writing, place: string): { readonly value: Value; readonly at: Where } {
  if (place.startsWith('#')) {
    const path = place.slice(1)
    return { value: pointedAt(hook.body, path), at: { path, general: path } }
  }
  const { path, general } = item.at
  return { value: pointedAt(item.value, place), at: { path: path + place, general: general + place } }
}

/** The same for what may also stand in a header, which is named as if it were a part of the body. */
function named(
  writing: Writing,
  where: { readonly pointer?: string | undefined; readonly header?: string | undefined },
): { readonly value: Value; readonly name: string; readonly at: Where } {
  if (where.header === undefined) {
    const { value, at } = found(writing, where.pointer ?? '')
    return { value, name: at.path, at }
  }
  const path = pointer([where.header])
  return { value: writing.hook.header(where.header), name: where.header, at: { path, general: path } }
}

/** A problem of the call, at the place in the body that it came from. */
function told({ origins, people, at }: Draft, problem: CallProblem): HookProblem {
  if (problem.code === 'no_identity') return nobody(people, problem)
  for (let path = problem.path; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const origin = origins.get(path)
    const inside = problem.path.slice(path.length)
    if (origin) return { ...problem, path: origin.path + inside, general: origin.general + inside }
  }
  return { ...problem, ...at }
}

function nobody(people: readonly Where[], { code, severity }: CallProblem): HookProblem {
  const detail = `expected an id or an address at ${people.map(({ general }) => general).join(' or ')}, got none: nothing says who this is`
  return { ...fault(code, [], detail, severity), ...(people[0] as Where) }
}

function shown(value: Value): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
