/**
 * The database of a test: a SQLite file in its folder, or a PostgreSQL database of its own. Which of the two, the project
 * decides that the test runs in (see `vitest.config.ts`); everything else of a test is the same.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { readConfig } from '../../server/config.ts'
import { openDatabase } from '../../server/store/open.ts'
import type { Database } from '../../server/store/database.ts'
import type { Tables } from '../../server/store/schema.ts'
import { createDatabase, dropDatabase } from './postgres.ts'

/** Where `postgresSetup.ts` tells the tests which server there is, and which of its databases is to be copied. */
export const SERVER = 'TIDEMARK_TEST_SERVER'
export const TEMPLATE = 'tidemark_template'
/** Set in the project whose tests run on PostgreSQL. */
export const ON_POSTGRES = 'TIDEMARK_TEST_POSTGRES'

export function isOnPostgres(): boolean {
  return process.env[ON_POSTGRES] === '1'
}

/** The address of the folder's database, which is made at the first call: `DATABASE_URL` for whoever is to use it. */
export async function databaseIn(folder: string): Promise<string> {
  if (!isOnPostgres()) return `sqlite:${join(folder, 'tidemark.db')}`
  const noted = join(folder, 'database-url')
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

/** Removes the folder and its database. */
export async function removeFolder(folder: string): Promise<void> {
  if (isOnPostgres() && existsSync(join(folder, 'database-url'))) await dropDatabase(await databaseIn(folder))
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
  look: (db: Kysely<Tables>) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabaseIn(folder)
  try {
    return await look(database.read)
  } finally {
    await database.close()
  }
}
