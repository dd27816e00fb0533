/** What is tried again while the database is away: it may be restarting. */
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseAway } from './database.ts'

/** Pauses between attempts: doubled, up to the last. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [50, 1_000]

/** Until it goes well, or the database has been away for so long, in milliseconds. */
export async function patiently<Result>(patience: number, attempt: () => Promise<Result>): Promise<Result> {
  let until: number | undefined
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await attempt()
    } catch (error) {
      until ??= performance.now() + patience
      if (!(error instanceof DatabaseAway) || performance.now() > until) throw error
      await delay(pause)
    }
  }
}
