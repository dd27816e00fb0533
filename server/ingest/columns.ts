/**
 * Files of past events, row by row, as the calls they would have been. A row becomes the body of a Segment call and goes
 * through the same parser, so that one set of rules holds for both doors.
 */
import { createReadStream, type ReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { formatInstant, oneOf, parseInstant, pointer } from '../../engine/index.ts'
import { pointedAt } from './pointers.ts'
import type { CallProblem } from './problems.ts'
import { SEPARATORS, type Mapping, type ReplayOptions, type ValueType } from './replayOptions.ts'
import { CALL_TYPES, parseCall, type Call, type IsScore } from './segment.ts'
import { isObject } from './storable.ts'

/** A row as a call, or the sentences that say why it is none. `bytes`: how much of the file has been read by then. */
export type ReplayRow = { readonly line: number; readonly bytes: number } & (
  | { readonly call: Call; readonly skipped: readonly string[] }
  | { readonly problems: readonly string[] }
)

/**
 * Reads the file as a stream, in its order. Problems of one row do not end it; a missing column or broken quotes do, after
 * telling so. Throws where the file cannot be read. `now`: no event may lie after it.
 */
export async function* replayRows(
  options: ReplayOptions,
  now: number,
  isScore: IsScore,
): AsyncGenerator<ReplayRow> {
  const stream = createReadStream(options.file, { encoding: 'utf8', highWaterMark: 256 * 1024 })
  for await (const row of rowsOf(stream, options)) {
    const read = 'problem' in row ? { problems: [row.problem] } : callOf(row, options, now, isScore)
    yield { line: row.line, bytes: stream.bytesRead, ...read }
  }
}

/** The fields of one row by column; or, from a line of JSON, what it says. */
interface Row {
  readonly line: number
  readonly value: (column: string) => unknown
  readonly whole: unknown
}
type RowOrProblem = Row | { readonly line: number; readonly problem: string }

async function* rowsOf(
  stream: ReadStream,
  { separator, mappings }: ReplayOptions,
): AsyncGenerator<RowOrProblem> {
  if (separator === null) return yield* jsonRows(stream)
  let indexes: Map<string, number> | undefined
  let width = 0
  for await (const row of separator === 'blank'
    ? blankRecords(stream)
    : csvRecords(stream, SEPARATORS[separator])) {
    if ('problem' in row) yield row
    else if (indexes) {
      const { line, fields } = row
      const columns = indexes
      if (fields.length === width)
        yield { line, value: (column) => fields[columns.get(column)!], whole: undefined }
      else yield { line, problem: `expected ${width} columns, got ${fields.length}` }
    } else {
      const fault = headerFault(row.fields, mappings)
      if (fault !== undefined) return yield { line: row.line, problem: fault }
      indexes = new Map(row.fields.map((name, index) => [name, index]))
      width = row.fields.length
    }
  }
}

function headerFault(header: readonly string[], mappings: readonly Mapping[]): string | undefined {
  const missing = mappings.find(({ column }) => !header.includes(column))
  if (missing)
    return `expected a column ${JSON.stringify(missing.column)}, got ${header.map((name) => JSON.stringify(name)).join(', ')}`
  const twice = mappings.find(({ column }) => header.indexOf(column) < header.lastIndexOf(column))
  return twice && `expected one column ${JSON.stringify(twice.column)}, got several`
}

type RecordOrProblem =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: string }

async function* csvRecords(stream: ReadStream, delimiter: string): AsyncGenerator<RecordOrProblem> {
  const parser = parse({
    delimiter,
    info: true,
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LONGEST_LINE,
  })
  // Errors of the file come out of the parser; and who stops reading closes the file.
  pipeline(stream, parser, () => {})
  try {
    // `lines` is the line on which the record ends: no two have the same.
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>)
      yield { line: info.lines, fields: record }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    yield { line: typeof error['lines'] === 'number' ? error['lines'] : 0, problem: error.message }
  }
}

async function* blankRecords(stream: ReadStream): AsyncGenerator<RecordOrProblem> {
  for await (const row of linesOf(stream)) {
    if ('problem' in row) yield row
    else if (row.text.trim() !== '') yield { line: row.line, fields: row.text.trim().split(/[ \t]+/) }
  }
}

async function* jsonRows(stream: ReadStream): AsyncGenerator<RowOrProblem> {
  for await (const row of linesOf(stream)) {
    if ('problem' in row) yield row
    else if (row.text.trim() !== '') yield jsonRow(row.line, row.text)
  }
}

function jsonRow(line: number, text: string): RowOrProblem {
  try {
    const whole: unknown = JSON.parse(text)
    return isObject(whole)
      ? {
          line,
          whole,
          value: (column) => pointedAt(whole, column.startsWith('/') ? column : pointer([column])),
        }
      : { line, problem: 'expected a JSON object' }
  } catch (error) {
    if (error instanceof SyntaxError) return { line, problem: `expected a JSON object: ${error.message}` }
    throw error
  }
}

const LONGEST_LINE = 1_000_000

