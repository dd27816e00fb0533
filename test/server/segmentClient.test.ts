// Segment's own client and plain HTTP, against the server as it runs.
import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, ask, BASIC, type Api, type ProblemDocument } from '../support/api.ts'
import { points } from '../support/entries.ts'
import { freePort } from '../support/freePort.ts'
import { journeyOf } from '../support/journeys.ts'
import { startServer, WRITE_KEY, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer()
  api = apiOf(server)
  await api.publish(
    journeyOf(
      { add: points(1, 'end'), end: { type: 'final' } },
      { id: 'one-point', meta: { reentry: { policy: 'parallel' } } },
    ),
  )
})
afterAll(() => server.stop())

function client(more: { readonly url?: string; readonly maxRetries?: number } = {}): Analytics {
  const analytics = new Analytics({
    writeKey: WRITE_KEY,
    host: more.url ?? server.url,
    flushAt: 20,
    flushInterval: 50,
    maxRetries: more.maxRetries ?? 3,
  })
  analytics.on('error', ({ reason }) => (failures = [...failures, reason]))
  return analytics
}
let failures: readonly unknown[] = []

describe('Segment’s library for Node', () => {
  it('brings identify, track, page, screen and group to the contact', async () => {
    const analytics = client()
    analytics.identify({
      userId: 'lib-ada',
      traits: { email: 'ada@nordlicht-lampen.de', firstName: 'Ada', plan: 'pro' },
    })
    analytics.group({
      userId: 'lib-ada',
      groupId: 'nordlicht',
      traits: { name: 'Nordlicht', industry: 'Lamps' },
    })
    analytics.track({ userId: 'lib-ada', event: 'resource_downloaded', properties: { title: 'Price list' } })
    analytics.page({ userId: 'lib-ada', name: 'Pricing', properties: { path: '/pricing' } })
    analytics.screen({ userId: 'lib-ada', name: 'Home' })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])
    const ada = await api.contact('lib-ada')
    expect(ada).toMatchObject({
      email: 'ada@nordlicht-lampen.de',
      attributes: { SCORE: 40, FIRSTNAME: 'Ada', PLAN: 'pro' },
      company: { id: 'nordlicht', attributes: { NAME: 'Nordlicht', INDUSTRY: 'Lamps' } },
    })
    const names = (await api.timeline('lib-ada')).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['resource_downloaded', 'page_viewed', 'screen_viewed']))
  })

  it('is understood when it says later who a visitor was: what they did before counts', async () => {
    const analytics = client()
    analytics.track({ anonymousId: 'lib-visitor', event: 'go' })
    analytics.track({ anonymousId: 'lib-visitor', event: 'go' })
    await analytics.flush()
    analytics.identify({ anonymousId: 'lib-visitor', userId: 'lib-known' })
    analytics.track({ anonymousId: 'lib-visitor', event: 'go' })
    await analytics.closeAndFlush()
    expect(await api.score('lib-known')).toBe(3)
  })

  it('may unite two contacts with alias, and the score is the sum', async () => {
    const analytics = client()
    analytics.track({ userId: 'lib-old', event: 'go' })
    await analytics.flush()
    analytics.track({ userId: 'lib-new', event: 'go' })
    await analytics.flush()
    analytics.alias({ userId: 'lib-new', previousId: 'lib-old' })
    await analytics.flush()
    analytics.track({ userId: 'lib-new', event: 'go' })
    analytics.track({ userId: 'lib-old', event: 'go' })
    await analytics.closeAndFlush()
    const { items } = await api.must<{ items: readonly { attributes: { SCORE: number } }[] }>(
      'GET',
      '/contacts?search=lib-new',
    )
    expect(items.map(({ attributes }) => attributes.SCORE)).toEqual([4])
  })

  it('may send hundreds of events in batches, and each counts once', async () => {
    const analytics = client()
    for (let i = 0; i < 500; i++) analytics.track({ userId: 'lib-many', event: 'go', properties: { i } })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])
    expect(await api.score('lib-many')).toBe(500)
  })

  it('may repeat a messageId, in one batch or later, and the event counts once', async () => {
    for (const _ of [1, 2]) {
      const analytics = client()
      for (const messageId of ['lib-m1', 'lib-m1', 'lib-m2'])
        analytics.track({ userId: 'lib-twice', event: 'go', messageId })
      await analytics.closeAndFlush()
    }
    expect(await api.score('lib-twice')).toBe(2)
  })

  it('loses nothing while the server restarts: it tries again, and each event counts once', async () => {
    const port = await freePort()
    const before = await startServer({ port })
    await apiOf(before).publish(
      journeyOf(
        { add: points(1, 'end'), end: { type: 'final' } },
        { id: 'one-point', meta: { reentry: { policy: 'parallel' } } },
      ),
    )
    const analytics = client({ url: before.url, maxRetries: 30 })
    for (let i = 0; i < 100; i++) analytics.track({ userId: 'patient', event: 'go' })
    await before.kill()
    for (let i = 0; i < 100; i++) analytics.track({ userId: 'patient', event: 'go' })
    const [after] = await Promise.all([
      startServer({ port, folder: before.folder }),
      analytics.closeAndFlush(),
    ])
    try {
      expect(await apiOf(after).score('patient')).toBe(200)
    } finally {
      await after.stop()
    }
  })
})

