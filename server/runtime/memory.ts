/**
 * What this process keeps in memory of the database: the catalogue and the sandbox clock. Other processes may change both,
 * so every turn begins by looking; a turn that waited for a publication runs through what was published.
 */
import type { Clock } from './clock.ts'
import type { JourneyBook } from './journeys.ts'
import type { Remember } from './turns.ts'

export function keepUpToDate(journeys: Pick<JourneyBook, 'reload'>, clock?: Clock): Remember {
  let known: number | undefined
  return async (tx, changes) => {
    const { catalogue, clockOffset } = tx.shared
    clock?.follow(clockOffset)
    if (catalogue !== known) {
      known = undefined
      await journeys.reload(tx.db)
      known = catalogue
    }
    if (changes) known = undefined
  }
}
