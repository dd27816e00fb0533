// What is done with many people inside a journey, without workers: while it is taken back, and past whom it cannot be done for.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carryOn, nextInsideAt } from '../../server/runtime/inside.ts'
import type { Overdue } from '../../server/runtime/lifecycle.ts'
import { countHeld } from '../../server/store/heldEntries.ts'
import { saveDraft } from '../../server/store/journeys.ts'
import { END, HOUR, points, wait } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { DAY, openStore, START, type TestStore } from '../support/store.ts'

let store: TestStore
beforeEach(async () => {
  store = await openStore()
})
afterEach(() => store.close())

const CHANGES = { catalogue: true } as const
const deps = () => ({
  ...store,
  report: (error: unknown) => {
    throw error
  },
})
const waiting = (days: number) => journeyOf({ pause: wait(`P${days}D`, 'end'), end: END }, { id: 'waiting' })
const UNDO = 60_000

/** So many people do what the journeys here listen to. */
async function go(people: number): Promise<void> {
  for (let n = 0; n < people; n++)
    await store.send(
      {
        kind: 'event',
        userId: `u${n}`,
        occurredAt: START,
        name: 'go',
        properties: {},
        active: true,
        identification: {},
      },
      START,
    )
}

/** So many wait in the first version; the second, which takes them along, is only written down as work. */
async function moving(people: number, now: number): Promise<void> {
  await store.publish(waiting(30), START)
  await go(people)
  await store.turns.run(async (tx) => {
    await saveDraft(tx, 'waiting', JSON.stringify(waiting(31)), now)
    await store.journeys.publish(tx, 'waiting', { inside: 'move', undo: UNDO }, now)
  }, CHANGES)
}
const versions = async () => {
  const rows = await store.database.read
    .selectFrom('enrollments')
    .select('version')
    .where('journey', '=', 'waiting')
    .where('live', '=', 1)
    .execute()
  return rows.map(({ version }) => version)
}

/** More turns than the people here need: who has not come to an end by then never will. */
const MOST_TURNS = 20

describe('a version that takes people along', () => {
  it('stops doing so when it is taken back in the middle, and all are where they were', async () => {
    const people = 100
    await moving(people, START)
    let takenBack: Promise<unknown> | undefined
    let turns = 0
    const stopping = () => {
      takenBack ??= store.turns.run((tx) => store.journeys.unpublish(tx, 'waiting', 2, START + 1), CHANGES)
      return ++turns >= MOST_TURNS
    }
    await carryOn(deps(), { now: () => START + 1, stopping })
    expect(turns).toBeLessThan(MOST_TURNS)
    expect(await takenBack).toMatchObject({ ok: true })

    await carryOn(deps(), { now: () => START + 2, stopping: () => false })
    expect(await versions()).toEqual(Array.from({ length: people }, () => 1))
  })

  it.each(['stay', 'move'] as const)(
    'still does so when a newer one is published in the middle, with which they %s',
    async (inside) => {
      await moving(40, START)
      await store.turns.run(async (tx) => {
        await saveDraft(tx, 'waiting', JSON.stringify(waiting(32)), START)
        await store.journeys.publish(tx, 'waiting', { inside, undo: UNDO }, START)
      }, CHANGES)
      await carryOn(deps(), { now: () => START + 1, stopping: () => false })
      expect(new Set(await versions())).toEqual(new Set([inside === 'stay' ? 2 : 3]))
      expect(await store.database.read.selectFrom('problems').selectAll().execute()).toEqual([])
      const kept = await store.database.read.selectFrom('taken_passages').select('version').execute()
      expect(kept.filter(({ version }) => version === 2)).toHaveLength(40)
    },
  )

  it('leaves those for later for whom it cannot be decided, and shows each once', async () => {
    await moving(3, START)
    await store.turns.run(async (tx) => {
      await tx.db.deleteFrom('journey_versions').where('version', '=', 2).execute()
      await store.journeys.reload(tx.db)
    }, CHANGES)
    let turns = 0
    await carryOn(deps(), { now: () => START, stopping: () => ++turns >= MOST_TURNS })
    expect(turns).toBeLessThan(MOST_TURNS)
    expect(await versions()).toEqual([1, 1, 1])
    const failed = await store.database.read
      .selectFrom('problems')
      .select('contact_id')
      .where('code', '=', 'cascade_failed')
      .execute()
    expect(failed).toHaveLength(3)
    expect(await nextInsideAt(store.database)).toBeGreaterThan(START)
  })
})

describe('what a pause held back', () => {
  const counting = journeyOf(
    { add: points(1, 'end'), end: END },
    { id: 'counting', meta: { reentry: { policy: 'parallel' } } },
  )
  const pause = () => store.turns.run((tx) => store.journeys.pause(tx, 'counting', null, START), CHANGES)
  const resume = (overdue: Overdue) =>
    store.turns.run((tx) => store.journeys.resume(tx, 'counting', START, overdue), CHANGES)
  const settled = (now: number) => carryOn(deps(), { now: () => now, stopping: () => false })
  const held = () => countHeld(store.database.read, 'counting')
  const entered = async () =>
    (await store.database.read.selectFrom('enrollments').select('id').execute()).length

  it('and was skipped lets nobody in, though it is still being deleted when more is held and let in', async () => {
    await store.publish(counting, START)
    await pause()
    await go(5)
    expect(await resume('skip')).toEqual({ ok: true, entries: 5 })
    expect(await held()).toBe(0)
    await pause()
    await go(3)
    expect(await held()).toBe(3)
    expect(await resume('send')).toEqual({ ok: true, entries: 3 })
    await settled(START)
    expect([await entered(), await held()]).toEqual([3, 0])
    expect(await nextInsideAt(store.database)).toBeUndefined()
  })

  it('waits for another decision where the journey is paused in the middle of letting it in', async () => {
    await store.publish(counting, START)
    await pause()
    await go(24)
    await resume('spread')
    expect(await nextInsideAt(store.database)).toBe(START)
    await settled(START + 5 * HOUR)
    expect([await entered(), await held()]).toEqual([6, 18])
    expect(await nextInsideAt(store.database)).toBe(START + 6 * HOUR)
    await pause()
    await go(2)
    await settled(START + DAY)
    expect([await entered(), await held()]).toEqual([6, 20])
    expect(await nextInsideAt(store.database)).toBeUndefined()
    await resume('send')
    await settled(START + DAY)
    expect([await entered(), await held()]).toEqual([26, 0])
  })

  it('is never taken for what was held before', async () => {
    await store.publish(counting, START)
    const numbers = async () =>
      (await store.database.read.selectFrom('held_entries').select('id').execute()).map(({ id }) => id)
    await pause()
    await go(1)
    const [first] = await numbers()
    await resume('send')
    await settled(START)
    await pause()
    await go(1)
    expect((await numbers())[0]).toBeGreaterThan(first ?? 0)
  })
})
