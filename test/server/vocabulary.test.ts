// What the builder may speak of: whom a condition is about, and the names and values that were really received.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Condition } from '../../engine/index.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'

let server: TestInstallation
beforeAll(async () => {
  server = await startInstallation()
  const identify = (userId: string, traits: object) => server.send('identify', { userId, traits })
  await identify('ada', { email: 'ada@acme.io', firstName: 'Ada', country: 'NP', seats: 50, vip: true })
  await identify('ben', { email: 'ben@acme.io', firstName: 'Ben', country: 'NP', renewal_date: '2027-01-31' })
  await identify('cem', { firstName: 'Cem', country: 'TR', phone: '+90 532 123 45 67', tags: ['a', 'b'] })
  await server.send('group', { userId: 'ada', groupId: 'acme', traits: { industry: 'Shipping', size: 40 } })
  for (const path of ['/pricing', '/pricing', '/docs'])
    await server.send('page', { userId: 'ada', properties: { path } })
  await server.send('track', { userId: 'ben', event: 'quote_requested', properties: { seats: 25 } })
  await server.ask('PUT', '/api/segments/Nepal', { when: { field: 'COUNTRY', operator: '=', value: 'NP' } })
  await server.settled()
})
afterAll(() => server.stop())

interface Named {
  readonly name: string
  readonly type: string | null
  readonly samples: readonly unknown[]
}

interface Vocabulary {
  readonly attributes: readonly (Named & { readonly score: boolean })[]
  readonly company: readonly Named[]
  readonly events: readonly {
    readonly name: string
    readonly lastAt: string
    readonly last30Days: number
    readonly properties: readonly Named[]
  }[]
  readonly lists: readonly string[]
  readonly segments: readonly string[]
  readonly templates: readonly string[]
  readonly journeys: readonly { readonly id: string; readonly name: string; readonly startable: boolean }[]
  readonly since: string | null
  readonly looked: number | null
}

describe('the vocabulary', () => {
  let vocabulary: Vocabulary
  beforeAll(async () => {
    vocabulary = (await server.ask('GET', '/api/vocabulary')).body
  })
  const attribute = (name: string) => vocabulary.attributes.find((one) => one.name === name)

  it('has the attributes that were received, what they are, and values to choose from', () => {
    expect(attribute('COUNTRY')).toEqual({
      name: 'COUNTRY',
      type: 'text',
      samples: ['NP', 'TR'],
      score: false,
    })
    expect(attribute('SEATS')).toMatchObject({ type: 'number', samples: [50] })
    expect(attribute('VIP')).toMatchObject({ type: 'yesno', samples: [true] })
    expect(attribute('RENEWAL_DATE')).toMatchObject({ type: 'date' })
    expect(attribute('TAGS')).toMatchObject({ type: 'list', samples: ['a', 'b'] })
    expect(attribute('SCORE')).toMatchObject({ type: 'number', score: true })
    expect(vocabulary.company).toEqual([
      { name: 'INDUSTRY', type: 'text', samples: ['Shipping'] },
      { name: 'SIZE', type: 'number', samples: [40] },
    ])
    expect(vocabulary.looked).toBeNull()
  })

  it('offers no names of people, no numbers of telephones and no addresses', () => {
    expect(attribute('FIRSTNAME')).toMatchObject({ type: 'text', samples: [] })
    expect(attribute('PHONE')).toMatchObject({ type: 'text', samples: [] })
    expect(JSON.stringify(vocabulary)).not.toContain('acme.io')
  })

  it('has the events that were received, how often, and their properties', () => {
    expect(vocabulary.events.find(({ name }) => name === 'page_viewed')).toMatchObject({
      last30Days: 3,
      properties: [{ name: 'path', type: 'text', samples: ['/pricing', '/docs'] }],
    })
    expect(vocabulary.events.find(({ name }) => name === 'quote_requested')).toMatchObject({
      last30Days: 1,
      properties: [{ name: 'seats', type: 'number', samples: [25] }],
    })
    expect(vocabulary.events.map(({ name }) => name)).not.toContain('contact.created')
    expect(vocabulary.since).toBeNull()
  })

  it('has the names of everything there is', () => {
    expect(vocabulary.segments).toEqual(['Nepal'])
    expect(vocabulary.lists).toContain('New leads')
    expect(vocabulary.templates).toContain('welcome')
    expect(vocabulary.journeys).toContainEqual({
      id: 'welcome',
      name: expect.stringContaining('Welcome') as unknown,
      startable: false,
    })
  })

  it('learns what comes in, counts it once, and forgets to count it after 30 days', async () => {
    await server.send('track', { userId: 'ben', event: 'demo_booked', properties: {} })
    await server.deps.advanceClock(server.deps.clock.now() + 31 * 86_400_000)
    await server.send('track', { userId: 'ben', event: 'quote_requested', properties: { seats: 5 } })
    await expect
      .poll(async () => counted(await server.ask('GET', '/api/vocabulary')), { timeout: 15_000 })
      .toEqual({ quote_requested: 1, page_viewed: 0, demo_booked: 0 })
  })

  const counted = ({ body }: { readonly body: Vocabulary }) => {
    const counts = body.events.map(({ name, last30Days }) => [name, last30Days] as const)
    const own = ['quote_requested', 'page_viewed', 'demo_booked']
    return Object.fromEntries(counts.filter(([name]) => own.includes(name)))
  }
})

