// The alarm behind all that works without being asked.
import { afterEach, expect, it } from 'vitest'
import { startWorker, type Worker } from '../../server/work/worker.ts'

const DAY = 24 * 3_600_000

let worker: Worker | undefined
afterEach(() => worker?.stop())

it('works when poked though the clock was moved beyond the time that it had been set for', async () => {
  let [now, runs] = [0, 0]
  worker = startWorker({
    next: () => Promise.resolve(DAY),
    run: () => Promise.resolve(void runs++),
    now: () => now,
    failed: (error) => {
      throw error
    },
  })
  await expect.poll(() => runs).toBe(1)
  // It is set for tomorrow, which is at most a minute by the machine's clock.
  now = 2 * DAY
  worker.poke()
  await expect.poll(() => runs).toBeGreaterThan(1)
})

it('is not put off by what is due later', async () => {
  let runs = 0
  worker = startWorker({
    next: () => Promise.resolve(undefined),
    run: () => Promise.resolve(void runs++),
    now: () => 0,
    failed: (error) => {
      throw error
    },
  })
  await expect.poll(() => runs).toBe(1)
  worker.poke(1)
  worker.poke(DAY)
  await expect.poll(() => runs).toBe(2)
})
