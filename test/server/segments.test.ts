// Segments on the running server: who belongs, who enters and leaves, and what becomes of everybody when they change.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Condition, JsonObject } from '../../engine/index.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { apiOf, ZODS_WORDS, type Api, type Page, type ProblemDocument } from '../support/api.ts'
import { lookInto } from '../support/database.ts'
import { END, list, points, update } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let api: Api
beforeAll(async () => {
  server = await startServer({ env: { TIDEMARK_SANDBOX: '1' } })
  api = apiOf(server)
})
afterAll(() => server.stop())

interface SegmentView {
  readonly name: string
  readonly inWords: string
  readonly contacts: number
  readonly counting: boolean
  readonly usedBy: { readonly journeys: readonly string[]; readonly segments: readonly string[] }
}

const path = (name: string) => `/segments/${encodeURIComponent(name)}`
const put = (name: string, when: Condition) => api.must<SegmentView>('PUT', path(name), { when })
const view = (name: string) => api.must<SegmentView>('GET', path(name))
/** Waits until everybody was looked at. */
const settled = async (): Promise<void> => {
  await api.advance('PT1S')
}
const members = async (name: string): Promise<readonly string[]> =>
  (await api.pages<{ userId: string }>(`${path(name)}/contacts`)).map(({ userId }) => userId).toSorted()

const over = (field: string, value: number): Condition => ({ field, operator: '>', value })
const inside = (segment: string): Condition => ({ segment })
const named = (segment: string): Condition => ({ event: 'segment', operator: '=', value: segment })

/** Journeys that count how often somebody entered and left a segment, in an attribute each. */
async function countsMoves(id: string, segment: string): Promise<void> {
  const count = (attribute: string) => update({ attribute, add: 1 }, 'end')
  for (const [event, name] of [
    ['segment.entered', 'IN'],
    ['segment.left', 'OUT'],
  ] as const)
    await api.publish(
      journeyOf(
        { count: count(`${name}_${id.toUpperCase()}`), end: END },
        {
          id: `${id}-${name.toLowerCase()}`,
          meta: { reentry: { policy: 'parallel' } },
          on: { [event]: triggerTo('count', named(segment)) },
        },
      ),
    )
}
const moves = async (userId: string, id: string): Promise<readonly unknown[]> => {
  const { attributes } = await api.contact(userId)
  return [`IN_${id.toUpperCase()}`, `OUT_${id.toUpperCase()}`].map((name) => attributes[name] ?? 0)
}

describe('a segment', () => {
  it('has everybody for whom its condition holds, from the beginning and from then on', async () => {
    await api.identify('big-1', { seats: 50 })
    await api.identify('small-1', { seats: 5 })
    expect(await put('Big teams', over('SEATS', 20))).toMatchObject({ inWords: 'Seats is over 20' })
    await settled()
    expect(await view('Big teams')).toMatchObject({ contacts: 1, counting: false })
    expect(await members('Big teams')).toEqual(['big-1'])
    await api.identify('big-2', { seats: 21 })
    await api.identify('small-1', { seats: 25 })
    await api.identify('big-1', { seats: 1 })
    expect(await members('Big teams')).toEqual(['big-2', 'small-1'])
    expect(await api.contact('small-1')).toMatchObject({ segments: ['Big teams'] })
    const all = await api.must<Page<SegmentView>>('GET', '/segments')
    expect(all.items.map(({ name }) => name)).toContain('Big teams')
  })

  it('is entered and left the moment something changes, and never by its own change', async () => {
    await api.identify('rich', { budget: 900 })
    await api.identify('poor', { budget: 1 })
    await put('Rich', over('BUDGET', 500))
    await countsMoves('rich', 'Rich')
    await settled()
    expect(await moves('rich', 'rich')).toEqual([0, 0])

    await api.identify('poor', { budget: 501 })
    expect(await moves('poor', 'rich')).toEqual([1, 0])
    await api.identify('poor', { budget: 502 })
    expect(await moves('poor', 'rich')).toEqual([1, 0])
    await api.identify('poor', { budget: 2 })
    expect(await moves('poor', 'rich')).toEqual([1, 1])
    await api.identify('heir', { budget: 10_000 })
    expect(await moves('heir', 'rich')).toEqual([1, 0])

    // Another meaning: who belongs or not by that neither enters nor leaves.
    await put('Rich', over('BUDGET', 1_000))
    await settled()
    expect(await members('Rich')).toEqual(['heir'])
    expect(await moves('rich', 'rich')).toEqual([0, 0])
    await put('Rich', { everybody: true })
    await settled()
    expect(await members('Rich')).toContain('poor')
    expect(await moves('poor', 'rich')).toEqual([1, 1])
  })

  it('may name others, and is looked at when they change', async () => {
    await put('In the north', { field: 'CITY', operator: 'in', value: ['Kiel', 'Flensburg'] })
    await put('Northern teams', { all: [inside('In the north'), over('SEATS', 20)] })
    await countsMoves('north', 'Northern teams')
    await settled()
    await api.identify('kiel', { seats: 30, city: 'Ulm' })
    expect(await moves('kiel', 'north')).toEqual([0, 0])
    await api.identify('kiel', { city: 'Kiel' })
    expect(await moves('kiel', 'north')).toEqual([1, 0])
    await put('In the north', { field: 'CITY', operator: 'in', value: ['Flensburg'] })
    await settled()
    expect(await members('Northern teams')).toEqual([])
    expect(await moves('kiel', 'north')).toEqual([1, 0])
  })

  it('is left when only time passes, at the latest a day later', async () => {
    const active: Condition = {
      count: { event: 'visited', within: 'P7D' },
      operator: '>=',
      value: 1,
    }
    await put('Active', active)
    await countsMoves('active', 'Active')
    await settled()
    await api.track('visitor', 'visited')
    expect(await moves('visitor', 'active')).toEqual([1, 0])
    await api.advance('P6D')
    expect(await moves('visitor', 'active')).toEqual([1, 0])
    await api.advance('P2D')
    expect(await moves('visitor', 'active')).toEqual([1, 1])
    expect(await members('Active')).toEqual([])
  })

  it('is an answer in conditions, also of what its own journeys ask', async () => {
    await put('Spenders', over('SPENT', 100))
    await api.publish(
      journeyOf(
        { add: points(7, 'onto'), onto: list('Spenders club', 'end'), end: END },
        { id: 'spenders', on: { greeted: triggerTo('add', inside('Spenders')) } },
      ),
    )
    await settled()
    await api.identify('spends', { spent: 150 })
    await api.identify('saves', { spent: 15 })
    for (const userId of ['spends', 'saves']) await api.track(userId, 'greeted')
    expect(await api.score('spends')).toBe(7)
    expect(await api.score('saves')).toBe(0)
    expect(await api.whyNotEntered('saves', 'spenders')).toMatch(/Spenders/)
  })
})

