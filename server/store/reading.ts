/** Statements of the event path for those who only look: on the reader, without a transaction that would hold anybody up. */
import type { CompiledQuery } from 'kysely'
import { paramName, type Reading, type Statement, type Tx } from './database.ts'

export function readingOn(db: Tx['db']): Reading {
  const compiled = new Map<Statement, CompiledQuery>()
  const compiledOf = (statement: Statement) => {
    let known = compiled.get(statement)
    if (!known) compiled.set(statement, (known = statement.compile(db)))
    return known
  }
  return {
    query: async (statement, values) => {
      const query = compiledOf(statement)
      const parameters = query.parameters.map((value) => {
        const name = paramName(value)
        return name === undefined ? value : values[name]
      })
      return (await db.executeQuery({ ...query, parameters })).rows
    },
  }
}
