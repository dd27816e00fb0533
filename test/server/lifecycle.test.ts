import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Journey } from '../../engine/index.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { crowd, journeysOf, mail, mailing } from '../support/crowd.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

let server: TestInstallation
let journeys: ReturnType<typeof journeysOf>
beforeAll(async () => {
  server = await startInstallation()
  journeys = journeysOf(server)
})
afterAll(() => server.stop())

const refused = async (path: string, body?: unknown) =>
  (await server.ask('POST', `/api/journeys/${path}`, body)).body as object
const status = async (id: string) => (await journeys.call<{ status: string }>('GET', id)).status
const track = (userId: string, event: string, properties = {}) =>
  server.send('track', { userId, event, properties, context: { traits: { email: `${userId}@example.org` } } })
/** When each message of a journey went out, in hours from now, rounded. */
const sentAfter = async (journey: string, since: number) => {
  const rows = await server.deps.database.read
    .selectFrom('messages')
    .select('sent_at')
    .where('journey', '=', journey)
    .where('sent_at', 'is not', null)
    .orderBy('sent_at')
    .execute()
  return rows.map(({ sent_at }) => Math.round(((sent_at ?? 0) - since) / 3_600_000))
}

describe('a journey paused for a week', () => {
  /** 100 wait for their mail when it is paused, and 20 more come meanwhile. */
  const paused = async (id: string) => {
    await journeys.draft(mailing(id, 'P3D'))
    await journeys.publish(id)
    await crowd(server, `start ${id}`, 100)
    await journeys.advance('P1D')
    await journeys.call('POST', `${id}/pause`)
    await crowd(server, `start ${id}`, 120)
    await journeys.advance('P7D')
    expect(await journeys.messages(id)).toEqual({})
    expect(await journeys.inside(id)).toEqual({ '1@pause': 100 })
    // Of those inside 100 did it again: that is held too, and their one passage is still under way.
    expect(await journeys.call('GET', id)).toMatchObject({ status: 'paused', held: 120 })
    return server.deps.clock.now()
  }

  it('sends all at once what is overdue, and lets those in who came', async () => {
    const since = await paused('week-send')
    expect(await journeys.call('POST', 'week-send/resume', { overdue: 'send' })).toMatchObject({
      status: 'live',
      overdue: { waits: 100, messages: 0, entries: 120 },
    })
    await journeys.advance('PT1M')
    expect(await sentAfter('week-send', since)).toEqual(Array.from({ length: 100 }, () => 0))
    expect(await journeys.inside('week-send')).toEqual({ '1@pause': 20 })
    await journeys.advance('P4D')
    expect(await journeys.messages('week-send')).toEqual({ captured: 120 })
    expect(await journeys.mostToOne('week-send')).toBe(1)
  })

  it('spreads it over a day', async () => {
    const since = await paused('week-spread')
    await journeys.call('POST', 'week-spread/resume', { overdue: 'spread' })
    await journeys.advance('PT12H')
    const { captured = 0 } = await journeys.messages('week-spread')
    expect(captured).toBeGreaterThan(40)
    expect(captured).toBeLessThan(60)
    const { '1@pause': half = 0 } = await journeys.inside('week-spread')
    expect(half).toBeLessThan(70)
    await journeys.advance('PT13H')
    expect(await journeys.messages('week-spread')).toEqual({ captured: 100 })
    expect(new Set(await sentAfter('week-spread', since)).size).toBeGreaterThan(20)
    await journeys.advance('P4D')
    expect(await journeys.messages('week-spread')).toEqual({ captured: 120 })
    expect(await journeys.mostToOne('week-spread')).toBe(1)
  })

  it('skips it, and says how much that was', async () => {
    await paused('week-skip')
    expect(await journeys.call('POST', 'week-skip/resume', { overdue: 'skip' })).toMatchObject({
      overdue: { waits: 100, entries: 120 },
    })
    await journeys.advance('P7D')
    expect(await journeys.messages('week-skip')).toEqual({ skipped: 100 })
    expect(await journeys.outcomes('week-skip')).toEqual({ finished: 100 })
    await track('afterwards', 'start week-skip')
    expect(await journeys.inside('week-skip')).toEqual({ '1@pause': 1 })
  })

  it('tries what one person did in its order, with what it knew then', async () => {
    const scoring = journeyOf(
      {
        add: {
          meta: { kind: 'update' },
          entry: {
            type: 'updateAttribute',
            params: { attribute: 'SCORE', add: { event: 'points' }, cap: { points: 5, per: 'PT1H' } },
          },
          always: 'end',
        },
        end: { type: 'final' },
      },
      { id: 'held-points', on: { scored: triggerTo('add', { event: 'points', operator: '>', value: 0 }) } },
    )
    await journeys.draft(scoring)
    await journeys.publish('held-points')
    await journeys.call('POST', 'held-points/pause')
    for (const points of [3, 0, 4]) await track('scorer', 'scored', { points })
    await journeys.advance('PT2H')
    await track('scorer', 'scored', { points: 5 })
    expect(await journeys.call('GET', 'held-points')).toMatchObject({ held: 3 })
    await journeys.call('POST', 'held-points/resume')
    await journeys.advance('PT1S')
    const { items } = (await server.ask('GET', '/api/contacts?search=scorer')).body as {
      items: readonly { id: string }[]
    }
    const { entries } = (await server.ask('GET', `/api/contacts/${items[0]?.id}/score`)).body as {
      entries: readonly { by: number }[]
    }
    // At most 5 an hour, by when it happened: 3 and 2 of 4, and 5 two hours later.
    expect(entries.map(({ by }) => by).toReversed()).toEqual([3, 2, 5])
  })

  it('keeps what it held when it is paused again before that was its turn', async () => {
    await journeys.draft(mailing('again', 'P3D'))
    await journeys.publish('again')
    await journeys.call('POST', 'again/pause')
    await crowd(server, 'start again', 10)
    await journeys.call('POST', 'again/resume', { overdue: 'spread' })
    await journeys.call('POST', 'again/pause')
    await journeys.advance('P2D')
    const { '1@pause': early = 0 } = await journeys.inside('again')
    expect(early).toBeLessThan(3)
    await journeys.call('POST', 'again/resume')
    await journeys.advance('PT1S')
    expect(await journeys.inside('again')).toEqual({ '1@pause': 10 })
  })

  it('stays paused when a new version is published, and lets in by it', async () => {
    await journeys.draft(mailing('mended', 'P3D'))
    await journeys.publish('mended')
    await crowd(server, 'start mended', 2)
    await journeys.call('POST', 'mended/pause')
    await crowd(server, 'start mended', 3)
    await journeys.draft(mailing('mended', 'P1D'))
    await journeys.publish('mended', { inside: 'move', letIn: true })
    expect(await status('mended')).toBe('paused')
    await journeys.advance('P9D')
    expect(await journeys.inside('mended')).toEqual({ '2@pause': 2 })
    expect(await journeys.messages('mended')).toEqual({})
    await journeys.call('POST', 'mended/resume')
    await journeys.advance('P2D')
    expect(await journeys.messages('mended')).toEqual({ captured: 3 })
  })
})

