// The way into the page: what `npm run login` prints for a running server.
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { API_KEY, WRITE_KEY, type ServerProcess } from './serverProcess.ts'

const LOGIN = resolve(import.meta.dirname, '../../server/login.ts')

/** A link that works once. */
export function loginLink(server: ServerProcess): string {
  const printed = execFileSync(process.execPath, [LOGIN], {
    encoding: 'utf8',
    cwd: server.folder,
    env: {
      PATH: process.env['PATH'],
      PORT: new URL(server.url).port,
      DATABASE_URL: `sqlite:${join(server.folder, 'tidemark.db')}`,
      TIDEMARK_WRITE_KEY: WRITE_KEY,
      TIDEMARK_API_KEY: API_KEY,
      TIDEMARK_SANDBOX: '1',
    },
  })
  const link = /http\S+#login=\S+/.exec(printed)?.[0]
  if (link === undefined) throw new Error(`no link in: ${printed}`)
  return link
}
