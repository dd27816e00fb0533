// Webhooks of other systems against the server as it runs: set up, tried out, taken, refused.
import { gzipSync } from 'node:zlib'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  apiOf,
  ZODS_WORDS,
  ask,
  type Answer,
  type Api,
  type Page,
  type ProblemDocument,
} from '../support/api.ts'
import { END, points } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'
import { SHOPIFY, SHOPIFY_LINES, STRIPE, STRIPE_CHARGES } from '../support/sources.ts'
import { example, githubSigned, shopifySigned, stripeSigned } from '../support/webhooks.ts'
import type { Mapping } from '../../server/ingest/mapping.ts'

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer()
  api = apiOf(server)
  const add = { add: points(1, 'end'), end: END }
  await api.publish(journeyOf(add, { id: 'one-point', meta: { reentry: { policy: 'parallel' } } }))
})
afterAll(() => server.stop())

interface SourceView {
  readonly name: string
  readonly address: string
  readonly auth: { readonly type: string }
  readonly secret?: string
}
interface Taken {
  readonly success: boolean
  readonly accepted: number
  readonly ignored: readonly { readonly path: string; readonly reason: string }[]
  readonly errors: readonly { readonly path: string; readonly detail: string }[]
}
interface ProblemView {
  readonly code: string
  readonly path: string
  readonly detail: string
  readonly count: number
}

const STRIPE_SECRET = 'whsec_5f3c1d7e9a2b4c6d8e0f'
const SHOPIFY_SECRET = 'shpss_0123456789abcdef'
const GO: Mapping = { event: 'go', userId: '/who', messageId: '/id', timestamp: '/at' }

/** Stores the source and answers what was shown of it. */
const put = (name: string, type: string, mapping: Mapping, secret?: string): Promise<SourceView> =>
  api.must('PUT', `/sources/${name}`, { auth: { type, ...(secret && { secret }) }, mapping })

const hook = (name: string, body: string | Uint8Array, headers: { readonly [name: string]: string }) =>
  ask(`${server.url}/hooks/${name}`, 'POST', body, headers)
const taken = (answer: Answer): Taken => {
  expect(`${answer.status} ${answer.text}`).toMatch(/^200 /)
  return answer.body as Taken
}
const refused = (answer: Answer, status: number, code: string): ProblemDocument => {
  expect(`${answer.status} ${answer.text}`).toMatch(new RegExp(`^${status} `))
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answer.body).toMatchObject({ status, code })
  return answer.body as ProblemDocument
}
const problemsOf = async (source: string): Promise<readonly ProblemView[]> => {
  const { items } = await api.must<Page<ProblemView>>('GET', '/problems?limit=500')
  return items.filter(({ code, detail }) => code === 'source_shape' && detail.includes(`“${source}”`))
}
const contactAt = async (email: string) => {
  const found = await api.must<Page<{ id: string; userId: string | null; attributes: object }>>(
    'GET',
    `/contacts?email=${email}`,
  )
  return found.items[0]
}

