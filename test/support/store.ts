/** A real database with published journeys and the door that calls come in by, without HTTP and without workers. */
import { join } from 'node:path'
import type { Contact, Journey } from '../../engine/index.ts'
import { NOTHING_MISSING } from '../../server/config.ts'
import type { Call } from '../../server/ingest/segment.ts'
import { aboutCall, accept, type Acceptance } from '../../server/runtime/accept.ts'
import { readShipped } from '../../server/runtime/firstStart.ts'
import { openJourneys, type JourneyBook } from '../../server/runtime/journeys.ts'
import { carryOn } from '../../server/runtime/inside.ts'
import { keepUpToDate } from '../../server/runtime/memory.ts'
import type { Inside } from '../../server/runtime/publication.ts'
import { startTurns, type Turns } from '../../server/runtime/turns.ts'
import { contactByIdentity } from '../../server/store/contacts.ts'
import type { Database } from '../../server/store/database.ts'
import { saveDraft } from '../../server/store/journeys.ts'
import { saveTemplate } from '../../server/store/templates.ts'
import { newFolder, openDatabaseIn, removeFolder } from './database.ts'

export interface TestStore {
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Acceptance
  readonly journeys: JourneyBook
  /** Sends one call at a time; false where it was a repetition. */
  readonly send: (call: Call, at: number) => Promise<boolean>
  readonly publish: (journey: Journey, at: number, inside?: Inside) => Promise<void>
  readonly contact: (userId: string) => Promise<Contact | undefined>
  /** The same database, closed and opened again as by a restart. */
  readonly reopened: () => Promise<TestStore>
  /** The same database as another process has it at the same time; to be closed first. Only on PostgreSQL. */
  readonly beside: () => Promise<TestStore>
  readonly close: () => Promise<void>
}

const CHANGES = { catalogue: true } as const
const report = (error: unknown) => {
  throw error
}
export const DAY = 24 * 3_600_000
export const START = Date.UTC(2026, 0, 5, 9)

/** Opens a fresh database; `close` removes it. */
export async function openStore(folder = newFolder(), isBeside = false): Promise<TestStore> {
  const database = await openDatabaseIn(folder)
  const journeys = await openJourneys(database, NOTHING_MISSING)
  const turns = startTurns(database, keepUpToDate(journeys))
  const runtime: Acceptance = {
    catalogue: journeys.catalogue,
    zone: 'UTC',
    lateAfter: DAY,
  }
  return {
    database,
    turns,
    runtime,
    journeys,
    send: (call, at) => turns.run((tx) => accept(tx, runtime, call, 'test', at), aboutCall(call, 'test', at)),
    publish: async (journey, at, inside = 'stay') => {
      const published = await turns.run(async (tx) => {
        await saveDraft(tx, journey.id, JSON.stringify(journey), at)
        return journeys.publish(tx, journey.id, { inside }, at)
      }, CHANGES)
      if (typeof published === 'string' || !published.ok)
        throw new Error(`not published: ${JSON.stringify(published)}`)
      await carryOn({ database, turns, runtime, journeys, report }, { now: () => at, stopping: () => false })
    },
    contact: (userId) => turns.run((tx) => contactByIdentity(tx, 'user', userId)),
    reopened: async () => {
      await turns.stop()
      await database.close()
      return openStore(folder, isBeside)
    },
    beside: () => openStore(folder, true),
    close: async () => {
      await turns.stop()
      await database.close()
      if (!isBeside) await removeFolder(folder)
    },
  }
}

/** The shipped mails and journeys, all published. */
export async function publishShipped(store: TestStore, at: number): Promise<void> {
  const { journeys, templates } = await readShipped(join(import.meta.dirname, '..', '..', 'journeys'))
  await store.turns.run(async (tx) => {
    for (const [name, template] of Object.entries(templates)) await saveTemplate(tx, name, template, at)
  })
  for (const journey of journeys) await store.publish(journey, at)
}
