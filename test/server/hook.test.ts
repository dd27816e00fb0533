// What a mapping makes of a webhook's body, and what it says of one that it cannot read.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapped, type Hook, type Mapped } from '../../server/ingest/hook.ts'
import { mapping as schema, type Mapping } from '../../server/ingest/mapping.ts'
import { readPayload } from '../../server/ingest/payload.ts'
import { SHOPIFY, SHOPIFY_LINES, STRIPE, STRIPE_CHARGES } from '../support/sources.ts'
import { example } from '../support/webhooks.ts'

const NOW = Date.UTC(2026, 4, 4, 12)

function read(
  mapping: Mapping,
  body: unknown,
  more: { readonly headers?: { readonly [name: string]: string } } & Partial<Hook> = {},
): Mapped {
  const { headers, ...others } = more
  const given = new Headers(headers)
  const header = (name: string) => given.get(name) ?? undefined
  return mapped(mapping, { body, header, ...others }, NOW, (name) => name === 'SCORE')
}

function payload(text: string): unknown {
  const found = readPayload(text)
  if (!found.ok) throw new Error(JSON.stringify(found))
  return found.value
}

const callsOf = (found: Mapped) => {
  expect(found.problems).toEqual([])
  return found.calls.map(({ call }) => call)
}
const faultsOf = ({ problems }: Mapped) => problems.map(({ path, detail }) => `${path}: ${detail}`)

const CLICK: Mapping = { event: 'clicked', userId: '/user/id' }

describe('published examples of shops', () => {
  it('become purchases: Stripe’s checkout.session.completed', () => {
    const found = read(STRIPE, payload(example('stripe-checkout-session-completed')))
    expect(callsOf(found)).toEqual([
      {
        kind: 'event',
        name: 'purchase',
        userId: 'customer-4711',
        email: 'ada@nordlicht-lampen.de',
        messageId: 'evt_1Q0PsIJvEtkwdCNYMSaVuRz6',
        occurredAt: 1_767_621_600_000,
        properties: { revenue: 119.98, currency: 'eur', product: 'Fjord pendant lamp' },
        active: true,
      },
    ])
  })

  it('become what their mapping says: Stripe’s charge.succeeded', () => {
    const [call] = callsOf(read(STRIPE_CHARGES, payload(example('stripe-charge-succeeded'))))
    expect(call).toMatchObject({
      name: 'charged',
      email: 'ada@nordlicht-lampen.de',
      properties: { revenue: 119.98 },
    })
  })

  it('keep every digit of their ids: Shopify’s orders/create', () => {
    const headers = { 'X-Shopify-Topic': 'orders/create' }
    const [call] = callsOf(read(SHOPIFY, payload(example('shopify-orders-create')), { headers }))
    expect(call).toMatchObject({
      name: 'purchase',
      userId: '115310627314723954',
      email: 'jon@nordlicht-lampen.de',
      messageId: 'gid://shopify/Order/820982911946154508',
      occurredAt: Date.UTC(2026, 0, 5, 13, 58, 11),
      properties: {
        order: '820982911946154508',
        revenue: 403,
        quantity: 1,
        product: 'Fjord pendant lamp',
      },
      identification: { attributes: { FIRSTNAME: 'Jon', LASTNAME: 'Hansen' } },
    })
  })

  it('become one call for each item, which may look at the whole body too', () => {
    const found = read(SHOPIFY_LINES, payload(example('shopify-orders-create')), { id: 'sha256:1' })
    expect(callsOf(found)).toMatchObject([
      {
        email: 'jon@nordlicht-lampen.de',
        messageId: 'sha256:1#0',
        properties: { product: 'Fjord pendant lamp', price: 199, order: '#9999' },
      },
      { messageId: 'sha256:1#1', properties: { product: 'Skerry floor lamp' } },
    ])
    expect(found.calls.map(({ path }) => path)).toEqual(['/line_items/0', '/line_items/1'])
  })
})

