/** How a contact is called, and the letters and colour of the disc that stands for a face. */
import type { Contact } from '../answers.ts'
import { words } from '../words.ts'

/** The name, else the address, else the id the client gave, else that there is none. */
export function personName({
  attributes,
  email,
  userId,
}: Pick<Contact, 'attributes' | 'email' | 'userId'>): string {
  const parts = [attributes['FIRSTNAME'], attributes['LASTNAME']].filter(
    (part): part is string => typeof part === 'string' && part.trim() !== '',
  )
  return parts.length > 0 ? parts.join(' ') : (email ?? userId ?? words.contacts.nameless)
}

/** At most two letters, one of each of the first and the last word; none where there is no name. */
export function initialsOf(name: string): string {
  const parts = name.split('@', 1)[0]?.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? []
  const chosen = name.includes('@') || parts.length < 2 ? parts.slice(0, 1) : [parts[0], parts.at(-1)]
  return chosen.map(firstLetter).join('').toLocaleUpperCase()
}

const letters = new Intl.Segmenter()

/** What people see as one letter: a Devanagari syllable is several code points. */
function firstLetter(word = ''): string {
  return letters.segment(word).containing(0)?.segment ?? ''
}

const COLORS = ['tide', 'violet', 'pink', 'orange', 'teal', 'indigo', 'grape', 'blue'] as const

/** Always the same colour for the same contact. */
export function colorOf(id: string): string {
  let sum = 7
  for (let index = 0; index < id.length; index += 1) sum = (sum * 31 + id.charCodeAt(index)) % 9973
  return COLORS[sum % COLORS.length] ?? 'gray'
}
