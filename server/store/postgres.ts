/** PostgreSQL, shared by as many processes as wanted. */
import { Pool } from 'pg'
import type { Database } from './database.ts'
import { lead, listen } from './pgApart.ts'
import { settingsFor, throwAway } from './pgConnection.ts'
import { kyselyOn } from './pgKysely.ts'
import { bringUpToDate } from './pgSchema.ts'
import { patienceOf } from './pgPatience.ts'
import { LANES, transactionsOn } from './pgTransactions.ts'

/** Pieces of one transaction: few enough that whoever waits for one of its contacts does not wait long. */
const PIECES_AT_ONCE = 64
/** For reading beside the transactions. */
const READERS = 5
const PATIENCE = 30_000

interface PostgresOptions {
  readonly url: string
  /** The clock can be moved, by any of the processes. */
  readonly sandbox: boolean
  /** How long a lost connection is tried again before whoever waits is told, in milliseconds. */
  readonly patience?: number
}

/** Opens the database, waiting a while for a server that is just starting, and brings its schema up to date. */
export async function openPostgres({
  url,
  sandbox,
  patience: lasting = PATIENCE,
}: PostgresOptions): Promise<Database> {
  const patience = patienceOf(lasting)
  const pool = new Pool({ ...settingsFor(url), max: READERS })
  // Whoever uses a connection that the server ends is told by the query; an idle one is replaced for the next who asks.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined))
  const read = kyselyOn(async () => {
    const client = await pool.connect().catch(throwAway)
    return {
      query: (sql, values) => client.query(sql, [...values]).catch(throwAway),
      release: () => client.release(),
    }
  })
  const typeOf = await bringUpToDate(url, patience, read, pool).catch(async (error: unknown) => {
    await pool.end()
    throw error
  })

  const { transaction, alone, close } = transactionsOn({ url, sandbox, patience }, typeOf)
  const listeners: (() => void)[] = []
  const listening = listen(url, () => {
    for (const listener of listeners) listener()
  })
  return {
    read,
    moment: (look) =>
      read.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(look),
    piecesAtOnce: PIECES_AT_ONCE,
    lanes: LANES,
    transaction,
    alone,
    onAlarms: () => undefined,
    onNews: (listener) => void listeners.push(listener),
    lead: (begin) => lead(url, begin),
    hurry: patience.hurry,
    close: async () => {
      await listening.stop()
      await close()
      await pool.end()
    },
  }
}
