/** What the drawing shows of a journey again and again: where things stay, and what need not be drawn again. */
import { describe, expect, test } from 'vitest'
import {
  createDrawing,
  createNodes,
  createWays,
  draggedNodes,
  draggedWays,
  type Shown,
} from '../../editor/builder/canvas/projection.ts'
import { moveToSee, wholeView } from '../../editor/builder/canvas/view.ts'
import { isRefusal, type Command } from '../../editor/builder/document/command.ts'
import { insertStep, moveStep } from '../../editor/builder/document/commands.ts'
import type { Draft } from '../../editor/builder/document/draft.ts'
import { graphOf, type Graph } from '../../editor/builder/document/graph.ts'
import { largeJourney } from '../support/largeJourney.ts'

const journeyName = (id: string) => id
const subject = () => undefined
const graph = (journey: Draft): Graph => graphOf({ journey, journeyName, subject })

function after(draft: Draft, command: Command): Draft {
  const result = command(draft)
  if (isRefusal(result)) throw new Error(result.refused)
  return result
}

const SHOWN: Shown = {
  selection: [],
  people: {},
  problems: new Map(),
  nameOf: (id) => id,
  editable: true,
}
const before = largeJourney(120)
const middle = Object.keys(before.states)[40]!
const more = after(
  before,
  insertStep(graph(before).ways.find(({ from }) => from === middle)!.place, 'update'),
)

describe('one more step', () => {
  test('leaves what was touched where it stood', () => {
    const draw = createDrawing()
    const [first, second] = [draw(graph(before), () => middle), draw(graph(more), () => middle)]
    const placeIn = ({ nodes }: typeof first) => {
      const { x, y, width } = nodes.find(({ id }) => id === middle)!
      return { middle: x + width / 2, y }
    }
    expect(placeIn(second)).toEqual(placeIn(first))
    expect(second.nodes).toHaveLength(first.nodes.length + 1)
  })

  test('draws again only what moved', () => {
    const [draw, nodesOf, waysOf] = [createDrawing(), createNodes(), createWays()]
    const show = (draft: Draft) => {
      const drawing = draw(graph(draft), () => 'outside')
      return { nodes: nodesOf(drawing, graph(draft), SHOWN), ways: waysOf(drawing, SHOWN.nameOf), drawing }
    }
    const [first, second] = [show(before), show(more)]
    const same = second.nodes.filter((node) => first.nodes.includes(node))
    const unmoved = second.drawing.nodes.filter(({ id, x, y }) =>
      first.drawing.nodes.some((node) => node.id === id && node.x === x && node.y === y),
    )
    // The card before the new one has another way; all else that stands where it stood is the very same object.
    expect(unmoved.length).toBeGreaterThan(10)
    expect(same.length).toBeGreaterThanOrEqual(unmoved.length - 1)
    expect(second.ways.filter((way) => first.ways.includes(way)).length).toBeGreaterThan(10)
  })
})

test('a card that is dragged takes its lines along, and nothing else', () => {
  const drawing = createDrawing()(graph(before), () => undefined)
  const nodes = createNodes()(drawing, graph(before), SHOWN)
  const ways = createWays()(drawing, SHOWN.nameOf)
  const dragged = new Map([[middle, { x: 5_000, y: 40 }]])
  const moved = draggedNodes(nodes, dragged).filter((node, index) => node !== nodes[index])
  expect(moved).toMatchObject([{ id: middle, position: { x: 5_000, y: 40 } }])
  const led = draggedWays(ways, drawing, dragged).filter((way, index) => way !== ways[index])
  expect(led.length).toBeGreaterThan(0)
  expect(led.every(({ way }) => way.from === middle || way.to === middle)).toBe(true)
  expect(draggedNodes(nodes, new Map())).toBe(nodes)
})

test('a card moved by hand stays the anchor of its surroundings', () => {
  const draw = createDrawing()
  const first = draw(graph(before), () => middle)
  const second = draw(graph(after(before, moveStep(middle, { x: 300, y: 20 }))), () => middle)
  const still = second.nodes.filter(({ id, x, y }) =>
    first.nodes.some((node) => node.id === id && node.x === x && node.y === y),
  )
  expect(still).toHaveLength(first.nodes.length - 1)
})

describe('the view', () => {
  const frame = { width: 1000, height: 800 }
  const box = (x: number, y: number) => ({ x, y, width: 200, height: 80 })

  test('stays for what is seen, and moves no more than it takes for what is not', () => {
    const view = { x: 0, y: 0, zoom: 1 }
    expect(moveToSee(box(300, 300), view, frame)).toBeNull()
    const moved = moveToSee(box(300, 700), view, frame)
    expect(moved).toEqual({ x: 0, y: -44, zoom: 1 })
  })

  test('goes to the middle for what is far away', () => {
    const { x = 0, y = 0 } = moveToSee(box(9_000, 9_000), { x: 0, y: 0, zoom: 1 }, frame) ?? {}
    expect(9_000 + x).toBeGreaterThan(200)
    expect(9_200 + x).toBeLessThan(1000)
    expect(9_000 + y).toBeGreaterThan(100)
    expect(9_080 + y).toBeLessThan(700)
  })

  test('of everything holds everything', () => {
    const drawing = { x: -300, y: 50, width: 4_000, height: 2_000 }
    const { x, y, zoom } = wholeView(drawing, frame, 0.1)
    expect(drawing.x * zoom + x).toBeGreaterThanOrEqual(0)
    expect((drawing.x + drawing.width) * zoom + x).toBeLessThanOrEqual(frame.width)
    expect((drawing.y + drawing.height) * zoom + y).toBeLessThanOrEqual(frame.height)
  })
})
