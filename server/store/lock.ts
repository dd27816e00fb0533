/**
 * One process writes to SQLite: an exclusive transaction on a second file, `<database>.lock`, gone with the process, so that no
 * kill leaves one behind (tried).
 */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { Config } from '../config.ts'

/** Holds the database for this process; undefined where another one holds it. Calling the answer lets it go. */
export function lockDatabase(database: Config['database']): (() => void) | undefined {
  // PostgreSQL is for many processes.
  if (database.type === 'postgres' || database.file === ':memory:') return () => undefined
  const { file } = database
  mkdirSync(dirname(resolve(file)), { recursive: true })
  const lock = new BetterSqlite3(`${file}.lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
    return () => void lock.close()
  } catch (error) {
    lock.close()
    if (error instanceof BetterSqlite3.SqliteError && error.code === 'SQLITE_BUSY') return undefined
    throw error
  }
}
