// Every verdict of server/channels/webhook.ts against real servers, and every way we know to make it call a private one.
import type { LookupAddress } from 'node:dns'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import type { Resolver } from '../../server/channels/reach.ts'
import { openWebhooks, type WebhookChannel, type WebhookOptions } from '../../server/channels/webhook.ts'
import type { Call } from '../../server/messages/webhook.ts'
import { startWebServer, type TestWebServer, type WebConduct } from '../support/webServer.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const BODY = '{"score":80,"name":"Ada \\"Zuse\\" 漢"}'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function server(...[conductOf, host]: Parameters<typeof startWebServer>): Promise<TestWebServer> {
  const started = await startWebServer(conductOf, host)
  cleanups.push(started.stop)
  return started
}

function channel(options: Partial<WebhookOptions> = {}): WebhookChannel {
  const opened = openWebhooks({ secret: SECRET, allow: ['127.0.0.1'], ...options })
  cleanups.push(opened.close)
  return opened
}

function call(url: string, more: Partial<Call> = {}): Call {
  return { id: 'm1', url, method: 'POST', headers: {}, body: BODY, ...more }
}

describe('what is sent', () => {
  test('the receiver can check the signature, and sees the same id on every attempt', async () => {
    const receiver = await server((_, count) => (count === 0 ? { status: 500 } : {}))
    const { call: send } = channel()
    await send(call(`${receiver.url}/hook?a=1`))
    await send(call(`${receiver.url}/hook?a=1`))
    expect(receiver.requests).toHaveLength(2)
    for (const { method, path, headers, body } of receiver.requests) {
      expect({ method, path, body }).toEqual({ method: 'POST', path: '/hook?a=1', body: BODY })
      expect(headers['webhook-id']).toBe('m1')
      expect(headers['content-type']).toBe('application/json')
      const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
      expect(new Webhook(SECRET).verify(body, signed)).toEqual(JSON.parse(BODY))
      const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`)
      expect(() => other.verify(body, signed)).toThrow('No matching signature')
    }
  })

  test('the journey adds headers, but writes none of ours', async () => {
    const receiver = await server()
    const headers = {
      Authorization: 'Bearer key',
      'Content-Type': 'application/vnd.acme+json',
      'Webhook-Id': 'forged',
    }
    await channel().call(call(receiver.url, { headers }))
    expect(receiver.requests).toHaveLength(1)
    expect(receiver.requests[0]?.body).toBe(BODY)
    expect(receiver.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer key',
      'content-type': 'application/vnd.acme+json',
      'webhook-id': 'm1',
    })
  })

  test('a header that would break into another is no header', async () => {
    const receiver = await server()
    const verdict = await channel().call(call(receiver.url, { headers: { 'X-Name': 'a\r\nX-Admin: 1' } }))
    expect(verdict).toMatchObject({ type: 'failed', reason: 'refused' })
    expect(receiver.requests).toEqual([])
  })
})

describe('what the receiver says decides', () => {
  const said: [says: string, conduct: WebConduct, verdict: object][] = [
    ['200 with JSON', { body: '{"deal":{"id":7}}' }, { type: 'sent', answer: { deal: { id: 7 } } }],
    ['200 with null', { body: 'null' }, { type: 'sent', answer: null }],
    [
      '202 with text',
      { status: 202, body: 'thanks' },
      { type: 'sent', response: expect.stringContaining('202') },
    ],
    ['204', { status: 204 }, { type: 'sent' }],
    [
      'more than 64 KB',
      { body: JSON.stringify('x'.repeat(65_600)) },
      { type: 'sent', response: expect.stringContaining('larger than 64 KB') },
    ],
    [
      'an answer without an end',
      'endless',
      { type: 'sent', response: expect.stringContaining('larger than 64 KB') },
    ],
    [
      '400',
      { status: 400, body: 'no\nsuch   field' },
      { type: 'failed', reason: 'refused', detail: expect.stringContaining('answered 400: no such   field') },
    ],
    ['410', { status: 410 }, { type: 'failed', reason: 'refused' }],
    ['304', { status: 304 }, { type: 'failed', reason: 'refused' }],
    ['408', { status: 408 }, { type: 'retry' }],
    ['429', { status: 429, headers: { 'retry-after': '120' } }, { type: 'retry', after: 120_000 }],
    [
      '429 that asks for years',
      { status: 429, headers: { 'retry-after': '99999999999' } },
      { type: 'retry', after: 86_400_000 },
    ],
    ['429 without a time', { status: 429, headers: { 'retry-after': 'soon' } }, { type: 'retry' }],
    [
      '503 until a date in the past',
      { status: 503, headers: { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' } },
      { type: 'retry', after: 0 },
    ],
    ['500', { status: 500 }, { type: 'retry', detail: expect.stringContaining('answered 500') }],
    ['nothing, and hangs up', 'drop', { type: 'retry' }],
    ['half an answer', 'half', { type: 'retry' }],
  ]
  test.each(said)('%s', async (_, conduct, verdict) => {
    const receiver = await server(() => conduct)
    expect(await channel().call(call(receiver.url))).toMatchObject(verdict)
    expect(receiver.requests).toHaveLength(1)
  })

  test('only JSON is an answer', async () => {
    const receiver = await server((_, count) => ({
      body: ['thanks', JSON.stringify('x'.repeat(70_000))][count] ?? '',
    }))
    const { call: send } = channel()
    for (let n = 0; n < 3; n++) expect(await send(call(receiver.url))).not.toHaveProperty('answer')
  })

  test('silence, nobody there, a name that is none', async () => {
    const silent = await server(() => 'silence')
    const { call: send } = channel({ timeouts: { connect: 200, whole: 300 } })
    expect(await send(call(silent.url))).toMatchObject({
      type: 'retry',
      detail: 'no answer within 0.3 seconds',
    })
    await silent.stop()
    cleanups.pop()
    cleanups.push(() => Promise.resolve())
    expect(await send(call(silent.url))).toMatchObject({
      type: 'retry',
      detail: expect.stringContaining('ECONNREFUSED'),
    })
    const unknown: Resolver = (hostname, _, done) =>
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), [])
    expect(await channel({ resolve: unknown }).call(call('http://nobody.test/'))).toMatchObject({
      type: 'retry',
      detail: expect.stringContaining('nobody.test'),
    })
  })
})

describe('redirects', () => {
  test('are followed: a POST stays a POST, but for 303', async () => {
    const target = await server(() => ({ body: '{"arrived":true}' }))
    for (const status of [301, 302, 307, 308, 303]) {
      const first = await server(() => ({ status, headers: { location: `${target.url}/there` } }))
      const verdict = await channel().call(call(first.url, { headers: { Authorization: 'Bearer key' } }))
      expect(verdict).toMatchObject({ type: 'sent', answer: { arrived: true } })
      const { method, body, headers } = target.requests.at(-1) ?? {}
      expect({ status, method, body }).toEqual(
        status === 303 ? { status, method: 'GET', body: '' } : { status, method: 'POST', body: BODY },
      )
      // It is another origin: the key stays where it was meant for.
      expect(headers).not.toHaveProperty('authorization')
      expect(headers).toMatchObject({ 'webhook-id': 'm1' })
      expect(first.requests[0]?.headers).toMatchObject({ authorization: 'Bearer key' })
    }
  })

  test('keep the headers within one origin', async () => {
    const receiver = await server(({ path }) =>
      path === '/a' ? { status: 308, headers: { location: '/b' } } : {},
    )
    await channel().call(call(`${receiver.url}/a`, { headers: { 'X-Key': 'k' } }))
    expect(receiver.requests.map(({ path, headers }) => [path, headers['x-key']])).toEqual([
      ['/a', 'k'],
      ['/b', 'k'],
    ])
  })

  test('come to an end', async () => {
    const receiver = await server(() => ({ status: 302, headers: { location: '/again' } }))
    expect(await channel().call(call(receiver.url))).toMatchObject({
      type: 'failed',
      detail: expect.stringContaining('more than 5 times'),
    })
    expect(receiver.requests).toHaveLength(6)
  })

  test.each([
    ['to a private address', 'http://127.0.0.2/', 'not on the public Internet'],
    ['to a name that leads to one', 'http://inside.acme.io/', 'inside.acme.io (127.0.0.2) is not on'],
    ['to the cloud’s own service', 'http://169.254.169.254/latest/meta-data/', 'not on the public Internet'],
    ['to a file', 'file:///etc/passwd', 'http and https'],
    ['nowhere', 'http://[', 'is no address'],
  ])('are looked at as the first address was: %s', async (_, location, detail) => {
    const receiver = await server(() => ({ status: 307, headers: { location } }))
    const resolve: Resolver = (__, ___, done) => done(null, [{ address: '127.0.0.2', family: 4 }])
    expect(await channel({ resolve }).call(call(receiver.url))).toMatchObject({
      type: 'failed',
      reason: 'refused',
      detail: expect.stringContaining(detail),
    })
  })
})

describe('private addresses', () => {
  /** Addresses that lead to 127.0.0.1 or to something just as private, however they are written. */
  const PRIVATE =
    `127.0.0.1 127.1 127.255.255.254 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0.0.0.0 0 [::] [::1]
    [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::7f00:1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1]
    [2002:7f00:1::] [2001::1] [::ffff:0:7f00:1] 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1
    169.254.169.254 [fd00:ec2::254] [fe80::1] [fec0::1] [fc00::1] 100.64.0.1 100.100.100.200 192.0.0.192 198.18.0.1
    192.0.2.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16 [ff02::1] [100::1] [2001:db8::1] [4000::1]
    １２７.0.0.1 127。0。0。1 127.0.0.1. localhost LOCALHOST`.split(/\s+/)
  test.each(PRIVATE)('%s is refused', async (host) => {
    const asked = await server()
    const refused = {
      type: 'failed',
      reason: 'refused',
      detail: expect.stringContaining('not on the public Internet'),
    }
    expect(await channel({ allow: [] }).call(call(`http://${host}:${asked.port}/`))).toMatchObject(refused)
    expect(asked.requests).toEqual([])
  })

  test.each([
    ['ftp://acme.io/', 'http and https'],
    ['gopher://acme.io/', 'http and https'],
    ['file:///etc/passwd', 'http and https'],
    ['http://user:password@acme.io/', 'user name or password'],
    ['http://acme.io:25/', 'port 25'],
    ['https://acme.io:22/', 'port 22'],
    ['http://8.8.8.8:53/', 'port 53'],
    ['acme.io/hook', 'is no address'],
    ['', 'is no address'],
  ])('%s is refused', async (url, detail) => {
    const noLookup: Resolver = () => {
      throw new Error('not even looked up')
    }
    expect(await channel({ resolve: noLookup }).call(call(url))).toMatchObject({
      type: 'failed',
      reason: 'refused',
      detail: expect.stringContaining(detail),
    })
  })

  const v4 = (address: string): LookupAddress => ({ address, family: 4 })

  test('a name with one private address among public ones is refused', async () => {
    const asked = await server()
    for (const addresses of [
      [v4('93.184.216.34'), v4('127.0.0.1')],
      [v4('127.0.0.1'), v4('93.184.216.34')],
      [{ address: '::ffff:127.0.0.1', family: 6 }],
      [{ address: '::1', family: 6 }],
    ]) {
      const { call: send } = channel({ allow: [], resolve: (_, __, done) => done(null, addresses) })
      expect(await send(call(`http://rebind.acme.io:${asked.port}/`))).toMatchObject({
        type: 'failed',
        reason: 'refused',
      })
    }
    expect(asked.requests).toEqual([])
  })

  test('a name is looked up once for a connection, and cannot lead elsewhere in between', async () => {
    const [first, second] = [await server(), await server(() => ({}), '127.0.0.3')]
    let lookups = 0
    const resolve: Resolver = (_, __, done) => done(null, [v4(++lookups === 1 ? '127.0.0.1' : '127.0.0.3')])
    const { call: send } = channel({ allow: ['127.0.0.1/32'], resolve })
    expect(await send(call(`http://rebind.acme.io:${first.port}/`))).toMatchObject({ type: 'sent' })
    expect(lookups).toBe(1)
    expect(await send(call(`http://rebind.acme.io:${second.port}/`))).toMatchObject({ type: 'failed' })
    expect(lookups).toBe(2)
    expect([first.requests.length, second.requests.length]).toEqual([1, 0])
  })
})

describe('WEBHOOK_ALLOW', () => {
  test.each([
    ['an address', '127.0.0.1', '127.0.0.1'],
    ['a network', '127.0.0.0/8', '127.0.0.1'],
    ['a network, for a name in it', '127.0.0.0/8', 'crm.lan'],
    ['a name', 'crm.lan', 'crm.lan'],
    ['a name in capitals and with its last dot', 'crm.lan', 'CRM.LAN.'],
    ['an address written otherwise', '127.0.0.1', '0x7f.1'],
    ['an address mapped into IPv6', '127.0.0.1', '[::ffff:127.0.0.1]'],
  ])('lets through %s', async (_, allowed, host) => {
    const receiver = await server()
    const resolve: Resolver = (__, ___, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
    const { call: send } = channel({ allow: ['fd00::/8', allowed], resolve })
    expect(await send(call(`http://${host}:${receiver.port}/`))).toMatchObject({ type: 'sent' })
    expect(receiver.requests).toHaveLength(1)
  })

  test('lets through IPv6, and nothing beside', async () => {
    const receiver = await server(() => ({}), '::1')
    const { call: send } = channel({ allow: ['::1', '10.0.0.0/8'] })
    expect(await send(call(`${receiver.url}/`))).toMatchObject({ type: 'sent' })
    expect(await send(call('http://[::2]/'))).toMatchObject({ type: 'failed' })
    expect(await send(call('http://127.0.0.1/'))).toMatchObject({ type: 'failed' })
    expect(await send(call('http://localhost/'))).toMatchObject({ type: 'failed' })
  })
})
