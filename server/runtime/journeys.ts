/** Journeys as the server knows them: the catalogue that events run through, drafts, and publication. */
import {
  catalogueOf,
  checkJourney,
  parseJourney,
  problem,
  sends,
  stepsOf,
  type Catalogue,
  type Journey,
  type Known,
  type Problem,
} from '../../engine/index.ts'
import type { Database, Tx } from '../store/database.ts'
import {
  contactsInside,
  insertOpening,
  insertVersion,
  journeyRow,
  setStatus,
  allVersions,
  type Templates,
} from '../store/journeys.ts'
import { makeLists } from '../store/lists.ts'
import { templateByName, templateNames } from '../store/templates.ts'
import { recordFor } from './accept.ts'
import type { Runtime } from './process.ts'

/** What happens to those inside when a new version is published (design section 7). */
export const INSIDE = ['stay', 'move', 'leave'] as const
export type Inside = (typeof INSIDE)[number]

export type Publication =
  | {
      readonly ok: true
      readonly version: number
      readonly inside: number
      readonly problems: readonly Problem[]
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export interface JourneyBook {
  readonly catalogue: () => Catalogue
  readonly journey: (journey: string, version: number) => Journey | undefined
  /** All that is wrong with a draft, publication's own conditions included. */
  readonly problems: (db: Tx['db'], draft: unknown) => Promise<readonly Problem[]>
  readonly publish: (
    tx: Tx,
    runtime: Runtime,
    id: string,
    inside: Inside,
    now: number,
  ) => Promise<Publication | 'unknown' | 'no draft'>
  /** Holds entries, waits and sends; loses nobody. False where the journey is not live. */
  readonly pause: (tx: Tx, id: string, because: string | null, now: number) => Promise<boolean>
  /** Lets a paused journey go on. False where it is not paused. */
  readonly resume: (tx: Tx, id: string, now: number) => Promise<boolean>
  /** Reads all again; after a transaction that published was undone. */
  readonly reload: (db: Tx['db']) => Promise<void>
}

/** What stands in the way of sending, by configuration: names of what is missing; empty where mail may go out. */
export type MissingForSending = readonly string[]

export async function openJourneys(database: Database, missing: MissingForSending): Promise<JourneyBook> {
  let catalogue = catalogueOf([])

  const reload = async (db: Tx['db']) => {
    const versions = await allVersions(db)
    catalogue = catalogueOf(versions, catalogue)
  }
  const journey = (id: string, version: number) => catalogue.machines.get(`${version}@${id}`)?.journey
  await reload(database.read)

  return {
    catalogue: () => catalogue,
    journey,
    reload,
    problems: async (db, draft) => problemsOf(draft, await knownTo(db, catalogue), missing),
    publish: async (tx, runtime, id, inside, now) => {
      const row = await journeyRow(tx.db, id)
      if (!row) return 'unknown'
      if (row.draft === null) return 'no draft'
      const draft: unknown = JSON.parse(row.draft)
      const problems = problemsOf(draft, await knownTo(tx.db, catalogue), missing)
      const parsed = parseJourney(draft)
      if (!parsed.ok || problems.some(({ severity }) => severity === 'error')) return { ok: false, problems }
      const version = (row.version ?? 0) + 1
      const seq = await tx.nextSeq()
      await insertVersion(
        tx,
        { journey: parsed.value, version, templates: await templatesOf(tx.db, parsed.value) },
        seq,
        now,
      )
      await makeLists(tx, listsOf(parsed.value), now)
      await reload(tx.db)
      return {
        ok: true,
        version,
        problems,
        inside: inside === 'stay' ? 0 : await takeAlong(tx, runtime, id, version, inside, now),
      }
    },
    pause: async (tx, id, because, now) => {
      if ((await journeyRow(tx.db, id))?.status !== 'live') return false
      await setStatus(tx, id, 'paused', because, now)
      await insertOpening(tx, await tx.nextSeq(), id, null)
      await reload(tx.db)
      return true
    },
    resume: async (tx, id, now) => {
      const row = await journeyRow(tx.db, id)
      if (row?.status !== 'paused') return false
      await setStatus(tx, id, 'live', null, now)
      await insertOpening(tx, await tx.nextSeq(), id, row.version)
      tx.alarm({ sweep: true, at: now })
      await reload(tx.db)
      return true
    },
  }
}

/** Those inside an older version come along by step id, or leave; each as an entry of its own journal. */
async function takeAlong(
  tx: Tx,
  runtime: Runtime,
  id: string,
  version: number,
  inside: 'move' | 'leave',
  now: number,
): Promise<number> {
  const contacts = await contactsInside(tx.db, id)
  const common = { at: now, occurredAt: now, late: false, journey: id }
  for (const contact of contacts) {
    await recordFor(
      tx,
      runtime,
      contact,
      inside === 'move'
        ? { ...common, kind: 'move', version }
        : { ...common, kind: 'leave', reason: 'A new version was published without those inside' },
    )
  }
  return contacts.length
}

async function knownTo(db: Tx['db'], catalogue: Catalogue): Promise<Known> {
  const open = [...new Set([...catalogue.listeners.values()].flat())]
  return { templates: await templateNames(db), journeys: open.map(({ journey }) => journey) }
}

function problemsOf(draft: unknown, known: Known, missing: MissingForSending): readonly Problem[] {
  const parsed = parseJourney(draft)
  if (!parsed.ok) return parsed.problems
  return [...checkJourney(parsed.value, known), ...sendingProblems(parsed.value, missing)]
}

/** With SMTP set, a journey that sends is published only when its mail would be lawful and its links would work. */
function sendingProblems(journey: Journey, missing: MissingForSending): readonly Problem[] {
  if (missing.length === 0 || !sends(journey)) return []
  return [problem('cannot_send', [], missing)]
}

async function templatesOf(db: Tx['db'], journey: Journey): Promise<Templates> {
  const names = stepsOf(journey).flatMap(([, { entry }]) =>
    entry?.type === 'sendEmail' && 'template' in entry.params ? [entry.params.template] : [],
  )
  const found = await Promise.all(names.map(async (name) => [name, await templateByName(db, name)] as const))
  return Object.fromEntries(found.flatMap(([name, template]) => (template ? [[name, template]] : [])))
}

function listsOf(journey: Journey): readonly string[] {
  return stepsOf(journey).flatMap(([, { entry }]) => {
    if (entry?.type === 'moveToList') return [entry.params.list, ...(entry.params.from ?? [])]
    return entry?.type === 'addToList' || entry?.type === 'removeFromList' ? [entry.params.list] : []
  })
}
