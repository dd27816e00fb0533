/**
 * How the steps of a journey hang together, so that they can be placed: which stands below which, and where branches
 * come together again. Pure.
 */
import { waysByStart, type GraphWay } from './graph.ts'

/** `child`: its step stands right below. `join`: its step stands below the fork whose branches come together there. */
export type Course = 'child' | 'join' | 'elsewhere'

export interface Forest {
  /** What trees begin with, each with all that no tree before it has. */
  readonly roots: readonly string[]
  /** The ways on from a node, in the order of the file, without those that lead back. */
  readonly waysFrom: (id: string) => readonly GraphWay[]
  readonly courseOf: (way: GraphWay) => Course
  /** What stands below a fork because several of its branches lead there, from top to bottom. */
  readonly joinsOf: (fork: string) => readonly string[]
  /** How many ways come together at a join. */
  readonly arrivalsAt: (join: string) => number
  /** Whether everybody who comes to the second has been at the first. */
  readonly isAbove: (first: string, second: string) => boolean
}

/** The trees of a journey, each node in one of them. `cut` are ways that end in a sign: they place nothing. */
export function forestOf(
  ways: readonly GraphWay[],
  starts: readonly string[],
  ids: readonly string[],
  cut: ReadonlySet<string>,
): Forest {
  const onward = waysByStart(ways.filter(({ kind }) => kind !== 'back'))
  const waysFrom = (id: string) => onward.get(id) ?? []
  const rootOf = new Map<string, string>()
  const order: string[] = []
  const roots: string[] = []
  for (const root of [...starts, ...beginnings(ids, ways, cut)]) {
    if (rootOf.has(root)) continue
    roots.push(root)
    order.push(...fromTop(root, waysFrom, rootOf, cut))
  }
  const leads = ({ id, from, to }: GraphWay) => !cut.has(id) && rootOf.get(from) === rootOf.get(to)
  const arriving = Map.groupBy(
    ways.filter((way) => way.kind !== 'back' && leads(way)),
    ({ to }) => to,
  )
  const above = dominators(order, arriving)
  const joins = new Map<string, string[]>()
  for (const id of order) {
    if ((arriving.get(id)?.length ?? 0) < 2) continue
    const fork = above.get(id)?.id ?? ''
    joins.set(fork, [...(joins.get(fork) ?? []), id])
  }
  const arrivalsAt = (id: string) => arriving.get(id)?.length ?? 0
  return {
    roots,
    waysFrom,
    courseOf: (way) => (leads(way) ? (arrivalsAt(way.to) === 1 ? 'child' : 'join') : 'elsewhere'),
    joinsOf: (fork) => joins.get(fork) ?? [],
    arrivalsAt,
    isAbove: (first, second) => {
      for (let node = above.get(second); node !== undefined; node = node.above)
        if (node.id === first) return true
      return false
    },
  }
}

/** Steps that nothing leads to from above: they begin trees of their own. */
function beginnings(
  ids: readonly string[],
  ways: readonly GraphWay[],
  cut: ReadonlySet<string>,
): readonly string[] {
  const led = new Set(ways.flatMap(({ id, to, kind }) => (kind === 'back' || cut.has(id) ? [] : [to])))
  return ids.filter((id) => !led.has(id))
}

/** All that is reached from a root and has no root yet, each before what follows it. */
function fromTop(
  root: string,
  waysFrom: Forest['waysFrom'],
  rootOf: Map<string, string>,
  cut: ReadonlySet<string>,
): readonly string[] {
  const done: string[] = []
  const open: { readonly id: string; readonly ways: readonly GraphWay[]; next: number }[] = []
  const enter = (id: string) => {
    rootOf.set(id, root)
    open.push({ id, ways: waysFrom(id), next: 0 })
  }
  enter(root)
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const way = at.ways[at.next++]
    if (way === undefined) {
      done.push(at.id)
      open.pop()
    } else if (!cut.has(way.id) && !rootOf.has(way.to)) enter(way.to)
  }
  return done.toReversed()
}

interface Dominator {
  readonly id: string
  readonly depth: number
  readonly above: Dominator | undefined
}

/** For each node the last one that all paths to it have in common (what stands above it), with all above that. */
function dominators(
  order: readonly string[],
  arriving: ReadonlyMap<string, readonly GraphWay[]>,
): ReadonlyMap<string, Dominator> {
  const own = new Map<string, Dominator>()
  const above = new Map<string, Dominator>()
  for (const id of order) {
    const [first, ...others] = (arriving.get(id) ?? []).map(({ from }) => own.get(from))
    const last = others.reduce((one, other) => shared(one, other), first)
    own.set(id, { id, depth: last ? last.depth + 1 : 0, above: last })
    if (last) above.set(id, last)
  }
  return above
}

function shared(one: Dominator | undefined, other: Dominator | undefined): Dominator | undefined {
  let [low, high] = [one, other]
  while (low !== high && low !== undefined && high !== undefined) {
    if (low.depth >= high.depth) low = low.above
    else high = high.above
  }
  return low === high ? low : undefined
}
