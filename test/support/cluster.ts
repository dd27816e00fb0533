// The same promises with several processes on one PostgreSQL: processes are killed at random while the others go on, and
// the database server itself is ended twice, once politely and once not. Real processes, a real PostgreSQL, real SMTP.
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { settled } from '../../server/work/worker.ts'
import { openDatabase } from '../../server/store/open.ts'
import { apiOf } from './api.ts'
import { runCommand } from './command.ts'
import { booksOf, type Counts } from './crash/books.ts'
import { startLoad } from './crash/load.ts'
import { randomOf } from './crash/random.ts'
import { prepare, realMail, startSlowSmtp } from './crash/setting.ts'
import { newFolder, removeFolder } from './database.ts'
import { freePort } from './freePort.ts'
import { createDatabase, ownPostgres } from './postgres.ts'
import { startServer, type ServerProcess } from './serverProcess.ts'

export interface ClusterOptions {
  readonly processes: number
  readonly events: number
  readonly contacts: number
  readonly seed: number
  /** Told what happens, now and then. */
  readonly say?: (line: string) => void
}

export interface ClusterSummary extends Counts {
  readonly kills: number
  readonly restarts: number
  readonly events: number
  readonly repeated: number
  readonly mails: number
  readonly seconds: number
  readonly verify: string
  /** Everything that should not be; empty when all promises were kept. */
  readonly broken: readonly string[]
}

const CLIENTS = 16
/** After the last kill: longer than any message that was in flight is waited for. */
const PATIENCE = 300_000

/** Runs it all; the load ends when so many events were answered. */
export async function crashCluster(options: ClusterOptions): Promise<ClusterSummary> {
  const { processes, events, contacts, seed, say = () => {} } = options
  const started = performance.now()
  const random = randomOf(seed)
  const folder = newFolder()
  const smtp = await startSlowSmtp(seed + 1)
  const postgres = await ownPostgres({ durable: true })
  const url = await createDatabase(postgres)
  const env = { ...realMail(smtp), DATABASE_URL: url }
  const running: ServerProcess[] = []
  const broken: string[] = []
  let [kills, restarts] = [0, 0]
  try {
    const ports = await Promise.all(Array.from({ length: processes }, freePort))
    const start = async (place: number): Promise<void> => {
      try {
        running[place] = await startServer({ folder, port: ports[place] ?? 0, env, readyWithin: 60_000 })
      } catch (error) {
        // The database restarted just then: whoever runs a process starts it again.
        if (!(error as Error).message.includes('The database cannot be reached')) throw error
        await start(place)
      }
    }
    await Promise.all(ports.map((_, place) => start(place)))
    const api = apiOf({ url: `http://127.0.0.1:${ports[0]}` })
    await prepare(api)

    const anyone = () => `http://127.0.0.1:${ports[Math.floor(random() * ports.length)]}`
    const load = startLoad({ url: anyone, random, clients: CLIENTS, people: contacts, events })
    let over = false
    const ended = load.finished.finally(() => (over = true))
    const goesOn = () => !over
    const killing = async () => {
      while (goesOn()) {
        await delay(100 + random() * 1_500)
        const place = Math.floor(random() * processes)
        await running[place]?.kill()
        kills += 1
        await start(place)
        if (kills % 10 === 0)
          say(`${kills} kills, ${load.answered.size} events answered, ${smtp.mails.length} mails arrived`)
      }
    }
    const restarting = async () => {
      for (const how of ['stop', 'kill'] as const) {
        restarts += 1
        while (goesOn() && load.answered.size < (events * restarts) / 3) await delay(20)
        await postgres.restart(how)
        say(`the database server was restarted (${how}) after ${load.answered.size} events`)
      }
    }
    // All of them end before anything is cleaned up.
    await settled([ended, killing(), restarting()])
    say('no more kills; waiting until everything has come to rest')

    const database = await openDatabase({ database: { type: 'postgres', url }, sandbox: false })
    const books = booksOf(async <Row>(text: string) => (await sql.raw<Row>(text).execute(database.read)).rows)
    try {
      if (!(await books.comesToRest(PATIENCE))) broken.push('it did not come to rest')
      const problems = await api.pages<{ code: string; detail: string }>('/problems')
      for (const server of running) await server.stop()
      const verify = await runCommand(folder, 'verify', [], { DATABASE_URL: url })
      if (!verify.includes('no difference')) broken.push(`verify: ${verify}`)
      const arrived = smtp.mails.map(({ mail }) => mail.messageId ?? '')
      broken.push(...(await books.wrong({ answered: load.answered, arrived, problems })))
      const counts = await books.counts()
      // Each process hands over a few mails at a time: more in doubt than were under way at a kill cannot be.
      const underWay = (kills + restarts * processes) * AT_ONCE
      if (counts.uncertain > underWay)
        broken.push(`${counts.uncertain} messages are uncertain, where at most ${underWay} were under way`)
      return {
        kills,
        restarts,
        events: load.answered.size,
        repeated: load.repeated(),
        mails: arrived.length,
        ...counts,
        seconds: (performance.now() - started) / 1_000,
        verify,
        broken,
      }
    } finally {
      await database.close()
    }
  } finally {
    for (const server of running) await server.kill()
    await smtp.stop()
    await postgres.stop()
    await removeFolder(folder)
  }
}

/** As `server/work/sending.ts` has it. */
const AT_ONCE = 10
