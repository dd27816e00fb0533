import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../server/http/app.ts'
import { addProblem } from '../../server/store/problems.ts'
import { changeMessage } from '../../server/store/messages.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'

let server: TestInstallation
let page: string
beforeAll(async () => {
  page = mkdtempSync(join(tmpdir(), 'tidemark-page-'))
  server = await startInstallation()
  for (const name of ['ada', 'bea']) {
    await server.send('identify', { userId: name, traits: { email: `${name}@acme.io` } })
    await server.send('track', { userId: name, event: 'newsletter_subscribed' })
  }
  await server.settled()
})
afterAll(async () => {
  await server.stop()
  rmSync(page, { recursive: true })
})

const get = (path: string) => server.ask('GET', `/api${path}`)

it('tells how much there is of everything', async () => {
  expect((await get('/status')).body).toMatchObject({
    sending: 'sandbox',
    sandbox: true,
    company: 'Your company',
    contacts: 2,
    inJourneys: 2,
    messages: { captured: 2, sent: 0, queued: 0, failed: 0, uncertain: 0, skipped: 0 },
    problems: 0,
  })
})

describe('lists', () => {
  it('are there with how many are on them, journeys having named them', async () => {
    const { items } = (await get('/lists')).body as { items: readonly object[] }
    expect(items).toContainEqual({ name: 'Newsletter', contacts: 2 })
    expect(items).toContainEqual({ name: 'Qualified leads', contacts: 0 })
    const first = (await get('/lists?limit=1')).body as { items: readonly object[]; next: string }
    expect(((await get(`/lists?limit=500&cursor=${first.next}`)).body as typeof first).items).toEqual(
      items.slice(1),
    )
  })

  it('show who is on them', async () => {
    expect((await get('/lists/Newsletter/contacts')).body).toMatchObject({
      items: [{ userId: 'bea' }, { userId: 'ada' }],
      next: null,
    })
    expect((await get('/lists/New%20leads/contacts?limit=1')).body).toMatchObject({
      items: [{ userId: 'bea' }],
      next: expect.any(String),
    })
    expect((await get('/lists/none/contacts')).body).toMatchObject({ status: 404, code: 'unknown_list' })
  })
})

describe('templates', () => {
  const mail = { subject: 'Hi {{ contact.FIRSTNAME }}', html: '<p>Hi</p>' }

  it('are read and written whole', async () => {
    expect((await get('/templates/welcome')).body).toMatchObject({
      name: 'welcome',
      subject: expect.any(String),
      html: expect.any(String),
    })
    expect((await server.ask('PUT', '/api/templates/new', mail)).status).toBe(201)
    expect((await server.ask('PUT', '/api/templates/new', { ...mail, name: 'new', text: 'Hi' })).status).toBe(
      200,
    )
    expect((await get('/templates/new')).body).toEqual({ name: 'new', ...mail, text: 'Hi', usedBy: [] })
    expect((await get('/templates')).body).toMatchObject({ items: expect.arrayContaining([{ name: 'new' }]) })
    expect((await get('/templates/none')).body).toMatchObject({ status: 404, code: 'unknown_template' })
  })

  it.each([
    [{ html: 'x' }, 400, '/subject'],
    [{ ...mail, subject: 'two\nlines' }, 400, '/subject'],
    [{ ...mail, html: '' }, 400, '/html'],
    [{ ...mail, css: '' }, 400, '/css'],
    [{ ...mail, html: '{% for %}' }, 422, '/html'],
    [{ ...mail, name: 'other' }, 422, '/name'],
  ])('say what is wrong with %j', async (body, status, path) => {
    expect((await server.ask('PUT', '/api/templates/bad', body)).body).toMatchObject({ status, path })
    expect((await get('/templates/bad')).status).toBe(404)
  })
})