describe('a segment that is used', () => {
  it('cannot be deleted, and it is told by what', async () => {
    await put('Needed', over('SEATS', 3))
    await put('Leans on it', { not: inside('Needed') })
    const waits = { add: points(1, 'end'), end: END }
    await api.publish(journeyOf(waits, { id: 'needs', on: { needing: triggerTo('add', inside('Needed')) } }))
    const refused = await api.admin('DELETE', path('Needed'))
    expect(refused.status).toBe(409)
    expect((refused.body as ProblemDocument).detail).toMatch(/journey "needs", segment "Leans on it"$/)
    expect(await view('Needed')).toMatchObject({ usedBy: { journeys: ['needs'], segments: ['Leans on it'] } })
    expect((await api.admin('DELETE', path('Leans on it'))).status).toBe(204)
    expect((await api.admin('DELETE', path('Leans on it'))).status).toBe(404)
    expect((await api.admin('DELETE', path('Needed'))).status).toBe(409)
  })

  it('is gone for everybody once it is deleted', async () => {
    await api.identify('fleeting', { seats: 77 })
    await put('Fleeting', over('SEATS', 70))
    await settled()
    expect(await members('Fleeting')).toEqual(['fleeting'])
    expect((await api.admin('DELETE', path('Fleeting'))).status).toBe(204)
    await settled()
    expect(await api.contact('fleeting')).not.toMatchObject({ segments: ['Fleeting'] })
    expect((await api.admin('GET', `${path('Fleeting')}/contacts`)).status).toBe(404)
  })

  it('must exist before a journey names it', async () => {
    const journey = journeyOf(
      { add: points(1, 'end'), end: END },
      { id: 'too-early', on: { go: triggerTo('add', inside('Nobody defined it')) } },
    )
    await api.must('PUT', '/journeys/too-early', journey)
    const refused = await api.admin('POST', '/journeys/too-early/publish', { inside: 'stay' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('unknown_segment')
  })
})

describe('a segment is refused', () => {
  it.each<[what: string, name: string, body: JsonObject, path: string]>([
    ['without a condition', 'No condition', {}, '/when'],
    ['with half a condition', 'Half', { when: { field: 'SEATS', operator: '>' } }, '/when/value'],
    ['that asks for an event', 'Event', { when: { event: 'path', operator: '=', value: '/' } }, '/when'],
    ['that names one that is none', 'Lost', { when: { segment: 'Nowhere' } }, '/when/segment'],
    ['that names itself', 'Self', { when: { all: [{ segment: 'Self' }] } }, '/when/all/0/segment'],
  ])('%s', async (_, name, body, at) => {
    const answer = await api.admin('PUT', path(name), body)
    expect(`${answer.status} ${answer.text}`).toMatch(/^4(?:00|22) /)
    expect(answer.text).not.toMatch(ZODS_WORDS)
    expect((answer.body as ProblemDocument).path).toBe(at)
    expect((await api.admin('GET', path(name))).status).toBe(404)
  })

  it('whose name no condition may have, and where its body has another name', async () => {
    const when = { everybody: true }
    for (const name of ['%20x', 'constructor', '__proto__', 'x'.repeat(256)])
      expect((await api.admin('PUT', `/segments/${name}`, { when })).status).toBe(422)
    expect((await api.admin('PUT', '/segments/x', { name: 'y', when })).status).toBe(422)
  })
})

describe('the journal', () => {
  it('gives the same again, segments and entries by time included', async () => {
    const found = await lookInto(server.folder, (db) => verifyAll(db, 'UTC'))
    expect(found.entries).toBeGreaterThan(30)
    expect(found.differences).toEqual([])
  })
})
