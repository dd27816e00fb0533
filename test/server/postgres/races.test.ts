// Several processes on one database, each with connections, turns and memory of its own: what they do at the same moment
// must come out as if one had done it after the other.
import { setTimeout as delay } from 'node:timers/promises'
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Journey, Step } from '../../../engine/index.ts'
import type { Call } from '../../../server/ingest/segment.ts'
import type { Brakes } from '../../../server/messages/brakes.ts'
import { accept } from '../../../server/runtime/accept.ts'
import { release } from '../../../server/runtime/heldMessages.ts'
import { verifyAll } from '../../../server/runtime/verify.ts'
import { messageById } from '../../../server/store/messages.ts'
import { keepsPace } from '../../../server/work/brakes.ts'
import { END, points, waitFor } from '../../support/entries.ts'
import { journeyOf } from '../../support/journeys.ts'
import { DAY, openStore, START, type TestStore } from '../../support/store.ts'

let stores: readonly TestStore[]
beforeEach(async () => {
  const first = await openStore()
  stores = [first, await first.beside(), await first.beside()]
})
afterEach(async () => {
  for (const store of stores.toReversed()) await store.close()
})

/** One point for each `go`, in a journey that says so in its version. */
const COUNTING: Journey = journeyOf(
  { add: points(1, 'end'), end: END },
  { id: 'counting', meta: { reentry: { policy: 'parallel' } } },
)

function storeAt(index: number): TestStore {
  const store = stores[index % stores.length]
  if (!store) throw new Error('there is no store')
  return store
}

type Ids = Pick<Call, 'userId' | 'email' | 'anonymousId' | 'messageId'>

function go(ids: Ids, name = 'go'): Call {
  return { kind: 'event', name, properties: {}, active: true, occurredAt: START, ...ids }
}

async function differences() {
  return (await storeAt(0).database.moment((db) => verifyAll(db, 'UTC'))).differences
}

async function rows(table: 'contacts' | 'visitor_events' | 'problems'): Promise<number> {
  const found = await storeAt(0).database.read.selectFrom(table).selectAll().execute()
  return found.filter((row) => !('merged_into' in row) || row.merged_into === null).length
}

async function pointsOf(userId: string): Promise<number> {
  return ((await storeAt(0).contact(userId))?.scores['SCORE'] ?? 0) / 100
}

describe('one contact', () => {
  it('events that come to all processes at once are counted each, one after the other', async () => {
    await storeAt(0).publish(COUNTING, START)
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => storeAt(index).send(go({ userId: 'ada' }), START)),
    )
    expect(await pointsOf('ada')).toBe(600)
    expect(await differences()).toEqual([])
  })

  it('whose calls do not say beforehand whom they are about is as safe', async () => {
    await storeAt(0).publish(COUNTING, START)
    const calls = Array.from({ length: 200 }, (_, index) => {
      const { turns, runtime } = storeAt(index)
      return turns.run((tx) =>
        accept(tx, runtime, go({ userId: index % 3 === 0 ? 'ada' : 'bob' }), 'test', START),
      )
    })
    await Promise.all(calls)
    expect([await pointsOf('ada'), await pointsOf('bob')]).toEqual([67, 133])
    expect(await differences()).toEqual([])
  })

  it('an entry that had to wait for the contact stands behind those it waited for', async () => {
    await storeAt(0).publish(COUNTING, START)
    await storeAt(0).send(go({ userId: 'ada' }), START)
    const { turns, runtime } = storeAt(0)
    // Both share a turn, and the first takes their places in the journal before another process is done with Ada.
    await Promise.all([
      turns.run(async (tx) => {
        await tx.nextSeq()
        await storeAt(1).send(go({ userId: 'ada' }), START)
      }),
      turns.run((tx) => accept(tx, runtime, go({ userId: 'ada' }), 'test', START)),
    ])
    expect(await pointsOf('ada')).toBe(3)
    expect(await differences()).toEqual([])
  })

  it('a call that every process gets counts once', async () => {
    await storeAt(0).publish(COUNTING, START)
    const repeated = Array.from({ length: 30 }, (_, n) => go({ userId: 'ada', messageId: `m${n % 10}` }))
    const fresh = await Promise.all(
      repeated.flatMap((call) => stores.map((store) => store.send(call, START))),
    )
    expect(fresh.filter(Boolean)).toHaveLength(10)
    expect(await pointsOf('ada')).toBe(10)
  })
})