describe('a purchase in a real shop', () => {
  it('is scored once when Stripe tells of it, however often it does', async () => {
    await put('stripe', 'stripe', STRIPE, STRIPE_SECRET)
    const body = example('stripe-checkout-session-completed')
    const first = await hook('stripe', body, stripeSigned(STRIPE_SECRET, body))
    expect(taken(first)).toEqual({ success: true, accepted: 1, ignored: [], errors: [], skipped: [] })
    // Stripe signs each attempt anew; the event stays the same.
    for (const at of [Date.now(), Date.now() + 1_000]) {
      const again = taken(await hook('stripe', body, stripeSigned(STRIPE_SECRET, body, at)))
      expect(again.accepted).toBe(0)
      expect(again.ignored).toEqual([{ path: '', reason: 'this call was accepted before' }])
    }
    expect(await api.contact('customer-4711')).toMatchObject({
      email: 'ada@nordlicht-lampen.de',
      stage: 'acquisition',
    })
    const purchases = (await api.timeline('customer-4711')).filter(({ name }) => name === 'purchase')
    expect(purchases).toHaveLength(1)
  })

  it('is refused when it is forged, changed, stale or not signed, and nothing of it is stored', async () => {
    const { userId: _, ...byAddress } = STRIPE
    await put('stripe-strict', 'stripe', byAddress, STRIPE_SECRET)
    const body = example('stripe-checkout-session-completed').replaceAll('Ada@Nordlicht', 'mallory@nordlicht')
    const good = stripeSigned(STRIPE_SECRET, body)
    const sent: readonly [string, { [name: string]: string }, string][] = [
      [body, stripeSigned('whsec_somebody_elses', body), 'forged_call'],
      [body.replace('11998', '99999'), good, 'forged_call'],
      [
        body,
        { 'Stripe-Signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
        'forged_call',
      ],
      [body, stripeSigned(STRIPE_SECRET, body, Date.now() - 6 * 60_000), 'stale_call'],
      [body, {}, 'unsigned_call'],
      [body, { Authorization: `Bearer ${STRIPE_SECRET}` }, 'unsigned_call'],
    ]
    for (const [text, headers, code] of sent) refused(await hook('stripe-strict', text, headers), 401, code)
    expect(await contactAt('mallory@nordlicht-lampen.de')).toBeUndefined()
  })

  it('is scored when Shopify tells of it; the same bytes again are a repetition', async () => {
    await put('shopify', 'shopify', SHOPIFY, SHOPIFY_SECRET)
    await put('shopify-lines', 'shopify', SHOPIFY_LINES, SHOPIFY_SECRET)
    const body = example('shopify-orders-create')
    const headers = shopifySigned(SHOPIFY_SECRET, body)
    expect(taken(await hook('shopify', body, headers)).accepted).toBe(1)
    expect(await api.contact('115310627314723954')).toMatchObject({
      attributes: { FIRSTNAME: 'Jon', LASTNAME: 'Hansen' },
      stage: 'acquisition',
    })
    expect(taken(await hook('shopify', body, headers))).toMatchObject({
      accepted: 0,
      ignored: [{ path: '' }],
    })

    // No part of the lines has a name of its own: the signed bytes are what is known again.
    expect(taken(await hook('shopify-lines', body, headers)).accepted).toBe(2)
    expect(taken(await hook('shopify-lines', body, headers))).toMatchObject({
      accepted: 0,
      ignored: [{ path: '/line_items/0' }, { path: '/line_items/1' }],
    })
    refused(await hook('shopify', body.replace('403.00', '4.03'), headers), 401, 'forged_call')
    refused(await hook('shopify', body, shopifySigned('shpss_another_secret', body)), 401, 'forged_call')
    refused(await hook('shopify', body, { 'X-Shopify-Topic': 'orders/create' }), 401, 'unsigned_call')
  })

  it('is left alone with a reason where the source does not want it', async () => {
    await put('charges', 'stripe', STRIPE_CHARGES, STRIPE_SECRET)
    const send = (name: string) => {
      const body = example(name)
      return hook('charges', body, stripeSigned(STRIPE_SECRET, body))
    }
    expect(taken(await send('stripe-charge-succeeded')).accepted).toBe(1)
    expect(taken(await send('stripe-checkout-session-completed'))).toMatchObject({
      accepted: 0,
      ignored: [{ path: '', reason: expect.stringContaining('"checkout.session.completed"') as string }],
    })
    expect(await problemsOf('charges')).toEqual([])
  })
})

describe('a body of another shape', () => {
  it('is refused with its places, what was expected and what came, and shown once for each kind', async () => {
    await put('shapes', 'shopify', SHOPIFY, SHOPIFY_SECRET)
    const send = (change: object) => {
      const body = JSON.stringify({ ...(JSON.parse(example('shopify-orders-create')) as object), ...change })
      return hook('shapes', body, shopifySigned(SHOPIFY_SECRET, body))
    }
    const wrong = { total_price: 'free', created_at: 'yesterday' }
    const document = refused(await send(wrong), 422, 'wrong_shape')
    expect(document.problems).toEqual([
      {
        code: 'unexpected',
        path: '/created_at',
        detail:
          'expected a time such as "2026-05-03T12:30:00Z", or seconds or milliseconds since 1970, got "yesterday"',
      },
      { code: 'unexpected', path: '/total_price', detail: 'expected a number such as 12.50, got "free"' },
    ])
    refused(await send({ total_price: [1] }), 422, 'wrong_shape')
    refused(await send({ total_price: 'gratis' }), 422, 'wrong_shape')
    const shown = await problemsOf('shapes')
    expect(shown.map(({ path, count }) => `${path} ${count}`).toSorted()).toEqual([
      '/created_at 1',
      '/total_price 3',
    ])
    expect(shown.find(({ path }) => path === '/total_price')?.detail).toBe(
      'The source “shapes” sends what its mapping cannot read, at /total_price: expected a number such as 12.50',
    )
  })

  it('is refused where it is no JSON, too deep or too large', async () => {
    await put('bodies', 'github', GO, 'It is a secret to everybody')
    const send = (body: string | Uint8Array, headers: { [name: string]: string } = {}) =>
      hook('bodies', body, {
        ...githubSigned('It is a secret to everybody', typeof body === 'string' ? body : ''),
        ...headers,
      })
    refused(await send('{"who":'), 400, 'invalid_json')
    refused(await send(''), 400, 'invalid_json')
    refused(await send('x', { 'Content-Encoding': 'gzip' }), 400, 'invalid_json')
    expect(refused(await send('['.repeat(9_999) + ']'.repeat(9_999)), 400, 'invalid_call').path).toBe(
      '/0'.repeat(32),
    )
    refused(await send(JSON.stringify({ who: 'x'.repeat(512_000) })), 413, 'too_large')
    refused(await send(gzipSync('x'.repeat(600_000)), { 'Content-Encoding': 'gzip' }), 413, 'too_large')
  })

  it('lets the good items of a list through and names the bad ones', async () => {
    const { secret = '' } = await put('mixed', 'bearer', { ...GO, each: '' })
    const body = JSON.stringify([{ who: 'mixed-1', id: 'a' }, { who: {} }, { who: 'mixed-2', id: 'b' }])
    const answer = taken(await hook('mixed', body, { Authorization: `Bearer ${secret}` }))
    expect(answer).toMatchObject({ accepted: 2, errors: [{ path: '/1/who' }] })
    expect(await problemsOf('mixed')).toMatchObject([{ path: '/*/who', count: 1 }])
    expect(await api.score('mixed-2')).toBe(1)
  })
})

describe('a sender', () => {
  it('of Standard Webhooks may use the secret made here, packed or plain, and is known by the id it signs', async () => {
    const { secret = '', address } = await put('standard', 'standard', { event: 'go', userId: '/who' })
    expect(address).toBe(`${server.url}/hooks/standard`)
    const body = JSON.stringify({ who: 'standard-1' })
    const signed = (id: string, at = new Date(), by = secret) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(by).sign(id, at, body),
    })
    expect(taken(await hook('standard', body, signed('msg_1'))).accepted).toBe(1)
    expect(taken(await hook('standard', body, signed('msg_1'))).accepted).toBe(0)
    const packed = await hook('standard', gzipSync(body), { ...signed('msg_2'), 'Content-Encoding': 'gzip' })
    expect(taken(packed).accepted).toBe(1)
    expect(await api.score('standard-1')).toBe(2)
    const old = new Date(Date.now() - 6 * 60_000)
    refused(await hook('standard', body, signed('msg_3', old)), 401, 'stale_call')
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    refused(await hook('standard', body, signed('msg_4', new Date(), other)), 401, 'forged_call')
    refused(await hook('standard', body, { ...signed('msg_5'), 'webhook-id': 'msg_6' }), 401, 'forged_call')
    expect(await api.score('standard-1')).toBe(2)
  })

  it('with a token counts each time, unless it names its calls', async () => {
    const { secret = '' } = await put('token', 'bearer', GO)
    const headers = { Authorization: `Bearer ${secret}` }
    for (const id of [undefined, undefined, 'a', 'a', 'b'])
      taken(await hook('token', JSON.stringify({ who: 'token-1', id }), headers))
    expect(await api.score('token-1')).toBe(4)
    refused(await hook('token', '{}', { Authorization: 'Bearer nothing-of-the-kind' }), 401, 'forged_call')
    refused(await hook('token', '{}', {}), 401, 'unsigned_call')
  })

  it('has names of its own: the same id from two sources is two calls', async () => {
    for (const name of ['one', 'two']) {
      const { secret = '' } = await put(name, 'bearer', GO)
      const body = JSON.stringify({ who: 'both', id: 'same' })
      expect(taken(await hook(name, body, { Authorization: `Bearer ${secret}` })).accepted).toBe(1)
    }
    expect(await api.score('both')).toBe(2)
  })

  it('that nobody knows is told so', async () => {
    expect(refused(await hook('nobody', '{}', {}), 404, 'unknown_source').detail).toMatch(/"nobody"/)
  })
})

