/**
 * `npm run bench [-- --quick]`: Tidemark beside its floor, "the same HTTP server inserts one row per request". Each
 * round measures the floor directly before every figure; a figure is the median of the rounds' ratios, since only what
 * was measured within the same seconds compares. A figure counts only if every score and list came out right.
 */
import { rm, readFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LISTENING, silent } from './journeys.ts'
import type { LoadResult } from './load.ts'
import type { Sequence } from './sequence.ts'
import { stagesOf } from './stages.ts'
import {
  compare,
  loadOn,
  memoryOf,
  prepareTidemark,
  startFloor,
  startTidemark,
  type Target,
} from './targets.ts'

const quick = process.argv.includes('--quick')
const ROUNDS = quick ? 1 : 3
const EVENTS = quick ? 5_000 : 20_000
const WARM = quick ? 2_000 : 5_000
const MANY = quick ? 20_000 : 100_000
const PER_BATCH = 50

interface Scenario {
  readonly name: string
  readonly contacts: number
  readonly silent: number
  readonly heard: boolean
  readonly perRequest: number
  readonly connections?: number
  readonly events?: number
}

const USUAL = { contacts: 10_000, silent: 0, heard: true, perRequest: 1 }
const SINGLE = { ...USUAL, name: 'single calls' }
const SCENARIOS: readonly Scenario[] = [
  SINGLE,
  { ...USUAL, name: `/v1/batch, ${PER_BATCH} events each`, perRequest: PER_BATCH },
  { ...USUAL, name: 'an event that nobody hears', heard: false },
  { ...USUAL, name: '1,000 contacts stored', contacts: 1_000 },
  { ...USUAL, name: `${MANY.toLocaleString('en')} contacts stored`, contacts: MANY },
  { ...USUAL, name: '1 silent journey', silent: 1 },
  { ...USUAL, name: '20 silent journeys', silent: 20 },
  { ...USUAL, name: 'one connection, idle server', connections: 1, events: EVENTS / 10 },
]

interface Figures {
  readonly ratio: number
  readonly floor: LoadResult
  readonly own: LoadResult
  /** Megabytes. */
  readonly memory: { readonly floor: number; readonly own: number }
}

const folders = new Map<string, string>()

try {
  const measured = new Map<Scenario, Figures[]>()
  for (let round = 1; round <= ROUNDS; round++) {
    for (const scenario of SCENARIOS) {
      note(`round ${round} of ${ROUNDS}: ${scenario.name}`)
      measured.set(scenario, [...(measured.get(scenario) ?? []), await figuresOf(scenario)])
    }
  }
  print(resultsTable(measured))
  print(await coldStarts())
  print(await whereTheTimeGoes())
} finally {
  await Promise.all([...folders.values()].map((folder) => rm(folder, { recursive: true })))
}

/** The floor, then Tidemark, a moment apart. */
async function figuresOf(scenario: Scenario): Promise<Figures> {
  const folder = await folderOf(scenario)
  const floor = await measure(await startFloor(), { ...scenario, perRequest: 1 }, async () => undefined)
  const own = await measure(await startTidemark(folder), scenario, (target, sequences) =>
    compare(target, scenario.contacts, sequences),
  )
  const memory = { floor: floor.memory, own: own.memory }
  return {
    ratio: own.result.eventsPerSecond / floor.result.eventsPerSecond,
    floor: floor.result,
    own: own.result,
    memory,
  }
}

async function measure(
  target: Target,
  { contacts, heard, perRequest, connections, events = EVENTS }: Scenario,
  check: (target: Target, sequences: readonly Sequence[]) => Promise<void>,
): Promise<{ readonly result: LoadResult; readonly memory: number }> {
  const [warm, sequence] = [
    { name: 'warm', events: WARM, contacts, heard },
    { name: 'bench', events, contacts, heard },
  ]
  try {
    await loadOn(target, warm, perRequest)
    const result = await loadOn(target, sequence, perRequest, connections)
    const memory = await memoryOf(target)
    await check(target, [warm, sequence])
    return { result, memory }
  } finally {
    await target.stop()
  }
}

async function folderOf({ contacts, silent: count }: Scenario): Promise<string> {
  const key = `${contacts} ${count}`
  const folder = folders.get(key) ?? (await prepareTidemark(contacts, [...LISTENING, ...silent(count)]))
  folders.set(key, folder)
  return folder
}

// ---- Cold start --------------------------------------------------------------------------------------------------

/** From the start of the process to its first answer: with a database at hand, and for Tidemark also without. */
async function coldStarts(): Promise<string> {
  const folder = await folderOf(SINGLE)
  const times = { floor: [] as number[], own: [] as number[] }
  for (let round = 0; round < ROUNDS * 2; round++) {
    times.floor.push(await timeOf(startFloor))
    times.own.push(await timeOf(() => startTidemark(folder)))
  }
  const [floor, own] = [median(times.floor), median(times.own)]
  return table(
    ['cold start', 'floor', 'Tidemark', 'times the floor'],
    [['to the first answer', `${floor.toFixed(0)} ms`, `${own.toFixed(0)} ms`, (own / floor).toFixed(1)]],
  )
}

async function timeOf(start: () => Promise<Target>): Promise<number> {
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
  const target = await startTidemark(await folderOf(scenario), { NODE_OPTIONS: preload, PROFILE: file })
  const { contacts, heard, perRequest } = scenario
  await loadOn(target, { name: 'warm', events: WARM, contacts, heard }, perRequest)
  process.kill(target.pid, 'SIGUSR2')
  await delay(200)
  await loadOn(target, { name: 'profile', events: EVENTS, contacts, heard }, perRequest)
  process.kill(target.pid, 'SIGUSR2')
  await delay(1_000)
  await target.stop()
  const stages = stagesOf(JSON.parse(await readFile(file, 'utf8')) as Parameters<typeof stagesOf>[0])
  await rm(file)
  return stages
}

// ---- Tables ------------------------------------------------------------------------------------------------------

function resultsTable(measured: ReadonlyMap<Scenario, readonly Figures[]>): string {
  const headings = [
    '',
    'of the floor',
    'events/s',
    'floor/s',
    'p50 ms',
    'floor',
    'p99 ms',
    'floor',
    'memory MB',
    'floor',
    'load busy',
  ]
  const rows = [...measured].map(([{ name }, all]) => {
    const of = (read: (figures: Figures) => number) => median(all.map(read))
    return [
      name,
      of(({ ratio }) => ratio).toFixed(2),
      of(({ own }) => own.eventsPerSecond).toFixed(0),
      of(({ floor }) => floor.eventsPerSecond).toFixed(0),
      of(({ own }) => own.p50).toFixed(2),
      of(({ floor }) => floor.p50).toFixed(2),
      of(({ own }) => own.p99).toFixed(1),
      of(({ floor }) => floor.p99).toFixed(1),
      of(({ memory }) => memory.own).toFixed(0),
      of(({ memory }) => memory.floor).toFixed(0),
      `${(Math.max(...all.flatMap(({ own, floor }) => [own.busy, floor.busy])) * 100).toFixed(0)} %`,
    ]
  })
  const intro = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}, 32 connections, ${EVENTS} events, median of ${ROUNDS}; every score and list compared.`
  return `${intro}\n\n${table(headings, rows)}`
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(headings),
    line(headings.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n')
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

function print(text: string): void {
  process.stdout.write(`\n${text}\n`)
}
