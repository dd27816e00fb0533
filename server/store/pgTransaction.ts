/**
 * One transaction on PostgreSQL, shared by the pieces of a turn. Whom a piece meets besides those it was said to be about
 * is locked then. Places in the journal are taken only behind the locks, so that of one contact's entries the later has
 * the higher one. Rows are written together at the end, or when somebody looks for them.
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
} from './database.ts'
import { alarmsQuery } from './pgAlarms.ts'
import type { Begun } from './pgBeginning.ts'
import { isInTheWay, type Connection } from './pgConnection.ts'
import { openKnown } from './pgKnown.ts'
import { openPending } from './pgPending.ts'
import { tablesIn, writtenIn, type Prepared } from './pgStatements.ts'
import type { Tables } from './schema.ts'

/** Who listens on this channel is told that what memory holds was changed, or that much may be due. */
export const NEWS = 'tidemark'

export interface Setting {
  readonly connection: Connection
  readonly db: Kysely<Tables>
  readonly prepared: (statement: Statement) => Prepared
  readonly about: readonly About[]
  /** Whether the sandbox clock is looked at; without a sandbox there is no offset. */
  readonly sandbox: boolean
}

export interface Transaction {
  readonly tx: Tx
  readonly savepoint: Savepoint
  /** All contacts it has locked. */
  readonly held: () => ReadonlySet<string>
  /** To be awaited before a text of Kysely's is sent. */
  readonly before: (sql: string) => Promise<void>
  /** What is still to be sent before the commit; throws where somebody was in the way of a piece. */
  readonly last: () => readonly (QueryConfig | string)[]
}

const PLACES = `select nextval('journal_seq') as place from generate_series(1, $1::int)`
const HOLD_MORE = 'select id from contacts where id = any ($1::text[]) order by id for update'
const CHANGED = `insert into settings (name, value) values ('catalogue', '1')
  on conflict (name) do update set value = (settings.value::bigint + 1)::text`

export function transactionOn(
  { connection, db, prepared, about, sandbox }: Setting,
  begun: Begun,
): Transaction {
  const pending = openPending()
  const known = openKnown(begun.read)
  let held = new Set(begun.held)
  let named = new Set<string>()
  let places: number[] = []
  let alarms: Alarm[] = []
  let inTheWay: unknown

  const write = async () =>
    void (await connection.together(() => pending.take().map((query) => connection.query(query))))
  const settle = async (tables: ReadonlySet<string>, contact?: unknown) => {
    if (pending.concerns(tables, contact)) await write()
  }
  const hold = async (contacts: readonly string[]) => {
    const missing = contacts.filter((id) => !held.has(id))
    if (missing.length === 0) return
    // Whoever had the contact until now may have written entries behind the places we took.
    places = []
    await connection.query({ name: 'hold-more', text: HOLD_MORE, values: [missing] })
    for (const id of missing) held.add(id)
  }
  const tx: Tx = {
    db,
    known,
    query: async (statement, values) => {
      const { name, text, bind, tables } = prepared(statement)
      await settle(tables, values['contactId'])
      return (await connection.query({ name, text, values: bind(values) })).rows
    },
    change: async (statement, values) => {
      const { name, text, bind, tables, rows } = prepared(statement)
      await settle(tables)
      const count = (await connection.query({ name, text, values: bind(values) })).rowCount ?? 0
      if (rows && count === 1) known.wrote(rows.table, values)
      else for (const table of tables) known.touched(table)
      return count
    },
    write: (statement, values) => {
      const { rows } = prepared(statement)
      if (!rows) throw new Error('only rows that are added or deleted one by one can be written later')
      pending.add(rows, values)
      known.wrote(rows.table, values)
      // Nobody else can have a contact that is not committed yet.
      if (rows.table === 'contacts') held.add(String(values['id']))
      return Promise.resolve()
    },
    nextSeq: async () => {
      // One for each piece: that is what most need.
      if (places.length === 0) {
        const query = { name: 'places', text: PLACES, values: [Math.max(1, about.length)] }
        const { rows } = await connection.query(query)
        places = (rows as { place: number }[]).map(({ place }) => place)
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
      const values = [keyOf(name)]
      await connection.query({ name: 'lock', text: 'select pg_advisory_xact_lock($1)', values })
      return true
    },
    shared: { catalogue: begun.catalogue, clockOffset: sandbox ? begun.clock : 0 },
    changesCatalogue: catalogueGuard(about),
  }

  const savepoint: Savepoint = async (piece) => {
    if (inTheWay) throw inTheWay
    const before = { alarms: alarms.length, held: new Set(held), named: new Set(named) }
    await connection.query('savepoint piece')
    try {
      const result = await piece()
      await write()
      await connection.query('release piece')
      return result
    } catch (error) {
      if (isInTheWay(error)) inTheWay = error
      if (inTheWay || connection.isLost()) throw error
      await connection.query('rollback to piece; release piece')
      // What the piece wrote is gone, and the locks that it took.
      pending.take()
      known.forget()
      alarms = alarms.slice(0, before.alarms)
      held = before.held
      named = before.named
      throw error
    }
  }
  return {
    tx,
    savepoint,
    held: () => held,
    before: async (sql) => {
      await settle(tablesIn(sql))
      const table = writtenIn(sql)
      if (table !== undefined) known.touched(table)
      else if (!sql.startsWith('select')) known.forget()
    },
    last: () => {
      if (inTheWay) throw inTheWay
      const isNews = about.some(({ catalogue, clock }) => catalogue || clock)
      return [
        ...pending.take(),
        ...(about.some(({ catalogue }) => catalogue) ? [CHANGED] : []),
        ...(isNews || alarms.some((alarm) => 'sweep' in alarm) ? [`select pg_notify('${NEWS}', '')`] : []),
        ...alarmsQuery(alarms, tx.shared.clockOffset),
      ]
    },
  }
}

/** A lock has a number for its name. Two names with one number would only wait for each other. */
function keyOf(name: string): string {
  return String(createHash('sha256').update(name).digest().readBigInt64BE())
}
