/** Going through a journey with the keys. */
import { describe, expect, test } from 'vitest'
import { copyByButton } from '../../editor/builder/commands/actions.ts'
import { ariaKey, keyOf, shownKey } from '../../editor/builder/commands/keys.ts'
import { DIRECTIONS, flowOf, neighbourOf, type Direction } from '../../editor/builder/document/flow.ts'
import { frameId } from '../../editor/builder/document/frame.ts'
import { graphOf, type Graph } from '../../editor/builder/document/graph.ts'
import { createBuilder } from '../../editor/builder/state/store.ts'
import { words } from '../../editor/words.ts'
import { stepsOf } from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

function graph(name: string): Graph {
  return graphOf({ journey: shippedJourney(name), journeyName: String, subject: () => undefined })
}

describe('the flow of a journey', () => {
  test.each(JOURNEY_NAMES)('%s passes the frame and then every step once', (name) => {
    const flow = flowOf(graph(name))
    expect(flow[0]).toBe('outside')
    expect(flow.slice(1).toSorted()).toEqual(
      stepsOf(shippedJourney(name))
        .map(([id]) => id)
        .toSorted(),
    )
  })

  test('goes down and up along the ways, and to the branches beside', () => {
    const welcome = graph('welcome')
    const path = ['outside', 'list', 'mail', 'click', 'points', 'welcomed']
    expect(path.map((id) => neighbourOf(welcome, id, 'next'))).toEqual([...path.slice(1), undefined])
    expect(path.map((id) => neighbourOf(welcome, id, 'previous'))).toEqual([undefined, ...path.slice(0, -1)])
    expect(neighbourOf(welcome, 'welcomed', 'behind')).toBe('silent')
    expect(neighbourOf(welcome, 'silent', 'before')).toBe('points')
    expect(neighbourOf(welcome, 'points', 'before')).toBeUndefined()
    expect(neighbourOf(welcome, 'list', 'behind')).toBeUndefined()
  })

  test('goes from trigger to trigger, and down to the first step of each', () => {
    const awareness = graph('awareness')
    const [first, second, third] = ['newsletter_subscribed', 'contest_entry', 'event_signup'].map((event) =>
      frameId({ part: 'trigger', place: { from: 'trigger', event, index: 0 } }),
    ) as [string, string, string]
    const go = (id: string, direction: Direction) => neighbourOf(awareness, id, direction)
    expect(go('outside', 'behind')).toBe(first)
    expect([go(first, 'behind'), go(second, 'behind'), go(third, 'behind')]).toEqual([
      second,
      third,
      undefined,
    ])
    expect([go(third, 'before'), go(first, 'before')]).toEqual([second, undefined])
    expect([go('outside', 'next'), go(second, 'next')]).toEqual(['newsletter', 'contest'])
    expect([go(third, 'previous'), go('outside', 'previous')]).toEqual(['outside', undefined])
    expect(DIRECTIONS.map((direction) => go('outside:reentry', direction))).toEqual([
      undefined,
      'outside',
      undefined,
      undefined,
    ])
  })

  test.each(JOURNEY_NAMES)('%s never leads to what is not there', (name) => {
    const each = graph(name)
    const triggers = each.entry.triggers.map(({ place }) => frameId({ part: 'trigger', place }))
    const steps = [...each.cards, ...each.endings].map(({ id }) => id)
    const known = new Set(['outside', ...triggers, ...steps])
    for (const id of known)
      for (const direction of DIRECTIONS) {
        const to = neighbourOf(each, id, direction)
        expect(to === undefined || known.has(to)).toBe(true)
      }
  })
})

describe('keys', () => {
  const press = { key: 'z', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
  test.each([
    [{ ctrlKey: true }, 'mod+z'],
    [{ metaKey: true, shiftKey: true, key: 'Z' }, 'mod+shift+z'],
    [{ shiftKey: true, key: '?' }, '?'],
    [{ shiftKey: true, key: 'ArrowDown' }, 'shift+ArrowDown'],
    [{ ctrlKey: true, key: '+' }, 'mod++'],
    [{ key: 'A', altKey: true }, 'alt+a'],
  ])('%j are written %s', (pressed, written) => expect(keyOf({ ...press, ...pressed })).toBe(written))

  test('are shown as they stand on the keyboard', () => {
    expect(shownKey('mod+shift+z', false)).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(shownKey('mod++', true)).toEqual(['⌘', '+'])
    expect(shownKey('ArrowDown', false)).toEqual(['↓'])
    expect(ariaKey('mod+shift+z')).toBe('Control+Shift+Z')
  })
})

test('where the browser lets no button copy, that is said, and not that it was done', async () => {
  const journey = shippedJourney('welcome')
  const around = { journey, journeyName: String, subject: () => undefined }
  const builder = createBuilder(journey)
  builder.select(['mail'])
  // There is no clipboard here, as there is none in pages that came over HTTP.
  const bare = { people: {}, ask: () => {}, focused: () => undefined, view: null, bar: null }
  await copyByButton({ builder, graph: graphOf(around), around, ...bare })
  expect(builder.get().said.text).toBe(words.commands.notCopied)
})
