// An independent reader of JSON, for comparing: keeps members in pairs (so that a name may stand twice and is seen) and
// numbers as exact decimals (so that nothing is rounded). Throws where the text is no JSON.

export type Exact =
  | string
  | boolean
  | null
  | { number: string }
  | { items: Exact[] }
  | { members: [string, Exact][] }

export function readExactly(text: string): Exact {
  let at = 0
  const fail = (): never => {
    throw new SyntaxError(`at ${at}`)
  }
  const blanks = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++
  }
  const eat = (word: string) => (text.startsWith(word, at) ? (at += word.length) : fail())

  function value(): Exact {
    blanks()
    const read = one()
    blanks()
    return read
  }
  function one(): Exact {
    const sign = text[at]
    if (sign === '{') return { members: list('{', '}', member) }
    if (sign === '[') return { items: list('[', ']', value) }
    if (sign === '"') return string()
    if (sign === 't') return eat('true') > 0
    if (sign === 'f') return eat('false') < 0
    if (sign === 'n') return eat('null') > 0 ? null : fail()
    return { number: number() }
  }
  function list<T>(open: string, close: string, item: () => T): T[] {
    eat(open)
    blanks()
    const found: T[] = []
    if (text[at] !== close)
      for (;;) {
        found.push(item())
        if (text[at] === close) break
        eat(',')
      }
    eat(close)
    return found
  }
  function member(): [string, Exact] {
    blanks()
    const name = string()
    blanks()
    eat(':')
    return [name, value()]
  }
  function string(): string {
    eat('"')
    let read = ''
    for (;;) {
      const sign = text[at++]
      if (sign === undefined || sign < ' ') return fail()
      if (sign === '"') return read
      read += sign === '\\' ? escape() : sign
    }
  }
  function escape(): string {
    const sign = text[at++] ?? fail()
    const plain = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[sign]
    if (plain !== undefined) return plain
    const code = text.slice(at, at + 4)
    if (sign !== 'u' || !/^[0-9a-fA-F]{4}$/.test(code)) return fail()
    at += 4
    return String.fromCharCode(Number.parseInt(code, 16))
  }
  function number(): string {
    const [written] =
      /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(text.slice(at, at + 400)) ?? fail()
    at += written.length
    return exactly(written)
  }

  const read = value()
  return at === text.length ? read : fail()
}

/** The number as whole digits and a power of ten, without zeros at the end: 1.50 and 15e-1 are both `15e-1`. */
function exactly(written: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(
    written,
  )!
  let digits = BigInt(whole + fraction)
  let exponent = Number(power) - fraction.length
  if (digits === 0n) return `${sign}0`
  for (; digits % 10n === 0n; digits /= 10n) exponent++
  return `${sign}${digits}e${exponent}`
}

/** Whether a name stands twice in one object, anywhere. */
export function hasTwins(value: Exact): boolean {
  if (typeof value !== 'object' || value === null || 'number' in value) return false
  if ('items' in value) return value.items.some(hasTwins)
  const names = value.members.map(([name]) => name)
  return new Set(names).size < names.length || value.members.some(([, inside]) => hasTwins(inside))
}

/** The same with members in the order of their names: objects have no order. */
export function unordered(value: Exact): Exact {
  if (typeof value !== 'object' || value === null || 'number' in value) return value
  if ('items' in value) return { items: value.items.map(unordered) }
  const members = value.members.map(([name, inside]): [string, Exact] => [name, unordered(inside)])
  return { members: members.toSorted(([a], [b]) => (a < b ? -1 : 1)) }
}
