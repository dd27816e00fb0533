// Many processes on one database, as an operator runs them: for everything, or web and worker apart.
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apiOf, ask, BASIC } from '../../support/api.ts'
import { runCommand } from '../../support/command.ts'
import type { Database } from '../../../server/store/database.ts'
import { databaseIn, newFolder, openDatabaseIn, removeFolder } from '../../support/database.ts'
import { DAY, END, mail, points, wait } from '../../support/entries.ts'
import { startInstallation } from '../../support/installation.ts'
import { journeyOf } from '../../support/journeys.ts'
import { startServer, type ServerProcess } from '../../support/serverProcess.ts'
import { startSmtpServer } from '../../support/smtp.ts'

const PARALLEL = { reentry: { policy: 'parallel' } } as const

let folder: string
let database: Database
let db: Database['read']
beforeEach(async () => {
  folder = newFolder()
  database = await openDatabaseIn(folder)
  db = database.read
})
afterEach(async () => {
  await database.close()
  await removeFolder(folder)
})

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await delay(50))
    if (Date.now() > end) throw new Error('it did not come to that within 30 s')
}

describe('processes', () => {
  it('apart: one takes calls, the others wake and send, and all end well', async () => {
    const smtp = await startSmtpServer()
    const env = {
      SMTP_URL: smtp.url,
      BASE_URL: 'https://go.nordlicht-lampen.de',
      MAIL_FROM: 'hallo@nordlicht-lampen.de',
      COMPANY_NAME: 'Nordlicht',
      COMPANY_ADDRESS: 'Hafenstraße 7, Hamburg',
      COMPANY_URL: 'https://www.nordlicht-lampen.de',
    }
    const web = await startServer({ folder, env, role: 'web' })
    const api = apiOf(web)
    await api.publish(
      journeyOf(
        { pause: wait('PT1S', 'mail'), mail: mail('add'), add: points(1, 'end'), end: END },
        { meta: PARALLEL },
      ),
    )
    const people = Array.from({ length: 20 }, (_, n) => `p${n}`)
    for (const name of people)
      await api.identify(name, { email: `${name}@nordlicht-lampen.de`, consent: { email: true } })
    for (const name of people) await api.track(name, 'go')
    await delay(1_500)
    expect(smtp.mails).toEqual([])
    expect(await api.score('p0')).toBe(0)

    const workers = await Promise.all([1, 2].map(() => startServer({ folder, env, role: 'worker' })))
    await eventually(async () => smtp.mails.length >= people.length)
    await eventually(async () => (await api.score('p19')) === 1)
    expect(new Set(smtp.mails.map(({ mail }) => mail.to?.[0]?.address)).size).toBe(people.length)
    expect(smtp.mails).toHaveLength(people.length)
    for (const process of [...workers, web]) expect(await process.stop()).toBe(0)
    await smtp.stop()
    expect(await runCommand(folder, 'verify')).toContain('no difference')
  })

  it('of which one is killed: the others do what it did', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startServer({ folder })))
    const [first] = servers as [ServerProcess]
    const journey = journeyOf(
      { pause: wait('PT1S', 'add'), add: points(1, 'end'), end: END },
      { meta: PARALLEL },
    )
    await apiOf(first).publish(journey)
    let sent = 0
    for (const server of servers) {
      for (let n = 0; n < 20; n++, sent++) await apiOf(server).track(`p${sent % 7}`, 'go')
      if (server !== servers.at(-1)) await server.kill()
    }
    await eventually(async () => {
      const waiting = db
        .selectFrom('enrollments')
        .select('id')
        .where('journey', '=', 'test')
        .where('live', '=', 1)
      return (await waiting.execute()).length === 0
    })
    const last = servers.at(-1)!
    const scores = await Promise.all(Array.from({ length: 7 }, (_, n) => apiOf(last).score(`p${n}`)))
    expect(scores.reduce((sum, score) => sum + score, 0)).toBe(sent)
    expect(await last.stop()).toBe(0)
    expect(await runCommand(folder, 'verify')).toContain('no difference')
  })

  it('started at the same moment on an empty database make one set of keys and journeys', async () => {
    const env = { TIDEMARK_WRITE_KEY: '', TIDEMARK_API_KEY: '' }
    const servers = await Promise.all([1, 2, 3].map(() => startServer({ folder, env })))
    const keys = servers.flatMap((server) => server.output().match(/TIDEMARK_\w+_KEY=\S+/g) ?? [])
    expect(keys).toHaveLength(2)
    const versions = await db.selectFrom('journey_versions').select('version').execute()
    expect(new Set(versions.map(({ version }) => version))).toEqual(new Set([1]))
    const write = keys.find((key) => key.includes('WRITE'))?.split('=')[1]
    for (const server of servers) {
      const authorization = `Basic ${Buffer.from(`${write}:`).toString('base64')}`
      const call = { userId: 'ada', event: 'resource_downloaded' }
      const { status } = await ask(`${server.url}/v1/track`, 'POST', call, { authorization })
      expect(status).toBe(200)
    }
    for (const server of servers) expect(await server.stop()).toBe(0)
  })
})