describe('a call', () => {
  it('is left alone where it is of no interest, and the reason is told', () => {
    const other = { type: 'invoice.created', data: {} }
    expect(read(STRIPE, other)).toEqual({
      calls: [],
      problems: [],
      skipped: [],
      ignored: [{ path: '', reason: '/type is "invoice.created", which is not in the table of events' }],
    })
    expect(read(STRIPE_CHARGES, other).ignored).toEqual([
      {
        path: '',
        reason: '/type is "invoice.created"; this source takes it where that is "charge.succeeded"',
      },
    ])
    expect(read(STRIPE_CHARGES, {}).ignored[0]?.reason).toMatch(/^\/type is missing; /)
  })

  it('is taken for any value of a list, also from a header', () => {
    const mapping: Mapping = { ...CLICK, when: { header: 'X-Kind', value: ['a', 'b'] } }
    const body = { user: { id: 'u1' } }
    expect(callsOf(read(mapping, body, { headers: { 'x-kind': 'b' } }))).toHaveLength(1)
    expect(read(mapping, body, { headers: { 'x-kind': 'c' } }).ignored[0]?.reason).toBe(
      'X-Kind is "c"; this source takes it where that is "a" or "b"',
    )
  })

  it.each<[what: string, timestamp: unknown, at: number]>([
    ['ISO 8601', '2026-05-03T12:30:00Z', Date.UTC(2026, 4, 3, 12, 30)],
    ['ISO 8601 with a zone', '2026-05-03T12:30:00+02:00', Date.UTC(2026, 4, 3, 10, 30)],
    ['seconds', 1_767_621_600, 1_767_621_600_000],
    ['seconds with a fraction', 1_767_621_600.25, 1_767_621_600_250],
    ['seconds as a text', '1767621600', 1_767_621_600_000],
    ['milliseconds', 1_767_621_600_123, 1_767_621_600_123],
    ['nothing, which is now', undefined, NOW],
    ['null, which is now', null, NOW],
    ['a time to come, which is now', NOW + 1_000, NOW],
  ])('happened when it says: %s', (_, timestamp, at) => {
    const mapping = { ...CLICK, timestamp: '/at' }
    expect(callsOf(read(mapping, { user: { id: 'u1' }, at: timestamp }))[0]?.occurredAt).toBe(at)
  })

  it('is put right by as much as the sender’s signed clock was off', () => {
    const body = { user: { id: 'u1' }, at: (NOW - 90_000) / 1_000 }
    const [call] = callsOf(read({ ...CLICK, timestamp: '/at' }, body, { signedAt: NOW - 60_000 }))
    expect(call?.occurredAt).toBe(NOW - 30_000)
  })

  it('takes whole objects as properties and traits, and no scores', () => {
    const mapping: Mapping = { ...CLICK, properties: '/what', traits: '/user', active: false }
    const body = { user: { id: 'u1', plan: 'pro', score: 99 }, what: { page: '/pricing', deep: { n: 1 } } }
    const found = read(mapping, body)
    expect(callsOf(found)).toMatchObject([
      {
        active: false,
        properties: { page: '/pricing', deep: { n: 1 } },
        identification: { attributes: { PLAN: 'pro' } },
      },
    ])
    expect(found.skipped).toMatchObject([{ code: 'read_only', path: '/user/score' }])
  })

  it('converts texts to numbers, numbers to texts, cents to euros, and leaves out what is not there', () => {
    const mapping: Mapping = {
      ...CLICK,
      properties: {
        price: { pointer: '/price', as: 'number' },
        cents: { pointer: '/cents', times: 0.01 },
        zip: { pointer: '/zip', as: 'text' },
        empty: { pointer: '/empty', as: 'number' },
        none: '/none',
      },
    }
    const body = { user: { id: 1 }, price: ' 12.50 ', cents: 1999, zip: 24937, empty: null }
    expect(callsOf(read(mapping, body))).toMatchObject([
      { userId: '1', properties: { price: 12.5, cents: 19.99, zip: '24937', empty: null } },
    ])
  })
})

