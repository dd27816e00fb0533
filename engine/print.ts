/**
 * A journey as the text of its file, in the house format: what fits on a line stands on one, names come in one order,
 * and nothing depends on how the document came to be. So a small change makes a small difference in the file.
 */
import { isObject } from './json.ts'

/** Longer lines are broken up. */
const WIDTH = 120

/** In which order the names of an object come, and those of the objects inside; names not listed follow as they stand. */
interface Order {
  readonly names?: readonly string[]
  readonly inside?: { readonly [name: string]: Order }
  /** The order of all objects inside that `inside` does not name. */
  readonly others?: Order
}

const ACTION: Order = { names: ['type', 'params'] }
const WAY: Order = {
  names: ['target', 'guard', 'reenter', 'actions', 'meta'],
  inside: { guard: ACTION, actions: ACTION },
}
const STEP: Order = {
  names: ['type', 'meta', 'entry', 'always', 'on', 'after'],
  inside: {
    meta: { names: ['kind', 'label', 'note', 'offset'] },
    entry: ACTION,
    always: WAY,
    on: { others: WAY },
    after: { others: WAY },
  },
}
const JOURNEY: Order = {
  names: ['$schema', 'id', 'meta', 'context', 'initial', 'on', 'states'],
  inside: {
    meta: { names: ['format', 'name', 'description', 'stage', 'reentry', 'audience', 'goal', 'exits'] },
    on: { others: WAY },
    states: { names: ['outside'], others: STEP },
  },
}

/**
 * The text of a journey's file, of a draft too, whatever stands in it. `JSON.parse` reads the same document from it, but
 * for the order of names that have no order to it.
 */
export function printJourney(document: unknown): string {
  return `${broken(document, 0, 0, JOURNEY)}\n`
}

/** The value, on one line where it fits; `indent` is that of its line, `lead` is the length of what stands before it there. */
function broken(value: unknown, indent: number, lead: number, order: Order | undefined): string {
  const text = inline(value, order)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const isShort = indent + lead + text.length <= WIDTH || text.length === 2
  if (isShort || !text.startsWith(open!)) return text
  const blanks = ' '.repeat(indent + 2)
  const parts = Array.isArray(value)
    ? value.map((item) => blanks + broken(item, indent + 2, 0, order))
    : entriesOf(value as object, order).map(([name, part]) => {
        const before = `${JSON.stringify(name)}: `
        return blanks + before + broken(part, indent + 2, before.length, orderIn(order, name))
      })
  return `${open}\n${parts.join(',\n')}\n${' '.repeat(indent)}${close}`
}

function inline(value: unknown, order: Order | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, order)).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const parts = entriesOf(value, order).map(
    ([name, part]) => `${JSON.stringify(name)}: ${inline(part, orderIn(order, name))}`,
  )
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function entriesOf(value: object, order: Order | undefined): readonly (readonly [string, unknown])[] {
  const names = order?.names ?? []
  const rank = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length)
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .toSorted(([one], [other]) => rank(one) - rank(other))
}

function orderIn(order: Order | undefined, name: string): Order | undefined {
  const { inside = {}, others } = order ?? {}
  return Object.hasOwn(inside, name) ? inside[name] : others
}
