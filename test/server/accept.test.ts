import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Journey } from '../../engine/index.ts'
import type { Call } from '../../server/ingest/segment.ts'
import { accept, recordFor, wakeParked } from '../../server/runtime/accept.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { dueWaits } from '../../server/store/enrollments.ts'
import { contactById, eraseContact } from '../../server/store/contacts.ts'
import { insertVersion, saveDraft } from '../../server/store/journeys.ts'
import { wakeDue } from '../../server/work/wakes.ts'
import { isOnPostgres } from '../support/database.ts'
import { DAY, openStore, publishShipped, START, type TestStore } from '../support/store.ts'

let store: TestStore
beforeEach(async () => {
  store = await openStore()
  await publishShipped(store, START - 30 * DAY)
})
afterEach(() => store.close())

const event = (
  name: string,
  ids: Pick<Call, 'userId' | 'email' | 'anonymousId' | 'messageId'>,
  occurredAt = START,
): Call => ({
  kind: 'event',
  name,
  properties: {},
  active: true,
  occurredAt,
  ...ids,
})
const identify = (
  ids: Pick<Call, 'userId' | 'email' | 'anonymousId'>,
  attributes: { [name: string]: string } = {},
): Call => ({
  kind: 'identify',
  occurredAt: START,
  identification: { attributes },
  ...ids,
})

async function problems(): Promise<readonly string[]> {
  const rows = await store.database.read.selectFrom('problems').select('code').execute()
  return rows.map(({ code }) => code)
}

describe('whose call it is', () => {
  it('a repeated messageId changes nothing', async () => {
    const call = event('resource_downloaded', { userId: 'ada', messageId: 'm1' })
    expect(await store.send(call, START)).toBe(true)
    expect(await store.send(call, START + 1)).toBe(false)
    expect((await store.contact('ada'))?.scores['SCORE']).toBe(1000)
  })

  it('a visit alone makes no contact (R1)', async () => {
    await store.send(event('page_viewed', { anonymousId: 'v1' }), START)
    expect(await store.database.read.selectFrom('contacts').select('id').execute()).toEqual([])
  })

  it('when a visitor becomes known, the last 30 days score first and send nothing', async () => {
    await store.send(event('resource_downloaded', { anonymousId: 'v1' }, START - 31 * DAY), START - 31 * DAY)
    await store.send(event('newsletter_subscribed', { anonymousId: 'v1' }, START - 5 * DAY), START - 5 * DAY)
    await store.send(identify({ userId: 'ada', email: 'ada@acme.io', anonymousId: 'v1' }), START)
    const contact = await store.contact('ada')
    expect(contact).toMatchObject({ email: 'ada@acme.io', scores: { SCORE: 500 } })
    const messages = await store.database.read.selectFrom('messages').select(['status', 'reason']).execute()
    expect(messages).toEqual([{ status: 'skipped', reason: 'Not sent: the event is from 31 December 2025' }])
  })

  it('a new userId with the address of a contact that has none is that contact', async () => {
    await store.send(identify({ email: 'ada@acme.io' }, { FIRSTNAME: 'Ada' }), START)
    await store.send(identify({ userId: 'ada', email: 'ada@acme.io' }), START)
    expect(await store.contact('ada')).toMatchObject({
      email: 'ada@acme.io',
      attributes: { FIRSTNAME: 'Ada' },
    })
    expect(await problems()).toEqual([])
  })

  it('two userIds with one address stay two contacts, the address stays, and a problem is shown', async () => {
    await store.send(identify({ userId: 'ada', email: 'ada@acme.io' }), START)
    await store.send(identify({ userId: 'bob', email: 'ada@acme.io' }), START)
    expect((await store.contact('ada'))?.email).toBe('ada@acme.io')
    expect((await store.contact('bob'))?.email).toBeNull()
    expect(await problems()).toEqual(['identity_conflict'])
  })

  it('an address that a contact has given up may be another contact’s', async () => {
    await store.send(identify({ userId: 'ada', email: 'office@acme.io' }), START)
    await store.send(identify({ userId: 'ada', email: 'ada@acme.io' }), START)
    await store.send(identify({ userId: 'bob', email: 'office@acme.io' }), START)
    expect((await store.contact('ada'))?.email).toBe('ada@acme.io')
    expect((await store.contact('bob'))?.email).toBe('office@acme.io')
    expect(await problems()).toEqual([])
  })

  it('alias unites two contacts: points add up, the older stays, the vanished id answers', async () => {
    await store.send(event('resource_downloaded', { userId: 'old' }), START)
    await store.send(event('newsletter_subscribed', { userId: 'new' }, START + 1000), START + 1000)
    await store.send(
      { kind: 'alias', userId: 'new', previousId: 'old', occurredAt: START + 2000 },
      START + 2000,
    )
    const [old, young] = [await store.contact('old'), await store.contact('new')]
    expect(old?.id).toBe(young?.id)
    expect(old?.scores['SCORE']).toBe(1500)
    expect((await verifyAll(store.database.read, 'UTC')).differences).toEqual([])
  })
})

