import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAll } from '../../server/runtime/verify.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'

interface Page {
  readonly items: readonly { readonly id: string; readonly userId: string }[]
  readonly next: string | null
}

let server: TestInstallation
beforeAll(async () => {
  server = await startInstallation()
  for (let n = 0; n < 7; n++) {
    const traits = { email: `Person${n}@Acme.io`, firstName: `First${n}`, lastName: 'O_Hara' }
    await server.send('identify', { userId: `u${n}`, traits })
  }
  await server.send('track', { userId: 'u0', event: 'newsletter_subscribed' })
  await server.send('track', { userId: 'u1', event: 'quote_requested' })
})
afterAll(() => server.stop())

const list = async (query: string): Promise<Page> => (await server.ask('GET', `/api/contacts?${query}`)).body
const users = async (query: string) => (await list(query)).items.map(({ userId }) => userId)
const idOf = async (userId: string): Promise<string> => {
  const found = (await list('limit=500')).items.find((contact) => contact.userId === userId)
  if (!found) throw new Error(`no contact ${userId}`)
  return found.id
}

describe('the list of contacts', () => {
  it('shows the newest first, in pages that neither repeat nor leave out anybody', async () => {
    const first = await list('limit=3')
    expect(first.items.map(({ userId }) => userId)).toEqual(['u6', 'u5', 'u4'])
    await server.send('identify', { userId: 'late-comer' })
    const second = await list(`limit=3&cursor=${first.next}`)
    expect(second.items.map(({ userId }) => userId)).toEqual(['u3', 'u2', 'u1'])
    const third = await list(`limit=3&cursor=${second.next}`)
    expect(third).toMatchObject({ items: [{ userId: 'u0' }], next: null })
    await server.ask('DELETE', `/api/contacts/${await idOf('late-comer')}`)
  })

  it('finds by parts of address, id and names, in any case and order', async () => {
    expect(await users('search=PERSON3')).toEqual(['u3'])
    expect(await users('search=hara%20first2')).toEqual(['u2'])
    expect(await users('search=u5')).toEqual(['u5'])
    expect(await users('search=nobody')).toEqual([])
  })

  it('takes signs of the search literally', async () => {
    expect(await users('search=%25')).toEqual([])
    expect(await users('search=o_h')).toHaveLength(7)
    expect(await users('search=p_rson')).toEqual([])
    expect(await users("search=';drop table contacts;--")).toEqual([])
    expect(await users('search=%5C')).toEqual([])
  })

  it('finds by whole address, in any case', async () => {
    expect(await users('email=PERSON4@acme.IO')).toEqual(['u4'])
    expect(await users('email=person4@acme.i')).toEqual([])
  })

  it('finds who is on a list', async () => {
    expect(await users('list=Newsletter')).toEqual(['u0'])
    expect(await users('list=nowhere')).toEqual([])
    expect(await users('list=Newsletter&search=u1')).toEqual([])
  })

  it.each([
    ['limit=0', '/limit'],
    ['limit=501', '/limit'],
    ['limit=many', '/limit'],
    ['cursor=nonsense', '/cursor'],
    [`cursor=${Buffer.from('["a",1]').toString('base64url')}`, '/cursor'],
    [`search=${'x'.repeat(300)}`, '/search'],
  ])('says what is wrong with ?%s', async (query, path) => {
    const { status, body } = await server.ask('GET', `/api/contacts?${query}`)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'invalid_query',
      path,
      detail: expect.stringMatching(/^expected .+, got "/),
    })
  })
})

