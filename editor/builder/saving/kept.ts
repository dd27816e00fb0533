/**
 * What this browser keeps of drafts: work that could not be saved yet, and drafts that were set aside in a conflict. It
 * stays until it is on the server, or a person dismisses it.
 */

const WHY = ['unsaved', 'mine', 'theirs', 'discarded'] as const

export interface Kept {
  /** Names the entry in this browser. */
  readonly key: string
  readonly journey: string
  readonly why: (typeof WHY)[number]
  /** When it was kept, by the clock of this computer. */
  readonly at: number
  /** The revision of the draft on the server that it was made from. */
  readonly revision: number | null
  readonly document: unknown
}

const PREFIX = 'tidemark.kept.'

/** All that is kept of a journey but what this tab is about to save, newest first. Foreign entries are passed over. */
export function keptOf(journey: string): readonly Kept[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && key !== unsavedKey(journey))
    .map((key) => read(key))
    .filter((kept) => kept?.journey === journey)
    .filter((kept) => kept !== null)
    .toSorted((one, other) => other.at - one.at)
}

/** Keeps what this tab has not saved yet, in the place of what it kept before; false where the browser has no room. */
export function keepUnsaved(journey: string, document: unknown, revision: number | null): boolean {
  return write(unsavedKey(journey), { journey, why: 'unsaved', at: Date.now(), revision, document })
}

/** Keeps a draft that lost in a conflict, or was discarded; false where the browser has no room. */
export function setAside(
  journey: string,
  why: 'mine' | 'theirs' | 'discarded',
  document: unknown,
  revision: number | null,
): boolean {
  const at = Date.now()
  return write(`${PREFIX}${journey}.${at}`, { journey, why, at, revision, document })
}

/** What this very tab kept before it was loaded anew. */
export function unsavedHere(journey: string): Kept | null {
  return read(unsavedKey(journey))
}

export function forgetUnsaved(journey: string): void {
  localStorage.removeItem(unsavedKey(journey))
}

export function forget({ key }: Kept): void {
  localStorage.removeItem(key)
}

function unsavedKey(journey: string): string {
  return `${PREFIX}${journey}.${thisTab()}`
}

/** A name for this tab that a reload does not change, so that two tabs never keep in the same place. */
function thisTab(): string {
  const known = sessionStorage.getItem('tidemark.tab')
  if (known !== null) return known
  const [one = 0, other = 0] = crypto.getRandomValues(new Uint32Array(2))
  const name = `tab-${one.toString(36)}${other.toString(36)}`
  sessionStorage.setItem('tidemark.tab', name)
  return name
}

function write(key: string, kept: Omit<Kept, 'key'>): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(kept))
    return true
  } catch (error) {
    // No room, or a browser that keeps nothing in private.
    if (error instanceof DOMException) return false
    throw error
  }
}

function read(key: string): Kept | null {
  const text = localStorage.getItem(key)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isKept(value) ? { ...value, key } : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Another version of the page may have kept something else under the same name. */
function isKept(value: unknown): value is Omit<Kept, 'key'> {
  if (typeof value !== 'object' || value === null) return false
  const { journey, why, at, revision, document } = value as { readonly [part in keyof Kept]?: unknown }
  return (
    typeof journey === 'string' &&
    WHY.some((known) => known === why) &&
    typeof at === 'number' &&
    !Number.isNaN(new Date(at).getTime()) &&
    (revision === null || typeof revision === 'number') &&
    document !== undefined
  )
}
