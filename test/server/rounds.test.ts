// What goes through all contacts, without workers: step by step, side by side, and past whom it cannot be done for.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '../../engine/index.ts'
import { accept, type Acceptance } from '../../server/runtime/accept.ts'
import { replayProblem } from '../../server/runtime/deadLetters.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { countHeld } from '../../server/store/heldEntries.ts'
import { putSegment } from '../../server/runtime/segments.ts'
import { openTimes, type Times } from '../../server/work/dues.ts'
import { END, points } from '../support/entries.ts'
import { journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'
import { DAY, openStore, START, type TestStore } from '../support/store.ts'

let store: TestStore
let runtime: Acceptance
beforeEach(async () => {
  store = await openStore()
  runtime = { ...store.runtime, looking: store.journeys.looking }
})
afterEach(() => store.close())

/** The worker's part, as another process would have it too. */
const times = (): Times => {
  const { database, turns } = store
  return openTimes({ database, turns, runtime, now: () => START })
}
const put = async (name: string, when: Condition) =>
  store.turns.run((tx) => putSegment(tx, store.journeys, name, when, START), { catalogue: true })
const identify = (userId: string, seats: number) =>
  store.turns.run((tx) => {
    const identification = { attributes: { SEATS: seats } }
    const call = { kind: 'identify', userId, occurredAt: START, identification } as const
    return accept(tx, runtime, call, 'test', START)
  })
const people = (count: number) => Array.from({ length: count }, (_, n) => `person-${n}`)
const inside = async (journey: string): Promise<readonly string[]> => {
  const rows = await store.database.read
    .selectFrom('enrollments')
    .select('contact_id')
    .where('journey', '=', journey)
    .execute()
  return rows.map(({ contact_id }) => contact_id)
}
const big: Condition = { field: 'SEATS', operator: '>', value: 10 }
const add = { add: points(1, 'end'), end: END }

describe('while everybody is looked at because a segment has another meaning', () => {
  it('whoever belongs by that does not enter, even if something else happens to them first', async () => {
    await put('Big', { field: 'SEATS', operator: '>', value: 1_000 })
    await times().run(() => START)
    await store.publish(
      journeyOf(add, {
        id: 'entered',
        on: { 'segment.entered': triggerTo('add', { event: 'segment', operator: '=', value: 'Big' }) },
      }),
      START,
    )
    for (const userId of people(3)) await identify(userId, 20)
    await put('Big', big)
    expect(store.journeys.looking()).toBe(true)

    // Nobody was looked at yet. One changes within, one changes and falls out, one is new.
    await identify('person-0', 21)
    await identify('person-1', 2)
    await identify('newcomer', 30)
    expect(await store.contact('person-0')).toMatchObject({ segments: ['Big'] })
    expect(await store.contact('person-1')).toMatchObject({ segments: [] })
    expect(await store.contact('person-2')).toMatchObject({ segments: [] })
    const newcomer = await store.contact('newcomer')
    expect(await inside('entered')).toEqual([newcomer?.id])

    await times().run(() => START)
    expect(store.journeys.looking()).toBe(false)
    expect(await store.contact('person-2')).toMatchObject({ segments: ['Big'] })
    expect(await inside('entered')).toEqual([newcomer?.id])
  })
})

describe('a schedule', () => {
  const schedule = journeyOf(add, {
    id: 'daily',
    meta: { reentry: { policy: 'parallel' } },
    on: { 'time.due': triggerAt('at 12:00', 'add', { segment: 'Big' }) },
  })
  const NOON = START + 3 * 3_600_000

  it('lets everybody in once, though two go through the contacts side by side', async () => {
    for (const userId of people(200)) await identify(userId, 20)
    await put('Big', big)
    await store.publish(schedule, START)
    const workers = [times(), times(), times()]
    for (const { run } of workers) await run(() => START)
    await Promise.all(workers.map(({ run }) => run(() => NOON)))
    const entered = await inside('daily')
    expect(entered).toHaveLength(200)
    expect(new Set(entered).size).toBe(200)
    await Promise.all(workers.map(({ run }) => run(() => NOON + DAY)))
    expect(await inside('daily')).toHaveLength(400)
  })

  it('notes something only of those it lets in, or would if its journey were not paused', async () => {
    const choosy = journeyOf(add, {
      id: 'choosy',
      meta: { reentry: { policy: 'parallel' } },
      on: {
        'time.due': triggerAt('at 12:00', 'add', {
          all: [{ segment: 'Big' }, { field: 'SEATS', operator: '>', value: 20 }],
        }),
      },
    })
    await put('Big', big)
    for (const [n, userId] of people(10).entries()) await identify(userId, 16 + n)
    await store.publish(choosy, START)
    await times().run(() => START)
    await times().run(() => NOON)
    const noted = () =>
      store.database.read.selectFrom('journal').select('contact_id').where('kind', '=', 'due').execute()
    expect(await inside('choosy')).toHaveLength(5)
    expect(await noted()).toHaveLength(5)
    const pause = store.turns.run((tx) => store.journeys.pause(tx, 'choosy', null, NOON + 1), {
      catalogue: true,
    })
    expect(await pause).toBe(true)
    await times().run(() => NOON + DAY)
    expect(await noted()).toHaveLength(10)
    expect(await countHeld(store.database.read, 'choosy')).toBe(5)
    expect((await verifyAll(store.database.read, 'UTC')).differences).toEqual([])
  })

  it('goes past a person for whom it cannot be done, who is shown and can be tried again', async () => {
    for (const userId of people(5)) await identify(userId, 20)
    await put('Big', big)
    await store.publish(schedule, START)
    await times().run(() => START)
    const broken = await store.contact('person-2')
    await store.turns.run((tx) =>
      tx.db
        .updateTable('contacts')
        .set({ state: 'no JSON' })
        .where('id', '=', broken?.id ?? '')
        .execute(),
    )
    await expect(times().run(() => NOON)).rejects.toThrow(/JSON/)
    await times().run(() => NOON)
    expect(await inside('daily')).toHaveLength(4)
    const problems = await store.database.read.selectFrom('problems').selectAll().execute()
    expect(problems).toMatchObject([
      {
        code: 'time_failed',
        journey: 'daily',
        contact_id: broken?.id,
        entry: expect.stringContaining('due') as string,
      },
    ])
  })
})

describe('a date of one person for whom it cannot be done', () => {
  const renewal = journeyOf(add, {
    id: 'renewal',
    meta: { reentry: { policy: 'parallel' } },
    on: { 'time.due': triggerAt('date RENEWAL yearly at 12:00', 'add') },
  })
  const NOON = START + 3 * 3_600_000
  const setState = (id: string, state: string) =>
    store.turns.run((tx) => tx.db.updateTable('contacts').set({ state }).where('id', '=', id).execute())

  it.each(['before', 'after'] as const)(
    'lets in once where a person has it tried again %s it is looked at once more, and next year again',
    async (when) => {
      await store.publish(renewal, START)
      await store.turns.run((tx) => {
        const identification = { attributes: { RENEWAL: '2020-01-05' } }
        const call = { kind: 'identify', userId: 'ada', occurredAt: START, identification } as const
        return accept(tx, runtime, call, 'test', START)
      })
      await times().run(() => START)
      const ada = await store.contact('ada')
      await setState(ada?.id ?? '', 'no JSON')
      await expect(times().run(() => NOON)).rejects.toThrow(/JSON/)
      await setState(ada?.id ?? '', JSON.stringify(ada))

      const [letter] = await store.database.read.selectFrom('problems').select(['id', 'code']).execute()
      expect(letter?.code).toBe('time_failed')
      const again = NOON + 3 * DAY
      const lookAgain = () => times().run(() => again)
      if (when === 'after') await lookAgain()
      const replayed = await store.turns.run((tx) => replayProblem(tx, runtime, letter?.id ?? 0, again))
      expect(replayed).toEqual({ ok: true, failed: null })
      if (when === 'before') await lookAgain()
      expect(await inside('renewal')).toEqual([ada?.id])

      await times().run(() => NOON + 366 * DAY)
      expect(await inside('renewal')).toHaveLength(2)
    },
  )
})
