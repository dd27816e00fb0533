/** Starts PostgreSQL once for all tests that run on it, and makes the database that each of them gets a copy of. */
import { openPostgres } from '../../server/store/postgres.ts'
import { SERVER, TEMPLATE } from './database.ts'
import { ask, startPostgres } from './postgres.ts'

export default async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres()
  const url = server.urlOf('postgres')
  await ask(url, `drop database if exists ${TEMPLATE} with (force)`)
  await ask(url, `create database ${TEMPLATE}`)
  await (await openPostgres({ url: server.urlOf(TEMPLATE), sandbox: false })).close()
  console.log(`Tests on PostgreSQL use: ${server.name}`)
  process.env[SERVER] = url
  return server.stop
}
