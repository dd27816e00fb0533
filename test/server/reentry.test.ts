// Who enters again, as a client of the running server sees it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Journey, JourneyMeta } from '../../engine/index.ts'
import { apiOf, type Api } from '../support/api.ts'
import { END, list, points, wait, waitFor } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer({ env: { TIDEMARK_SANDBOX: '1' } })
  api = apiOf(server)
})
afterAll(() => server.stop())

type Reentry = NonNullable<JourneyMeta['reentry']>
const POLICIES = ['once', 'afterExit', 'restart', 'parallel'] as const

/** A journey that only its own event lets in: every test has its own. */
function own(id: string, states: Journey['states'], reentry?: Reentry): Journey {
  const [first = 'end'] = Object.keys(states)
  const meta = reentry ? { reentry } : {}
  return journeyOf(states, { id, meta, on: { [`${id}-go`]: triggerTo(first) } })
}

async function repeat(times: number, userId: string, event: string): Promise<void> {
  for (let i = 0; i < times; i++) await api.track(userId, event)
}

describe('five repeats of an event', () => {
  it.each([
    ['parallel', 5],
    ['afterExit', 5],
    ['restart', 5],
    ['once', 1],
  ] as const)('score under %s %i times, where the journey does not wait', async (policy, times) => {
    await api.publish(own(`repeat-${policy}`.toLowerCase(), { add: points(10, 'end'), end: END }, { policy }))
    await repeat(5, `repeats-${policy}`, `repeat-${policy}-go`.toLowerCase())
    expect(await api.score(`repeats-${policy}`)).toBe(10 * times)
    expect(await api.lines(`repeats-${policy}`)).toHaveLength(times)
  })

  it('score five times in a journey that says nothing, neither waits nor sends; once where it waits', async () => {
    await api.publish(own('says-nothing', { add: points(10, 'end'), end: END }))
    await api.publish(
      own('says-nothing-waits', { add: points(10, 'soon'), soon: wait('PT1H', 'end'), end: END }),
    )
    await repeat(5, 'default', 'says-nothing-go')
    await repeat(5, 'default-waits', 'says-nothing-waits-go')
    expect(await api.score('default')).toBe(50)
    await api.advance('PT2H')
    await repeat(1, 'default-waits', 'says-nothing-waits-go')
    expect(await api.score('default-waits')).toBe(10)
  })
})

describe('an event that comes while the person is inside, waiting for the time', () => {
  const waiting = (policy: Reentry['policy']) =>
    own(
      `waits-${policy}`.toLowerCase(),
      { day: wait('P1D', 'add'), add: points(1, 'end'), end: END },
      { policy },
    )
  const event = (policy: string) => `waits-${policy}-go`.toLowerCase()

  it.each([
    // policy, after 24 hours, after 36 hours, passages
    ['once', 1, 1, ['finished']],
    ['afterExit', 1, 1, ['finished']],
    ['parallel', 1, 2, ['finished', 'finished']],
    ['restart', 0, 1, ['restarted', 'finished']],
  ] as const)('under %s', async (policy, after24, after36, passages) => {
    await api.publish(waiting(policy))
    const userId = `waiting-${policy}`
    await api.track(userId, event(policy))
    await api.advance('PT12H')
    await api.track(userId, event(policy))
    await api.advance('PT12H')
    expect(await api.score(userId)).toBe(after24)
    await api.advance('PT12H')
    expect(await api.score(userId)).toBe(after36)
    expect(await api.passages(userId, waiting(policy).id)).toEqual(passages)
    // Nothing of an old wait is left that could come true later.
    await api.advance('P10D')
    expect(await api.score(userId)).toBe(after36)
    expect(await api.inside(userId, waiting(policy).id)).toEqual([])
  })
})

describe('an event that a passage waits for and that also triggers its journey', () => {
  it.each(POLICIES)(
    'moves that passage on, restarts nothing and begins no second one, under %s',
    async (policy) => {
      const id = `hears-${policy}`.toLowerCase()
      const again = waitFor({ [`${id}-go`]: 'add' }, { P30D: 'end' })
      await api.publish(own(id, { again, add: points(10, 'end'), end: END }, { policy }))
      const userId = `hearing-${policy}`
      await api.track(userId, `${id}-go`)
      expect(await api.score(userId)).toBe(0) // a passage does not hear the event that started it
      await api.track(userId, `${id}-go`)
      expect(await api.score(userId)).toBe(10)
      expect(await api.passages(userId, id)).toEqual(['finished'])
      await api.track(userId, `${id}-go`)
      expect(await api.passages(userId, id)).toEqual(
        policy === 'once' ? ['finished'] : ['finished', 'at again'],
      )
    },
  )
})

