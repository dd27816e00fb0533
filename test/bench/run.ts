/**
 * `npm run bench [-- --quick] [-- --only=batch]`: Tidemark beside its floor, "the same HTTP server inserts one row per
 * request". The floor is measured again directly before every figure, and a figure is the median of the rounds, since
 * only what was measured within the same seconds compares. It counts only if every score and list came out right.
 *
 * `--only=postgres` measures 1, 2 and 4 processes on one PostgreSQL. `--only=waits` lets a million waits fall due at one
 * instant; it takes half an hour, and only who asks for it gets it.
 */
import { readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LISTENING, silent } from './journeys.ts'
import type { LoadResult } from './load.ts'
import { median, print, table } from './report.ts'
import { ownPostgres, type PostgresServer } from '../support/postgres.ts'
import type { Sequence } from './sequence.ts'
import { stagesOf } from './stages.ts'
import {
  compare,
  loadOn,
  memoryOf,
  prepareTidemark,
  processorTimeOf,
  startFloor,
  type Prepared,
  type Target,
} from './targets.ts'
import { waits } from './waits.ts'

const quick = process.argv.includes('--quick')
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length)
const ROUNDS = quick ? 1 : 3
const EVENTS = quick ? 5_000 : 20_000
const WARM = quick ? 2_000 : 5_000
const MANY = quick ? 20_000 : 100_000
const CONNECTIONS = 32
const PER_BATCH = 50

interface Scenario {
  readonly name: string
  readonly contacts: number
  /** Published journeys that listen to something else. */
  readonly silent: number
  readonly heard: boolean
  readonly perRequest: number
  readonly connections: number
  readonly events: number
  /** So many processes on PostgreSQL; else one on SQLite. */
  readonly processes?: number
}

const SINGLE: Scenario = {
  name: 'single calls',
  contacts: 10_000,
  silent: 0,
  heard: true,
  perRequest: 1,
  connections: CONNECTIONS,
  events: EVENTS,
}
const SCENARIOS: readonly Scenario[] = [
  SINGLE,
  { ...SINGLE, name: `/v1/batch, ${PER_BATCH} events each`, perRequest: PER_BATCH, events: EVENTS * 2 },
  { ...SINGLE, name: 'an event that nobody hears', heard: false },
  { ...SINGLE, name: '1,000 contacts stored', contacts: 1_000 },
  { ...SINGLE, name: `${MANY.toLocaleString('en')} contacts stored`, contacts: MANY },
  { ...SINGLE, name: '1 silent journey', silent: 1 },
  { ...SINGLE, name: '20 silent journeys', silent: 20 },
  { ...SINGLE, name: 'one connection, else idle', connections: 1, events: EVENTS / 10 },
  { ...SINGLE, name: 'postgres, 1 process', processes: 1 },
  { ...SINGLE, name: 'postgres, 2 processes', processes: 2 },
  { ...SINGLE, name: 'postgres, 4 processes', processes: 4 },
  {
    ...SINGLE,
    name: `postgres, 1 process, /v1/batch, ${PER_BATCH} events each`,
    processes: 1,
    perRequest: PER_BATCH,
    events: EVENTS * 2,
  },
  {
    ...SINGLE,
    name: 'postgres, 1 process, one connection, else idle',
    processes: 1,
    connections: 1,
    events: EVENTS / 10,
  },
]

interface Measured extends LoadResult {
  /** The server's processor time for one event, in microseconds: steadier than rates on a busy machine. */
  readonly processor: number
  /** Megabytes held after the load. */
  readonly memory: number
}

interface Figures {
  readonly floor: Measured
  readonly own: Measured
}

/** Columns of the results: what each reads of both servers, to how many digits. */
const COLUMNS: readonly (readonly [heading: string, read: (measured: Measured) => number, digits: number])[] =
  [
    ['events/s', ({ eventsPerSecond }) => eventsPerSecond, 0],
    ['CPU µs', ({ processor }) => processor, 0],
    ['p50 ms', ({ p50 }) => p50, 1],
    ['p99 ms', ({ p99 }) => p99, 1],
    ['MB', ({ memory }) => memory, 0],
    ['load busy', ({ busy }) => busy, 2],
  ]

/** Installations to start copies of, by what is in them. */
const installations = new Map<string, Prepared>()
let postgres: PostgresServer | undefined

/** As safe as an operator runs it: what was answered survives a power cut. */
const SAFE = ['fsync=on', 'full_page_writes=on']

try {
  if (only === 'waits') await waits(quick)
  else await events()
} finally {
  for (const installation of installations.values()) await installation.remove()
  await postgres?.stop()
}

async function events(): Promise<void> {
  const chosen = SCENARIOS.filter(({ name }) => name.includes(only ?? ''))
  const measured = new Map<Scenario, Figures[]>()
  for (let round = 1; round <= ROUNDS; round++) {
    for (const scenario of chosen) {
      process.stderr.write(`round ${round} of ${ROUNDS}: ${scenario.name}\n`)
      measured.set(scenario, [...(measured.get(scenario) ?? []), await figuresOf(scenario)])
    }
  }
  print(
    `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}, ${CONNECTIONS} connections, ${EVENTS} events, median of ${ROUNDS}; every score and list compared.`,
  )
  print(resultsTable(measured))
  if (only !== undefined) return
  print(await coldStarts())
  print(await whereTheTimeGoes())
}

