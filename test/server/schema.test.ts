// What the types say is stored is what the database has, column by column, in both databases.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../server/store/database.ts'
import { isOnPostgres, newFolder, openDatabaseIn, removeFolder } from '../support/database.ts'

type Columns = { readonly [column: string]: string }

const SCHEMA = readFileSync(join(import.meta.dirname, '../../server/store/schema.ts'), 'utf8')

/** The interfaces of `schema.ts`, by the name of their table: `text`, `number`, with `or null`, with `made here`. */
function typed(): { readonly [table: string]: Columns } {
  const bodies = new Map(
    [...SCHEMA.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => [
      name,
      Object.fromEntries(
        [...body.matchAll(/^ {2}(\w+): (.+)$/gm)].map(([, column = '', type = '']) => [column, type]),
      ),
    ]),
  )
  const tables = Object.entries(bodies.get('Tables') ?? {})
  return Object.fromEntries(
    tables.map(([table, name]) => [
      table,
      Object.fromEntries(
        Object.entries(bodies.get(name) ?? {}).map(([column, type]) => [column, inWords(type)]),
      ),
    ]),
  )
}

function inWords(type: string): string {
  const isNumber = /\bnumber\b/.test(type)
  return `${isNumber ? 'number' : 'text'}${/\bnull\b/.test(type) ? ' or null' : ''}${/Generated/.test(type) ? ' made here' : ''}`
}

const folder = newFolder()
let database: Database
beforeAll(async () => void (database = await openDatabaseIn(folder)))
afterAll(async () => {
  await database.close()
  await removeFolder(folder)
})

/** The columns of primary keys, which SQLite does not call `not null`, though nothing in them is. */
async function keyColumns(table: string): Promise<readonly string[]> {
  if (isOnPostgres()) return []
  const { rows } = await sql<{
    name: string
  }>`select name from pragma_table_info(${table}) where pk > 0`.execute(database.read)
  return rows.map(({ name }) => name)
}

async function stored(): Promise<{ readonly [table: string]: Columns }> {
  const tables = (await database.read.introspection.getTables({ withInternalKyselyTables: false })).filter(
    ({ schema }) => schema === undefined || schema === 'public',
  )
  const entries = tables.map(async ({ name, columns }) => {
    const keys = await keyColumns(name)
    const described = columns.map(({ name, dataType, isNullable, isAutoIncrementing, hasDefaultValue }) => {
      const type = /^(?:integer|int8)$/i.test(dataType) ? 'number' : dataType.toLowerCase()
      const made = name === 'id' && (isAutoIncrementing || (isOnPostgres() && hasDefaultValue))
      return [
        name,
        `${type}${isNullable && !keys.includes(name) ? ' or null' : ''}${made ? ' made here' : ''}`,
      ]
    })
    return [name, Object.fromEntries(described) as Columns] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

test('every table has the columns that its type says, and no other', async () => {
  const [types, tables] = [typed(), await stored()]
  expect(Object.keys(types).length).toBeGreaterThan(20)
  expect(tables).toEqual(types)
})
