/**
 * Alarms on PostgreSQL: graphile-worker hands each job to one of all processes when its time has come, many at a time so
 * that it need not be asked for each. A job that is lost, or comes twice, does no harm: what is due, the rows say.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Logger, run, type Runner } from 'graphile-worker'
import { Pool } from 'pg'
import type { Ongoing } from '../store/database.ts'
import { TASKS, type WakeJob } from '../store/pgAlarms.ts'
import { settingsFor } from '../store/pgConnection.ts'
import type { Ring } from './workers.ts'

/** One listens, the others fetch and complete jobs. */
const CONNECTIONS = 4
/** Jobs at the same time. Each wakes a whole turn's people, so that a turn is full while the next is prepared. */
const AT_ONCE = 3
/** Jobs fetched together, to be done within so many milliseconds, or given back. */
const FETCHED = 30
const GIVEN_BACK_AFTER = 30_000
/** How often it is looked for jobs whose time has come, and how soon again after one was announced. */
const LOOKED_AFTER = 1_000
const ANNOUNCED_AFTER = 50
const START_AGAIN_AFTER = 1_000

/** Takes jobs until it is stopped; then it finishes those at hand and gives the others back. */
export function startJobs(url: string, ring: Ring): Ongoing {
  const pool = new Pool({ ...settingsFor(url), max: CONNECTIONS })
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined))
  const stopping = new AbortController()
  const { signal } = stopping
  let runner: Runner | undefined

  const runs = async () => {
    while (!signal.aborted) {
      try {
        runner = await startRunner(pool, ring)
        if (signal.aborted) await runner.stop()
        await runner.promise
      } catch (error) {
        // A database that is away ends it; it goes on when the database is back.
        if (!signal.aborted) ring.failed(error)
      }
      await delay(START_AGAIN_AFTER, undefined, { signal }).catch(() => undefined)
    }
  }
  const ended = runs()
  return {
    stop: async () => {
      stopping.abort()
      // It may have ended by itself.
      await runner?.stop().catch(() => undefined)
      await ended
      await pool.end()
    },
  }
}

function startRunner(pool: Pool, ring: Ring): Promise<Runner> {
  return run({
    pgPool: pool,
    concurrency: AT_ONCE,
    noHandleSignals: true,
    pollInterval: LOOKED_AFTER,
    // Whose time has come the clock says that set the time.
    useNodeTime: true,
    parsedCronItems: [],
    logger: new Logger(() => (level, message) => {
      if (level === 'error') ring.failed(new Error(`graphile-worker: ${message}`))
    }),
    preset: {
      worker: {
        // Together, also because one alone that cannot be told to a database that is gone would end the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        localQueue: {
          size: FETCHED,
          ttl: GIVEN_BACK_AFTER,
          refetchDelay: { durationMs: ANNOUNCED_AFTER, threshold: FETCHED, maxAbortThreshold: Infinity },
        },
      },
    },
    taskList: {
      [TASKS.wake]: (job) => ring.wake((job as WakeJob).ids),
      [TASKS.send]: () => ring.send(),
    },
  })
}
