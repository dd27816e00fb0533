/**
 * An alarm: runs its work when the next row is due, when poked, and at least once a minute. The rows are the truth, so a
 * lost alarm costs a minute and nothing else.
 */
import { QueueFull } from '../runtime/turns.ts'
import { DatabaseAway } from '../store/database.ts'

export interface Worker {
  /** Something is due at this time (now, when left out): run no later than that. */
  readonly poke: (at?: number) => void
  /** Runs nothing more; resolves when the run at hand is done. */
  readonly stop: () => Promise<void>
}

export interface Work {
  /** When the next row is due, by the product's clock; undefined when none waits. */
  readonly next: () => Promise<number | undefined>
  /** Ends soon once `stopping` holds, however much is left. */
  readonly run: (stopping: () => boolean) => Promise<void>
  readonly now: () => number
  readonly failed: (error: unknown) => void
}

const SWEEP = 60_000

export function startWorker({ next, run, now, failed }: Work): Worker {
  let timer: NodeJS.Timeout | undefined
  /** When the timer rings, by the machine's clock: that of the product may have been moved ahead since it was set. */
  let rings = Infinity
  let running: Promise<void> | undefined
  let again = false
  let stopped = false

  const arm = (at: number) => {
    const delay = Math.min(Math.max(0, at - now()), SWEEP)
    const ringsThen = performance.now() + delay
    if (stopped || (timer && ringsThen >= rings)) return
    clearTimeout(timer)
    rings = ringsThen
    timer = setTimeout(start, delay)
  }
  const start = () => {
    clearTimeout(timer)
    timer = undefined
    rings = Infinity
    if (running) again = true
    else running = once()
  }
  const once = async () => {
    let due: number | undefined
    try {
      await run(() => stopped)
      due = await next()
    } catch (error) {
      failed(error)
    }
    running = undefined
    // Never sooner than a moment later: a row that cannot be worked off must not spin.
    arm(again ? now() : Math.max(due ?? Infinity, now() + 20))
    again = false
  }
  start()
  return {
    poke: (at = now()) => (running ? (again ||= at <= now()) || arm(at) : arm(at)),
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** Waits for all of them, and only then throws what the first threw: none is left under way behind one's back. */
export async function settled(pieces: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(pieces)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/** Whether it says nothing of the piece of work at hand: it goes well once the database is back, or less is waiting. */
export function willPass(error: unknown): boolean {
  return error instanceof DatabaseAway || error instanceof QueueFull
}
