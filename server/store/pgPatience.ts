/** What is tried again while the database is away: it may be restarting. */
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseAway } from './database.ts'

/** How long whoever waits for a database that is away goes on doing so. */
export interface Patience {
  /** Tries until it goes well, or the patience is over; `forever`: only an end of the process makes it so. */
  readonly until: <Result>(attempt: () => Promise<Result>, forever?: 'forever') => Promise<Result>
  /** The process is to end: all patience is over soon. */
  readonly hurry: () => void
}

/** Pauses between attempts: doubled, up to the last. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [50, 1_000]
/** So long a process that is to end waits for a database that may only be restarting: less than it is given to end. */
const HURRIED = 3_000

/** Patience of so many milliseconds. */
export function patienceOf(lasting: number): Patience {
  let end = Infinity
  return {
    until: async (attempt, forever) => {
      let over: number | undefined
      for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
        try {
          return await attempt()
        } catch (error) {
          over ??= forever ? Infinity : performance.now() + lasting
          if (!(error instanceof DatabaseAway) || performance.now() > Math.min(over, end)) throw error
          await delay(pause)
        }
      }
    },
    hurry: () => void (end = Math.min(end, performance.now() + HURRIED)),
  }
}
