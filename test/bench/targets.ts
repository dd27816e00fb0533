// The two servers that are measured, each a process of its own on a database of its own.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Journey } from '../../engine/index.ts'
import { freePort } from '../support/freePort.ts'
import { API_KEY, startServer, WRITE_KEY } from '../support/serverProcess.ts'
import type { Load, LoadResult } from './load.ts'
import { LIST, scoresAfter, userAt, type Sequence } from './sequence.ts'

export interface Target {
  readonly url: string
  readonly pid: number
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
  return { url, pid: child.pid ?? 0, stop }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** A Tidemark with `contacts` people and these journeys, the shipped ones paused: a folder to start copies from. */
export async function prepareTidemark(contacts: number, journeys: readonly Journey[]): Promise<string> {
  const folder = await temporary()
  const server = await startServer({ folder })
  const shipped = await api<{ items: { id: string }[] }>(server.url, 'GET', '/api/journeys?limit=500')
  for (const { id } of shipped.items) await api(server.url, 'POST', `/api/journeys/${id}/pause`)
  for (const journey of journeys) {
    await api(server.url, 'PUT', `/api/journeys/${journey.id}`, journey)
    await api(server.url, 'POST', `/api/journeys/${journey.id}/publish`, { inside: 'stay' })
  }
  for (let first = 0; first < contacts; first += 500) {
    const users = Array.from({ length: Math.min(500, contacts - first) }, (_, index) => userAt(first + index))
    const batch = users.map((userId) => ({
      type: 'identify',
      userId,
      traits: { firstName: 'Ann', country: 'FR' },
    }))
    await call(server.url, 'POST', '/v1/batch', basic(WRITE_KEY), { batch })
  }
  await server.stop()
  return folder
}

/** Starts a copy of what was prepared. */
export async function startTidemark(
  prepared: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Target> {
  const folder = await temporary()
  await cp(prepared, folder, { recursive: true })
  const server = await startServer({ folder, env })
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  }
  return { url: server.url, pid: server.pid, stop }
}

/** Sends the sequence from a process of its own. Throws where an answer was no 200. */
export async function loadOn(
  { url }: Target,
  sequence: Sequence,
  perRequest: number,
  connections: number,
): Promise<LoadResult> {
  const load: Load = {
    port: Number(new URL(url).port),
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
  { url }: Target,
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

function api<Answer>(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
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

/** Microseconds of processor time the process has used. */
export async function processorTimeOf({ pid }: Target): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  // In hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Megabytes of memory the process holds now. */
export async function memoryOf({ pid }: Target): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024
}
