/**
 * What may stand at a place of the text, by the JSON Schema of journey files: names of parts not there yet, and values.
 * Of several forms only those count that fit what stands around the place: the params of the kind of step that it is.
 */
import { ID, TRIGGER_TARGET } from '../../../engine/index.ts'
import { nameOf, readText, treeOf, valueIn, valuesIn, type TextNode } from './places.ts'

/** What we read of a JSON Schema (2020-12). */
export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly $ref?: string
  readonly $defs?: { readonly [name: string]: JsonSchema }
}

export interface Suggestion {
  readonly label: string
  /** What is written in the place of what stands there. */
  readonly text: string
  /** Whether the part must be there. */
  readonly isRequired: boolean
}

export interface Suggestions {
  readonly from: number
  readonly to: number
  readonly suggestions: readonly Suggestion[]
}

/** Null where nothing can be suggested. Never throws, whatever the text says. */
export function suggestionsAt(text: string, at: number, schema: JsonSchema): Suggestions | null {
  const place = placeAt(text, at)
  if (place === null) return null
  const forms = formsOf(place.holder, place, schema)
  const suggestions = place.isName ? names(place, forms) : values(place, forms, schema)
  return suggestions.length === 0 ? null : { from: place.from, to: place.to, suggestions }
}

/** Where something is to be suggested, in a text in which something stands there. */
interface TextPlace {
  readonly text: string
  readonly isName: boolean
  /** What stands there: the name of a part, or a value. */
  readonly node: TextNode
  /** Whether it stood there before. */
  readonly isWhole: boolean
  readonly holder: TextNode
  /** What is written over, in the text as it was. */
  readonly from: number
  readonly to: number
}

function placeAt(text: string, at: number): TextPlace | null {
  const whole = treeOf(text).resolveInner(at, -1)
  if (whole.name === 'PropertyName' || SCALARS.includes(whole.name))
    return inHolder({ text, node: whole, isWhole: true, from: whole.from, to: whole.to })
  const { bracket, word: from } = openAtEnd(text.slice(0, at))
  const before = text.slice(0, from).trimEnd().at(-1) ?? ''
  if (bracket === undefined || !['{', '[', ':', ','].includes(before)) return null
  const isName = bracket === '{' && before !== ':'
  const more = text.slice(at).trimStart().startsWith('"') ? ', ' : ''
  const filled = `${text.slice(0, from)}${isName ? `"": 0${more}` : `0${more}`}${text.slice(at)}`
  const node = treeOf(filled).resolveInner(from + 1, -1)
  return inHolder({ text: filled, node, isWhole: false, from, to: at })
}

const SCALARS: readonly string[] = ['String', 'Number', 'True', 'False', 'Null']

function inHolder(place: Omit<TextPlace, 'holder' | 'isName'>): TextPlace | null {
  const { parent } = place.node
  const holder = parent?.name === 'Property' ? parent.parent : parent
  return holder?.name === 'Object' || holder?.name === 'Array'
    ? { ...place, holder, isName: place.node.name === 'PropertyName' }
    : null
}

