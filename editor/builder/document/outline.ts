/**
 * A journey as a list that reads from top to bottom: what narrow screens and screen readers get. A step stands where it
 * is met first; wherever else a way leads to it, a reference stands instead.
 */
import { ENTRY } from './frame.ts'
import { waysByStart, type Card, type Graph, type GraphWay } from './graph.ts'

/** `via` is the label of the one way that leads here, where it has one. */
export type OutlineItem = { readonly via?: string } & (
  | { readonly type: 'step'; readonly card: Card; readonly branches: readonly OutlineBranch[] }
  | { readonly type: 'reference'; readonly to: string; readonly how: 'joins' | 'back' | 'itself' }
)

export interface OutlineBranch {
  readonly way: GraphWay
  readonly items: readonly OutlineItem[]
}

/** What begins at the frame and at each goal or exit with a way of its own, by node id. */
export interface Outline {
  readonly beginnings: readonly { readonly id: string; readonly branches: readonly OutlineBranch[] }[]
  /** Steps that no way reaches, each with what follows it. */
  readonly loose: readonly (readonly OutlineItem[])[]
}

/** Every step of the journey once, every way once. */
export function outlineOf(graph: Graph): Outline {
  const cards = new Map(graph.cards.map((card) => [card.id, card]))
  const ways = waysByStart(graph.ways)
  const seen = new Set<string>()

  function branchesFrom(id: string): readonly OutlineBranch[] {
    return (ways.get(id) ?? []).map((way) => ({ way, items: follow(way) }))
  }
  function follow(way: GraphWay): readonly OutlineItem[] {
    const card = cards.get(way.to)
    return card === undefined || seen.has(way.to)
      ? [{ type: 'reference', to: way.to, how: howOf(way) }]
      : chain(card)
  }
  /** A step, and what follows it as long as there is only one way. */
  function chain(card: Card): readonly OutlineItem[] {
    seen.add(card.id)
    const [only, ...others] = ways.get(card.id) ?? []
    if (only === undefined) return [{ type: 'step', card, branches: [] }]
    if (others.length > 0) return [{ type: 'step', card, branches: branchesFrom(card.id) }]
    return [{ type: 'step', card, branches: [] }, ...reachedBy(only, follow(only))]
  }

  const beginnings = [ENTRY, ...graph.endings.map(({ id }) => id)].map((id) => ({
    id,
    branches: branchesFrom(id),
  }))
  const loose = graph.cards.flatMap((card) => (seen.has(card.id) ? [] : [chain(card)]))
  return { beginnings, loose }
}

function reachedBy({ label }: GraphWay, [first, ...rest]: readonly OutlineItem[]): readonly OutlineItem[] {
  if (first === undefined) return []
  return [label === undefined ? first : { ...first, via: label }, ...rest]
}

function howOf({ from, to, kind }: GraphWay): 'joins' | 'back' | 'itself' {
  if (from === to) return 'itself'
  return kind === 'back' ? 'back' : 'joins'
}
