// Triggers by time on the running server: dates, inactivity and schedules let people in at their time, once.
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Condition } from '../../engine/index.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import type { Tables } from '../../server/store/schema.ts'
import { apiOf, type Api } from '../support/api.ts'
import { lookInto } from '../support/database.ts'
import { END, points } from '../support/entries.ts'
import { journeyOf, triggerAt } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

const ENV = { TIDEMARK_SANDBOX: '1', TIMEZONE: 'Europe/Berlin' }

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer({ env: ENV })
  api = apiOf(server)
})
afterAll(() => server.stop())

const DAY = 24 * 3_600_000
/** The product's time. */
const now = async (): Promise<number> => Date.parse((await api.must<{ now: string }>('GET', '/clock')).now)
/** The date so many days from now, as a client writes it. */
const inDays = async (days: number): Promise<string> =>
  new Date((await now()) + days * DAY).toISOString().slice(0, 10)

/** A journey that gives a point each time it lets in. */
const counts = (id: string, at: string, when?: Condition) =>
  journeyOf(
    { add: points(1, 'end'), end: END },
    { id, meta: { reentry: { policy: 'parallel' } }, on: { 'time.due': triggerAt(at, 'add', when) } },
  )
/** When the journey gave points, oldest first. */
const entered = async (userId: string, journey: string): Promise<readonly string[]> =>
  (await api.lines(userId))
    .filter((line) => line.journey === journey)
    .map(({ occurredAt }) => occurredAt)
    .toReversed()

describe('a date', () => {
  it('lets in before it, at the hour in the contact’s zone, whether it was known before publication or not', async () => {
    const renewal = await inDays(20)
    await api.identify('known', { renewal })
    await api.publish(counts('renewals', 'date RENEWAL -P7D at 09:00'))
    await api.identify('new', { renewal, timezone: 'America/New_York' })
    await api.identify('without', { name: 'Nobody' })
    await api.identify('over', { renewal: '2020-01-01' })
    await api.advance('P12D')
    expect(await entered('known', 'renewals')).toEqual([])
    await api.advance('P3D')
    const day = new Date(Date.parse(renewal) - 7 * DAY).toISOString().slice(0, 10)
    const [here, there] = [await entered('known', 'renewals'), await entered('new', 'renewals')]
    expect(here).toHaveLength(1)
    expect(inZone(here[0] ?? '', 'Europe/Berlin')).toBe(`${day} 09:00`)
    expect(there).toHaveLength(1)
    expect(inZone(there[0] ?? '', 'America/New_York')).toBe(`${day} 09:00`)
    await api.advance('P30D')
    for (const userId of ['known', 'new']) expect(await entered(userId, 'renewals')).toHaveLength(1)
    for (const userId of ['without', 'over']) expect(await entered(userId, 'renewals')).toEqual([])
  })

  it('that is changed or taken away counts no more; the new one does', async () => {
    await api.publish(counts('appointments', 'date APPOINTMENT at 08:30'))
    await api.identify('moves', { appointment: await inDays(5) })
    await api.identify('cancels', { appointment: await inDays(5) })
    const later = await inDays(9)
    await api.identify('moves', { appointment: later })
    await api.identify('cancels', { appointment: null })
    await api.advance('P7D')
    expect(await entered('moves', 'appointments')).toEqual([])
    await api.advance('P7D')
    const [at = ''] = await entered('moves', 'appointments')
    expect(inZone(at, 'Europe/Berlin')).toBe(`${later} 08:30`)
    expect(await entered('cancels', 'appointments')).toEqual([])
  })

  it('comes again each year where it is yearly', async () => {
    const birthday = `1984${(await inDays(40)).slice(4)}`
    await api.publish(counts('birthdays', 'date BIRTHDAY yearly at 10:00'))
    await api.identify('born', { birthday })
    await api.advance('P800D')
    const years = await entered('born', 'birthdays')
    expect(years.map((at) => inZone(at, 'Europe/Berlin').slice(5))).toEqual([
      `${birthday.slice(5)} 10:00`,
      `${birthday.slice(5)} 10:00`,
      `${birthday.slice(5)} 10:00`,
    ])
  })
})

describe('no activity for some days', () => {
  it('lets in once, and again only after the person was active and is inactive again', async () => {
    await api.track('idle', 'visited')
    await api.publish(counts('sleepers', 'inactive P10D'))
    await api.advance('P9D')
    expect(await entered('idle', 'sleepers')).toEqual([])
    await api.track('idle', 'visited')
    const since = await now()
    await api.advance('P9D')
    expect(await entered('idle', 'sleepers')).toEqual([])
    await api.advance('P2D')
    const [at = ''] = await entered('idle', 'sleepers')
    expect(Math.abs(Date.parse(at) - (since + 10 * DAY))).toBeLessThan(2 * 3_600_000)
    await api.advance('P40D')
    expect(await entered('idle', 'sleepers')).toHaveLength(1)
    await api.track('idle', 'visited')
    await api.advance('P11D')
    expect(await entered('idle', 'sleepers')).toHaveLength(2)
  })

  it('lets in nobody who was inactive for longer when the journey was published', async () => {
    await api.track('gone', 'visited')
    await api.advance('P20D')
    await api.publish(counts('just-asleep', 'inactive P14D'))
    await api.advance('P30D')
    expect(await entered('gone', 'just-asleep')).toEqual([])
    await api.track('gone', 'visited')
    await api.advance('P15D')
    expect(await entered('gone', 'just-asleep')).toHaveLength(1)
  })
})

