/**
 * Transactions of this process on PostgreSQL, one after the other on one connection. What was lost with a connection is
 * done again, and never twice: the server is asked whether it was committed.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { QueryConfig } from 'pg'
import { DatabaseAway, type About, type Savepoint, type Tx } from './database.ts'
import { begin, LOCKS } from './pgBeginning.ts'
import { connect, isInTheWay, throwAway, type Connection } from './pgConnection.ts'
import { kyselyOn } from './pgKysely.ts'
import { patiently } from './pgPatience.ts'
import { statementsOn, type TypeOf } from './pgStatements.ts'
import { transactionOn, type Transaction } from './pgTransaction.ts'

/** How often a transaction is done again because others were in its way. */
const MOST_TRIES = 5
const ASK_AGAIN_AFTER = 100

export interface PostgresOptions {
  readonly url: string
  /** The clock can be moved, by any of the processes. */
  readonly sandbox: boolean
  /** How long a lost connection is tried again before whoever waits is told, in milliseconds. */
  readonly patience?: number
}

type Work = (tx: Tx, savepoint: Savepoint) => Promise<void>

export function transactionsOn({ url, sandbox, patience }: Required<PostgresOptions>, typeOf: TypeOf) {
  let connection: Connection | undefined
  let current: Transaction | undefined
  let closed = false
  /** Whether this process holds the others up; while it asks for that, its own transactions wait for `gate`. */
  let isAlone = false
  let gate = Promise.resolve()
  let underWay = Promise.resolve()
  let aloneBefore = Promise.resolve()
  const db = kyselyOn(() =>
    Promise.resolve({
      query: async (sql, values) => {
        await current?.before(sql)
        return connected().query({ text: sql, values: [...values] })
      },
      release: () => undefined,
    }),
  )
  const prepared = statementsOn(db, typeOf)
  const connected = () => {
    if (!connection || connection.isLost()) throw new DatabaseAway('the connection was lost')
    return connection
  }
  const reconnected = async () => {
    if (closed) throw new Error('the database is closed')
    if (connection?.isLost()) await connection.end()
    if (!connection || connection.isLost()) connection = await connect(url)
    return connection
  }

  /** Does it all once. Throws `DatabaseAway` where the connection was lost and nothing of it was committed. */
  const attempt = async (work: Work, about: readonly About[], also: Set<string>) => {
    const connection = await reconnected()
    let last: readonly (QueryConfig | string)[]
    let id: string | undefined
    try {
      const begun = await begin(connection, { about, also, isAlone })
      id = begun.id
      current = transactionOn({ connection, db, prepared, about, sandbox }, begun)
      // Who was taken over by another contact stands for that one.
      await current.tx.hold(begun.takenOver)
      await work(current.tx, current.savepoint)
      last = current.last()
    } catch (error) {
      for (const contact of current?.held() ?? []) also.add(contact)
      if (!connection.isLost()) await connection.query('rollback').catch(() => undefined)
      throw connection.isLost() ? asLost(error) : error
    } finally {
      current = undefined
    }
    const ends = await Promise.allSettled([...last, 'commit'].map((query) => connection.query(query)))
    const failed = ends.find((end) => end.status === 'rejected')
    if (connection.isLost() && failed) {
      if (await wasCommitted(id)) return
      throw asLost(failed.reason)
    }
    if (failed) throw failed.reason
    const commit = ends.at(-1)
    if (commit?.status !== 'fulfilled' || commit.value.command !== 'COMMIT')
      throw new Error('a piece of work hid that one of its statements failed')
  }

  /** Whether a transaction whose answer was lost was committed. Asks until the server is there again: nobody else knows. */
  const wasCommitted = async (id: string): Promise<boolean> => {
    for (;;) {
      const status = await patiently(Infinity, async () => {
        const connection = await reconnected()
        const text = 'select pg_xact_status($1::xid8) as status'
        const { rows } = await connection.query({ text, values: [id] }).catch(throwAway)
        return (rows as { status: string | null }[])[0]?.status
      })
      if (status !== 'in progress') return status === 'committed'
      // The server has not noticed yet that the connection is gone.
      await delay(ASK_AGAIN_AFTER)
    }
  }

  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const own = await patiently(patience, () => connect(url))
    try {
      await gated(async () => {
        await own.query(`select pg_advisory_lock(${LOCKS.class}, ${LOCKS.clock})`)
        isAlone = true
      })
      return await work()
    } finally {
      isAlone = false
      await own.end()
    }
  }

  /** Without a transaction of this process: one that waited for its own process would wait for ever. */
  const gated = async (work: () => Promise<void>) => {
    let open: () => void = () => undefined
    gate = new Promise((resolve) => (open = resolve))
    try {
      await underWay
      await work()
    } finally {
      open()
    }
  }

  return {
    transaction: async (work: Work, about: readonly About[] = []): Promise<void> => {
      const also = new Set<string>()
      for (let tries = 1; ; tries++) {
        try {
          return await patiently(patience, async () => {
            await gate
            const trying = attempt(work, about, also)
            underWay = trying.catch(() => undefined)
            return trying
          })
        } catch (error) {
          if (!isInTheWay(error) || tries === MOST_TRIES) throw error
        }
      }
    },
    alone: <Result>(work: () => Promise<Result>): Promise<Result> => {
      const result = aloneBefore.then(() => alone(work))
      aloneBefore = result.then(
        () => undefined,
        () => undefined,
      )
      return result
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
