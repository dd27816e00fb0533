/**
 * The embedded database: one connection that writes, one that only reads, and the statements of the event path compiled
 * once. Everything that changes anything runs in a `Tx`, which `runtime/turns.ts` opens; readers never see it half-done.
 */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect, type CompiledQuery } from 'kysely'
import { Migrator } from 'kysely/migration'
import * as first from './migrations/0001.ts'
import type { IdentitiesTable, Tables } from './schema.ts'

const MIGRATIONS = { '0001': first }

/** What a transaction offers: Kysely for the seldom, and statements compiled once. */
export interface Tx {
  readonly db: Kysely<Tables>
  /** Runs a statement that reads; answers its rows. */
  readonly query: (statement: Statement, values: Values) => Promise<readonly unknown[]>
  /** Runs a statement that writes; answers how many rows it wrote. */
  readonly change: (statement: Statement, values: Values) => Promise<number>
  /** The next place in the journal. */
  readonly nextSeq: () => Promise<number>
  /** Rings once this is committed, and not at all where it is undone. */
  readonly alarm: (alarm: Alarm) => void
}

/** What somebody should look at: a wait or a message that is due at a time. Only a hint, the rows are the truth. */
export type Alarm =
  | { readonly wake: string; readonly at: number }
  | { readonly send: string; readonly at: number }
  /** All that is due: a journey was resumed, and nothing else would remind anybody of what it held. */
  | { readonly sweep: true; readonly at: number }

/** A query whose values are named and given at each call. */
export interface Statement {
  readonly compile: (db: Kysely<Tables>) => CompiledQuery
}
interface Values {
  readonly [name: string]: unknown
}

export interface Database {
  /** For everything that changes nothing. Sees what is committed. */
  readonly read: Kysely<Tables>
  /** Runs the work in one transaction; each piece in a savepoint of its own. See `runtime/turns.ts`. */
  readonly transaction: (
    work: (tx: Tx, savepoint: Savepoint) => Promise<void>,
    about?: readonly About[],
  ) => Promise<void>
  /** Who is told of the alarms of each commit. */
  readonly onAlarms: (ring: (alarms: readonly Alarm[]) => void) => void
  readonly close: () => Promise<void>
}

/** Whom a piece of work concerns, as far as is known before it runs. */
export interface About {
  readonly contacts?: readonly string[]
  readonly identities?: readonly Pick<IdentitiesTable, 'kind' | 'value'>[]
}

export type Savepoint = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Marks a value that is given at each call, where it stands in a query. */
const PARAM = Symbol('param')

function isParam(value: unknown): value is { readonly [PARAM]: string } {
  return typeof value === 'object' && value !== null && PARAM in value
}

/** Builds a query; `param('id')` stands for the value named `id`. */
type Build<Given> = (
  db: Kysely<Tables>,
  param: <Name extends keyof Given & string>(name: Name) => Given[Name],
) => { compile(): CompiledQuery }

/**
 * A query built and typed by Kysely, compiled once per database and run as a prepared statement: 30 µs an event instead
 * of 119.
 *
 *     const contactById = statement<{ id: string }, ContactRow>((db, param) =>
 *       db.selectFrom('contacts').selectAll().where('id', '=', param('id')))
 *     const [contact] = await contactById(tx, { id: 'c1' })
 */
export function statement<Given extends object, Row>(
  build: Build<Given>,
): (tx: Tx, values: Given) => Promise<readonly Row[]> {
  const compiled = named(build)
  return (tx, values) => tx.query(compiled, values as Values) as Promise<readonly Row[]>
}

/** The same for what writes; answers how many rows it wrote. */
export function change<Given extends object>(
  build: Build<Given>,
): (tx: Tx, values: Given) => Promise<number> {
  const compiled = named(build)
  return (tx, values) => tx.change(compiled, values as Values)
}

function named<Given>(build: Build<Given>): Statement {
  return { compile: (db) => build(db, (name) => ({ [PARAM]: name }) as never).compile() }
}