/** The floor, then Tidemark, a moment apart. The floor knows single calls only. */
async function figuresOf(scenario: Scenario): Promise<Figures> {
  const installation = await installationOf(scenario)
  const floor = await measure(await startFloor(), { ...scenario, perRequest: 1 }, () => Promise.resolve())
  const own = await measure(await installation.start(scenario.processes), scenario, (target, sequences) =>
    compare(target, scenario.contacts, sequences),
  )
  return { floor, own }
}

async function measure(
  target: Target,
  { contacts, heard, perRequest, connections, events }: Scenario,
  check: (target: Target, sequences: readonly Sequence[]) => Promise<void>,
): Promise<Measured> {
  const warm = { name: 'warm', events: WARM, contacts, heard }
  const sequence = { name: 'bench', events, contacts, heard }
  try {
    await loadOn(target, warm, perRequest, CONNECTIONS)
    const before = await processorTimeOf(target)
    const result = await loadOn(target, sequence, perRequest, connections)
    const processor = ((await processorTimeOf(target)) - before) / events
    const memory = await memoryOf(target)
    await check(target, [warm, sequence])
    return { ...result, processor, memory }
  } finally {
    await target.stop()
  }
}

async function installationOf({ contacts, silent: count, processes }: Scenario): Promise<Prepared> {
  if (processes !== undefined) postgres ??= await ownPostgres({ durable: true, settings: SAFE })
  const place = processes === undefined ? undefined : postgres
  const key = `${contacts} contacts, ${count} silent, ${place ? 'PostgreSQL' : 'SQLite'}`
  const installation =
    installations.get(key) ?? (await prepareTidemark(contacts, [...LISTENING, ...silent(count)], place))
  installations.set(key, installation)
  return installation
}

// ---- Cold start --------------------------------------------------------------------------------------------------

/** From the start of the process to its first answer, with a database at hand. */
async function coldStarts(): Promise<string> {
  const installation = await installationOf(SINGLE)
  const times = { floor: [] as number[], own: [] as number[] }
  for (let round = 0; round < ROUNDS * 2; round++) {
    times.floor.push(await startTimeOf(startFloor))
    times.own.push(await startTimeOf(() => installation.start()))
  }
  const [floor, own] = [median(times.floor), median(times.own)]
  return table(
    ['cold start', 'floor', 'Tidemark', 'times the floor'],
    [['to the first answer', `${floor.toFixed(0)} ms`, `${own.toFixed(0)} ms`, (own / floor).toFixed(1)]],
  )
}

async function startTimeOf(start: () => Promise<Target>): Promise<number> {
  const from = performance.now()
  const target = await start()
  const elapsed = performance.now() - from
  await target.stop()
  return elapsed
}

// ---- Where the time goes -----------------------------------------------------------------------------------------

async function whereTheTimeGoes(): Promise<string> {
  const single = await profiled(SINGLE)
  const batch = await profiled({ ...SINGLE, perRequest: PER_BATCH })
  const stages = [...single.keys()].toSorted((a, b) => (single.get(b) ?? 0) - (single.get(a) ?? 0))
  const share = (of: ReadonlyMap<string, number>, stage: string) =>
    `${((of.get(stage) ?? 0) * 100).toFixed(0)} %`
  return table(
    ['where the time goes', 'single calls', '/v1/batch'],
    stages.map((stage) => [stage, share(single, stage), share(batch, stage)]),
  )
}

async function profiled(scenario: Scenario): Promise<ReadonlyMap<string, number>> {
  const file = join(tmpdir(), `tidemark-bench-${process.pid}.cpuprofile`)
  const preload = `--import=${join(import.meta.dirname, 'profiler.ts')}`
  const installation = await installationOf(scenario)
  const target = await installation.start(1, { NODE_OPTIONS: preload, PROFILE: file })
  const { contacts, heard, perRequest } = scenario
  await loadOn(target, { name: 'warm', events: WARM, contacts, heard }, perRequest, CONNECTIONS)
  for (const pid of target.pids) process.kill(pid, 'SIGUSR2')
  await delay(200)
  await loadOn(target, { name: 'profile', events: EVENTS, contacts, heard }, perRequest, CONNECTIONS)
  for (const pid of target.pids) process.kill(pid, 'SIGUSR2')
  await delay(1_000)
  await target.stop()
  const stages = stagesOf(JSON.parse(await readFile(file, 'utf8')) as Parameters<typeof stagesOf>[0])
  await rm(file)
  return stages
}

// ---- Tables ------------------------------------------------------------------------------------------------------

function resultsTable(measured: ReadonlyMap<Scenario, readonly Figures[]>): string {
  const rows = [...measured].map(([{ name }, all]) => [
    name,
    median(all.map(({ floor, own }) => own.eventsPerSecond / floor.eventsPerSecond)).toFixed(2),
    ...COLUMNS.map(([, read, digits]) => {
      const [own, floor] = [
        median(all.map(({ own }) => read(own))),
        median(all.map(({ floor }) => read(floor))),
      ]
      return `${own.toFixed(digits)} / ${floor.toFixed(digits)}`
    }),
  ])
  return table(['Tidemark / floor', 'of the floor', ...COLUMNS.map(([heading]) => heading)], rows)
}
