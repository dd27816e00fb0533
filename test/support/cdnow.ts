// Purchases of the past, replayed through live journeys, against a second reckoning that shares no code with the engine.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import type { Journey } from '../../engine/index.ts'
import { apiOf } from './api.ts'
import { runCommand, startCommand } from './command.ts'
import { startServer } from './serverProcess.ts'

// ---- The second reckoning ----------------------------------------------------------------------------------------

export type Reckoned = { readonly score: number; readonly entries: number }

const DAY = 86_400_000
const DAY_CAP = 20

/**
 * What each customer of a file of ` customer_id  date  number_of_cds  dollar_value` must have in the end: 5 points a CD, at
 * most 20 a day; 10 off after 30 days without a purchase, and after each further 30, never below 0. Days are UTC, and
 * time ends with the last purchase of the file.
 */
export function reckon(text: string): ReadonlyMap<string, Reckoned> {
  const rows = text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/) as [string, string, string, string])
    .map(([customer, date, quantity]) => {
      const at = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)))
      return { customer, at, quantity: Number(quantity) }
    })
  const end = Math.max(...rows.map(({ at }) => at))
  type State = { score: number; entries: number; due: number; day: number; today: number }
  const people = new Map<string, State>()
  const ebb = (person: State, until: number) => {
    for (; person.due <= until; person.due += 30 * DAY) {
      if (person.score > 0) person.entries += 1
      person.score = Math.max(0, person.score - 10)
    }
  }
  for (const { customer, at, quantity } of rows) {
    const person = people.get(customer) ?? { score: 0, entries: 0, due: Infinity, day: NaN, today: 0 }
    people.set(customer, person)
    ebb(person, at)
    if (person.day !== at) [person.day, person.today] = [at, 0]
    const points = Math.min(5 * quantity, DAY_CAP - person.today)
    if (points > 0) person.entries += 1
    person.today += points
    person.score += points
    person.due = at + 30 * DAY
  }
  for (const person of people.values()) ebb(person, end)
  return people
}

// ---- The acceptance ----------------------------------------------------------------------------------------------

export type CdnowSummary = {
  readonly rows: number
  readonly customers: number
  /** What the replay said, run after run. */
  readonly said: readonly string[]
  readonly entries: number
  /** Everything that is not as it should be. */
  readonly broken: readonly string[]
}

const COLUMNS = [
  '--columns',
  'blank',
  '--event',
  'purchase',
  '--map',
  'userId=customer_id',
  'timestamp:YYYYMMDD=date',
  'quantity:number=number_of_cds',
  'revenue:number=dollar_value',
]

/** Replays the file whole, again, and on a second database killed half-way; compares each with the second reckoning. */
export async function cdnow(file: string, say: (line: string) => void = () => {}): Promise<CdnowSummary> {
  const text = await readFile(file, 'utf8')
  const expected = reckon(text)
  const rows = text.split('\n').filter((line) => line.trim() !== '').length - 1
  const broken: string[] = []
  const said: string[] = []
  const tell = (line: string) => {
    said.push(line)
    say(line)
  }
  const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'tidemark-cdnow-'))))
  const [whole = '', killed = ''] = folders
  try {
    for (const folder of folders) await prepare(folder)
    tell(`whole: ${await replayed(whole, file)}`)
    broken.push(...differences(whole, expected, rows).map((fault) => `whole: ${fault}`))
    const before = fingerprint(whole)
    const again = await replayed(whole, file)
    tell(`again: ${again}`)
    if (fingerprint(whole) !== before) broken.push('replayed again, something changed')
    if (!again.includes(`0 events applied, ${rows} known already`)) broken.push(`again: ${again}`)

    const line = await killHalfway(killed, file, rows)
    tell(`killed at line ${line}`)
    if (line >= rows) broken.push('the replay was over before it could be killed')
    tell(`then: ${await replayed(killed, file)}`)
    broken.push(...differences(killed, expected, rows).map((fault) => `killed half-way: ${fault}`))
    if (ledgerOf(killed) !== ledgerOf(whole))
      broken.push('killed half-way, the histories differ from those of the whole replay')

    for (const folder of folders) {
      const verify = await runCommand(folder, 'verify')
      tell(`verify: ${verify}`)
      if (!verify.includes('no difference')) broken.push(verify)
    }
    broken.push(...(await serverStaysQuiet(whole)))
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
  const entries = [...expected.values()].reduce((sum, person) => sum + person.entries, 0)
  return { rows, customers: expected.size, said, entries, broken }
}

