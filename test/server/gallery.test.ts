import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JOURNEY_NAMES, shippedJourney, shippedMail } from '../journeys/shipped.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'

let server: TestInstallation
beforeAll(async () => {
  server = await startInstallation()
})
afterAll(() => server.stop())

const get = (path: string) => server.ask('GET', `/api${path}`)
const copy = (id: string, body: unknown) => server.ask('POST', `/api/gallery/${id}`, body)

describe('the gallery', () => {
  it('shows every shipped journey with what it needs', async () => {
    const { items } = (await get('/gallery')).body as { items: readonly { id: string }[] }
    expect(items.map(({ id }) => id)).toEqual(JOURNEY_NAMES)
    expect(items.find(({ id }) => id === 'welcome')).toEqual({
      id: 'welcome',
      journey: shippedJourney('welcome'),
      exists: true,
      events: ['newsletter_subscribed'],
      lists: ['Newsletter'],
      templates: [{ name: 'welcome', subject: shippedMail('welcome').subject }],
    })
  })

  it('copies one as a draft under another id, and the original stays as it is', async () => {
    const made = await copy('welcome', { id: 'welcome2', name: 'Welcome, once more' })
    expect(made.status).toBe(201)
    expect(made.body).toEqual({ id: 'welcome2' })
    const { meta, ...rest } = shippedJourney('welcome')
    expect((await get('/journeys/welcome2')).body).toMatchObject({
      status: 'draft',
      draft: { ...rest, id: 'welcome2', meta: { ...meta, name: 'Welcome, once more' } },
    })
    expect((await get('/journeys/welcome')).body).toMatchObject({ status: 'live', version: 1, draft: null })
  })

  it('never writes over a journey or a mail that is there', async () => {
    expect((await copy('welcome', { id: 'bands' })).body).toMatchObject({ status: 412, code: 'id_taken' })
    const mail = { subject: 'Ours', html: '<p>Ours</p>' }
    await server.ask('PUT', '/api/templates/welcome', mail)
    expect((await copy('welcome', { id: 'welcome3' })).status).toBe(201)
    expect((await get('/templates/welcome')).body).toMatchObject(mail)
  })

  it.each([
    [{}, '/id'],
    [{ id: 'Two words' }, '/id'],
    [{ id: 'fine', name: '' }, '/name'],
    [{ id: 'fine', from: 'x' }, '/from'],
  ])('says what is wrong with %j', async (body, path) => {
    expect((await copy('welcome', body)).body).toMatchObject({ status: 400, path })
    expect((await copy('none', { id: 'fine' })).body).toMatchObject({ status: 404, code: 'unknown_journey' })
  })

  it('installs all as drafts, except those that exist', async () => {
    expect((await server.ask('POST', '/api/gallery')).body).toEqual({ made: [], skipped: JOURNEY_NAMES })
    const empty = await startInstallation()
    try {
      const gone = ['guide', 'welcome']
      await empty.deps.turns.run(async ({ db }) => {
        // As in an installation that began before these were shipped.
        await db.deleteFrom('journey_versions').where('journey', 'in', gone).execute()
        await db.deleteFrom('openings').where('journey', 'in', gone).execute()
        await db.deleteFrom('journeys').where('id', 'in', gone).execute()
        await db.deleteFrom('templates').where('name', '=', 'guide').execute()
      })
      const installed = await empty.ask('POST', '/api/gallery')
      expect(installed.status).toBe(201)
      expect(installed.body).toEqual({
        made: gone,
        skipped: JOURNEY_NAMES.filter((name) => !gone.includes(name)),
      })
      expect((await empty.ask('GET', '/api/journeys/guide')).body).toMatchObject({
        status: 'draft',
        version: null,
        draft: shippedJourney('guide'),
        problems: [],
      })
      expect((await empty.ask('GET', '/api/templates/guide')).status).toBe(200)
    } finally {
      await empty.stop()
    }
  })
})
