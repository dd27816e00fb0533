// Brakes, as people who draw journeys and people who get mail notice them: at most so many, and the rest waits for a word.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EmailParams, Journey, Step } from '../../engine/index.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { BASIC, type Page } from '../support/api.ts'
import { isOnPostgres } from '../support/database.ts'
import { END, list, wait } from '../support/entries.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

interface Message {
  readonly id: string
  readonly contactId: string
  readonly journey: string
  readonly step: string
  readonly status: string
  readonly reason: string | null
}

/** Thousands of events on a busy machine. */
const PATIENCE = 120_000

let server: TestInstallation
beforeEach(async () => {
  server = await startInstallation()
})
afterEach(() => server.stop())

async function must<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await server.ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

/** All messages of a journey, oldest last. */
async function messages(query = ''): Promise<readonly Message[]> {
  const items: Message[] = []
  let cursor = ''
  do {
    const page = await must<Page<Message>>('GET', `/api/messages?limit=500${query}${cursor}`)
    items.push(...page.items)
    cursor = page.next === null ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  return items
}

async function counts(journey = 'test'): Promise<{ readonly [status: string]: number }> {
  const all = await messages(`&journey=${journey}`)
  return Object.fromEntries(
    [...Map.groupBy(all, ({ status }) => status)].map(([status, { length }]) => [status, length]),
  )
}

async function publish(journey: Journey): Promise<void> {
  await must('PUT', `/api/journeys/${journey.id}`, journey)
  await must('POST', `/api/journeys/${journey.id}/publish`)
}

/** One event of each, in calls of 500. */
async function send(
  events: readonly { readonly user: string; readonly event?: string; readonly more?: object }[],
  to = server,
) {
  for (let from = 0; from < events.length; from += 500) {
    const batch = events.slice(from, from + 500).map(({ user, event = 'go', more }) => ({
      type: 'track',
      userId: user,
      event,
      context: { traits: { email: `${user}@nordlicht-lampen.de`, consent: { email: true } } },
      ...more,
    }))
    const { status, text } = await to.anyone('POST', '/v1/batch', { batch }, { authorization: BASIC })
    if (status !== 200) throw new Error(text)
  }
}

function mail(always: string, params: Partial<EmailParams> = {}): Step {
  const text = { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' } as const
  return {
    meta: { kind: 'email' },
    entry: { type: 'sendEmail', params: { ...text, ...params } as EmailParams },
    always,
  }
}

const parallel = { reentry: { policy: 'parallel' } } as const

async function advance(duration: string): Promise<void> {
  await must('POST', '/api/clock', { advance: duration })
}

async function problems(code: string) {
  const { items } = await must<Page<{ code: string; journey: string; detail: string }>>(
    'GET',
    '/api/problems',
  )
  return items.filter((problem) => problem.code === code)
}

describe('a parallel journey with a mail, hit by 5,000 events in a minute', () => {
  // On PostgreSQL a quarter: it is the same code, and the machine of the tests has other things to do.
  const count = isOnPostgres() ? 250 : 1_000
  const people = Array.from({ length: count }, (_, n) => `p${n}`)
  beforeEach(async () => {
    await publish(
      journeyOf({ mail: mail('thanked'), thanked: list('Thanked', 'end'), end: END }, { meta: parallel }),
    )
    for (let round = 0; round < 5; round++) await send(people.map((user) => ({ user })))
    await server.settled()
  }, PATIENCE)

  it(
    'sends 200 in all, one a person at most, holds one for each of the others, and says so once',
    async () => {
      const all = await messages('&journey=test')
      const [captured, held, skipped] = ['captured', 'held', 'skipped'].map((status) =>
        all.filter((message) => message.status === status),
      )
      expect([captured?.length, held?.length, skipped?.length]).toEqual([200, count - 200, 4 * count])
      const reached = [...captured!, ...held!].map(({ contactId }) => contactId)
      expect(new Set(reached).size).toBe(count)
      expect(new Set(held?.map(({ reason }) => reason))).toEqual(
        new Set(['held back: version 1 is in its first hour and has sent its 200 messages']),
      )
      expect(await must('GET', '/api/sending')).toMatchObject({
        state: 'sandbox',
        held: count - 200,
        journeys: [{ journey: 'test', held: count - 200 }],
      })
      expect((await messages('&status=held&journey=test')).length).toBe(count - 200)
      expect(await messages('&status=held&journey=other')).toEqual([])
      expect(await problems('messages_held')).toMatchObject([
        {
          journey: 'test',
          detail: expect.stringContaining('Messages of “test” are held back: version 1 is in its first hour'),
        },
      ])
      expect(server.reported).toEqual([])
    },
    PATIENCE,
  )

  it(
    'sends all that is let go, still one a person, and nothing is left to be shown',
    async () => {
      const [one] = await messages('&status=held&journey=test')
      expect(await must('POST', `/api/messages/${one!.id}/release`)).toMatchObject({
        status: 'queued',
        reason: null,
      })
      await server.settled()
      expect(await counts()).toEqual({ captured: 201, held: count - 201, skipped: 4 * count })
      expect(await must('POST', '/api/messages/release', { journey: 'test' })).toEqual({
        released: count - 201,
      })
      await server.settled()
      expect(await counts()).toEqual({ captured: count, skipped: 4 * count })
      const sent = await messages('&status=captured&journey=test')
      expect(new Set(sent.map(({ contactId }) => contactId)).size).toBe(count)
      expect(await problems('messages_held')).toEqual([])
      expect((await server.ask('POST', `/api/messages/${one!.id}/release`)).status).toBe(409)
    },
    PATIENCE,
  )

  it(
    'discards what is to be discarded, tells its step, and is verified',
    async () => {
      const [one] = await messages('&status=held&journey=test')
      expect(await must('POST', `/api/messages/${one!.id}/discard`)).toMatchObject({
        status: 'discarded',
        reason: 'discarded by hand',
      })
      expect(await must('POST', '/api/messages/discard', { journey: 'test' })).toEqual({
        discarded: count - 201,
      })
      await advance('P2D')
      expect(await counts()).toEqual({ captured: 200, discarded: count - 200, skipped: 4 * count })
      expect(await problems('messages_held')).toEqual([])
      const entry = await server.deps.database.read
        .selectFrom('journal')
        .select('entry')
        .where('contact_id', '=', one!.contactId)
        .where('kind', '=', 'message')
        .orderBy('seq', 'desc')
        .executeTakeFirstOrThrow()
      expect(JSON.parse(entry.entry)).toMatchObject({
        verdict: 'skipped',
        reason: 'discarded',
        message: one!.id,
      })
      expect((await server.deps.database.moment((db) => verifyAll(db, 'UTC'))).differences).toEqual([])
    },
    PATIENCE,
  )
})

describe('the pace of a journey', () => {
  beforeEach(() =>
    must('PUT', '/api/brakes', {
      firstHour: 3,
      perHour: 5,
      again: 'PT24H',
      promotionalPerDay: 2,
      promotionalPerWeek: 5,
    }),
  )
  const simple = journeyOf({ mail: mail('end'), end: END })

  it('is slow in the first hour of a version, and faster afterwards', async () => {
    await publish(simple)
    await send(['a', 'b', 'c', 'd'].map((user) => ({ user })))
    await server.settled()
    expect(await counts()).toEqual({ captured: 3, held: 1 })
    await advance('PT62M')
    await send(['e', 'f', 'g', 'h', 'i', 'j'].map((user) => ({ user })))
    await server.settled()
    expect(await counts()).toEqual({ captured: 8, held: 2 })
    const reasons = (await messages('&status=held')).map(({ reason }) => reason)
    expect(reasons).toEqual([
      'held back: the journey has sent its 5 messages of this hour',
      'held back: version 1 is in its first hour and has sent its 3 messages',
    ])
  })

  it('begins anew with each version, and never exceeds that of the hour', async () => {
    await publish(simple)
    await send(['a', 'b', 'c'].map((user) => ({ user })))
    await server.settled()
    await publish({ ...simple, meta: { ...simple.meta, name: 'Again' } })
    await send(['d', 'e', 'f', 'g'].map((user) => ({ user })))
    await server.settled()
    expect(await counts()).toEqual({ captured: 5, held: 2 })
  })

  it('is of each journey by itself, and what goes to the team or another system has none', async () => {
    const other = journeyOf({ mail: mail('end'), end: END }, { id: 'other' })
    const notify: Step = {
      meta: { kind: 'notify' },
      entry: {
        type: 'notify',
        params: { to: ['team@nordlicht-lampen.de'], subject: 'A lead', text: 'Look' },
      },
      always: 'end',
    }
    await publish(simple)
    await publish(other)
    await publish(journeyOf({ notify, end: END }, { id: 'team' }))
    await send(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((user) => ({ user })))
    await server.settled()
    expect(await counts()).toEqual({ captured: 3, held: 5 })
    expect(await counts('other')).toEqual({ captured: 3, held: 5 })
    expect(await counts('team')).toEqual({ captured: 8 })
  })

  it('counts what was let go, and holds nothing of what it had held before', async () => {
    await publish(simple)
    await send(['a', 'b', 'c', 'd', 'e', 'f'].map((user) => ({ user })))
    await server.settled()
    await must('POST', '/api/messages/release', { journey: 'test' })
    await server.settled()
    expect(await counts()).toEqual({ captured: 6 })
    await advance('PT62M')
    await send(['g'].map((user) => ({ user })))
    await server.settled()
    expect(await counts()).toEqual({ captured: 7 })
  })

  it('has no limit where none is set', async () => {
    const none = {
      firstHour: null,
      perHour: null,
      again: null,
      promotionalPerDay: null,
      promotionalPerWeek: null,
    }
    expect(await must('PUT', '/api/brakes', none)).toEqual(none)
    expect(await must('GET', '/api/brakes')).toEqual(none)
    await publish(
      journeyOf({ mail: mail('end', { messageType: 'promotional' }), end: END }, { meta: parallel }),
    )
    await send(Array.from({ length: 12 }, () => ({ user: 'a' })))
    await server.settled()
    expect(await counts()).toEqual({ captured: 12 })
  })

  it.each([
    [{ firstHour: 1 }, '/perHour'],
    [{ firstHour: -1, perHour: 5, again: null, promotionalPerDay: 2, promotionalPerWeek: 5 }, '/firstHour'],
    [{ firstHour: 1.5, perHour: 5, again: null, promotionalPerDay: 2, promotionalPerWeek: 5 }, '/firstHour'],
    [{ firstHour: 1, perHour: 5, again: 'a day', promotionalPerDay: 2, promotionalPerWeek: 5 }, '/again'],
  ])('is refused as %j', async (body, path) => {
    const { status, body: problem } = await server.ask('PUT', '/api/brakes', body)
    expect(status).toBe(400)
    expect(problem).toMatchObject({ code: 'invalid_body', path })
  })
})

it.runIf(isOnPostgres())(
  'counts exactly while several processes send at once',
  async () => {
    const { database } = server.deps.config
    if (database.type !== 'postgres') throw new Error('this test is about PostgreSQL')
    const others = await Promise.all([1, 2].map(() => startInstallation({ DATABASE_URL: database.url })))
    try {
      await must('PUT', '/api/brakes', {
        firstHour: 20,
        perHour: 2_000,
        again: 'PT24H',
        promotionalPerDay: 2,
        promotionalPerWeek: 5,
      })
      for (const id of ['test', 'other'])
        await publish(journeyOf({ mail: mail('end'), end: END }, { id, meta: parallel }))
      const people = Array.from({ length: 60 }, (_, n) => ({ user: `p${n}` }))
      await Promise.all(
        [server, ...others].flatMap((process) => [send(people, process), send(people, process)]),
      )
      await Promise.all([server, ...others].map(({ settled }) => settled()))
      for (const id of ['test', 'other']) {
        expect(await counts(id)).toEqual({ captured: 20, held: 40, skipped: 300 })
        const reached = (await messages(`&journey=${id}`)).filter(({ status }) => status !== 'skipped')
        expect(new Set(reached.map(({ contactId }) => contactId)).size).toBe(60)
      }
      expect([server, ...others].flatMap(({ reported }) => reported)).toEqual([])
    } finally {
      for (const other of others) await other.stop()
    }
  },
  PATIENCE,
)

describe('one person', () => {
  it('gets the same message once in 24 hours, and its journey hears that it was one too many', async () => {
    const tells: Step = {
      meta: { kind: 'email' },
      entry: {
        type: 'sendEmail',
        params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' },
      },
      on: { 'step.done': 'end', 'step.failed': 'capped' },
      after: { P7D: 'end' },
    }
    await publish(journeyOf({ mail: tells, capped: list('Capped', 'end'), end: END }, { meta: parallel }))
    await send([{ user: 'ada' }])
    await advance('PT23H59M59S')
    await send([{ user: 'ada' }])
    await server.settled()
    expect((await messages()).map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'not sent: this person got the same message lately'],
      ['captured', null],
    ])
    const { items } = await must<Page<{ lists: readonly string[] }>>('GET', '/api/contacts?search=ada')
    expect(items[0]?.lists).toContain('Capped')
    await advance('PT1S')
    await send([{ user: 'ada' }])
    await server.settled()
    expect(await counts()).toEqual({ captured: 2, skipped: 1 })
  })

  it.each([
    ['an hour', 'PT1H', ['PT59M', 'PT1M'], [1, 1, 2]],
    ['at once', 'always', ['PT1S', 'PT1S'], [1, 2, 3]],
    ['two days', 'P2D', ['PT47H', 'PT1H'], [1, 1, 2]],
  ] as const)('gets it again after %s where its step says so', async (_, again, pauses, sent) => {
    await publish(journeyOf({ mail: mail('end', { again }), end: END }, { meta: parallel }))
    const seen: (number | undefined)[] = []
    for (const pause of [undefined, ...pauses]) {
      if (pause) await advance(pause)
      await send([{ user: 'ada' }])
      await server.settled()
      seen.push((await counts())['captured'])
    }
    expect(seen).toEqual(sent)
  })

  /** A promotional mail an hour after each event, as an answer to nothing. */
  const promotion = (id: string, event: string) =>
    journeyOf(
      {
        pause: wait('PT2H', 'mail'),
        mail: mail('end', { messageType: 'promotional', again: 'always' }),
        end: END,
      },
      { id, meta: parallel, on: { [event]: triggerTo('pause') } },
    )

  it('gets two promotional messages in 24 hours and five in 7 days, over all journeys', async () => {
    await publish(promotion('one', 'go'))
    await publish(promotion('two', 'come'))
    const sent: number[] = []
    for (let day = 0; day < 8; day++) {
      await send([{ user: 'ada' }, { user: 'ada', event: 'come' }, { user: 'ada' }])
      // A minute more, as real time goes on while the clock is moved.
      await advance('P1DT1M')
      sent.push((await messages('&status=captured')).length)
    }
    expect(sent).toEqual([2, 4, 5, 5, 5, 5, 5, 7])
    const reasons = new Set((await messages('&status=skipped')).map(({ reason }) => reason))
    expect(reasons).toEqual(
      new Set([
        'not sent: nobody gets more than 2 promotional messages in 24 hours',
        'not sent: nobody gets more than 5 promotional messages in 7 days',
      ]),
    )
  })

  it('gets answers, newsletters and transactional mail besides', async () => {
    await publish(promotion('promotion', 'go'))
    await publish(
      journeyOf(
        { mail: mail('end', { messageType: 'promotional', again: 'always' }), end: END },
        { id: 'answer', meta: parallel, on: { asked: triggerTo('mail') } },
      ),
    )
    await publish(
      journeyOf(
        {
          pause: wait('PT2H', 'news'),
          news: mail('mail', { messageType: 'newsletter' }),
          mail: mail('end'),
          end: END,
        },
        { id: 'others', on: { go: triggerTo('pause') } },
      ),
    )
    await send([{ user: 'ada' }, { user: 'ada' }, { user: 'ada', event: 'asked' }])
    await advance('PT3H')
    await send([
      { user: 'ada', event: 'asked' },
      { user: 'ada', event: 'asked' },
    ])
    await server.settled()
    expect(await counts('promotion')).toEqual({ captured: 2 })
    expect(await counts('answer')).toEqual({ captured: 3 })
    expect(await counts('others')).toEqual({ captured: 2 })
  })

  it('is answered for an hour, and once: the second message of the same passage is none', async () => {
    await publish(promotion('promotion', 'go'))
    const steps = {
      pause: wait('PT50M', 'first'),
      first: mail('second', { messageType: 'promotional' }),
      second: mail('end', { messageType: 'promotional' }),
      end: END,
    }
    await publish(journeyOf(steps, { id: 'soon', on: { asked: triggerTo('pause') } }))
    await publish(
      journeyOf(
        { ...steps, pause: wait('PT70M', 'first') },
        { id: 'late', on: { asked: triggerTo('pause') } },
      ),
    )
    await send([{ user: 'ada' }, { user: 'ada' }])
    await advance('PT3H')
    await send([{ user: 'ada', event: 'asked' }])
    await advance('PT3H')
    const statuses = async (journey: string) =>
      Object.fromEntries((await messages(`&journey=${journey}`)).map(({ step, status }) => [step, status]))
    expect(await statuses('soon')).toEqual({ first: 'captured', second: 'skipped' })
    expect(await statuses('late')).toEqual({ first: 'skipped', second: 'skipped' })
  })
})
