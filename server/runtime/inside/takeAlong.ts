/** Those inside go along to a new version, or leave with it, or because the journey ended. */
import { contactById } from '../../store/contacts.ts'
import type { Tx } from '../../store/database.ts'
import { livePassages } from '../../store/enrollments.ts'
import { contactsInside, journeyRow } from '../../store/journeys.ts'
import type { JourneyWork } from '../../store/journeyWork.ts'
import { keepPassages } from '../../store/takenPassages.ts'
import { discardOf } from '../../store/unsent.ts'
import { recordInPlace, withEach, type InsideDeps, type Pace } from './people.ts'

export function takeAlong(deps: InsideDeps, work: JourneyWork, pace: Pace): Promise<void> {
  const { journey, version } = work
  return withEach(
    deps,
    work,
    pace,
    (limit) => contactsInside(deps.database.read, journey, '<', version, limit),
    (tx, contact) => takeOne(tx, deps, work, contact, pace.now()),
  )
}

/** One contact's passages in older versions go along, or end; what they were is kept while it can be taken back. */
async function takeOne(
  tx: Tx,
  { runtime, journeys }: InsideDeps,
  { kind, journey, version }: JourneyWork,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (!contact) return
  const passages = await livePassages(tx, contact.id)
  const concerned = passages.filter((passage) => passage.journey === journey && passage.version < version)
  if (concerned.length === 0) return
  if (journeys.quietUntil(journey, version) > now) await keepPassages(tx, version, contact.id, concerned)
  const ids = concerned.map(({ id }) => id)
  const common = { at: now, occurredAt: now, late: false, journey, passages: ids }
  if (kind === 'move') return recordInPlace(tx, runtime, contact, { ...common, kind, version })
  const reason = LEAVING[(await journeyRow(tx.db, journey))?.status ?? ''] ?? LEAVING.published
  await discardOf(tx, contact.id, ids, reason)
  await recordInPlace(tx, runtime, contact, { ...common, kind: 'leave', reason })
}

const LEAVING: { readonly [status: string]: string; readonly published: string } = {
  published: 'A new version was published without those inside',
  stopped: 'The journey was stopped',
  archived: 'The journey was archived',
}
