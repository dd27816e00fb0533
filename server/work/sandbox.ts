/** Moves the sandbox clock: from one due time to the next, each handled at its own time, then its mail. */
import type { Clock } from '../runtime/clock.ts'
import type { Turns } from '../runtime/turns.ts'
import type { Database } from '../store/database.ts'
import { nextDue } from '../store/enrollments.ts'
import { nextMessageAt } from '../store/messages.ts'
import { setSetting } from '../store/settings.ts'
import { sendWaiting, type SendingDeps } from './sending.ts'
import { wakeDue, type WakeDeps } from './wakes.ts'

export interface SandboxDeps {
  readonly database: Database
  readonly turns: Turns
  readonly clock: Clock
  readonly wake: WakeDeps
  readonly sending: SendingDeps
}

/** Lives up to `to`; answers how many wake-ups ran. The clock never goes back, and its offset is stored. */
export async function advanceClock(deps: SandboxDeps, to: number): Promise<number> {
  const { database, clock, wake, sending } = deps
  let ran = 0
  for (;;) {
    await sendWaiting(sending)
    const due = Math.min(
      (await nextDue(database.read)) ?? Infinity,
      (await nextMessageAt(database.read)) ?? Infinity,
    )
    const next = Math.min(due, to)
    clock.moveTo(next)
    await deps.turns.run((tx) => setSetting(tx, 'clock_offset', String(clock.offset())))
    if (due > to) return ran
    ran += await wakeDue(wake, () => next)
  }
}
