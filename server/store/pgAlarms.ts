/**
 * Alarms on PostgreSQL are jobs of graphile-worker, added in the transaction whose rows they are about. A job only says at
 * which rows to look, and when; jobs of one moment are one, so that a turn adds few. `work/jobs.ts` runs them.
 */
import type { QueryConfig } from 'pg'
import type { Alarm } from './database.ts'

export const TASKS = { wake: 'wake', send: 'send' } as const

/** What a job of this name brings along: the passages to look at. Messages to be sent are found by their rows. */
export interface WakeJob {
  readonly ids: readonly string[]
}

/** Waits that are due within so many milliseconds ring together, at the end of them. */
const MOMENT = 100
/** As many are woken in one transaction. */
const MOST_TOGETHER = 64

const ADD = `select count(*) from graphile_worker.add_jobs(array(
  select (task, payload::json, null, to_timestamp(at::float8 / 1000), null, null, null, null)::graphile_worker.job_spec
  from unnest($1::text[], $2::text[], $3::bigint[]) as alarm (task, payload, at)))`

/** Adds the alarms in one call. Their times are the product's; `ahead` is how far its clock is before the machine's. */
export function alarmsQuery(alarms: readonly Alarm[], ahead: number): readonly QueryConfig[] {
  const jobs = jobsFor(alarms)
  if (jobs.length === 0) return []
  const values = [
    jobs.map(({ task }) => task),
    jobs.map(({ payload }) => JSON.stringify(payload)),
    jobs.map(({ at }) => at - ahead),
  ]
  return [{ name: 'alarms', text: ADD, values }]
}

interface Job {
  readonly task: string
  readonly payload: WakeJob | object
  readonly at: number
}

function jobsFor(alarms: readonly Alarm[]): readonly Job[] {
  const wakes = new Map<number, Set<string>>()
  const sends = new Set<number>()
  for (const alarm of alarms) {
    const at = Math.ceil(alarm.at / MOMENT) * MOMENT
    // Of a sweep the leading process hears by itself; messages that wait are anybody's.
    if ('send' in alarm || 'sweep' in alarm) sends.add(at)
    else if ('wake' in alarm) wakes.set(at, (wakes.get(at) ?? new Set()).add(alarm.wake))
  }
  return [
    ...[...wakes].flatMap(([at, ids]) =>
      piecesOf([...ids], MOST_TOGETHER).map((ids) => ({ task: TASKS.wake, payload: { ids }, at })),
    ),
    ...[...sends].map((at) => ({ task: TASKS.send, payload: {}, at })),
  ]
}

function piecesOf<Item>(items: readonly Item[], most: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  )
}
