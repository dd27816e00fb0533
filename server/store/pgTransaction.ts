/**
 * One transaction on PostgreSQL, shared by the pieces of a turn. It begins by locking all contacts that the pieces are
 * about, in order of their ids, so that two of them never wait for each other; whom a piece meets besides is locked then.
 * Only afterwards are places in the journal taken, so that of one contact's entries the later has the higher one.
 */
import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { QueryConfig } from 'pg'
import {
  catalogueGuard,
  type About,
  type Alarm,
  type Savepoint,
  type Statement,
  type Tx,
  type Values,
} from './database.ts'
import { isInTheWay, type Connection } from './pgConnection.ts'
import { addAlarms } from './pgAlarms.ts'
import type { Tables } from './schema.ts'

/** Our advisory locks; a lock on a name has a key of its own. */
export const LOCKS = { class: 842_917, opening: 1, clock: 2, catalogue: 3, leading: 4 } as const

/** Who listens on this channel is told that what memory holds was changed, or that much may be due. */
export const NEWS = 'tidemark'

export interface Beginning {
  readonly connection: Connection
  readonly db: Kysely<Tables>
  /** A statement as the server knows it. */
  readonly prepared: (statement: Statement) => {
    readonly name: string
    readonly text: string
    readonly bind: Bind
  }
  readonly about: readonly About[]
  /** Contacts that an earlier try met on its way. */
  readonly also: ReadonlySet<string>
  /** Whether the sandbox clock is looked at; without a sandbox there is no offset. */
  readonly sandbox: boolean
  /** This process itself keeps the others out, so its transactions need not ask. */
  readonly isAlone: boolean
}

type Bind = (values: Values) => unknown[]

export interface Transaction {
  readonly tx: Tx
  readonly savepoint: Savepoint
  /** Its number, by which the server knows after a lost connection whether it was committed. */
  readonly id: string
  /** All contacts it has locked. */
  readonly held: ReadonlySet<string>
  /** Ends it well; throws where somebody was in the way of a piece. */
  readonly finish: () => Promise<void>
}

const HOLD = `select id, merged_into from contacts where id = any (array(
  select unnest($1::text[])
  union select contact_id from identities join unnest($2::text[], $3::text[]) as named (kind, value) using (kind, value)
  union select contact_id from enrollments where id = any ($4::text[])
  union select contact_id from messages where id = any ($5::text[]))) order by id for update`

const STATE = `select pg_current_xact_id()::text as id,
  coalesce((select value from settings where name = 'catalogue'), '0') as catalogue,
  coalesce((select value from settings where name = 'clock_offset'), '0') as clock`

const PLACES = `select nextval('journal_seq') as place from generate_series(1, $1::int)`

