/**
 * Group commit: what arrives during one turn of the event loop is committed together and answered after the commit.
 * Without it every request would wait for a disk flush of its own (0.23 of the floor instead of 0.99, measured).
 */
import type { About, Database, Tx } from '../store/database.ts'

/** Thrown to a caller when more is waiting than could be served in time. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

export interface Turns {
  /**
   * Runs the work in the next transaction; resolves after its commit. What throws undoes itself alone. `about` names whom
   * it concerns, so that a database that many processes share can lock them all at once; it is a help, not a promise.
   */
  readonly run: <Result>(work: (tx: Tx) => Promise<Result>, about?: About) => Promise<Result>
  /** Whether so many more pieces would be taken now: for what must be taken whole or not at all. */
  readonly hasRoom: (pieces: number) => boolean
  /** Resolves when all that was accepted is committed; nothing is accepted afterwards. */
  readonly stop: () => Promise<void>
}

interface Piece {
  readonly work: (tx: Tx) => Promise<unknown>
  readonly about: About
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Pieces of one transaction: enough to share the flush and the pages, few enough to keep the answer time short. */
const MOST_PER_TURN = 128
const MOST_WAITING = 10_000

/** Reads again what memory holds of the database: what a piece had changed of it is undone. */
type Undone = (db: Tx['db']) => Promise<void>

/** Work may run twice (see `takeTurn`), so it changes nothing but the database and what `undone` reads again. */
export function startTurns(database: Database, undone: Undone = () => Promise.resolve()): Turns {
  const waiting: Piece[] = []
  let running: Promise<void> | undefined
  let stopped = false

  const takeTurns = async () => {
    // On the next turn of the loop, so that what else has arrived by then goes along.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      await takeTurn({ database, undone }, waiting.splice(0, MOST_PER_TURN))
      if (waiting.length > 0) await new Promise(setImmediate)
    }
    running = undefined
  }
  return {
    run: <Result>(work: (tx: Tx) => Promise<Result>, about: About = {}) => {
      if (stopped) return Promise.reject(new Error('the server is stopping'))
      if (waiting.length >= MOST_WAITING)
        return Promise.reject(new QueueFull('more is waiting than can be served'))
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ work, about, resolve: resolve as (result: unknown) => void, reject })
        running ??= takeTurns()
      })
    },
    hasRoom: (pieces) => waiting.length + pieces <= MOST_WAITING,
    stop: async () => {
      stopped = true
      await running
    },
  }
}

/**
 * Answers after the commit. A savepoint around each piece would cost a fifth of an event (SQLite keeps a copy of every page
 * that a piece touches), and hardly any piece fails: where one does, all of it is undone and done again, one by one.
 */
async function takeTurn(
  { database, undone }: { readonly database: Database; readonly undone: Undone },
  pieces: readonly Piece[],
): Promise<void> {
  const results: unknown[] = []
  try {
    await database.transaction(
      async (tx) => {
        for (const { work } of pieces) results.push(await work(tx))
      },
      pieces.map(({ about }) => about),
    )
  } catch {
    // What it was comes again, and then it is told to the one whom it concerns.
    return oneByOne({ database, undone }, pieces)
  }
  for (const [index, { resolve }] of pieces.entries()) resolve(results[index])
}

/** Each piece in a savepoint, so that what throws undoes itself alone. If the commit itself fails, all of them fail. */
async function oneByOne(
  { database, undone }: { readonly database: Database; readonly undone: Undone },
  pieces: readonly Piece[],
): Promise<void> {
  const answers: (() => void)[] = []
  try {
    await database.transaction(
      async (tx, savepoint) => {
        await undone(tx.db)
        for (const { work, resolve, reject } of pieces) {
          try {
            const result = await savepoint(() => work(tx))
            answers.push(() => resolve(result))
          } catch (error) {
            answers.push(() => reject(error))
            await undone(tx.db)
          }
        }
      },
      pieces.map(({ about }) => about),
    )
  } catch (error) {
    for (const { reject } of pieces) reject(error)
    return
  }
  for (const answer of answers) answer()
}
