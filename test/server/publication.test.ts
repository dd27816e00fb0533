import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Numbers, Preview } from '../../server/runtime/preview/preview.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { apiOf, type Api } from '../support/api.ts'
import { crowd, journeysOf, mail, mailing } from '../support/crowd.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { isOnPostgres, lookInto, newFolder, removeFolder } from '../support/database.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { startServer } from '../support/serverProcess.ts'

let server: TestInstallation
let journeys: ReturnType<typeof journeysOf>
beforeAll(async () => {
  server = await startInstallation()
  journeys = journeysOf(server)
})
afterAll(() => server.stop())

const preview = async (id: string, body: object = {}): Promise<Numbers> => {
  const { numbers } = await journeys.call<Preview>('POST', `${id}/preview`, body)
  if (!numbers) throw new Error('no numbers')
  return numbers
}
const refused = (method: string, path: string, body?: unknown) =>
  server.ask(method, `/api/journeys/${path}`, body)
const points = (add: number, always: string) => ({
  meta: { kind: 'update' as const },
  entry: { type: 'updateAttribute' as const, params: { attribute: 'SCORE', add } },
  always,
})

describe('a change with 1,000 people inside', () => {
  const MANY = 1_000

  it.each([
    // They were to be mailed after 3 days; half a day later the draft says after 1 day.
    { inside: 'stay', today: 0, week: MANY, goes: 'stays', waits: null },
    {
      inside: 'move',
      today: MANY,
      week: MANY,
      goes: 'moves',
      waits: { atOnce: 0, sooner: MANY, later: 0, same: 0 },
    },
    { inside: 'leave', today: 0, week: 0, goes: 'leaves', waits: null },
  ] as const)('does what the preview says: $inside', async ({ inside, today, week, goes, waits }) => {
    const id = `many-${inside}`
    await journeys.draft(mailing(id, 'P3D'))
    await journeys.publish(id)
    await crowd(server, `start ${id}`, MANY)
    await journeys.advance('PT12H')
    await journeys.draft(mailing(id, 'P1D'))
    const numbers = await preview(id, { inside })
    expect(numbers).toMatchObject({
      sample: null,
      inside: [{ version: 1, step: 'pause', label: 'Pause', people: MANY, goes, waits }],
      people: { today, week },
    })
    expect(numbers.messages).toEqual(
      week === 0
        ? []
        : [expect.objectContaining({ step: 'mail', channel: 'email', today, week, heldBack: [] })],
    )

    expect(await journeys.publish(id, { inside })).toMatchObject({
      version: 2,
      inside: inside === 'stay' ? 0 : MANY,
    })
    await journeys.advance('PT1S')
    expect(await journeys.inside(id)).toEqual(
      { stay: { '1@pause': MANY }, move: { '2@pause': MANY }, leave: {} }[inside],
    )
    await journeys.advance('PT23H')
    expect(await journeys.messages(id)).toEqual(today === 0 ? {} : { captured: today })
    await journeys.advance('P7D')
    expect(await journeys.messages(id)).toEqual(week === 0 ? {} : { captured: week })
    expect(await journeys.mostToOne(id)).toBeLessThan(2)
    expect(await journeys.outcomes(id)).toEqual(inside === 'leave' ? { left: MANY } : { finished: MANY })
  })
})

describe('a step that is gone', () => {
  it('lets those leave who waited there, and only them', async () => {
    const two = (id: string, second: string) =>
      journeyOf(
        {
          pause: { meta: { kind: 'wait' }, after: { P3D: second } },
          [second]: { meta: { kind: 'wait' }, after: { P3D: 'end' } },
          end: { type: 'final' },
        },
        { id, on: { [`start ${id}`]: triggerTo('pause') } },
      )
    await journeys.draft(two('gone', 'second'))
    await journeys.publish('gone')
    await crowd(server, 'start gone', 3)
    await journeys.advance('P4D')
    await server.send('track', { userId: 'newcomer', event: 'start gone' })
    await journeys.draft(two('gone', 'other'))
    expect((await preview('gone', { inside: 'move' })).inside).toMatchObject([
      { step: 'pause', people: 1, goes: 'moves' },
      { step: 'second', people: 3, goes: 'leaves', because: 'Nobody waits at this step in the new version' },
    ])
    await journeys.publish('gone', { inside: 'move' })
    expect(await journeys.inside('gone')).toEqual({ '2@pause': 1 })
    expect(await journeys.outcomes('gone')).toEqual({ inside: 1, left: 3 })
  })
})

