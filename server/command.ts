/** What the commands beside a server share: configuration, the database, words to the terminal, and a clean end. */
import { existsSync } from 'node:fs'
import { readConfig, type Config } from './config.ts'
import { startTurns, type Turns } from './runtime/turns.ts'
import type { Database } from './store/database.ts'
import { openDatabase } from './store/open.ts'

export interface Command {
  readonly config: Config
  readonly database: Database
  readonly turns: Turns
  readonly say: (line: string) => void
  /** Says what is wrong; the command ends with 1. */
  readonly fail: (line: string) => void
}

/** Opens what the environment names, runs the command, and closes everything. */
export async function withDatabase(run: (command: Command) => Promise<void>): Promise<void> {
  const fail = (line: string) => {
    process.stderr.write(`${line}\n`)
    process.exitCode = 1
  }
  const read = readConfig(process.env)
  if (!read.ok) return fail(read.problems.join('\n'))
  const { config } = read
  if (config.database.type === 'sqlite' && !existsSync(config.database.file))
    return fail(
      `There is no database ${config.database.file}. Start Tidemark once, or set DATABASE_URL as for the server.`,
    )
  const database = await openDatabase(config)
  const turns = startTurns(database)
  try {
    await run({
      config,
      database,
      turns,
      say: (line) => process.stdout.write(`${line}\n`),
      fail,
    })
  } finally {
    await turns.stop()
    await database.close()
  }
}