/** What the text before a place leaves open: the innermost bracket, and where a word begins that has no end yet. */
function openAtEnd(text: string): { readonly bracket: string | undefined; readonly word: number } {
  const brackets: string[] = []
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*("|\n|$)|[{}[\]]/g))
    if (token === '{' || token === '[') brackets.push(token)
    else if (token === '}' || token === ']') brackets.pop()
    else if (index + token.length === text.length && (token === '"' || !token.endsWith('"')))
      return { bracket: brackets.at(-1), word: index }
  return { bracket: brackets.at(-1), word: text.length - (/[\w.-]*$/.exec(text)?.[0].length ?? 0) }
}

// ---- Forms -----------------------------------------------------------------------------------------------------------

/** The forms that an object or a list may have, given where it stands and what it says already beside the place. */
function formsOf(holder: TextNode, place: TextPlace, root: JsonSchema): readonly JsonSchema[] {
  const { parent } = holder
  const property = parent?.name === 'Property' ? parent : null
  const outer = property ? property.parent : parent?.name === 'Array' ? parent : null
  const name = property ? nameOf(place.text, property) : null
  const forms =
    outer === null
      ? flat(root, root)
      : formsOf(outer, place, root).flatMap((form) => inner(form, name).flatMap((part) => flat(part, root)))
  const value = looseValue(holder, place)
  const fitting = forms.filter((form) => mayBe(value, form, root))
  return fitting.length > 0 ? fitting : forms
}

/** The forms of the part of that name, or of the items of a list (null). */
function inner(form: JsonSchema, name: string | null): readonly JsonSchema[] {
  if (name === null) return form.items ? [form.items] : []
  const own = Object.hasOwn(form.properties ?? {}, name) ? form.properties?.[name] : undefined
  if (own) return [own]
  return typeof form.additionalProperties === 'object' ? [form.additionalProperties] : []
}

/** Without references and alternatives. */
function flat(form: JsonSchema, root: JsonSchema): readonly JsonSchema[] {
  if (form.$ref !== undefined) {
    const known = root.$defs?.[form.$ref.replace('#/$defs/', '')]
    return known ? flat(known, root) : []
  }
  const alternatives = [...(form.anyOf ?? []), ...(form.oneOf ?? [])]
  return alternatives.length === 0 ? [form] : alternatives.flatMap((one) => flat(one, root))
}

/** Whether a value that may be unfinished can become one of this form: nothing in it says otherwise. */
function mayBe(value: unknown, form: JsonSchema, root: JsonSchema): boolean {
  if (value === undefined) return true
  return flat(form, root).some((one) => {
    if ('const' in one && one.const !== value) return false
    if (one.enum && !one.enum.includes(value)) return false
    if (one.type !== undefined && one.type !== typeOf(value)) return false
    return (
      typeof value !== 'object' ||
      value === null ||
      Object.entries(value).every(([name, part]) => {
        const forms = inner(one, name)
        return forms.length === 0
          ? one.additionalProperties !== false
          : forms.some((each) => mayBe(part, each, root))
      })
    )
  })
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}

/** What stands there as far as it can be read, without what is to be suggested; lists are not looked into. */
function looseValue(node: TextNode, place: TextPlace): unknown {
  const { text, node: sought } = place
  if (node.from === sought.from && node.to === sought.to) return undefined
  if (node.name === 'Array') return []
  if (node.name !== 'Object') return readText(text.slice(node.from, node.to))
  return Object.fromEntries(
    node.getChildren('Property').flatMap((property) => {
      const [name, value] = [nameOf(text, property), valueIn(property)]
      const isSought = sought.name === 'PropertyName' && property.from === sought.from
      return name === null || value === null || isSought ? [] : [[name, looseValue(value, place)] as const]
    }),
  )
}

// ---- Suggestions -----------------------------------------------------------------------------------------------------

function names(
  { text, node, isWhole, holder }: TextPlace,
  forms: readonly JsonSchema[],
): readonly Suggestion[] {
  const here = node.parent
  const others = holder.getChildren('Property').filter(({ from }) => from !== here?.from)
  const taken = others.map((one) => nameOf(text, one))
  const hasValue = isWhole && text.slice(node.to).trimStart().startsWith(':')
  const found = new Map<string, Suggestion>()
  for (const form of forms)
    for (const [name, part] of Object.entries(form.properties ?? {})) {
      if (taken.includes(name) || found.has(name)) continue
      const before = JSON.stringify(name)
      found.set(name, {
        label: name,
        text: hasValue ? before : `${before}: ${emptyOf(part)}`,
        isRequired: form.required?.includes(name) ?? false,
      })
    }
  return [...found.values()].toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired))
}

/** What is written for a value to begin with. */
function emptyOf({ type, const: only }: JsonSchema): string {
  if (only !== undefined) return JSON.stringify(only)
  return type === 'object' ? '{}' : type === 'array' ? '[]' : type === 'string' ? '""' : ''
}

function values(
  { text, node, isWhole }: TextPlace,
  holders: readonly JsonSchema[],
  root: JsonSchema,
): readonly Suggestion[] {
  const name = node.parent?.name === 'Property' ? nameOf(text, node.parent) : null
  const forms = holders.flatMap((form) => inner(form, name).flatMap((part) => flat(part, root)))
  const found = forms.flatMap((form) => {
    if ('const' in form) return [form.const]
    if (form.enum) return form.enum
    if (form.type === 'boolean') return [true, false]
    if (form.pattern === ID.source) return stepsIn(text)
    if (form.pattern === TRIGGER_TARGET.source) return stepsIn(text).map((id) => `.${id}`)
    return []
  })
  const scalars = [...new Map(found.map((value) => [JSON.stringify(value), String(value)]))]
  const isObject = !isWhole && forms.some(({ type }) => type === 'object')
  const written = isObject ? [...scalars, ['{}', '{}'] as const] : scalars
  return written.map(([value, label]) => ({ label, text: value, isRequired: false }))
}

function stepsIn(text: string): readonly string[] {
  const [root] = valuesIn(treeOf(text).topNode)
  const states = root?.getChildren('Property').find((property) => nameOf(text, property) === 'states')
  const value = states && valueIn(states)
  const ids = value?.getChildren('Property').map((property) => nameOf(text, property)) ?? []
  return ids.filter((id) => id !== null && id !== 'outside') as readonly string[]
}