describe('a schedule over a segment', () => {
  it('lets everybody of the segment in at each of its times, once, and nobody else', async () => {
    await api.must('PUT', '/segments/Regulars', { when: { field: 'REGULAR', operator: '=', value: true } })
    const crowd = Array.from({ length: 150 }, (_, n) => `regular-${n}`)
    await Promise.all(crowd.map((userId) => api.identify(userId, { regular: true })))
    await api.identify('stranger', { regular: false })
    await api.publish(counts('mondays', 'at 09:00 mon', { segment: 'Regulars' }))
    await api.advance('P14D')
    for (const userId of ['regular-50', 'regular-77', 'regular-149']) {
      const times = (await entered(userId, 'mondays')).map((at) => inZone(at, 'Europe/Berlin'))
      expect(times).toHaveLength(2)
      for (const time of times) {
        expect(time).toMatch(/ 09:00$/)
        expect(new Date(time.slice(0, 10)).getUTCDay()).toBe(1)
      }
    }
    expect((await inside('mondays')).toSorted()).toEqual(
      (await idsOf('regular-')).flatMap((id) => [id, id]).toSorted(),
    )
    // They are not even tried: nothing of it stands in their timeline.
    expect(await api.whyNotEntered('stranger', 'mondays')).toBeUndefined()
    // Who left the segment meanwhile stays out.
    await api.identify('regular-50', { regular: false })
    await api.advance('P7D')
    expect(await entered('regular-50', 'mondays')).toHaveLength(2)
    expect(await entered('regular-77', 'mondays')).toHaveLength(3)
  })

  it('ends with its journey', async () => {
    await api.identify('daily', { daily: true })
    await api.must('PUT', '/segments/Daily', { when: { field: 'DAILY', operator: '=', value: true } })
    await api.publish(counts('every-day', 'at 06:00', { segment: 'Daily' }))
    await api.advance('P3D')
    expect(await entered('daily', 'every-day')).toHaveLength(3)
    await api.must('POST', '/journeys/every-day/stop', {})
    await api.advance('P3D')
    expect(await entered('daily', 'every-day')).toHaveLength(3)
  })

  it('waits while its journey is paused', async () => {
    await api.identify('patient', { patient: true })
    await api.must('PUT', '/segments/Patients', { when: { field: 'PATIENT', operator: '=', value: true } })
    await api.publish(counts('rounds', 'at 07:00', { segment: 'Patients' }))
    await api.must('POST', '/journeys/rounds/pause', {})
    await api.advance('P1D')
    expect(await entered('patient', 'rounds')).toEqual([])
    await api.must('POST', '/journeys/rounds/resume', { overdue: 'send' })
    await api.advance('PT1S')
    expect(await entered('patient', 'rounds')).toHaveLength(1)
  })
})

describe('a kill in the middle', () => {
  it('of a schedule lets everybody in exactly once all the same', async () => {
    const crowd = Array.from({ length: 1_000 }, (_, n) => `crowd-${n}`)
    for (let first = 0; first < crowd.length; first += 500)
      await api.post('batch', {
        batch: crowd
          .slice(first, first + 500)
          .map((userId) => ({ type: 'identify', userId, traits: { crowd: true } })),
      })
    await api.must('PUT', '/segments/Crowd', { when: { field: 'CROWD', operator: '=', value: true } })
    await api.publish(counts('crowded', 'at 12:00', { segment: 'Crowd' }))
    await api.advance('PT1S')

    // The clock reaches noon, and the process ends while some have entered and others have not.
    const advancing = api.advance('P1D').catch(() => undefined)
    await lookInto(server.folder, async (db) => {
      for (let tries = 0; tries < 20_000 && (await countOf(db, 'crowded')) === 0; tries++) await delay(1)
    })
    await server.kill()
    await advancing
    const before = await inside('crowded')
    expect(before.length).toBeGreaterThan(0)
    expect(before.length).toBeLessThan(crowd.length)

    server = await startServer({ folder: server.folder, env: ENV })
    api = apiOf(server)
    await api.advance('PT1S')
    expect((await inside('crowded')).toSorted()).toEqual((await idsOf('crowd-')).toSorted())
  })
})

describe('the journal', () => {
  it('gives the same again, segments and entries by time included', async () => {
    const found = await lookInto(server.folder, (db) => verifyAll(db, 'Europe/Berlin'))
    expect(found.entries).toBeGreaterThan(30)
    expect(found.differences).toEqual([])
  })
})

/** Whose passages of a journey there are, one for each. */
function inside(journey: string): Promise<readonly string[]> {
  return lookInto(server.folder, async (db) => {
    const rows = await db
      .selectFrom('enrollments')
      .select('contact_id')
      .where('journey', '=', journey)
      .execute()
    return rows.map(({ contact_id }) => contact_id)
  })
}

async function countOf(db: Kysely<Tables>, journey: string): Promise<number> {
  const { count } = await db
    .selectFrom('enrollments')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('journey', '=', journey)
    .executeTakeFirstOrThrow()
  return count
}

/** The ids of the contacts whose user ids begin so. */
function idsOf(users: string): Promise<readonly string[]> {
  return lookInto(server.folder, async (db) => {
    const rows = await db.selectFrom('contacts').select('id').where('user_id', 'like', `${users}%`).execute()
    return rows.map(({ id }) => id)
  })
}

/** The wall clock of a zone: "2026-05-04 09:00". */
function inZone(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
    new Date(at),
  )
}
