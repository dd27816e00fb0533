// Events that no journey could decide: nothing of them is lost, they are tried again once mended, and a journey that fails
// for many stops failing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Journey, Step } from '../../engine/index.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { insertVersion, saveDraft } from '../../server/store/journeys.ts'
import { BASIC, type Page } from '../support/api.ts'
import { END, points, wait } from '../support/entries.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

interface Problem {
  readonly id: string
  readonly code: string
  readonly detail: string
  readonly contactId: string | null
  readonly seq: number | null
  readonly journey: string | null
  readonly count: number
  readonly replayable: boolean
}

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

const parallel = { reentry: { policy: 'parallel' } } as const
/** Answers every change of the score with another: publication refuses it, as it never comes to rest. */
const RESTLESS = journeyOf(
  { add: points(1, 'end'), end: END },
  { id: 'restless', meta: parallel, on: { 'score.changed': triggerTo('add') } },
)
const MENDED = { ...RESTLESS, on: { mended: triggerTo('add') } }
const SCORES = journeyOf({ add: points(5, 'end'), end: END }, { id: 'scores', meta: parallel })

/** Puts a journey in behind publication's back. */
async function force(journey: Journey): Promise<void> {
  const { turns, journeys, clock } = server.deps
  await turns.run(
    async (tx) => {
      await saveDraft(tx, journey.id, JSON.stringify(journey), clock.now())
      await insertVersion(tx, { journey, version: 1, templates: {} }, await tx.nextSeq(), clock.now())
      await journeys.reload(tx.db)
    },
    { catalogue: true },
  )
}

async function publish(journey: Journey): Promise<void> {
  await must('PUT', `/api/journeys/${journey.id}`, journey)
  await must('POST', `/api/journeys/${journey.id}/publish`)
}

async function send(users: readonly string[], event = 'go'): Promise<void> {
  const batch = users.map((user) => ({
    type: 'track',
    userId: user,
    event,
    context: { traits: { email: `${user}@nordlicht-lampen.de`, consent: { email: true } } },
  }))
  const { status, body } = await server.anyone('POST', '/v1/batch', { batch }, { authorization: BASIC })
  expect([status, (body as { accepted: number }).accepted]).toEqual([200, users.length])
}

async function problems(path = ''): Promise<readonly Problem[]> {
  return (await must<Page<Problem>>('GET', `/api/problems${path}?limit=500`)).items
}

async function score(user: string): Promise<number> {
  const { items } = await must<Page<{ userId: string; attributes: { SCORE: number } }>>(
    'GET',
    `/api/contacts?search=${user}`,
  )
  return items.find(({ userId }) => userId === user)!.attributes.SCORE
}

async function journey(
  id: string,
): Promise<{ readonly status: string; readonly pausedBecause: string | null }> {
  return must('GET', `/api/journeys/${id}`)
}

/** The verification of all that is stored. */
async function differences(): Promise<readonly unknown[]> {
  return (await server.deps.database.moment((db) => verifyAll(db, 'UTC'))).differences
}

