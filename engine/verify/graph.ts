/** Steps and ways as a graph: who leads where, what can be reached, what goes in circles. */
import { mayBeOver, parseDelay, type Delay } from '../delays.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, firstStepOf, stepsOf, triggersOf, waysOf } from '../reading.ts'

/** Where each node leads. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** Every step with the steps its ways lead to. */
export function waysGraph(journey: Journey): Graph {
  return new Map(stepsOf(journey).map(([id, step]) => [id, waysOf(step).map(({ branch }) => branch.target)]))
}

/**
 * Only the ways on which nobody waits: those taken at once, or as soon as a condition holds or the result of a step is
 * known (of a message that must not go out it is known at once), or after a wait that may be over before it begins.
 */
export function instantGraph(journey: Journey): Graph {
  return new Map(
    stepsOf(journey).map(([id, { always, on, after = {} }]) => {
      const over = Object.entries(after).flatMap(([name, way]) =>
        mayBeOver(parseDelay(name) as Delay) ? [way] : [],
      )
      const ways = [always, on?.['step.done'], on?.['step.failed'], ...over]
      return [id, ways.flatMap((way) => branchesOf(way).map(({ target }) => target))]
    }),
  )
}

/** The steps that triggers lead to. */
export function firstSteps(journey: Journey): readonly string[] {
  return Object.values(journey.on).flatMap((on) => triggersOf(on).map(firstStepOf))
}

/** The steps that the goal and the exits lead to. */
export function endingSteps({ meta: { goal, exits = [] } }: Journey): readonly string[] {
  return [...(goal ? [goal] : []), ...exits].flatMap(({ to }) => (to === undefined ? [] : [to]))
}

/** All that can be reached, the starting nodes included. */
export function reached(graph: Graph, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set(from)
  // A set that grows while it is walked is walked to its new end. In a parsed journey every target exists.
  for (const node of seen) for (const next of graph.get(node)!) seen.add(next)
  return seen
}

/** The graph with every edge turned round. */
export function reversed(graph: Graph): Graph {
  const turned = new Map<string, string[]>([...graph.keys()].map((node) => [node, []]))
  for (const [node, nexts] of graph) for (const next of nexts) turned.get(next)?.push(node)
  return turned
}

/**
 * The loops: groups of nodes each of which leads to every other and back to itself, in the order of the graph. One walk
 * forward orders the nodes by when they are left, one backward collects the groups (Kosaraju).
 */
export function loops(graph: Graph): readonly (readonly string[])[] {
  const back = reversed(graph)
  const taken = new Set<string>()
  const groups = departures(graph)
    .toReversed()
    .map((node) => collect(back, node, taken))
  const order = [...graph.keys()]
  const circular = groups.filter(
    (group) => group.length > 1 || group.some((node) => graph.get(node)?.includes(node)),
  )
  const position = new Map(order.map((node, index) => [node, index]))
  const sorted = circular.map((group) => group.toSorted((a, b) => position.get(a)! - position.get(b)!))
  return sorted.toSorted(([a = ''], [b = '']) => position.get(a)! - position.get(b)!)
}

/** Nodes in the order in which a walk into the depth leaves them; without recursion, for journeys may be long. */
function departures(graph: Graph): readonly string[] {
  const left = new Set<string>()
  const entered = new Set<string>()
  const path = [...graph.keys()].toReversed()
  while (path.length > 0) {
    const node = path.at(-1)!
    if (entered.has(node)) {
      left.add(node)
      path.pop()
    } else {
      entered.add(node)
      path.push(...graph.get(node)!.filter((next) => graph.has(next) && !entered.has(next)))
    }
  }
  return [...left]
}

function collect(graph: Graph, from: string, taken: Set<string>): readonly string[] {
  const group = taken.has(from) ? [] : [from]
  for (const node of group) {
    if (taken.has(node)) continue
    taken.add(node)
    group.push(...graph.get(node)!.filter((next) => !taken.has(next)))
  }
  return [...new Set(group)]
}
