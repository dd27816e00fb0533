/**
 * The open journey: its history, what is selected, and what was just said. One store for each open journey, outside of
 * React, so that a part of the page renders again only when what it reads has changed.
 */
import { isRefusal, type Command, type Refusal } from '../document/command.ts'
import type { Draft } from '../document/draft.ts'
import { isThere } from '../document/frame.ts'
import { begun, changed, redone, undone, type History } from '../document/history.ts'

export interface BuilderState {
  readonly history: History
  /**
   * Ids of steps, and of parts of the frame "Who enters" as `document/frame.ts` forms them (`frameId`, `framePartOf`:
   * `outside` is the frame, `outside:trigger:0:purchase` a trigger, `outside:goal` the goal). The last is the one whose
   * form is open.
   */
  readonly selection: readonly string[]
  /** Steps that are being filled in for the first time: nothing is said against them until they are left. */
  readonly fresh: ReadonlySet<string>
  /** What a screen reader is told, numbered so that the same words are told again. */
  readonly said: { readonly text: string; readonly number: number }
  /** Why the last command did nothing; null after one that did. */
  readonly refusal: Refusal | null
}

export interface ApplyOptions {
  /** Changes with the same name, directly after each other, are undone together. */
  readonly merge?: string
  /** What is selected afterwards. */
  readonly select?: readonly string[]
  /** What was done, for a screen reader: "E-mail added after Wait 1 day". */
  readonly say?: string
  /** The steps that are new, to be filled in. */
  readonly fresh?: readonly string[]
}

export interface Builder {
  readonly get: () => BuilderState
  readonly subscribe: (listener: () => void) => () => void
  /** Does a command to the draft as it is now; answers why not, or null when it was done. */
  readonly apply: (command: Command, options?: ApplyOptions) => Refusal | null
  readonly undo: () => void
  readonly redo: () => void
  readonly select: (ids: readonly string[]) => void
  readonly say: (text: string) => void
  /** All steps count as filled in once: from now on what is wrong with them is said. */
  readonly noneFresh: () => void
  /** Another document takes the place of this one, as one more change that can be undone. */
  readonly replace: (draft: Draft) => void
  /** The document of the server takes the place of this one; what was before it cannot be undone. */
  readonly restart: (draft: Draft) => void
}

const NONE_FRESH: ReadonlySet<string> = new Set()

export function createBuilder(draft: Draft): Builder {
  const listeners = new Set<() => void>()
  let state: BuilderState = {
    history: begun(draft),
    selection: [],
    fresh: NONE_FRESH,
    said: { text: '', number: 0 },
    refusal: null,
  }
  const set = (parts: Partial<BuilderState>) => {
    state = { ...state, ...parts }
    for (const listener of listeners) listener()
  }
  const saying = (text: string | undefined) =>
    text === undefined ? {} : { said: { text, number: state.said.number + 1 } }
  const to = (history: History, parts: Partial<BuilderState> = {}) => {
    const there = (id: string) => isThere(history.present, id)
    const selection = parts.selection ?? state.selection
    set({
      refusal: null,
      ...parts,
      history,
      selection: selection.every(there) ? selection : selection.filter(there),
    })
  }
  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    apply: (command, { merge, select, say, fresh } = {}) => {
      const after = command(state.history.present)
      if (isRefusal(after)) {
        set({ refusal: after })
        return after
      }
      to(changed(state.history, after, merge), {
        ...(select === undefined ? {} : { selection: select }),
        ...(fresh === undefined ? {} : { fresh: new Set([...state.fresh, ...fresh]) }),
        ...saying(say),
      })
      return null
    },
    undo: () => to(undone(state.history)),
    redo: () => to(redone(state.history)),
    select: (selection) => {
      const left = [...state.fresh].filter((id) => selection.includes(id))
      set({ selection, fresh: left.length === state.fresh.size ? state.fresh : new Set(left), refusal: null })
    },
    say: (text) => set(saying(text)),
    noneFresh: () => set({ fresh: NONE_FRESH }),
    replace: (draft) => to(changed(state.history, draft)),
    restart: (draft) => to(begun(draft)),
  }
}
