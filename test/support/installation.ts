// The whole server without a port: a real database, the shipped journeys, and requests that
// go straight to the app.
import { readConfig, type Environment } from '../../server/config.ts'
import { openInstallation, type Installation } from '../../server/installation.ts'
import { databaseIn, newFolder, removeFolder } from './database.ts'
import { API_KEY, WRITE_KEY } from './serverProcess.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON of the answer; undefined where it is something else. */
  readonly body: never
}

export interface TestInstallation extends Omit<Installation, 'stop'> {
  /** A request with the API key, unless the headers say otherwise; a body that is no text is sent as JSON. */
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    headers?: { readonly [name: string]: string },
  ) => Promise<Answer>
  /** The same without a key: what a stranger's browser sends. */
  readonly anyone: TestInstallation['ask']
  /** A call of Segment's API; throws where it is refused. */
  readonly send: (call: string, body: object) => Promise<void>
  /** Waits until all mail that may go out has gone out. */
  readonly settled: () => Promise<void>
  /** What was reported as unexpected. */
  readonly reported: readonly unknown[]
  readonly stop: () => Promise<void>
}

const BASIC = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`

/** Opens an installation in the sandbox and starts it; `stop` removes its database. */
export async function startInstallation(env: Environment = {}): Promise<TestInstallation> {
  const folder = newFolder()
  const read = readConfig({
    DATABASE_URL: env['DATABASE_URL'] ?? (await databaseIn(folder)),
    TIDEMARK_WRITE_KEY: WRITE_KEY,
    TIDEMARK_API_KEY: API_KEY,
    TIDEMARK_SANDBOX: '1',
    ...env,
  })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const reported: unknown[] = []
  const installation = await openInstallation(read.config, (error) => reported.push(error))
  await installation.start()
  const { app, deps } = installation

  const anyone: TestInstallation['ask'] = async (method, path, body, headers = {}) => {
    const json = body !== undefined && typeof body !== 'string'
    const response = await app.request(path, {
      method,
      headers: { host: 'localhost:3000', ...(json && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as never,
    }
  }
  return {
    ...installation,
    reported,
    anyone,
    ask: (method, path, body, headers = {}) =>
      anyone(method, path, body, { authorization: `Bearer ${API_KEY}`, ...headers }),
    send: async (call, body) => {
      const { status, text } = await anyone('POST', `/v1/${call}`, body, { authorization: BASIC })
      if (status !== 200) throw new Error(`/v1/${call}: ${status} ${text}`)
    },
    settled: async () => void (await deps.advanceClock(deps.clock.now())),
    stop: async () => {
      await installation.stop()
      await removeFolder(folder)
    },
  }
}
