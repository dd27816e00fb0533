/**
 * The server behind a port: configuration, installation, and a clean end. `web` only takes calls, `worker` only wakes and
 * sends and has no port; both are for PostgreSQL, where any number of each may run.
 */
import type { ServerResponse } from 'node:http'
import { serve } from '@hono/node-server'
import { readConfig, localAddress, type Config } from './config.ts'
import { DatabaseInUse, openInstallation, ROLES, type Installation, type Role } from './installation.ts'
import { logger } from './log.ts'
import { DatabaseAway } from './store/database.ts'
import { addLoginLink } from './store/keys.ts'

/** How long calls at hand may take to end once the server is told to stop. */
const PATIENCE = 10_000

async function main(): Promise<void> {
  const read = readConfig(process.env)
  if (!read.ok)
    return refuse([
      'Tidemark cannot start with this configuration:',
      ...read.problems.map((problem) => `  ${problem}`),
    ])
  const { config } = read
  const asked = process.argv[2] ?? 'all'
  const role = ROLES.find((known) => known === asked)
  if (!role) return refuse([`Expected "web", "worker" or nothing, got "${asked}".`])
  if (role !== 'all' && config.database.type === 'sqlite')
    return refuse([
      'With SQLite one process does everything: npm start. To run web and worker apart, set DATABASE_URL=postgres://…',
    ])
  try {
    await run(config, role)
  } catch (error) {
    if (error instanceof DatabaseAway)
      return refuse([
        `${error.message}: ${String(error.cause)}. Is PostgreSQL running, and DATABASE_URL right?`,
      ])
    if (!(error instanceof DatabaseInUse)) throw error
    refuse([
      `The database ${error.message} is in use by another Tidemark. Stop that one first (Ctrl-C, or kill its process).`,
    ])
  }
}

async function run(config: Config, role: Role): Promise<void> {
  const report = (error: unknown) => logger.error(error, 'unexpected')
  const installation = await openInstallation(config, report, role)
  if (role === 'worker') await work(installation)
  else listen(config, installation)
}

/** Wakes and sends until it is told to stop. */
async function work(installation: Installation): Promise<void> {
  await installation.start()
  say(['Tidemark works: it wakes and sends. Calls are taken by others (npm run web, npm start).'])
  onSignal(() => void installation.stop().then(() => process.exit(0)))
}

function listen(config: Config, installation: Installation): void {
  const { app, deps } = installation
  const server = serve({ fetch: app.fetch, port: config.port, hostname: config.host }, async ({ port }) => {
    const address = config.baseUrl ?? localAddress(config.host, port)
    const keys = await installation.start()
    const token = await deps.turns.run((tx) => addLoginLink(tx, Date.now()))
    say([
      `Tidemark is ready: ${address}`,
      `Open the page, once, within 15 minutes: ${address}/#login=${token}`,
      ...keys.map(({ name, key }) => `${name}=${key}   (shown only now)`),
      stateOfSending(config, await installation.heldJourneys()),
    ])
  })
  server.on('error', (error: NodeJS.ErrnoException) => {
    refuse([
      error.code === 'EADDRINUSE'
        ? `Port ${config.port} is in use. Stop what uses it, or choose another: PORT=3001 npm start`
        : `Cannot listen: ${error.message}`,
    ])
    process.exit(1)
  })
  onSignal(() => {
    installation.hurry()
    // Clients that keep their connection would go on using it: each ends with its next answer.
    server.prependListener('request', (_: unknown, response: ServerResponse) =>
      response.setHeader('Connection', 'close'),
    )
    server.close(() => void installation.stop().then(() => process.exit(0)))
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}

/** Ends once it is told to, and at any rate after a while. */
function onSignal(stop: () => void): void {
  let stopping = false
  const once = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), PATIENCE).unref()
    stop()
  }
  process.on('SIGTERM', once)
  process.on('SIGINT', once)
}

function stateOfSending(config: Config, held: number): string {
  if (config.sandbox) return 'Sandbox: mail is kept here, not sent, and the clock can be moved.'
  const { mail, sms } = config.missingForSending
  const missing = [...mail, ...sms].map((sentence) => `\n  ${sentence}`).join('')
  if (missing !== '') return `No journey that sends can be published yet:${missing}`
  if (config.smtpUrl === null) return 'Mail is kept here, not sent (no SMTP_URL is set).'
  return `Mail goes out by SMTP. Journeys that would send and are drafts or paused: ${held}.`
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

function refuse(lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`)
  process.exitCode = 1
}

await main()
