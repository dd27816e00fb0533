// Waits for times on the running server: in the zone of contact, event or workspace, moved at once when a date changes.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyAll } from '../../server/runtime/verify.ts'
import { apiOf, type Api } from '../support/api.ts'
import { lookInto } from '../support/database.ts'
import { END, points, wait } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer({ env: { TIDEMARK_SANDBOX: '1', TIMEZONE: 'Europe/Berlin' } })
  api = apiOf(server)
})
afterAll(() => server.stop())

const DAY = 24 * 3_600_000

/** What the clock of a zone shows at an instant: "2026-05-04 09:00". */
const shown = (at: string | null | undefined, zone: string) =>
  new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    new Date(at ?? NaN),
  )
const now = async () => Date.parse((await api.must<{ now: string }>('GET', '/clock')).now)
const inDays = async (days: number) => new Date((await now()) + days * DAY).toISOString().slice(0, 10)
/** Until when the contact waits in a journey. */
const due = async (userId: string, journey: string) =>
  (await api.contact(userId)).passages.find((passage) => passage.journey === journey)?.due

it('a time of day is the contact’s, else that of the event’s zone, else the workspace’s', async () => {
  await api.publish(
    journeyOf({ hold: wait('at 09:00', 'add'), add: points(1, 'end'), end: END }, { id: 'nine' }),
  )
  await api.identify('own', { timezone: 'America/New_York' })
  await api.track('own', 'go', {}, { context: { timezone: 'Asia/Kathmandu' } })
  await api.track('traveller', 'go', {}, { context: { timezone: 'Asia/Kathmandu' } })
  // Another event from elsewhere moves nothing.
  await api.track('traveller', 'other', {}, { context: { timezone: 'Australia/Lord_Howe' } })
  await api.track('unknown', 'go')
  expect(shown(await due('own', 'nine'), 'America/New_York')).toMatch(/ 09:00$/)
  expect(shown(await due('traveller', 'nine'), 'Asia/Kathmandu')).toMatch(/ 09:00$/)
  expect(shown(await due('unknown', 'nine'), 'Europe/Berlin')).toMatch(/ 09:00$/)
  await api.advance('P1D')
  for (const userId of ['own', 'traveller', 'unknown']) {
    const [line] = await api.lines(userId)
    expect([userId, line?.journey, line?.reason]).toEqual([userId, 'nine', 'Added 1: at 9:00'])
  }
  expect(shown((await api.lines('traveller'))[0]?.occurredAt, 'Asia/Kathmandu')).toMatch(/ 09:00$/)
})

it('a date that changes moves the wait at once, and one that is taken away ends it', async () => {
  await api.publish(
    journeyOf(
      { hold: wait('date RENEWAL -P7D at 09:00', 'add'), add: points(1, 'end'), end: END },
      { id: 'renewal' },
    ),
  )
  const [first, second] = [await inDays(20), await inDays(30)]
  const weekBefore = (day: string) => new Date(Date.parse(day) - 7 * DAY).toISOString().slice(0, 10)
  await api.identify('ada', { renewal: first })
  await api.track('ada', 'go')
  expect(shown(await due('ada', 'renewal'), 'Europe/Berlin')).toBe(`${weekBefore(first)} 09:00`)
  await api.identify('ada', { renewal: second })
  expect(shown(await due('ada', 'renewal'), 'Europe/Berlin')).toBe(`${weekBefore(second)} 09:00`)
  await api.identify('ada', { timezone: 'America/New_York' })
  expect(shown(await due('ada', 'renewal'), 'America/New_York')).toBe(`${weekBefore(second)} 09:00`)
  await api.identify('ada', { renewal: null })
  await api.advance('PT1S')
  expect((await api.lines('ada')).map(({ journey }) => journey)).toContain('renewal')
  expect(await due('ada', 'renewal')).toBeNull()
})

it('who stays in only while they were here lately leaves when the days are over, with nothing else happening', async () => {
  const recently = { count: { event: 'visited', within: 'P3D' }, operator: '>=', value: 1 } as const
  await api.publish(
    journeyOf(
      { hold: wait('P30D', 'end'), end: END },
      { id: 'lately', meta: { exits: [{ when: { not: recently } }] } },
    ),
  )
  await api.track('eve', 'visited')
  await api.track('eve', 'go')
  const ended = async () =>
    (await api.contact('eve')).passages.find(({ journey }) => journey === 'lately')?.ended
  await api.advance('P2D')
  expect(await ended()).toBeNull()
  await api.advance('P3D')
  expect(await ended()).toMatchObject({ outcome: 'exit' })
})

it('the journal gives all of it again', async () => {
  const found = await lookInto(server.folder, (db) => verifyAll(db, 'Europe/Berlin'))
  expect(found.entries).toBeGreaterThan(15)
  expect(found.differences).toEqual([])
})