describe('the draft that was looked at', () => {
  it('is what is published; one that was changed meanwhile is not', async () => {
    await journeys.draft(mailing('looked', 'P3D'))
    const { body } = await server.ask('POST', '/api/journeys/looked/preview', {})
    expect(body).toMatchObject({
      version: 1,
      revision: 1,
      sender: { mail: expect.stringContaining('@'), sms: null, company: expect.any(String) },
    })
    await journeys.draft(mailing('looked', 'P1D'))
    const publishAs = (etag: string) =>
      server.ask('POST', '/api/journeys/looked/publish', {}, { 'if-match': etag })
    expect((await publishAs('"1"')).body).toMatchObject({ status: 412, code: 'changed_meanwhile' })
    expect(await journeys.call('GET', 'looked')).toMatchObject({ status: 'draft', version: null })
    expect((await publishAs('"2"')).body).toMatchObject({ version: 1 })
  })
})

describe('those who match already', () => {
  const onList = (id: string, list: string) =>
    journeyOf(
      { mail: mail('end'), end: { type: 'final' } },
      { id, on: { 'list.joined': triggerTo('mail', { event: 'list', operator: '=', value: list }) } },
    )
  const joining = (id: string, list: string) =>
    journeyOf(
      {
        join: { meta: { kind: 'addToList' }, entry: { type: 'addToList', params: { list } }, always: 'end' },
        end: { type: 'final' },
      },
      { id, on: { [`start ${id}`]: triggerTo('join') } },
    )

  it('are let in where that is wanted, once each, and as many as the preview said', async () => {
    await journeys.draft(joining('joins', 'Lamps'))
    await journeys.publish('joins')
    await crowd(server, 'start joins', 60)
    await journeys.draft(onList('lamps', 'Lamps'))
    expect(await preview('lamps')).toMatchObject({
      matching: { enter: 60, refused: [] },
      people: { today: 0, week: 0 },
    })
    expect(await preview('lamps', { letIn: true })).toMatchObject({
      matching: { enter: 60 },
      messages: [{ step: 'mail', today: 60, week: 60 }],
      people: { today: 60, week: 60 },
    })
    await journeys.publish('lamps', { letIn: true })
    await journeys.advance('PT1S')
    expect(await journeys.messages('lamps')).toEqual({ captured: 60 })
    await journeys.draft(onList('lamps', 'Lamps'))
    expect((await preview('lamps', { letIn: true })).matching).toEqual({
      enter: 0,
      refused: [{ because: 'has been here before, and this is once only', people: 60 }],
    })
    await journeys.publish('lamps', { letIn: true })
    await journeys.advance('PT1S')
    expect(await journeys.mostToOne('lamps')).toBe(1)
  })

  it('stay outside where it is not', async () => {
    await journeys.draft(onList('no-lamps', 'Lamps'))
    await journeys.publish('no-lamps')
    await journeys.advance('PT1S')
    expect(await journeys.outcomes('no-lamps')).toEqual({})
  })

  it('are held back by the brakes like everybody else', async () => {
    await crowd(server, 'start joins', 260)
    await journeys.draft(onList('too-many', 'Lamps'))
    expect(await preview('too-many', { letIn: true })).toMatchObject({
      matching: { enter: 260 },
      messages: [{ step: 'mail', today: 200, heldBack: [{ reason: 'pace', today: 60 }] }],
      people: { today: 200 },
    })
    await journeys.publish('too-many', { letIn: true })
    await journeys.advance('PT1S')
    expect(await journeys.messages('too-many')).toEqual({ captured: 200, held: 60 })
  })
})

