/** What has a connection of its own on PostgreSQL, for as long as it goes on: listening for news, and leading. */
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseAway, type Ongoing } from './database.ts'
import { asAway, connect, type Connection } from './pgConnection.ts'
import { LOCKS } from './pgBeginning.ts'
import { NEWS } from './pgTransaction.ts'

/** Tells of news; also whenever the connection is new, as something may have been missed. */
export function listen(url: string, tell: () => void): Ongoing {
  return keepOn(url, RECONNECT_AFTER, async (connection, over) => {
    connection.onNotification(tell)
    await connection.query(`listen ${NEWS}`)
    tell()
    await over
  })
}

/** Leads while the connection holds a lock, which the server takes back when the process is gone. */
export function lead(url: string, begin: () => Ongoing): Ongoing {
  const lock = `select pg_try_advisory_lock(${LOCKS.class}, ${LOCKS.leading}) as leads`
  return keepOn(url, LOOK_AGAIN_AFTER, async (connection, over) => {
    const { rows } = await connection.query(lock)
    if (!(rows as { leads: boolean }[])[0]?.leads) return
    const leading = begin()
    await over
    await leading.stop()
  })
}

/** Pauses before a lost connection is made again, and before it is asked again who leads. */
const RECONNECT_AFTER = 200
const LOOK_AGAIN_AFTER = 2_000

/** Uses one connection after the other; `over` resolves when the one at hand is lost, or all is to end. */
function keepOn(
  url: string,
  pause: number,
  use: (connection: Connection, over: Promise<void>) => Promise<void>,
): Ongoing {
  const stopping = new AbortController()
  const { signal } = stopping
  const once = async () => {
    const connection = await connect(url)
    const over = new Promise<void>((resolve) => {
      connection.onLost(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
    try {
      await use(connection, over)
    } finally {
      await connection.end()
    }
  }
  const again = async () => {
    while (!signal.aborted) {
      await once().catch((error: unknown) => {
        if (!(asAway(error) instanceof DatabaseAway)) throw error
      })
      await delay(pause, undefined, { signal }).catch(() => undefined)
    }
  }
  const ended = again()
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}
