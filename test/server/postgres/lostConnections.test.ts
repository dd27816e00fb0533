// A database that goes away, at any moment: what was answered is stored, once, and what was not is done again.
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '../../../server/ingest/segment.ts'
import { keepUpToDate } from '../../../server/runtime/memory.ts'
import { accept } from '../../../server/runtime/accept.ts'
import { startTurns, type Turns } from '../../../server/runtime/turns.ts'
import { DatabaseAway, type Database } from '../../../server/store/database.ts'
import { openPostgres } from '../../../server/store/postgres.ts'
import { apiOf } from '../../support/api.ts'
import { startCuttingProxy, type CuttingProxy } from '../../support/cuttingProxy.ts'
import { databaseIn, newFolder, removeFolder } from '../../support/database.ts'
import { END, points } from '../../support/entries.ts'
import { startInstallation } from '../../support/installation.ts'
import { journeyOf } from '../../support/journeys.ts'
import { ask, createDatabase, ownPostgres, type PostgresServer } from '../../support/postgres.ts'
import { startServer } from '../../support/serverProcess.ts'
import { openStore, START, type TestStore } from '../../support/store.ts'

const COUNTING = journeyOf(
  { add: points(1, 'end'), end: END },
  { id: 'counting', meta: { reentry: { policy: 'parallel' } } },
)

function go(userId: string): Call {
  return { kind: 'event', name: 'go', properties: {}, active: true, occurredAt: START, userId }
}

describe('a connection that is lost', () => {
  let store: TestStore
  let proxy: CuttingProxy
  let database: Database
  let turns: Turns
  const send = (userId: string) => turns.run((tx) => accept(tx, store.runtime, go(userId), 'test', START))

  beforeEach(async () => {
    const folder = newFolder()
    store = await openStore(folder)
    await store.publish(COUNTING, START)
    proxy = await startCuttingProxy(await databaseIn(folder))
    database = await openPostgres({ url: proxy.url, sandbox: false })
    turns = startTurns(database, keepUpToDate(store.journeys))
  })
  afterEach(async () => {
    await turns.stop()
    await database.close()
    await proxy.close()
    await store.close()
  })

  it.each(['before', 'after'] as const)(
    '%s the server committed is made again, and the event counts once',
    async (when) => {
      await send('ada')
      proxy.cutNext(when)
      const answers = await Promise.all(Array.from({ length: 5 }, () => send('ada')))
      expect(answers).toEqual([true, true, true, true, true])
      expect(proxy.cuts()).toBe(1)
      expect((await store.contact('ada'))?.scores['SCORE']).toBe(600)
    },
  )

  it('again and again is made again', async () => {
    for (let n = 1; n <= 10; n++) {
      proxy.cutNext(n % 2 === 0 ? 'before' : 'after')
      await send('ada')
      expect((await store.contact('ada'))?.scores['SCORE']).toBe(n * 100)
    }
    expect(proxy.cuts()).toBe(10)
  })
})

describe('a server that is restarted', () => {
  let server: PostgresServer
  beforeEach(async () => void (server = await ownPostgres({ durable: true })))
  afterEach(() => server.stop())

  it('is waited for by those who write, and told to those who read', async () => {
    const installation = await startInstallation({ DATABASE_URL: await createDatabase(server) })
    const answered: number[] = []
    const isOver = { now: false }
    const load = Promise.all(
      Array.from({ length: 8 }, async (_, client) => {
        for (let n = client; !isOver.now; n += 8) {
          await installation.send('track', {
            userId: `p${n % 5}`,
            event: 'resource_downloaded',
            messageId: `m${n}`,
          })
          answered.push(n)
        }
      }),
    )
    await delay(300)
    for (const how of ['stop', 'kill'] as const) {
      const before = answered.length
      await server.restart(how)
      while (answered.length < before + 50) await delay(20)
    }
    isOver.now = true
    await load
    const { body } = await installation.ask('GET', '/api/contacts')
    const scores = (body as { items: { attributes: { SCORE: number } }[] }).items.map(
      ({ attributes }) => attributes.SCORE,
    )
    expect(scores.reduce((sum, score) => sum + score, 0)).toBe(answered.length * 10)
    await installation.stop()
  })

  it('and forgets a commit under way is asked for it again, though another has its number by then', async () => {
    const url = await createDatabase(server)
    const proxy = await startCuttingProxy(url)
    const installation = await startInstallation({ DATABASE_URL: proxy.url })
    const download = () => installation.send('track', { userId: 'ada', event: 'resource_downloaded' })
    await download()
    // What was not flushed is not known after a crash, so that the numbers of transactions are given again.
    proxy.cutNext('before', async () => {
      await server.restart('kill')
      for (let n = 0; n < 20; n++) await ask(url, 'select pg_current_xact_id()')
    })
    await download()
    expect(proxy.cuts()).toBe(1)
    const { body } = await installation.ask('GET', '/api/contacts')
    expect(body).toMatchObject({ items: [{ attributes: { SCORE: 20 } }] })
    await installation.stop()
    await proxy.close()
  })

  it('and does not come back is told to those who read with the word to ask again later', async () => {
    const installation = await startInstallation({ DATABASE_URL: await createDatabase(server) })
    await server.stop()
    const answer = await installation.ask('GET', '/api/contacts')
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.body).toMatchObject({ code: 'database_away' })
    await installation.stop()
    server = await ownPostgres()
  })

  it('and does not come back keeps no process from ending well, whatever it still has to write', async () => {
    const env = { DATABASE_URL: await createDatabase(server) }
    const installation = await startServer({ env })
    const { post } = apiOf(installation)
    await post('track', { userId: 'ada', event: 'resource_downloaded' })
    await server.stop()
    const answering = Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => post('track', { userId: `p${n}`, event: 'resource_downloaded' })),
    )
    await delay(100)
    expect(await installation.stop()).toBe(0)
    for (const answer of await answering)
      if (answer.status === 'fulfilled') expect(answer.value.status).toBe(503)
    server = await ownPostgres()
  })
})

it('a process whose database goes away while it starts says so and ends', async () => {
  const folder = newFolder()
  const proxy = await startCuttingProxy(await databaseIn(folder))
  proxy.goneAt('journey_versions')
  try {
    const starting = startServer({ env: { DATABASE_URL: proxy.url } })
    await expect(starting).rejects.toThrow(/ended before it was ready \(1\)\nThe database cannot be reached/)
  } finally {
    await proxy.close()
    await removeFolder(folder)
  }
})

it('a server that is not there is said to be away', async () => {
  const opening = openPostgres({
    url: 'postgres://postgres@127.0.0.1:1/nothing',
    sandbox: false,
    patience: 200,
  })
  await expect(opening).rejects.toThrow(DatabaseAway)
})