describe('taking a version back', () => {
  /** Gives points at once and mails after the wait. */
  const giving = (id: string, wait: string, add: number) =>
    journeyOf(
      {
        give: points(add, 'pause'),
        pause: { meta: { kind: 'wait' }, after: { [wait]: 'more' } },
        more: points(add, 'mail'),
        mail: mail('end', `News for ${add}`),
        end: { type: 'final' },
      },
      { id, on: { [`start ${id}`]: triggerTo('give') } },
    )

  it('within its time makes all as it was, and nobody was mailed', async () => {
    await journeys.draft(giving('undone', 'P2D', 1))
    await journeys.publish('undone')
    await crowd(server, 'start undone', 40)
    await journeys.advance('P1D')
    await journeys.draft(giving('undone', 'PT12H', 10))
    await journeys.publish('undone', { inside: 'move', undo: 'PT60S' })
    await server.send('track', { userId: 'meanwhile', event: 'start undone' })
    await journeys.advance('PT30S')
    // Their wait was over at once: the points are given, and the mail waits.
    expect(await journeys.inside('undone')).toEqual({ '2@pause': 1 })
    expect(await journeys.messages('undone')).toEqual({ queued: 40 })

    const answer = await journeys.call('POST', 'undone/unpublish', { version: 2 })
    expect(answer).toEqual({
      version: 1,
      returned: 40,
      left: 1,
      discarded: 40,
      points: [{ attribute: 'SCORE', by: 410, people: 41 }],
    })
    await journeys.advance('PT1S')
    expect(await journeys.inside('undone')).toEqual({ '1@pause': 40 })
    expect(await journeys.outcomes('undone')).toEqual({ inside: 40, left: 1 })
    expect(await journeys.messages('undone')).toEqual({ discarded: 40 })
    expect((await refused('POST', 'undone/unpublish', { version: 2 })).body).toMatchObject({
      status: 409,
      code: 'not_newest',
    })
    const now = await journeys.call<{ version: number; status: string; draft: object }>('GET', 'undone')
    expect(now).toMatchObject({ version: 1, status: 'live', draft: { id: 'undone' } })

    await journeys.advance('P3D')
    expect(await journeys.messages('undone')).toEqual({ captured: 40, discarded: 40 })
    expect(await journeys.mostToOne('undone')).toBe(1)
    // Its number is not given twice.
    expect(await journeys.publish('undone')).toMatchObject({ version: 3 })
  })

  it('brings back those who had left for it', async () => {
    await journeys.draft(mailing('left', 'P2D'))
    await journeys.publish('left')
    await crowd(server, 'start left', 5)
    await journeys.draft(mailing('left', 'P1D'))
    await journeys.publish('left', { inside: 'leave', undo: 'PT60S' })
    expect(await journeys.inside('left')).toEqual({})
    await journeys.call('POST', 'left/unpublish', { version: 2 })
    expect(await journeys.inside('left')).toEqual({ '1@pause': 5 })
    await journeys.advance('P3D')
    expect(await journeys.messages('left')).toEqual({ captured: 5 })
  })

  it('of a first version leaves a draft, and those who were let in are out again', async () => {
    await journeys.draft(
      journeyOf(
        {
          mail: mail('pause'),
          pause: { meta: { kind: 'wait' }, after: { P1D: 'end' } },
          end: { type: 'final' },
        },
        { id: 'first', on: { 'contact.created': triggerTo('mail', { list: 'Lamps' }) } },
      ),
    )
    await journeys.publish('first', { letIn: true, undo: 'PT60S' })
    await journeys.advance('PT1S')
    expect(await journeys.inside('first')).toEqual({ '1@pause': 260 })
    expect(await journeys.call('POST', 'first/unpublish', { version: 1 })).toMatchObject({
      version: null,
      returned: 0,
      left: 260,
      discarded: 260,
    })
    await journeys.advance('PT1S')
    expect(await journeys.inside('first')).toEqual({})
    expect(await journeys.call('GET', 'first')).toMatchObject({
      status: 'draft',
      version: null,
      published: null,
      draft: { id: 'first' },
    })
  })

  it('is over after its time: what it sends then goes out', async () => {
    await journeys.draft(mailing('over', 'PT1S'))
    await journeys.publish('over', { undo: 'PT60S' })
    await crowd(server, 'start over', 3)
    await journeys.advance('PT59S')
    expect(await journeys.messages('over')).toEqual({ queued: 3 })
    await journeys.advance('PT2S')
    expect(await journeys.messages('over')).toEqual({ captured: 3 })
    expect((await refused('POST', 'over/unpublish', { version: 1 })).body).toMatchObject({
      status: 409,
      code: 'undo_over',
    })
    const kept = server.deps.database.read.selectFrom('taken_passages').selectAll().execute()
    expect(await kept).toEqual([])
  })

  it('is not possible where it was not asked for, and of no other version', async () => {
    expect((await refused('POST', 'many-move/unpublish', { version: 2 })).body).toMatchObject({
      status: 409,
      code: 'undo_over',
    })
    expect((await refused('POST', 'many-move/unpublish', { version: 1 })).body).toMatchObject({
      status: 409,
      code: 'not_newest',
    })
    expect((await refused('POST', 'nowhere/unpublish', { version: 1 })).status).toBe(404)
    expect((await refused('POST', 'over/unpublish', {})).body).toMatchObject({
      status: 400,
      path: '/version',
    })
  })
})

