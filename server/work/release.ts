/** Captured turns real only on purpose: what was kept so far must not begin to flow because a variable was set. */
import { OUTLETS, outletsOf, parseJourneyText, sends, type Channel, type Outlet } from '../../engine/index.ts'
import type { JourneyBook } from '../runtime/journeys.ts'
import type { Tx } from '../store/database.ts'
import { journeyRows, versionOf } from '../store/journeys.ts'
import { hasCaptured } from '../store/messages.ts'
import { setSetting, setting, type SettingName } from '../store/settings.ts'

interface Keeping {
  readonly mode: SettingName
  readonly channels: readonly Channel[]
  readonly because: string
}

/** Of each way out: under what name it is noted whether it was open, what went there, and why its journeys are paused. */
const KEPT = {
  mail: {
    mode: 'mail_mode',
    channels: ['email', 'notice'],
    because: 'Mail was only kept here so far. Resume the journey when its mail may really go out.',
  },
  sms: {
    mode: 'sms_mode',
    channels: ['sms'],
    because: 'SMS were only kept here so far. Resume the journey when its SMS may really go out.',
  },
  web: {
    mode: 'web_mode',
    channels: ['webhook', 'notice'],
    because: 'Webhooks were only kept here so far. Resume the journey when it may really call them.',
  },
} as const satisfies { readonly [outlet in Outlet]: Keeping }

/**
 * Pauses every journey that sends by a way that opens now, on a database that captured what would have gone there; a
 * person resumes them.
 */
export async function holdAfterCapture(
  tx: Tx,
  journeys: JourneyBook,
  open: { readonly [outlet in Outlet]: boolean },
  now: number,
): Promise<void> {
  for (const outlet of OUTLETS) {
    const { mode, channels, because } = KEPT[outlet]
    const before = await setting(tx.db, mode)
    const wasOpen = before !== undefined && before !== 'captured'
    if (before === undefined || wasOpen !== open[outlet])
      await setSetting(tx, mode, open[outlet] ? 'live' : 'captured')
    if (!open[outlet] || wasOpen || !(await hasCaptured(tx, channels))) continue
    for (const { id, status, version } of await journeyRows(tx.db)) {
      const journey = status === 'live' && version !== null ? journeys.journey(id, version) : undefined
      if (journey && outletsOf(journey).includes(outlet)) await journeys.pause(tx, id, because, now)
    }
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
