/** Copies everything one database holds to another, empty one: all of it or, where anything differs at the end, nothing. */
import { sql, type Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

export interface Copied {
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
  readonly sums: readonly LedgerSum[]
}

export interface LedgerSum {
  readonly attribute: string
  /** Whole hundredths. */
  readonly sum: number
  readonly lines: number
}

export type CopyResult =
  | ({ readonly ok: true } & Copied)
  /** What stands in the target already; nothing was changed. */
  | { readonly ok: false; readonly occupied: Copied['tables'] }

/** What was counted in the target is not what was counted in the source. */
class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers'
}

class Occupied extends Error {
  override readonly name = 'Occupied'
  readonly tables: Copied['tables']
  constructor(tables: Copied['tables']) {
    super('the target is not empty')
    this.tables = tables
  }
}

/** Few enough to be held in memory, enough that asking costs little. */
const ROWS_AT_ONCE = 1_000

/**
 * Copies from a database that nobody writes to into PostgreSQL, in one transaction there: a copy that is interrupted
 * leaves nothing behind. Rows of all tables are counted on both sides, and the ledger added up, before it is committed.
 */
export async function copyAll(
  from: Kysely<Tables>,
  to: Database,
  progress: (done: number, all: number, table: string) => void,
): Promise<CopyResult> {
  const names = (await from.introspection.getTables()).map(({ name }) => name as keyof Tables)
  const there = await countedIn(from, names)
  const all = there.reduce((sum, { rows }) => sum + rows, 0)
  let result: Copied | undefined
  try {
    await to.transaction(
      async ({ db }) => {
        const occupied = (await countedIn(db, names)).filter(({ rows }) => rows > 0)
        if (occupied.length > 0) throw new Occupied(occupied)
        let done = 0
        for (const name of names) {
          for await (const rows of batchesOf(from, name)) {
            await insert(db, name, rows)
            progress((done += rows.length), all, name)
          }
        }
        result = { tables: await countedIn(db, names), sums: await sumsIn(db) }
        const expected: Copied = { tables: there, sums: await sumsIn(from) }
        if (JSON.stringify(result) !== JSON.stringify(expected))
          throw new CopyDiffers(
            `the copy is not what it should be, and was taken back: expected ${JSON.stringify(expected)}, got ${JSON.stringify(result)}`,
          )
      },
      // Alone, so that a server that is started on the target meanwhile waits, and then finds everything there.
      [{ catalogue: true }],
    )
  } catch (error) {
    if (error instanceof Occupied) return { ok: false, occupied: error.tables }
    throw error
  }
  if (!result) throw new Error('nothing was copied')
  return { ok: true, ...result }
}

async function* batchesOf(db: Kysely<Tables>, table: keyof Tables): AsyncGenerator<readonly object[]> {
  let rows: object[] = []
  for await (const row of db.selectFrom(table).selectAll().stream()) {
    rows.push(row)
    if (rows.length < ROWS_AT_ONCE) continue
    yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

/** One value for all rows: PostgreSQL knows the columns by their names, and their types. */
async function insert(db: Kysely<Tables>, table: string, rows: readonly object[]): Promise<void> {
  const target = sql.table(table)
  await sql`insert into ${target} select * from json_populate_recordset(null::${target}, ${JSON.stringify(rows)}::json)`.execute(
    db,
  )
}

async function countedIn(db: Kysely<Tables>, names: readonly string[]): Promise<Copied['tables']> {
  const counted: { name: string; rows: number }[] = []
  for (const name of names) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
      db,
    )
    counted.push({ name, rows: Number(rows[0]?.count) })
  }
  return counted
}

async function sumsIn(db: Kysely<Tables>): Promise<readonly LedgerSum[]> {
  return db
    .selectFrom('ledger')
    .select(({ fn }) => ['attribute', fn.sum<number>('by').as('sum'), fn.countAll<number>().as('lines')])
    .groupBy('attribute')
    .orderBy('attribute')
    .execute()
}