/** Lines end with LF or CRLF only; `readline` also ends them at U+2028, which JSON allows inside a text. */
async function* linesOf(
  stream: ReadStream,
): AsyncGenerator<
  { readonly line: number; readonly text: string } | { readonly line: number; readonly problem: string }
> {
  let rest = ''
  let line = 0
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const text of lines) yield { line: ++line, text: withoutMark(text, line) }
    if (rest.length > LONGEST_LINE)
      return yield { line: line + 1, problem: `expected lines of at most ${LONGEST_LINE} characters` }
  }
  if (rest !== '') yield { line: ++line, text: withoutMark(rest, line) }
}

function withoutMark(text: string, line: number): string {
  return line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text
}

// ---- A row as a call ---------------------------------------------------------------------------------------------

type Read =
  | { readonly call: Call; readonly skipped: readonly string[] }
  | { readonly problems: readonly string[] }

function callOf(row: Row, options: ReplayOptions, now: number, isScore: IsScore): Read {
  const problems: string[] = []
  const body = options.mappings.length === 0 ? row.whole : bodyOf(row, options, problems)
  const { type, timestamp, messageId } = (isObject(body) ? body : {}) as {
    readonly [part in 'type' | 'timestamp' | 'messageId']?: unknown
  }
  const callType = CALL_TYPES.find((name) => name === type)
  if (callType === undefined) problems.push(`/type: expected ${oneOf(CALL_TYPES)}`)
  if (timestamp === undefined || timestamp === null) {
    if (problems.length === 0) problems.push('/timestamp: is missing: expected the time at which it happened')
  } else if (typeof timestamp === 'string' && (parseInstant(timestamp) ?? now) > now)
    problems.push(`/timestamp: expected a time that is past, got ${JSON.stringify(timestamp)}`)
  if (callType === undefined || problems.length > 0) return { problems }
  // A recorded `sentAt` was compared with the clock of that time; compared with ours it would move the event to today.
  const parsed = parseCall(
    callType,
    { ...(body as object), sentAt: null, messageId: messageId ?? `${options.source}:${row.line}` },
    now,
    isScore,
  )
  return parsed.ok
    ? { call: parsed.call, skipped: parsed.skipped.map(inWords) }
    : { problems: parsed.problems.map(inWords) }
}

function inWords({ path, detail }: CallProblem): string {
  return path === '' ? detail : `${path}: ${detail}`
}

/** The row as the body of a `track` call. Empty fields say nothing; what cannot be read is told in `problems`. */
function bodyOf(row: Row, { event, mappings }: ReplayOptions, problems: string[]): object {
  const body: { [part: string]: unknown } = { type: 'track', ...(event !== null && { event }) }
  const parts: { readonly [part in 'properties' | 'traits']: [string, unknown][] } = {
    properties: [],
    traits: [],
  }
  for (const mapping of mappings) {
    const came = row.value(mapping.column)
    if (came === undefined || came === null || came === '') continue
    const value = valueOf(mapping, came)
    if (value === undefined)
      problems.push(
        `${mapping.target} (column ${JSON.stringify(mapping.column)}): expected ${expectedOf(mapping)}, got ${JSON.stringify(came)}`,
      )
    else if (mapping.to === 'id') body[mapping.field === 'id' ? 'messageId' : mapping.field] = value
    else if (mapping.to === 'timestamp') body['timestamp'] = value
    else parts[mapping.to].push([mapping.name, value])
  }
  const { email, ...others } = body
  if (email !== undefined) parts.traits.push(['email', email])
  // fromEntries defines its keys: a property named __proto__ stays one, and is refused with its path.
  return {
    ...others,
    properties: Object.fromEntries(parts.properties),
    context: { traits: Object.fromEntries(parts.traits) },
  }
}

function valueOf(mapping: Mapping, came: unknown): unknown {
  switch (mapping.to) {
    case 'id':
      return came
    case 'timestamp': {
      const instant =
        typeof came === 'string' || typeof came === 'number' ? mapping.read(String(came)) : undefined
      return instant === undefined ? undefined : formatInstant(instant)
    }
    case 'properties':
    case 'traits':
      return typed(mapping.type, came)
  }
}

const TRUTH: ReadonlyMap<unknown, boolean> = new Map([
  ...['true', 'yes', '1'].map((text) => [text, true] as const),
  ...['false', 'no', '0'].map((text) => [text, false] as const),
])

function typed(type: ValueType, came: unknown): unknown {
  switch (type) {
    case 'text':
      return came // a value of a JSON line keeps its own type
    case 'number':
      if (typeof came === 'number') return came
      return typeof came === 'string' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(came.trim())
        ? Number(came)
        : undefined
    case 'boolean':
      return typeof came === 'boolean' ? came : TRUTH.get(String(came).trim().toLowerCase())
  }
}

function expectedOf(mapping: Mapping): string {
  switch (mapping.to) {
    case 'id':
      return 'a text'
    case 'timestamp':
      return mapping.expected
    case 'properties':
    case 'traits':
      return {
        text: 'a text',
        number: 'a number such as 12.50',
        boolean: 'true or false, yes or no, 1 or 0',
      }[mapping.type]
  }
}
