/**
 * What `npm run replay` is told: which file, and what its columns are. `--map userId=customer timestamp:YYYYMMDD=date
 * revenue:number=total`: first what it is to us, then which column.
 */
import { basename } from 'node:path'
import { eventNameFault, isReservedEvent, oneOf, parseInstant } from '../../engine/index.ts'

/** How columns are told apart: one sign, with quotes as in CSV; or runs of blanks and tabs, without quotes. */
export const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t', blank: null } as const
type Separator = keyof typeof SEPARATORS

const VALUE_TYPES = ['text', 'number', 'boolean'] as const
export type ValueType = (typeof VALUE_TYPES)[number]

const ID_FIELDS = ['userId', 'anonymousId', 'email', 'event', 'id'] as const
type IdField = (typeof ID_FIELDS)[number]

/** Where the values of a column go. */
export type Mapping = { readonly column: string; readonly target: string } & (
  | { readonly to: 'id'; readonly field: IdField }
  | {
      readonly to: 'timestamp'
      readonly read: (text: string) => number | undefined
      readonly expected: string
    }
  | { readonly to: 'properties' | 'traits'; readonly name: string; readonly type: ValueType }
)

export interface ReplayOptions {
  readonly file: string
  /** Null: a JSON object on each line. */
  readonly separator: Separator | null
  /** What the file is called in the ids of its events, `<source>:<line>`: by it a second replay knows the first. */
  readonly source: string
  /** The name of all events; null where a column or the line itself tells. */
  readonly event: string | null
  /** Empty: each line is a call as Segment writes it, with `type` and `timestamp`. */
  readonly mappings: readonly Mapping[]
  /** Whether waits run on to the present, from where the server takes them over; else they stay parked. */
  readonly untilNow: boolean
}

export const REPLAY_USAGE = `npm run replay -- FILE [--columns comma|semicolon|tab|blank] [--event NAME] [--map FIELD=COLUMN …] [--source NAME]
               [--until now]

FILE       past events, one a row, the first row naming the columns; or, if it ends in .ndjson or .jsonl, one JSON
           object a line (COLUMN is then a key, or a JSON Pointer such as /order/total). Without --map each such line
           is a call as Segment writes it, with "type" and "timestamp".
--columns  what stands between two columns: comma (if nothing is said), semicolon, tab, or any number of blanks
--event    the name of all events; a column may tell it, too: --map event=COLUMN
--map      which column is what; FIELD is one of
             userId, anonymousId, email   who it was (at least one of them)
             timestamp[:FORMAT]           when it was; FORMAT is made of YYYY MM DD HH mm ss SSS (M, D, H without a
                                          zero before them) or is unix or unixms; none: 2026-05-03 or
                                          2026-05-03T12:30:00Z. Times are UTC, a day without a time is its midnight
             event, id                    its name, its own id (else source and line number)
             traits.NAME[:TYPE]           what it tells of the person
             NAME[:TYPE]                  a property of the event (properties.NAME if NAME is one of the words above)
           TYPE is text (if nothing is said), number or boolean. An empty field says nothing.
--source   what the file is called in the ids of its events (its file name): replayed again under the same name, it
           changes nothing
--until    now: waits that are open after the last event run on to the present (without it they stay where they are)

For example: npm run replay -- sales.txt --columns blank --event purchase --map userId=customer_id \\
               timestamp:YYYYMMDD=date quantity:number=number_of_cds revenue:number=dollar_value`

// ---- Options -----------------------------------------------------------------------------------------------------

/** Reads the command's arguments; all that is wrong at once, each a sentence. Empty `problems`: help was asked for. */
export function parseReplayOptions(
  argv: readonly string[],
):
  | { readonly ok: true; readonly options: ReplayOptions }
  | { readonly ok: false; readonly problems: readonly string[] } {
  if (argv.includes('--help')) return { ok: false, problems: [] }
  const problems: string[] = []
  const { files, given, unknown } = sortArguments(argv)
  problems.push(...unknown.map((name) => `${name}: expected ${oneOf(OPTIONS)}`))

  const single = (name: Option): string | undefined => {
    const values = given.get(name)
    if (values && values.length !== 1)
      problems.push(`${name}: expected one value, got ${values.length === 0 ? 'none' : values.length}`)
    return values?.[0]
  }
  const [file = ''] = files
  if (files.length !== 1)
    problems.push(
      `FILE: expected one file, got ${files.length === 0 ? 'none' : files.map((name) => JSON.stringify(name)).join(', ')}`,
    )

  const isNdjson = /\.(?:ndjson|jsonl)$/i.test(file)
  const columns = single('--columns')
  const separator = (Object.keys(SEPARATORS) as Separator[]).find((name) => name === (columns ?? 'comma'))
  if (separator === undefined)
    problems.push(`--columns: expected ${oneOf(Object.keys(SEPARATORS))}, got ${JSON.stringify(columns)}`)
  if (isNdjson && columns !== undefined)
    problems.push('--columns: expected none, since the file has a JSON object on each line')

  const source = single('--source') ?? basename(file)
  if (source.length > 200 || (file !== '' && source === '') || /\p{Cc}/u.test(source))
    problems.push('--source: expected a name of 1 to 200 characters, none of them a control character')

  const event = single('--event') ?? null
  const eventFault =
    event === null
      ? undefined
      : (eventNameFault(event) ??
        (isReservedEvent(event) ? 'a name that Tidemark does not use itself' : undefined))
  if (eventFault !== undefined) problems.push(`--event: expected ${eventFault}, got ${JSON.stringify(event)}`)

  const until = single('--until')
  if (until !== undefined && until !== 'now')
    problems.push(`--until: expected now, got ${JSON.stringify(until)}`)

  const mapped = (given.get('--map') ?? []).map(parseMapping)
  problems.push(...mapped.filter((mapping) => typeof mapping === 'string'))
  const mappings = mapped.filter((mapping) => typeof mapping !== 'string')
  if (given.has('--map') || event !== null || !isNdjson)
    problems.push(...mappingProblems(mappings, event, mapped.length > mappings.length))
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    options: {
      file,
      separator: isNdjson ? null : separator!,
      source,
      event,
      mappings,
      untilNow: until === 'now',
    },
  }
}