describe('an event that no journey could decide', () => {
  beforeEach(async () => {
    await publish(SCORES)
    await send(['ada', 'bob', 'cem', 'dan', 'eve'], 'hello')
    await force(RESTLESS)
    await send(['ada', 'bob', 'cem'])
  })

  it('is kept as a problem of its own, with its person and the journey to look at, and one sentence for all', async () => {
    const all = await problems()
    expect(all.map(({ code, journey: blamed, replayable }) => [code, blamed, replayable])).toEqual(
      Array.from({ length: 3 }, () => ['cascade_failed', 'restless', true]),
    )
    expect(new Set(all.map(({ contactId }) => contactId)).size).toBe(3)
    expect(new Set(all.map(({ seq }) => seq)).size).toBe(3)
    expect(await problems('/groups')).toMatchObject([
      { code: 'cascade_failed', journey: 'restless', count: 3, id: all[0]!.id },
    ])
    expect(await score('ada')).toBe(0)
    await send(['ada'], 'something else')
    expect(await problems()).toHaveLength(3)
    expect(await differences()).toEqual([])
  })

  it('is run again once it is mended, once, and counts once', async () => {
    await publish(MENDED)
    const [, one] = await problems()
    expect(await must('POST', `/api/problems/${one!.id}/replay`)).toEqual({ failed: null })
    expect(await score('bob')).toBe(5)
    expect((await problems()).map(({ id }) => id)).not.toContain(one!.id)
    expect((await server.ask('POST', `/api/problems/${one!.id}/replay`)).status).toBe(404)
    expect(await score('bob')).toBe(5)
    const { items } = await must<Page<{ name: string; failed: string | null }>>(
      'GET',
      `/api/contacts/${one!.contactId}/timeline`,
    )
    expect(items.map(({ name, failed }) => [name, failed === null])).toEqual([
      ['go', true],
      ['go', false],
      ['hello', true],
    ])
    await publish(
      journeyOf(
        { add: points(1, 'end'), end: END },
        {
          id: 'counts',
          on: { ask: triggerTo('add', { count: { event: 'go' }, operator: '=', value: 1 }) },
        },
      ),
    )
    await send(['bob'], 'ask')
    expect(await score('bob')).toBe(6)
    expect(await differences()).toEqual([])
  })

  it('that fails once more is a new problem', async () => {
    const [first] = await problems()
    const { failed } = await must<{ failed: string }>('POST', `/api/problems/${first!.id}/replay`)
    expect(failed).toMatch(/^more than 200 changes followed from one event/)
    const after = await problems()
    expect(after).toHaveLength(3)
    expect(after[0]).toMatchObject({ contactId: first!.contactId, journey: 'restless' })
    expect(after[0]!.seq).toBeGreaterThan(first!.seq!)
  })

  it('is run again with all others of its kind, or put aside with them', async () => {
    await send(['dan', 'eve'])
    const [one] = await problems()
    expect((await server.ask('POST', `/api/problems/${one!.id}/discard`)).status).toBe(204)
    expect((await server.ask('POST', `/api/problems/${one!.id}/replay`)).status).toBe(404)
    await publish(MENDED)
    expect(await must('POST', '/api/problems/replay', { code: 'cascade_failed', journey: 'other' })).toEqual({
      replayed: 0,
      failed: 0,
    })
    expect(
      await must('POST', '/api/problems/replay', { code: 'cascade_failed', journey: 'restless' }),
    ).toEqual({
      replayed: 4,
      failed: 0,
    })
    expect(await problems()).toEqual([])
    expect(await Promise.all(['ada', 'bob', 'cem', 'dan', 'eve'].map(score))).toEqual([5, 5, 5, 5, 0])
    await force({ ...RESTLESS, id: 'restless-too' })
    await send(['ada', 'bob'])
    const [again] = await problems()
    expect(
      await must('POST', '/api/problems/discard', { code: 'cascade_failed', detail: again!.detail }),
    ).toEqual({ discarded: 2 })
    expect(await problems()).toEqual([])
    expect(await differences()).toEqual([])
  })

  it('comes too late for what it would have sent, not for its points', async () => {
    const letter: Step = {
      meta: { kind: 'email' },
      entry: { type: 'sendEmail', params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'promotional' } },
      always: 'end',
    }
    await publish(journeyOf({ letter, end: END }, { id: 'letter' }))
    await publish(MENDED)
    await must('POST', '/api/clock', { advance: 'P2D' })
    await must('POST', '/api/problems/replay', { code: 'cascade_failed' })
    await server.settled()
    expect(await score('ada')).toBe(5)
    const { items } = await must<Page<{ status: string; reason: string }>>('GET', '/api/messages')
    expect(items.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped'])
    expect(items[0]!.reason).toMatch(/^Not sent: the event is from /)
    expect(await differences()).toEqual([])
  })
})

describe('a wait that could not be moved on', () => {
  it('is moved on as soon as it is mended', async () => {
    await publish(journeyOf({ pause: wait('P1D', 'add'), add: points(5, 'end'), end: END }, { id: 'waits' }))
    await send(['ada'])
    await force(RESTLESS)
    await must('POST', '/api/clock', { advance: 'P1DT1H' })
    const [problem] = await problems()
    expect(problem).toMatchObject({ code: 'cascade_failed', journey: 'restless', replayable: true })
    await publish(MENDED)
    expect(await must('POST', `/api/problems/${problem!.id}/replay`)).toEqual({ failed: null })
    expect(await score('ada')).toBe(5)
    await must('POST', '/api/clock', { advance: 'P2D' })
    expect(await score('ada')).toBe(5)
    expect(await differences()).toEqual([])
  })
})

