/** Ids for new journeys, made from their names, so that nobody has to think of one. Pure. */

/** Short enough that a number behind it still fits: an id has 64 signs at most. */
const LONGEST = 58

/** A name as an id: "Café: 2 days later" becomes `cafe-2-days-later`; one without Latin letters becomes `journey`. */
export function idFrom(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  const id = (/^[a-z]/.test(slug) ? slug : `journey-${slug}`).slice(0, LONGEST).replace(/-+$/, '')
  // Names that every object of the language has are refused as ids.
  return id in Object.prototype ? `journey-${id}` : id
}

/** The id itself, then with a number behind it: what to try next where one is taken. */
export function idAt(base: string, index: number): string {
  return index === 0 ? base : `${base.slice(0, LONGEST)}${index + 1}`
}
