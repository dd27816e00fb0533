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
  const queue = openQueue(database.piecesAtOnce)
  const running = new Map<number, Promise<void>>()
  let isSet = false
  let stopped = false

  /** On the next turn of the loop, so that what else has arrived by then goes along. */
  const soon = () => {
    if (isSet || queue.length() === 0) return
    isSet = true
    setImmediate(() => {
      isSet = false
      for (let lane = 0; lane < database.lanes; lane++) if (!running.has(lane)) take(lane)
    })
  }
  const take = (lane: number) => {
    if (running.size > 0 && queue.length() < WORTH_A_LANE) return
    const pieces = queue.take()
    if (pieces.length === 0) return
    const turn = takeTurn({ database, remember, lane }, pieces).finally(() => {
      queue.done(pieces)
      running.delete(lane)
      soon()
    })
    running.set(lane, turn)
  }
  return {
    run: <Result>(work: (tx: Tx) => Promise<Result>, about: About = {}) => {
      if (stopped) return Promise.reject(new Error('the server is stopping'))
      if (queue.length() >= MOST_WAITING)
        return Promise.reject(new QueueFull('more is waiting than can be served'))
      return new Promise<Result>((resolve, reject) => {
        queue.add({ work, about, resolve: resolve as (result: unknown) => void, reject })
        soon()
      })
    },
    hasRoom: (pieces) => queue.length() + pieces <= MOST_WAITING,
    stop: async () => {
      stopped = true
      while (running.size > 0 || queue.length() > 0) {
        await Promise.all(running.values())
        await new Promise(setImmediate)
      }
    },
  }
}

/** Fewer pieces wait for the turn under way: together they are done sooner than in one of their own beside it. */
const WORTH_A_LANE = 16

/** Pieces that wait. Of those in the order of one thing none is taken while an earlier one is under way. */
function openQueue(most: number) {
  let waiting: Piece[] = []
  const underWay = new Set<string>()
  const orderOf = ({ about }: Piece) => about.inOrderOf ?? ''

  return {
    length: () => waiting.length,
    add: (piece: Piece) => void waiting.push(piece),
    /** The next ones. What changes the catalogue comes alone. */
    take: (): readonly Piece[] => {
      const taken: Piece[] = []
      const left: Piece[] = []
      const passed = new Set(underWay)
      for (const piece of waiting) {
        const isAlone = piece.about.catalogue && taken.length > 0
        const isFull = taken.length === most || taken[0]?.about.catalogue
        if (isFull || isAlone || passed.has(orderOf(piece))) {
          left.push(piece)
          passed.add(orderOf(piece))
        } else taken.push(piece)
      }
      waiting = left
      for (const piece of taken) underWay.add(orderOf(piece))
      return taken
    },
    done: (pieces: readonly Piece[]) => {
      for (const piece of pieces) underWay.delete(orderOf(piece))
    },
  }
}

interface Shop {
  readonly database: Database
  readonly remember: Remember
  readonly lane: number
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
  const { database, remember, lane, pieces, about, changes } = turn
  let results: unknown[] = []
  try {
    await database.transaction(
      async (tx) => {
        results = []
        await remember(tx, changes)
        for (const { work } of pieces) results.push(await work(tx))
      },
      about,
      lane,
    )
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
async function oneByOne({ database, remember, lane, pieces, changes, ...turn }: Turn): Promise<Answers> {
  // Each notes its own calls: what it throws undoes that too.
  const about = turn.about.map((piece) => ({ ...piece, calls: [] }))
  let answers: (() => void)[] = []
  try {
    await database.transaction(
      async (tx, savepoint) => {
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
      },
      about,
      lane,
    )
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
async function upToDate({ database, remember, lane }: Shop): Promise<void> {
  // Where even this fails, the next turn does it.
  await database.transaction((tx) => remember(tx, false), [], lane).catch(() => undefined)
}
