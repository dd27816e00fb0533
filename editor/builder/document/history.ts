/** Undo and redo: every draft that was, as it was. Drafts share all that did not change, so a thousand of them are small. */
import type { Draft } from './draft.ts'

export interface History {
  readonly past: readonly Draft[]
  readonly present: Draft
  readonly future: readonly Draft[]
  /** What the last change was part of; the next change of the same does not become a step of its own. */
  readonly merging: string | null
}

/** A history that begins here. */
export function begun(present: Draft): History {
  return { past: [], present, future: [], merging: null }
}

/**
 * The history with one more draft. Changes under the same `merge`, directly after each other, are undone together (the
 * letters of a word, say). The same draft again changes nothing.
 */
export function changed(history: History, present: Draft, merge: string | null = null): History {
  if (present === history.present) return history
  const joins = merge !== null && merge === history.merging && history.future.length === 0
  return {
    past: joins ? history.past : [...history.past, history.present],
    present,
    future: [],
    merging: merge,
  }
}

/** One change back; the same history where there is none. */
export function undone({ past, present, future, ...history }: History): History {
  const before = past.at(-1)
  if (before === undefined) return { past, present, future, ...history }
  return { past: past.slice(0, -1), present: before, future: [present, ...future], merging: null }
}

/** One change forward again; the same history where there is none. */
export function redone({ past, present, future, ...history }: History): History {
  const [next, ...rest] = future
  if (next === undefined) return { past, present, future, ...history }
  return { past: [...past, present], present: next, future: rest, merging: null }
}
