/** Those who match already are let in when a journey is published. */
import { alreadyOf, asksForStates, zoneOf, type Contact, type TraceLine } from '../../../engine/index.ts'
import { contactById } from '../../store/contacts.ts'
import type { Tx } from '../../store/database.ts'
import { livePassages } from '../../store/enrollments.ts'
import { journeyRow } from '../../store/journeys.ts'
import { workDoneTo, type JourneyWork } from '../../store/journeyWork.ts'
import { contactsAfter } from '../../store/verification.ts'
import { recordFor } from '../accept.ts'
import { decided, type Runtime } from '../process.ts'
import { AT_ONCE, done, PAGE, type InsideDeps, type Pace } from './people.ts'

export async function letInAll(deps: InsideDeps, work: JourneyWork, { now, stopping }: Pace): Promise<void> {
  const { journey, version } = work
  const { zone } = deps.runtime
  const document = deps.journeys.journey(journey, version)
  if (document && !asksForStates(document)) return done(deps, work)
  const knocks = (contact: Contact) =>
    document ? alreadyOf(document, contact, now(), zoneOf(contact, zone)) : []
  for (let from = work.done_to; ; ) {
    const page = await contactsAfter(deps.database.read, from, PAGE)
    const matching = page.filter((contact) => knocks(contact).length > 0).map((contact) => contact.id)
    for (let at = 0; at < matching.length; at += AT_ONCE) {
      const some = matching.slice(at, at + AT_ONCE)
      if (!(await letInSome(deps, work, knocks, some, from, now()))) return
      from = some.at(-1) ?? from
      if (stopping()) return
    }
    const last = page.at(-1)
    if (!last) return done(deps, work)
    if (!(await deps.turns.run((tx) => workDoneTo(tx, work, from, last.id)))) return
    from = last.id
    if (stopping()) return
  }
}

type Knocks = (contact: Contact) => ReturnType<typeof alreadyOf>

/** Lets some contacts in, and notes in the same transaction how far it is done. False where it is no longer to be done from there. */
async function letInSome(
  deps: InsideDeps,
  work: JourneyWork,
  knocks: Knocks,
  contacts: readonly string[],
  from: string,
  now: number,
): Promise<boolean> {
  const { journey } = work
  const together = (some: readonly string[], after: string) =>
    deps.turns.run(
      async (tx) => {
        if ((await journeyRow(tx.db, journey))?.status !== 'live') return false
        if (!(await workDoneTo(tx, work, after, some.at(-1) ?? after))) return false
        for (const contact of some) await letIn(tx, deps.runtime, knocks, contact, now)
        return true
      },
      { contacts: some },
    )
  try {
    return await together(contacts, from)
  } catch (error) {
    const alone = (contact: string, after: string) => letInSome(deps, work, knocks, [contact], after, now)
    if (contacts.length > 1) return oneByOne(contacts, from, alone)
    // One that throws must hold up nobody else.
    deps.report(error)
    return deps.turns.run((tx) => workDoneTo(tx, work, from, contacts[0] ?? from))
  }
}

async function oneByOne(
  contacts: readonly string[],
  from: string,
  deal: (contact: string, after: string) => Promise<boolean>,
): Promise<boolean> {
  let after = from
  for (const contact of contacts) {
    if (!(await deal(contact, after))) return false
    after = contact
  }
  return true
}

/** Tries what the contact is already, one state after the other, until one lets in. Only that is written down. */
async function letIn(
  tx: Tx,
  runtime: Runtime,
  knocks: Knocks,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  if (!contact) return
  const passages = await livePassages(tx, contact.id)
  for (const knock of knocks(contact)) {
    const happens = { ...knock, kind: 'admit', at: now, occurredAt: now, late: false } as const
    const result = await decided(tx, runtime, contact, passages, { ...happens, seq: Number.MAX_SAFE_INTEGER })
    if ('failed' in result || !result.trace.some((line) => isEntry(line, knock.journey))) continue
    await recordFor(tx, runtime, contact.id, happens)
    return
  }
}

/** Whether a line of the trace says that the contact entered the journey. */
export function isEntry({ journey: entered, what }: TraceLine, journey: string): boolean {
  return what === 'entered' && entered === journey
}
