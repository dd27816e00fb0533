// `npm run move`: a SQLite installation that has lived goes on in PostgreSQL, as an operator does it.
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Step } from '../../engine/index.ts'
import { openDatabase } from '../../server/store/open.ts'
import { apiOf, type Api, type ContactView } from '../support/api.ts'
import { realMail } from '../support/crash/setting.ts'
import { runCommand } from '../support/command.ts'
import { newFolder, removeFolder } from '../support/database.ts'
import { END } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { createDatabase, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { API_KEY, startServer, WRITE_KEY } from '../support/serverProcess.ts'
import { startSmtpServer } from '../support/smtp.ts'

const MAIL: Step = {
  meta: { kind: 'email' },
  entry: { type: 'sendEmail', params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' } },
  always: 'end',
}

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })
let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

async function inFolder(
  test: (folder: string, file: string, target: string) => Promise<void>,
): Promise<void> {
  const folder = newFolder()
  try {
    await test(folder, `sqlite:${join(folder, 'tidemark.db')}`, await createDatabase(postgres))
  } finally {
    await removeFolder(folder)
  }
}

const move = (folder: string, file: string, target: string) =>
  runCommand(folder, 'move', ['--to', target], { DATABASE_URL: file })

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1

/** Every row of every table, in an order that both databases know. */
async function everything(url: string): Promise<{ readonly [table: string]: readonly string[] }> {
  const place = url.startsWith('sqlite:')
    ? { type: 'sqlite' as const, file: url.slice('sqlite:'.length) }
    : { type: 'postgres' as const, url }
  const { read, close } = await openDatabase({ database: place, sandbox: false })
  try {
    const tables = (await read.introspection.getTables()).filter(
      ({ schema }) => (schema ?? 'public') === 'public',
    )
    const rows = await Promise.all(
      tables.map(async ({ name }) => {
        const found = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(read)
        const texts = found.rows.map((row) => JSON.stringify(Object.entries(row).toSorted(byName)))
        return [name, texts.toSorted()] as const
      }),
    )
    return Object.fromEntries(rows.toSorted(byName))
  } finally {
    await close()
  }
}

type Environment = { readonly [name: string]: string }

/** A server on this folder while the work is done. */
async function serving(
  folder: string,
  env: Environment,
  work: (api: Api, port: string) => Promise<void>,
): Promise<void> {
  const server = await startServer({ folder, env })
  try {
    await work(apiOf(server), new URL(server.url).port)
  } finally {
    await server.stop()
  }
}

it('all rows arrive, the clock and the waits go on, and the new installation verifies clean', () =>
  inFolder(async (folder, file, target) => {
    const sandbox = { TIDEMARK_SANDBOX: '1', TIDEMARK_WRITE_KEY: WRITE_KEY, TIDEMARK_API_KEY: API_KEY }
    const time = async (api: Api) => Date.parse((await api.must<{ now: string }>('GET', '/clock')).now)
    let before = 0
    await serving(folder, { ...sandbox, DATABASE_URL: file }, async (api, port) => {
      const lived = await runCommand(folder, 'demo', ['--contacts', '20'], { ...sandbox, PORT: port })
      expect(lived).toContain('Done in')
      before = await time(api)
      expect(await move(folder, file, target)).toMatch(/^A server has the database open/)
    })
    expect(await move(folder, file, target)).toMatch(/Every row is there, and the ledger adds up to the same/)
    const [old, moved] = [await everything(file), await everything(target)]
    // How often the catalogue was changed is kept by PostgreSQL only.
    const settings = moved['settings']?.filter((row) => !row.includes('"catalogue"'))
    expect({ ...moved, settings }).toEqual(old)
    expect(old['journal']?.length).toBeGreaterThan(100)
    expect(await move(folder, file, target)).toMatch(
      /^The database to move to is not empty \(rows: .*contacts 20, /,
    )
    await serving(folder, { ...sandbox, DATABASE_URL: target }, async (api) => {
      expect(await time(api)).toBeGreaterThanOrEqual(before)
      const inside = async () =>
        Object.fromEntries(
          (await api.pages<{ id: string; counts: { inside: number } }>('/journeys')).map(({ id, counts }) => [
            id,
            counts.inside,
          ]),
        )
      const then = await inside()
      await api.track('demo-0001', 'resource_downloaded')
      await api.advance('P3D')
      const later = await inside()
      expect(later['case-study']).toBeLessThan(then['case-study'] ?? 0)
      expect(later['guide']).toBe(0)
      expect((await api.pages('/mailbox')).length).toBeGreaterThan(old['messages']?.length ?? 0)
      expect((await api.pages<ContactView>('/contacts')).length).toBe(20)
    })
    expect(await runCommand(folder, 'verify', [], { DATABASE_URL: target })).toContain('no difference')
  }))

it('a message that waits, and the word that nothing is to be sent, come along; it goes out once', () =>
  inFolder(async (folder, file, target) => {
    const smtp = await startSmtpServer()
    const env = realMail(smtp)
    try {
      await serving(folder, { ...env, DATABASE_URL: file }, async (api) => {
        await api.must('POST', '/sending', { stopped: true })
        await api.publish(journeyOf({ mail: MAIL, end: END }))
        await api.track('ada', 'go', {}, { context: { traits: { email: 'ada@nordlicht-lampen.de' } } })
      })
      expect(await move(folder, file, target)).toContain('Every row is there')
      await serving(folder, { ...env, DATABASE_URL: target }, async (api) => {
        await api.track('ada', 'another')
        expect(smtp.mails).toEqual([])
        await api.must('POST', '/sending', { stopped: false })
        await smtp.waitFor(() => true)
      })
      expect(smtp.mails).toHaveLength(1)
      expect(await runCommand(folder, 'verify', [], { DATABASE_URL: target })).toContain('no difference')
    } finally {
      await smtp.stop()
    }
  }))

it('says what is wrong with the target, and shows no password', () =>
  inFolder(async (folder, file) => {
    await serving(folder, { DATABASE_URL: file }, async () => {})
    const away = await move(folder, file, 'postgres://ada:secret@127.0.0.1:9/tidemark')
    expect(away).toMatch(/^PostgreSQL cannot be reached at postgres:\/\/ada:…@127\.0\.0\.1:9\/tidemark/)
    expect(away).not.toContain('secret')
    expect(await move(folder, file, 'sqlite:other.db')).toMatch(/^npm run move -- --to postgres:/)
    expect(await move(folder, 'sqlite:./nowhere.db', postgres.urlOf('x'))).toMatch(/^There is no database/)
  }))
