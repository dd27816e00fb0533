/**
 * The database of a test: a SQLite file in its folder, or a PostgreSQL database of its own. Which of the two, the project
 * decides that the test runs in (see `vitest.config.ts`); everything else of a test is the same.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../server/config.ts'
import { openDatabase } from '../../server/store/open.ts'
import type { Database } from '../../server/store/database.ts'
import { createDatabase, dropDatabase } from './postgres.ts'

/** Where `postgresSetup.ts` tells the tests which server there is, and which of its databases is to be copied. */
export const SERVER = 'TIDEMARK_TEST_SERVER'
export const TEMPLATE = 'tidemark_template'
/** Set in the project whose tests run on PostgreSQL. */
const ON_POSTGRES = 'TIDEMARK_TEST_POSTGRES'

export function isOnPostgres(): boolean {
  return process.env[ON_POSTGRES] === '1'
}

/** The address of the folder's database, which is made at the first call: `DATABASE_URL` for whoever is to use it. */
export function databaseIn(folder: string): Promise<string> {
  if (!isOnPostgres()) return Promise.resolve(`sqlite:${join(folder, 'tidemark.db')}`)
  const known = making.get(folder) ?? notedIn(folder)
  making.set(folder, known)
  return known
}

const making = new Map<string, Promise<string>>()

async function notedIn(folder: string): Promise<string> {
  const noted = join(folder, NOTED)
  if (existsSync(noted)) return readFileSync(noted, 'utf8')
  const server = process.env[SERVER]
  if (server === undefined) throw new Error('this test wants PostgreSQL, and no server was started for it')
  const urlOf = (name: string) => Object.assign(new URL(server), { pathname: `/${name}` }).href
  const url = await createDatabase({ urlOf }, TEMPLATE)
  writeFileSync(noted, url)
  return url
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tidemark-'))
}

/** One whose database is SQLite wherever the test runs, in memory: as long as it is open. */
export function newSqliteFolder(): string {
  const folder = newFolder()
  writeFileSync(join(folder, NOTED), 'sqlite::memory:')
  return folder
}

/** The file in a folder that says where its database is. */
const NOTED = 'database-url'

/** Removes the folder and its database. */
export async function removeFolder(folder: string): Promise<void> {
  const url = existsSync(join(folder, NOTED)) ? await databaseIn(folder) : ''
  if (url.startsWith('postgres')) await dropDatabase(url)
  rmSync(folder, { recursive: true, force: true })
}

/** Opens the folder's database as the server does. */
export async function openDatabaseIn(folder: string, sandbox = false): Promise<Database> {
  const read = readConfig({ DATABASE_URL: await databaseIn(folder) })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return openDatabase({ ...read.config, sandbox })
}

/** Looks into the folder's database, beside a server that may be running on it. */
export async function lookInto<Result>(
  folder: string,
  look: (db: Database['read']) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabaseIn(folder)
  try {
    return await look(database.read)
  } finally {
    await database.close()
  }
}