const IN_NEPAL: Condition = { field: 'COUNTRY', operator: '=', value: 'NP' }
const PRICING_TWICE: Condition = {
  count: { event: 'page_viewed', where: { event: 'path', operator: '=', value: '/pricing' } },
  operator: '>=',
  value: 2,
}
const preview = (body: object) => server.ask('POST', '/api/conditions/preview', body)
const idOf = async (userId: string): Promise<string> => {
  const { body } = await server.ask('GET', `/api/contacts?search=${userId}`)
  return (body as { items: readonly { id: string }[] }).items[0]?.id ?? ''
}

describe('a condition that is being written', () => {
  it('says how many it is about, of how many, and names some', async () => {
    const { body } = await preview({ when: IN_NEPAL })
    expect(body).toMatchObject({ judged: 'anyTime', matching: 2, of: 3, sample: null })
    const { examples } = body as { examples: readonly { userId: string; attributes: object }[] }
    expect(examples.map(({ userId }) => userId).toSorted()).toEqual(['ada', 'ben'])
    expect(examples[0]).not.toHaveProperty('attributes.COUNTRY')
  })

  it('reads what people did, as journeys do', async () => {
    expect((await preview({ when: PRICING_TWICE })).body).toMatchObject({ matching: 1 })
    expect((await preview({ when: { segment: 'Nepal' }, scope: 'segment' })).body).toMatchObject({
      matching: 2,
    })
  })

  it('tells what one person answers, line by line', async () => {
    const { body } = await preview({ when: { all: [IN_NEPAL, PRICING_TWICE] }, contact: await idOf('ben') })
    expect(body).toMatchObject({
      contact: { userId: 'ben', attributes: { FIRSTNAME: 'Ben' } },
      holds: false,
      lines: [
        { path: '/all/0', text: 'Country is “NP”', holds: true },
        { path: '/all/1', holds: false, because: expect.stringContaining('happened 0 times') as unknown },
      ],
    })
  })

  it('says what only something that happens can tell', async () => {
    const asked: Condition = { event: 'path', operator: '=', value: '/pricing' }
    expect((await preview({ when: asked })).body).toMatchObject({
      judged: 'whenItHappens',
      matching: null,
      of: 3,
      examples: [],
    })
    expect((await preview({ when: { all: [asked, IN_NEPAL] } })).body).toMatchObject({
      judged: 'partly',
      matching: 2,
    })
  })

  it.each([
    [{ when: { all: [] } }, 422, '/when/all'],
    [{ when: { field: 'SCORE', operator: '>', value: 'many' } }, 422, '/when/value'],
    [{ when: 5 }, 422, '/when'],
    [{}, 400, '/when'],
    [{ when: { event: 'path', operator: '=', value: 1 }, scope: 'segment' }, 422, '/when'],
    [{ when: { segment: 'Nowhere' }, scope: 'segment' }, 422, '/when/segment'],
    [{ when: { everybody: true }, scope: 'everywhere' }, 400, '/scope'],
    [{ when: { everybody: true }, contact: 'nobody' }, 404, '/contact'],
    [{ when: { everybody: true }, who: 'me' }, 400, '/who'],
  ])('is refused with a reason where it is none: %j', async (body, status, path) => {
    const answer = await preview(body)
    expect([answer.status, (answer.body as { path: string }).path]).toEqual([status, path])
  })
})

describe('in a crowd', () => {
  it('everybody is counted, and others are served meanwhile', async () => {
    const calls = Array.from({ length: 600 }, (_, index) => ({
      type: 'identify',
      userId: `crowd-${index}`,
      traits: { shoe_size: 30 + (index % 20) },
    }))
    for (let from = 0; from < calls.length; from += 200)
      await server.send('batch', { batch: calls.slice(from, from + 200) })
    const [answer, others] = await Promise.all([
      preview({ when: { field: 'SHOE_SIZE', operator: '<', value: 40 } }),
      server.ask('GET', '/api/status'),
    ])
    expect(answer.body).toMatchObject({ matching: 300, of: 603, sample: null })
    expect(others.status).toBe(200)
  })
})
