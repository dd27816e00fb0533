/**
 * What there is to speak of: names of attributes, events, lists and the like that were really received, with values. From
 * the newest rows alone, so that it costs the same whether there are a thousand contacts or a million.
 */
import { countedAs, parseInstant, type Contact, type Json } from '../../engine/index.ts'
import type { Database, Tx } from '../store/database.ts'
import { journeyRows } from '../store/journeys.ts'
import { templateNames } from '../store/templates.ts'
import { contactsAt, entriesAt, listNames, newestContacts, receivedBefore } from '../store/vocabulary.ts'
import type { Book } from './book.ts'
import { breather } from './breather.ts'
import type { Heard } from './heard.ts'

export type ValueType = 'text' | 'number' | 'yesno' | 'date' | 'list' | 'mixed'
type Sample = string | number | boolean

export interface NamedValues {
  readonly name: string
  /** What its values are; null where none was received. */
  readonly type: ValueType | null
  /** Values that several have, the commonest first. */
  readonly samples: readonly Sample[]
}

export interface ReceivedEvent {
  readonly name: string
  readonly lastAt: number
  /** As far as the journal was read. */
  readonly last30Days: number
  readonly properties: readonly NamedValues[]
}

export interface Vocabulary {
  readonly attributes: readonly (NamedValues & { readonly score: boolean })[]
  readonly company: readonly NamedValues[]
  /** The commonest first. */
  readonly events: readonly ReceivedEvent[]
  readonly lists: readonly string[]
  readonly segments: readonly string[]
  readonly templates: readonly string[]
  readonly journeys: readonly { readonly id: string; readonly name: string; readonly startable: boolean }[]
  /** What was not received by then may have been received before; null: all that ever came was looked at. */
  readonly since: number | null
  /** So many contacts were looked at for their attributes; null: all there are. */
  readonly looked: number | null
}

const NEWEST_ENTRIES = 1_000
const NEWEST_CONTACTS = 1_000
const ACTIVE_CONTACTS = 500
/** More names than anybody chooses from. */
const MOST_NAMES = 1_000
const MOST_LISTS = 1_000

/** Gathers the vocabulary, again at each call; calls must not overlap. */
export function vocabularyReader(
  read: Database['read'],
  journeys: Book,
): (now: number) => Promise<Vocabulary> {
  return async (now) => {
    const heard = await journeys.heard.look(now)
    const events = await eventsOf(read, heard)
    const active = await activeContacts(read, heard)
    const newest = await newestContacts(read, NEWEST_CONTACTS)
    const known = new Set(newest.map(({ id }) => id))
    const others = await contactsAt(
      read,
      active.filter((id) => !known.has(id)),
    )
    const { segments, scores } = journeys.catalogue()
    return {
      ...attributesOf([...newest, ...others], scores),
      events,
      lists: await listNames(read, MOST_LISTS),
      segments: [...segments.keys()],
      templates: await templateNames(read),
      journeys: await journeysIn(read, journeys),
      since: heard.since,
      looked: newest.length < NEWEST_CONTACTS ? null : newest.length + others.length,
    }
  }
}

async function journeysIn(read: Tx['db'], journeys: Book): Promise<Vocabulary['journeys']> {
  const rows = await journeyRows(read)
  return rows
    .filter(({ status }) => status !== 'archived')
    .map(({ id, version, status, draft }) => {
      const journey = version === null ? undefined : journeys.journey(id, version)
      const isOpen = status === 'live' || status === 'paused'
      return {
        id,
        name: journey?.meta.name ?? nameIn(draft) ?? id,
        startable: isOpen && journey !== undefined && Object.hasOwn(journey.on, 'journey.requested'),
      }
    })
}

/** What a draft calls itself; it may say anything. */
function nameIn(draft: string | null): string | undefined {
  const document =
    draft === null ? null : (JSON.parse(draft) as { readonly meta?: { readonly name?: unknown } | null })
  const name = document?.meta?.name
  return typeof name === 'string' && name !== '' ? name : undefined
}

// ---- Events ------------------------------------------------------------------------------------------------------

