/** A condition as groups and lines, each with where it stands; and changes of what stands where. Pure. */
import { pointer, withValueAt, type Json, type Path } from '../../../engine/index.ts'
import { NOTHING_CHOSEN } from '../document/newStep.ts'
import type { Around } from './around.ts'
import { hasOnly, isList, isRaw, valueAt, type Raw } from './json.ts'
import type { Mode } from './kinds.ts'
import type { FormId, Sentence } from './line.ts'
import { sentenceOf } from './sentences.ts'

export interface Line {
  readonly type: 'line'
  readonly path: Path
  readonly value: Json
  readonly sentence: Sentence
}

export interface Group {
  readonly type: 'group'
  readonly path: Path
  readonly mode: Mode
  readonly members: readonly Node[]
  /** The one line of a condition that is no group yet: it becomes one with the second line. */
  readonly isImplied?: true
}

export type Node = Line | Group

/** What was shown at a place, by its JSON Pointer: it stays so as long as somebody types there. */
export type Shown = ReadonlyMap<string, FormId | 'group'>

/** The whole condition, always as a group. */
export function treeOf(value: Json, around: Around, shown: Shown = NOTHING_SHOWN): Group {
  const node = nodeOf(value, [], around, shown)
  return node.type === 'group'
    ? node
    : { type: 'group', path: [], mode: 'all', members: [node], isImplied: true }
}

const NOTHING_SHOWN: Shown = new Map()

function nodeOf(value: Json, path: Path, around: Around, shown: Shown): Node {
  const before = shown.get(pointer(path))
  const group = groupIn(value)
  const isGroup = group && (before === 'group' || group.members.length !== 2 || !isLine(value, around))
  if (!isGroup) {
    const prefer = before === 'group' ? undefined : before
    return { type: 'line', path, value, sentence: sentenceOf(value, around, prefer) }
  }
  const members = group.members.map((member, index) =>
    nodeOf(member, [...path, ...INSIDE[group.mode], index], around, shown),
  )
  return { type: 'group', path, mode: group.mode, members }
}

/** Two conditions that belong together in one sentence. */
function isLine(value: Json, around: Around): boolean {
  return sentenceOf(value, around).form === 'silent'
}

const INSIDE: { readonly [mode in Mode]: Path } = {
  all: ['all'],
  any: ['any'],
  none: ['not', 'any'],
  notAll: ['not', 'all'],
}

function groupIn(value: Json): { readonly mode: Mode; readonly members: readonly Json[] } | undefined {
  if (!isRaw(value)) return undefined
  const turned = hasOnly(value, ['not']) ? value['not'] : undefined
  const inner = turned ?? value
  if (!isRaw(inner)) return undefined
  for (const [mode, turnedMode] of [
    ['all', 'notAll'],
    ['any', 'none'],
  ] as const) {
    const members = hasOnly(inner, [mode]) ? inner[mode] : undefined
    if (isList(members)) return { mode: turned === undefined ? mode : turnedMode, members }
  }
  return undefined
}

function groupFrom(mode: Mode, members: readonly Json[]): Raw {
  const [first = 'all', second] = INSIDE[mode]
  return second === undefined ? { [first]: members } : { [first]: { [second]: members } }
}

/** What is shown at each place now, to keep it so while somebody types. */
export function shownIn(group: Group): Shown {
  const entries = (node: Node): readonly (readonly [string, FormId | 'group'])[] =>
    node.type === 'line'
      ? [[pointer(node.path), node.sentence.form]]
      : [
          ...(node.isImplied ? [] : [[pointer(node.path), 'group'] as const]),
          ...node.members.flatMap(entries),
        ]
  return new Map(entries(group))
}

// ---- Changes -----------------------------------------------------------------------------------------------------

export interface Changed {
  readonly value: Raw
  /** Where what was added or changed stands now. */
  readonly path: Path
}

/** The condition with one more member at the end of a group. */
export function added(value: Json, { path, isImplied, mode, members }: Group, member: Raw): Changed {
  if (members.length === 0 && path.length === 0 && mode === 'all') return { value: member, path: [] }
  if (isImplied) return { value: { all: [value, member] }, path: ['all', 1] }
  const place = [...path, ...INSIDE[mode]]
  const before = valueAt(value, place)
  const list = isList(before) ? before : []
  return { value: changed(value, place, [...list, member]), path: [...place, list.length] }
}

/** The condition without what stands there; a group goes with its last member, the whole becomes nothing chosen. */
export function removed(value: Json, path: Path): Raw {
  const index = path.at(-1)
  const place = path.slice(0, -1)
  const list = valueAt(value, place)
  if (typeof index !== 'number' || !isList(list)) return NOTHING_CHOSEN
  const left = list.filter((_, at) => at !== index)
  const group = groupAt(place)
  if (left.length === 0) return group.length === 0 ? NOTHING_CHOSEN : removed(value, group)
  const next = changed(value, place, left)
  // With one line left the whole is that line again, as it was before the second was added.
  const [only] = left
  const isPlain = place.length === 1 && left.length === 1
  return isPlain && isRaw(only) ? only : next
}

/** Where the group stands whose list of members stands there. */
function groupAt(place: Path): Path {
  const before = place.slice(0, -1)
  return before.at(-1) === 'not' ? before.slice(0, -1) : before
}

/** The condition with another line there. */
export function changed(value: Json, path: Path, next: Json): Raw {
  const whole = withValueAt(value, path, next) as Json
  return isRaw(whole) ? whole : NOTHING_CHOSEN
}

/** The condition with the members of a group belonging together in another way. */
export function regrouped(value: Json, { path, isImplied }: Group, mode: Mode): Raw {
  if (isImplied) return groupFrom(mode, [value])
  const group = groupIn(valueAt(value, path) ?? null)
  return group ? changed(value, path, groupFrom(mode, group.members)) : changed(value, [], value)
}

/** The condition with a line in a group of its own, where another can be put beside it. */
export function enclosed(value: Json, path: Path): Changed {
  const line = valueAt(value, path) ?? null
  return { value: changed(value, path, { any: [line] }), path: [...path, 'any', 0] }
}

/** The condition with the same line once more behind it. */
export function duplicated(value: Json, path: Path): Changed {
  const line = valueAt(value, path) ?? null
  const index = path.at(-1)
  const place = path.slice(0, -1)
  const list = valueAt(value, place)
  if (typeof index !== 'number' || !isList(list)) return { value: { all: [line, line] }, path: ['all', 1] }
  const more = [...list.slice(0, index + 1), line, ...list.slice(index + 1)]
  return { value: changed(value, place, more), path: [...place, index + 1] }
}
