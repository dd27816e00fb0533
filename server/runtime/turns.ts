/**
 * Group commit: what arrives during one turn of the event loop is committed together and answered after the commit.
 * Without it every request would wait for a disk flush of its own (0.23 of the floor instead of 0.99, measured).
 */
import { DatabaseAway, type About, type Database, type Tx } from '../store/database.ts'

/** Thrown to a caller when more is waiting than could be served in time. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

export interface Turns {
  /**
   * Runs the work in the next transaction; resolves after its commit. What throws undoes itself alone. `about` names whom
   * it concerns, so that a database that many processes share can lock them all at once; it is a help, not a promise. Only
   * that it changes the catalogue must be said.
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

const MOST_WAITING = 10_000

/**
 * Makes what this process keeps in memory what the transaction finds. With `changes` the transaction goes on to change it
 * itself, so that afterwards, however it ends, it is to be read again.
 */
export type Remember = (tx: Tx, changes: boolean) => Promise<void>

/** Work may run twice (see `takeTurn`), so it changes nothing but the database and what `remember` makes good. */
export function startTurns(database: Database, remember: Remember = () => Promise.resolve()): Turns {
  const waiting: Piece[] = []
  let running: Promise<void> | undefined
  let stopped = false

  const takeTurns = async () => {
    // On the next turn of the loop, so that what else has arrived by then goes along.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      await takeTurn({ database, remember }, waiting.splice(0, together(waiting, database.piecesAtOnce)))
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

/** How many of the waiting pieces come next: what changes the catalogue comes alone. */
function together(waiting: readonly Piece[], most: number): number {
  const before = waiting.slice(0, most).findIndex(({ about }) => about.catalogue)
  return before === -1 ? most : Math.max(1, before)
}

interface Shop {
  readonly database: Database
  readonly remember: Remember
}

/**
 * Answers after the commit. A savepoint around each piece would cost a fifth of an event (SQLite keeps a copy of every page
 * that a piece touches), and hardly any piece fails: where one does, all of it is undone and done again, one by one.
 */
async function takeTurn(shop: Shop, pieces: readonly Piece[]): Promise<void> {
  const about = pieces.map(({ about }) => about)
  const turn = { ...shop, pieces, about, changes: about.some(({ catalogue }) => catalogue) }
  const answers = await allAtOnce(turn)
  if (turn.changes) await upToDate(shop)
  for (const answer of answers) answer()
}

interface Turn extends Shop {
  readonly pieces: readonly Piece[]
  readonly about: readonly About[]
  readonly changes: boolean
}

type Answers = readonly (() => void)[]

async function allAtOnce(turn: Turn): Promise<Answers> {
  const { database, remember, pieces, about, changes } = turn
  let results: unknown[] = []
  try {
    await database.transaction(async (tx) => {
      results = []
      await remember(tx, changes)
      for (const { work } of pieces) results.push(await work(tx))
    }, about)
  } catch (error) {
    // What else it was comes again, and then it is told to the one whom it concerns.
    return error instanceof DatabaseAway ? refused(pieces, error) : oneByOne(turn)
  }
  return pieces.map(
    ({ resolve }, index) =>
      () =>
        resolve(results[index]),
  )
}

/** Each piece in a savepoint, so that what throws undoes itself alone. If the commit itself fails, all of them fail. */
async function oneByOne({ database, remember, pieces, changes, ...turn }: Turn): Promise<Answers> {
  // Each notes its own calls: what it throws undoes that too.
  const about = turn.about.map(({ calls: _, ...about }) => about)
  let answers: (() => void)[] = []
  try {
    await database.transaction(async (tx, savepoint) => {
      answers = []
      await remember(tx, changes)
      for (const { work, resolve, reject } of pieces) {
        try {
          const result = await savepoint(() => work(tx))
          answers.push(() => resolve(result))
        } catch (error) {
          answers.push(() => reject(error))
        }
      }
    }, about)
  } catch (error) {
    return refused(pieces, error)
  }
  return answers
}

function refused(pieces: readonly Piece[], error: unknown): Answers {
  return pieces.map(
    ({ reject }) =>
      () =>
        reject(error),
  )
}

/** Who only reads memory finds at once what was changed there, and nothing of what was undone. */
async function upToDate({ database, remember }: Shop): Promise<void> {
  // Where even this fails, the next turn does it.
  await database.transaction((tx) => remember(tx, false)).catch(() => undefined)
}