describe('a stopped journey', () => {
  it('lets those inside finish, and nobody in', async () => {
    await journeys.draft(mailing('finish', 'P3D'))
    await journeys.publish('finish')
    await crowd(server, 'start finish', 4)
    expect(await journeys.call('POST', 'finish/stop')).toMatchObject({ status: 'stopped' })
    await crowd(server, 'start finish', 6)
    await journeys.advance('P4D')
    expect(await journeys.messages('finish')).toEqual({ captured: 4 })
    expect(await journeys.outcomes('finish')).toEqual({ finished: 4 })
    expect(await journeys.call('POST', 'finish/resume')).toMatchObject({
      status: 'live',
      overdue: { entries: 0 },
    })
    await crowd(server, 'start finish', 6)
    expect(await journeys.inside('finish')).toEqual({ '1@pause': 2 })
  })

  it('lets those inside leave where that is wanted, and what they were to get is discarded', async () => {
    await journeys.draft(
      journeyOf(
        {
          mail: mail('pause'),
          pause: { meta: { kind: 'wait' }, after: { P3D: 'end' } },
          end: { type: 'final' },
        },
        { id: 'leave', on: { 'start leave': triggerTo('mail') } },
      ),
    )
    await journeys.publish('leave', { undo: 'PT10M' })
    await crowd(server, 'start leave', 4)
    await journeys.call('POST', 'leave/stop', { inside: 'leave' })
    await journeys.advance('PT11M')
    expect(await journeys.messages('leave')).toEqual({ discarded: 4 })
    expect(await journeys.outcomes('leave')).toEqual({ left: 4 })
  })

  it('that is paused says what is to be decided first', async () => {
    await journeys.draft(mailing('undecided', 'P3D'))
    await journeys.publish('undecided')
    await crowd(server, 'start undecided', 1)
    await journeys.call('POST', 'undecided/pause')
    expect(await refused('undecided/stop')).toMatchObject({
      status: 409,
      code: 'paused_inside',
      path: '/inside',
      detail: expect.stringContaining('resume it first'),
    })
    expect(await journeys.call('POST', 'undecided/stop', { inside: 'leave' })).toMatchObject({
      status: 'stopped',
    })
    expect(await journeys.outcomes('undecided')).toEqual({ left: 1 })
  })
})

