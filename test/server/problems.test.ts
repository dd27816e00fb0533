// What a draft is told while it is drawn: all that can be said of it, and whether its triggers were ever received.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInstallation, type TestInstallation } from '../support/installation.ts'

let server: TestInstallation
beforeAll(async () => {
  server = await startInstallation()
})
afterAll(() => server.stop())

const step = (list: string, always: string) => ({
  meta: { kind: 'addToList' },
  entry: { type: 'addToList', params: { list } },
  always,
})
const draft = (id: string, states: object, event = 'quote_requested') => ({
  id,
  meta: { format: 1, name: id },
  context: {},
  initial: 'outside',
  on: { [event]: { target: '.a', guard: { type: 'mayEnter' } } },
  states: { outside: {}, ...states, end: { type: 'final' } },
})

/** Stores a draft over the one that is there; answers what is wrong with it, as `severity code path`. */
async function problemsOf(document: { readonly id: string }): Promise<readonly string[]> {
  const { body } = await server.ask('PUT', `/api/journeys/${document.id}`, document, { 'if-match': '*' })
  return told(body)
}

async function created(document: { readonly id: string }): Promise<readonly string[]> {
  const { status, body } = await server.ask('PUT', `/api/journeys/${document.id}`, document)
  expect(status).toBe(201)
  return told(body)
}

function told({
  problems,
}: {
  readonly problems: readonly { severity: string; code: string; path: string }[]
}) {
  return problems.map(({ severity, code, path }) => `${severity} ${code} ${path}`)
}

describe('a draft', () => {
  it('with a step that is not filled in is told all else that is wrong with it, and not published', async () => {
    const unfinished = draft('half', { a: step('', 'end'), lost: step('Warm leads', 'end') })
    expect(await created(unfinished)).toEqual([
      'error unfinished /states/a/entry/params/list',
      'error unreachable_step /states/lost',
    ])
    const refused = await server.ask('POST', '/api/journeys/half/publish', {})
    expect(refused.status).toBe(409)
    expect(told(refused.body)).toEqual([
      'error unfinished /states/a/entry/params/list',
      'error unreachable_step /states/lost',
    ])
    expect(await problemsOf(draft('half', { a: step('Warm leads', 'end') }))).toEqual([])
    expect((await server.ask('POST', '/api/journeys/half/publish', {})).status).toBe(200)
  })

  it('on an event that was never received is warned, once anything is received at all', async () => {
    const missed = draft('missed', { a: step('Warm leads', 'end') }, 'quote_requestd')
    const warning = ['warning never_received /on/quote_requestd']
    expect(await created(missed)).toEqual([])
    await server.send('track', { userId: 'ada', event: 'quote_requested' })
    expect(await problemsOf(missed)).toEqual(warning)
    const { body } = await server.ask('GET', '/api/journeys/missed')
    expect(body).toMatchObject({
      problems: [{ detail: expect.stringContaining('did you mean "quote_requested"?') }],
    })
    await server.send('track', { userId: 'ada', event: 'quote_requestd' })
    expect(told((await server.ask('GET', '/api/journeys/missed')).body)).toEqual([])
  })

  it('is warned again when nothing of that name came for 30 days', async () => {
    const { deps } = server
    await deps.advanceClock(deps.clock.now() + 31 * 86_400_000)
    await server.send('track', { userId: 'ada', event: 'purchase' })
    expect(told((await server.ask('GET', '/api/journeys/missed')).body)).toEqual([
      'warning never_received /on/quote_requestd',
    ])
    expect((await server.ask('POST', '/api/journeys/missed/publish', {})).body).toMatchObject({
      version: 1,
      problems: [{ code: 'never_received' }],
    })
  })
})
