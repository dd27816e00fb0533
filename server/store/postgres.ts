/**
 * PostgreSQL, shared by as many processes as wanted. Transactions run one after the other on one connection of this
 * process; what was lost with a connection is done again, and never twice: the server is asked whether it was committed.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Logger, runMigrations } from 'graphile-worker'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { Pool, type QueryResult } from 'pg'
import {
  DatabaseAway,
  paramName,
  type About,
  type Database,
  type Savepoint,
  type Statement,
  type Tx,
  type Values,
} from './database.ts'
import { forPostgres, migrate } from './migrations/index.ts'
import { lead, listen } from './pgApart.ts'
import { asAway, connect, isInTheWay, settingsFor, type Connection } from './pgConnection.ts'
import { begin, LOCKS, type Transaction } from './pgTransaction.ts'
import type { Tables } from './schema.ts'

/** Pieces of one transaction: few enough that whoever waits for one of its contacts does not wait long. */
const PIECES_AT_ONCE = 64
/** For reading beside the transactions. */
const READERS = 5
/** How long a lost connection is tried again before whoever waits is told. */
const PATIENCE = 30_000
/** Pauses between attempts to connect: doubled, up to the last. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [50, 1_000]
/** How often a transaction is done again because others were in its way. */
const MOST_TRIES = 5

export interface PostgresOptions {
  readonly url: string
  /** The clock can be moved, by any of the processes. */
  readonly sandbox: boolean
}

/** Opens the database, waiting a while for a server that is just starting, and brings its schema up to date. */
export async function openPostgres({ url, sandbox }: PostgresOptions): Promise<Database> {
  const pool = new Pool({ ...settingsFor(url), max: READERS })
  // Whoever uses a connection that the server ends is told by the query; an idle one is replaced for the next who asks.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined))
  const read = kyselyOn(async () => {
    const client = await pool.connect().catch(throwAway)
    return {
      query: (sql: string, values: readonly unknown[]) => client.query(sql, [...values]).catch(throwAway),
      release: () => client.release(),
    }
  })
  await bringUpToDate(url, read, pool)

  const runner = transactionsOn(url, sandbox)
  const listeners: (() => void)[] = []
  const listening = listen(url, () => {
    for (const listener of listeners) listener()
  })
  return {
    read,
    moment: (look) =>
      read.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(look),
    piecesAtOnce: PIECES_AT_ONCE,
    transaction: runner.transaction,
    alone: runner.alone,
    onAlarms: () => undefined,
    onNews: (listener) => void listeners.push(listener),
    lead: (begin) => lead(url, begin),
    close: async () => {
      await listening.stop()
      await runner.close()
      await pool.end()
    },
  }
}

function throwAway(error: unknown): never {
  throw asAway(error)
}

interface Asked {
  readonly query: (sql: string, values: readonly unknown[]) => Promise<QueryResult>
  readonly release: () => void
}

/** Kysely on connections of ours; it needs no more of them than this. */
function kyselyOn(connect: () => Promise<Asked>): Kysely<Tables> {
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

/** Several processes may start at once: one does it, the others wait and find it done. */
async function bringUpToDate(url: string, read: Kysely<Tables>, pool: Pool): Promise<void> {
  const connection = await patiently(() => connect(url))
  try {
    await connection.query(`select pg_advisory_lock(${LOCKS.class}, ${LOCKS.opening})`)
    await migrate(read, 'on PostgreSQL', forPostgres)
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) })
    await connection.query(RAISE)
  } finally {
    await connection.end()
  }
}

/** Rows that came from elsewhere (`npm run move`) brought their numbers along: ours go on behind them. */
const RAISE = `do $$
declare generated record; last bigint;
begin
  create sequence if not exists journal_seq;
  select greatest((select max(seq) from journal), (select max(seq) from openings),
    (select max(seq) from segment_versions),
    (select max(value::bigint) from settings where name = 'last_seq')) into last;
  if last > coalesce(pg_sequence_last_value('journal_seq'), 0) then perform setval('journal_seq', last); end if;
  for generated in select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'
  loop
    execute format('select max(%I) from %I', generated.column_name, generated.table_name) into last;
    if last > coalesce(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(generated.table_name), generated.column_name)), 0) then
      perform setval(pg_get_serial_sequence(quote_ident(generated.table_name), generated.column_name), last);
    end if;
  end loop;
end $$`

