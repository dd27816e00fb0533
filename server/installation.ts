/**
 * Puts the server together: database, journeys, clock, workers and app. The only place that builds things; `main.ts` runs
 * it behind a port, the tests without one.
 */
import { join } from 'node:path'
import { localAddress, type Config } from './config.ts'
import { openSmtp } from './channels/smtp.ts'
import { createApp, type App } from './http/app.ts'
import type { Deps } from './http/deps.ts'
import { startClock } from './runtime/clock.ts'
import { fillWhenEmpty, readShipped } from './runtime/firstStart.ts'
import { openJourneys } from './runtime/journeys.ts'
import { startTurns } from './runtime/turns.ts'
import { openSqlite } from './store/database.ts'
import { nextDue } from './store/enrollments.ts'
import { addKey, keyRows, setEnvironmentKey } from './store/keys.ts'
import { lockDatabase } from './store/lock.ts'
import { forgetOldCalls } from './store/messageIds.ts'
import { forgetOldVisits } from './store/visitors.ts'
import { VISITOR_MEMORY } from './runtime/accept.ts'
import { nextMessageAt } from './store/messages.ts'
import { secretOf, setting } from './store/settings.ts'
import { heldJourneys, holdAfterCapture } from './work/release.ts'
import { advanceClock } from './work/sandbox.ts'
import { sendWaiting, settleInterrupted, type SendingDeps } from './work/sending.ts'
import { wakeDue } from './work/wakes.ts'
import { startWorker } from './work/worker.ts'

/** The database is in use by another process. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse'
}

export interface Installation {
  readonly app: App
  readonly deps: Deps
  /** Begins to take calls, to wake and to send, once the port is ours; answers the keys made now, to be shown once. */
  readonly start: () => Promise<NewKeys>
  /** Journeys that send and are drafts or paused. */
  readonly heldJourneys: () => Promise<number>
  /** Takes no more calls, finishes what is at hand, and closes the database. */
  readonly stop: () => Promise<void>
}

type NewKeys = readonly { readonly name: string; readonly key: string }[]

const SHIPPED = join(import.meta.dirname, '..', 'journeys')
const MINUTE = 60_000

/** Opens the database and makes everything ready. `address` is where the server will listen, for links in mails. */
export async function openInstallation(
  config: Config,
  report: (error: unknown) => void,
  address = localAddress(config.host, config.port),
): Promise<Installation> {
  const unlock = lockDatabase(config.database.file)
  if (!unlock) throw new DatabaseInUse(config.database.file)
  const database = await openSqlite(config.database.file)
  const offset = config.sandbox ? Number((await setting(database.read, 'clock_offset')) ?? 0) : 0
  const clock = startClock(offset)
  const journeys = await openJourneys(database, config.missingForSending)
  const turns = startTurns(database, journeys.reload)
  const baseUrl = config.baseUrl ?? address
  const smtp = config.smtpUrl !== null && !config.sandbox ? openSmtp({ url: config.smtpUrl }) : null

  const runtime: Deps['runtime'] = {
    catalogue: journeys.catalogue,
    zone: config.timezone,
    lateAfter: config.lateAfter,
  }
  const secret = await turns.run(secretOf)
  const shipped = await readShipped(SHIPPED)
  await turns.run((tx) => fillWhenEmpty(tx, runtime, journeys, shipped, smtp !== null, clock.now()))
  await turns.run((tx) => holdAfterCapture(tx, journeys, smtp !== null, clock.now()))

  const sender = {
    baseUrl,
    mailFrom: config.mailFrom,
    companyName: config.companyName,
    companyAddress: config.companyAddress,
    companyUrl: config.companyUrl ?? baseUrl,
  }
  const sendingDeps: SendingDeps = {
    database,
    turns,
    runtime,
    sender,
    secret,
    smtp,
    now: clock.now,
    resendUncertain: config.onUncertain === 'resend',
  }
  const wakeDeps = { database, turns, runtime }
  database.onAlarms((alarms) => {
    for (const alarm of alarms) {
      if (!('send' in alarm)) waking?.poke(alarm.at)
      if (!('wake' in alarm)) sending?.poke(alarm.at)
    }
  })
  const workers = () => {
    waking = startWorker({
      next: () => nextDue(database.read),
      run: async (stopping) => void (await wakeDue(wakeDeps, clock.now, stopping)),
      now: clock.now,
      failed: report,
    })
    sending = startWorker({
      next: () => nextMessageAt(database.read),
      run: (stopping) => sendWaiting(sendingDeps, stopping),
      now: clock.now,
      failed: report,
    })
    sweeping = setInterval(() => {
      void turns.run((tx) => forgetOldCalls(tx, clock.now(), swept)).then((last) => (swept = last), report)
      void turns.run((tx) => forgetOldVisits(tx, clock.now() - VISITOR_MEMORY)).catch(report)
    }, MINUTE)
  }
  let waking: ReturnType<typeof startWorker> | undefined
  let sending: ReturnType<typeof startWorker> | undefined
  let sweeping: NodeJS.Timeout | undefined
  let swept = ''
  let ready = false

  const deps: Deps = {
    config,
    baseUrl,
    database,
    turns,
    runtime,
    clock,
    journeys,
    secret,
    report,
    advanceClock: (to) => advanceClock({ database, turns, clock, wake: wakeDeps, sending: sendingDeps }, to),
    ready: () => ready,
  }
  await settleInterrupted(sendingDeps)
  return {
    app: createApp(deps),
    deps,
    start: async () => {
      const newKeys = await turns.run((tx) => makeKeys(tx, config))
      workers()
      ready = true
      return newKeys
    },
    heldJourneys: () => heldJourneys(database.read),
    stop: async () => {
      ready = false
      clearInterval(sweeping)
      await waking?.stop()
      await sending?.stop()
      await turns.stop()
      smtp?.close()
      await database.close()
      unlock()
    },
  }
}

/** Keys given by the environment are stored; where there is none of a kind, one is made and shown once. */
async function makeKeys(tx: Parameters<typeof addKey>[0], config: Config): Promise<NewKeys> {
  const known = await keyRows(tx.db)
  const made: { name: string; key: string }[] = []
  for (const { kind, name, given } of [
    { kind: 'write', name: 'TIDEMARK_WRITE_KEY', given: config.writeKey },
    { kind: 'api', name: 'TIDEMARK_API_KEY', given: config.apiKey },
  ] as const) {
    if (given !== null) await setEnvironmentKey(tx, kind, given, Date.now())
    else if (!known.some((key) => key.kind === kind && key.revoked_at === null))
      made.push({ name, key: await addKey(tx, kind, 'made at the first start', Date.now()) })
  }
  return made
}
