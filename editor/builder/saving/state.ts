/**
 * How the open draft stands to the one on the server: a machine without effects. `saver.ts` does what its phase asks
 * for. What is unsaved is never given up: another's change either finds nothing unsaved here, or becomes a conflict that
 * a person settles.
 */
import { draftOf, type Draft } from '../document/draft.ts'
import { isSame } from '../document/same.ts'

/** What the server has: the draft, or what is live where there is no draft. */
export interface Stored {
  /** May say anything: other programs write drafts, too. */
  readonly document: unknown
  /** Counts up with each draft that is written; null where the journey does not exist (any more). */
  readonly revision: number | null
}

export type Phase =
  /** Nothing is unsaved, nor was since the journey was opened. */
  | { readonly is: 'idle' }
  /** Something is unsaved, and waits for a pause in typing. */
  | { readonly is: 'dirty' }
  | { readonly is: 'saving'; readonly sent: Draft }
  | { readonly is: 'saved' }
  /** The server could not be reached; tried again by itself. */
  | { readonly is: 'offline' }
  /** Somebody else changed the draft while something here was unsaved. */
  | { readonly is: 'conflict'; readonly theirs: Stored }
  /** The server took it for no draft, or asks who this is. Tried again with the next change. */
  | { readonly is: 'refused'; readonly why: string | undefined }

export interface Saving {
  readonly stored: Stored
  /** The draft here. Where it is another than the page shows, the page has to show this one. */
  readonly present: Draft
  readonly phase: Phase
}

export type SavingEvent =
  | { readonly type: 'changed'; readonly present: Draft }
  /** The pause in typing has come, or it is time to try again. */
  | { readonly type: 'due' }
  | { readonly type: 'stored'; readonly revision: number }
  | { readonly type: 'unreachable' }
  | { readonly type: 'refused'; readonly why: string | undefined }
  /** The server did not save, since it has another draft than the one this one was made from. */
  | { readonly type: 'overtaken'; readonly theirs: Stored }
  /** What the server has, looked up beside all this. */
  | { readonly type: 'seen'; readonly theirs: Stored }
  | { readonly type: 'keepMine' }
  | { readonly type: 'takeTheirs' }
  /** The draft is gone from the server, so that what is published is all there is. */
  | { readonly type: 'discarded'; readonly stored: Stored }

/** A journey just opened; `present` is what is shown, which need not be what is stored. */
export function opened(stored: Stored, present: Draft): Saving {
  return { stored, present, phase: isSame(stored.document, present) ? { is: 'idle' } : { is: 'dirty' } }
}

/** Whether everything is on the server. */
export function isKept({ phase }: Saving): boolean {
  return phase.is === 'idle' || phase.is === 'saved'
}

/** What comes of an event; the same object where nothing does. */
export function next(saving: Saving, event: SavingEvent): Saving {
  switch (event.type) {
    case 'changed':
      return changed(saving, event.present)
    case 'due':
      return ['dirty', 'offline', 'refused'].includes(saving.phase.is) ? sending(saving) : saving
    case 'stored': {
      if (saving.phase.is !== 'saving') return saving
      const stored = { document: saving.phase.sent, revision: event.revision }
      return settled({ ...saving, stored })
    }
    case 'unreachable':
      return saving.phase.is === 'saving' ? { ...saving, phase: { is: 'offline' } } : saving
    case 'refused':
      return saving.phase.is === 'saving' ? { ...saving, phase: { is: 'refused', why: event.why } } : saving
    case 'overtaken':
      return saving.phase.is === 'saving' ? met(saving, event.theirs) : saving
    case 'seen':
      return seen(saving, event.theirs)
    case 'keepMine':
      return saving.phase.is === 'conflict' ? sending({ ...saving, stored: saving.phase.theirs }) : saving
    case 'takeTheirs':
      return saving.phase.is === 'conflict' ? taken(saving, saving.phase.theirs) : saving
    case 'discarded':
      return taken(saving, event.stored)
  }
}

function changed(saving: Saving, present: Draft): Saving {
  if (present === saving.present) return saving
  const after = { ...saving, present }
  switch (saving.phase.is) {
    case 'saving':
      return after
    case 'conflict':
      return met(after, saving.phase.theirs)
    case 'offline':
      return isSame(present, saving.stored.document) ? settled(after) : after
    default:
      return settled(after)
  }
}

function sending(saving: Saving): Saving {
  return { ...saving, phase: { is: 'saving', sent: saving.present } }
}

/** Nothing is under way: saved, or waiting to be. */
function settled(saving: Saving): Saving {
  const kept = isSame(saving.present, saving.stored.document)
  return { ...saving, phase: kept ? { is: 'saved' } : { is: 'dirty' } }
}

function seen(saving: Saving, theirs: Stored): Saving {
  // The answer of the save under way tells more; and a look that set out before the last save may arrive after it.
  if (saving.phase.is === 'saving' || isNoNewer(theirs, newestOf(saving))) return saving
  if (saving.phase.is !== 'conflict' && isSame(theirs.document, saving.stored.document))
    return { ...saving, stored: theirs }
  return isKept(saving) ? taken(saving, theirs) : met(saving, theirs)
}

function newestOf({ phase, stored }: Saving): Stored {
  return phase.is === 'conflict' ? phase.theirs : stored
}

function isNoNewer(theirs: Stored, ours: Stored): boolean {
  return theirs.revision !== null && ours.revision !== null && theirs.revision <= ours.revision
}

/** Two drafts meet: a conflict, unless they say the same. */
function met(saving: Saving, theirs: Stored): Saving {
  return isSame(theirs.document, saving.present)
    ? { ...saving, stored: theirs, phase: { is: 'saved' } }
    : { ...saving, phase: { is: 'conflict', theirs } }
}

/** Theirs takes the place of this one, where it can be drawn. */
function taken(saving: Saving, theirs: Stored): Saving {
  const present = draftOf(theirs.document)
  return present === null
    ? { ...saving, phase: { is: 'conflict', theirs } }
    : { stored: theirs, present, phase: { is: 'saved' } }
}