const OPTIONS = ['--columns', '--event', '--map', '--source', '--until'] as const
type Option = (typeof OPTIONS)[number]

/** `--map` takes all arguments with a "=" up to the next option, the others take one. */
function sortArguments(argv: readonly string[]) {
  const files: string[] = []
  const unknown: string[] = []
  const given = new Map<Option, string[]>()
  let current: Option | undefined
  for (const argument of argv) {
    const option = OPTIONS.find((name) => name === argument)
    if (option) {
      current = option
      if (!given.has(option)) given.set(option, [])
    } else if (argument.startsWith('--')) {
      unknown.push(argument)
      current = undefined
    } else if (current === undefined || (current === '--map' && !argument.includes('='))) files.push(argument)
    else {
      given.get(current)!.push(argument)
      if (current !== '--map') current = undefined
    }
  }
  return { files, given, unknown }
}

/** `quantity:number=number_of_cds`; the first "=" ends the field, the first ":" before it the name. A text: what is wrong. */
function parseMapping(text: string): Mapping | string {
  const [, target = '', type, column = ''] = /^([^:=]+)(?::([^=]*))?=(.+)$/s.exec(text) ?? []
  const place = `--map ${JSON.stringify(text)}`
  if (target === '') return `${place}: expected FIELD=COLUMN`
  const common = { column, target }
  const field = ID_FIELDS.find((name) => name === target)
  if (field)
    return type === undefined ? { ...common, to: 'id', field } : `${place}: expected no type for ${target}`
  if (target === 'timestamp') {
    const read = timeReader(type)
    const expected =
      type === undefined ? 'a time such as 2026-05-03 or 2026-05-03T12:30:00Z' : `a time such as ${type}`
    return read
      ? { ...common, to: 'timestamp', read, expected }
      : `${place}: expected a format of YYYY MM DD HH mm ss SSS with year, month and day, or unix or unixms`
  }
  const valueType = VALUE_TYPES.find((name) => name === (type ?? 'text'))
  if (valueType === undefined) return `${place}: expected the type ${oneOf(VALUE_TYPES)}`
  const [, group = 'properties', name = ''] = /^(?:(properties|traits)\.)?(.+)$/s.exec(target)!
  return { ...common, to: group === 'traits' ? 'traits' : 'properties', name, type: valueType }
}

function mappingProblems(
  mappings: readonly Mapping[],
  event: string | null,
  incomplete: boolean,
): readonly string[] {
  const targets = mappings.map(({ target }) => target)
  const twice = targets.filter((target, index) => targets.indexOf(target) < index)
  const problems = [...new Set(twice)].map((target) => `--map: expected ${target} once`)
  if (targets.includes('event') && event !== null)
    problems.push('--event: expected none, since --map says which column tells it')
  if (incomplete) return problems // what is missing may be what could not be read
  if (!targets.includes('event') && event === null)
    problems.push('--event: expected the name of the events, or --map event=COLUMN')
  if (!targets.includes('timestamp'))
    problems.push('--map: expected timestamp=COLUMN, since past events are replayed at their time')
  if (!targets.some((target) => ['userId', 'anonymousId', 'email'].includes(target)))
    problems.push('--map: expected userId=COLUMN, anonymousId=COLUMN or email=COLUMN')
  return problems
}

// ---- Times -------------------------------------------------------------------------------------------------------

const TOKENS = { YYYY: 4, MM: 2, DD: 2, HH: 2, mm: 2, ss: 2, SSS: 3, M: 1, D: 1, H: 1 } as const
const UNIX = /^-?\d{1,15}(?:\.\d{1,9})?$/

/** A reader for times of one format, all in UTC; undefined: no such format. */
function timeReader(format: string | undefined): ((text: string) => number | undefined) | undefined {
  if (format === undefined) return parseInstant
  if (format === 'unix' || format === 'unixms') {
    const unit = format === 'unix' ? 1000 : 1
    return (text) =>
      UNIX.test(text) && Math.abs(Number(text) * unit) < 8.64e15 ? Math.round(Number(text) * unit) : undefined
  }
  const parts = format.split(/(YYYY|MM|DD|HH|mm|ss|SSS|M|D|H)/)
  const letters = parts.filter((_, index) => index % 2 === 1).map((token) => token[0]!)
  if (new Set(letters).size < letters.length || !['Y', 'M', 'D'].every((letter) => letters.includes(letter)))
    return undefined
  const pattern = parts.map((part, index) => {
    if (index % 2 === 0) return part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    const digits = TOKENS[part as keyof typeof TOKENS]
    return `(?<${part[0]}>\\d{${digits === 1 ? '1,2' : digits}})`
  })
  const regexp = new RegExp(`^${pattern.join('')}$`)
  return (text) => {
    const found = regexp.exec(text)?.groups
    if (!found) return undefined
    const { Y, M, D, H = '0', m = '00', s = '00', S = '000' } = found
    return parseInstant(
      `${Y}-${M!.padStart(2, '0')}-${D!.padStart(2, '0')}T${H.padStart(2, '0')}:${m}:${s}.${S}Z`,
    )
  }
}
