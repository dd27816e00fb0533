/**
 * Where everything of a journey is drawn, top to bottom. Pure: the same journey always gives the same picture; nothing
 * of it is stored but what a person moved (`meta.offset`).
 *
 * Every fork stands above its branches, side by side in the order of the file; where branches come together again, what
 * follows stands below all of them. What does not fit that (a way far ahead, or one that would cross others) ends in a
 * sign that says where it goes on. So lines never cross each other, and one more step only moves what is below or beside.
 * A layered layout (dagre) took over a second for 500 steps; this takes milliseconds.
 */
import { words } from '../../words.ts'
import type { Drawing, PlacedNode } from './drawing.ts'
import { forestOf, type Forest } from './forest.ts'
import { ENTRY } from './frame.ts'
import { waysByStart, type Graph, type GraphWay } from './graph.ts'
import { drawn, endOf, TRIGGER_LEVEL, type Placed, type Track } from './picture.ts'
import {
  absorb,
  beside,
  corner,
  edge,
  outline,
  shift,
  type Piece,
  type Region as AnyRegion,
} from './regions.ts'
import {
  backSize,
  CARD_WIDTH,
  cardSize,
  COLUMN_GAP,
  endingSize,
  frameSize,
  labelSize,
  signSize,
} from './sizes.ts'

/** From a card, or from what is written below it, to the next card or sign: room for the button in the middle. */
const GAP = 52
/** From a fork to the level line that its branches begin at; one more level for each trigger beside another. */
const FORK_GAP = 24
/** From a card or a level line to what is written on the way. */
const LABEL_GAP = 12
/** From the lowest branch to where all come together, and from that level line to the card. */
const JOIN_GAP = 106
const JOIN_LEVEL = 52
/** Between level lines above each other, and between upright ones beside each other or beside a card. */
const LEVEL_GAP = 14
const LANE_GAP = 28
/** A line longer than this is nothing the eye follows. */
const FAR = 1500
const TREE_GAP = 110
/** From a card to what is written at the beginning of a way back: room for the button. */
const BACK_GAP = 44
/** From a card to the loop that leads to itself. */
const LOOP_GAP = 26

/** Places a journey. */
export function layOut(graph: Graph): Drawing {
  const sized = sizedNodes(graph)
  const starts = [ENTRY, ...graph.endings.map(({ id }) => id)]
  const ids = graph.cards.map(({ id }) => id)
  // Which ways end in a sign shows only when the rest is placed; then the rest has more room, and is placed again.
  for (let cut: ReadonlySet<string> = new Set(); ; ) {
    const placed = placedIn(forestOf(graph.ways, starts, ids, cut), sized, graph.ways)
    if (placed.cut.size === 0) return drawn(graph.ways, sized, placed)
    cut = new Set([...cut, ...placed.cut])
  }
}

function sizedNodes({ entry, endings, cards }: Graph): ReadonlyMap<string, PlacedNode> {
  const at = { x: 0, y: 0 } as const
  const nodes: readonly PlacedNode[] = [
    { ...at, id: ENTRY, type: 'entry', entry, ...frameSize(entry) },
    ...endings.map(
      (ending): PlacedNode => ({ ...at, id: ending.id, type: 'ending', ending, ...endingSize(ending) }),
    ),
    ...cards.map((card): PlacedNode => ({ ...at, id: card.id, type: 'step', card, ...cardSize(card) })),
  ]
  return new Map(nodes.map((node) => [node.id, node]))
}

// ---- Trees -----------------------------------------------------------------------------------------------------------

type Region = AnyRegion<Track>