describe('somebody new', () => {
  it('who becomes known to all processes at once is one contact', async () => {
    await storeAt(0).publish(COUNTING, START)
    const people = Array.from({ length: 40 }, (_, n) => `p${n}`)
    await Promise.all(people.flatMap((userId) => stores.map((store) => store.send(go({ userId }), START))))
    expect(await rows('contacts')).toBe(40)
    for (const userId of people) expect(await pointsOf(userId)).toBe(3)
    expect(await differences()).toEqual([])
  })

  it('with one address and two user ids stays two, and the address is one’s', async () => {
    const identify = (userId: string): Call => ({
      kind: 'identify',
      occurredAt: START,
      identification: {},
      userId,
      email: 'one@acme.io',
    })
    await Promise.all([storeAt(0).send(identify('a'), START), storeAt(1).send(identify('b'), START)])
    expect(await rows('contacts')).toBe(2)
    const owners = await Promise.all(['a', 'b'].map(async (id) => (await storeAt(0).contact(id))?.email))
    expect(new Set(owners)).toEqual(new Set(['one@acme.io', null]))
  })

  it('loses nothing of what was done as a visitor while they became known', async () => {
    await storeAt(0).publish(COUNTING, START)
    const visitors = Array.from({ length: 30 }, (_, n) => `v${n}`)
    await Promise.all(
      visitors.flatMap((anonymousId, n) => [
        ...[0, 1, 2].map((index) => storeAt(index).send(go({ anonymousId }), START)),
        storeAt(n).send(go({ anonymousId, userId: `u${n}` }), START),
      ]),
    )
    expect(await rows('visitor_events')).toBe(0)
    for (const [n] of visitors.entries()) expect(await pointsOf(`u${n}`)).toBe(4)
    expect(await differences()).toEqual([])
  })
})

describe('two ids that turn out to be one person', () => {
  it('are united whichever process hears it, crosswise and while both still do things', async () => {
    await storeAt(0).publish(COUNTING, START)
    const pairs = Array.from({ length: 20 }, (_, n) => [`a${n}`, `b${n}`] as const)
    for (const [a, b] of pairs)
      await Promise.all([a, b].map((userId) => storeAt(0).send(go({ userId }), START)))
    const alias = (userId: string, previousId: string): Call => ({
      kind: 'alias',
      userId,
      previousId,
      occurredAt: START,
    })
    await Promise.all(
      pairs.flatMap(([a, b], n) => [
        storeAt(n).send(alias(a, b), START + 1),
        storeAt(n + 1).send(alias(b, a), START + 1),
        ...[a, b].flatMap((userId) => stores.map((store) => store.send(go({ userId }), START + 2))),
      ]),
    )
    expect(await rows('contacts')).toBe(20)
    for (const [a, b] of pairs) {
      expect(await pointsOf(a)).toBe(8)
      expect((await storeAt(1).contact(a))?.id).toBe((await storeAt(1).contact(b))?.id)
    }
    expect(await differences()).toEqual([])
  })
})

describe('a publication', () => {
  it('in one process decides all events that any process takes after it, and none that was taken before', async () => {
    const version = (add: number): Journey => ({
      ...COUNTING,
      states: { ...COUNTING.states, add: points(add, 'end') },
    })
    await storeAt(0).publish(version(1), START)
    const isOver = { now: false }
    const load = Promise.all(
      stores.map(async (store, index) => {
        for (let n = 0; !isOver.now; n++) await store.send(go({ userId: `p${(n + index) % 7}` }), START)
      }),
    )
    for (const add of [2, 3, 4]) {
      await storeAt(add).publish(version(add), START)
      // What is taken from now on, wherever, is worth as much.
      const before = await pointsOf('ada')
      await Promise.all(stores.map((store) => store.send(go({ userId: 'ada' }), START)))
      expect((await pointsOf('ada')) - before).toBe(3 * add)
    }
    await storeAt(1).turns.run((tx) => storeAt(1).journeys.pause(tx, 'counting', null, START), {
      catalogue: true,
    })
    const paused = await pointsOf('ada')
    await Promise.all(stores.map((store) => store.send(go({ userId: 'ada' }), START)))
    expect(await pointsOf('ada')).toBe(paused)
    isOver.now = true
    await load
    expect(await differences()).toEqual([])
  })

  it('that fails is in nobody’s memory', async () => {
    await storeAt(0).publish(COUNTING, START)
    const failing = storeAt(0).turns.run(
      async (tx) => {
        await storeAt(0).journeys.pause(tx, 'counting', null, START)
        throw new Error('no luck')
      },
      { catalogue: true },
    )
    await expect(failing).rejects.toThrow('no luck')
    await Promise.all(stores.map((store) => store.send(go({ userId: 'ada' }), START)))
    expect(await pointsOf('ada')).toBe(3)
  })

  it('that is not said to be one is refused', async () => {
    await storeAt(0).publish(COUNTING, START)
    const { turns, journeys } = storeAt(0)
    await expect(turns.run((tx) => journeys.pause(tx, 'counting', null, START))).rejects.toThrow(
      /must be said/,
    )
  })
})

