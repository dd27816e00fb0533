/**
 * Liquid templates, bounded and pure: the same source and facts give the same text on every machine. The only file that
 * imports liquidjs. Facts are data: nothing in them is ever read as a template. liquidjs measures how long it takes by
 * the machine's clock; nothing of that clock reaches the text.
 */
import {
  filters,
  Liquid,
  LiquidError,
  TokenKind,
  Tokenizer,
  type FilterImplOptions,
  type Output,
  type Template,
} from 'liquidjs'
import { parseInstant } from './calendar.ts'
import type { Contact, JsonObject } from './contact.ts'

/** Why a template cannot be read or filled in, as a sentence with the line where there is one. */
export type TemplateProblem = { readonly ok: false; readonly detail: string }

/** A subject has 998 characters at most and an HTML part 500,000: what is longer is no template of ours. */
const LONGEST_SOURCE = 500_000
const LONGEST_TEXT = 2_000_000
/** Far more places than a mail puts something in: liquidjs counts lines for each, which took half a minute for 35,000 (tried). */
const MOST_PLACES = 2_000
/** In liquidjs's own units: characters and array items made by filters, ranges and assignments. */
const MEMORY = 5_000_000
const RENDER_MS = 50
/** The limit is time on the wall: a machine that paused for a moment must not fail a good template. */
const TRIES = 3
/** Sources parsed are kept up to this many characters, the ones used longest ago go first. */
const CACHED_SOURCE = 5_000_000

/** Filters whose result hangs on chance: a message sent again must read the same. */
const CHANCE = ['sample'] as const
const DATES = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
] as const

/** Escapes what is put in; one for HTML, one for addresses, one for subjects and plain text. */
const html = engineOf('escape')
const address = engineOf(percentEncoded)
const plain = engineOf(undefined)

/** Whether the source is Liquid that could be rendered, with the filters and tags we have. */
export function parseTemplate(source: string): { readonly ok: true } | TemplateProblem {
  return attempt(() => {
    plain.parse(source)
    const places = piecesOf(source).filter(({ type }) => type !== 'literal').length
    return places > MOST_PLACES
      ? { ok: false, detail: `it has ${places} places with Liquid, and may have ${MOST_PLACES}` }
      : { ok: true }
  })
}

/**
 * Fills in a template. With `escape` what is put in is escaped for HTML (`| raw` lifts that); what is missing is empty.
 * `{{ "now" | date: "%Y" }}` reads the fact `now`, an ISO 8601 instant, in the zone of the fact `timezone` (else UTC).
 * Stops after 50 ms (three times, before it is a problem), or when it grows out of bounds.
 *
 *     render('Hi {{ contact.FIRSTNAME | default: "there" }}', { contact: {} }, { escape: false }) // Hi there
 */
export function render(
  source: string,
  facts: JsonObject,
  { escape }: { readonly escape: boolean },
): Rendered {
  return filled(escape ? html : plain, source, facts)
}

/**
 * Fills in an address: what is put in stays one part of it, whatever it is.
 *
 *     renderUrl('https://crm.example/people/{{ contact.email }}', { contact: { email: 'a/b@c.de' } }) // …/people/a%2Fb%40c.de
 */
export function renderUrl(source: string, facts: JsonObject): Rendered {
  return filled(address, source, facts)
}

type Rendered = { readonly ok: true; readonly text: string } | TemplateProblem

function filled(engine: ReturnType<typeof engineOf>, source: string, facts: JsonObject): Rendered {
  const fill = () =>
    attempt<{ readonly ok: true; readonly text: string }>(() => {
      const text = engine.render(source, facts)
      if (text.length > LONGEST_TEXT)
        return { ok: false, detail: `the text is longer than ${LONGEST_TEXT} characters` }
      return { ok: true, text }
    })
  let result = fill()
  for (let tries = 1; tries < TRIES && !result.ok && result.detail.includes('render limit'); tries++)
    result = fill()
  return result
}

/** A part of a source: what stands there, `{{ what is put in }}`, or `{% what decides %}`. */
export interface Piece {
  readonly type: 'literal' | 'output' | 'tag'
  readonly text: string
}

/** Sources cut lately: a mail to many people is cut again for each of them, and liquidjs takes its time (20 µs a text). */
const cuts = new Map<string, readonly Piece[]>()
const MOST_CUTS = 500

/** The source cut where Liquid begins and ends; joined they are the source again. What is no Liquid is all literal. */
export function piecesOf(source: string): readonly Piece[] {
  const known = cuts.get(source)
  if (known) return known
  if (cuts.size >= MOST_CUTS) cuts.clear()
  const pieces = cutUp(source)
  cuts.set(source, pieces)
  return pieces
}

function cutUp(source: string): readonly Piece[] {
  const cut = attempt<{ readonly ok: true; readonly pieces: readonly Piece[] }>(() => ({
    ok: true,
    pieces: new Tokenizer(source).readTopLevelTokens().map(({ kind, begin, end }) => ({
      type: kind === TokenKind.Output ? 'output' : kind === TokenKind.Tag ? 'tag' : 'literal',
      text: source.slice(begin, end),
    })),
  }))
  return cut.ok ? cut.pieces : [{ type: 'literal', text: source }]
}

/** A fact that a source reads. */
export interface FactRead {
  /** `['contact', 'FIRSTNAME']`; up to the first part that is itself looked up. */
  readonly path: readonly [root: string, ...parts: string[]]
  /** Put in as it is, without `default` and without a tag that looks at it: where it is missing, there is a hole. */
  readonly bare: boolean
}

