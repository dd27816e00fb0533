/**
 * The four bands of a lead. Which one somebody is in is what the journeys decided, so it is read from the lists; the
 * limits only colour the ground of the score's chart.
 */

export const BANDS = [
  { list: 'New leads', name: 'New', from: 0, color: 'gray' },
  { list: 'Warm leads', name: 'Warm', from: 20, color: 'orange' },
  { list: 'Qualified leads', name: 'Qualified', from: 50, color: 'teal' },
  { list: 'Sales-qualified leads', name: 'Sales-qualified', from: 80, color: 'violet' },
] as const

export type Band = (typeof BANDS)[number]

/** The band of a contact, by the lists; undefined for those who have no points yet, and for customers. */
export function bandOf(lists: readonly string[]): Band | undefined {
  return BANDS.findLast(({ list }) => lists.includes(list))
}

/** The lists that are no bands: those say something that the band does not. */
export function otherLists(lists: readonly string[]): readonly string[] {
  return lists.filter((list) => BANDS.every((band) => band.list !== list))
}
