/**
 * Puts the server together: database, journeys, clock, workers and app. The only place that builds things; `main.ts` runs
 * it behind a port, the tests without one.
 */
import { join } from 'node:path'
import { isPrivate, localAddress, type Config } from './config.ts'
import { openChannels, outletsOpen } from './channels/open.ts'
import { createApp, type App } from './http/app.ts'
import type { Deps } from './http/deps.ts'
import { startClock } from './runtime/clock.ts'
import { watchFailures } from './runtime/deadLetters.ts'
import { fillWhenEmpty, readShipped } from './runtime/firstStart.ts'
import { openJourneys } from './runtime/journeys.ts'
import { carryOn, nextInsideAt } from './runtime/inside.ts'
import { keepUpToDate } from './runtime/memory.ts'
import { startTurns } from './runtime/turns.ts'
import type { Database, Ongoing } from './store/database.ts'
import { openDatabase } from './store/open.ts'
import { addKey, keyRows, setEnvironmentKey } from './store/keys.ts'
import { lockDatabase } from './store/lock.ts'
import { secretOf, setting, webhookSecretOf } from './store/settings.ts'
import { heldJourneys, holdAfterCapture } from './work/release.ts'
import { openTimes } from './work/dues.ts'
import { advanceClock } from './work/sandbox.ts'
import { settleInterrupted, type SendingDeps } from './work/sending.ts'
import { startWorkers, type WorkersDeps } from './work/workers.ts'

/** The database is in use by another process. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse'
}

/** What a process is for: on PostgreSQL calls may be taken by some, and waits and messages seen to by others. */
export const ROLES = ['all', 'web', 'worker'] as const
export type Role = (typeof ROLES)[number]

export interface Installation {
  readonly app: App
  readonly deps: Deps
  /** Begins to take calls, to wake and to send, as its role is; answers the keys made now, to be shown once. */
  readonly start: () => Promise<NewKeys>
  /** Journeys that send and are drafts or paused. */
  readonly heldJourneys: () => Promise<number>
  /** It is to be stopped as soon as all calls are answered: none of them waits long for a database that is away. */
  readonly hurry: () => void
  /** Takes no more calls, finishes what is at hand, and closes the database. */
  readonly stop: () => Promise<void>
}

type NewKeys = readonly { readonly name: string; readonly key: string }[]

const SHIPPED = join(import.meta.dirname, '..', 'journeys')

/** Opens the database and makes everything ready; where that fails, nothing stays open. */
export async function openInstallation(
  config: Config,
  report: (error: unknown) => void,
  role: Role = 'all',
): Promise<Installation> {
  const unlock = lockDatabase(config.database)
  if (!unlock) throw new DatabaseInUse(config.database.type === 'sqlite' ? config.database.file : '')
  let close: () => Promise<void> = () => Promise.resolve()
  try {
    const database = await openDatabase(config)
    close = database.close
    return await installationOn(database, unlock, config, report, role)
  } catch (error) {
    await close()
    unlock()
    throw error
  }
}

async function installationOn(
  database: Database,
  unlock: () => void,
  config: Config,
  report: (error: unknown) => void,
  role: Role,
): Promise<Installation> {
  const offset = config.sandbox ? Number((await setting(database.read, 'clock_offset')) ?? 0) : 0
  const clock = startClock(offset)
  const journeys = await openJourneys(database, config.missingForSending)
  const turns = startTurns(database, keepUpToDate(journeys, clock))
  // A turn looks whether memory is as it should be; one that fails is followed by others.
  database.onNews(() => void turns.run(() => Promise.resolve()).catch(() => undefined))
  const baseUrl = config.baseUrl ?? localAddress(config.host, config.port)

  const runtime: Deps['runtime'] = {
    catalogue: journeys.catalogue,
    looking: journeys.looking,
    suspected: watchFailures({ turns, journeys, now: clock.now, failed: report }),
    zone: config.timezone,
    lateAfter: config.lateAfter,
    quietUntil: journeys.quietUntil,
  }
  // Several processes may start at once: one of them does it, the others find it done.
  const secret = await turns.run(secretOf, { catalogue: true })
  const webhookSecret = await turns.run(webhookSecretOf, { catalogue: true })
  const channels = openChannels(config, webhookSecret)
  const shipped = await readShipped(SHIPPED)
  const changing = { catalogue: true } as const
  await turns.run((tx) => fillWhenEmpty(tx, journeys, shipped, channels.smtp !== null, clock.now()), changing)
  await turns.run((tx) => holdAfterCapture(tx, journeys, outletsOpen(channels), clock.now()), changing)

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
    channels,
    isReachable: config.baseUrl !== null && !isPrivate(new URL(config.baseUrl).hostname),
    now: clock.now,
    resendUncertain: config.onUncertain === 'resend',
  }
  const wakeDeps = { database, turns, runtime }
  const times = openTimes({ ...wakeDeps, now: clock.now })
  const insideDeps = { ...wakeDeps, journeys, report }
  const workers = (startJobs: WorkersDeps['startJobs']) =>
    startWorkers({
      database,
      turns,
      now: clock.now,
      wake: wakeDeps,
      sending: sendingDeps,
      rounds: [
        times,
        {
          next: () => nextInsideAt(database),
          run: (now, stopping) => carryOn(insideDeps, { now, stopping }),
        },
      ],
      failed: report,
      startJobs,
    })
  let working: Ongoing | undefined
  let ready = false

  const deps: Deps = {
    config,
    baseUrl,
    database,
    turns,
    runtime,
    clock,
    journeys,
    shipped,
    sender,
    channels,
    secret,
    webhookSecret,
    report,
    // While one process moves the clock, nothing happens in the others.
    advanceClock: (to) =>
      database.alone(() =>
        advanceClock(
          { database, turns, clock, wake: wakeDeps, times, inside: insideDeps, sending: sendingDeps },
          to,
        ),
      ),
    ready: () => ready,
  }
  // Alone with its file, it knows that nobody else sends; else whoever has not said for a minute that it does is gone.
  await settleInterrupted(
    sendingDeps,
    config.database.type === 'sqlite' ? Number.MAX_SAFE_INTEGER : Date.now(),
  )
  return {
    app: createApp(deps),
    deps,
    start: async () => {
      // Whoever takes no calls prints no keys either: they would be seen by nobody.
      const newKeys =
        role === 'worker' ? [] : await turns.run((tx) => makeKeys(tx, config), { catalogue: true })
      if (role !== 'web') working = workers(await jobsFor(config.database))
      ready = role !== 'worker'
      return newKeys
    },
    heldJourneys: () => heldJourneys(database.read),
    hurry: database.hurry,
    stop: async () => {
      ready = false
      database.hurry()
      await working?.stop()
      await turns.stop()
      await channels.close()
      await database.close()
      unlock()
    },
  }
}

/** How the alarms of the database are brought, where it rings for itself. */
async function jobsFor(database: Config['database']): Promise<WorkersDeps['startJobs']> {
  if (database.type === 'sqlite') return null
  const { startJobs } = await import('./work/jobs.ts')
  return (ring) => startJobs(database.url, ring)
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