describe('what processes keep in memory', () => {
  it('a publication and a pause are known to all at once, asked for or not', async () => {
    const env = { DATABASE_URL: await databaseIn(folder) }
    const [one, other] = [await startInstallation(env), await startInstallation(env)]
    const journey = journeyOf({ add: points(5, 'end'), end: END }, { meta: PARALLEL })
    await one.ask('PUT', '/api/journeys/test', journey)
    expect((await one.ask('POST', '/api/journeys/test/publish', { inside: 'stay' })).status).toBe(200)
    // A process that nobody asks anything hears of it too.
    await eventually(() => Promise.resolve(other.deps.journeys.journey('test', 1) !== undefined))
    await other.send('track', { userId: 'ada', event: 'go' })
    await other.ask('POST', '/api/journeys/test/pause')
    await one.send('track', { userId: 'ada', event: 'go' })
    const { items } = (await one.ask('GET', '/api/contacts')).body as {
      items: { attributes: { SCORE: number } }[]
    }
    expect(items[0]?.attributes.SCORE).toBe(5)
    await other.stop()
    await one.stop()
  })

  it('the sandbox clock is moved for all, and while it moves the others wait', async () => {
    const env = { DATABASE_URL: await databaseIn(folder) }
    const [one, other] = [await startInstallation(env), await startInstallation(env)]
    const journey = journeyOf(
      { a: wait('P10D', 'b'), b: wait('P10D', 'add'), add: points(1, 'end'), end: END },
      { meta: PARALLEL },
    )
    await one.ask('PUT', '/api/journeys/test', journey)
    await one.ask('POST', '/api/journeys/test/publish', { inside: 'stay' })
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => one.send('track', { userId: `p${n}`, event: 'go' })),
    )
    const before = one.deps.clock.now()
    const isOver = { now: false }
    const load = (async () => {
      for (let n = 0; !isOver.now; n++) await other.send('track', { userId: `q${n % 5}`, event: 'else' })
    })()
    const moves = await Promise.all([
      one.ask('POST', '/api/clock', { advance: 'P15D' }),
      other.ask('POST', '/api/clock', { advance: 'P15D' }),
    ])
    isOver.now = true
    await load
    expect(moves.map(({ status }) => status)).toEqual([200, 200])
    const times = await Promise.all(
      [one, other].map(async ({ ask }) =>
        Date.parse(((await ask('GET', '/api/clock')).body as { now: string }).now),
      ),
    )
    for (const time of times) expect(time - before).toBeGreaterThanOrEqual(15 * DAY)
    await other.send('track', { userId: 'late', event: 'else' })
    const rows = await db.selectFrom('journal').select(['at', 'contact_id', 'seq']).orderBy('seq').execute()
    // Of each contact's entries a later one is no earlier.
    for (const entries of Map.groupBy(rows, ({ contact_id }) => contact_id).values())
      expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(rows.at(-1)!.at).toBeGreaterThanOrEqual(Math.max(...times))
    await other.stop()
    await one.stop()
  })
})

describe('waits of one moment', () => {
  it('are shared by all workers, and each is woken once', async () => {
    const env = { DATABASE_URL: await databaseIn(folder), TIDEMARK_SANDBOX: '0' }
    const installations = [await startInstallation(env), await startInstallation(env)]
    const [one] = installations as [Awaited<ReturnType<typeof startInstallation>>]
    const journey = journeyOf(
      { pause: wait('PT2S', 'add'), add: points(1, 'end'), end: END },
      { meta: PARALLEL },
    )
    await one.ask('PUT', '/api/journeys/test', journey)
    await one.ask('POST', '/api/journeys/test/publish', { inside: 'stay' })
    const batch = Array.from({ length: 200 }, (_, n) => ({ type: 'track', userId: `p${n}`, event: 'go' }))
    const { status } = await one.anyone('POST', '/v1/batch', { batch }, { authorization: BASIC })
    expect(status).toBe(200)
    await eventually(async () => {
      const given = db.selectFrom('ledger').select('id').where('journey', '=', 'test')
      return (await given.execute()).length >= 200
    })
    for (const installation of installations) expect(installation.reported).toEqual([])
    for (const installation of installations.toReversed()) await installation.stop()
    expect(await runCommand(folder, 'verify')).toContain('200 contacts, 400 entries folded: no difference')
  })
})