/** Until it goes well, as long as the database is away and patience lasts. */
async function patiently<Result>(attempt: () => Promise<Result>): Promise<Result> {
  let until: number | undefined
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await attempt()
    } catch (error) {
      until ??= performance.now() + PATIENCE
      if (!(error instanceof DatabaseAway) || performance.now() > until) throw error
      await delay(pause)
    }
  }
}

// ---- Transactions ------------------------------------------------------------------------------------------------

type Work = (tx: Tx, savepoint: Savepoint) => Promise<void>

function transactionsOn(url: string, sandbox: boolean) {
  let connection: Connection | undefined
  /** How many hold the others up. */
  let holding = 0
  let closed = false
  const db = kyselyOn(() =>
    Promise.resolve({
      query: (sql, values) => connected().query({ text: sql, values: [...values] }),
      release: () => undefined,
    }),
  )
  const prepared = preparedBy(db)
  const connected = () => {
    if (!connection || connection.isLost()) throw new DatabaseAway('the connection was lost')
    return connection
  }
  const reconnected = async () => {
    if (closed) throw new DatabaseAway('the database is closed')
    if (connection?.isLost()) await connection.end()
    if (!connection || connection.isLost()) connection = await connect(url)
    return connection
  }

  /** Does it all once. Throws `DatabaseAway` where the connection was lost and nothing of it was committed. */
  const attempt = async (work: Work, about: readonly About[], also: Set<string>) => {
    const connection = await reconnected()
    let transaction: Transaction | undefined
    try {
      transaction = await begin({ connection, db, prepared, about, also, sandbox, alone: holding > 0 })
      await work(transaction.tx, transaction.savepoint)
      await transaction.finish()
    } catch (error) {
      for (const contact of transaction?.held ?? []) also.add(contact)
      if (!connection.isLost()) await connection.query('rollback').catch(() => undefined)
      throw connection.isLost() ? asLost(error) : error
    }
    try {
      const { command } = await connection.query('commit')
      if (command !== 'COMMIT') throw new Error('a piece of work hid that one of its statements failed')
    } catch (error) {
      if (!connection.isLost()) throw error
      if (!(await wasCommitted(transaction.id))) throw asLost(error)
    }
  }

  /** Whether a transaction whose answer was lost was committed. Asks until the server is there again: nobody else knows. */
  const wasCommitted = async (id: string): Promise<boolean> => {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        const connection = await reconnected()
        const { rows } = await connection.query({
          text: 'select pg_xact_status($1::xid8) as status',
          values: [id],
        })
        const { status } = (rows as { status: string | null }[])[0] ?? {}
        if (status === 'committed' || status === 'aborted') return status === 'committed'
      } catch (error) {
        if (closed || !(asAway(error) instanceof DatabaseAway)) throw error
      }
      await delay(pause)
    }
  }

  return {
    transaction: async (work: Work, about: readonly About[] = []): Promise<void> => {
      const also = new Set<string>()
      for (let tries = 1; ; tries++) {
        try {
          return await patiently(() => attempt(work, about, also))
        } catch (error) {
          if (!isInTheWay(error) || tries === MOST_TRIES) throw error
        }
      }
    },
    alone: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const own = await patiently(() => connect(url))
      try {
        await own.query(`select pg_advisory_lock(${LOCKS.class}, ${LOCKS.clock})`)
        holding += 1
        try {
          return await work()
        } finally {
          holding -= 1
        }
      } finally {
        await own.end()
      }
    },
    close: async () => {
      closed = true
      await connection?.end()
    },
  }
}

function asLost(cause: unknown): DatabaseAway {
  return new DatabaseAway('the connection to the database was lost', { cause })
}

/** Statements as the server knows them: by a name of ours, so that each connection parses each of them once. */
function preparedBy(db: Kysely<Tables>) {
  const known = new Map<Statement, { name: string; text: string; bind: (values: Values) => unknown[] }>()
  return (statement: Statement) => {
    let prepared = known.get(statement)
    if (!prepared) {
      const { sql, parameters } = statement.compile(db)
      const slots = parameters.map((value) => ({ name: paramName(value), value }))
      const bind = (values: Values) =>
        slots.map(({ name, value }) => (name === undefined ? value : values[name]))
      known.set(statement, (prepared = { name: `s${known.size}`, text: sql, bind }))
    }
    return prepared
  }
}
