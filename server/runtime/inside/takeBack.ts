/** A version was taken back: whoever had begun in it leaves, and whoever was taken along is again where they were. */
import type { Enrollment } from '../../../engine/index.ts'
import { contactById } from '../../store/contacts.ts'
import type { Tx } from '../../store/database.ts'
import { enrollmentById, livePassages } from '../../store/enrollments.ts'
import { contactsInside } from '../../store/journeys.ts'
import type { JourneyWork } from '../../store/journeyWork.ts'
import { contactsKept, forgetPassages, keptPassages } from '../../store/takenPassages.ts'
import { discardUnsent } from '../../store/unsent.ts'
import { record } from '../process.ts'
import { PAGE, recordInPlace, withEach, type InsideDeps, type Pace } from './people.ts'

const TAKEN_BACK = 'The version was taken back'

export async function takeBack(deps: InsideDeps, work: JourneyWork, pace: Pace): Promise<void> {
  const { journey, version } = work
  const { read } = deps.database
  while (
    await deps.turns.run((tx) =>
      discardUnsent(tx, journey, version, 'not sent: the version was taken back', PAGE),
    )
  )
    if (pace.stopping()) return
  await withEach(
    deps,
    work,
    pace,
    async (limit) => {
      const kept = await contactsKept(read, journey, version, limit)
      return kept.length > 0 ? kept : contactsInside(read, journey, '=', version, limit)
    },
    (tx, contact) => takeBackOne(tx, deps, work, contact, pace.now()),
  )
}

/** Who had begun in the version leaves; who was taken along or had left for it is again where they were. */
async function takeBackOne(
  tx: Tx,
  { runtime }: InsideDeps,
  { journey, version }: JourneyWork,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (!contact) return
  const common = { at: now, occurredAt: now, late: false }
  const kept = await keptPassages(tx, journey, version, contact.id)
  const passages = await livePassages(tx, contact.id)
  const begun = passages.filter(
    (passage) =>
      passage.journey === journey && passage.version === version && !kept.some(({ id }) => id === passage.id),
  )
  if (begun.length > 0) {
    const ids = begun.map(({ id }) => id)
    await recordInPlace(tx, runtime, contact, {
      ...common,
      kind: 'leave',
      journey,
      reason: TAKEN_BACK,
      passages: ids,
    })
  }
  const returning: Enrollment[] = []
  for (const before of kept) {
    const back = restored(before, await enrollmentById(tx, before.id))
    if (back) returning.push(back)
  }
  const current = (await contactById(tx, contact.id)) ?? contact
  if (returning.length > 0)
    await record(tx, runtime, current, { ...common, kind: 'return', passages: returning })
  await forgetPassages(tx, journey, version, { contactId: contact.id })
}

/**
 * The passage as it was. What it sent meanwhile is gone, but its visits count on, as they are part of a message's name; and
 * what became of earlier messages is still true. Undefined where a merge has ended it.
 */
function restored(before: Enrollment, now: Enrollment | undefined): Enrollment | undefined {
  if (!now || now.ended?.outcome === 'merged') return undefined
  const messages = Object.entries(before.messages).map(([step, message]) => {
    const later = now.messages[step]
    return [step, later?.id === message.id ? later : message] as const
  })
  return { ...before, visits: now.visits, messages: Object.fromEntries(messages) }
}