describe('limits of entering again', () => {
  it('a key makes one passage per order, and each order once', async () => {
    await api.publish(own('per-order', { add: points(1, 'end'), end: END }, { policy: 'once', key: 'order' }))
    for (const order of ['a', 'b', 'a', 'c', 'b']) await api.track('orders', 'per-order-go', { order })
    expect(await api.score('orders')).toBe(3)
  })

  it('a cooldown counts from the last entry, to the moment; a maximum is for ever', async () => {
    await api.publish(
      own('cooled', { add: points(1, 'end'), end: END }, { policy: 'parallel', cooldown: 'PT1H', max: 3 }),
    )
    await repeat(3, 'cool', 'cooled-go')
    expect(await api.score('cool')).toBe(1)
    await api.advance('PT59M')
    await repeat(1, 'cool', 'cooled-go')
    expect(await api.score('cool')).toBe(1)
    for (let i = 0; i < 5; i++) {
      await api.advance('PT1H')
      await repeat(1, 'cool', 'cooled-go')
    }
    expect(await api.score('cool')).toBe(3)
    expect(await api.whyNotEntered('cool', 'cooled')).toMatch(/3 times/)
  })
})

describe('events at the same moment', () => {
  it('200 of one contact give the exact sum, whoever was first', async () => {
    await api.publish(
      own('sum', { add: points(1.25, 'on-list'), 'on-list': list('Summed', 'end'), end: END }),
    )
    await Promise.all(Array.from({ length: 200 }, () => api.track('sum', 'sum-go')))
    expect(await api.score('sum')).toBe(250)
    const lines = (await api.lines('sum')).toReversed()
    expect(lines).toHaveLength(200)
    // Each begins where the one before ended.
    expect(lines.map(({ before }) => before)).toEqual(lines.map((_, index) => 1.25 * index))
    const { items } = await api.must<{ items: readonly unknown[] }>('GET', '/contacts?search=sum')
    expect(items).toHaveLength(1)
    expect(await api.pages('/lists/Summed/contacts')).toHaveLength(1)
  })

  it('200 that share a cap stay below it, 200 that may enter once enter once', async () => {
    await api.publish(
      own(
        'capped',
        { add: points(7, 'end', { cap: { points: 50, per: 'P1D' } }), end: END },
        { policy: 'parallel' },
      ),
    )
    await api.publish(own('only-once', { add: points(1, 'end'), end: END }, { policy: 'once' }))
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => api.track('rush', i % 2 === 0 ? 'capped-go' : 'only-once-go')),
    )
    expect(await api.score('rush')).toBe(51)
    const steps = (await api.lines('rush')).filter(({ journey }) => journey === 'capped').map(({ by }) => by)
    expect(steps.toSorted((a, b) => b - a)).toEqual([7, 7, 7, 7, 7, 7, 7, 1])
  })

  it('200 of 20 contacts that come in batches give each its own sum', async () => {
    const people = Array.from({ length: 20 }, (_, i) => `many-${i}`)
    const batches = Array.from({ length: 10 }, () => ({
      batch: people.map((userId) => ({ type: 'track', userId, event: 'sum-go' })),
    }))
    await Promise.all(batches.map((batch) => api.post('batch', batch)))
    expect(await Promise.all(people.map((userId) => api.score(userId)))).toEqual(people.map(() => 12.5))
  })
})

describe('a new version, for those inside', () => {
  const version = (id: string, add: number, step = 'add') =>
    own(id, { day: wait('P1D', step), [step]: points(add, 'end'), end: END }, { policy: 'once' })

  it.each([
    ['stay', 1, 'finished'],
    ['move', 5, 'finished'],
    ['leave', 0, 'left'],
  ] as const)('they %s, as chosen at publication', async (inside, score, outcome) => {
    const id = `version-${inside}`
    await api.publish(version(id, 1))
    await api.track(`in-${inside}`, `${id}-go`)
    await api.publish(version(id, 5), inside)
    await api.advance('P2D')
    expect(await api.score(`in-${inside}`)).toBe(score)
    expect(await api.passages(`in-${inside}`, id)).toEqual([outcome])
    await api.track(`after-${inside}`, `${id}-go`)
    await api.advance('P2D')
    expect(await api.score(`after-${inside}`)).toBe(5)
  })
})
