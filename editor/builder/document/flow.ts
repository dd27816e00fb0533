/** How one goes through a journey with the keys: along the ways, as it reads from top to bottom. Pure. */
import { ENTRY, frameId, framePartOf } from './frame.ts'
import { waysByStart, type Graph } from './graph.ts'
import { outlineOf, type OutlineBranch, type OutlineItem } from './outline.ts'

/** The frame, then every step once, in the order in which the outline tells them. */
export function flowOf(graph: Graph): readonly string[] {
  const { beginnings, loose } = outlineOf(graph)
  return [
    ...beginnings.flatMap(({ id, branches }) => [
      ...(id === ENTRY ? [ENTRY] : []),
      ...branches.flatMap(inBranch),
    ]),
    ...loose.flatMap((items) => items.flatMap(inItem)),
  ]
}

function inBranch({ items }: OutlineBranch): readonly string[] {
  return items.flatMap(inItem)
}

function inItem(item: OutlineItem): readonly string[] {
  return item.type === 'step' ? [item.card.id, ...item.branches.flatMap(inBranch)] : []
}

export const DIRECTIONS = ['next', 'previous', 'before', 'behind'] as const
/** Down and up along the ways; to the branch beside, at the left (`before`) and at the right (`behind`). */
export type Direction = (typeof DIRECTIONS)[number]

/** Where a key leads from a step or a part of the frame; undefined where there is nothing in that direction. */
export function neighbourOf(graph: Graph, id: string, direction: Direction): string | undefined {
  if (framePartOf(id) !== undefined && !graph.endings.some((ending) => ending.id === id))
    return neighbourInFrame(graph, id, direction)
  const ways = waysByStart(graph.ways.filter(({ kind }) => kind !== 'back'))
  const from = graph.ways.find(({ to, kind }) => to === id && kind !== 'back')?.from
  switch (direction) {
    case 'next':
      return ways.get(id)?.[0]?.to
    case 'previous':
      return from === undefined || graph.endings.some((ending) => ending.id === from) ? undefined : from
    case 'before':
    case 'behind': {
      const beside = beginningOfBranch(graph, id)
      if (beside === undefined) return undefined
      const targets = [...new Set((ways.get(beside.fork) ?? []).map(({ to }) => to))]
      const place = targets.indexOf(beside.first)
      return targets[direction === 'before' ? place - 1 : place + 1]
    }
  }
}

/** The triggers stand side by side: each leads down to its first step, and the frame to the first of all. */
function neighbourInFrame({ entry, ways }: Graph, id: string, direction: Direction): string | undefined {
  const triggers = entry.triggers.map(({ place }) => frameId({ part: 'trigger', place }))
  const at = triggers.indexOf(id)
  switch (direction) {
    case 'next':
      return at < 0 && id !== ENTRY
        ? undefined
        : (entry.triggers[at]?.target ?? ways.find(({ from }) => from === ENTRY)?.to)
    case 'previous':
      return id === ENTRY ? undefined : ENTRY
    case 'before':
      return triggers[at - 1]
    case 'behind':
      return at < 0 && id !== ENTRY ? undefined : triggers[at + 1]
  }
}

/** The nearest fork above a step, and the first step of the branch that the step is in. */
function beginningOfBranch(
  graph: Graph,
  id: string,
): { readonly fork: string; readonly first: string } | undefined {
  const seen = new Set<string>()
  for (let first = id; !seen.has(first); ) {
    seen.add(first)
    const way = graph.ways.find(({ to, kind, from }) => to === first && kind !== 'back' && from !== first)
    if (way === undefined) return undefined
    const targets = new Set(graph.ways.filter(({ from }) => from === way.from).map(({ to }) => to))
    if (targets.size > 1) return { fork: way.from, first }
    first = way.from
  }
  return undefined
}