it('the numbers of an erased person are given to nobody else, not even after a restart', async () => {
  await store.send(event('newsletter_subscribed', { userId: 'ada' }), START)
  const ada = await store.contact('ada')
  await store.turns.run((tx) => eraseContact(tx, ada?.id ?? ''))
  const reopened = await store.reopened()
  await reopened.send(event('newsletter_subscribed', { userId: 'bob' }), START)
  const numberOf = (id: string | undefined) => Number(id?.slice(1))
  expect(numberOf((await reopened.contact('bob'))?.id)).toBeGreaterThan(numberOf(ada?.id) + 1)
  store = reopened
})

describe('concurrency', () => {
  it('200 concurrent events of one contact give the exact sum', async () => {
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        store.send(event('resource_downloaded', { userId: 'ada', messageId: `m${n}` }), START),
      ),
    )
    expect((await store.contact('ada'))?.scores['SCORE']).toBe(200_000)
  })

  it('an event whose cascade never rests is kept and marked, the contact stays as it was, and later events go on', async () => {
    await store.turns.run(
      async (tx) => {
        // Publication refuses such a journey, so it is put in behind its back.
        await saveDraft(tx, RESTLESS.id, JSON.stringify(RESTLESS), START)
        await insertVersion(tx, { journey: RESTLESS, version: 1, templates: {} }, await tx.nextSeq(), START)
        await store.journeys.reload(tx.db)
      },
      { catalogue: true },
    )
    await store.send(event('resource_downloaded', { userId: 'ada' }), START)
    expect((await store.contact('ada'))?.scores['SCORE']).toBe(0)
    expect(await problems()).toEqual(['cascade_failed'])
    const failed = await store.database.read.selectFrom('journal').select(['name', 'failed']).execute()
    expect(failed).toEqual([
      { name: 'resource_downloaded', failed: expect.stringContaining('more than 200 changes') },
    ])
    await store.send(event('seen', { userId: 'ada' }), START + 1)
    expect((await verifyAll(store.database.read, 'UTC')).differences).toEqual([])
  })
})

const RESTLESS: Journey = {
  id: 'restless',
  meta: { format: 1, name: 'Counts its own counting' },
  context: {},
  initial: 'outside',
  on: { 'score.changed': { target: '.add', guard: { type: 'mayEnter' } } },
  states: {
    outside: {},
    add: {
      meta: { kind: 'update' },
      entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 1 } },
      always: 'end',
    },
    end: { type: 'final' },
  },
}

describe('the law of the journal', () => {
  const ids = fc.record({ userId: fc.constantFrom('a', 'b', 'c') }, { requiredKeys: [] })
  const call = fc.oneof(
    fc.record({
      name: fc.constantFrom(
        'newsletter_subscribed',
        'resource_downloaded',
        'page_viewed',
        'quote_requested',
        'sales_contacted',
        'purchase',
      ),
      ids,
      visitor: fc.constantFrom('v1', 'v2', undefined),
      path: fc.constantFrom('/pricing', '/'),
      ago: fc.constantFrom(0, 0, 0, 3_600_000, 3 * DAY),
    }),
    fc.record({ previousId: fc.constantFrom('a', 'b', 'c', 'v1'), userId: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ email: fc.constantFrom('x@acme.io', 'y@acme.io'), userId: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ days: fc.integer({ min: 1, max: 40 }) }),
  )

  it('folding again gives the same tables after any sequence, merges, visitors, late events and waits included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 25 }), async (steps) => {
        const own = await openStore()
        await publishShipped(own, START - DAY)
        let now = START
        for (const step of steps) {
          now += 60_000
          if ('days' in step) now = await wait(own, now, now + step.days * DAY)
          else if ('previousId' in step) await own.send({ kind: 'alias', ...step, occurredAt: now }, now)
          else if ('email' in step)
            await own.send({ kind: 'identify', ...step, occurredAt: now, identification: {} }, now)
          else
            await own.send(
              {
                ...event(step.name, { ...step.ids, anonymousId: step.visitor ?? 'v3' }, now - step.ago),
                properties: { path: step.path },
              } as Call,
              now,
            )
        }
        const { differences } = await verifyAll(own.database.read, 'UTC')
        await own.close()
        expect(differences).toEqual([])
      }),
      // That PostgreSQL comes to the same has a law of its own.
      { numRuns: isOnPostgres() ? 10 : 40 },
    )
  }, 120_000)

  async function wait(own: TestStore, from: number, to: number): Promise<number> {
    for (let now = from; ; ) {
      const [due] = await dueWaits(own.database.read, to, 1)
      if (!due) return to
      now = Math.max(now, due.dueAt)
      const at = now
      await own.turns.run((tx) =>
        recordFor(tx, own.runtime, due.contactId, {
          kind: 'wake',
          enrollment: due.enrollment,
          at,
          occurredAt: at,
          late: false,
        }),
      )
    }
  }
})