function placedIn(forest: Forest, sized: ReadonlyMap<string, PlacedNode>, ways: readonly GraphWay[]): Placed {
  const nodes = new Map<string, Piece>()
  const tracks = new Map<string, Track>()
  const cut = new Set<string>()
  const backs = ways.filter(({ kind }) => kind === 'back')
  const backFrom = waysByStart(backs)
  const [first, second, ...others] = forest.roots.map((root) => tree(root))
  if (first) {
    // As long as nothing leads from the frame to the steps, they stand below it all the same.
    const isBegun = ways.some(({ from }) => from === ENTRY)
    const isBeside = isBegun || second === undefined || forest.roots[1]?.startsWith(`${ENTRY}:`)
    if (!isBeside) {
      shift(second, 0, first.bottom + GAP)
      absorb(first, second)
    }
    beside([first, ...(isBeside && second ? [second] : []), ...others], TREE_GAP)
  }
  return { nodes, tracks, cut }

  /** A step with its middle at 0, the steps right below it one after the other, and all that follows. */
  function tree(root: string): Region {
    const region: Region = { solid: [], loose: [], open: [], bottom: 0 }
    const chain: string[] = []
    for (let id: string | undefined = root; id !== undefined; ) {
      chain.push(id)
      stand(region, id)
      const ways = forest.waysFrom(id)
      const [only, ...more] = ways
      if (only !== undefined && more.length === 0 && forest.courseOf(only) === 'child') {
        begin(region, only, region.bottom)
        id = only.to
      } else {
        const below = branches(id, ways)
        shift(below, 0, region.bottom)
        absorb(region, below)
        id = undefined
      }
    }
    for (const id of chain.toReversed())
      for (const way of backs) if (way.to === id && way.from !== id) leadBack(region, way)
    return region
  }

  /** Puts a card at the bottom, with what is written at its left about ways back. */
  function stand(region: Region, id: string) {
    const { width, height } = sized.get(id) as PlacedNode
    const card = piece(region, 'solid', { x: -width / 2, y: region.bottom, width, height })
    nodes.set(id, card)
    region.bottom += height
    let top = card.y + 6
    for (const way of backFrom.get(id) ?? []) {
      const size = backSize(way)
      const itself = way.to === id
      const label = piece(region, 'solid', {
        x: card.x - (itself ? LOOP_GAP : BACK_GAP) - size.width,
        y: itself ? card.y + (height - size.height) / 2 : top,
        ...size,
      })
      const middle = label.y + size.height / 2
      const track: Track = { way, bends: [], label }
      if (!itself) track.plus = piece(region, 'loose', corner(card.x - BACK_GAP / 2, middle))
      tracks.set(way.id, track)
      top += size.height + 8
    }
    region.bottom = Math.max(region.bottom, top - 8)
  }

  /** A way from a card's bottom down to where the next card or a sign can stand; answers its track. */
  function begin(region: Region, way: GraphWay, from: number): Track {
    const track: Track = { way, bends: [piece(region, 'loose', corner(0, from))] }
    tracks.set(way.id, track)
    region.bottom = from
    if (way.label !== undefined) {
      const size = labelSize(way.label)
      track.label = piece(region, 'solid', { x: -size.width / 2, y: from + LABEL_GAP, ...size })
      region.bottom += LABEL_GAP + size.height
      track.bends.push(piece(region, 'loose', corner(0, region.bottom)))
    }
    track.plus = piece(region, 'loose', corner(0, region.bottom + GAP / 2))
    piece(region, 'solid', { x: 0, y: region.bottom, width: 0, height: GAP })
    region.bottom += GAP
    return track
  }

  /** What follows a fork, or a card whose way does not go to a card right below; 0 is the middle of its bottom. */
  function branches(fork: string, ways: readonly GraphWay[]): Region {
    const several = ways.length > 1
    const start = several
      ? FORK_GAP + ways.filter(({ trigger }) => trigger !== undefined).length * TRIGGER_LEVEL
      : 0
    let columns: readonly Column[] = ways.map((way) => column(way, start))
    const waiting = new Set(forest.joinsOf(fork))
    while (waiting.size > 0) {
      const join = nextJoin(waiting, columns)
      waiting.delete(join)
      columns = joined(join, columns)
    }
    const [first, ...others] = columns
    if (first === undefined) return { solid: [], loose: [], open: [], bottom: 0 }
    const heads = columns.flatMap((each) => each.heads)
    const region = beside([first.region, ...others.map(({ region }) => region)], COLUMN_GAP)
    shift(region, -middleOf(heads), 0)
    return region
  }

  interface Column {
    readonly region: Region
    /** Where the branches in it begin. */
    readonly heads: readonly Piece[]
  }

  function column(way: GraphWay, start: number): Column {
    const region: Region = { solid: [], loose: [], open: [], bottom: 0 }
    const track = begin(region, way, start)
    if (way.trigger !== undefined)
      piece(region, 'solid', { x: -CARD_WIDTH / 2, y: start, width: CARD_WIDTH, height: 0 })
    const course = forest.courseOf(way)
    if (course === 'child') {
      const below = tree(way.to)
      shift(below, 0, region.bottom)
      absorb(region, below)
    } else if (course === 'join') {
      region.bottom -= GAP
      region.solid.pop()
      region.open.push(track)
    } else endInSign(region, track)
    return { region, heads: [track.bends[0] as Piece] }
  }

  function endInSign(region: Region, track: Track) {
    const { x } = track.bends.at(-1) as Piece
    const size = signSize(words.canvas.goesOn(track.way.leadsTo))
    track.sign = piece(region, 'solid', { x: x - size.width / 2, y: region.bottom, ...size })
    region.bottom += size.height
  }

  // ---- Where branches come together ----

  /** Of the joins whose ways have all come, the one that the fewest columns are needed for. */
  function nextJoin(waiting: ReadonlySet<string>, columns: readonly Column[]): string {
    const open = columns.flatMap(({ region }, index) => region.open.map(({ way }) => ({ to: way.to, index })))
    const spans = [...waiting].map((join) => {
      const at = open.flatMap(({ to, index }) => (to === join ? [index] : []))
      const isReady = at.length === forest.arrivalsAt(join)
      return { join, width: isReady ? (at.at(-1) ?? 0) - (at[0] ?? 0) : Number.POSITIVE_INFINITY }
    })
    const least = spans.reduce((one, other) => (other.width < one.width ? other : one))
    return least.join
  }

  /** The columns that lead to a join become one, with the join below them. */
  function joined(join: string, columns: readonly Column[]): readonly Column[] {
    const open = columns.flatMap(({ region }, index) => region.open.map((track) => ({ track, index })))
    const kept = nearOf(
      open.filter(({ track }) => track.way.to === join),
      columns,
    )
    const [start, end] = [kept[0]?.index, kept.at(-1)?.index]
    if (start === undefined || end === undefined) return columns
    const keeps = new Set(kept.map(({ track }) => track))
    const between = open.slice(open.findIndex(isKept), open.findLastIndex(isKept))
    const cutHere = open.filter(
      (each) => !isKept(each) && (each.track.way.to === join || between.includes(each)),
    )
    for (const { track, index } of cutHere) {
      cut.add(track.way.id)
      const { region } = columns[index] as Column
      region.open = region.open.filter((each) => each !== track)
    }
    const [first, ...others] = columns.slice(start, end + 1) as [Column, ...Column[]]
    const heads = [first, ...others].flatMap((each) => each.heads)
    const region = beside([first.region, ...others.map((each) => each.region)], COLUMN_GAP)
    const xs = kept.map(({ track }) => endOf(track).x)
    const [least, most] = [Math.min(...xs), Math.max(...xs)]
    const middle = others.length + 1 === columns.length ? middleOf(heads) : (least + most) / 2
    standBelow(region, join, Math.max(least, Math.min(most, middle)), (track) => keeps.has(track))
    return [...columns.slice(0, start), { region, heads }, ...columns.slice(end + 1)]

    function isKept({ track }: { readonly track: Track }): boolean {
      return keeps.has(track)
    }
  }

  /** Of the ways to a join those that are not too long for the eye; at least the one that comes from lowest. */
  function nearOf<Coming extends { readonly track: Track; readonly index: number }>(
    coming: readonly Coming[],
    columns: readonly Column[],
  ): readonly Coming[] {
    const [first, last] = [coming[0], coming.at(-1)]
    if (first === undefined || last === undefined) return []
    const lowest = Math.max(...columns.slice(first.index, last.index + 1).map(({ region }) => region.bottom))
    const near = coming.filter(({ track }) => lowest - endOf(track).y <= FAR)
    if (near.length > 0) return near
    return [coming.reduce((one, other) => (endOf(other.track).y > endOf(one.track).y ? other : one))]
  }

  /** Puts a join below a region; lines that lead further pass it at its sides. */
  function standBelow(region: Region, join: string, x: number, leads: (track: Track) => boolean) {
    const left = region.open.slice(0, region.open.findIndex(leads)).toReversed()
    const right = region.open.slice(region.open.findLastIndex(leads) + 1)
    const lanes = Math.max(left.length, right.length)
    const level = region.bottom + JOIN_GAP - JOIN_LEVEL + lanes * LEVEL_GAP
    const below = tree(join)
    shift(below, x, level + JOIN_LEVEL)
    for (const track of region.open.filter(leads)) {
      leadTo(region, track, endOf(track).x, level)
      leadTo(region, track, x, level)
    }
    let outermost = left.length > 0 ? edge(below, 'left') : 0
    for (const [index, track] of left.entries()) {
      outermost = Math.min(endOf(track).x, outermost - LANE_GAP)
      passAt(region, track, outermost, level - (index + 1) * LEVEL_GAP)
    }
    if (right.length > 0) outermost = edge(below, 'right')
    for (const [index, track] of right.entries()) {
      outermost = Math.max(endOf(track).x, outermost + LANE_GAP)
      passAt(region, track, outermost, level - (index + 1) * LEVEL_GAP)
    }
    const open = [...left.toReversed(), ...below.open, ...right]
    absorb(region, below)
    region.open = open
  }

  function passAt(region: Region, track: Track, x: number, y: number) {
    if (x === endOf(track).x) return
    leadTo(region, track, endOf(track).x, y)
    leadTo(region, track, x, y)
  }

  /** The line goes on straight to here, level or upright. */
  function leadTo(region: Region, track: Track, x: number, y: number) {
    const end = endOf(track)
    const height = y - end.y
    if (height > 0) piece(region, 'solid', { x: end.x, y: end.y, width: 0, height })
    track.bends.push(piece(region, 'loose', corner(x, y)))
  }

  // ---- Ways back ----

  /** Leads a way back around everything at the left, where nothing stands in its way; else it ends beside its card. */
  function leadBack(region: Region, way: GraphWay) {
    const track = tracks.get(way.id)
    const target = nodes.get(way.to)
    if (track?.label === undefined || target === undefined || !forest.isAbove(way.to, way.from)) return
    const label = track.label
    const [leaves, arrives] = [label.y + label.height / 2, target.y + target.height / 2]
    if (leaves - arrives > FAR) return
    const standing = outline(region)
    const passed = standing.filter(
      ({ y, height }) => y < leaves + LANE_GAP && y + height > arrives - LANE_GAP,
    )
    const lane = Math.min(...passed.map(({ x }) => x)) - LANE_GAP
    const isFree = (right: number, level: number) =>
      standing.every(
        ({ x, y, width, height }) =>
          x >= right || x + width <= lane || y > level + 4 || y + height < level - 4,
      )
    if (!isFree(label.x, leaves) || !isFree(target.x, arrives)) return
    for (const at of [corner(lane, leaves), corner(lane, arrives)]) {
      region.loose.push(at)
      track.bends.push(at)
    }
    piece(region, 'solid', { x: lane, y: arrives, width: 0, height: leaves - arrives })
  }
}

function piece(region: Region, where: 'solid' | 'loose', made: Piece): Piece {
  region[where].push(made)
  return made
}

function middleOf(pieces: readonly Piece[]): number {
  const xs = pieces.map(({ x }) => x)
  return (Math.min(...xs) + Math.max(...xs)) / 2
}
