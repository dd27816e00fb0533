// The commands beside a server (`npm run verify`, `replay`), as an operator runs them, on the database of a folder.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export type CommandName = 'replay' | 'verify'

function invocation(folder: string, name: CommandName, args: readonly string[]) {
  const script = resolve(import.meta.dirname, `../../server/${name}.ts`)
  const env = { PATH: process.env['PATH'], DATABASE_URL: `sqlite:${join(folder, 'tidemark.db')}` }
  return { args: [script, ...args], env }
}

/** Runs it to its end, well or not, and answers what it said. */
export async function runCommand(
  folder: string,
  name: CommandName,
  args: readonly string[] = [],
): Promise<string> {
  const { args: all, env } = invocation(folder, name, args)
  const run = promisify(execFile)(process.execPath, all, { env, maxBuffer: 100_000_000 })
  const { stdout, stderr } = await run.catch((error: Error & { stdout: string; stderr: string }) => error)
  return `${stdout}${stderr.slice(0, 5_000)}`.trim()
}

/** Begins it, for a test that ends it before its time. */
export function startCommand(folder: string, name: CommandName, args: readonly string[] = []): ChildProcess {
  const { args: all, env } = invocation(folder, name, args)
  return spawn(process.execPath, all, { env, stdio: 'ignore' })
}