describe('plain HTTP', () => {
  it('is enough: curl’s own headers, the key as user name', async () => {
    const answer = await api.post('track', '{"userId":"curl","event":"go"}', {
      'Content-Type': 'application/x-www-form-urlencoded',
    })
    expect(answer).toMatchObject({ status: 200, body: { success: true } })
    expect(await api.score('curl')).toBe(1)
  })

  it('may come packed with gzip, alone and as a batch', async () => {
    const gzip = { 'Content-Encoding': 'gzip' }
    const one = gzipSync(JSON.stringify({ userId: 'gz', event: 'go' }))
    const batch = gzipSync(
      JSON.stringify({ batch: [1, 2].map(() => ({ type: 'track', userId: 'gz', event: 'go' })) }),
    )
    expect((await api.post('track', one, gzip)).status).toBe(200)
    expect((await api.post('batch', batch, gzip)).body).toEqual({ success: true, accepted: 2, errors: [] })
    expect(await api.score('gz')).toBe(3)
  })

  it('counts a repeated messageId as accepted, and once', async () => {
    const call = { type: 'track', userId: 'again', event: 'go', messageId: 'again-1' }
    expect((await api.post('track', call)).status).toBe(200)
    expect((await api.post('track', call)).body).toEqual({ success: true })
    expect((await api.post('batch', { batch: [call, call] })).body).toEqual({
      success: true,
      accepted: 2,
      errors: [],
    })
    expect(await api.score('again')).toBe(1)
  })

  it('counts an event once that arrives many times at the same moment', async () => {
    const call = { userId: 'same-moment', event: 'go', messageId: 'same-moment-1' }
    const answers = await Promise.all(Array.from({ length: 40 }, () => api.post('track', call)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await api.score('same-moment')).toBe(1)
  })

  it('takes the good calls of a batch and names the bad ones by place and path', async () => {
    const answer = await api.post('batch', {
      batch: [
        { type: 'track', userId: 'mixed', event: 'go' },
        { type: 'track', userId: 'mixed' },
        { type: 'dance', userId: 'mixed' },
        { type: 'track', userId: 'mixed', event: 'go' },
      ],
    })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: true,
        accepted: 2,
        errors: [
          { index: 1, path: '/batch/1/event', code: 'missing' },
          { index: 2, path: '/batch/2/type', code: 'unexpected' },
        ],
      },
    })
    expect(await api.score('mixed')).toBe(2)
  })
})

