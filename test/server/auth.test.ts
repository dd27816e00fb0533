import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addKey, addLoginLink, revokeKey } from '../../server/store/keys.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { API_KEY, WRITE_KEY } from '../support/serverProcess.ts'

let server: TestInstallation
beforeAll(async () => {
  server = await startInstallation({ BASE_URL: 'https://go.acme.io' })
})
afterAll(() => server.stop())

const OWN = { origin: 'https://go.acme.io' }

async function signIn(): Promise<{ readonly cookie: string; readonly set: string }> {
  const token = await server.deps.turns.run((tx) => addLoginLink(tx, Date.now()))
  const { status, headers } = await server.anyone('POST', '/api/session', { token }, OWN)
  expect(status).toBe(200)
  const set = headers.get('set-cookie') ?? ''
  return { cookie: set.split(';')[0] ?? '', set }
}

describe('programs', () => {
  it('are let in with the API key and with nothing else', async () => {
    const status = async (headers: { readonly [name: string]: string }) =>
      (await server.anyone('GET', '/api/status', undefined, headers)).status
    expect(await status({ authorization: `Bearer ${API_KEY}` })).toBe(200)
    expect(await status({ authorization: `bearer ${API_KEY}` })).toBe(200)
    expect(await status({})).toBe(401)
    expect(await status({ authorization: API_KEY })).toBe(401)
    expect(await status({ authorization: `Bearer ${API_KEY}x` })).toBe(401)
    expect(await status({ authorization: `Bearer ${WRITE_KEY}` })).toBe(401)
    expect(await status({ cookie: 'tidemark_session=made-up' })).toBe(401)
  })

  it('are told what is missing', async () => {
    const { body, headers } = await server.anyone('GET', '/api/contacts')
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({
      status: 401,
      code: 'not_signed_in',
      detail: expect.stringContaining('npm run login'),
    })
  })

  it('with a revoked key are shut out within seconds', async () => {
    const { turns } = server.deps
    const key = await turns.run((tx) => addKey(tx, 'api', 'for a test', Date.now()))
    const headers = { authorization: `Bearer ${key}` }
    const id = (await import('node:crypto')).createHash('sha256').update(key).digest('hex').slice(0, 12)
    expect(await turns.run((tx) => revokeKey(tx, id, Date.now()))).toBe(true)
    expect((await server.anyone('GET', '/api/status', undefined, headers)).status).toBe(401)
  })

  it('write with the write key as user name, whatever the password is', async () => {
    const status = async (user: string) => {
      const authorization = `Basic ${Buffer.from(user).toString('base64')}`
      const call = { userId: 'basic', event: 'seen' }
      return (await server.anyone('POST', '/v1/track', call, { authorization })).status
    }
    expect(await status(`${WRITE_KEY}:`)).toBe(200)
    expect(await status(WRITE_KEY)).toBe(200)
    expect(await status(`${WRITE_KEY}:anything`)).toBe(200)
    expect(await status(`x${WRITE_KEY}:`)).toBe(401)
    expect(await status(`${API_KEY}:`)).toBe(401)
    expect(await status(':')).toBe(401)
  })

  it('may have a write key with a colon in it', async () => {
    const key = 'colon:in:the:middle:0123456789'
    await server.deps.turns.run((tx) => addKey(tx, 'write', 'with colons', Date.now(), key))
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
    const { status } = await server.anyone(
      'POST',
      '/v1/track',
      { userId: 'c', event: 'seen' },
      { authorization },
    )
    expect(status).toBe(200)
  })
})

describe('people', () => {
  it('sign in with a link that works once', async () => {
    const token = await server.deps.turns.run((tx) => addLoginLink(tx, Date.now()))
    expect((await server.anyone('POST', '/api/session', { token })).status).toBe(200)
    const again = await server.anyone('POST', '/api/session', { token })
    expect(again.status).toBe(401)
    expect(again.body).toMatchObject({ code: 'login_refused', path: '/token' })
  })

  it('cannot sign in with a link older than 15 minutes', async () => {
    const token = await server.deps.turns.run((tx) => addLoginLink(tx, Date.now() - 16 * 60_000))
    expect((await server.anyone('POST', '/api/session', { token })).status).toBe(401)
  })

  it('get a cookie that no script and no other site can use', async () => {
    const { set } = await signIn()
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure']) expect(set).toContain(part)
  })

  it('are signed in until they sign out', async () => {
    const { cookie } = await signIn()
    const signedIn = async () => (await server.anyone('GET', '/api/session', undefined, { cookie })).status
    expect(await signedIn()).toBe(200)
    expect((await server.anyone('GET', '/api/status', undefined, { cookie })).status).toBe(200)
    const out = await server.anyone('DELETE', '/api/session', undefined, { cookie, ...OWN })
    expect(out.status).toBe(204)
    expect(await signedIn()).toBe(401)
  })

  it('stay signed in when the sandbox clock is moved by months', async () => {
    const { cookie } = await signIn()
    await server.ask('POST', '/api/clock', { advance: 'P6M' })
    expect((await server.anyone('GET', '/api/session', undefined, { cookie })).status).toBe(200)
  })

  it.each([
    ['this server', { origin: 'https://go.acme.io' }, 409],
    ['the address the browser used', { origin: 'http://localhost:3000' }, 409],
    ['no browser', {}, 409],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['another port', { origin: 'http://localhost:4000' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['another site that hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('change something only from a page of ours: %s', async (_, headers, status) => {
    const { cookie } = await signIn()
    const request = { cookie, ...headers } as { readonly [name: string]: string }
    const answer = await server.anyone('POST', '/api/journeys/welcome/resume', undefined, request)
    expect(answer.status).toBe(status)
  })
})