describe('work with many people', () => {
  const MANY = 1_200
  const LONG = 120_000
  /** Lets in everybody there is, and would again and again. */
  const everybody = journeyOf(
    { pause: { meta: { kind: 'wait' }, after: { P30D: 'end' } }, end: { type: 'final' } },
    {
      id: 'everybody',
      meta: { reentry: { policy: 'parallel' } },
      on: { 'contact.created': triggerTo('pause') },
    },
  )
  const placesIn = (folder: string, journey: string) =>
    lookInto(folder, (db) =>
      db
        .selectFrom('enrollments')
        .select((select) => ['version', 'step', select.fn.countAll<number>().as('count')])
        .where('live', '=', 1)
        .where('journey', '=', journey)
        .groupBy(['version', 'step'])
        .orderBy('version')
        .execute(),
    )
  const done = async ({ must }: Api) => {
    const underWay = async (id: string) =>
      (await must<{ underWay: readonly string[] }>('GET', `/journeys/${id}`)).underWay
    for (const id of ['killed', 'everybody'])
      await expect.poll(() => underWay(id), { timeout: LONG }).toEqual([])
  }
  /** Many wait; then a change is published that takes them along, and one that lets everybody in. */
  const published = async (api: Api) => {
    await api.publish(mailing('killed', 'P3D'))
    await crowd({ send: (call, body) => api.post(call, body) }, 'start killed', MANY)
    await api.must('PUT', '/journeys/killed', mailing('killed', 'P4D'))
    await api.must('PUT', '/journeys/everybody', everybody)
    await Promise.all([
      api.must('POST', '/journeys/killed/publish', { inside: 'move' }),
      api.must('POST', '/journeys/everybody/publish', { letIn: true }),
    ])
  }
  /** What its journal does not explain. */
  const unexplained = async (folder: string) => {
    expect(await placesIn(folder, 'killed')).toEqual([{ version: 2, step: 'pause', count: MANY }])
    expect(await placesIn(folder, 'everybody')).toEqual([{ version: 1, step: 'pause', count: MANY }])
    const { differences } = await lookInto(folder, (db) => verifyAll(db, 'UTC'))
    await removeFolder(folder)
    return differences
  }

  it(
    'goes on at the next start where the server was killed, and nobody enters twice',
    async () => {
      const folder = newFolder()
      const first = await startServer({ folder })
      await published(apiOf(first))
      await first.kill()
      const before = await placesIn(folder, 'killed')
      expect(before).toMatchObject([{ version: 1 }, { version: 2 }])
      expect(before.reduce((sum, { count }) => sum + count, 0)).toBe(MANY)
      const [entered] = await placesIn(folder, 'everybody')
      expect(entered?.count).toBeLessThan(MANY)

      const second = await startServer({ folder })
      await done(apiOf(second))
      await second.stop()
      expect(await unexplained(folder)).toEqual([])
    },
    LONG,
  )

  it.runIf(isOnPostgres())(
    'is shared by several processes, and done once',
    async () => {
      const folder = newFolder()
      const servers = [await startServer({ folder }), await startServer({ folder })] as const
      await published(apiOf(servers[0]))
      await done(apiOf(servers[1]))
      for (const server of servers) await server.stop()
      expect(await unexplained(folder)).toEqual([])
    },
    LONG,
  )
})

describe('versions in memory', () => {
  it('are those in use; attributes that were counted once are scores for ever', async () => {
    const counting = (attribute: string) =>
      journeyOf(
        {
          count: {
            meta: { kind: 'update' },
            entry: { type: 'updateAttribute', params: { attribute, add: 1 } },
            always: 'end',
          },
          end: { type: 'final' },
        },
        { id: 'counting', on: { 'start counting': triggerTo('count') } },
      )
    for (const attribute of ['ONCE', 'TWICE']) {
      await journeys.draft(counting(attribute))
      await journeys.publish('counting')
    }
    const { machines, scores } = server.deps.journeys.catalogue()
    expect([...machines.keys()].filter((key) => key.endsWith('@counting'))).toEqual(['2@counting'])
    expect(scores).toContain('ONCE')
    await server.send('identify', { userId: 'clever', traits: { once: 100 } })
    expect((await server.ask('GET', '/api/contacts?search=clever')).text).not.toContain('"ONCE":100')
  })
})

it('leaves a database that its journal explains', async () => {
  expect((await verifyAll(server.deps.database.read, 'UTC')).differences).toEqual([])
  expect(server.reported).toEqual([])
})
