/** Wakes passages whose wait is over. The alarm is only a hint: whether it is time, the row says, inside the transaction. */
import { addDeadLetter } from '../store/deadLetters.ts'
import { recordFor } from '../runtime/accept.ts'
import type { Runtime } from '../runtime/process.ts'
import type { Turns } from '../runtime/turns.ts'
import { settled, willPass } from './worker.ts'
import type { Database } from '../store/database.ts'
import { dueWaits, postpone, waitOf } from '../store/enrollments.ts'

export interface WakeDeps {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Runtime
}

/** As many share one commit. */
const AT_ONCE = 64
/** A passage that could not be woken is tried again after a day; the problem shows it meanwhile. */
const AFTER_FAILURE = 24 * 3_600_000
/** The clocks of two machines differ by less: who was rung by the one before it is time by the other is rung again. */
const CLOCKS_DIFFER = 60_000

/**
 * Handles the waits due by `now()`, earliest first, until none is left or the server is `stopping`; answers how many.
 * `grace`: those whose time came less than so many milliseconds ago are left to the alarms of other processes.
 */
export async function wakeDue(
  deps: WakeDeps,
  now: () => number,
  stopping = () => false,
  grace = 0,
): Promise<number> {
  for (let woken = 0; ; ) {
    const waits = await dueWaits(deps.database.read, now() - grace, AT_ONCE)
    if (waits.length === 0 || stopping()) return woken
    await wakeThese(
      deps,
      waits.map(({ enrollment }) => enrollment),
      now(),
    )
    woken += waits.length
  }
}

/** Handles these waits as far as they are due. */
export async function wakeThese(deps: WakeDeps, enrollments: readonly string[], now: number): Promise<void> {
  await settled(enrollments.map((enrollment) => wake(deps, enrollment, now)))
}

async function wake({ turns, runtime }: WakeDeps, enrollment: string, now: number): Promise<void> {
  const about = { inOrderOf: enrollment, enrollments: [enrollment] }
  const entry = { kind: 'wake', enrollment, at: now, occurredAt: now, late: false } as const
  const woken = turns.run(async (tx) => {
    const wait = await waitOf(tx, enrollment)
    if (!wait?.isAwaited || wait.dueAt === null) return
    if (wait.dueAt > now) {
      if (wait.dueAt <= now + CLOCKS_DIFFER) tx.alarm({ wake: enrollment, at: wait.dueAt })
      return
    }
    await recordFor(tx, runtime, wait.contactId, entry)
    const after = await waitOf(tx, enrollment)
    if (after?.dueAt === wait.dueAt) await postpone(tx, enrollment, now + AFTER_FAILURE)
  }, about)
  // One that throws must hold up nobody else: it is put off, shown, and thrown on for the log.
  await woken.catch(async (error: unknown) => {
    if (willPass(error)) throw error
    const detail = 'A waiting person could not be moved on; it is tried again in a day.'
    await turns.run(async (tx) => {
      const wait = await waitOf(tx, enrollment)
      if (!wait) return
      const { contactId: contact_id, journey } = wait
      await postpone(tx, enrollment, now + AFTER_FAILURE)
      await addDeadLetter(
        tx,
        { severity: 'error', code: 'wake_failed', path: '', detail, at: now, contact_id, journey },
        entry,
      )
    }, about)
    throw error
  })
}
