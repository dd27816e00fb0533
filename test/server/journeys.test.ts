import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAll } from '../../server/runtime/verify.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

let server: TestInstallation
beforeAll(async () => {
  server = await startInstallation()
})
afterAll(() => server.stop())

/** Waits three days, then adds points. */
const waiting = (id: string, days = 'P3D', on = {}) =>
  journeyOf(
    {
      pause: { meta: { kind: 'wait', label: 'Three days' }, after: { [days]: 'points' } },
      points: {
        meta: { kind: 'update' },
        entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 7 } },
        always: 'end',
      },
      end: { type: 'final' },
    },
    { id, on: { [`start ${id}`]: triggerTo('pause'), 'journey.requested': triggerTo('pause'), ...on } },
  )

const put = (id: string, document: unknown, ifMatch?: string) =>
  server.ask('PUT', `/api/journeys/${id}`, document, ifMatch === undefined ? {} : { 'if-match': ifMatch })
const publish = (id: string, body: unknown = { inside: 'stay' }) =>
  server.ask('POST', `/api/journeys/${id}/publish`, body)
const counts = async (id: string) =>
  ((await server.ask('GET', `/api/journeys/${id}`)).body as { counts: object }).counts
const contactId = async (userId: string) => {
  const { items } = (await server.ask('GET', `/api/contacts?search=${userId}`)).body as {
    items: { id: string }[]
  }
  return items[0]?.id ?? ''
}

describe('the shipped journeys', () => {
  it('are live and without problems', async () => {
    const { items } = (await server.ask('GET', '/api/journeys')).body as { items: readonly { id: string }[] }
    expect(items.length).toBeGreaterThan(8)
    for (const item of items)
      expect(item).toMatchObject({ status: 'live', version: 1, problems: [], pausedBecause: null })
    expect(items.find(({ id }) => id === 'welcome')).toMatchObject({ sends: true, name: expect.any(String) })
    expect(items.find(({ id }) => id === 'awareness')).toMatchObject({ sends: false, stage: 'awareness' })
  })
})