describe('the mailbox', () => {
  it('has every mail exactly as it would have gone out', async () => {
    const { items } = (await get('/mailbox')).body as { items: readonly { id: string; to: string }[] }
    expect(items.map(({ to }) => to)).toEqual(['bea@acme.io', 'ada@acme.io'])
    expect(items[0]).toMatchObject({
      channel: 'email',
      html: expect.stringContaining('/t/c/'),
      headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', To: 'bea@acme.io' },
      journey: 'welcome',
      messageId: expect.stringMatching(/^<.+@.+>$/),
    })
    const [mail] = items
    expect((await get(`/mailbox/${encodeURIComponent(mail?.id ?? '')}`)).body).toEqual(mail)
    expect((await get(`/mailbox/${mail?.id}`)).body).toEqual(mail)
    expect((await get('/mailbox/9.9/x/1')).body).toMatchObject({ status: 404, code: 'unknown_mail' })
  })

  it('finds by address, and by a part of one', async () => {
    const to = async (text: string) =>
      ((await get(`/mailbox?to=${text}`)).body as { items: readonly { to: string }[] }).items.map(
        ({ to }) => to,
      )
    expect(await to('ADA@acme.io')).toEqual(['ada@acme.io'])
    expect(await to('da@acme.io')).toEqual([])
    expect(await to('da')).toEqual(['ada@acme.io'])
    expect((await get('/mailbox?channel=sms')).body).toEqual({ items: [], next: null })
    expect((await get('/mailbox?channel=fax')).body).toMatchObject({ status: 400, path: '/channel' })
  })

  it('comes in pages', async () => {
    const first = (await get('/mailbox?limit=1')).body as { next: string }
    expect((await get(`/mailbox?limit=1&cursor=${first.next}`)).body).toMatchObject({
      items: [{ to: 'ada@acme.io' }],
      next: null,
    })
  })
})

describe('messages', () => {
  it('in doubt are sent again by a person only, and only once', async () => {
    const { items } = (await get('/messages?status=captured')).body as { items: readonly { id: string }[] }
    expect(items).toHaveLength(2)
    const id = items[0]?.id ?? ''
    expect((await server.ask('POST', `/api/messages/${id}/resend`)).body).toMatchObject({
      status: 409,
      code: 'not_resendable',
      detail: expect.stringContaining('captured'),
    })
    await server.deps.turns.run((tx) =>
      changeMessage(tx, id, { status: 'uncertain', reason: 'who knows', content: null }),
    )
    expect((await get('/messages?status=uncertain')).body).toMatchObject({
      items: [{ id, reason: 'who knows', attempts: 0, version: 1 }],
    })
    expect((await server.ask('POST', `/api/messages/${encodeURIComponent(id)}/resend`)).body).toMatchObject({
      id,
      status: 'queued',
    })
    await server.settled()
    expect((await get('/messages?status=uncertain')).body).toMatchObject({ items: [] })
    expect((await server.ask('POST', '/api/messages/9.9/x/1/resend')).body).toMatchObject({
      status: 404,
      code: 'unknown_message',
    })
    expect((await get('/messages?status=lost')).body).toMatchObject({ status: 400, path: '/status' })
  })
})

describe('problems', () => {
  it('are shown until somebody puts them aside', async () => {
    const at = server.deps.clock.now()
    for (const detail of ['one', 'two', 'two'])
      await server.deps.turns.run((tx) =>
        addProblem(tx, { severity: 'warning', code: 'identity_conflict', path: '', detail, at }),
      )
    const { items } = (await get('/problems')).body as { items: readonly { id: string }[] }
    expect(items).toMatchObject([
      { detail: 'two', count: 2, at: new Date(at).toISOString() },
      { detail: 'one', count: 1 },
    ])
    expect((await server.ask('POST', `/api/problems/${items[0]?.id}/discard`)).status).toBe(204)
    expect((await server.ask('POST', `/api/problems/${items[0]?.id}/discard`)).status).toBe(404)
    expect((await server.ask('POST', '/api/problems/x/discard')).status).toBe(404)
    expect((await get('/problems')).body).toMatchObject({ items: [{ detail: 'one' }] })
  })
})

describe('the clock', () => {
  it('is moved in the sandbox, wakes who waits, and tells how many', async () => {
    const before = (await get('/clock')).body as { now: string }
    const { body } = await server.ask('POST', '/api/clock', { advance: 'P31D' })
    const { now, ran } = body as { now: string; ran: number }
    expect(Date.parse(now) - Date.parse(before.now)).toBeGreaterThanOrEqual(31 * 24 * 3_600_000)
    expect(ran).toBeGreaterThan(0)
    expect((await get('/contacts?email=ada@acme.io')).body).toMatchObject({
      items: [{ attributes: { SCORE: 0 } }],
    })
  })

  it.each([
    [{ advance: '30 days' }, 400],
    [{ advance: -5 }, 400],
    [{}, 400],
    [{ advance: 'P9999Y' }, 422],
    [{ advance: 'P99999D' }, 422],
  ])('says what is wrong with %j', async (body, status) => {
    expect((await server.ask('POST', '/api/clock', body)).body).toMatchObject({ status, path: '/advance' })
  })

  it('stands still for everybody outside the sandbox', async () => {
    const live = await startInstallation({ TIDEMARK_SANDBOX: '0' })
    expect((await live.ask('POST', '/api/clock', { advance: 'P1D' })).body).toMatchObject({
      status: 409,
      code: 'not_sandbox',
    })
    expect((await live.ask('GET', '/api/status')).body).toMatchObject({ sending: 'captured', sandbox: false })
    await live.stop()
  })
})

