/** The embedded database: one connection that writes, one that only reads, and this process alone with it. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect, type CompiledQuery } from 'kysely'
import {
  catalogueGuard,
  paramName,
  type Alarm,
  type Database,
  type Savepoint,
  type Statement,
  type Tx,
  type Values,
} from './database.ts'
import { migrate } from './migrations/index.ts'
import type { Tables } from './schema.ts'

/** Pieces of one transaction: enough to share the flush and the pages, few enough to keep the answer time short. */
const PIECES_AT_ONCE = 128

/** Opens the file (`:memory:` for one that is gone with the process) and brings its schema up to date. */
export async function openSqlite(file: string): Promise<Database> {
  if (file !== ':memory:') mkdirSync(dirname(resolve(file)), { recursive: true })
  const writer = connect(file)
  const db = kyselyOn(writer)
  await migrate(db, file, (statement) => statement)
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
  let catalogue = 0
  let aloneBefore = Promise.resolve()
  let ring: (alarms: readonly Alarm[]) => void = () => undefined
  let alarms: Alarm[] = []
  let changesCatalogue = catalogueGuard([])
  const tx: Tx = {
    db,
    changesCatalogue: () => changesCatalogue(),
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
    write: (statement, values) => {
      const { query, bind } = preparedOf(statement)
      query.run(...bind(values))
      return Promise.resolve()
    },
    known: null,
    // Nobody else writes while a transaction is open.
    hold: () => Promise.resolve(),
    holds: () => true,
    lock: () => Promise.resolve(false),
    get shared() {
      return { catalogue, clockOffset: 0 }
    },
  }
  return {
    read,
    moment: (look) => read.transaction().execute(look),
    piecesAtOnce: PIECES_AT_ONCE,
    lanes: 1,
    transaction: async (work, about = []) => {
      alarms = []
      changesCatalogue = catalogueGuard(about)
      try {
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
      } finally {
        if (about.some((piece) => piece.catalogue)) catalogue += 1
      }
      if (alarms.length > 0) ring(alarms)
    },
    alone: (work) => {
      const result = aloneBefore.then(work)
      aloneBefore = result.then(
        () => undefined,
        () => undefined,
      )
      return result
    },
    onAlarms: (listener) => void (ring = listener),
    onNews: () => undefined,
    lead: (begin) => begin(),
    hurry: () => undefined,
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
    (select coalesce(max(seq), 0) from segment_versions),
    (select coalesce(max(cast(value as integer)), 0) from settings where name = 'last_seq')) as last`
  return (connection.prepare(sql).get() as { last: number }).last
}

interface Prepared {
  readonly query: BetterSqlite3.Statement
  readonly bind: (values: Values) => readonly unknown[]
}

function prepare(connection: BetterSqlite3.Database, { sql, parameters }: CompiledQuery): Prepared {
  const slots = parameters.map((value) => ({ name: paramName(value), value }))
  return {
    query: connection.prepare(sql),
    bind: (values) => slots.map(({ name, value }) => (name === undefined ? value : values[name])),
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
