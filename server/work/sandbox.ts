/** Moves the sandbox clock: from one due time to the next, each handled at its own time, then its mail. */
import type { Clock } from '../runtime/clock.ts'
import { carryOn, nextInsideAt } from '../runtime/inside.ts'
import type { InsideDeps } from '../runtime/inside/people.ts'
import type { Turns } from '../runtime/turns.ts'
import type { Database } from '../store/database.ts'
import { nextDue } from '../store/enrollments.ts'
import { setSetting } from '../store/settings.ts'
import type { Times } from './dues.ts'
import { nextSendingAt, sendWaiting } from './outbox.ts'
import type { SendingDeps } from './sending.ts'
import { wakeDue, type WakeDeps } from './wakes.ts'

export interface SandboxDeps {
  readonly database: Database
  readonly turns: Turns
  readonly clock: Clock
  readonly wake: WakeDeps
  readonly times: Times
  readonly inside: InsideDeps
  readonly sending: SendingDeps
}

/** Lives up to `to`; answers how many wake-ups ran. The clock never goes back, and its offset is stored. */
export async function advanceClock(deps: SandboxDeps, to: number): Promise<number> {
  const { database, clock, wake, times, inside, sending } = deps
  const begin = clock.now()
  let ran = 0
  for (;;) {
    await carryOn(inside, { now: clock.now, stopping: () => false })
    await sendWaiting(sending)
    const due = Math.min(
      (await nextDue(database.read)) ?? Infinity,
      (await times.next()) ?? Infinity,
      (await nextInsideAt(database)) ?? Infinity,
      (await nextSendingAt({ database })) ?? Infinity,
    )
    // What is overdue, of a journey that was paused, say, is handled now and not in the past.
    const next = Math.max(Math.min(due, to), begin)
    clock.moveTo(next)
    await deps.turns.run((tx) => setSetting(tx, 'clock_offset', String(clock.offset())), { clock: true })
    if (due > to) return ran
    ran += await wakeDue(wake, () => next)
    ran += await times.run(() => next)
  }
}
