/** Statements as PostgreSQL knows them: by a name of ours, so that each connection parses each of them once. */
import type { Kysely } from 'kysely'
import { paramName, type Statement, type Values } from './database.ts'
import type { Tables } from './schema.ts'

export interface Prepared {
  readonly name: string
  readonly text: string
  readonly bind: (values: Values) => unknown[]
  readonly tables: ReadonlySet<string>
  /** The same for many rows at once, where it adds or deletes single rows. */
  readonly rows: ManyRows | undefined
}

export interface ManyRows {
  readonly table: string
  readonly name: string
  readonly text: string
  /** One list for each column. */
  readonly bind: (rows: readonly Values[]) => unknown[]
  /** What only one row of them may have: PostgreSQL changes a row once in a statement. */
  readonly keyOf: ((values: Values) => string) | undefined
}

/** The type of a column: `text` or `bigint`. */
export type TypeOf = (table: string, column: string) => string

export function statementsOn(db: Kysely<Tables>, typeOf: TypeOf): (statement: Statement) => Prepared {
  const known = new Map<Statement, Prepared>()
  return (statement) => {
    let prepared = known.get(statement)
    if (!prepared) known.set(statement, (prepared = prepare(statement, db, typeOf, `s${known.size}`)))
    return prepared
  }
}

function prepare(statement: Statement, db: Kysely<Tables>, typeOf: TypeOf, name: string): Prepared {
  const { sql, parameters } = statement.compile(db)
  const slots = parameters.map((value) => {
    const name = paramName(value)
    return name === undefined ? () => value : (values: Values) => values[name]
  })
  const bind = (values: Values) => slots.map((slot) => slot(values))
  return { name, text: sql, bind, tables: tablesIn(sql), rows: manyRows(sql, slots, typeOf, `${name}-rows`) }
}

/** The tables that a text of Kysely's names. */
export function tablesIn(sql: string): ReadonlySet<string> {
  return new Set([...sql.matchAll(/\b(?:from|join|into|update) "(\w+)"/g)].map(([, table = '']) => table))
}

/** The table that a text of Kysely's writes to; undefined where it only reads. */
export function writtenIn(sql: string): string | undefined {
  return /^(?:insert into|update|delete from) "(\w+)"/.exec(sql)?.[1]
}

const DELETE = /^delete from "(\w+)" where ("\w+" = \$\d+(?: and "\w+" = \$\d+)*)$/
const INSERT = /^insert into "(\w+)" \(([^)]*)\) values \(([^)]*)\)(?: on conflict (?:\(([^)]*)\) )?do .*)?$/s

function manyRows(
  sql: string,
  slots: readonly ((values: Values) => unknown)[],
  typeOf: TypeOf,
  name: string,
): ManyRows | undefined {
  const deletion = DELETE.exec(sql)
  if (deletion) return manyDeleted(deletion, slots, typeOf, name)
  const [, table = '', columns = '', values = '', conflict = ''] = INSERT.exec(sql) ?? []
  const names = namesIn(columns)
  // Every value must be one that is given, in order: `$1, $2, …`.
  if (table === '' || values !== names.map((_, index) => `$${index + 1}`).join(', ')) return undefined
  const lists = listsOf(table, names, typeOf)
  const keySlots = namesIn(conflict).map((column) => slots[names.indexOf(column)])
  return {
    table,
    name,
    text: sql.replace(`values (${values})`, `select * from unnest(${lists})`),
    bind: (rows) => slots.map((slot) => rows.map(slot)),
    keyOf: sql.includes(' do update ')
      ? (row) => JSON.stringify(keySlots.map((slot) => slot?.(row)))
      : undefined,
  }
}

function manyDeleted(
  [, table = '', conditions = '']: RegExpExecArray,
  slots: readonly ((values: Values) => unknown)[],
  typeOf: TypeOf,
  name: string,
): ManyRows {
  const names = namesIn(conditions)
  const isGone = names.map((column) => `"${table}"."${column}" = gone."${column}"`).join(' and ')
  const gone = `unnest(${listsOf(table, names, typeOf)}) as gone (${names.map((column) => `"${column}"`).join(', ')})`
  return {
    table,
    name,
    text: `delete from "${table}" using ${gone} where ${isGone}`,
    bind: (rows) => slots.map((slot) => rows.map(slot)),
    keyOf: undefined,
  }
}

/** `$1::text[], $2::bigint[]`, one for each column. */
function listsOf(table: string, columns: readonly string[], typeOf: TypeOf): string {
  return columns.map((column, index) => `$${index + 1}::${typeOf(table, column)}[]`).join(', ')
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/"(\w+)"/g)].map(([, name = '']) => name)
}
