/** Text that is no journey yet is kept through closing the code view and loading the page anew, for this tab. */

interface Unfinished {
  readonly text: string
  /** The file that it was made from; of another one it says nothing. */
  readonly base: string
}

export function keepUnfinished(journey: string, unfinished: Unfinished): void {
  try {
    sessionStorage.setItem(keyOf(journey), JSON.stringify(unfinished))
  } catch (error) {
    // No room: it stays in the open page, as it would without this.
    if (!(error instanceof DOMException)) throw error
  }
}

export function forgetUnfinished(journey: string): void {
  sessionStorage.removeItem(keyOf(journey))
}

/** The text that was made from this very file; null where there is none. */
export function unfinishedOf(journey: string, base: string): string | null {
  const kept = read(sessionStorage.getItem(keyOf(journey)))
  return kept?.base === base && typeof kept.text === 'string' ? kept.text : null
}

/** Another version of the page may have kept something else under the same name. */
function read(text: string | null): Partial<Unfinished> | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as Partial<Unfinished> | null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function keyOf(journey: string): string {
  return `tidemark.code.${journey}`
}
