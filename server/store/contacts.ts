/** Contacts and the ids they go by. */
import type { Contact } from '../../engine/index.ts'
import { change, LostRace, statement, write, type Tx } from './database.ts'
import type { ContactsTable, IdentitiesTable } from './schema.ts'
import { setSetting } from './settings.ts'

type IdentityKind = IdentitiesTable['kind']

// Not a join: SQLite parses and plans this one again at every call, since its plan looks at the values (19 µs, not 3).
const byIdentity = statement<{ kind: string; value: string }, ContactsTable>((db, param) =>
  db
    .selectFrom('contacts')
    .selectAll()
    .where('id', '=', (query) =>
      query
        .selectFrom('identities')
        .select('contact_id')
        .where('kind', '=', param('kind') as IdentityKind)
        .where('value', '=', param('value')),
    ),
)

const byId = statement<{ id: string }, ContactsTable>((db, param) =>
  db.selectFrom('contacts').selectAll().where('id', '=', param('id')),
)

const save = write<ContactsTable>((db, param) =>
  db
    .insertInto('contacts')
    .values({
      id: param('id'),
      user_id: param('user_id'),
      email: param('email'),
      search: param('search'),
      score: param('score'),
      state: param('state'),
      created_at: param('created_at'),
      last_activity_at: param('last_activity_at'),
      merged_into: param('merged_into'),
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        user_id: excluded.ref('excluded.user_id'),
        email: excluded.ref('excluded.email'),
        search: excluded.ref('excluded.search'),
        score: excluded.ref('excluded.score'),
        state: excluded.ref('excluded.state'),
        last_activity_at: excluded.ref('excluded.last_activity_at'),
      })),
    ),
)

const identify = change<{ kind: string; value: string; contactId: string }>((db, param) =>
  db
    .insertInto('identities')
    .values({ kind: param('kind') as IdentityKind, value: param('value'), contact_id: param('contactId') })
    .onConflict((conflict) => conflict.doNothing()),
)

/** The contact an id stands for, held until the transaction ends; undefined for a stranger. */
export async function contactByIdentity(
  tx: Tx,
  kind: IdentityKind,
  value: string,
): Promise<Contact | undefined> {
  const known = tx.known?.contactOf(kind, value)
  if (known) return contactOf(known)
  // What a visitor does is stored before there is a contact: who it is, and what was done, must not miss each other.
  if (known === null && kind !== 'anonymous') return undefined
  return askedFor(tx, kind, value)
}

async function askedFor(tx: Tx, kind: IdentityKind, value: string): Promise<Contact | undefined> {
  const [row] = await byIdentity(tx, { kind, value })
  if (row && tx.holds(row.id)) return contactOf(row)
  // Whoever had the contact, or the visitor, until now may have changed whom the id stands for.
  if (row) await tx.hold([row.id])
  else if (kind !== 'anonymous' || !(await tx.lock(`visitor ${value}`))) return undefined
  return askedFor(tx, kind, value)
}

/** The contact of this id, or the one that took it over, held until the transaction ends. */
export async function contactById(tx: Tx, id: string): Promise<Contact | undefined> {
  await tx.hold([id])
  const known = tx.known?.contact(id)
  const [row] = known ? [known] : await byId(tx, { id })
  return row?.merged_into ? contactById(tx, row.merged_into) : row && contactOf(row)
}

/** Frees an id: an address that the contact has given up may be somebody else's. */
export async function removeIdentity(tx: Tx, kind: IdentityKind, value: string): Promise<void> {
  await tx.db.deleteFrom('identities').where('kind', '=', kind).where('value', '=', value).execute()
}

/** Makes an id stand for the contact. Another process may have made it stand for somebody else a moment ago. */
export async function addIdentity(
  tx: Tx,
  kind: IdentityKind,
  value: string,
  contactId: string,
): Promise<void> {
  if ((await identify(tx, { kind, value, contactId })) > 0) return
  const [owner] = await byIdentity(tx, { kind, value })
  if (owner?.id !== contactId) throw new LostRace(`“${value}” became somebody else’s`)
}

export async function insertContact(tx: Tx, contact: Contact): Promise<void> {
  await save(tx, rowOf(contact))
}

export async function updateContact(tx: Tx, contact: Contact): Promise<void> {
  await save(tx, rowOf(contact))
}

/** What of a contact stands in one column. One stored before there were segments is in none. */
type State = Omit<Contact, 'id' | 'userId' | 'email' | 'createdAt' | 'lastActivityAt' | 'segments'> &
  Partial<Pick<Contact, 'segments'>>

/** What the row of a contact says, as the engine knows it. */
export function contactOf(row: ContactsTable): Contact {
  const state = JSON.parse(row.state) as State
  return {
    ...state,
    segments: state.segments ?? [],
    id: row.id,
    userId: row.user_id,
    email: row.email,
    createdAt: row.created_at,
    lastActivityAt: row.last_activity_at,
  }
}

function rowOf({ id, userId, email, createdAt, lastActivityAt, ...state }: Contact): ContactsTable {
  const names = [state.attributes['FIRSTNAME'], state.attributes['LASTNAME'], state.attributes['NAME']]
  return {
    id,
    user_id: userId,
    email,
    search: [email, userId, ...names]
      .filter((part) => typeof part === 'string')
      .join(' ')
      .toLowerCase(),
    score: state.scores['SCORE'] ?? 0,
    state: JSON.stringify(state),
    created_at: createdAt,
    last_activity_at: lastActivityAt,
    merged_into: null,
  }
}

/** What is stored of a contact and goes along when it becomes part of another. */
const TAKEN_ALONG = [
  'journal',
  'ledger',
  'enrollments',
  'taken_passages',
  'held_entries',
  'messages',
  'test_mails',
  'identities',
  'problems',
] as const
/** What each contact has for itself. */
const OWN = ['list_members', 'segment_members', 'dues', 'failing_contacts'] as const

/** Gives all that is stored of one contact to another: a merge. The vanished id answers with the other from then on. */
export async function reassign(tx: Tx, from: string, to: string): Promise<void> {
  for (const table of TAKEN_ALONG)
    await tx.db.updateTable(table).set({ contact_id: to }).where('contact_id', '=', from).execute()
  for (const table of OWN) await tx.db.deleteFrom(table).where('contact_id', '=', from).execute()
  // Those it took over itself come along, so that erasing a person leaves nothing of them.
  await tx.db
    .updateTable('contacts')
    .set({ merged_into: to })
    .where((where) => where.or([where('id', '=', from), where('merged_into', '=', from)]))
    .execute()
}

/**
 * Erases one person: everything that names the contact is gone, the vanished ids of merges too. Its numbers are never
 * given to anybody else: links in mails it got must not act on another.
 */
export async function eraseContact(tx: Tx, id: string): Promise<void> {
  await setSetting(tx, 'last_seq', String(await tx.nextSeq()))
  const messages = tx.db.selectFrom('messages').select('id').where('contact_id', '=', id)
  await tx.db.deleteFrom('message_links').where('message_id', 'in', messages).execute()
  const anonymous = tx.db
    .selectFrom('identities')
    .select('value')
    .where('contact_id', '=', id)
    .where('kind', '=', 'anonymous')
  await tx.db.deleteFrom('visitor_events').where('anonymous_id', 'in', anonymous).execute()
  for (const table of [...TAKEN_ALONG, ...OWN])
    await tx.db.deleteFrom(table).where('contact_id', '=', id).execute()
  await tx.db
    .deleteFrom('contacts')
    .where((where) => where.or([where('id', '=', id), where('merged_into', '=', id)]))
    .execute()
}