describe('a message that its journey must hold back while the last of those held before is let go', () => {
  const MAIL: Step = {
    meta: { kind: 'email' },
    entry: { type: 'sendEmail', params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' } },
    always: 'end',
  }
  const MAILING = journeyOf({ mail: MAIL, end: END }, { id: 'mailing' })
  const FULL: Brakes = {
    firstHour: 0,
    perHour: 0,
    again: null,
    promotionalPerDay: null,
    promotionalPerWeek: null,
  }
  type Then = () => Promise<unknown>
  const none: Then = () => Promise.resolve()

  const hold = (store: TestStore, id: string, then: Then) =>
    store.turns.run(async (tx) => {
      const row = await messageById(tx, id)
      if (!row) throw new Error('there is no message')
      await keepsPace(tx, { row, brakes: FULL, zone: 'UTC', now: START }, undefined)
      await then()
    })
  const letGo = (store: TestStore, id: string, then: Then) =>
    store.turns.run(async (tx) => {
      await release(tx, id, START)
      await then()
    })
  /** Resolves once that has ended, or waits for a lock of somebody else. */
  const endedOrWaits = async (work: Promise<unknown>) => {
    const hasEnded = { now: false }
    const end = () => (hasEnded.now = true)
    void work.then(end, end)
    const { read } = storeAt(2).database
    const waits = sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    while (!hasEnded.now && (await waits.execute(read)).rows.length === 0) await delay(10)
  }

  it.each(['held', 'let go'] as const)('is shown as held, if it is %s first', async (first) => {
    await storeAt(0).publish(MAILING, START)
    for (const userId of ['ada', 'bob']) await storeAt(0).send(go({ userId }), START)
    const { read } = storeAt(2).database
    const messages = await read.selectFrom('messages').select('id').orderBy('id').execute()
    const [before, now] = messages.map(({ id }) => id) as [string, string]
    await hold(storeAt(0), before, none)

    let second: Promise<unknown> = Promise.resolve()
    const meanwhile = (begin: () => Promise<unknown>) => () => endedOrWaits((second = begin()))
    if (first === 'held')
      await hold(
        storeAt(0),
        now,
        meanwhile(() => letGo(storeAt(1), before, none)),
      )
    else
      await letGo(
        storeAt(1),
        before,
        meanwhile(() => hold(storeAt(0), now, none)),
      )
    await second
    const held = await read.selectFrom('messages').select('id').where('status', '=', 'held').execute()
    expect(held).toEqual([{ id: now }])
    const shown = read.selectFrom('problems').select('code').where('open', '=', 1)
    expect(await shown.execute()).toEqual([{ code: 'messages_held' }])
  })
})

describe('anything at once', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd')
  const email = fc.constantFrom('x@acme.io', 'y@acme.io')
  const ids = fc.record(
    { userId: name, email, anonymousId: fc.constantFrom('v1', 'v2', 'v3') },
    { requiredKeys: [] },
  )
  const call = fc.oneof(
    { weight: 4, arbitrary: fc.record({ ids, event: fc.constantFrom('go', 'next') }) },
    {
      weight: 1,
      arbitrary: fc.record({ userId: name, previousId: fc.oneof(name, fc.constantFrom('v1', 'v2')) }),
    },
    { weight: 1, arbitrary: fc.record({ userId: name, email }) },
  )
  type One = typeof call extends fc.Arbitrary<infer Value> ? Value : never

  function callOf(one: One): Call {
    const common = { occurredAt: START }
    if ('previousId' in one) return { kind: 'alias', ...common, ...one }
    if ('event' in one) return go(one.ids, one.event)
    return { kind: 'identify', identification: {}, ...common, ...one }
  }

  /** A passage that each \`next\` takes a step further, and that begins anew when it is over. */
  const WALK = journeyOf(
    {
      first: waitFor({ next: 'one' }, { P90D: 'end' }),
      one: points(10, 'second'),
      second: waitFor({ next: 'two' }, { P90D: 'end' }),
      two: points(100, 'end'),
      end: END,
    },
    { id: 'walk', meta: { reentry: { policy: 'afterExit' } } },
  )

  it('comes out as the journal says, and nothing is refused', async () => {
    await storeAt(0).publish(COUNTING, START)
    await storeAt(0).publish(WALK, START)
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 60 }), async (calls) => {
        await Promise.all(calls.map((one, index) => storeAt(index).send(callOf(one), START + DAY)))
        expect(await differences()).toEqual([])
      }),
      { numRuns: 30 },
    )
  }, 120_000)

  it('in one process comes out so, too: pieces of one turn see what those before them did', async () => {
    await storeAt(0).publish(COUNTING, START)
    await storeAt(0).publish(WALK, START)
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 12 }), async (calls) => {
        await storeAt(0).send(go({ userId: 'a' }), START)
        await Promise.all(calls.map((one) => storeAt(0).send(callOf(one), START + DAY)))
        expect(await differences()).toEqual([])
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})
