/** How the page writes numbers, counts people, and joins sentences. The words themselves are in the files beside this one. */

/** A number of people: 1 person, 1,204 people. */
export const people = (count: number) => `${number(count)} ${count === 1 ? 'person' : 'people'}`

/** A number as people write it: 12,345.5 and a real minus sign. */
export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 }).replace('-', '−')
}

/** A change of points with its sign: +10, −10. */
export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value)
}

/** A sentence continued inside another: its first letter small, unless it begins with an abbreviation or a quotation. */
export function lower(sentence: string): string {
  return /^[A-Z][a-z-]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence
}

/** Words as the beginning of a sentence. */
export function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