/** What was heard, with the properties that the newest of each event had. */
async function eventsOf(read: Database['read'], { events }: Heard): Promise<readonly ReceivedEvent[]> {
  const breathe = breather()
  const found: ReceivedEvent[] = []
  for (const { name, lastAt, last30Days, newest } of events) {
    const entries = await entriesAt(read, newest)
    const properties = entries.map((entry) => countedAs(entry)?.properties ?? {})
    found.push({ name, lastAt, last30Days, properties: valuesOf(properties, FEW) })
    await breathe()
  }
  return found.toSorted((a, b) => b.last30Days - a.last30Days || b.lastAt - a.lastAt)
}

/** Whoever did something lately. */
async function activeContacts(read: Database['read'], { last }: Heard): Promise<readonly string[]> {
  const newest = await receivedBefore(read, last + 1, NEWEST_ENTRIES)
  return [...new Set(newest.map(({ contactId }) => contactId))].slice(0, ACTIVE_CONTACTS)
}

// ---- Attributes --------------------------------------------------------------------------------------------------

function attributesOf(
  contacts: readonly Contact[],
  counted: ReadonlySet<string>,
): Pick<Vocabulary, 'attributes' | 'company'> {
  const scores = new Set(['SCORE', ...counted, ...contacts.flatMap(({ scores }) => Object.keys(scores))])
  const named = valuesOf(
    contacts.map(({ attributes }) => attributes),
    2,
  ).filter(({ name }) => !scores.has(name))
  const companies = contacts.flatMap(({ company }) => (company ? [company.attributes] : []))
  return {
    attributes: [
      ...[...scores].map((name) => ({ name, type: 'number' as const, samples: [], score: true })),
      ...named.map((values) => ({ ...values, score: false })),
    ],
    company: valuesOf(companies, FEW),
  }
}

// ---- Values ------------------------------------------------------------------------------------------------------

const MOST_SAMPLES = 12
/** So many values may all be different, and still be some to choose from. */
const FEW = 10
const LONGEST_SAMPLE = 80

/** The names in these objects, the commonest first, each with what its values are. */
function valuesOf(
  objects: readonly { readonly [name: string]: Json }[],
  few: number,
): readonly NamedValues[] {
  const byName = new Map<string, Json[]>()
  for (const object of objects)
    for (const [name, value] of Object.entries(object)) {
      const values = byName.get(name)
      if (values) values.push(value)
      else if (byName.size < MOST_NAMES) byName.set(name, [value])
    }
  return [...byName]
    .toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .map(([name, values]) => ({ name, type: typeOf(values), samples: samplesOf(values, few) }))
}

function typeOf(values: readonly Json[]): ValueType | null {
  const types = new Set(values.flatMap(typeOfOne))
  const [only] = types
  return types.size > 1 ? 'mixed' : (only ?? null)
}

function typeOfOne(value: Json): readonly ValueType[] {
  if (Array.isArray(value)) return ['list']
  switch (typeof value) {
    case 'number':
      return ['number']
    case 'boolean':
      return ['yesno']
    case 'string':
      return value === '' ? [] : [parseInstant(value) === undefined ? 'text' : 'date']
    default:
      return value === null ? [] : ['mixed']
  }
}

/**
 * Values to choose from. What nearly everybody has a value of their own for (names, numbers of telephones) is none to
 * choose, and is nobody's business here; among a few, nobody can tell.
 */
function samplesOf(values: readonly Json[], few: number): readonly Sample[] {
  const counts = new Map<Sample, number>()
  for (const value of values.flatMap((value) =>
    Array.isArray(value) ? (value as readonly Json[]) : [value],
  ))
    if (isChoice(value)) counts.set(value, (counts.get(value) ?? 0) + 1)
  const isOwn = values.length > few && counts.size > values.length * 0.8
  if (isOwn) return []
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_SAMPLES)
    .map(([value]) => value)
}

function isChoice(value: Json): value is Sample {
  if (typeof value === 'string')
    return value !== '' && value.length <= LONGEST_SAMPLE && !/@|^\+?[\d\s()/-]{7,}$/.test(value)
  return typeof value === 'number' || typeof value === 'boolean'
}
