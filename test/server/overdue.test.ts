// What fell due while a journey was paused: sent at once, spread over a day, or skipped, as whoever resumes it chooses.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Step } from '../../engine/index.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { BASIC, type Page } from '../support/api.ts'
import { END, list, wait } from '../support/entries.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf } from '../support/journeys.ts'

const MAIL: Step = {
  meta: { kind: 'email' },
  entry: {
    type: 'sendEmail',
    params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional', again: 'always' },
  },
  always: 'moved',
}
const STEPS = {
  pause: wait('P1D', 'mail'),
  mail: MAIL,
  moved: list('Moved on', 'again'),
  again: wait('P1D', 'second'),
  second: { ...MAIL, always: 'end' } as Step,
  end: END,
}
const PEOPLE = Array.from({ length: 24 }, (_, n) => `p${n}`)

let server: TestInstallation
beforeEach(async () => {
  server = await startInstallation()
})
afterEach(() => server.stop())

async function must<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await server.ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

async function publish(states: { readonly [id: string]: Step }): Promise<void> {
  await must('PUT', '/api/journeys/test', journeyOf(states))
  await must('POST', '/api/journeys/test/publish')
}

async function send(): Promise<void> {
  const batch = PEOPLE.map((user) => ({
    type: 'track',
    userId: user,
    event: 'go',
    context: { traits: { email: `${user}@nordlicht-lampen.de` } },
  }))
  const { status, text } = await server.anyone('POST', '/v1/batch', { batch }, { authorization: BASIC })
  if (status !== 200) throw new Error(text)
}

const advance = (duration: string) => must('POST', '/api/clock', { advance: duration })
const pause = () => must('POST', '/api/journeys/test/pause')
const resume = (overdue: string) => must('POST', '/api/journeys/test/resume', { overdue })

async function counts(): Promise<{ readonly [step: string]: number }> {
  const { items } = await must<Page<{ step: string; status: string; reason: string | null }>>(
    'GET',
    '/api/messages?limit=500',
  )
  const groups = Map.groupBy(items, ({ step, status }) => `${step} ${status}`)
  return Object.fromEntries([...groups].map(([name, { length }]) => [name, length]))
}

async function movedOn(): Promise<number> {
  const { items } = await must<Page<unknown>>('GET', '/api/lists/Moved%20on/contacts?limit=500')
  return items.length
}

async function isVerified(): Promise<void> {
  expect((await server.deps.database.moment((db) => verifyAll(db, 'UTC'))).differences).toEqual([])
  expect(server.reported).toEqual([])
}

describe('waits that were over for a week', () => {
  beforeEach(async () => {
    await publish(STEPS)
    await send()
    await pause()
    await advance('P7D')
  })

  it('go on at once', async () => {
    expect(await counts()).toEqual({})
    await resume('send')
    await server.settled()
    expect(await counts()).toEqual({ 'mail captured': 24 })
    await advance('P1D')
    expect(await counts()).toEqual({ 'mail captured': 24, 'second captured': 24 })
    await isVerified()
  })

  it('are counted before anybody decides about them', async () => {
    await server.send('track', { userId: 'late', event: 'go' })
    expect(await must('GET', '/api/journeys/test/overdue')).toEqual({ waits: 24, messages: 0, entries: 1 })
    await resume('send')
    await server.settled()
    expect(await must('GET', '/api/journeys/test/overdue')).toEqual({ waits: 0, messages: 0, entries: 0 })
    expect((await server.ask('GET', '/api/journeys/none/overdue')).status).toBe(404)
  })

  it('go on evenly over the next day, one after the other', async () => {
    await resume('spread')
    await server.settled()
    const seen: (number | undefined)[] = []
    for (let hour = 0; hour < 24; hour++) {
      await advance('PT1H')
      seen.push((await counts())['mail captured'])
    }
    expect(seen).toEqual(PEOPLE.map((_, n) => n + 1))
    await advance('P1D')
    expect(await counts()).toEqual({ 'mail captured': 24, 'second captured': 24 })
    await isVerified()
  })

  it('move on without what they would have sent; what comes after it is sent at its time', async () => {
    await resume('skip')
    await server.settled()
    expect(await counts()).toEqual({ 'mail skipped': 24 })
    expect(await movedOn()).toBe(24)
    const { items } = await must<Page<{ reason: string }>>('GET', '/api/messages')
    expect(items[0]!.reason).toMatch(/^Not sent: the event is from /)
    await advance('PT23H')
    expect(await counts()).toEqual({ 'mail skipped': 24 })
    await advance('PT1H')
    expect(await counts()).toEqual({ 'mail skipped': 24, 'second captured': 24 })
    await isVerified()
  })

  it('stay as they are where the journey is not paused any more', async () => {
    await resume('send')
    expect((await server.ask('POST', '/api/journeys/test/resume', { overdue: 'skip' })).status).toBe(409)
    await server.settled()
    expect(await counts()).toEqual({ 'mail captured': 24 })
  })
})

describe('messages that were on their way', () => {
  beforeEach(async () => {
    await publish({ mail: MAIL, moved: list('Moved on', 'end'), end: END })
    await must('POST', '/api/sending', { stopped: true })
    await send()
    await pause()
    await must('POST', '/api/sending', { stopped: false })
    await advance('P7D')
  })

  it('go out at once', async () => {
    expect(await counts()).toEqual({ 'mail queued': 24 })
    await resume('send')
    await server.settled()
    expect(await counts()).toEqual({ 'mail captured': 24 })
  })

  it('go out evenly over the next day', async () => {
    await resume('spread')
    await server.settled()
    await advance('PT12H')
    expect(await counts()).toEqual({ 'mail captured': 12, 'mail queued': 12 })
    await advance('PT12H')
    expect(await counts()).toEqual({ 'mail captured': 24 })
    await isVerified()
  })

  it('are skipped, and say why', async () => {
    await resume('skip')
    await advance('P1D')
    expect(await counts()).toEqual({ 'mail skipped': 24 })
    const { items } = await must<Page<{ reason: string }>>('GET', '/api/messages')
    expect(items[0]!.reason).toBe(
      'not sent: it was due while the journey was paused, and what was overdue was skipped',
    )
    await isVerified()
  })
})