describe('a source', () => {
  it('never shows its secret again, and keeps it when it is changed', async () => {
    const made = await put('secretive', 'bearer', GO)
    expect(made.secret).toMatch(/^tms_/)
    const changed = await put('secretive', 'bearer', { ...GO, event: 'gone' })
    expect(changed).not.toHaveProperty('secret')
    const headers = { Authorization: `Bearer ${made.secret}` }
    expect(taken(await hook('secretive', '{"who":"s"}', headers)).accepted).toBe(1)
    for (const path of ['/sources/secretive', '/sources']) {
      const { text } = await api.admin('GET', path)
      expect(text).toContain('"gone"')
      expect(text).not.toContain(made.secret)
      expect(text).not.toContain(STRIPE_SECRET)
    }
    // Another kind of proof needs another secret.
    const other = await put('secretive', 'github', GO)
    expect(other.secret).toMatch(/^[0-9a-f]{64}$/)
    refused(await hook('secretive', '{}', headers), 401, 'unsigned_call')
  })

  it.each<[what: string, name: string, body: object, status: number, path: string]>([
    ['Stripe’s secret is missing', 'x', { auth: { type: 'stripe' }, mapping: GO }, 422, '/auth/secret'],
    [
      'the secret cannot be one',
      'x',
      { auth: { type: 'standard', secret: 'whsec_' }, mapping: GO },
      422,
      '/auth/secret',
    ],
    ['its name cannot be one', 'A%20b', { auth: { type: 'bearer' }, mapping: GO }, 422, '/name'],
    ['it has two names', 'x', { name: 'y', auth: { type: 'bearer' }, mapping: GO }, 422, '/name'],
    ['its kind is unknown', 'x', { auth: { type: 'basic' }, mapping: GO }, 400, '/auth/type'],
    [
      'a pointer is none',
      'x',
      { auth: { type: 'bearer' }, mapping: { ...GO, userId: 'who' } },
      400,
      '/mapping/userId',
    ],
    [
      'a value is one of none',
      'x',
      { auth: { type: 'bearer' }, mapping: { ...GO, when: { pointer: '/kind', value: [] } } },
      400,
      '/mapping/when/value',
    ],
    [
      'a value in a list is none',
      'x',
      { auth: { type: 'bearer' }, mapping: { ...GO, when: { pointer: '/kind', value: ['a', {}] } } },
      400,
      '/mapping/when/value',
    ],
    ['nobody is named', 'x', { auth: { type: 'bearer' }, mapping: { event: 'go' } }, 400, '/mapping'],
  ])('is refused where %s', async (_, name, body, status, path) => {
    const answer = await api.admin('PUT', `/sources/${name}`, body)
    expect(`${answer.status} ${answer.text}`).toMatch(new RegExp(`^${status} `))
    expect(answer.text).not.toMatch(ZODS_WORDS)
    expect((answer.body as ProblemDocument).path).toBe(path)
    expect((await api.admin('GET', '/sources/x')).status).toBe(404)
  })

  it('is gone when it is deleted', async () => {
    const { secret = '' } = await put('short-lived', 'bearer', GO)
    expect((await api.admin('DELETE', '/sources/short-lived')).status).toBe(204)
    expect((await api.admin('DELETE', '/sources/short-lived')).status).toBe(404)
    refused(await hook('short-lived', '{}', { Authorization: `Bearer ${secret}` }), 404, 'unknown_source')
  })
})

