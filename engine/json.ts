/**
 * What `JSON.parse` does not tell: where a text is wrong, by line and column; names that stand twice (it silently keeps
 * the last); numbers it rounds. And what no document of ours may contain, whether it was read here or elsewhere.
 */
import { problem, type Path, type Problem } from './problem.ts'

/** Levels of lists and objects inside each other. */
const MAX_DEPTH = 32
/** No name in a journey is longer: an event's may have 255 characters, all others fewer. */
const MAX_KEY = 255
/** More than anyone reads; a hostile file must not make a report many times its own size. */
export const MAX_PROBLEMS = 100

/** Whether the value is an object in the sense of JSON. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands at a path; undefined where there is no such place. */
export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce(
    (value: unknown, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as { readonly [key: string]: unknown })[part]
        : undefined,
    document,
  )
}

/**
 * The document with another value at a path, or without the part where the value is undefined. What is no object is taken
 * for an empty one; what stands beside the path stays the very same.
 */
export function withValueAt(document: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const inner = withValueAt(valueAt(document, [key]), rest, value)
  if (Array.isArray(document))
    return document.map((item: unknown, index) => (String(index) === String(key) ? inner : item))
  const copy = { ...Object(document), [key]: inner } as { [key: string]: unknown }
  if (inner === undefined) delete copy[key]
  return copy
}

// ---- Text --------------------------------------------------------------------------------------------------------

interface Reader {
  readonly text: string
  /** Where the next token begins, blanks before it included. */
  at: number
  readonly found: Problem[]
}

const TOKEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what a text must not contain
  /[ \t\n\r]*([{}[\],:]|"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w))/y

/**
 * What is wrong with a text that should be JSON and come back unchanged when printed. A syntax error ends the reading
 * and is then the only problem; everything else is reported at once. Empty: `JSON.parse` accepts the text.
 */
export function textProblems(text: string): readonly Problem[] {
  const reader: Reader = { text, at: 0, found: [] }
  const fault =
    readValue(reader, []) ?? (peek(reader) === '' ? undefined : unexpected(reader, 'the end of the file'))
  return fault ? [fault] : reader.found
}

// Each reader returns the fault that ends the reading, or undefined and stands behind what it read.

function readValue(reader: Reader, path: Path): Problem | undefined {
  const token = peek(reader)
  if (token === '{') return readMembers(reader, path)
  if (token === '[') return readItems(reader, path)
  if (token === undefined || token === '' || /^[}\],:]/.test(token)) return unexpected(reader, 'a value')
  if (/^[-\d]/.test(token) && rounded(token))
    found(reader, () => problem('inexact_number', path, token, ...place(reader)))
  return take(reader)
}

function readMembers(reader: Reader, path: Path): Problem | undefined {
  const names = new Set<string>()
  return readList(reader, path, '}', () => {
    const token = peek(reader)
    if (!token?.startsWith('"')) return unexpected(reader, 'a name in double quotes')
    const name = JSON.parse(token) as string
    if (names.has(name))
      found(reader, () => problem('duplicate_key', [...path, name.slice(0, MAX_KEY)], name, ...place(reader)))
    names.add(name)
    take(reader)
    if (peek(reader) !== ':') return unexpected(reader, '":"')
    return take(reader) ?? readValue(reader, [...path, name.slice(0, MAX_KEY)])
  })
}

function readItems(reader: Reader, path: Path): Problem | undefined {
  let index = 0
  return readList(reader, path, ']', () => readValue(reader, [...path, index++]))
}

/** Reads from an opening bracket to its closing one; `readOne` reads what stands between two commas. */
function readList(
  reader: Reader,
  path: Path,
  end: string,
  readOne: () => Problem | undefined,
): Problem | undefined {
  if (path.length >= MAX_DEPTH) return problem('too_deep', path, MAX_DEPTH)
  take(reader)
  if (peek(reader) === end) return take(reader)
  for (;;) {
    const fault = readOne()
    if (fault) return fault
    const token = peek(reader)
    if (token === end) return take(reader)
    if (token !== ',') return unexpected(reader, `"," or "${end}"`)
    take(reader)
  }
}

/** The next token without its blanks; empty at the end of the text, undefined where no token begins. */
function peek({ text, at }: Reader): string | undefined {
  TOKEN.lastIndex = at
  return TOKEN.exec(text)?.[1] ?? (blanksEnd(text, at) === text.length ? '' : undefined)
}

