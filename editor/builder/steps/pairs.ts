/** Names with values, as rows of a form: two rows may have one name while they are typed, an object may not. Pure. */

export interface Pair {
  readonly name: string
  readonly value: string
}

/** The rows as an object. Rows without a name are not in it; of two with one name the last counts. */
export function recordOf(pairs: readonly Pair[]): { readonly [name: string]: string } {
  return Object.fromEntries(pairs.flatMap(({ name, value }) => (name === '' ? [] : [[name, value]])))
}

/** The rows that are shown: as they were typed as long as they mean what is stored, else what is stored. */
export function shownPairs(
  typed: readonly Pair[],
  stored: { readonly [name: string]: string },
): readonly Pair[] {
  return JSON.stringify(recordOf(typed)) === JSON.stringify(stored) ? typed : pairsOf(stored)
}

export function pairsOf(record: { readonly [name: string]: string }): readonly Pair[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }))
}

/** A body that a table can show: an object of texts. */
export function isTable(body: unknown): body is { readonly [name: string]: string } {
  return (
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    Object.values(body).every((value) => typeof value === 'string')
  )
}

/** A typed text as the value it plainly is: a number, true or false; anything else is the text. "007" is no number. */
export function typedScalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text
}

/** A typed text as JSON; undefined where it is none. An empty text is no body at all: null. */
export function typedJson(text: string): { readonly value: unknown } | null | undefined {
  if (text.trim() === '') return null
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
