/**
 * Which language the page speaks, and which way it reads. English is what there is; the two made-up ones are for finding,
 * before any translator does, what a longer language would cut off and what a language from right to left would reverse.
 */

export const LANGUAGES = ['en', 'pseudo', 'pseudo-rtl'] as const
export type Language = (typeof LANGUAGES)[number]

const KEY = 'tidemark.language'

/** The language chosen in this browser (`localStorage`); English where none is, or where nothing can be kept. */
export function chosenLanguage(): Language {
  const chosen = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY)
  return LANGUAGES.find((language) => language === chosen) ?? 'en'
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'pseudo-rtl' ? 'rtl' : 'ltr'
}

/** The words in a language: every text of the catalogue, and what its functions answer. */
export function spoken<Words>(words: Words, language: Language): Words {
  return language === 'en' ? words : (pseudo(words) as Words)
}

function pseudo(part: unknown): unknown {
  if (typeof part === 'string') return lengthened(part)
  if (typeof part === 'function')
    return (...values: readonly unknown[]) =>
      pseudo((part as (...values: readonly unknown[]) => unknown)(...values))
  if (Array.isArray(part)) return part.map(pseudo)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, pseudo(inner)]))
}

/** As much longer as German or Finnish is than English (40 %), and still readable. */
const LONGER = 0.4
const FILLER = ' lōng'
const ACCENTED: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ö',
  u: 'ü',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ö',
  U: 'Ü',
}

function lengthened(text: string): string {
  if (text.trim() === '') return text
  const accented = text.replaceAll(/[aeiouAEIOU]/g, (letter) => ACCENTED[letter] ?? letter)
  const words = Math.ceil((text.length * LONGER) / FILLER.length)
  return `${accented}${FILLER.repeat(words)}`
}