describe('a journey that throws', () => {
  it('costs the event of one person, who is told of, and nobody else', async () => {
    await publish(journeyOf({ pause: wait('P1D', 'end'), end: END }, { id: 'waits' }))
    await publish({ ...SCORES, on: { score: triggerTo('add') } })
    await send(['ada', 'bob'])
    const { turns, database } = server.deps
    const of = database.read.selectFrom('enrollments').select(['id', 'state']).where('journey', '=', 'waits')
    const { id, state } = await of.executeTakeFirstOrThrow()
    const setState = (text: string) =>
      turns.run((tx) => tx.db.updateTable('enrollments').set({ state: text }).where('id', '=', id).execute())
    await setState(state.replace('"version":1', '"version":7'))
    await send(['ada', 'bob'], 'score')
    const [problem, ...others] = await problems()
    expect(others).toEqual([])
    expect(problem).toMatchObject({
      journey: 'waits',
      detail: 'what follows could not be decided (journey "waits" version 7 is not in the catalogue)',
    })
    expect(new Set(await Promise.all(['ada', 'bob'].map(score)))).toEqual(new Set([0, 5]))
    await setState(state)
    expect(await must('POST', `/api/problems/${problem!.id}/replay`)).toEqual({ failed: null })
    expect(await Promise.all(['ada', 'bob'].map(score))).toEqual([5, 5])
  })
})

describe('a journey that fails for many', () => {
  const people = (count: number, name = 'p') => Array.from({ length: count }, (_, n) => `${name}${n}`)
  beforeEach(async () => {
    await publish(SCORES)
    await force(RESTLESS)
  })
  const pausedSoon = async () => {
    // It is looked at after the commit of the event.
    for (let tries = 0; tries < 200 && (await journey('restless')).status === 'live'; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    return journey('restless')
  }

  it('pauses itself at the twentieth person within an hour, and says why', async () => {
    await send(people(19))
    await send(people(19))
    await must('POST', '/api/clock', { advance: 'PT1S' })
    expect((await journey('restless')).status).toBe('live')
    await send(['one more'])
    expect(await pausedSoon()).toMatchObject({
      status: 'paused',
      pausedBecause: expect.stringMatching(/^It failed for 20 people within an hour/),
    })
    expect((await problems()).filter(({ code }) => code === 'journey_paused')).toMatchObject([
      {
        journey: 'restless',
        detail: expect.stringMatching(/^“restless” failed for 20 people within an hour/),
      },
    ])
    expect((await journey('scores')).status).toBe('live')
    await send(['and another'])
    expect(await score('and another')).toBe(5)
    expect(await differences()).toEqual([])
  })

  it('does not where the failures are further apart, nor for those before it was resumed', async () => {
    await send(people(15))
    await must('POST', '/api/clock', { advance: 'PT61M' })
    await send(people(15, 'q'))
    await must('POST', '/api/clock', { advance: 'PT1S' })
    expect((await journey('restless')).status).toBe('live')
    await send(people(5, 'r'))
    expect((await pausedSoon()).status).toBe('paused')
    await must('POST', '/api/journeys/restless/resume', { overdue: 'skip' })
    await send(people(19, 's'))
    await must('POST', '/api/clock', { advance: 'PT1S' })
    expect((await journey('restless')).status).toBe('live')
    await send(['t'])
    expect((await pausedSoon()).status).toBe('paused')
  })
})

it('a problem that has nothing to run again is put aside only', async () => {
  const { turns, clock } = server.deps
  const { addProblem } = await import('../../server/store/problems.ts')
  const problem = {
    severity: 'warning',
    code: 'identity_conflict',
    path: '',
    detail: 'Two people',
    at: clock.now(),
  } as const
  await turns.run((tx) => addProblem(tx, problem))
  const [one] = await problems()
  expect(one!.replayable).toBe(false)
  expect((await server.ask('POST', `/api/problems/${one!.id}/replay`)).status).toBe(409)
  expect((await server.ask('POST', '/api/problems/nonsense/replay')).status).toBe(404)
  expect((await server.ask('POST', `/api/problems/${one!.id}/discard`)).status).toBe(204)
})
