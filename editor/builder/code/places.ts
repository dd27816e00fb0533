/** Where in the text of a journey its parts stand, also while the text is unfinished. Pure. */
import { jsonLanguage } from '@codemirror/lang-json'

export interface Range {
  readonly from: number
  readonly to: number
}

type Tree = ReturnType<typeof jsonLanguage.parser.parse>
export type TextNode = Tree['topNode']

export function treeOf(text: string): Tree {
  return jsonLanguage.parser.parse(text)
}

/**
 * Where the part stands that a JSON Pointer names, or the nearest part around it that is there: a value, and of an object
 * or a list the name before it, so that not half the file is marked.
 */
export function rangeOf(text: string, pointer: string): Range {
  const names = pointer.split('/').slice(1).map(unescaped)
  let node = treeOf(text).topNode.firstChild
  let range: Range = { from: 0, to: Math.min(1, text.length) }
  for (const name of names) {
    const found = node === null ? null : partOf(text, node, name)
    if (found === null) return range
    node = found.value
    range = found.range
  }
  return range
}

/** Where line and column are, both from 1; the end of the line where it is shorter. */
export function placeOf(text: string, line: number, column: number): Range {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const from = Math.min(before + Math.min(column - 1, lines[line - 1]?.length ?? 0), text.length)
  return { from, to: Math.min(from + 1, text.length) }
}

/** The property of that name, or the item of that number. */
function partOf(text: string, node: TextNode, name: string): { value: TextNode | null; range: Range } | null {
  if (node.name === 'Object') {
    // The last of that name counts, as it does for `JSON.parse`.
    const property = node.getChildren('Property').findLast((one) => nameOf(text, one) === name)
    return property ? partIn(property) : null
  }
  const item = node.name === 'Array' ? valuesIn(node)[Number(name)] : undefined
  return item ? { value: item, range: short(item) ?? { from: item.from, to: item.from + 1 } } : null
}

function partIn(property: TextNode): { value: TextNode | null; range: Range } {
  const name = property.getChild('PropertyName') ?? property
  const value = valueIn(property)
  return { value, range: (value && short(value)) ?? { from: name.from, to: name.to } }
}

function short(value: TextNode): Range | null {
  return value.name === 'Object' || value.name === 'Array' ? null : { from: value.from, to: value.to }
}

const VALUES: readonly string[] = ['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']

/** The value of a property; null where none was written yet. */
export function valueIn(property: TextNode): TextNode | null {
  return valuesIn(property)[0] ?? null
}

/** The values directly inside. */
export function valuesIn(node: TextNode): readonly TextNode[] {
  const values: TextNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (VALUES.includes(child.name)) values.push(child)
  return values
}

/** What a property is called; null where its name is unfinished. */
export function nameOf(text: string, property: TextNode): string | null {
  const name = property.getChild('PropertyName')
  const value = name && readText(text.slice(name.from, name.to))
  return typeof value === 'string' ? value : null
}

/** A scalar as `JSON.parse` reads it; undefined for what it does not read. */
export function readText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