export async function begin(beginning: Beginning): Promise<Transaction> {
  const { connection, db, prepared, about, also, sandbox, isAlone } = beginning
  const catalogue = about.some((piece) => piece.catalogue)
  const clock = about.some((piece) => piece.clock)
  const lock = (key: number, shared: boolean) =>
    `pg_advisory_xact_lock${shared ? '_shared' : ''}(${LOCKS.class}, ${key})`
  const locks = [...(isAlone ? [] : [lock(LOCKS.clock, true)]), lock(LOCKS.catalogue, !catalogue)]

  // All on the way at once: each sees what was committed when those before it had their locks.
  const [, found, [state]] = await Promise.all([
    connection.query(`begin; select ${locks.join(', ')}`),
    rowsOf<{ id: string; merged_into: string | null }>(connection, {
      name: 'hold',
      text: HOLD,
      values: aboutWhom(about, also),
    }),
    rowsOf<{ id: string; catalogue: string; clock: string }>(connection, { name: 'state', text: STATE }),
  ])
  if (!state) throw new Error('PostgreSQL told nothing of its state')

  let places: number[] = []
  let held = new Set(found.map(({ id }) => id))
  let named = new Set<string>()
  let alarms: Alarm[] = []
  let inTheWay: unknown

  const hold = async (contacts: readonly string[]) => {
    const missing = contacts.filter((id) => !held.has(id))
    if (missing.length === 0) return
    // Whoever had the contact until now may have written entries behind the places we took.
    places = []
    await connection.query({
      name: 'hold-more',
      text: 'select id from contacts where id = any ($1::text[]) order by id for update',
      values: [missing],
    })
    for (const id of missing) held.add(id)
  }
  const tx: Tx = {
    db,
    query: async (statement, values) => {
      const { name, text, bind } = prepared(statement)
      return (await connection.query({ name, text, values: bind(values) })).rows
    },
    change: async (statement, values) => {
      const { name, text, bind } = prepared(statement)
      return (await connection.query({ name, text, values: bind(values) })).rowCount ?? 0
    },
    nextSeq: async () => {
      // One for each piece: that is what most need.
      if (places.length === 0) {
        const values = [Math.max(1, about.length)]
        const more = await rowsOf<{ place: number }>(connection, { name: 'places', text: PLACES, values })
        places = more.map(({ place }) => place)
      }
      const place = places.shift()
      if (place === undefined) throw new Error('PostgreSQL gave no place in the journal')
      return place
    },
    alarm: (alarm) => void alarms.push(alarm),
    hold,
    holds: (contact) => held.has(contact),
    lock: async (name) => {
      if (named.has(name)) return false
      named.add(name)
      await connection.query({
        name: 'lock',
        text: 'select pg_advisory_xact_lock($1)',
        values: [keyOf(name)],
      })
      return true
    },
    shared: { catalogue: Number(state.catalogue), clockOffset: sandbox ? Number(state.clock) : 0 },
    changesCatalogue: catalogueGuard(about),
  }
  // Who was taken over by another contact stands for that one.
  await hold(found.flatMap(({ merged_into }) => merged_into ?? []))

  const savepoint: Savepoint = async (piece) => {
    if (inTheWay) throw inTheWay
    const before = { alarms: alarms.length, held: new Set(held), named: new Set(named) }
    await connection.query('savepoint piece')
    try {
      const result = await piece()
      await connection.query('release piece')
      return result
    } catch (error) {
      if (isInTheWay(error)) inTheWay = error
      if (inTheWay || connection.isLost()) throw error
      await connection.query('rollback to piece; release piece')
      // Locks that the piece took are gone with it.
      alarms = alarms.slice(0, before.alarms)
      held = before.held
      named = before.named
      throw error
    }
  }
  return {
    tx,
    savepoint,
    id: state.id,
    get held() {
      return held
    },
    finish: async () => {
      if (inTheWay) throw inTheWay
      if (catalogue)
        await connection.query(
          `insert into settings (name, value) values ('catalogue', '1')
           on conflict (name) do update set value = (settings.value::bigint + 1)::text`,
        )
      if (catalogue || clock || alarms.some((alarm) => 'sweep' in alarm))
        await connection.query(`select pg_notify('${NEWS}', '')`)
      await addAlarms(connection, alarms, tx.shared.clockOffset)
    },
  }
}

async function rowsOf<Row>(connection: Connection, query: QueryConfig): Promise<readonly Row[]> {
  return (await connection.query(query)).rows as Row[]
}

/** The values of `HOLD`. */
function aboutWhom(about: readonly About[], also: ReadonlySet<string>): unknown[] {
  const identities = about.flatMap(({ identities = [] }) => identities)
  return [
    [...also, ...about.flatMap(({ contacts = [] }) => contacts)],
    identities.map(({ kind }) => kind),
    identities.map(({ value }) => value),
    about.flatMap(({ enrollments = [] }) => enrollments),
    about.flatMap(({ messages = [] }) => messages),
  ]
}

/** A lock has a number for its name. Two names with one number would only wait for each other. */
function keyOf(name: string): string {
  return String(createHash('sha256').update(name).digest().readBigInt64BE())
}
