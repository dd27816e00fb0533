import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../editor/builder/document/command.ts'
import { leadTo } from '../../editor/builder/document/commands.ts'
import type { Draft } from '../../editor/builder/document/draft.ts'
import type { Drawing } from '../../editor/builder/document/drawing.ts'
import { ENTRY } from '../../editor/builder/document/frame.ts'
import type { Box, Point } from '../../editor/builder/document/geometry.ts'
import { graphOf, type Graph } from '../../editor/builder/document/graph.ts'
import { layOut } from '../../editor/builder/document/layout.ts'
import { outlineOf, type OutlineBranch, type OutlineItem } from '../../editor/builder/document/outline.ts'
import { pathOf } from '../../editor/builder/document/paths.ts'
import { placesOf } from '../../editor/builder/document/places.ts'
import { stepsOf, triggersOf, waysOf, type Journey } from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { arbitraryJourney, journeyOf, triggerTo } from '../support/journeys.ts'
import { largeJourney } from '../support/largeJourney.ts'

const SHIPPED = JOURNEY_NAMES.map((name) => [name, shippedJourney(name)] as const)

function drawn(journey: Journey): { readonly graph: Graph; readonly drawing: Drawing } {
  const graph = graphOf({ journey, journeyName: (id) => id, subject: () => undefined })
  return { graph, drawing: layOut(graph) }
}

/** Ways out of steps as they stand in the file. */
function waysInFile(journey: Journey): readonly string[] {
  return stepsOf(journey)
    .flatMap(([id, step]) => waysOf(step).map(({ branch }) => `${id} → ${branch.target}`))
    .toSorted()
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function fromCentre({ x, y, width, height }: Box): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

function between(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  }
}

/** Without the edge, which lines begin at. */
function inner({ x, y, width, height }: Box): Box {
  return { x: x + 2, y: y + 2, width: width - 4, height: height - 4 }
}

/** Whether a level and an upright line cross, and do not only touch. */
function crosses(a: Box, b: Box): boolean {
  const [level, upright] = a.height === 0 ? [a, b] : [b, a]
  return (
    level.height === 0 &&
    upright.width === 0 &&
    upright.x > level.x + 1 &&
    upright.x < level.x + level.width - 1 &&
    level.y > upright.y + 1 &&
    level.y < upright.y + upright.height - 1
  )
}

/** A draft in which some ways lead anywhere, forward and back. */
function tangled(draft: Draft, seed: number): Draft {
  const ids = stepsOf(draft).map(([id]) => id)
  return Array.from({ length: 12 }, (_, index) => index).reduce((before, index) => {
    const places = placesOf(before)
    const place = places[(seed * 131 + index * 57) % places.length]
    const target = ids[(seed * 17 + index * 41) % ids.length]
    const led = place && target ? leadTo(place, target)(before) : before
    return isRefusal(led) ? before : led
  }, draft)
}

/** As the layout alone places it: where a person moves a card to is theirs. */
function withoutOffsets(journey: Journey): Journey {
  return JSON.parse(
    JSON.stringify(journey, (key, value: unknown) => (key === 'offset' ? undefined : value)),
  ) as Journey
}

/** What a drawing shows of the steps and of the ways between them. */
function shownOf(journey: Journey) {
  const { nodes, ways } = drawn(journey).drawing
  const steps = nodes.flatMap((node) => (node.type === 'step' ? [node.id] : [])).toSorted()
  const between = ways.filter(({ from }) => steps.includes(from))
  return {
    steps,
    // The outcomes of a step that go the same way are drawn as one.
    ways: between
      .flatMap(({ from, to, place }) => (place.from === 'step' ? place.ats : []).map(() => `${from} → ${to}`))
      .toSorted(),
    ids: new Set(ways.map(({ id }) => id)).size,
  }
}

/** What the file holds, and so must be shown. */
function heldBy(journey: Journey) {
  const steps = stepsOf(journey)
    .map(([id]) => id)
    .toSorted()
  return { steps, ways: waysInFile(journey), ids: drawn(journey).graph.ways.length }
}

