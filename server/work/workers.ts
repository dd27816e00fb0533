/**
 * What works without being asked: waits, sending, what is due by time, and clearing up. The rows are the truth; alarms only
 * say when to look. On SQLite they poke the loops here. On PostgreSQL jobs spread waits and sending over all processes
 * (`jobs.ts`), and one process at a time leads: it does all else, and what an alarm has missed.
 */
import { VISITOR_MEMORY } from '../runtime/accept.ts'
import type { Turns } from '../runtime/turns.ts'
import type { Database, Ongoing } from '../store/database.ts'
import { nextDue } from '../store/enrollments.ts'
import { forgetOldCalls } from '../store/messageIds.ts'
import { renewLeases } from '../store/messages.ts'
import { forgetOldVisits } from '../store/visitors.ts'
import { openOutbox } from './outbox.ts'
import { settleInterrupted, type SendingDeps } from './sending.ts'
import { wakeDue, wakeThese, type WakeDeps } from './wakes.ts'
import { startWorker, type Worker } from './worker.ts'

/** Something whose rows fall due one after the other. */
export interface Rounds {
  /** When something is due next; undefined where nothing is. */
  readonly next: () => Promise<number | undefined>
  /** Does what is due by `now()`, until nothing is left or the server is `stopping`. */
  readonly run: (now: () => number, stopping: () => boolean) => Promise<unknown>
}

export interface WorkersDeps {
  readonly database: Database
  readonly turns: Turns
  readonly now: () => number
  readonly wake: WakeDeps
  readonly sending: SendingDeps
  readonly rounds: readonly Rounds[]
  readonly failed: (error: unknown) => void
  /** Starts what brings the alarms of a database that rings for itself; null where its commits are told. */
  readonly startJobs: ((ring: Ring) => Ongoing) | null
}

/** What a job rings. */
export interface Ring {
  readonly wake: (enrollments: readonly string[]) => Promise<void>
  readonly send: () => void
  readonly failed: (error: unknown) => void
}

const MINUTE = 60_000
/** What a job has not rung so long after its time, the leading process finds by its row. */
const GRACE = 5_000
/** How often a process says that it is still sending what it has taken; a third of how long it is believed. */
const RENEWAL = 20_000

export function startWorkers(deps: WorkersDeps): Ongoing {
  const { database, turns, now, failed, startJobs } = deps
  const outbox = openOutbox(deps.sending, { freed: () => sending.poke(), failed })
  // Messages that wait for a place, or for their time, are looked for by every process that sends.
  const sending = startWorker({ next: outbox.next, run: outbox.fill, now, failed })
  const renew = async () => {
    const ids = outbox.underWay()
    if (ids.length > 0) await turns.run((tx) => renewLeases(tx, ids, Date.now()))
  }
  const renewing = setInterval(() => void renew().catch(failed), RENEWAL)

  let led: readonly Worker[] = []
  const leading = database.lead(() => {
    const ledNow = (led = lead(deps, startJobs ? GRACE : 0))
    const clearing = startClearing(deps, renew)
    return {
      stop: async () => {
        led = []
        await Promise.all([...ledNow, clearing].map(({ stop }) => stop()))
      },
    }
  })
  const pokeLed = (at?: number) => {
    for (const worker of led) worker.poke(at)
  }
  // Also when a lost connection is back: what failed meanwhile is done now.
  database.onNews(() => {
    pokeLed()
    sending.poke()
  })
  database.onAlarms((alarms) => {
    for (const alarm of alarms) {
      if ('send' in alarm) sending.poke(alarm.at)
      else pokeLed(alarm.at)
      if ('sweep' in alarm) sending.poke(alarm.at)
    }
  })
  const jobs = startJobs?.({
    wake: (enrollments) => wakeThese(deps.wake, enrollments, now()),
    send: () => sending.poke(),
    failed,
  })
  return {
    stop: async () => {
      clearInterval(renewing)
      await jobs?.stop()
      await leading.stop()
      await sending.stop()
      await outbox.settled()
    },
  }
}

function lead({ database, now, wake, rounds, failed }: WorkersDeps, grace: number): readonly Worker[] {
  const nextWait = async () => {
    const due = await nextDue(database.read)
    return due === undefined ? undefined : due + grace
  }
  return [
    startWorker({
      next: nextWait,
      run: async (stopping) => void (await wakeDue(wake, now, stopping, grace)),
      now,
      failed,
    }),
    ...rounds.map(({ next, run }) =>
      startWorker({ next, run: async (stopping) => void (await run(now, stopping)), now, failed }),
    ),
  ]
}

/** Once a minute: messages whose sender is gone are settled, and what nobody needs any more is forgotten. */
function startClearing({ turns, now, sending, failed }: WorkersDeps, renew: () => Promise<void>): Ongoing {
  let swept = ''
  let running = Promise.resolve()
  const clear = async () => {
    // A machine that slept believes nobody, itself included.
    await renew()
    await settleInterrupted(sending, Date.now())
    swept = await turns.run((tx) => forgetOldCalls(tx, now(), swept))
    await turns.run((tx) => forgetOldVisits(tx, now() - VISITOR_MEMORY))
  }
  const timer = setInterval(() => (running = clear().catch(failed)), MINUTE)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