describe('health', () => {
  it('tells whether the server lives and takes calls, and its numbers', async () => {
    expect((await server.anyone('GET', '/healthz')).status).toBe(200)
    expect((await server.anyone('GET', '/readyz')).status).toBe(200)
    await server.anyone('GET', '/metrics')
    await server.send('track', { userId: 'ada', event: 'seen' })
    const { text, headers } = await server.anyone('GET', '/metrics')
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toContain('tidemark_events_accepted_total 1')
    expect(text).toContain('tidemark_contacts 2')
    expect(text).toMatch(/tidemark_messages\{status="captured"\} \d/)
    expect(text).toContain('tidemark_waits_lag_seconds 0')
  })

  it('is not ready while starting or stopping, and then takes no calls', async () => {
    const app = createApp({ ...server.deps, ready: () => false })
    expect((await app.request('/readyz')).status).toBe(503)
    expect((await app.request('/api/status')).status).toBe(503)
    expect((await app.request('/healthz')).status).toBe(200)
  })
})

describe('the page', () => {
  const html = { accept: 'text/html,application/xhtml+xml' }

  it('is looked for again until it is built', async () => {
    const app = createApp(server.deps, page)
    expect((await app.request('/')).status).toBe(503)
    mkdirSync(join(page, 'assets'))
    writeFileSync(join(page, 'index.html'), '<!doctype html><title>Tidemark</title>')
    writeFileSync(join(page, 'assets', 'main-4f2a.js'), `console.log(${'1+'.repeat(500)}1)`)
    expect(await (await app.request('/')).text()).toContain('Tidemark')
  })

  it('answers at every address a person may open, and nowhere else', async () => {
    const app = createApp(server.deps, page)
    for (const path of ['/', '/contacts/c1', '/mailbox/1.2%2Fmail%2F1']) {
      const answer = await app.request(path, { headers: html })
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-cache'])
    }
    for (const path of ['/api/nope', '/v1/nope', '/assets/gone.js', '/t/x/y', '/metrics/x'])
      expect([path, (await app.request(path, { headers: html })).status]).toEqual([
        path,
        path.startsWith('/api') ? 401 : 404,
      ])
    for (const path of [
      '/contacts',
      '/favicon.ico',
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2findex.html',
    ])
      expect([path, (await app.request(path)).status]).toEqual([path, 404])
    expect((await app.request('/', { method: 'POST' })).status).toBe(404)
  })

  it('lets browsers keep what never changes, packed, and check the rest', async () => {
    const app = createApp(server.deps, page)
    const script = await app.request('/assets/main-4f2a.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(script.headers.get('content-encoding')).toBe('gzip')
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect(await (await app.request('/assets/main-4f2a.js')).text()).toContain('console.log')
    const index = await app.request('/')
    const again = await app.request('/', { headers: { 'if-none-match': index.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('is protected against being framed and against foreign scripts', async () => {
    const { headers } = await createApp(server.deps, page).request('/')
    const policy = headers.get('content-security-policy')
    for (const part of [
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: https:",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(part)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBeTruthy()
  })
})

describe('what goes wrong', () => {
  it('is a problem document at every address', async () => {
    const { status, body, headers } = await server.ask('GET', '/api/nowhere')
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      code: 'unknown_address',
    })
    expect((await server.anyone('DELETE', '/nowhere')).body).toMatchObject({ code: 'unknown_address' })
  })

  it('inside is noted for the operator and not told outside', async () => {
    const reported: unknown[] = []
    const secret = new Error('password=hunter2')
    const turns = { ...server.deps.turns, run: () => Promise.reject(secret) }
    const app = createApp({ ...server.deps, turns, report: (error) => reported.push(error) })
    const answer = await app.request('/api/problems/1/discard', {
      method: 'POST',
      headers: { authorization: 'Bearer test-api-key-0123456789' },
    })
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ code: 'unexpected_error' })
    expect(text).not.toContain('hunter2')
    expect(reported).toEqual([secret])
  })
})