describe('the archive', () => {
  const listed = async (query = '') => {
    const { items } = (await server.ask('GET', `/api/journeys${query}`)).body as {
      items: readonly { id: string }[]
    }
    return items.map(({ id }) => id)
  }

  it('takes a journey out of sight once nobody is inside', async () => {
    await journeys.draft(mailing('old', 'P3D'))
    await journeys.publish('old')
    await crowd(server, 'start old', 2)
    expect(await refused('old/archive')).toMatchObject({ status: 409, code: 'still_inside', path: '/inside' })
    expect(await journeys.call('POST', 'old/archive', { inside: 'leave' })).toMatchObject({
      status: 'archived',
    })
    expect(await journeys.outcomes('old')).toEqual({ left: 2 })
    expect(await listed()).not.toContain('old')
    expect(await listed('?archived=1')).toEqual(['old'])

    await journeys.draft(mailing('old', 'P1D'))
    expect(await refused('old/publish')).toMatchObject({ status: 409, code: 'is_archived' })
    expect(await refused('old/preview')).toMatchObject({ status: 409, code: 'is_archived' })
    expect(await journeys.call('POST', 'old/unarchive')).toMatchObject({ status: 'stopped' })
    expect(await listed()).toContain('old')
    await journeys.publish('old')
    expect(await status('old')).toBe('live')
  })

  it('takes a draft that was never published, and gives it back as one', async () => {
    await journeys.draft(mailing('sketch', 'P3D'))
    await journeys.call('POST', 'sketch/archive')
    expect(await journeys.call('POST', 'sketch/unarchive')).toMatchObject({ status: 'draft', version: null })
  })
})

describe('what is not possible as things stand', () => {
  beforeAll(async () => {
    await journeys.draft(mailing('s-draft', 'P3D'))
    for (const id of ['s-live', 's-paused', 's-stopped', 's-archived']) {
      await journeys.draft(mailing(id, 'P3D'))
      await journeys.publish(id)
    }
    await journeys.call('POST', 's-paused/pause')
    await journeys.call('POST', 's-stopped/stop')
    await journeys.call('POST', 's-archived/archive')
  })

  it.each([
    ['s-draft', { pause: 'not_live', resume: 'not_paused', stop: 'not_running', unarchive: 'not_archived' }],
    ['s-live', { resume: 'not_paused', unarchive: 'not_archived' }],
    ['s-paused', { pause: 'not_live', unarchive: 'not_archived' }],
    ['s-stopped', { pause: 'not_live', stop: 'not_running', unarchive: 'not_archived' }],
    ['s-archived', { pause: 'not_live', resume: 'not_paused', stop: 'not_running', archive: 'is_archived' }],
  ] as const)('%s says so in words', async (id, codes) => {
    for (const [change, code] of Object.entries(codes)) {
      expect(await refused(`${id}/${change}`)).toMatchObject({
        status: 409,
        code,
        detail: expect.stringContaining(`"${id}"`),
      })
    }
  })

  it.each(['pause', 'resume', 'stop', 'archive', 'unarchive', 'preview'])(
    'of a journey that is none: %s',
    async (change) => {
      expect(await refused(`nowhere/${change}`)).toMatchObject({ status: 404, code: 'unknown_journey' })
    },
  )

  it.each([
    ['stop', { inside: 'now' }, '/inside'],
    ['archive', { inside: 'finish' }, '/inside'],
    ['resume', { overdue: 'twice' }, '/overdue'],
  ])('%s says what is wrong with %j', async (change, body, path) => {
    expect(await refused(`s-live/${change}`, body)).toMatchObject({ status: 400, path })
  })
})