describe('what is refused', () => {
  const good = { userId: 'refused', event: 'go' }

  it.each([
    ['no key', {}],
    ['a wrong key', { Authorization: `Basic ${Buffer.from('wrong-key-0123456789:').toString('base64')}` }],
    ['the key as password', { Authorization: `Basic ${Buffer.from(`:${WRITE_KEY}`).toString('base64')}` }],
    ['a bearer token', { Authorization: `Bearer ${WRITE_KEY}` }],
    ['no base64 at all', { Authorization: 'Basic %%%' }],
  ])('with %s: 401', async (_, headers: Record<string, string>) => {
    const answer = await ask(`${server.url}/v1/track`, 'POST', good, headers)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.body).toMatchObject({ status: 401, code: 'wrong_write_key' })
  })

  it.each([
    ['no JSON', '{"userId":'],
    ['nothing', ''],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ])('%s as a body: 400', async (_, body) => {
    const answer = await api.post('track', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_json' } })
  })

  it.each([
    ['a broken gzip', gzipSync(JSON.stringify(good)).subarray(0, 20)],
    ['plain text called gzip', JSON.stringify(good)],
  ])('%s: 400', async (_, body) => {
    expect(await api.post('track', body, { 'Content-Encoding': 'gzip' })).toMatchObject({ status: 400 })
  })

  it('a call over 32 KB, a batch over 500 KB, and a gzip that unpacks to more: 413', async () => {
    const call = (size: number) => {
      const empty = JSON.stringify({ ...good, properties: { fill: '' } }).length
      return JSON.stringify({ ...good, properties: { fill: 'x'.repeat(size - empty) } })
    }
    expect((await api.post('track', call(32_768))).status).toBe(200)
    expect((await api.post('track', call(32_769))).status).toBe(413)
    const batch = `{"batch":[${call(30_000)}${' '.repeat(512_000)}]}`
    expect((await api.post('batch', batch)).status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '))
    const answer = await api.post('batch', bomb, { 'Content-Encoding': 'gzip' })
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } })
  })

  it('a body far too large is refused without being read to its end, and the server goes on', async () => {
    // Of a length that is not told, and bounded: fetch goes on reading its body after the answer, as fast as it can.
    let chunks = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        chunks++ < 1_000 ? controller.enqueue(new Uint8Array(65_536).fill(32)) : controller.close(),
    })
    const streamed = { method: 'POST', body: endless, duplex: 'half', headers: { Authorization: BASIC } }
    const answers = [api.post('batch', ' '.repeat(20_000_000)), fetch(`${server.url}/v1/track`, streamed)]
    // A client that is still sending may see its connection closed before it sees the answer.
    for (const answer of await Promise.allSettled(answers)) {
      if (answer.status === 'fulfilled') expect(answer.value.status).toBe(413)
      else expect(answer.reason).toBeInstanceOf(TypeError)
    }
    expect((await api.post('track', good)).status).toBe(200)
  })

  it('a batch of nothing good: 400 with every fault', async () => {
    const { status, body } = await api.post('batch', { batch: [{ type: 'track' }, 7] })
    expect(status).toBe(400)
    expect((body as ProblemDocument).problems?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/batch/0/event', '/batch/1']),
    )
  })

  it('more than can be served at once: 429 with Retry-After, nothing of it stored, and all of it counts once when it comes again', async () => {
    // Without a messageId: what was stored of a refused batch would count twice.
    const batch = (n: number) => ({
      batch: Array.from({ length: 3_000 }, () => ({ type: 'track', userId: `flood-${n}`, event: 'go' })),
    })
    const flood = Array.from({ length: 5 }, (_, n) => n)
    let refused = 0
    const deliver = async (n: number): Promise<void> => {
      const answer = await api.post('batch', batch(n))
      if (answer.status === 200) return
      expect(answer).toMatchObject({ status: 429, body: { code: 'busy' } })
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
      refused += 1
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return deliver(n)
    }
    await Promise.all(flood.map(deliver))
    expect(refused).toBeGreaterThan(0)
    expect(await Promise.all(flood.map((n) => api.score(`flood-${n}`)))).toEqual(flood.map(() => 3_000))
  }, 120_000)
})
