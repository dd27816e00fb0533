/**
 * Saves the open draft by itself: after each pause in typing, when the tab is left, and again where the server could not
 * be reached. One for each open journey, outside of React, so that a save under way ends although the page was left.
 */
import type { JourneyDetail } from '../../answers.ts'
import { client, RequestError } from '../../client.ts'
import { journeyStored } from '../../queries.ts'
import { draftOf } from '../document/draft.ts'
import type { Builder } from '../state/store.ts'
import { downloadJourney } from './files.ts'
import { forgetUnsaved, keepUnsaved, setAside } from './kept.ts'
import { isKept, next, opened, type Saving, type SavingEvent, type Stored } from './state.ts'

/** A pause in typing. */
const PAUSE = 600
const AGAIN = 3_000
/** Browsers refuse more in a request that outlives its page (64 KB). */
const MOST_BYTES_ON_LEAVING = 60_000

export interface Saver {
  readonly get: () => SaverState
  readonly subscribe: (listener: () => void) => () => void
  /** Works until the answer is called, which saves what is unsaved or keeps it in this browser. */
  readonly start: () => () => void
  /** The server's draft, looked up beside all this. */
  readonly see: (detail: JourneyDetail) => void
  /** Saves now; whether everything is on the server then. */
  readonly flush: () => Promise<boolean>
  /** Settles a conflict: this draft is written over theirs, which is kept in this browser. */
  readonly keepMine: () => void
  /**
   * Settles a conflict: theirs takes the place of this draft, which can be undone to. It is kept in this browser too,
   * unless it is kept elsewhere already.
   */
  readonly takeTheirs: (isKeptElsewhere?: boolean) => void
  /** Back to what is published; the draft is kept in this browser, and can be undone to. False where that failed. */
  readonly discard: () => Promise<boolean>
}

export interface SaverState {
  readonly saving: Saving
  /** When another's change took the place of the draft here; null: not since something was changed here. */
  readonly changedElsewhere: number | null
  /** Whether this browser has room for what is unsaved. */
  readonly hasRoom: boolean
}

