// The commands beside a server (`npm run verify`, `replay`, `demo`, `move`), as an operator runs them, on the database of a folder.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { databaseIn } from './database.ts'

export type CommandName = 'demo' | 'move' | 'replay' | 'verify'

type Environment = { readonly [name: string]: string }

async function invocation(
  folder: string,
  name: CommandName,
  args: readonly string[],
  more: Environment = {},
) {
  const script = resolve(import.meta.dirname, `../../server/${name}.ts`)
  const env = { PATH: process.env['PATH'], DATABASE_URL: await databaseIn(folder), ...more }
  return { args: [script, ...args], env }
}

/** Runs it to its end, well or not, and answers what it said. */
export async function runCommand(
  folder: string,
  name: CommandName,
  args: readonly string[] = [],
  more: Environment = {},
): Promise<string> {
  const { args: all, env } = await invocation(folder, name, args, more)
  const run = promisify(execFile)(process.execPath, all, { env, maxBuffer: 100_000_000 })
  const { stdout, stderr } = await run.catch((error: Error & { stdout: string; stderr: string }) => error)
  return `${stdout}${stderr.slice(0, 5_000)}`.trim()
}

/** Begins it, for a test that ends it before its time. */
export async function startCommand(
  folder: string,
  name: CommandName,
  args: readonly string[] = [],
): Promise<ChildProcess> {
  const { args: all, env } = await invocation(folder, name, args)
  return spawn(process.execPath, all, { env, stdio: 'ignore' })
}
