/** Kysely on connections of ours. */
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import type { QueryResult } from 'pg'
import type { Tables } from './schema.ts'

/** What Kysely needs of a connection. */
export interface Asked {
  readonly query: (sql: string, values: readonly unknown[]) => Promise<QueryResult>
  readonly release: () => void
}

export function kyselyOn(connect: () => Promise<Asked>): Kysely<Tables> {
  const cleaned = async () => {
    const { query, release } = await connect()
    return { query: (sql: string, values: readonly unknown[]) => query(sql, values.map(storable)), release }
  }
  const pool = { connect: cleaned, end: () => Promise.resolve() } as unknown as PostgresPool
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** PostgreSQL refuses texts with NUL, which stands in none that is stored: who looks for one shall find nothing. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
}
