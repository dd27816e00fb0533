// Waits that fall due: how many a second, and what a great many of them at one instant do to everybody else who is served.
import { setTimeout as delay } from 'node:timers/promises'
import type { Journey } from '../../engine/index.ts'
import { ownPostgres } from '../support/postgres.ts'
import { percentile, print, table } from './report.ts'
import { api, memoryOf, prepareTidemark, publish, sendBatch, type Prepared, type Target } from './targets.ts'

const MINUTE = 60_000
const PER_BATCH = 500
const CONNECTIONS = 8
/** How long it is watched how the others are served before the waits fall due. */
const QUIET = 10_000
/** Between two calls of the others. */
const PAUSE = 50

interface Measured {
  /** Milliseconds that others waited for their answer, before and while the waits fell due. */
  readonly before: readonly number[]
  readonly meanwhile: readonly number[]
  /** The largest process, in megabytes: before, and the most it held. */
  readonly memory: readonly [before: number, most: number]
  /** Seconds from the instant to the last of them. */
  readonly seconds: number
}

/** Lets a million waits fall due at one instant, with 1, 2 and 4 processes a smaller number. */
export async function waits(quick: boolean): Promise<void> {
  const [few, many] = quick ? [2_000, 10_000] : [50_000, 1_000_000]
  const postgres = await ownPostgres({ durable: true, settings: ['fsync=on', 'full_page_writes=on'] })
  const installations = {
    sqlite: await prepareTidemark(0, []),
    postgres: await prepareTidemark(0, [], postgres),
  }
  try {
    const rows: (readonly string[])[] = []
    for (const [name, installation, processes, count] of [
      ['SQLite', installations.sqlite, 1, few],
      ['PostgreSQL, 1 process', installations.postgres, 1, few],
      ['PostgreSQL, 2 processes', installations.postgres, 2, few],
      ['PostgreSQL, 4 processes', installations.postgres, 4, few],
      ['PostgreSQL, 2 processes', installations.postgres, 2, many],
    ] as const) {
      process.stderr.write(`${name}: ${count.toLocaleString('en')} waits\n`)
      const row = rowOf(name, count, await measure(installation, processes, count))
      process.stderr.write(`${row.join(' | ')}\n`)
      rows.push(row)
    }
    print(table(HEADINGS, rows))
  } finally {
    for (const installation of Object.values(installations)) await installation.remove()
    await postgres.stop()
  }
}

const HEADINGS = [
  'waits due at one instant',
  'how many',
  'waits/s',
  'all woken after',
  'others, p50 ms',
  'p99 ms',
  'p50 ms meanwhile',
  'p99 ms meanwhile',
  'longest ms meanwhile',
  'MB before',
  'most MB',
]

function rowOf(name: string, count: number, { seconds, before, meanwhile, memory }: Measured) {
  const ms = (times: readonly number[], share: number) => percentile(times, share).toFixed(0)
  return [
    name,
    count.toLocaleString('en'),
    Math.round(count / seconds).toLocaleString('en'),
    `${seconds.toFixed(0)} s`,
    ms(before, 0.5),
    ms(before, 0.99),
    ms(meanwhile, 0.5),
    ms(meanwhile, 0.99),
    ms(meanwhile, 0.9999),
    ...memory.map((megabytes) => megabytes.toFixed(0)),
  ]
}

/** So many people begin to wait for the same time of day; then it is watched what happens at that time. */
async function measure(installation: Prepared, processes: number, count: number): Promise<Measured> {
  const target = await installation.start(processes)
  try {
    const due = await everybodyWaits(target, count)
    await delay(due - QUIET - Date.now())
    const before = await memoryOf(target)
    const others = watchOthers(target)
    let most = before
    let done = 0
    while (done < count) {
      await delay(Math.max(250, count / 200))
      most = Math.max(most, await memoryOf(target))
      if (Date.now() > due) done = (await counts(target)).finished
    }
    const seconds = (Date.now() - due) / 1_000
    const calls = await others.stop()
    const { inside, entered, finished } = await counts(target)
    if (inside !== 0 || entered !== count || finished !== count)
      throw new Error(`${entered} of ${count} waited, ${finished} were woken, ${inside} are waiting`)
    return {
      seconds,
      before: calls.filter(({ at }) => at < due).map(({ took }) => took),
      meanwhile: calls.filter(({ at }) => at >= due).map(({ took }) => took),
      memory: [before, most],
    }
  } finally {
    await target.stop()
  }
}

// ---- Who waits ---------------------------------------------------------------------------------------------------

/** Answers when their waits are due, which is a while after the last of them began to wait. */
async function everybodyWaits(target: Target, count: number): Promise<number> {
  const [url = ''] = target.urls
  const rehearsal = Math.min(count, 4_000)
  await publish(url, waiting('bench-rehearsal', 'P1D'))
  const began = Date.now()
  await enter(target, 'bench-rehearsal', rehearsal)
  // More people make it slower: twice as long is enough, and a minute for what comes in between.
  const estimate = ((Date.now() - began) / rehearsal) * count * 2 + MINUTE + QUIET
  const due = Math.ceil((Date.now() + estimate) / MINUTE) * MINUTE
  await publish(url, waiting('bench-wait', `at ${new Date(due).toISOString().slice(11, 16)}`))
  await enter(target, 'bench-wait', count)
  if (Date.now() > due - QUIET) throw new Error('it took too long until everybody waited')
  return due
}

function waiting(id: string, delay: string): Journey {
  return {
    id,
    meta: { format: 1, name: id, reentry: { policy: 'once' } },
    context: {},
    initial: 'outside',
    on: { [id]: { target: '.wait', guard: { type: 'mayEnter' } } },
    states: {
      outside: {},
      wait: { meta: { kind: 'wait' }, after: { [delay]: 'point' } },
      point: {
        meta: { kind: 'update' },
        entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 1 } },
        always: 'end',
      },
      end: { type: 'final' },
    },
  }
}

async function enter({ urls }: Target, event: string, count: number): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, place) => {
      const url = urls[place % urls.length] ?? ''
      while (next < count) {
        const first = next
        next = Math.min(count, next + PER_BATCH)
        const call = (_: unknown, index: number) => ({ type: 'track', userId: `u${first + index}`, event })
        await sendBatch(url, Array.from({ length: next - first }, call))
      }
    }),
  )
}

async function counts({ urls: [url = ''] }: Target) {
  const { counts } = await api<{ counts: { inside: number; entered: number; finished: number } }>(
    url,
    'GET',
    '/api/journeys/bench-wait',
  )
  return counts
}

// ---- The others --------------------------------------------------------------------------------------------------

/** One call after the other, to each process in turn, as long as it is not stopped. */
function watchOthers({ urls }: Target) {
  const calls: { at: number; took: number }[] = []
  const stopping = new AbortController()
  const watching = (async () => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      const [at, started] = [Date.now(), performance.now()]
      await sendBatch(urls[n % urls.length] ?? '', [
        { type: 'track', userId: `other-${n % 100}`, event: 'looks' },
      ])
      calls.push({ at, took: performance.now() - started })
      await delay(PAUSE)
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await watching
      return calls
    },
  }
}