describe('trying out', () => {
  const attempt = (name: string, body: object) => api.must<object>('POST', `/sources/${name}/try`, body)

  it('shows the calls that would come of a body, before there is a source, and stores nothing', async () => {
    const body = example('shopify-orders-create')
    const headers = { 'X-Shopify-Topic': 'orders/create' }
    expect(await attempt('not-yet', { mapping: SHOPIFY, body, headers })).toMatchObject({
      signature: 'not checked',
      calls: [
        {
          path: '',
          kind: 'event',
          name: 'purchase',
          userId: '115310627314723954',
          occurredAt: '2026-01-05T13:58:11.000Z',
          properties: { order: '820982911946154508', revenue: 403 },
        },
      ],
      ignored: [],
      problems: [],
    })
    expect((await api.admin('GET', '/sources/not-yet')).status).toBe(404)
    await put('tried', 'shopify', SHOPIFY, SHOPIFY_SECRET)
    const order = { who: 1, customer: { id: 'tried-1' }, total_price: 'free' }
    expect(await attempt('tried', { body: order, headers })).toMatchObject({
      calls: [],
      problems: [{ path: '/total_price', detail: 'expected a number such as 12.50, got "free"' }],
    })
    expect(await attempt('tried', { body: { ...order, total_price: 1 }, headers })).toMatchObject({
      calls: [{ userId: 'tried-1' }],
    })
    expect(await api.find('tried-1')).toBeUndefined()
    expect(await problemsOf('tried')).toEqual([])
  })

  it('says whether the signature is good', async () => {
    await put('tried', 'shopify', SHOPIFY, SHOPIFY_SECRET)
    const body = '{"customer":{"id":1}}'
    const signed = (secret: string) => attempt('tried', { body, headers: shopifySigned(secret, body) })
    expect(await signed(SHOPIFY_SECRET)).toMatchObject({ signature: 'good', calls: [{ userId: '1' }] })
    expect(await signed('shpss_of_another_shop')).toMatchObject({ signature: 'forged' })
    expect(await attempt('tried', { body })).toMatchObject({ signature: 'missing' })
  })

  it('needs a mapping, and a body that is JSON', async () => {
    expect((await api.admin('POST', '/sources/nowhere/try', { body: {} })).status).toBe(404)
    expect((await api.admin('POST', '/sources/x/try', { mapping: GO, body: '{' })).status).toBe(400)
    const headers = { 'a b': 'x', '': 'x', Ort: '日本', Zeile: 'a\r\nb' }
    expect(await attempt('x', { mapping: GO, body: {}, headers })).toMatchObject({ calls: [] })
  })
})