/** Opens the file (`:memory:` for one that is gone with the process) and brings its schema up to date. */
export async function openSqlite(file: string): Promise<Database> {
  if (file !== ':memory:') mkdirSync(dirname(resolve(file)), { recursive: true })
  const writer = connect(file)
  const db = kyselyOn(writer)
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  }).migrateToLatest()
  if (error) throw new Error(`the database ${file} could not be brought up to date`, { cause: error })
  const reader = file === ':memory:' ? writer : connect(file, { readonly: true })
  const read = file === ':memory:' ? db : kyselyOn(reader)
  const prepared = new Map<Statement, Prepared>()
  const preparedOf = (statement: Statement) => {
    let known = prepared.get(statement)
    if (!known) prepared.set(statement, (known = prepare(writer, statement.compile(db))))
    return known
  }
  const inTransaction = transactionsOn(writer)
  let seq = lastSeq(writer)
  let ring: (alarms: readonly Alarm[]) => void = () => undefined
  let alarms: Alarm[] = []
  const tx: Tx = {
    db,
    alarm: (alarm) => void alarms.push(alarm),
    nextSeq: () => Promise.resolve(++seq),
    query: (statement, values) => {
      const { query, bind } = preparedOf(statement)
      return Promise.resolve(query.all(...bind(values)))
    },
    change: (statement, values) => {
      const { query, bind } = preparedOf(statement)
      return Promise.resolve(query.run(...bind(values)).changes)
    },
  }
  return {
    read,
    transaction: async (work) => {
      alarms = []
      await inTransaction((savepoint) =>
        work(tx, async (piece) => {
          const before = alarms.length
          try {
            return await savepoint(piece)
          } catch (error) {
            alarms.length = before
            throw error
          }
        }),
      )
      if (alarms.length > 0) ring(alarms)
    },
    onAlarms: (listener) => void (ring = listener),
    close: async () => {
      if (reader !== writer) reader.close()
      writer.close()
      await Promise.resolve()
    },
  }
}

function connect(file: string, options: BetterSqlite3.Options = {}): BetterSqlite3.Database {
  const connection = new BetterSqlite3(file, options)
  if (!options.readonly) connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('busy_timeout = 5000')
  connection.pragma('foreign_keys = ON')
  // In KB. Not more: a commit often looks through the whole cache (SQLite forgets pages beyond the file's end, and a page
  // split leaves one there); what does not fit comes from the system's cache in 3 µs.
  connection.pragma('cache_size = -16384')
  // In pages, 100 MB. A checkpoint copies each page once, however often it was written, and holds up whoever waits: with
  // so large a log fewer than one event in a hundred.
  connection.pragma('wal_autocheckpoint = 24000')
  return connection
}

function kyselyOn(connection: BetterSqlite3.Database): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) })
}

function lastSeq(connection: BetterSqlite3.Database): number {
  const sql = `select max((select coalesce(max(seq), 0) from journal), (select coalesce(max(seq), 0) from openings),
    (select coalesce(max(cast(value as integer)), 0) from settings where name = 'last_seq')) as last`
  return (connection.prepare(sql).get() as { last: number }).last
}

interface Prepared {
  readonly query: BetterSqlite3.Statement
  readonly bind: (values: Values) => readonly unknown[]
}

function prepare(connection: BetterSqlite3.Database, { sql, parameters }: CompiledQuery): Prepared {
  const slots = parameters.map((value) => (isParam(value) ? { name: value[PARAM] } : { name: null, value }))
  return {
    query: connection.prepare(sql),
    bind: (values) => slots.map(({ name, value }) => (name === null ? value : values[name])),
  }
}

/**
 * Transactions on one connection. On SQLite nothing in one may wait for the outside: it holds the connection, and what
 * runs between its microtasks must not write. A savepoint that throws undoes its own work only.
 */
function transactionsOn(connection: BetterSqlite3.Database) {
  const prepared = (sql: string) => connection.prepare(sql)
  const [begin, end, rollback] = [prepared('begin immediate'), prepared('commit'), prepared('rollback')]
  const [save, release, undo] = [
    prepared('savepoint piece'),
    prepared('release piece'),
    prepared('rollback to piece'),
  ]
  const savepoint: Savepoint = async (piece) => {
    save.run()
    try {
      return await piece()
    } catch (error) {
      undo.run()
      throw error
    } finally {
      release.run()
    }
  }
  // A function with a name, so that a CPU profile shows what the flush costs (`npm run bench`).
  function commit(): void {
    end.run()
  }
  return async (work: (savepoint: Savepoint) => Promise<void>): Promise<void> => {
    begin.run()
    try {
      await work(savepoint)
      commit()
    } catch (error) {
      if (connection.inTransaction) rollback.run()
      throw error
    }
  }
}