function take(reader: Reader): undefined {
  TOKEN.lastIndex = reader.at
  TOKEN.exec(reader.text)
  reader.at = TOKEN.lastIndex
}

/** Keeps a problem; it is made only if it is kept, for finding its line takes time. */
function found(reader: Reader, make: () => Problem): void {
  if (reader.found.length < MAX_PROBLEMS) reader.found.push(make())
}

function unexpected(reader: Reader, expected: string): Problem {
  return problem('json_syntax', [], ...place(reader), expected, nextInWords(reader))
}

function nextInWords(reader: Reader): string {
  const start = blanksEnd(reader.text, reader.at)
  const rest = reader.text.slice(start, start + 20)
  if (rest === '') return 'the end of the file'
  if (rest.startsWith('"') && peek(reader) === undefined)
    return 'a text that does not end on its line, or has a "\\" too many'
  return JSON.stringify(/^(?:[\w.+-]+|.)/su.exec(rest)![0])
}

function blanksEnd(text: string, from: number): number {
  let at = from
  while (' \t\n\r'.includes(text[at] ?? 'end')) at++
  return at
}

/** Line and column of the next token, both from 1. */
function place({ text, at }: Reader): [line: number, column: number] {
  const before = text.slice(0, blanksEnd(text, at)).split('\n')
  return [before.length, before.at(-1)!.length + 1]
}

/** Whether JavaScript would keep another number than the one written: 0.1 is itself, 12345678901234567890 is not. */
function rounded(written: string): boolean {
  const value = Number(written)
  return Number.isFinite(value) && significant(written) !== significant(String(value))
}

/** A number's digits and the power of ten of the last one, so that 1.50, 15e-1 and 1.5 are the same. */
function significant(written: string): string {
  const [mantissa, power] = written
    .toLowerCase()
    .replace('-', (minus, at: number) => (at === 0 ? '' : minus))
    .split('e') as [string, string?]
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?]
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  return kept === '' ? '0' : `${kept}e${Number(power ?? 0) - fraction.length + digits.length - kept.length}`
}

// ---- Document ----------------------------------------------------------------------------------------------------

/**
 * What is in a document that could not be written as JSON and read again unchanged, or that the language would take for
 * something else. Empty: plain data all through, at most `MAX_DEPTH` deep (so it has no circle).
 */
export function documentProblems(document: unknown): readonly Problem[] {
  const problems: Problem[] = []
  inspect(document, [], problems)
  return problems
}

function inspect(value: unknown, path: Path, problems: Problem[]): void {
  const fault = faultOf(value, path)
  if (fault) problems.push(fault)
  else if (typeof value === 'object' && value !== null) inspectInside(value, path, problems)
}

function inspectInside(object: object, path: Path, problems: Problem[]): void {
  // A hole in a list is no own key, so a list is walked by its length.
  const keys = Array.isArray(object) ? object.keys() : Reflect.ownKeys(object)
  for (const key of keys) {
    if (problems.length >= MAX_PROBLEMS) return
    const fault = typeof key === 'number' ? undefined : nameFault(key, path)
    if (fault) problems.push(fault)
    else
      inspect(
        (object as { readonly [key: string]: unknown })[key as string],
        [...path, key as string],
        problems,
      )
  }
}

function nameFault(name: string | symbol, path: Path): Problem | undefined {
  if (typeof name === 'symbol') return problem('not_json', path, name)
  if (name === '__proto__') return problem('reserved_key', [...path, name], name)
  if (name.length > MAX_KEY) return problem('long_key', path, MAX_KEY, name)
  return isWholeText(name) ? undefined : problem('bad_text', path)
}

/** What is wrong with the value itself, what is inside it aside. */
function faultOf(value: unknown, path: Path): Problem | undefined {
  if (typeof value === 'string') return isWholeText(value) ? undefined : problem('bad_text', path)
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? undefined : problem('bad_number', path, value)
  if (typeof value === 'boolean' || value === null) return undefined
  if (typeof value !== 'object' || !isPlain(value)) return problem('not_json', path, value)
  return path.length >= MAX_DEPTH ? problem('too_deep', path, MAX_DEPTH) : undefined
}

/** No half of a surrogate pair (UTF-8 cannot say it) and no zero character (PostgreSQL cannot store it). */
function isWholeText(text: string): boolean {
  return !/[\p{Surrogate}\0]/u.test(text)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

// ---- Size --------------------------------------------------------------------------------------------------------

/** How many bytes a text has in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) bytes += utf8Bytes(character.codePointAt(0)!)
  return bytes
}

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
