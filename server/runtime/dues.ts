/**
 * When triggers by date and inactivity let a contact in next, kept in step with the contact. Dates are moved when they
 * change; activity moves nothing: the row is looked at when it is due (`times.ts`) and moved then.
 */
import {
  dueTimeOf,
  plus,
  zoneOf,
  type Catalogue,
  type Contact,
  type Entry,
  type JourneyTime,
} from '../../engine/index.ts'
import type { Tx } from '../store/database.ts'
import { dropDue, saveDue } from '../store/dues.ts'

/** What of the server is needed to tell a time. */
interface Times {
  readonly catalogue: () => Catalogue
  readonly zone: string
}

/** Moves the rows of a contact that an entry has changed. */
export async function keepDues(
  tx: Tx,
  times: Times,
  before: Contact,
  contact: Contact,
  entry: Entry,
): Promise<void> {
  const { times: all } = times.catalogue()
  if (all.length === 0) return
  const isNew = entry.creates === true || entry.kind === 'merge'
  for (const time of all) {
    if (isNew ? time.delay.type !== 'at' : dateChanged(time, before, contact))
      await placeDue(tx, times, contact, time, entry.at)
  }
}

function dateChanged({ delay }: JourneyTime, before: Contact, { attributes }: Contact): boolean {
  if (delay.type !== 'date' || before.attributes === attributes) return false
  return [delay.attribute, 'TIMEZONE'].some((name) => before.attributes[name] !== attributes[name])
}

/** Notes when a contact is next looked at: what was over by `after` lets in nobody any more. */
export async function placeDue(
  tx: Tx,
  { zone }: Pick<Times, 'zone'>,
  contact: Contact,
  time: JourneyTime,
  after: number,
): Promise<void> {
  const { journey, name: delay, delay: meant } = time
  const key = { contact_id: contact.id, journey, delay }
  const due = dueTimeOf(contact, time, zone, after)
  // Whoever is inactive by then will be so again at the earliest after as long once more.
  const again = meant.type === 'inactive' ? plus(after, meant.duration, zoneOf(contact, zone)) : undefined
  const next = due ?? again
  if (next === undefined) await dropDue(tx, key)
  else await saveDue(tx, { ...key, after_at: after, due_at: next })
}
