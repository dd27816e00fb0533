/** Who is on which list and in which segment. A contact's own record names them too: both change in one transaction. */
import type { Contact } from '../../engine/index.ts'
import { write, type Tx } from './database.ts'

interface Membership {
  readonly of: string
  readonly contactId: string
}

const LISTS = {
  join: write<Membership>((db, param) =>
    db
      .insertInto('list_members')
      .values({ list: param('of'), contact_id: param('contactId') })
      .onConflict((conflict) => conflict.doNothing()),
  ),
  leave: write<Membership>((db, param) =>
    db
      .deleteFrom('list_members')
      .where('list', '=', param('of'))
      .where('contact_id', '=', param('contactId')),
  ),
}

const SEGMENTS: typeof LISTS = {
  join: write((db, param) =>
    db
      .insertInto('segment_members')
      .values({ segment: param('of'), contact_id: param('contactId') })
      .onConflict((conflict) => conflict.doNothing()),
  ),
  leave: write((db, param) =>
    db
      .deleteFrom('segment_members')
      .where('segment', '=', param('of'))
      .where('contact_id', '=', param('contactId')),
  ),
}

/** Makes the stored memberships those that the contact has now. */
export async function saveMemberships(tx: Tx, before: Contact, after: Contact): Promise<void> {
  await save(tx, LISTS, after.id, before.lists, after.lists)
  await save(tx, SEGMENTS, after.id, before.segments, after.segments)
}

async function save(
  tx: Tx,
  { join, leave }: typeof LISTS,
  contactId: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  if (before === after) return
  for (const of of after) if (!before.includes(of)) await join(tx, { of, contactId })
  for (const of of before) if (!after.includes(of)) await leave(tx, { of, contactId })
}
