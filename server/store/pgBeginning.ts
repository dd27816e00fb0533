/**
 * How a transaction on PostgreSQL begins: it locks whom its pieces are about, in order of their ids, so that two of them
 * never wait for each other, and then reads what is known of them. All of it is one message to the server and back.
 */
import type { QueryConfig } from 'pg'
import type { About } from './database.ts'
import type { Connection } from './pgConnection.ts'
import { callKey, type KnownPassage, type Read } from './pgKnown.ts'
import { markTurn, type Mark } from './pgMark.ts'
import type { ContactsTable, IdentitiesTable } from './schema.ts'

/** Our advisory locks; a lock on a name has a key of its own. */
export const LOCKS = { class: 842_917, opening: 1, clock: 2, catalogue: 3, leading: 4 } as const

export interface Begun {
  /** All contacts it has locked. */
  readonly held: ReadonlySet<string>
  /** Of these, who was taken over by whom: those are to be locked too. */
  readonly takenOver: readonly string[]
  readonly catalogue: number
  readonly clock: number
  readonly read: Read
}

const IDENTITIES = `select kind, value, contact_id from identities
  join unnest($1::text[], $2::text[]) as named (kind, value) using (kind, value)`
const CALLS = `insert into message_ids (key_id, message_id, at) select * from unnest($1::text[], $2::text[], $3::bigint[])
  order by 2, 1 on conflict do nothing returning key_id, message_id`
const STATE = `select
  coalesce((select value from settings where name = 'catalogue'), '0') as catalogue,
  coalesce((select value from settings where name = 'clock_offset'), '0') as clock,
  array(select id from journeys where status = 'paused') as paused`

export interface Asked {
  readonly mark: Mark
  readonly about: readonly About[]
  /** Contacts that an earlier try met on its way. */
  readonly also: ReadonlySet<string>
  /** This process itself keeps the others out, so its transactions need not ask. */
  readonly isAlone: boolean
}

export async function begin(connection: Connection, { mark, about, also, isAlone }: Asked): Promise<Begun> {
  const lock = (key: number, shared: boolean) =>
    `pg_advisory_xact_lock${shared ? '_shared' : ''}(${LOCKS.class}, ${key})`
  const changes = about.some(({ catalogue }) => catalogue)
  const locks = [...(isAlone ? [] : [lock(LOCKS.clock, true)]), lock(LOCKS.catalogue, !changes)]

  const asked = about.flatMap(({ identities = [] }) => identities)
  const named = [asked.map(({ kind }) => kind), asked.map(({ value }) => value)]
  const whom = whomBy([
    { by: 'id', lists: [[...also, ...about.flatMap(({ contacts = [] }) => contacts)]] },
    { by: 'identity', lists: named },
    { by: 'passage', lists: [about.flatMap(({ enrollments = [] }) => enrollments)] },
    { by: 'message', lists: [about.flatMap(({ messages = [] }) => messages)] },
  ])
  const calls = about.flatMap(({ calls = [] }) => calls)
  const rowsOf = async <Row>(isWanted: boolean, query: QueryConfig): Promise<readonly Row[]> =>
    isWanted ? ((await connection.query(query)).rows as Row[]) : []
  const somebody = whom.name !== ''

  // All on the way at once: each statement sees what was committed when those before it had their locks.
  const [, , contacts, identities, passages, fresh, [state]] = await connection.together(() => [
    connection.query(`begin; select ${locks.join(', ')}`),
    connection.query(markTurn(mark)),
    // What is locked is read as it is then, whoever had it before.
    rowsOf<ContactsTable>(somebody, {
      name: `hold-by${whom.name}`,
      text: `select * from contacts where id = any (array(${whom.sql})) order by id for update`,
      values: whom.values,
    }),
    rowsOf<IdentitiesTable>(asked.length > 0, { name: 'identities', text: IDENTITIES, values: named }),
    rowsOf<KnownPassage>(somebody, {
      name: `passages-by${whom.name}`,
      text: `select id, contact_id, journey, due_at, parked, state from enrollments
        where live = 1 and contact_id = any (array(${whom.sql}))`,
      values: whom.values,
    }),
    rowsOf<{ key_id: string; message_id: string }>(calls.length > 0, {
      name: 'calls',
      text: CALLS,
      values: [
        calls.map(({ keyId }) => keyId),
        calls.map(({ messageId }) => messageId),
        calls.map(({ at }) => at),
      ],
    }),
    rowsOf<{ catalogue: string; clock: string; paused: string[] }>(true, {
      name: 'state',
      text: STATE,
    }),
  ])
  if (!state) throw new Error('PostgreSQL told nothing of its state')
  return {
    held: new Set(contacts.map(({ id }) => id)),
    takenOver: contacts.flatMap(({ merged_into }) => merged_into ?? []),
    catalogue: Number(state.catalogue),
    clock: Number(state.clock),
    read: {
      contacts,
      identities,
      asked,
      passages,
      paused: state.paused,
      calls: {
        all: calls.map(({ keyId, messageId }) => callKey(keyId, messageId)),
        fresh: fresh.map(({ key_id, message_id }) => callKey(key_id, message_id)),
      },
    },
  }
}

/** How the ids of contacts are found, by what they are asked by; `$` is where the lists begin. */
const FOUND = {
  id: 'select unnest($0::text[])',
  identity:
    'select contact_id from identities join unnest($0::text[], $1::text[]) as named (kind, value) using (kind, value)',
  passage: 'select contact_id from enrollments where id = any ($0::text[])',
  message: 'select contact_id from messages where id = any ($0::text[])',
} as const

interface Asking {
  readonly by: keyof typeof FOUND
  readonly lists: readonly (readonly string[])[]
}

/** A query for the ids of all that are asked for, with its values. It has no part for what nobody asks by. */
function whomBy(asking: readonly Asking[]) {
  const parts = asking.filter(({ lists: [first = []] }) => first.length > 0)
  const values: unknown[] = []
  const texts = parts.map(({ by, lists }) => {
    const from = values.length + 1
    values.push(...lists)
    return FOUND[by].replaceAll(/\$(\d)/g, (_, index: string) => `$${from + Number(index)}`)
  })
  return { name: parts.map(({ by }) => `-${by}`).join(''), sql: texts.join(' union '), values }
}