describe('a draft', () => {
  it('is new, then changed by those who have seen it, and never written over', async () => {
    const made = await put('drafted', waiting('drafted'))
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      id: 'drafted',
      status: 'draft',
      version: null,
      draft: { id: 'drafted' },
      published: null,
      problems: [],
    })
    const etag = made.headers.get('etag') ?? ''

    expect((await put('drafted', waiting('drafted'))).body).toMatchObject({
      status: 428,
      code: 'if_match_missing',
      detail: expect.stringContaining(etag),
    })
    const changed = await put('drafted', waiting('drafted', 'P4D'), etag)
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
    expect((await put('drafted', waiting('drafted'), etag)).body).toMatchObject({
      status: 412,
      code: 'changed_meanwhile',
    })
    const now = await server.ask('GET', '/api/journeys/drafted')
    expect(now.headers.get('etag')).toBe(`"${(now.body as { revision: number }).revision}"`)
    expect(now.headers.get('etag')).toBe(changed.headers.get('etag'))
    expect(now.body).toMatchObject({ draft: { states: { pause: { after: { P4D: 'points' } } } } })
    expect((await put('drafted', waiting('drafted'), `W/${now.headers.get('etag')}`)).status).toBe(200)
    expect((await put('never-there', waiting('never-there'), '"1"')).status).toBe(412)
  })

  it('that must be a new journey is refused where the id is taken, by a published one as well', async () => {
    const create = (id: string) =>
      server.ask('PUT', `/api/journeys/${id}`, waiting(id), { 'if-none-match': '*' })
    expect((await create('newcomer')).status).toBe(201)
    expect((await create('newcomer')).body).toMatchObject({ status: 412, code: 'id_taken', path: '/id' })
    expect((await create('welcome')).body).toMatchObject({ status: 412, code: 'id_taken' })
    expect((await server.ask('GET', '/api/journeys/welcome')).body).toMatchObject({ draft: null })
  })

  it('is kept with all that is wrong with it', async () => {
    const { status, body } = await put('broken', { id: 'broken', meta: { name: 'Half done' }, states: 7 })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'Half done',
      sends: false,
      problems: expect.arrayContaining([expect.objectContaining({ severity: 'error', path: '/states' })]),
    })
    expect((await publish('broken')).body).toMatchObject({
      status: 409,
      code: 'has_problems',
      problems: expect.any(Array),
    })
    expect((await server.ask('GET', '/api/journeys')).status).toBe(200)
  })

  it('with a name that stands twice is kept, told of and not published', async () => {
    const text = JSON.stringify(waiting('twice')).replace('"initial":', '"initial": "elsewhere", "initial":')
    const { status, body } = await put('twice', text)
    expect(status).toBe(201)
    expect(body).toMatchObject({ problems: [{ code: 'duplicate_key', path: '/initial' }] })
    expect((await publish('twice')).status).toBe(409)
  })

  it.each([
    ['no JSON', '{"id": "x",', 'no_document', ''],
    ['a list', '[]', 'no_document', ''],
    ['a text', '"x"', 'no_document', ''],
    ['nothing', '', 'no_document', ''],
    ['another id', '{"id":"y"}', 'other_id', '/id'],
    ['no id', '{}', 'other_id', '/id'],
    ['too large', `{"id":"x","a":"${'x'.repeat(1_048_576)}"}`, 'document_too_large', ''],
    ['absurdly deep', `{"id":"x","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'document_too_deep', ''],
  ])('is refused when it is %s', async (_, text, code, path) => {
    const { status, body } = await put('x', text)
    expect(status).toBe(422)
    expect(body).toMatchObject({ code, path, detail: expect.stringContaining('expected') })
    expect((await server.ask('GET', '/api/journeys/x')).status).toBe(404)
  })

  it('that is only too deep for a journey is kept', async () => {
    const { status, body } = await put('deep', `{"id":"deep","a":${'['.repeat(100)}${']'.repeat(100)}}`)
    expect(status).toBe(201)
    expect(body).toMatchObject({ problems: [expect.objectContaining({ code: 'too_deep' })] })
  })

  it('of a hostile name harms nothing', async () => {
    expect((await put('__proto__', '{"id":"__proto__"}')).status).toBe(201)
    expect((await server.ask('GET', '/api/journeys/__proto__')).body).toMatchObject({
      id: '__proto__',
      counts: { inside: 0, steps: {} },
    })
    expect((await server.ask('GET', '/api/journeys/constructor')).status).toBe(404)
  })
})

describe('a draft that is not wanted any more', () => {
  const etagOf = async (id: string) =>
    (await server.ask('GET', `/api/journeys/${id}`)).headers.get('etag') ?? ''
  const drop = (path: string, ifMatch?: string) =>
    server.ask(
      'DELETE',
      `/api/journeys/${path}`,
      undefined,
      ifMatch === undefined ? {} : { 'if-match': ifMatch },
    )

  it('goes back to what is live, unless somebody changed it meanwhile', async () => {
    await put('back', waiting('back'))
    expect((await drop('back/draft', '"1"')).body).toMatchObject({ status: 409, code: 'not_published' })
    await publish('back')
    expect((await drop('back/draft', '"1"')).body).toMatchObject({ status: 409, code: 'no_draft' })
    const { headers } = await put('back', waiting('back', 'P4D'))
    const etag = headers.get('etag') ?? ''
    expect((await drop('back/draft')).body).toMatchObject({ status: 428, code: 'if_match_missing' })
    expect((await drop('back/draft', '"999"')).body).toMatchObject({ status: 412, code: 'changed_meanwhile' })
    const dropped = await drop('back/draft', etag)
    expect(dropped.body).toMatchObject({ draft: null, version: 1, unpublishedChanges: null })
    expect((await put('back', waiting('back', 'P5D'), etag)).status, 'its name is gone with it').toBe(412)
    expect((await drop('none/draft', etag)).body).toMatchObject({ status: 404, code: 'unknown_journey' })
  })

  it('goes with its journey where that was never published', async () => {
    await put('brief', waiting('brief'))
    expect((await drop('brief')).body).toMatchObject({ status: 428 })
    expect((await drop('brief', '"999"')).body).toMatchObject({ status: 412 })
    const etag = await etagOf('brief')
    expect((await drop('brief', etag)).status).toBe(204)
    expect((await drop('brief', etag)).body).toMatchObject({ status: 404 })
    expect((await put('brief', waiting('brief'), etag)).status, 'whoever has it open is told').toBe(412)

    const again = await put('brief', { id: 'brief', states: 7 })
    expect(again.status).toBe(201)
    expect(again.headers.get('etag'), 'no name is given twice').not.toBe(etag)
    expect(again.body, 'nothing is remembered of the one before').toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ path: '/states' })]),
    })
    expect((await drop('welcome', await etagOf('welcome'))).body).toMatchObject({
      status: 409,
      code: 'was_published',
    })
  })
})

describe('publication', () => {
  it('makes versions; those inside stay, move or leave as was chosen', async () => {
    await put('v', waiting('v'))
    expect((await publish('v')).body).toEqual({ version: 1, problems: [], inside: 0 })
    await server.send('track', { userId: 'inside', event: 'start v' })
    await expect.poll(() => counts('v')).toMatchObject({ inside: 1, entered: 1, steps: { pause: 1 } })
    expect((await publish('v')).body).toMatchObject({ status: 409, code: 'no_draft' })

    await put('v', waiting('v', 'P5D'))
    expect((await publish('v', {})).body).toEqual({ version: 2, problems: [], inside: 0 })
    await put('v', waiting('v', 'P6D'))
    expect((await publish('v', { inside: 'move' })).body).toEqual({ version: 3, problems: [], inside: 1 })
    await put('v', waiting('v', 'P7D'))
    expect((await publish('v', { inside: 'leave' })).body).toEqual({ version: 4, problems: [], inside: 1 })
    await expect.poll(() => counts('v')).toMatchObject({ inside: 0, entered: 1 })
    const { body } = await server.ask('GET', `/api/contacts/${await contactId('inside')}`)
    const { passages } = body as { passages: readonly { journey: string }[] }
    expect(passages.find(({ journey }) => journey === 'v')).toMatchObject({
      version: 3,
      stepLabel: 'Three days',
      ended: { outcome: 'left' },
    })
  })

  it.each([
    [{ inside: 'away' }, '/inside'],
    [{ inside: 'stay', letIn: 'all' }, '/letIn'],
    [{ inside: 'stay', undo: 'P1D' }, '/undo'],
    [{ inside: 'stay', undo: 'PT11M' }, '/undo'],
  ])('says what is wrong with %j', async (body, path) => {
    expect((await publish('v', body)).body).toMatchObject({ status: 400, path })
  })

  it('of an unknown journey is a problem', async () => {
    expect((await publish('nowhere')).body).toMatchObject({ status: 404, code: 'unknown_journey' })
  })
})

describe('a paused journey', () => {
  it('lets nobody in before it goes on, holds its waits and loses nobody', async () => {
    await put('p', waiting('p'))
    await publish('p')
    await server.send('track', { userId: 'held', event: 'start p' })
    expect((await server.ask('POST', '/api/journeys/p/pause')).body).toMatchObject({ status: 'paused' })
    expect((await server.ask('POST', '/api/journeys/p/pause')).body).toMatchObject({
      status: 409,
      code: 'not_live',
    })
    await server.send('track', { userId: 'late', event: 'start p' })
    await server.ask('POST', '/api/clock', { advance: 'P10D' })
    await expect.poll(() => counts('p')).toMatchObject({ inside: 1, entered: 1, finished: 0 })

    expect((await server.ask('POST', '/api/journeys/p/resume', { overdue: 'send' })).body).toMatchObject({
      status: 'live',
    })
    expect((await server.ask('POST', '/api/journeys/p/resume')).body).toMatchObject({
      status: 409,
      code: 'not_paused',
    })
    await server.ask('POST', '/api/clock', { advance: 'PT1S' })
    // Who came while it was paused has entered now.
    await expect.poll(() => counts('p')).toMatchObject({ inside: 1, entered: 2, finished: 1 })
  })

  it('is not resumed in a way that there is not', async () => {
    expect((await server.ask('POST', '/api/journeys/p/resume', { overdue: 'twice' })).body).toMatchObject({
      status: 400,
      path: '/overdue',
    })
  })
})

describe('putting somebody in', () => {
  it('answers whether and why', async () => {
    await put('e', { ...waiting('e'), meta: { format: 1, name: 'Once', reentry: { policy: 'once' } } })
    await publish('e')
    await server.send('identify', { userId: 'wanted' })
    const contact = await contactId('wanted')
    const enter = (body: unknown, id = 'e') => server.ask('POST', `/api/journeys/${id}/enter`, body)
    expect((await enter({ contact, properties: { why: 'test' } })).body).toMatchObject({ entered: true })
    expect((await enter({ contact })).body).toMatchObject({
      entered: false,
      detail: expect.stringMatching(/./),
    })
    expect((await enter({ contact: 'c999' })).body).toMatchObject({ status: 404, path: '/contact' })
    expect((await enter({})).body).toMatchObject({ status: 400, path: '/contact' })
    expect((await enter({ contact }, 'nowhere')).body).toMatchObject({ status: 404, code: 'unknown_journey' })
    expect((await enter({ contact }, 'drafted')).body).toMatchObject({ status: 409, code: 'not_live' })
    expect((await enter({ contact }, 'awareness')).body).toMatchObject({ status: 409, code: 'not_startable' })
  })
})

it('leaves a database that its journal explains', async () => {
  expect((await verifyAll(server.deps.database.read, 'UTC')).differences).toEqual([])
  expect(server.reported).toEqual([])
})
