// The product as its operator runs it (`npm start`): `node server/main.ts` with an environment, in a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { databaseIn, newFolder, removeFolder } from './database.ts'
import { freePort } from './freePort.ts'

const MAIN = resolve(import.meta.dirname, '../../server/main.ts')
/** As in package.json: a third less memory at the same speed (measured by `npm run bench`). */
const FLAGS = ['--max-semi-space-size=8']

/** The keys a test server gets unless its environment names others. */
export const WRITE_KEY = 'test-write-key-0123456789'
export const API_KEY = 'test-api-key-0123456789'

export type ServerProcess = {
  readonly url: string
  readonly pid: number
  /** What its database belongs to (`databaseIn`): start another one with the same folder to go on with the same data. */
  readonly folder: string
  /** Everything it printed so far, to be shown when a test fails; nothing reads meaning from it. */
  readonly output: () => string
  /** Ends it as an operator does (SIGTERM) and answers its exit code; removes the folder if it was made here. */
  readonly stop: () => Promise<number | null>
  /** Ends it as a power cut does (SIGKILL); the folder stays, for the next start. */
  readonly kill: () => Promise<void>
}

export type ServerOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly folder?: string
  readonly port?: number
  readonly readyWithin?: number
  /** What the process is for, where it is not for everything. A worker has no port. */
  readonly role?: 'web' | 'worker'
}

/**
 * Starts a server on a free port and a database of its own, and waits until it is ready.
 * It inherits PATH and HOME only, so that no variable of the developer's shell changes what is tested. Throws with its
 * output when it ends or is not ready in time (45 seconds).
 */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const port = options.port ?? (await freePort())
  const folder = options.folder ?? newFolder()
  const child = spawn(process.execPath, [...FLAGS, MAIN, ...(options.role ? [options.role] : [])], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: options.env?.['DATABASE_URL'] ?? (await databaseIn(folder)),
      TIDEMARK_WRITE_KEY: WRITE_KEY,
      TIDEMARK_API_KEY: API_KEY,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const cleanUp = async () => {
    if (options.folder === undefined) await removeFolder(folder)
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return (await ended)[0]
  }

  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    options.role === 'worker' ? output.includes('Tidemark works') : answersOk(`${url}/readyz`)
  const ready = await becomesReady(isReady, options.readyWithin ?? 45_000, child)
  if (ready !== 'ready') {
    await end('SIGKILL')
    await cleanUp()
    throw new Error(`the server ${ready}\n${output}`)
  }
  return {
    url,
    pid: child.pid!,
    folder,
    output: () => output,
    stop: async () => {
      const code = await end('SIGTERM')
      await cleanUp()
      return code
    },
    kill: async () => void (await end('SIGKILL')),
  }
}

async function becomesReady(
  isReady: () => boolean | Promise<boolean>,
  within: number,
  child: ChildProcess,
): Promise<string> {
  const deadline = Date.now() + within
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      return `ended before it was ready (${child.exitCode ?? child.signalCode})`
    }
    if (await isReady()) return 'ready'
    await delay(25)
  }
  return `was not ready within ${within} ms`
}

/** A refused connection only means "not yet"; fetch reports it as a TypeError. */
async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    return response.ok
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return false
    throw error
  }
}
