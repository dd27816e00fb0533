/**
 * The transactions of this process on PostgreSQL. Two lanes: while the server works for one, the process works for the
 * other. Where others are in the way, or the server is away for a while, they are done again.
 */
import type { About } from './database.ts'
import { LOCKS } from './pgBeginning.ts'
import { connect, isInTheWay } from './pgConnection.ts'
import { openLane, type Work } from './pgLane.ts'
import type { Patience } from './pgPatience.ts'
import type { TypeOf } from './pgStatements.ts'

export const LANES = 2
/** How often a transaction is done again because others were in its way. */
const MOST_TRIES = 5

export interface TransactionsOptions {
  readonly url: string
  /** The clock can be moved, by any of the processes. */
  readonly sandbox: boolean
  /** How long a lost connection is tried again before whoever waits is told. */
  readonly patience: Patience
}

export function transactionsOn({ url, sandbox, patience }: TransactionsOptions, typeOf: TypeOf) {
  /** Whether this process holds the others up; while it asks for that, its own transactions wait for `gate`. */
  let isAlone = false
  let gate = Promise.resolve()
  let aloneBefore = Promise.resolve()
  const underWay = new Set<Promise<void>>()
  const options = { url, sandbox, patience, typeOf, isAlone: () => isAlone }
  const lanes = Array.from({ length: LANES }, () => openLane(options))

  const attempt = async (lane: number, work: Work, about: readonly About[], also: Set<string>) => {
    await gate
    const trying =
      lanes[lane]?.attempt(work, about, also) ?? Promise.reject(new Error(`there is no lane ${lane}`))
    const settled = trying.catch(() => undefined).finally(() => underWay.delete(settled))
    underWay.add(settled)
    return trying
  }
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const own = await patience.until(() => connect(url))
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
      await Promise.all(underWay)
      await work()
    } finally {
      open()
    }
  }

  return {
    transaction: async (work: Work, about: readonly About[] = [], lane = 0): Promise<void> => {
      const also = new Set<string>()
      for (let tries = 1; ; tries++) {
        try {
          return await patience.until(() => attempt(lane, work, about, also))
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
      await Promise.all(lanes.map(({ close }) => close()))
    },
  }
}
