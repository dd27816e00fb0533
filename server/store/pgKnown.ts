/**
 * What a transaction on PostgreSQL knows without asking: its contacts, who they are and in which passages, read for all its
 * pieces at once when it has locked them, and kept true by what it writes. A write that is not understood ends it.
 */
import type { Known, Values } from './database.ts'
import type { ContactsTable, EnrollmentsTable, IdentitiesTable } from './schema.ts'

/** The columns of a passage that are looked at. */
export type KnownPassage = Pick<
  EnrollmentsTable,
  'id' | 'contact_id' | 'journey' | 'due_at' | 'parked' | 'state'
>

export interface Read {
  readonly contacts: readonly ContactsTable[]
  readonly identities: readonly IdentitiesTable[]
  /** Ids that were asked for. Those without a row stand for nobody. */
  readonly asked: readonly Pick<IdentitiesTable, 'kind' | 'value'>[]
  /** All live passages of these contacts. */
  readonly passages: readonly KnownPassage[]
  readonly paused: readonly string[]
  /** Calls that were noted now, of all that were asked for. */
  readonly calls: { readonly all: readonly string[]; readonly fresh: readonly string[] }
}

export interface KnownHere extends Known {
  /** A row of a table was written as these values say. */
  readonly wrote: (table: string, values: Values) => void
  /** A table was written to in a way that is not understood. */
  readonly touched: (table: string) => void
  /** Nothing is known any more. */
  readonly forget: () => void
}

/** Tables of which something is known. */
const TABLES = new Set(['contacts', 'identities', 'enrollments', 'journeys'])

export function callKey(keyId: string, messageId: string): string {
  return `${keyId} ${messageId}`
}

function identityKey(kind: string, value: string): string {
  return `${kind} ${value}`
}

export function openKnown(read: Read): KnownHere {
  const contacts = new Map(read.contacts.map((row) => [row.id, row]))
  const identities = new Map<string, string | null>(
    read.asked.map(({ kind, value }) => [identityKey(kind, value), null]),
  )
  for (const { kind, value, contact_id } of read.identities)
    identities.set(identityKey(kind, value), contact_id)
  const passages = new Map(read.contacts.map(({ id }) => [id, new Map<string, KnownPassage>()]))
  const passagesById = new Map<string, KnownPassage | null>()
  for (const passage of read.passages) {
    passages.get(passage.contact_id)?.set(passage.id, passage)
    passagesById.set(passage.id, passage)
  }
  const paused = new Set(read.paused)
  const calls = new Map(read.calls.all.map((call) => [call, false]))
  for (const call of read.calls.fresh) calls.set(call, true)
  let isTrue = true

  const forget = () => void (isTrue = false)
  const writers: { readonly [table: string]: (values: Values) => void } = {
    contacts: (values) => {
      const row = values as unknown as ContactsTable
      // Whoever is new is in no passage yet.
      if (!contacts.has(row.id)) passages.set(row.id, new Map())
      contacts.set(row.id, row)
    },
    identities: ({ kind, value, contactId }) =>
      void identities.set(identityKey(String(kind), String(value)), String(contactId)),
    enrollments: (values) => {
      const row = values as unknown as EnrollmentsTable
      const own = passages.get(row.contact_id)
      passagesById.set(row.id, row.live === 1 ? row : null)
      if (row.live === 1) own?.set(row.id, row)
      else own?.delete(row.id)
    },
  }
  return {
    contactOf: (kind, value) => {
      const id = isTrue ? identities.get(identityKey(kind, value)) : undefined
      return typeof id === 'string' ? contacts.get(id) : id
    },
    contact: (id) => (isTrue ? contacts.get(id) : undefined),
    passages: (contact) => {
      const own = isTrue ? passages.get(contact) : undefined
      return own && [...own.values()]
    },
    passage: (id) => (isTrue ? passagesById.get(id) : undefined),
    isPaused: (journey) => (isTrue ? paused.has(journey) : undefined),
    isNewCall: (keyId, messageId) => {
      const key = callKey(keyId, messageId)
      // It stands in the table already, whatever else is known.
      const isNew = calls.get(key)
      if (isNew) calls.set(key, false)
      return isNew
    },
    wrote: (table, values) => (writers[table] ?? forgetIfKnown(table, forget))(values),
    touched: (table) => forgetIfKnown(table, forget)(),
    forget,
  }
}

function forgetIfKnown(table: string, forget: () => void): () => void {
  return TABLES.has(table) ? forget : () => undefined
}
