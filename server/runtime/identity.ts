/** Whom a call is about (design section 8): `userId`, else the address, else the anonymous id; and who that makes known. */
import { newContact, type Contact } from '../../engine/index.ts'
import type { Call } from '../ingest/segment.ts'
import { addIdentity, contactByIdentity, insertContact, removeIdentity } from '../store/contacts.ts'
import type { Tx } from '../store/database.ts'
import { addProblem } from '../store/problems.ts'

/** The person of a call. `userId` and `email` are what the call adds to what was known; null: a visitor, still anonymous. */
export interface Person {
  readonly contact: Contact
  readonly creates: boolean
  readonly userId?: string
  readonly email?: string
  /** Set where this call tells who an anonymous visitor is. */
  readonly visitor?: string
}

/** Finds or makes the contact, and makes its new ids stand for it. */
export async function personOf(tx: Tx, call: Call, at: number): Promise<Person | null> {
  const { userId, anonymousId } = call
  const byUser = userId === undefined ? undefined : await contactByIdentity(tx, 'user', userId)
  const byEmail = call.email === undefined ? undefined : await contactByIdentity(tx, 'email', call.email)
  const byVisitor =
    anonymousId === undefined ? undefined : await contactByIdentity(tx, 'anonymous', anonymousId)
  if (userId === undefined && call.email === undefined)
    return byVisitor ? { contact: byVisitor, creates: false } : null
  const known = byUser ?? (byEmail && (userId === undefined || byEmail.userId === null) ? byEmail : undefined)
  const taken = byEmail !== undefined && byEmail.id !== known?.id
  const contact = known ?? newContact(`c${await tx.nextSeq()}`, at)
  if (!known) await insertContact(tx, contact)
  if (taken) await reportConflict(tx, call, byEmail, at)
  const email = taken || call.email === contact.email ? undefined : call.email
  if (userId !== undefined && contact.userId === null) await addIdentity(tx, 'user', userId, contact.id)
  if (email !== undefined) {
    if (contact.email !== null) await removeIdentity(tx, 'email', contact.email)
    await addIdentity(tx, 'email', email, contact.id)
  }
  const visitor = byVisitor === undefined ? anonymousId : undefined
  if (visitor !== undefined) await addIdentity(tx, 'anonymous', visitor, contact.id)
  return {
    contact,
    creates: !known,
    ...(userId !== undefined && contact.userId === null && { userId }),
    ...(email !== undefined && { email }),
    ...(visitor !== undefined && { visitor }),
  }
}

/** Two people with one address are never united by `identify`: the address stays, and somebody should look. */
async function reportConflict(tx: Tx, { userId, email }: Call, owner: Contact, at: number): Promise<void> {
  const detail = `“${userId}” came with the address ${email}, which belongs to “${owner.userId ?? owner.id}”: the address stays there`
  await addProblem(tx, {
    severity: 'warning',
    code: 'identity_conflict',
    path: '',
    detail,
    at,
    contact_id: owner.id,
  })
}