/** The facts that a source reads, each once; none where it is no Liquid. */
export function factsRead(source: string): readonly FactRead[] {
  const read = attempt<{ readonly ok: true; readonly facts: readonly FactRead[] }>(() => {
    const { globals } = plain.analyze(source)
    const uses = Object.values(globals).flatMap((variables) =>
      variables.map(({ segments, location }) => ({
        path: namesAtStart(segments),
        piece: pieceAt(source, location),
      })),
    )
    const paths = new Map(uses.map(({ path }) => [path.join('.'), path]))
    const facts = Array.from(paths, ([name, path]) => {
      const pieces = uses.flatMap((use) => (use.path.join('.') === name ? [use.piece] : []))
      return { path, bare: pieces.every(({ type }) => type === 'output') && pieces.some(isBare) }
    })
    return { ok: true, facts }
  })
  return read.ok ? read.facts : []
}

function namesAtStart(segments: readonly unknown[]): FactRead['path'] {
  const end = segments.findIndex((segment) => typeof segment !== 'string')
  return segments.slice(0, end < 0 ? segments.length : end) as [string, ...string[]]
}

function pieceAt(source: string, { row, col }: { readonly row: number; readonly col: number }): Piece {
  const before = source.split('\n').slice(0, row - 1)
  const offset = before.reduce((sum, line) => sum + line.length + 1, col - 1)
  let end = 0
  return piecesOf(source).find(({ text }) => (end += text.length) > offset)!
}

function isBare({ text }: Piece): boolean {
  const [output] = plain.parse(text) as [Output]
  return output.value.filters.every(({ name }) => name !== 'default')
}

/** What a template reads as `contact`: attributes and scores by their names, `EMAIL` too, and `id`, `email`, `stage`, `lists`, `company`. */
export function contactFacts(contact: Contact): JsonObject {
  const scores = Object.entries(contact.scores).map(([name, hundredths]) => [name, hundredths / 100])
  return {
    ...contact.attributes,
    ...(Object.fromEntries(scores) as JsonObject),
    EMAIL: contact.email,
    id: contact.id,
    email: contact.email,
    userId: contact.userId,
    stage: contact.stage,
    lists: contact.lists,
    company: contact.company === null ? null : { ...contact.company.attributes, id: contact.company.id },
  }
}

function percentEncoded(value: unknown): string {
  // The filter writes blanks as forms do, which is no blank in a path.
  return (filters['url_encode'] as (value: unknown) => string)(value).replaceAll('+', '%20')
}

function engineOf(outputEscape: 'escape' | typeof percentEncoded | undefined) {
  const liquid = new Liquid({
    ...(outputEscape && { outputEscape }),
    templates: {}, // a map in place of the disk: {% include %} finds nothing
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: LONGEST_SOURCE,
    renderLimit: RENDER_MS,
    memoryLimit: MEMORY,
    // Both would be the machine's own.
    timezoneOffset: 'UTC',
    locale: 'en-US',
  })
  for (const name of CHANCE) liquid.unregisterFilter(name)
  for (const name of DATES) liquid.registerFilter(name, withGivenNow(name))
  const parsed = new Map<string, Template[]>()
  let cached = 0

  function parse(source: string): Template[] {
    const templates = parsed.get(source) ?? liquid.parse(source)
    // Put back at the end: a Map keeps the order of insertion, so the first is the one used longest ago.
    if (parsed.delete(source)) cached -= source.length
    cached += source.length
    parsed.set(source, templates)
    for (const oldest of parsed.keys()) {
      if (cached <= CACHED_SOURCE) break
      parsed.delete(oldest)
      cached -= oldest.length
    }
    return templates
  }
  return {
    parse,
    analyze: (source: string) => liquid.analyzeSync(parse(source), { partials: false }),
    render: (source: string, facts: JsonObject) => liquid.renderSync(parse(source), facts) as string,
  }
}

/**
 * A date filter of liquidjs that takes `now` and `today` from the facts and reads no local time: liquidjs would ask the
 * machine for the time, and for the zone of a date written without one.
 */
function withGivenNow(name: (typeof DATES)[number]): FilterImplOptions {
  const filter = filters[name] as (...input: unknown[]) => unknown
  return function dated(value: unknown, ...options: unknown[]) {
    const { now, timezone } = this.context.environments as JsonObject
    const given = value === 'now' || value === 'today' ? (now ?? '') : value
    const instant = typeof given === 'string' ? parseInstant(given) : undefined
    if (instant === undefined && !(typeof given === 'number' || /^\d+$/.test(String(given)))) return given
    if (name === 'date' && typeof timezone === 'string') options[1] ??= timezone
    return filter.call(this, instant === undefined ? given : instant / 1000, ...options)
  }
}

/** Runs what may stumble over a bad or hostile template; anything else that goes wrong is a fault of ours. */
function attempt<Result>(run: () => Result | TemplateProblem): Result | TemplateProblem {
  try {
    return run()
  } catch (error) {
    const expected = error instanceof Error && (LiquidError.is(error) || isLimit(error))
    if (!expected) throw error
    return { ok: false, detail: error.message }
  }
}

/** The parse limit (an AssertionError outside of any template), too deep nesting, a string longer than can be. */
function isLimit(error: Error): boolean {
  return error.name === 'AssertionError' || error instanceof RangeError
}
