/** Opens the database that the configuration names. */
import type { Config } from '../config.ts'
import type { Database } from './database.ts'
import { openSqlite } from './sqlite.ts'

/** What one of the two databases brings is loaded only where it is used: it takes a tenth of a second. */
export async function openDatabase({
  database,
  sandbox,
}: Pick<Config, 'database' | 'sandbox'>): Promise<Database> {
  if (database.type === 'sqlite') return openSqlite(database.file)
  const { openPostgres } = await import('./postgres.ts')
  return openPostgres({ url: database.url, sandbox })
}