/** A fresh database with all shipped journeys live, and the test journey. */
async function prepare(folder: string): Promise<void> {
  const journey = await readFile(resolve(import.meta.dirname, '../fixtures/cd-score.json'), 'utf8')
  const server = await startServer({ folder })
  await apiOf(server).publish(JSON.parse(journey) as Journey)
  await server.stop()
}

const replayed = (folder: string, file: string) => runCommand(folder, 'replay', [file, ...COLUMNS])

async function killHalfway(folder: string, file: string, rows: number): Promise<number> {
  const child = await startCommand(folder, 'replay', [file, ...COLUMNS])
  const ended = once(child, 'exit')
  const db = open(folder)
  const line = () => (db.prepare('select line from replays').get() as { line: number } | undefined)?.line ?? 0
  while (line() < rows / 2 && child.exitCode === null) await delay(2)
  child.kill('SIGKILL')
  await ended
  const reached = line()
  db.close()
  return reached
}

// ---- What is in the file -----------------------------------------------------------------------------------------

function open(folder: string): BetterSqlite3.Database {
  return new BetterSqlite3(join(folder, 'tidemark.db'), { readonly: true })
}

function differences(
  folder: string,
  expected: ReadonlyMap<string, Reckoned>,
  rows: number,
): readonly string[] {
  const db = open(folder)
  const number = (sql: string) => Object.values(db.prepare(sql).get() as object)[0] as number
  const people = db
    .prepare(
      `select user_id as id, json_extract(state, '$.scores.CD_SCORE') / 100.0 as score, score as shipped,
         (select count(*) from ledger where contact_id = contacts.id and attribute = 'CD_SCORE') as entries,
         (select count(*) from ledger where contact_id = contacts.id and attribute <> 'CD_SCORE') as others
       from contacts`,
    )
    .all() as { id: string; score: number | null; shipped: number; entries: number; others: number }[]
  const faults = people.flatMap(({ id, score, shipped, entries, others }) => {
    const should = expected.get(id)
    const right =
      should?.score === (score ?? 0) && should.entries === entries && shipped === 0 && others === 0
    if (right) return []
    const has = `${score} with ${entries} entries, SCORE ${shipped} with ${others}`
    return [`customer ${id} has ${has}; expected ${should?.score} with ${should?.entries}, SCORE 0 with 0`]
  })
  const counts: readonly [what: string, expected: number, actual: number][] = [
    ['customers', expected.size, people.length],
    ['events', rows, number(`select count(*) from journal where kind = 'event'`)],
    [
      'messages that went anywhere or may still',
      0,
      number(`select count(*) from messages where status <> 'skipped'`),
    ],
    ['problems', 0, number('select count(*) from problems')],
    ['entries that failed', 0, number('select count(*) from journal where failed is not null')],
  ]
  db.close()
  const wrong = counts.flatMap(([what, should, is]) =>
    should === is ? [] : [`${what}: expected ${should}, got ${is}`],
  )
  return [
    ...wrong,
    ...faults.slice(0, 10),
    ...(faults.length > 10 ? [`and ${faults.length - 10} customers more`] : []),
  ]
}

/** Changes with anything that is stored of people. */
function fingerprint(folder: string): string {
  const db = open(folder)
  const hash = createHash('sha256')
  for (const table of [
    'contacts',
    'identities',
    'journal',
    'ledger',
    'enrollments',
    'list_members',
    'messages',
  ])
    for (const row of db.prepare(`select * from ${table} order by 1, 2`).iterate())
      hash.update(JSON.stringify(row))
  db.close()
  return hash.digest('hex')
}

/** All histories, without the numbers of the journal, which differ from run to run. */
function ledgerOf(folder: string): string {
  const db = open(folder)
  const hash = createHash('sha256')
  const rows = db.prepare(
    `select user_id, attribute, by, before, after, ledger.occurred_at, reason from ledger
     join contacts on contacts.id = contact_id order by user_id, ledger.occurred_at, seq`,
  )
  for (const row of rows.iterate()) hash.update(JSON.stringify(row))
  db.close()
  return hash.digest('hex')
}

/** Waits that a replay left open are parked: a server that starts afterwards wakes none of them, and sends nothing. */
async function serverStaysQuiet(folder: string): Promise<readonly string[]> {
  const before = fingerprint(folder)
  const server = await startServer({ folder })
  const { items } = await apiOf(server).must<{ items: readonly unknown[] }>('GET', '/mailbox')
  await delay(2_000)
  await server.stop()
  return [
    ...(items.length === 0 ? [] : ['the mailbox is not empty']),
    ...(fingerprint(folder) === before ? [] : ['a server that started afterwards changed something']),
  ]
}