/** `stored` is what the builder's draft was made from, which need not be the newest any more. */
export function createSaver(id: string, builder: Builder, stored: Stored): Saver {
  const listeners = new Set<() => void>()
  let state: SaverState = {
    saving: opened(stored, builder.get().history.present),
    changedElsewhere: null,
    hasRoom: true,
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const set = (parts: Partial<SaverState>) => {
    state = { ...state, ...parts }
    for (const listener of listeners) listener()
  }
  const dispatch = (event: SavingEvent, leaving = false) => {
    const before = state.saving
    const after = next(before, event)
    if (after === before) return
    set({ saving: after, ...(event.type === 'changed' && { changedElsewhere: null }) })
    if (after.present !== builder.get().history.present) show(event)
    arrange(leaving)
  }
  /** The page gets the draft that came from elsewhere. */
  const show = (event: SavingEvent) => {
    const { present } = state.saving
    if (event.type === 'takeTheirs' || event.type === 'discarded') builder.replace(present)
    else {
      builder.restart(present)
      set({ changedElsewhere: Date.now() })
    }
  }
  /** Does what the phase asks for. */
  const arrange = (leaving: boolean) => {
    const { phase } = state.saving
    clearTimeout(timer)
    if (phase.is === 'dirty' && stopped) return dispatch({ type: 'due' })
    if (phase.is === 'dirty') timer = setTimeout(() => dispatch({ type: 'due' }), PAUSE)
    if (phase.is === 'offline' && !stopped) timer = setTimeout(() => dispatch({ type: 'due' }), AGAIN)
    if (isKept(state.saving)) {
      forgetUnsaved(id)
      if (!state.hasRoom) set({ hasRoom: true })
    } else if (phase.is !== 'dirty') keep()
    if (phase.is === 'saving' && !sending) void send(leaving)
  }
  const keep = () => {
    const { present, stored } = state.saving
    const hasRoom = keepUnsaved(id, present, stored.revision)
    if (hasRoom !== state.hasRoom) set({ hasRoom })
  }

  /** Where the browser has no room, the person gets the file. */
  const putAside = (why: 'mine' | 'theirs' | 'discarded', document: unknown, revision: number | null) => {
    if (!setAside(id, why, document, revision)) downloadJourney(`${id}-${why}`, document)
  }

  let sending = false
  const send = async (leaving: boolean) => {
    const { phase, stored } = state.saving
    if (phase.is !== 'saving') return
    sending = true
    const event = await put(id, JSON.stringify(phase.sent), stored.revision, leaving)
    sending = false
    dispatch(event)
  }

  const leave = () => {
    if (isKept(state.saving)) return
    keep()
    dispatch({ type: 'due' }, true)
  }
  const again = () => dispatch({ type: 'due' })
  const hidden = () => {
    if (document.visibilityState === 'hidden') leave()
  }
  const warn = (event: BeforeUnloadEvent) => {
    if (!isKept(state.saving) && (state.saving.phase.is === 'offline' || !state.hasRoom))
      event.preventDefault()
  }

  const flush = async () => {
    dispatch({ type: 'due' })
    while (['dirty', 'saving'].includes(state.saving.phase.is)) {
      await new Promise<void>((resolve) => {
        const done = () => {
          listeners.delete(done)
          resolve()
        }
        listeners.add(done)
      })
      dispatch({ type: 'due' })
    }
    return isKept(state.saving)
  }

  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: () => {
      stopped = false
      const unsubscribe = builder.subscribe(() =>
        dispatch({ type: 'changed', present: builder.get().history.present }),
      )
      window.addEventListener('pagehide', leave)
      window.addEventListener('blur', again)
      window.addEventListener('online', again)
      window.addEventListener('beforeunload', warn)
      document.addEventListener('visibilitychange', hidden)
      arrange(false)
      return () => {
        unsubscribe()
        window.removeEventListener('pagehide', leave)
        window.removeEventListener('blur', again)
        window.removeEventListener('online', again)
        window.removeEventListener('beforeunload', warn)
        document.removeEventListener('visibilitychange', hidden)
        stopped = true
        leave()
        clearTimeout(timer)
      }
    },
    see: (detail) => dispatch({ type: 'seen', theirs: storedOf(detail) }),
    flush,
    keepMine: () => {
      const { phase } = state.saving
      if (phase.is !== 'conflict') return
      const { document, revision } = phase.theirs
      if (revision !== null) putAside('theirs', document, revision)
      dispatch({ type: 'keepMine' })
    },
    takeTheirs: (isKeptElsewhere = false) => {
      const { phase, present, stored } = state.saving
      if (phase.is !== 'conflict' || draftOf(phase.theirs.document) === null) return
      if (!isKeptElsewhere) putAside('mine', present, stored.revision)
      dispatch({ type: 'takeTheirs' })
    },
    discard: async () => {
      if (!(await flush())) return false
      const { present, stored } = state.saving
      const detail = await dropped(id, stored.revision)
      if (detail === null) return false
      putAside('discarded', present, stored.revision)
      dispatch({ type: 'discarded', stored: storedOf(detail) })
      return true
    },
  }
}

/** Takes the draft from the server; null where that failed. */
async function dropped(id: string, revision: number | null): Promise<JourneyDetail | null> {
  try {
    const detail = await client.discardDraft(id, revision ?? 0)
    await journeyStored(detail)
    return detail
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return null
  }
}

export function storedOf({ draft, published, revision }: JourneyDetail): Stored {
  return { document: draft ?? published, revision }
}

/** Saves, and says what came of it. The answer's problems and revision go to all who read the journey. */
async function put(
  id: string,
  text: string,
  revision: number | null,
  leaving: boolean,
): Promise<SavingEvent> {
  const keepalive = leaving && text.length < MOST_BYTES_ON_LEAVING
  try {
    const detail = await client.saveDraft(id, text, revision, { keepalive })
    await journeyStored(detail)
    return { type: 'stored', revision: detail.revision }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    if (error.status === 412 || error.status === 428) return overtaken(id)
    return error.status === 0 || error.status === 429 || error.status >= 500
      ? { type: 'unreachable' }
      : { type: 'refused', why: error.detail }
  }
}

async function overtaken(id: string): Promise<SavingEvent> {
  try {
    return { type: 'overtaken', theirs: storedOf(await client.journey(id)) }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return error.status === 404
      ? { type: 'overtaken', theirs: { document: null, revision: null } }
      : { type: 'unreachable' }
  }
}
