/**
 * Segments: groups of contacts by a condition, each a member as long as it holds. A condition that names a segment asks
 * its condition anew; what a contact keeps of its memberships serves to tell when it enters or leaves.
 */
import { holds, readsOf } from './conditions.ts'
import { isMomentary, type Condition } from './dialect/conditions.ts'
import { nearest, problem, type Path, type Problem } from './problem.ts'
import { partsOf } from './reading.ts'
import { segmentSet, type Happening, type World } from './world.ts'

type Segments = ReadonlyMap<string, Condition>

const SEGMENT = 'segment:'

/** Everything a condition depends on, what the segments it names depend on included. */
function readsThrough(when: Condition, segments: Segments): ReadonlySet<string> {
  const reads = new Set(readsOf(when))
  // A set that grows while it is walked is walked to its new end.
  for (const key of reads) {
    const named = key.startsWith(SEGMENT) ? segments.get(key.slice(SEGMENT.length)) : undefined
    if (named) for (const read of readsOf(named)) reads.add(read)
  }
  return reads
}

// ---- Who belongs -------------------------------------------------------------------------------------------------

/** By what segments depend on, themselves or through others, those that do. */
export function segmentReaders(segments: Segments): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>()
  for (const [name, when] of segments)
    for (const key of readsThrough(when, segments)) readers.set(key, [...(readers.get(key) ?? []), name])
  return readers
}

/**
 * Looks again at the segments that read what was touched: who enters or leaves one is told so. Answers which changed, in
 * the terms of `readsOf`.
 */
export function reviewed(
  world: World,
  { segmentReaders }: { readonly segmentReaders: ReadonlyMap<string, readonly string[]> },
  touched: readonly Happening[],
): readonly [World, readonly string[]] {
  const { segments, contact, entry } = world
  const names = touched.flatMap(({ touches }) =>
    touches === 'everything'
      ? // One that is no more has no members either.
        [...segments.keys(), ...contact.segments]
      : touches.flatMap((key) => segmentReaders.get(key) ?? []),
  )
  if (names.length === 0) return [world, []]
  const silent = entry.kind === 'look' && entry.silent === true
  const next = [...new Set(names)].toSorted().reduce((so, name) => {
    return segmentSet(so, name, holds({ segment: name }, so), silent)
  }, world)
  const isIn = (name: string, { contact: { segments: all } }: World) => all.includes(name)
  const changed = names.filter((name) => isIn(name, world) !== isIn(name, next))
  return [next, changed.map((name) => SEGMENT + name)]
}

// ---- What may be a segment ---------------------------------------------------------------------------------------

/** What a segment's condition cannot ask: about an event or a passage, or itself by a roundabout way. */
export function segmentProblems(name: string, when: Condition, segments: Segments): readonly Problem[] {
  const problems = partsOf(when).flatMap(({ path, when: part }) => {
    if ('segment' in part) return namingProblems(name, part.segment, [...path, 'segment'], segments)
    return isMomentary(part) ? [problem('not_for_segments', path)] : []
  })
  const large = problems.length > 0 ? undefined : tooLarge(new Map([...segments, [name, when]]))
  return large === undefined ? problems : [problem('segment_too_large', [], large, MOST_PARTS)]
}

/** As many conditions are asked for each change of a contact, and for each contact when a segment changes. */
const MOST_PARTS = 1_000

/** A segment that asks more conditions than that, through those it names; all must be known and none in a circle. */
function tooLarge(segments: Segments): string | undefined {
  const sizes = new Map<string, number>()
  const sizeOf = (name: string): number => {
    let size = sizes.get(name)
    if (size === undefined) {
      const parts = partsOf(segments.get(name) as Condition)
      size = parts.reduce((sum, { when }) => sum + ('segment' in when ? sizeOf(when.segment) : 1), 0)
      sizes.set(name, size)
    }
    return size
  }
  return [...segments.keys()].find((name) => sizeOf(name) > MOST_PARTS)
}

function namingProblems(name: string, other: string, path: Path, segments: Segments): readonly Problem[] {
  if (readsThrough({ segment: other }, segments).has(`${SEGMENT}${name}`))
    return [problem('segment_circle', path, other)]
  return segments.has(other)
    ? []
    : [problem('unknown_segment', path, other, nearest(other, [...segments.keys()]))]
}
