/** What is missing or wrong in a condition, beside the line and the part where it is. Pure. */
import { parseCondition, pointer, type Json } from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import { saidBy, type Part } from './parts.ts'
import type { Group, Line, Node } from './tree.ts'

const { reasons } = words.conditions

/** Something wrong, with where it stands as a JSON Pointer into the condition. */
export type Fault = Pick<JourneyProblem, 'code' | 'path' | 'detail' | 'severity'>

/**
 * All that is known to be wrong with a condition: what the engine says of it now, and what was found about the whole
 * journey, whose paths begin with that of the condition.
 */
export function faultsOf(value: Json, problems: readonly Fault[], path: string): readonly Fault[] {
  const parsed = parseCondition(value)
  const own: readonly Fault[] = parsed.ok ? [] : parsed.problems
  const given = problems
    .filter((problem) => problem.path === path || problem.path.startsWith(`${path}/`))
    .map((problem) => ({ ...problem, path: problem.path.slice(path.length) }))
  const isNew = (fault: Fault) => !own.some((one) => one.path === fault.path && one.code === fault.code)
  return [...own, ...given.filter(isNew)]
}

/** What is wrong with each line and group, by its JSON Pointer. Each fault stands where it is told most exactly. */
export function faultsByPlace(tree: Group, faults: readonly Fault[]): ReadonlyMap<string, readonly Fault[]> {
  const places = placesIn(tree).toSorted((a, b) => b.length - a.length)
  const placeOf = ({ path }: Fault) =>
    places.find((place) => path === place || path.startsWith(`${place}/`)) ?? ''
  return Map.groupBy(faults, placeOf)
}

function placesIn(node: Node): readonly string[] {
  const own = pointer(node.path)
  return node.type === 'line'
    ? [own]
    : [...(node.path.length === 0 ? [] : [own]), ...node.members.flatMap(placesIn)]
}

/** Whether a part is where the fault is; the path is one into the whole condition. */
export function isAbout(part: Part, line: Line, { path }: Fault): boolean {
  const place = pointer(line.path) + part.at
  return path === place || path.startsWith(`${place}/`)
}

/** Whether somebody typed what is wrong; else it is only still missing. */
export function isTyped(line: Line, fault: Fault): boolean {
  const part = line.sentence.words.find((piece) => typeof piece !== 'string' && isAbout(piece, line, fault))
  return part !== undefined && typeof part !== 'string' && saidBy(part) !== ''
}

/** What is wrong with a line, as sentences of what to do, each once. */
export function reasonsOf(line: Line, faults: readonly Fault[]): readonly string[] {
  const parts = line.sentence.words.filter((piece): piece is Part => typeof piece !== 'string')
  const where = line.sentence.where && pointer([...line.path, ...line.sentence.where.path])
  const own = faults
    // What is wrong with conditions of their own stands beside these.
    .filter(({ path }) => where === undefined || (path !== where && !path.startsWith(`${where}/`)))
    .map((fault) => reasonOf(fault, line, parts))
  const doubts = parts.flatMap((part) => (part.isDoubtful ? [part.need] : []))
  return [...new Set([...own, ...doubts])]
}

function reasonOf(fault: Fault, line: Line, parts: readonly Part[]): string {
  const known = BY_CODE[fault.code]
  if (known !== undefined) return known
  const part = parts.find((one) => isAbout(one, line, fault))
  if (part && part.need !== '' && fault.severity === 'error') return part.need
  if (line.sentence.form === 'lastClicked') return reasons.moreClicks
  return upper(fault.detail)
}

/** What is wrong with a group itself. */
export function groupReasons(faults: readonly Fault[]): readonly string[] {
  return [
    ...new Set(
      faults.map(
        ({ code, detail }) => BY_CODE[code] ?? (EMPTY.includes(code) ? reasons.nothing : upper(detail)),
      ),
    ),
  ]
}

const EMPTY: readonly string[] = ['unfinished', 'unexpected']

const BY_CODE: { readonly [code: string]: string | undefined } = {
  unknown_segment: reasons.unknownSegment,
  not_for_segments: reasons.notForSegments,
  segment_circle: reasons.segmentCircle,
}
