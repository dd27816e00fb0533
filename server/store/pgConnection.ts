/** Connections to PostgreSQL: one that transactions run on, one that listens, and what their errors mean. */
import { Client, DatabaseError, types, type ClientConfig, type QueryConfig, type QueryResult } from 'pg'
import type { Socket } from 'node:net'
import { DatabaseAway, LostRace } from './database.ts'

/** How long one attempt to connect may take. */
const CONNECT_WITHIN = 5_000

const INT8 = 20
const NUMERIC = 1700

/** Whole numbers and sums are numbers here as in SQLite: times and hundredths are far below 2^53. */
const NUMBERS = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, format),
}

export function settingsFor(url: string): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_WITHIN,
    keepAlive: true,
    application_name: 'tidemark',
    types: NUMBERS,
  }
}

export interface Connection {
  readonly query: (query: string | QueryConfig) => Promise<QueryResult>
  /** Sends all that is asked in there in one piece, and waits for all answers. */
  readonly together: <const Asked extends readonly unknown[]>(
    ask: () => Asked,
  ) => Promise<{ -readonly [Part in keyof Asked]: Awaited<Asked[Part]> }>
  /** Nothing more can be asked on it. */
  readonly isLost: () => boolean
  readonly onLost: (tell: () => void) => void
  readonly onNotification: (tell: (channel: string) => void) => void
  readonly end: () => Promise<void>
}

/**
 * Connects; what is asked without waiting for the answer before goes out at once and is answered in order. Throws
 * `DatabaseAway` where the server cannot be reached or is not up yet.
 */
export async function connect(url: string): Promise<Connection> {
  const client = new Client({ ...settingsFor(url), pipeline: true })
  let lost = false
  let tellLost: () => void = () => undefined
  const lose = () => {
    if (lost) return
    lost = true
    tellLost()
  }
  client.on('error', lose).on('end', lose)
  try {
    await client.connect()
  } catch (error) {
    throw asAway(error)
  }
  // The driver's types do not tell of it.
  const socket = (client as unknown as { connection: { stream: Socket } }).connection.stream
  return {
    query: async (query) => {
      try {
        return await client.query(query)
      } catch (error) {
        if (isAway(error)) lose()
        throw error
      }
    },
    together: (ask) => {
      socket.cork()
      try {
        return Promise.all(ask())
      } finally {
        socket.uncork()
      }
    },
    isLost: () => lost,
    onLost: (tell) => void (tellLost = tell),
    onNotification: (tell) => void client.on('notification', ({ channel }) => tell(channel)),
    end: async () => {
      tellLost = () => undefined
      // A connection that is gone cannot be told good-bye.
      await client.end().catch(() => undefined)
    },
  }
}

/** `DatabaseAway` where the error says that the server is gone, stops, starts or has no connection left; else the error. */
export function asAway(error: unknown): unknown {
  return isAway(error) ? new DatabaseAway('The database cannot be reached', { cause: error }) : error
}

/** The same, thrown on. */
export function throwAway(error: unknown): never {
  throw asAway(error)
}

/** Connection exceptions, too many connections, a server that stops or starts. */
const AWAY = /^(?:08|53300|57P0[123])/
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOENT',
  'ENOTFOUND',
])
/** What the driver itself says, which has no codes. */
const DRIVER = /^(?:Connection terminated|Client has encountered|Client was closed|timeout e)/

function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error instanceof DatabaseError) return AWAY.test(code) || error.severity === 'FATAL'
  if (error instanceof AggregateError) return error.errors.some(isAway)
  return SYSTEM.has(code) || DRIVER.test(error.message)
}

/** Serialization failure, deadlock, and our own word for it: done again from its start, it goes well. */
export function isInTheWay(error: unknown): boolean {
  if (error instanceof LostRace) return true
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01')
}
