// The promise of at most once, tried: a server under load, with mail going out, is killed at random moments and started
// again on the same database. What must hold at the end is counted there, by SQL, and at the SMTP server.
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { apiOf } from './api.ts'
import { runCommand } from './command.ts'
import { booksOf, type Counts } from './crash/books.ts'
import { startLoad } from './crash/load.ts'
import { randomOf } from './crash/random.ts'
import { prepare, realMail, startSlowSmtp } from './crash/setting.ts'
import { lookInto, newFolder, removeFolder } from './database.ts'
import { freePort } from './freePort.ts'
import { startServer, type ServerProcess } from './serverProcess.ts'

export interface CrashOptions {
  readonly kills: number
  readonly seed: number
  /** Told what happens, now and then. */
  readonly say?: (line: string) => void
}

export interface CrashSummary extends Counts {
  readonly kills: number
  readonly whileStarting: number
  readonly events: number
  readonly repeated: number
  readonly mails: number
  readonly inFlight: number
  readonly seconds: number
  readonly verify: string
  /** Everything that should not be; empty when all promises were kept. */
  readonly broken: readonly string[]
}

const CLIENTS = 8
const PEOPLE = 96
/** So many are answered between two kills at least. */
const FEWEST_EVENTS = 25
const PATIENCE = 120_000

/** Runs it all; takes about 1.5 seconds for each kill. */
export async function crash({ kills, seed, say = () => {} }: CrashOptions): Promise<CrashSummary> {
  const started = performance.now()
  const random = randomOf(seed)
  const folder = newFolder()
  const port = await freePort()
  const smtp = await startSlowSmtp(seed + 1)
  const env = realMail(smtp)
  let server: ServerProcess | undefined
  try {
    server = await startServer({ folder, port, env })
    const api = apiOf(server)
    await prepare(api)
    const load = startLoad({ url: () => api.url, random, clients: CLIENTS, people: PEOPLE })
    const inFlight = new Set<string>()
    const broken: string[] = []
    const noteInFlight = () =>
      withBooks(folder, async (books) => {
        for (const id of await books.sending()) inFlight.add(id)
      })
    let whileStarting = 0

    for (let kill = 1; kill <= kills; kill++) {
      const before = load.answered.size
      await delay(50 + random() * 1_000)
      // A busy machine has hardly begun by then.
      while (load.answered.size < before + FEWEST_EVENTS) await delay(20)
      await server.kill()
      const answered = [...load.answered.values()]
      await noteInFlight()
      const missing = await withBooks(folder, (books) => books.missing(answered))
      if (missing.length > 0) broken.push(`kill ${kill}: answered and not stored: ${missing.join(', ')}`)
      // Some are killed again before they are ready.
      while (random() < 0.2) {
        whileStarting += 1
        server = await startServer({ folder, port, env, readyWithin: random() * 700 }).catch(notReady)
        if (server) break
        await noteInFlight()
      }
      if (!server || !isAlive(server)) server = await startServer({ folder, port, env })
      if (kill % 10 === 0)
        say(`${kill} kills, ${load.answered.size} events answered, ${smtp.mails.length} mails arrived`)
    }
    await load.stop()
    say('no more kills; waiting until everything has come to rest')
    const rested = await withBooks(folder, (books) => books.comesToRest(PATIENCE))
    if (!rested) broken.push('it did not come to rest')
    const problems = await api.pages<{ code: string; detail: string }>('/problems')
    await server.stop()
    const verify = await runCommand(folder, 'verify')
    if (!verify.includes('no difference')) broken.push(`verify: ${verify}`)
    const arrived = smtp.mails.map(({ mail }) => mail.messageId ?? '')
    return await withBooks(folder, async (books) => {
      broken.push(...(await books.wrong({ answered: load.answered, arrived, problems })))
      const unexpected = (await books.uncertain()).filter((id) => !inFlight.has(id))
      if (unexpected.length > 0)
        broken.push(`uncertain, and not in flight at a kill: ${unexpected.join(', ')}`)
      return {
        kills: kills + whileStarting,
        whileStarting,
        events: load.answered.size,
        repeated: load.repeated(),
        mails: arrived.length,
        inFlight: inFlight.size,
        ...(await books.counts()),
        seconds: (performance.now() - started) / 1000,
        verify,
        broken,
      }
    })
  } finally {
    if (server && isAlive(server)) await server.kill()
    await smtp.stop()
    await removeFolder(folder)
  }
}

/** Reads the database of a server that may run. */
function withBooks<Result>(
  folder: string,
  read: (books: ReturnType<typeof booksOf>) => Promise<Result>,
): Promise<Result> {
  return lookInto(folder, (db) =>
    read(booksOf(async <Row>(text: string) => (await sql.raw<Row>(text).execute(db)).rows)),
  )
}

function notReady(error: Error): undefined {
  if (!error.message.includes('was not ready within')) throw error
}

function isAlive({ pid }: ServerProcess): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // no such process
  }
}
