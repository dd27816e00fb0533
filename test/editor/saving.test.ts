/** How the open draft stands to the one on the server: what each event makes of each phase, and that nothing is lost. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyDraft, type Draft } from '../../editor/builder/document/draft.ts'
import { next, opened, type Saving, type SavingEvent } from '../../editor/builder/saving/state.ts'

const named = (name: string): Draft => emptyDraft('welcome', name)
const stored = (name: string, revision = 1) => ({ document: named(name), revision })
const after = (saving: Saving, ...events: readonly SavingEvent[]) => events.reduce(next, saving)

const DUE: SavingEvent = { type: 'due' }
const change = (name: string): SavingEvent => ({ type: 'changed', present: named(name) })
const seen = (name: string, revision: number): SavingEvent => ({
  type: 'seen',
  theirs: stored(name, revision),
})
const begin = () => opened(stored('A'), named('A'))

describe('saving', () => {
  test('nothing is sent when nothing changed', () => {
    const idle = begin()
    expect(idle.phase.is).toBe('idle')
    expect(after(idle, DUE)).toBe(idle)
    expect(after(idle, change('A')).phase.is).toBe('saved')
  })

  test('a change waits for a pause, is sent, and is saved', () => {
    const dirty = after(begin(), change('B'))
    expect(dirty.phase.is).toBe('dirty')
    const saving = after(dirty, DUE)
    expect(saving.phase).toEqual({ is: 'saving', sent: named('B') })
    expect(saving.stored.revision).toBe(1)
    expect(after(saving, { type: 'stored', revision: 2 })).toMatchObject({
      phase: { is: 'saved' },
      stored: stored('B', 2),
    })
  })

  test('what is typed while a save is under way is saved after it', () => {
    const saving = after(begin(), change('B'), DUE, change('C'))
    expect(saving.phase).toEqual({ is: 'saving', sent: named('B') })
    expect(after(saving, { type: 'stored', revision: 2 }).phase.is).toBe('dirty')
  })

  test('a change taken back before it was sent leaves nothing to send', () => {
    expect(after(begin(), change('B'), change('A')).phase.is).toBe('saved')
  })

  test('without a connection the draft is kept, and tried again', () => {
    const offline = after(begin(), change('B'), DUE, { type: 'unreachable' })
    expect(offline.phase.is).toBe('offline')
    expect(after(offline, change('C')).phase.is).toBe('offline')
    expect(after(offline, change('A')).phase.is).toBe('saved')
    expect(after(offline, DUE).phase.is).toBe('saving')
  })

  test('what the server refuses is tried again with the next change', () => {
    const refused = after(begin(), change('B'), DUE, { type: 'refused', why: 'too large' })
    expect(refused.phase).toEqual({ is: 'refused', why: 'too large' })
    expect(after(refused, change('C')).phase.is).toBe('dirty')
  })
})

describe("another's change", () => {
  test('is shown where nothing is unsaved here', () => {
    expect(after(begin(), seen('B', 2))).toEqual({
      stored: stored('B', 2),
      present: named('B'),
      phase: { is: 'saved' },
    })
  })

  test('is a conflict where something is unsaved', () => {
    for (const before of [
      after(begin(), change('B')),
      after(begin(), change('B'), DUE, { type: 'unreachable' }),
    ])
      expect(after(before, seen('C', 2))).toMatchObject({
        present: named('B'),
        phase: { is: 'conflict', theirs: stored('C', 2) },
      })
  })

  test('found by a refused save is a conflict as well, unless it says the same', () => {
    const saving = after(begin(), change('B'), DUE)
    expect(after(saving, { type: 'overtaken', theirs: stored('C', 2) }).phase.is).toBe('conflict')
    expect(after(saving, { type: 'overtaken', theirs: stored('B', 2) })).toMatchObject({
      stored: stored('B', 2),
      phase: { is: 'saved' },
    })
  })

  test('is no news while a save is under way, or when it is older than what was saved', () => {
    const saving = after(begin(), change('B'), DUE)
    expect(after(saving, seen('C', 2))).toBe(saving)
    const saved = after(saving, { type: 'stored', revision: 2 })
    expect(after(saved, seen('A', 1))).toBe(saved)
  })

  test('that says what was there before is none: only its number is taken over', () => {
    expect(after(begin(), change('B'), seen('A', 2))).toMatchObject({
      stored: stored('A', 2),
      phase: { is: 'dirty' },
    })
  })

  test('that cannot be drawn is never put in the place of what is drawn', () => {
    const odd = { document: { id: 'welcome' }, revision: 2 }
    expect(after(begin(), { type: 'seen', theirs: odd })).toMatchObject({
      present: named('A'),
      phase: { is: 'conflict', theirs: odd },
    })
  })
})

describe('a conflict', () => {
  const conflict = () => after(begin(), change('B'), seen('C', 2))

  test('goes on while one types, and follows what the other does', () => {
    expect(after(conflict(), change('D')).phase.is).toBe('conflict')
    expect(after(conflict(), seen('E', 3)).phase).toMatchObject({ theirs: stored('E', 3) })
    expect(after(conflict(), seen('B', 3)).phase.is).toBe('saved')
    expect(after(conflict(), change('C')).phase.is).toBe('saved')
    expect(after(conflict(), DUE)).toEqual(conflict())
  })

  test('ends with mine, written over theirs and nothing newer', () => {
    const saving = after(conflict(), { type: 'keepMine' })
    expect(saving).toMatchObject({ stored: stored('C', 2), phase: { is: 'saving', sent: named('B') } })
  })

  test('ends with theirs', () => {
    expect(after(conflict(), { type: 'takeTheirs' })).toEqual({
      stored: stored('C', 2),
      present: named('C'),
      phase: { is: 'saved' },
    })
  })

  test('with somebody who deleted the journey ends with mine, as a new one', () => {
    const gone = { document: null, revision: null }
    const met = after(begin(), change('B'), DUE, { type: 'overtaken', theirs: gone })
    expect(after(met, { type: 'keepMine' })).toMatchObject({ stored: gone, phase: { is: 'saving' } })
    expect(after(met, { type: 'takeTheirs' }).present).toEqual(named('B'))
  })
})

/** What may happen at any time, besides the choices in a conflict. */
const anyEvent: fc.Arbitrary<SavingEvent> = fc.oneof(
  fc.constantFrom('A', 'B', 'C', 'D').map(change),
  fc.constant(DUE),
  fc.record({ type: fc.constant('stored' as const), revision: fc.integer({ min: 2, max: 5 }) }),
  fc.constant<SavingEvent>({ type: 'unreachable' }),
  fc.constant<SavingEvent>({ type: 'refused', why: undefined }),
  fc
    .tuple(
      fc.constantFrom<'seen' | 'overtaken'>('seen', 'overtaken'),
      fc.constantFrom('A', 'B', 'C'),
      fc.integer({ min: 1, max: 5 }),
    )
    .map(([type, name, revision]) => ({ type, theirs: stored(name, revision) })),
)

test('whatever happens, the draft here changes only where nothing was unsaved', () => {
  const law = fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
    let saving = begin()
    return events.every((event) => {
      const before = saving
      saving = next(before, event)
      const unsaved = JSON.stringify(before.present) !== JSON.stringify(before.stored.document)
      return event.type === 'changed' || !unsaved || saving.present === before.present
    })
  })
  expect(fc.check(law).counterexample).toBeNull()
})
