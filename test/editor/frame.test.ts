/** The frame "Who enters" and its parts as ids that can be selected. */
import { expect, test } from 'vitest'
import { emptyDraft, type Draft } from '../../editor/builder/document/draft.ts'
import { frameId, framePartOf, isThere, type FramePart } from '../../editor/builder/document/frame.ts'

const PARTS: readonly FramePart[] = [
  { part: 'frame' },
  { part: 'reentry' },
  { part: 'audience' },
  { part: 'goal' },
  { part: 'exits' },
  { part: 'exits', index: 2 },
  { part: 'trigger', place: { from: 'trigger', event: 'a:strange: name', index: 1 } },
]

test('every part of the frame has an id of its own, and is found by it', () => {
  expect(PARTS.map((part) => framePartOf(frameId(part)))).toEqual(PARTS)
  expect(new Set(PARTS.map(frameId)).size).toBe(PARTS.length)
  expect(framePartOf('mail')).toBeUndefined()
})

test('a trigger that is gone is not there, a goal that is none yet is there to be chosen', () => {
  const draft: Draft = {
    ...emptyDraft('new', 'New'),
    on: { signed_up: { target: '.end', guard: { type: 'mayEnter' } } },
  }
  const there = (part: FramePart) => isThere(draft, frameId(part))
  expect(there({ part: 'trigger', place: { from: 'trigger', event: 'signed_up', index: 0 } })).toBe(true)
  expect(there({ part: 'trigger', place: { from: 'trigger', event: 'signed_up', index: 1 } })).toBe(false)
  expect(there({ part: 'goal' })).toBe(true)
  expect(there({ part: 'exits', index: 0 })).toBe(false)
  expect(isThere(draft, 'end')).toBe(true)
  expect(isThere(draft, 'mail')).toBe(false)
})
