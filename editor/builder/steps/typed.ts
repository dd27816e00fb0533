/**
 * What a person types into a form, and what of it is stored: the value where it is one, else the text itself, so that
 * nothing is lost and what is wrong stays to be seen. Pure.
 */

/** A typed number: "10", "-2.5", "−2,5". The text itself where it is none; an empty text stays empty. */
export function typedNumber(text: string): number | string {
  const plain = text
    .trim()
    .replace('−', '-')
    .replace(/,(?=\d{1,2}$)/, '.')
  return /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : text
}

/** A stored value as the text of a field. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A stored list as texts; a draft may hold anything in its place, and then there are none. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : []
}

/**
 * What a field shows: the text as it was typed as long as it means what is stored ("1." while "1.5" is being typed), else
 * what is stored, since something else has changed it (undo, say).
 */
export function shownText<Value>(typed: string, stored: Value, read: (text: string) => Value): string {
  return same(read(typed), stored) ? typed : textOf(stored)
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}

/** The name under which changes of a field are undone together: a new one begins with each word. */
export function mergeName(field: string, typed?: unknown): string {
  return typeof typed === 'string' ? `${field} ${typed.trim().split(/\s+/).length}` : field
}
