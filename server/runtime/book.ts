/** The journeys in memory: the catalogue that events run through, of the versions in use, and what is wrong with a draft. */
import {
  catalogueOf,
  parseJourney,
  problemsOf,
  scoresOf,
  sends,
  stepsOf,
  type Catalogue,
  type Journey,
  type Known,
  type Outlet,
  type Problem,
} from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { allVersions, versionOf, versionsInUse } from '../store/journeys.ts'
import { isUnderWay, roundOf } from '../store/rounds.ts'
import { segmentConditions } from '../store/segments.ts'
import { setSetting, setting } from '../store/settings.ts'
import { templateNames } from '../store/templates.ts'
import { knownAttributes } from './attributes.ts'
import { openEars, type Ears } from './heard.ts'

export interface Book {
  readonly catalogue: () => Catalogue
  /** A version in use; undefined for all others. */
  readonly journey: (journey: string, version: number) => Journey | undefined
  /** Until when nothing of a version goes out: as long as it can be taken back. 0 where that is over. */
  readonly quietUntil: (journey: string, version: number) => number
  /** Whether a segment has another meaning now, and not everybody was looked at since. */
  readonly looking: () => boolean
  /** Which events were received lately. */
  readonly heard: Ears
  /** All that is wrong with a draft, as far as it can be told, publication's own conditions included. */
  readonly problems: (db: Tx['db'], draft: unknown) => Promise<readonly Problem[]>
  /** Reads again which versions are in use; machines of those that were known are kept. */
  readonly reload: (db: Tx['db']) => Promise<void>
}

/**
 * What stands in the way of sending, by configuration: sentences; none where messages may go out, or are kept here. With
 * SMTP set, a journey that sends mail is published only when it would be lawful and its links would work; so with SMS.
 */
export type MissingForSending = { readonly [outlet in Outlet]: readonly string[] }

export async function openBook(read: Tx['db'], missing: MissingForSending): Promise<Book> {
  let catalogue = catalogueOf([])
  let quiet: ReadonlyMap<string, number> = new Map()
  let looking = false
  const heard = openEars(read)

  const journey = (id: string, version: number) => catalogue.machines.get(`${version}@${id}`)?.journey
  const reload = async (db: Tx['db']) => {
    const versions = await versionsInUse(db)
    const journeys = await Promise.all(
      versions.map(async ({ journey: id, version, status, isNewest }) => ({
        journey: journey(id, version) ?? (await documentOf(db, id, version)),
        version,
        open: isNewest && status === 'live',
        held: isNewest && status === 'paused',
      })),
    )
    quiet = new Map(
      versions.map(({ journey: id, version, quietUntil }) => [`${version}@${id}`, quietUntil ?? 0]),
    )
    catalogue = catalogueOf(journeys, catalogue, await segmentConditions(db), await countedScores(db))
    looking = await isUnderWay(db, roundOf('changed'))
  }
  await reload(read)

  return {
    catalogue: () => catalogue,
    journey,
    quietUntil: (id, version) => quiet.get(`${version}@${id}`) ?? 0,
    looking: () => looking,
    heard,
    problems: async (db, draft) => {
      const known = await knownTo(db, catalogue)
      const received = heard.received()
      // Only texts ask for the names of attributes.
      const parsed = parseJourney(draft)
      const attributes = parsed.ok && !sends(parsed.value) ? undefined : await knownAttributes(db)
      return problemsOf(draft, {
        ...known,
        missing,
        ...(received && { received }),
        ...(attributes && { attributes }),
      })
    },
    reload,
  }
}

async function documentOf(db: Tx['db'], id: string, version: number): Promise<Journey> {
  const found = await versionOf(db, id, version)
  if (!found) throw new Error(`version ${version} of journey "${id}" is gone`)
  return found.journey
}

/** The scores of all versions there ever were: what a ledger has kept once it keeps for ever. */
async function countedScores(db: Tx['db']): Promise<Iterable<string>> {
  const stored = await setting(db, 'scores')
  if (stored !== undefined) return JSON.parse(stored) as readonly string[]
  return (await allVersions(db)).flatMap((known) => [...scoresOf(known.journey)])
}

/** Keeps the scores of one more version. */
export async function keepScores(tx: Tx, journey: Journey): Promise<void> {
  const scores = new Set([...(await countedScores(tx.db)), ...scoresOf(journey)])
  await setSetting(tx, 'scores', JSON.stringify([...scores].toSorted()))
}

async function knownTo(db: Tx['db'], catalogue: Catalogue): Promise<Known> {
  const open = [...new Set([...catalogue.listeners.values()].flat())]
  return {
    templates: await templateNames(db),
    segments: [...catalogue.segments.keys()],
    journeys: open.map(({ journey }) => journey),
  }
}

/** Live and paused journeys whose newest version sends the template. They keep it as it was when they were published. */
export function usersOfTemplate({ listeners, held }: Catalogue, name: string): readonly string[] {
  const users = [...listeners.values(), ...held.values()]
    .flat()
    .filter(({ journey }) =>
      stepsOf(journey).some(
        ([, { entry }]) =>
          entry?.type === 'sendEmail' && 'template' in entry.params && entry.params.template === name,
      ),
    )
  return [...new Set(users.map(({ id }) => id))].toSorted()
}