describe('history', () => {
  it('tells what each version changed, and brings one back as a draft', async () => {
    await journeys.draft(mailing('history', 'P3D'))
    await journeys.publish('history')
    await journeys.draft(mailing('history', 'P1D', { mail: mail('extra'), extra: mail('end', 'More') }))
    await journeys.publish('history')
    const { items } = await journeys.call<{ items: readonly object[] }>('GET', 'history/versions')
    expect(items).toMatchObject([
      { version: 2, current: true, by: expect.any(String), takenBackAt: null },
      { version: 1, current: false, changes: { inWords: 'First version' } },
    ])
    expect(await refused('history/restore', { version: 9 })).toMatchObject({ status: 404, path: '/version' })
    expect(await journeys.call('POST', 'history/restore', { version: 1 })).toMatchObject({
      version: 2,
      draft: { states: { pause: { after: { P3D: 'mail' } } } },
    })
    expect(await refused('history/restore', { version: 1 })).toMatchObject({
      status: 428,
      code: 'if_match_missing',
    })
    await journeys.publish('history')
    const { items: now } = await journeys.call<{ items: readonly object[] }>(
      'GET',
      'history/versions?limit=1',
    )
    expect(now).toMatchObject([
      {
        version: 3,
        changes: {
          added: [],
          removed: ['extra'],
          changed: [
            { step: 'pause', parts: ['delay'] },
            { step: 'mail', parts: ['ways'] },
          ],
          entry: [],
          settings: [],
          inWords: '1 step removed, 2 steps changed',
        },
      },
    ])
  })
})

it('counts what of a draft is not published yet, also while it cannot be published', async () => {
  const unpublished = async () => {
    const detail = await journeys.call<{ unpublishedChanges: number | null }>('GET', 'counting')
    const { body } = await server.ask('GET', '/api/journeys')
    const { items } = body as { items: readonly { id: string; unpublishedChanges: number | null }[] }
    const listed = items.find(({ id }) => id === 'counting')
    expect(listed?.unpublishedChanges).toBe(detail.unpublishedChanges)
    return detail.unpublishedChanges
  }
  const first = mailing('counting', 'P3D')
  await journeys.draft(first)
  expect(await unpublished(), 'there is nothing to compare it with').toBeNull()
  await journeys.publish('counting')
  expect(await unpublished()).toBeNull()
  await journeys.draft(first)
  expect(await unpublished()).toBe(0)
  await journeys.draft(mailing('counting', 'P1D', { mail: mail('extra'), extra: mail('end', 'More') }))
  expect(await unpublished()).toBe(3)
  const wrong = {
    ...first,
    states: { ...first.states, pause: { meta: { kind: 'wait' }, after: { soon: 'mail' } } },
  }
  await journeys.draft(wrong as Journey)
  expect(await unpublished()).toBe(1)
  await journeys.draft({ id: 'counting' } as unknown as Journey)
  expect(await unpublished(), 'it is no journey even in form').toBeNull()
})

it('says of a template which journeys send it as it was', async () => {
  const { body } = await server.ask('GET', '/api/templates/welcome')
  expect(body).toMatchObject({ usedBy: ['welcome'] })
  const { subject, html } = body as { subject: string; html: string }
  expect((await server.ask('PUT', '/api/templates/welcome', { subject, html })).body).toMatchObject({
    usedBy: ['welcome'],
  })
})

it('leaves a database that its journal explains', async () => {
  expect((await verifyAll(server.deps.database.read, 'UTC')).differences).toEqual([])
  expect(server.reported).toEqual([])
})