describe('the past scores, it does not speak', () => {
  it('an alias that is replayed unites two contacts and mails nobody', async () => {
    await store.publish(
      { ...FOLLOW_UP, on: { 'contact.merged': { target: '.pause', guard: { type: 'mayEnter' } } } },
      START,
    )
    const replay = (call: Call) =>
      store.turns.run((tx) => accept(tx, store.runtime, call, 'replay', START, 'replay'))
    for (const userId of ['old', 'new'])
      await replay(event('resource_downloaded', { userId }, START - 99 * DAY))
    await replay({ kind: 'alias', userId: 'new', previousId: 'old', occurredAt: START - 98 * DAY })
    const { id = '' } = (await store.contact('new')) ?? {}
    await store.turns.run(async (tx) => wakeParked(tx, store.runtime, (await contactById(tx, id))!, START))
    expect((await store.contact('new'))?.scores['SCORE']).toBe(0)
    const messages = await store.database.read.selectFrom('messages').select('status').execute()
    expect(messages).toEqual([{ status: 'skipped' }])
    const parked = await store.database.read
      .selectFrom('enrollments')
      .select('id')
      .where('live', '=', 1)
      .where('parked', '=', 0)
      .execute()
    expect(parked).toEqual([])
  })

  it('years of decay that a replay left open are lived through before a change by hand, each at its time', async () => {
    const call = event('resource_downloaded', { userId: 'ada' }, START - 99 * DAY)
    await store.turns.run((tx) => accept(tx, store.runtime, call, 'replay', START, 'replay'))
    await store.turns.run((tx) =>
      accept(tx, store.runtime, { ...call, messageId: 'again' }, 'replay', START, 'replay'),
    )
    const contact = await store.contact('ada')
    const change = {
      kind: 'score',
      attribute: 'SCORE',
      change: { by: 5 },
      reason: 'Met at the fair',
    } as const
    await store.turns.run((tx) =>
      recordFor(tx, store.runtime, contact?.id ?? '', {
        ...change,
        at: START,
        occurredAt: START,
        late: false,
      }),
    )
    const lines = await store.database.read.selectFrom('ledger').select(['by', 'at']).orderBy('seq').execute()
    expect(lines.map(({ by, at }) => [by, (at - START) / DAY])).toEqual([
      [1000, -99],
      [1000, -99],
      [-1000, -69],
      [-1000, -39],
      [500, 0],
    ])
  })

  it('a sign-up that we hear of 40 days later mails nobody, not even after a wait', async () => {
    await store.send({ ...event('newsletter_subscribed', { userId: 'ada' }, START - 40 * DAY) }, START)
    await wakeDue(store, () => START + 30 * DAY)
    const messages = await store.database.read
      .selectFrom('messages')
      .select(['journey', 'status'])
      .orderBy('journey')
      .execute()
    expect(messages).toEqual([
      { journey: 'guide', status: 'skipped' },
      { journey: 'welcome', status: 'skipped' },
    ])
  })

  it('what a visitor did a moment before signing in still leads to mail after its wait', async () => {
    await store.publish(FOLLOW_UP, START)
    await store.send(event('page_viewed', { anonymousId: 'v1' }), START)
    await store.send(identify({ userId: 'ada', email: 'ada@acme.io', anonymousId: 'v1' }), START + 60_000)
    await wakeDue(store, () => START + 2 * DAY)
    const messages = await store.database.read.selectFrom('messages').select(['journey', 'status']).execute()
    expect(messages).toEqual([{ journey: 'follow-up', status: 'queued' }])
  })
})

const FOLLOW_UP: Journey = {
  id: 'follow-up',
  meta: { format: 1, name: 'A mail the day after a visit' },
  context: {},
  initial: 'outside',
  on: { page_viewed: { target: '.pause', guard: { type: 'mayEnter' } } },
  states: {
    outside: {},
    pause: { meta: { kind: 'wait' }, after: { P1D: 'mail' } },
    mail: {
      meta: { kind: 'email' },
      entry: {
        type: 'sendEmail',
        params: { subject: 'Hello', html: '<p>Hello</p>', messageType: 'transactional' },
      },
      always: 'end',
    },
    end: { type: 'final' },
  },
}
