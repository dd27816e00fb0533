/** `npm run move`: copies a SQLite installation to PostgreSQL. A process of its own: no server may have the file open. */
import { parseArgs } from 'node:util'
import { inPoints } from '../engine/index.ts'
import { withDatabase } from './command.ts'
import { readConfig } from './config.ts'
import { showProgress } from './progress.ts'
import { copyAll, type CopyResult } from './store/copy.ts'
import { DatabaseAway } from './store/database.ts'
import { lockDatabase } from './store/lock.ts'
import { openDatabase } from './store/open.ts'
import { connect } from './store/pgConnection.ts'

const USAGE = `npm run move -- --to postgres://user:password@host/database

Copies everything from the SQLite file that DATABASE_URL names to an empty PostgreSQL database, and counts it there. Stop
the server first. All of it is copied or nothing; the file stays as it is.`

const target = readTarget(process.argv.slice(2))
if (target) await run(target)
else {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 1
}

async function run(url: string): Promise<void> {
  await withDatabase(async ({ config, database, say, fail }) => {
    if (config.database.type !== 'sqlite')
      return fail('DATABASE_URL names a PostgreSQL database already: expected the SQLite file to move from.')
    const unlock = lockDatabase(config.database)
    if (!unlock)
      return fail(
        'A server has the database open. Stop it first (Ctrl-C where it runs, or kill its process), then move.',
      )
    try {
      // A server waits for a database that is just starting; who stands before a terminal wants to know at once.
      await (await connect(url)).end()
      const to = await openDatabase({ database: { type: 'postgres', url }, sandbox: false })
      const started = performance.now()
      const result = await copyAll(database.read, to, (done, all, table) =>
        showProgress(done / Math.max(1, all), `${done.toLocaleString('en')} rows, ${table}`),
      ).finally(() => to.close())
      if (process.stderr.isTTY) process.stderr.write('\n')
      if (!result.ok) return fail(occupied(result))
      for (const { name, rows } of result.tables)
        if (rows > 0) say(`${name.padEnd(20)} ${rows.toLocaleString('en').padStart(12)}`)
      for (const { attribute, sum, lines } of result.sums)
        say(
          `${attribute}: ${inPoints(sum).toLocaleString('en')} points in ${lines.toLocaleString('en')} lines`,
        )
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      say(
        `Every row is there, and the ledger adds up to the same, in ${seconds} s. Start Tidemark with DATABASE_URL=${shown(url)} from now on, and not on ${config.database.file} any more: what waits there would be sent from both.`,
      )
    } catch (error) {
      if (!(error instanceof DatabaseAway)) throw error
      fail(
        `PostgreSQL cannot be reached at ${shown(url)}: ${(error.cause as Error | undefined)?.message ?? error.message}`,
      )
    } finally {
      unlock()
    }
  })
}

function occupied({ occupied: tables }: Extract<CopyResult, { ok: false }>): string {
  const what = tables.map(({ name, rows }) => `${name} ${rows.toLocaleString('en')}`).join(', ')
  return `The database to move to is not empty (rows: ${what}), so nothing was done. Make a new one (createdb) and move there.`
}

function readTarget(argv: readonly string[]): string | undefined {
  try {
    const { to } = parseArgs({ args: [...argv], options: { to: { type: 'string' } } }).values
    const read = readConfig({ DATABASE_URL: to })
    return read.ok && to !== undefined && read.config.database.type === 'postgres' ? to : undefined
  } catch (error) {
    if (error instanceof TypeError) return undefined // an option that there is not
    throw error
  }
}

/** Terminals are looked at, and end in logs. */
function shown(url: string): string {
  const open = new URL(url)
  if (open.password !== '') open.password = '…'
  return decodeURI(open.href)
}
