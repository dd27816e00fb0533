/**
 * One connection of this process to PostgreSQL, and the transactions that run on it one after the other. What is lost with
 * the connection is done again, and never twice: the server is asked whether it was committed.
 */
import { randomUUID } from 'node:crypto'
import type { QueryConfig } from 'pg'
import { DatabaseAway, type About, type Savepoint, type Tx } from './database.ts'
import { begin } from './pgBeginning.ts'
import { connect, throwAway, type Connection } from './pgConnection.ts'
import { kyselyOn } from './pgKysely.ts'
import { lastTurn } from './pgMark.ts'
import type { Patience } from './pgPatience.ts'
import { statementsOn, type TypeOf } from './pgStatements.ts'
import { transactionOn, type Transaction } from './pgTransaction.ts'

export type Work = (tx: Tx, savepoint: Savepoint) => Promise<void>

export interface LaneOptions {
  readonly url: string
  /** The clock can be moved, by any of the processes. */
  readonly sandbox: boolean
  readonly patience: Patience
  readonly typeOf: TypeOf
  /** Whether this process holds up all others, and need not ask them. */
  readonly isAlone: () => boolean
}

export interface Lane {
  /**
   * Does it all once. Throws `DatabaseAway` where the connection was lost and nothing of it was committed. Contacts that
   * it met on its way are added to `also`, so that the next attempt locks them first.
   */
  readonly attempt: (work: Work, about: readonly About[], also: Set<string>) => Promise<void>
  readonly close: () => Promise<void>
}

export function openLane({ url, sandbox, patience, typeOf, isAlone }: LaneOptions): Lane {
  let connection: Connection | undefined
  let current: Transaction | undefined
  let isClosed = false
  const lane = randomUUID()
  let turn = 0
  const db = kyselyOn(() =>
    Promise.resolve({
      query: async (sql, values) => {
        await current?.before(sql)
        if (!connection || connection.isLost()) throw asLost(undefined)
        return connection.query({ text: sql, values: [...values] })
      },
      release: () => undefined,
    }),
  )
  const prepared = statementsOn(db, typeOf)

  const reconnected = async () => {
    if (isClosed) throw new Error('the database is closed')
    if (connection?.isLost()) await connection.end()
    if (!connection || connection.isLost()) connection = await connect(url)
    return connection
  }
  /**
   * Whether a transaction whose answer was lost was committed. Asks until the server is there again, or the process is to
   * end: nobody else knows.
   */
  const wasCommitted = (): Promise<boolean> =>
    patience.until(async () => {
      const connection = await reconnected()
      const { rows } = await connection.query(lastTurn(lane)).catch(throwAway)
      return (rows as { turn: number }[])[0]?.turn === turn
    }, 'forever')
  return {
    attempt: async (work, about, also) => {
      const connection = await reconnected()
      let last: readonly (QueryConfig | string)[]
      turn += 1
      try {
        const begun = await begin(connection, { mark: { lane, turn }, about, also, isAlone: isAlone() })
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
      const error = await ended(connection, last)
      if (error === undefined) return
      if (!connection.isLost()) throw error
      if (!(await wasCommitted())) throw asLost(error)
    },
    close: async () => {
      isClosed = true
      await connection?.end()
    },
  }
}

/** Sends what is left and the commit, all at once; answers what went wrong. */
async function ended(connection: Connection, last: readonly (QueryConfig | string)[]): Promise<unknown> {
  const [ends] = await connection.together(() => [
    Promise.allSettled([...last, 'commit'].map((query) => connection.query(query))),
  ])
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) return failed.reason
  const commit = ends.at(-1)
  return commit?.status === 'fulfilled' && commit.value.command === 'COMMIT'
    ? undefined
    : new Error('a piece of work hid that one of its statements failed')
}

function asLost(cause: unknown): DatabaseAway {
  return new DatabaseAway('The connection to the database was lost', { cause })
}
