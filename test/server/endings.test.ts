// Exits and goals on the running server: who has left or arrived gets no more of a journey's mail.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Journey, JourneyMeta } from '../../engine/index.ts'
import { apiOf, type Api } from '../support/api.ts'
import { END, list, mail, points, wait, waitFor } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer({ env: { TIDEMARK_SANDBOX: '1' } })
  api = apiOf(server)
})
afterAll(() => server.stop())

const CUSTOMER: JourneyMeta['exits'] = [{ when: { field: 'PLAN', operator: '=', value: 'paid' } }]

function own(id: string, states: Journey['states'], meta: Partial<JourneyMeta>): Journey {
  return journeyOf(states, { id, meta, on: { [`${id}-go`]: triggerTo(Object.keys(states)[0] ?? 'end') } })
}

/** Somebody who may be mailed. */
async function subscriber(userId: string, traits: Record<string, string> = {}): Promise<string> {
  const email = `${userId}@nordlicht-lampen.de`
  await api.identify(userId, { email, consent: { email: true }, ...traits })
  return email
}

/** Every message of a journey, whatever became of it. */
async function messagesOf(journey: string): Promise<readonly string[]> {
  const all = await api.pages<{ journey: string; to: string; status: string }>('/messages')
  return all.filter((message) => message.journey === journey).map(({ to, status }) => `${to} ${status}`)
}

describe('an exit that holds prevents the mail', () => {
  it('when the trigger comes: the person does not enter, and the timeline says why', async () => {
    await api.publish(own('exit-trigger', { mail: mail('end'), end: END }, { exits: CUSTOMER }))
    await subscriber('paying', { plan: 'paid' })
    const free = await subscriber('free', { plan: 'free' })
    await api.track('paying', 'exit-trigger-go')
    await api.track('free', 'exit-trigger-go')
    await api.advance('PT1M')
    expect(await messagesOf('exit-trigger')).toEqual([`${free} captured`])
    expect(await api.passages('paying', 'exit-trigger')).toEqual([])
    expect(await api.whyNotEntered('paying', 'exit-trigger')).toMatch(/paid/)
  })

  it('when the time comes: what holds by then is looked at before the mail', async () => {
    const lapsed: JourneyMeta['exits'] = [{ when: { field: 'TRIAL', operator: 'before', value: 'P1D' } }]
    await api.publish(
      own('exit-time', { days: wait('P2D', 'mail'), mail: mail('end'), end: END }, { exits: lapsed }),
    )
    const { now } = await api.must<{ now: string }>('GET', '/clock')
    await subscriber('lapsing', { trial: now })
    const fresh = await subscriber('fresh', { trial: '2099-01-01T00:00:00.000Z' })
    await api.track('lapsing', 'exit-time-go')
    await api.track('fresh', 'exit-time-go')
    expect(await api.passages('lapsing', 'exit-time')).toEqual(['at days'])
    await api.advance('P3D')
    expect(await messagesOf('exit-time')).toEqual([`${fresh} captured`])
    expect(await api.passages('lapsing', 'exit-time')).toEqual(['exit'])
  })

  it('when the very event that the mail waits for makes it true', async () => {
    await api.publish(
      own(
        'exit-event',
        { quiet: waitFor({ 'exit-event-on': 'mail' }, { P30D: 'end' }), mail: mail('end'), end: END },
        { exits: CUSTOMER },
      ),
    )
    await subscriber('upgrades')
    const stays = await subscriber('stays')
    for (const userId of ['upgrades', 'stays']) await api.track(userId, 'exit-event-go')
    await api.track('upgrades', 'exit-event-on', {}, { context: { traits: { plan: 'paid' } } })
    await api.track('stays', 'exit-event-on')
    await api.advance('PT1M')
    expect(await messagesOf('exit-event')).toEqual([`${stays} captured`])
    expect(await api.passages('upgrades', 'exit-event')).toEqual(['exit'])
  })

  it('at once, not when the wait is over: the person leaves with the change itself', async () => {
    await api.publish(
      own('exit-at-once', { days: wait('P9D', 'mail'), mail: mail('end'), end: END }, { exits: CUSTOMER }),
    )
    await subscriber('impatient')
    await api.track('impatient', 'exit-at-once-go')
    await api.identify('impatient', { plan: 'paid' })
    expect(await api.passages('impatient', 'exit-at-once')).toEqual(['exit'])
    // Changing back lets nobody in again.
    await api.identify('impatient', { plan: 'free' })
    await api.advance('P10D')
    expect(await messagesOf('exit-at-once')).toEqual([])
  })
})

describe('a goal', () => {
  const goal: JourneyMeta['goal'] = { when: { field: 'SCORE', operator: '>=', value: 50 }, to: 'sales' }
  const handOff = { sales: list('Handed to sales', 'tell'), tell: mail('end') }

  it('that a step of the journey itself reaches sends no next mail, and its own way still runs, mail included', async () => {
    await api.publish(
      own(
        'goal-step',
        { add: points(50, 'nurture'), nurture: mail('end'), ...handOff, end: END },
        { goal, reentry: { policy: 'once' } },
      ),
    )
    const email = await subscriber('arrives')
    await api.track('arrives', 'goal-step-go')
    await api.advance('PT1M')
    const { lists, passages } = await api.contact('arrives')
    expect(lists).toContain('Handed to sales')
    expect(passages.find(({ journey }) => journey === 'goal-step')?.ended?.outcome).toBe('goal')
    const all = await api.pages<{ journey: string; to: string; step: string }>('/messages')
    const theirs = all.filter(({ to, journey }) => to === email && journey === 'goal-step')
    expect(theirs.map(({ step }) => step)).toEqual(['tell'])
  })

  it('that another journey reaches ends the wait, and nobody who has reached it enters', async () => {
    await api.publish(
      own(
        'goal-elsewhere',
        { days: wait('P5D', 'nurture'), nurture: mail('end'), ...handOff, end: END },
        { goal },
      ),
    )
    await subscriber('scores')
    await api.track('scores', 'goal-elsewhere-go')
    await api.track('scores', 'quote_requested') // the shipped journey adds 50
    expect(await api.passages('scores', 'goal-elsewhere')).toEqual(['goal'])
    await subscriber('there-already')
    await api.track('there-already', 'quote_requested')
    await api.track('there-already', 'goal-elsewhere-go')
    expect(await api.passages('there-already', 'goal-elsewhere')).toEqual([])
    expect(await api.whyNotEntered('there-already', 'goal-elsewhere')).toMatch(/goal/)
  })

  it('and an exit that hold together: the exit is looked at first', async () => {
    await api.publish(
      own(
        'goal-and-exit',
        { days: wait('P5D', 'end'), ...handOff, end: END },
        { goal, exits: [{ when: { field: 'SCORE', operator: '>=', value: 50 } }] },
      ),
    )
    await subscriber('both')
    await api.track('both', 'goal-and-exit-go')
    await api.track('both', 'quote_requested')
    expect(await api.passages('both', 'goal-and-exit')).toEqual(['exit'])
  })
})
