/** Wakes passages whose wait is over. The alarm is only a hint: whether it is time, the row says, inside the transaction. */
import { addProblem } from '../store/problems.ts'
import { recordFor } from '../runtime/accept.ts'
import type { Runtime } from '../runtime/process.ts'
import type { Turns } from '../runtime/turns.ts'
import { settled } from './worker.ts'
import type { Database } from '../store/database.ts'
import { dueWaits, postpone, waitOf, type DueWait } from '../store/enrollments.ts'

export interface WakeDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
}

/** As many share one commit. */
const AT_ONCE = 64
/** A passage that could not be woken is tried again after a day; the problem shows it meanwhile. */
const AFTER_FAILURE = 24 * 3_600_000

/** Handles the waits due by `now()`, earliest first, until none is left or the server is `stopping`; answers how many. */
export async function wakeDue(deps: WakeDeps, now: () => number, stopping = () => false): Promise<number> {
  for (let woken = 0; ; ) {
    const waits = await dueWaits(deps.database.read, now(), AT_ONCE)
    if (waits.length === 0 || stopping()) return woken
    await settled(waits.map((wait) => wake(deps, wait, now())))
    woken += waits.length
  }
}

async function wake(
  { turns, runtime }: WakeDeps,
  { enrollment, contactId }: DueWait,
  now: number,
): Promise<void> {
  const woken = turns.run(
    async (tx) => {
      const wait = await waitOf(tx, enrollment)
      if (!wait || wait.dueAt === null || wait.dueAt > now) return
      await recordFor(tx, runtime, contactId, {
        kind: 'wake',
        enrollment,
        at: now,
        occurredAt: now,
        late: false,
      })
      const after = await waitOf(tx, enrollment)
      if (after?.dueAt === wait.dueAt) await postpone(tx, enrollment, now + AFTER_FAILURE)
    },
    { contacts: [contactId] },
  )
  // One that throws must hold up nobody else: it is put off, shown, and thrown on for the log.
  await woken.catch(async (error: unknown) => {
    const detail = 'A waiting person could not be moved on; it is tried again in a day.'
    await turns.run(async (tx) => {
      await postpone(tx, enrollment, now + AFTER_FAILURE)
      await addProblem(tx, {
        severity: 'error',
        code: 'wake_failed',
        path: '',
        detail,
        at: now,
        contact_id: contactId,
      })
    })
    throw error
  })
}
