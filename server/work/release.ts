/** Captured turns real only on purpose: mail that was kept so far must not begin to flow because a variable was set. */
import { parseJourneyText, sends } from '../../engine/index.ts'
import type { JourneyBook } from '../runtime/journeys.ts'
import type { Tx } from '../store/database.ts'
import { journeyRows, versionOf } from '../store/journeys.ts'
import { hasCaptured } from '../store/messages.ts'
import { setSetting, setting } from '../store/settings.ts'

/** Pauses every journey that sends when SMTP appears on a database that has captured mail; a person resumes them. */
export async function holdAfterCapture(
  tx: Tx,
  journeys: JourneyBook,
  real: boolean,
  now: number,
): Promise<void> {
  const before = await setting(tx.db, 'mail_mode')
  const mode = real ? 'smtp' : 'captured'
  if (before !== mode) await setSetting(tx, 'mail_mode', mode)
  if (!real || before === 'smtp' || !(await hasCaptured(tx))) return
  for (const { id, status, version } of await journeyRows(tx.db)) {
    const journey = status === 'live' && version !== null ? journeys.journey(id, version) : undefined
    if (journey && sends(journey))
      await journeys.pause(
        tx,
        id,
        'Mail was only kept here so far. Resume the journey when its mail may really go out.',
        now,
      )
  }
}

/** How many journeys would send and do not: drafts and paused ones. */
export async function heldJourneys(db: Tx['db']): Promise<number> {
  const held = (await journeyRows(db)).filter(({ status }) => status === 'draft' || status === 'paused')
  const documents = await Promise.all(
    held.map(async ({ id, draft, version }) => draft ?? (await documentOf(db, id, version ?? 0))),
  )
  return documents.map(parseJourneyText).filter((parsed) => parsed.ok && sends(parsed.value)).length
}

async function documentOf(db: Tx['db'], id: string, version: number): Promise<string> {
  return JSON.stringify((await versionOf(db, id, version))?.journey ?? null)
}