describe('a drawing', () => {
  test.each(SHIPPED)('of %s shows every step and every way once', (_, journey) => {
    expect(shownOf(journey)).toEqual(heldBy(journey))
  })

  test('of any journey shows every step and every way once', () => {
    const drawnOnce = fc.property(arbitraryJourney(), (journey) => {
      expect(shownOf(journey)).toEqual(heldBy(journey))
    })
    fc.assert(drawnOnce, { numRuns: 60 })
  })

  test.each(SHIPPED)('of %s has every trigger in its frame, with a line to its first step', (_, journey) => {
    const { graph, drawing } = drawn(journey)
    const triggers = Object.values(journey.on).flatMap(triggersOf)
    expect(graph.entry.triggers).toHaveLength(triggers.length)
    const reached = new Set(drawing.ways.filter(({ from }) => from === ENTRY).map(({ to }) => `.${to}`))
    expect(reached).toEqual(new Set(triggers.map(({ target }) => target)))
  })

  test('never puts two cards, or a card and a label, onto each other', () => {
    fc.assert(
      fc.property(arbitraryJourney().map(withoutOffsets), (journey) => {
        const { nodes, ways } = drawn(journey).drawing
        const labels = ways.flatMap(({ labelBox }) => (labelBox ? [fromCentre(labelBox)] : []))
        const pairs = nodes.flatMap((a, index) =>
          [...nodes.slice(index + 1), ...labels].map((b) => [a, b] as const),
        )
        expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test('never leads a line across a card', () => {
    fc.assert(
      fc.property(arbitraryJourney().map(withoutOffsets), (journey) => {
        const { nodes, ways } = drawn(journey).drawing
        const crossed = ways.flatMap(({ id, points }) =>
          points.slice(1).flatMap((to, index) => {
            const line = between(points[index] as Point, to)
            return nodes.flatMap((node) => (overlap(line, inner(node)) ? [`${id} crosses ${node.id}`] : []))
          }),
        )
        expect(crossed).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  test.each(SHIPPED)('of %s runs from top to bottom, but for ways back', (_, journey) => {
    const { nodes, ways } = drawn(journey).drawing
    const tops = new Map(nodes.map(({ id, y }) => [id, y]))
    const upward = ways.filter(({ from, to }) => (tops.get(from) ?? 0) >= (tops.get(to) ?? 0))
    expect(upward.filter(({ kind, sign }) => kind !== 'back' && sign === undefined)).toEqual([])
  })

  test.each([1, 2, 3, 4, 5, 6])('of a tangle of 70 steps is as calm as any (seed %i)', (seed) => {
    const journey = tangled(largeJourney(70, 'tangle', seed * 7919), seed)
    const { nodes, ways } = drawn(journey).drawing
    const written = ways.flatMap(({ labelBox, sign, kind }) => [
      ...(labelBox ? [fromCentre(labelBox)] : []),
      ...(sign && kind !== 'back' ? [fromCentre(sign)] : []),
    ])
    const buttons = ways.flatMap(({ from, to, plus }) =>
      from === to ? [] : [fromCentre({ ...plus, width: 22, height: 22 })],
    )
    const solid = [...nodes, ...written, ...buttons]
    const onEachOther = solid.flatMap((a, index) => solid.slice(index + 1).filter((b) => overlap(a, b)))
    expect(onEachOther).toEqual([])
    const lines = ways.flatMap(({ id, to, points }) =>
      points.slice(1).map((end, index) => ({ id, to, line: between(points[index] as Point, end) })),
    )
    const across = lines.filter(({ line }) => nodes.some((node) => overlap(line, inner(node))))
    expect(across).toEqual([])
    const crossing = lines.flatMap((a, index) =>
      lines.slice(index + 1).filter((b) => a.to !== b.to && crosses(a.line, b.line)),
    )
    expect(crossing).toEqual([])
    // Nothing is lost for it: what cannot be led in a line says where it goes.
    expect(shownOf(journey)).toEqual(heldBy(journey))
  })

  test('ends a way that is too long for the eye in a sign', () => {
    const long = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `wait${index}`,
        { meta: { kind: 'wait' as const }, after: { P1D: index < 19 ? `wait${index + 1}` : 'sum' } },
      ]),
    )
    const journey = journeyOf({
      check: {
        meta: { kind: 'condition' },
        always: [
          { target: 'wait0', guard: { type: 'holds', params: { when: { list: 'Newsletter' } } } },
          { target: 'sum' },
        ],
      },
      ...long,
      sum: {
        meta: { kind: 'stage' },
        entry: { type: 'setStage', params: { stage: 'engagement' } },
        always: 'end',
      },
      end: { type: 'final' },
    })
    const signs = drawn(journey).drawing.ways.filter(({ sign }) => sign !== undefined)
    expect(signs).toMatchObject([{ from: 'check', to: 'sum', kind: 'otherwise' }])
  })

  test('keeps branches in the order in which they are looked at, everyone else at the right', () => {
    const { ways } = drawn(shippedJourney('bands')).drawing
    const labelled = ways.flatMap(({ from, labelBox, label }) =>
      from === 'band' && labelBox ? [{ x: labelBox.x, label }] : [],
    )
    expect(labelled.toSorted((a, b) => a.x - b.x).map(({ label }) => label)).toEqual([
      'Over 80: ready for sales',
      'Asked for a quote: qualified at any score',
      '50 to 80: qualified',
      '20 to under 50: warm',
      'Everyone else, under 20: new',
    ])
  })

  test('is the same every time', () => {
    const journey = shippedJourney('fast-track')
    expect(drawn(journey).drawing).toEqual(drawn(journey).drawing)
  })

  test('puts a card that was moved by hand beside its place, and nothing else moves', () => {
    const journey = shippedJourney('welcome')
    const mail = journey.states['mail'] as NonNullable<(typeof journey.states)[string]>
    const moved = { ...mail, meta: { kind: 'email' as const, ...mail.meta, offset: { x: 40, y: 8 } } }
    const places = (of: Journey) => new Map(drawn(of).drawing.nodes.map(({ id, x, y }) => [id, { x, y }]))
    const before = places(journey)
    const after = places({ ...journey, states: { ...journey.states, mail: moved } })
    for (const [id, { x, y }] of before)
      expect(after.get(id)).toEqual(id === 'mail' ? { x: x + 40, y: y + 8 } : { x, y })
  })
})

describe('a way back', () => {
  const loop = journeyOf({
    pause: { meta: { kind: 'wait' }, after: { P1D: 'ask' } },
    ask: {
      meta: { kind: 'condition' },
      always: [
        { target: 'pause', guard: { type: 'holds', params: { when: { list: 'Newsletter' } } } },
        { target: 'end' },
      ],
    },
    end: { type: 'final' },
  })

  test('is led around at the left, and all else keeps running down', () => {
    const { nodes, ways } = drawn(loop).drawing
    const back = ways.filter(({ kind }) => kind === 'back')
    expect(back.map(({ from, to }) => [from, to])).toEqual([['ask', 'pause']])
    const left = Math.min(...nodes.map(({ x }) => x))
    expect(Math.min(...(back[0]?.points ?? []).map(({ x }) => x))).toBeLessThan(left)
  })

  test('of a step to itself is a loop at its side', () => {
    const { ways } = drawn(shippedJourney('quiet-30-days')).drawing
    expect(ways.filter(({ kind }) => kind === 'back')).toMatchObject([{ from: 'quiet', to: 'quiet' }])
  })
})

describe('an outline', () => {
  test.each(SHIPPED)('of %s shows every step and every way once', (_, journey) => {
    expect(outlinedOf(journey)).toEqual(toOutline(journey))
  })

  test('of any journey shows every step and every way once', () => {
    const once = fc.property(arbitraryJourney(), (journey) => {
      expect(outlinedOf(journey)).toEqual(toOutline(journey))
    })
    fc.assert(once, { numRuns: 60 })
  })

  test('shows a step that nothing leads to as well', () => {
    const journey = journeyOf({ end: { type: 'final' }, lost: { type: 'final' } })
    const { loose } = outlineOf(drawn(journey).graph)
    expect(loose).toMatchObject([[{ type: 'step', card: { id: 'lost' } }]])
  })
})

function outlinedOf(journey: Journey) {
  const { beginnings, loose } = outlineOf(drawn(journey).graph)
  const items = [
    ...beginnings.flatMap(({ branches }) => branches.flatMap(inBranch)),
    ...loose.flat().flatMap(inItem),
  ]
  const steps = items.flatMap((item) => (item.type === 'step' ? [item.card.id] : [])).toSorted()
  // Every way ends at a step's own place or at a reference; the first of each loose row is reached by none.
  return { steps, ways: items.length - loose.length }
}

function toOutline(journey: Journey) {
  const { cards, ways } = drawn(journey).graph
  return { steps: cards.map(({ id }) => id).toSorted(), ways: ways.length }
}

function inBranch({ items }: OutlineBranch): readonly OutlineItem[] {
  return items.flatMap(inItem)
}

function inItem(item: OutlineItem): readonly OutlineItem[] {
  return item.type === 'step' ? [item, ...item.branches.flatMap(inBranch)] : [item]
}

test('two triggers with the same first step share one line', () => {
  const journey = journeyOf(
    { end: { type: 'final' } },
    { on: { signed_up: triggerTo('end'), called: triggerTo('end') } },
  )
  expect(drawn(journey).drawing.ways).toHaveLength(1)
})

test('a line has rounded corners and no more pieces than it needs', () => {
  expect(
    pathOf([
      { x: 0, y: 0 },
      { x: 0, y: 20 },
      { x: 40, y: 20 },
    ]),
  ).toBe('M 0 0 L 0 10 Q 0 20 10 20 L 40 20')
})