describe('a body that the mapping cannot read is told of with its place and what came', () => {
  const ok = { user: { id: 'u1' } }
  const lines: Mapping = { each: '/list', event: { pointer: '/what' }, userId: '/who', email: '#/mail' }

  it.each<[what: string, mapping: Mapping, body: unknown, faults: readonly string[]]>([
    ['a list', CLICK, [ok], [': expected an object, got a list of 1']],
    ['a text', CLICK, 'x', [': expected an object, got "x"']],
    [
      'nobody',
      CLICK,
      {},
      ['/user/id: expected an id or an address at /user/id, got none: nothing says who this is'],
    ],
    [
      'an id that is an object',
      CLICK,
      { user: { id: {} } },
      ['/user/id: expected an id of 1 to 255 characters, got an empty object'],
    ],
    [
      'an event that is a number of things',
      { ...CLICK, event: { pointer: '/type' } },
      { ...ok, type: ['a'] },
      ['/type: expected the name of an event, got a list of 1'],
    ],
    [
      'no event',
      { ...CLICK, event: { pointer: '/type' } },
      ok,
      ['/type: is missing: expected the name of an event'],
    ],
    [
      'no header',
      { ...CLICK, event: { header: 'X-Topic' } },
      ok,
      ['/X-Topic: is missing: expected the name of an event'],
    ],
    [
      'an event that only Tidemark says',
      { ...CLICK, event: { pointer: '/type' } },
      { ...ok, type: 'contact.created' },
      [
        '/type: expected a name of your own, got "contact.created": what begins with "contact." is said by Tidemark only',
      ],
    ],
    [
      'a time that is none',
      { ...CLICK, timestamp: '/at' },
      { ...ok, at: 'yesterday' },
      [
        '/at: expected a time such as "2026-05-03T12:30:00Z", or seconds or milliseconds since 1970, got "yesterday"',
      ],
    ],
    [
      'a time beyond all times',
      { ...CLICK, timestamp: '/at' },
      { ...ok, at: 1e300 },
      [
        '/at: expected a time such as "2026-05-03T12:30:00Z", or seconds or milliseconds since 1970, got 1e+300',
      ],
    ],
    [
      'a price that is none, inside an object with a strange name',
      { ...CLICK, properties: { price: { pointer: '/a~1b/price', as: 'number' } } },
      { ...ok, 'a/b': { price: 'free' } },
      ['/a~1b/price: expected a number such as 12.50, got "free"'],
    ],
    [
      'properties that are a list',
      { ...CLICK, properties: '/list' },
      { ...ok, list: [1] },
      ['/list: expected an object, got a list of 1'],
    ],
    [
      'a zero character deep inside',
      { ...CLICK, properties: '/what' },
      { ...ok, what: { a: ['x\0'] } },
      ['/what/a/0: expected a text of whole characters, got one with a zero character or half a character'],
    ],
    ['no list', lines, { list: {} }, ['/list: expected a list, each item of it a call, got an empty object']],
    ['no list at all', lines, {}, ['/list: is missing: expected a list, each item of it a call']],
    [
      'one bad item among good ones',
      lines,
      { list: [{ what: 'a', who: 1 }, { what: 'a', who: [] }, 'b'] },
      [
        '/list/2/what: is missing: expected the name of an event',
        '/list/1/who: expected an id of 1 to 255 characters, got an empty list',
      ],
    ],
    [
      'an item about nobody',
      lines,
      { list: [{ what: 'a' }] },
      [
        '/list/0/who: expected an id or an address at /list/*/who or /mail, got none: nothing says who this is',
      ],
    ],
  ])('%s', (_, mapping, body, faults) => {
    expect(faultsOf(read(mapping, body))).toEqual(faults)
  })

  it('is of one kind whichever item of the list it is', () => {
    const found = read(lines, {
      list: [
        { what: [], who: 1 },
        { what: {}, who: 1 },
      ],
    })
    expect(found.problems.map(({ general }) => general)).toEqual(['/list/*/what', '/list/*/what'])
  })

  it('may be larger than a call; what is taken of it may not', () => {
    const body = { user: { id: 'u1' }, small: { a: 1 }, large: { a: 'x'.repeat(40_000) } }
    expect(callsOf(read({ ...CLICK, properties: '/small' }, body))).toHaveLength(1)
    expect(faultsOf(read({ ...CLICK, properties: '/large' }, body))[0]).toMatch(
      /^: expected a call of at most 32768 bytes, got 40\d\d\d$/,
    )
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom(STRIPE, SHOPIFY, SHOPIFY_LINES, lines, { ...CLICK, each: '' }),
        (body, mapping) => {
          const { calls, ignored, problems } = read(mapping, body)
          expect(
            calls.length + ignored.length + problems.length > 0 ||
              Array.isArray(body) ||
              JSON.stringify(body).includes('[]'),
          ).toBe(true)
        },
      ),
    )
  })
})

describe('JSON', () => {
  it('keeps whole numbers that a computer’s numbers cannot hold, wherever they stand', () => {
    expect(
      payload(
        '{"a":[820982911946154508,-9007199254740993],"b":{"c":9007199254740991,"d":1e20,"e":0.1234567890123456}}',
      ),
    ).toEqual({
      a: ['820982911946154508', '-9007199254740993'],
      b: { c: 9007199254740991, d: 1e20, e: 0.1234567890123456 },
    })
  })

  it('is refused where it is none, or nested too deep, however deep', () => {
    expect(readPayload('{')).toEqual({ ok: false, problem: 'no JSON' })
    expect(readPayload(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ ok: false, problem: 'no JSON' })
    for (const levels of [33, 100_000])
      expect(readPayload('['.repeat(levels) + '9007199254740993' + ']'.repeat(levels))).toMatchObject({
        ok: false,
        problem: { code: 'too_deep' },
      })
  })
})

describe('a mapping', () => {
  it.each<[what: string, change: object, path: string]>([
    ['a pointer without a slash', { userId: 'user' }, 'userId'],
    ['a pointer with a broken escape', { userId: '/a~2' }, 'userId'],
    ['a reserved event', { event: 'email.opened' }, 'event'],
    ['a wildcard', { event: '*' }, 'event'],
    ['an event from two places', { event: { pointer: '/a', header: 'A' } }, 'event'],
    ['an event from nowhere', { event: {} }, 'event'],
    ['a condition from nowhere', { when: { value: 1 } }, 'when'],
    ['a part that does not exist', { user: '/a' }, ''],
    ['a strange conversion', { properties: { a: { pointer: '/a', as: 'date' } } }, 'properties'],
    ['nobody', { userId: undefined }, ''],
  ])('is refused with %s', (_, change, path) => {
    const found = schema.safeParse({ ...CLICK, ...change })
    expect(found.error?.issues.map((issue) => issue.path.join('/'))).toEqual([path])
  })

  it.each([STRIPE, STRIPE_CHARGES, SHOPIFY, SHOPIFY_LINES])('reads itself: %#', (mapping) => {
    expect(schema.parse(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping)
  })
})