describe('a contact', () => {
  it('has scores as points among its attributes, and where it is in which journey', async () => {
    const { body } = await server.ask('GET', `/api/contacts/${await idOf('u0')}`)
    expect(body).toMatchObject({
      userId: 'u0',
      email: 'person0@acme.io',
      attributes: { FIRSTNAME: 'First0', SCORE: 5 },
      scores: ['SCORE'],
      stage: null,
      consent: {
        email: {
          status: 'subscribed',
          source: 'newsletter_subscribed',
          at: expect.stringMatching(/^\d{4}-.+\.\d{3}Z$/),
        },
        sms: { status: 'unknown', at: null, source: null },
      },
      passages: expect.arrayContaining([
        expect.objectContaining({ journey: 'welcome', version: 1, ended: null, due: expect.any(String) }),
        expect.objectContaining({
          journey: 'awareness',
          ended: expect.objectContaining({ outcome: 'finished' }),
        }),
      ]),
    })
  })

  it('that does not exist is a problem with its id', async () => {
    for (const path of ['', '/score', '/timeline'])
      expect((await server.ask('GET', `/api/contacts/c999${path}`)).body).toMatchObject({
        status: 404,
        code: 'unknown_contact',
        detail: expect.stringContaining('"c999"'),
      })
  })

  it('answers under the id of the one it took over', async () => {
    await server.send('identify', { userId: 'older' })
    await server.send('identify', { userId: 'younger' })
    const [older, younger] = [await idOf('older'), await idOf('younger')]
    await server.send('track', { userId: 'younger', event: 'contest_entry' })
    await server.send('alias', { userId: 'older', previousId: 'younger' })
    const { body } = await server.ask('GET', `/api/contacts/${younger}`)
    expect(body).toMatchObject({ id: older, attributes: { SCORE: 5 } })
    expect((await server.ask('GET', `/api/contacts/${younger}/score`)).body).toMatchObject({ score: 5 })
    expect(await users('search=younger')).toEqual(['older'])
  })

  it('is gone with everything once erased', async () => {
    await server.send('identify', { userId: 'gone', traits: { email: 'gone@acme.io' } })
    const id = await idOf('gone')
    expect((await server.ask('DELETE', `/api/contacts/${id}`)).status).toBe(204)
    expect((await server.ask('DELETE', `/api/contacts/${id}`)).status).toBe(404)
    expect(await users('email=gone@acme.io')).toEqual([])
  })

  it('is harmless whatever it is called', async () => {
    const name = `<script>alert(1)</script>"'\`;--%00\u{1F4A9} ${'é'.repeat(200)}`
    await server.send('identify', { userId: name.slice(0, 200), traits: { firstName: name } })
    const [found] = (await list('search=%3Cscript')).items
    const { body, headers } = await server.ask('GET', `/api/contacts/${found?.id}`)
    expect(body).toMatchObject({ attributes: { FIRSTNAME: name } })
    expect(headers.get('content-type')).toContain('application/json')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('the score', () => {
  it('is its history, newest first, in points, each line with its reason', async () => {
    const id = await idOf('u2')
    for (const event of ['contest_entry', 'event_signup', 'resource_downloaded'])
      await server.send('track', { userId: 'u2', event })
    const { body } = await server.ask('GET', `/api/contacts/${id}/score?attribute=SCORE`)
    expect(body).toMatchObject({
      score: 25,
      next: null,
      entries: [
        {
          by: 10,
          before: 15,
          after: 25,
          journey: 'engagement',
          event: 'resource_downloaded',
          reason: expect.any(String),
        },
        { by: 10, before: 5, after: 15, journey: 'awareness', version: 1 },
        { by: 5, before: 0, after: 5, attribute: 'SCORE' },
      ],
    })
    const first = (await server.ask('GET', `/api/contacts/${id}/score?limit=2`)).body as { next: string }
    const rest = await server.ask('GET', `/api/contacts/${id}/score?limit=2&cursor=${first.next}`)
    expect(rest.body).toMatchObject({ entries: [{ after: 5 }], next: null })
  })

  it('can be changed by hand with a reason, which moves the lists like any other change', async () => {
    const id = await idOf('u3')
    const { status, body } = await server.ask('POST', `/api/contacts/${id}/score`, {
      set: 49.5,
      reason: 'Met at the fair',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      score: 49.5,
      entries: [{ by: 49.5, reason: 'Met at the fair', journey: null }],
    })
    await server.ask('POST', `/api/contacts/${id}/score`, {
      attribute: 'SCORE',
      by: 0.5,
      reason: 'And talked',
    })
    const contact = await server.ask('GET', `/api/contacts/${id}`)
    expect(contact.body).toMatchObject({
      attributes: { SCORE: 50 },
      lists: expect.arrayContaining(['Qualified leads']),
    })
  })

  it.each([
    [{ by: 5 }, '/reason'],
    [{ by: 5, reason: ' ' }, '/reason'],
    [{ reason: 'x' }, ''],
    [{ by: 1, set: 2, reason: 'x' }, ''],
    [{ by: 'five', reason: 'x' }, '/by'],
    [{ by: 0.001, reason: 'x' }, '/by'],
    [{ by: 1e12, reason: 'x' }, '/by'],
    [{ attribute: 'score', by: 1, reason: 'x' }, '/attribute'],
    [{ by: 1, reason: 'x', because: 'y' }, '/because'],
    [[1], ''],
    ['{"by": 1, "reason": "x", "__proto__": {}}', '/__proto__'],
  ])('says what is wrong with %j', async (change, path) => {
    const { status, body } = await server.ask('POST', `/api/contacts/${await idOf('u4')}/score`, change)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid_body', path, detail: expect.stringContaining('expected') })
    expect((await server.ask('GET', `/api/contacts/${await idOf('u4')}/score`)).body).toMatchObject({
      entries: [],
    })
  })

  it('is not any attribute', async () => {
    const change = { attribute: 'FIRSTNAME', by: 1, reason: 'x' }
    const { status, body } = await server.ask('POST', `/api/contacts/${await idOf('u4')}/score`, change)
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'no_score',
      path: '/attribute',
      detail: expect.stringContaining('SCORE'),
    })
  })

  it('refuses what is no JSON, too much of it, or too deep', async () => {
    const path = `/api/contacts/${await idOf('u4')}/score`
    expect((await server.ask('POST', path, '{"by": ')).body).toMatchObject({
      status: 400,
      code: 'invalid_json',
    })
    const large = await server.ask('POST', path, `"${'x'.repeat(1_048_577)}"`)
    expect(large.body).toMatchObject({ status: 413, code: 'too_large' })
    expect(large.headers.get('connection')).toBe('close')
    const deep = `{"by": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "reason": "x"}`
    expect((await server.ask('POST', path, deep)).body).toMatchObject({ status: 400, code: 'invalid_body' })
  })
})

describe('consent', () => {
  it('is given by a person with a reason, and never over an unsubscribe', async () => {
    const path = `/api/contacts/${await idOf('u5')}/consent`
    const agreed = await server.ask('POST', path, {
      purpose: 'email',
      status: 'subscribed',
      reason: 'Signed on paper',
    })
    expect(agreed.body).toMatchObject({
      consent: { email: { status: 'subscribed', source: 'Signed on paper' } },
    })
    await server.ask('POST', path, { purpose: 'email', status: 'unsubscribed', reason: 'Called us' })
    const lifted = await server.ask('POST', path, {
      purpose: 'email',
      status: 'subscribed',
      reason: 'Sales wants it',
    })
    expect(lifted.body).toMatchObject({ status: 409, code: 'has_unsubscribed', path: '/status' })
    const wrong = await server.ask('POST', path, { purpose: 'fax', status: 'subscribed', reason: 'x' })
    expect(wrong.body).toMatchObject({ status: 400, path: '/purpose' })
  })
})

describe('the timeline', () => {
  it('tells everything with reasons, newest first, in pages', async () => {
    const id = await idOf('u0')
    await server.settled()
    const all = (await server.ask('GET', `/api/contacts/${id}/timeline`)).body as {
      items: readonly { seq: number }[]
    }
    expect(all.items).toMatchObject([
      { kind: 'message', name: 'email.sent', properties: { subject: expect.stringContaining('Welcome') } },
      {
        kind: 'event',
        name: 'newsletter_subscribed',
        late: false,
        failed: null,
        trace: expect.arrayContaining([
          expect.objectContaining({ journey: 'awareness', what: 'changed', text: 'Score +5: 0 → 5' }),
        ]),
      },
      { kind: 'identify', name: 'Became known' },
    ])
    const first = (await server.ask('GET', `/api/contacts/${id}/timeline?limit=1`)).body as { next: string }
    const second = await server.ask('GET', `/api/contacts/${id}/timeline?limit=1&cursor=${first.next}`)
    expect(second.body).toMatchObject({ items: [{ seq: all.items[1]?.seq }] })
  })
})

it('leaves a database that its journal explains', async () => {
  expect((await verifyAll(server.deps.database.read, 'UTC')).differences).toEqual([])
  expect(server.reported).toEqual([])
})
