// The two servers that are measured, each a process of its own on a database of its own.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Journey } from '../../engine/index.ts'
import { freePort } from '../support/freePort.ts'
import { createDatabase, dropDatabase, type PostgresServer } from '../support/postgres.ts'
import { API_KEY, startServer, WRITE_KEY } from '../support/serverProcess.ts'
import type { Load, LoadResult } from './load.ts'
import { LIST, scoresAfter, userAt, type Sequence } from './sequence.ts'

export interface Target {
  /** One for each process. */
  readonly urls: readonly string[]
  readonly pids: readonly number[]
  /** Ends it and removes what it stored. */
  readonly stop: () => Promise<void>
}

const temporary = () => mkdtemp(join(tmpdir(), 'tidemark-bench-'))

export async function startFloor(): Promise<Target> {
  const [port, folder] = [await freePort(), await temporary()]
  const env = { PATH: process.env['PATH'], PORT: String(port), FLOOR_FILE: join(folder, 'floor.db') }
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'floor.ts')], { env, stdio: 'inherit' })
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(`${url}/readyz`))) await delay(5)
  const stop = async () => {
    await new Promise((done) => child.once('exit', done).kill('SIGTERM'))
    await rm(folder, { recursive: true })
  }
  return { urls: [url], pids: [child.pid ?? 0], stop }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** An installation that copies are started of. */
export interface Prepared {
  readonly start: (processes?: number, env?: Readonly<Record<string, string>>) => Promise<Target>
  readonly remove: () => Promise<void>
}

/** A Tidemark with `contacts` people and these journeys, the shipped ones stopped; on SQLite, or on a PostgreSQL server. */
export async function prepareTidemark(
  contacts: number,
  journeys: readonly Journey[],
  postgres?: PostgresServer,
): Promise<Prepared> {
  const folder = await temporary()
  const database = postgres ? await createDatabase(postgres) : `sqlite:${join(folder, 'tidemark.db')}`
  const server = await startServer({ folder, env: { DATABASE_URL: database } })
  const shipped = await api<{ items: { id: string }[] }>(server.url, 'GET', '/api/journeys?limit=500')
  for (const { id } of shipped.items) await api(server.url, 'POST', `/api/journeys/${id}/stop`)
  for (const journey of journeys) await publish(server.url, journey)
  for (let first = 0; first < contacts; first += 500) {
    const users = Array.from({ length: Math.min(500, contacts - first) }, (_, index) => userAt(first + index))
    const batch = users.map((userId) => ({
      type: 'identify',
      userId,
      traits: { firstName: 'Ann', country: 'FR' },
    }))
    await sendBatch(server.url, batch)
  }
  await server.stop()
  if (!postgres) {
    return {
      start: async (_, env = {}) => {
        const copy = await temporary()
        await cp(folder, copy, { recursive: true })
        const url = `sqlite:${join(copy, 'tidemark.db')}`
        return started(copy, 1, { ...env, DATABASE_URL: url }, () => Promise.resolve())
      },
      remove: () => rm(folder, { recursive: true }),
    }
  }
  const template = new URL(database).pathname.slice(1)
  return {
    start: async (processes = 1, env = {}) => {
      const url = await createDatabase(postgres, template)
      return started(await temporary(), processes, { ...env, DATABASE_URL: url }, () => dropDatabase(url))
    },
    remove: async () => {
      await dropDatabase(database)
      await rm(folder, { recursive: true })
    },
  }
}

async function started(
  folder: string,
  processes: number,
  env: Readonly<Record<string, string>>,
  remove: () => Promise<void>,
): Promise<Target> {
  const servers = await Promise.all(Array.from({ length: processes }, () => startServer({ folder, env })))
  const stop = async () => {
    for (const server of servers) await server.stop()
    await remove()
    await rm(folder, { recursive: true })
  }
  return { urls: servers.map(({ url }) => url), pids: servers.map(({ pid }) => pid), stop }
}

export async function publish(url: string, journey: Journey): Promise<void> {
  await api(url, 'PUT', `/api/journeys/${journey.id}`, journey)
  await api(url, 'POST', `/api/journeys/${journey.id}/publish`, { inside: 'stay' })
}

export async function sendBatch(url: string, batch: readonly object[]): Promise<void> {
  await call(url, 'POST', '/v1/batch', basic(WRITE_KEY), { batch })
}

/** Sends the sequence from a process of its own. Throws where an answer was no 200. */
export async function loadOn(
  { urls }: Target,
  sequence: Sequence,
  perRequest: number,
  connections: number,
): Promise<LoadResult> {
  const load: Load = {
    ports: urls.map((url) => Number(new URL(url).port)),
    authorization: basic(WRITE_KEY),
    connections,
    sequence,
    perRequest,
  }
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'load.ts'), JSON.stringify(load)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((done) => child.once('close', done))
  if (code !== 0) throw new Error(`the load ended with ${String(code)}`)
  return JSON.parse(output) as LoadResult
}

/** Compares every contact's score and lists, and the list's members, with what the sequences must give. Throws on the first difference. */
export async function compare(
  { urls: [url = ''] }: Target,
  contacts: number,
  sequences: readonly Sequence[],
): Promise<void> {
  const expected = scoresAfter(sequences)
  const isRegular = (user: string) => (expected.get(user) ?? 0) >= LIST.from
  const found = await everyItem(url, '/api/contacts')
  const members = new Set(
    (await everyItem(url, `/api/contacts?list=${encodeURIComponent(LIST.name)}`)).map(({ userId }) => userId),
  )
  if (found.length !== contacts) throw new Error(`${found.length} contacts instead of ${contacts}`)
  for (const { userId, attributes, lists } of found) {
    const [score, regular] = [expected.get(userId) ?? 0, isRegular(userId)]
    if (attributes.SCORE !== score)
      throw new Error(`${userId} has ${attributes.SCORE} points instead of ${score}`)
    if (lists.includes(LIST.name) !== regular || members.has(userId) !== regular)
      throw new Error(`${userId} is ${regular ? 'not ' : ''}on the list, with ${score} points`)
  }
}

interface ContactItem {
  readonly userId: string
  readonly attributes: { readonly SCORE: number }
  readonly lists: readonly string[]
}

async function everyItem(url: string, path: string): Promise<readonly ContactItem[]> {
  const items: ContactItem[] = []
  const separator = path.includes('?') ? '&' : '?'
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: { items: ContactItem[]; next: string | null } = await api(
      url,
      'GET',
      `${path}${separator}limit=500${from}`,
    )
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

function basic(key: string): string {
  return `Basic ${Buffer.from(`${key}:`).toString('base64')}`
}

export function api<Answer>(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  return call<Answer>(url, method, path, `Bearer ${API_KEY}`, body)
}

async function call<Answer>(
  url: string,
  method: string,
  path: string,
  authorization: string,
  body?: unknown,
): Promise<Answer> {
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}

/** Microseconds of processor time that its processes have used. */
export async function processorTimeOf({ pids }: Target): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
      // In hundredths of a second.
      return (Number(fields[11]) + Number(fields[12])) * 10_000
    }),
  )
  return times.reduce((sum, time) => sum + time, 0)
}

/** Megabytes of memory that its largest process holds now. */
export async function memoryOf({ pids }: Target): Promise<number> {
  const held = await Promise.all(
    pids.map(async (pid) =>
      Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]),
    ),
  )
  return Math.max(...held) / 1_024
}
