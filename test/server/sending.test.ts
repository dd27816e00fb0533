import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Journey } from '../../engine/index.ts'
import { openSmtp, type SmtpChannel } from '../../server/channels/smtp.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { advanceClock } from '../../server/work/sandbox.ts'
import { openTimes } from '../../server/work/dues.ts'
import { sendWaiting } from '../../server/work/outbox.ts'
import { settleInterrupted, type SendingDeps } from '../../server/work/sending.ts'
import { startClock } from '../../server/runtime/clock.ts'
import { holdAfterCapture } from '../../server/work/release.ts'
import { wakeDue } from '../../server/work/wakes.ts'
import { nextDue } from '../../server/store/enrollments.ts'
import { insertVersion, saveDraft } from '../../server/store/journeys.ts'
import { changeMessage, renewLeases } from '../../server/store/messages.ts'
import { isOnPostgres } from '../support/database.ts'
import { startRudeSmtpServer, type RudeSmtpServer, type SmtpScript } from '../support/rudeSmtp.ts'
import { DAY, openStore, START, type TestStore } from '../support/store.ts'

const MAIL: Journey = {
  id: 'mail',
  meta: { format: 1, name: 'Sends one mail and tells what became of it' },
  context: {},
  initial: 'outside',
  on: { go: { target: '.mail', guard: { type: 'mayEnter' } } },
  states: {
    outside: {},
    mail: {
      meta: { kind: 'email' },
      entry: {
        type: 'sendEmail',
        params: {
          subject: 'Hello {{ contact.FIRSTNAME | default: "there" }}',
          html: '<p>Hi <a href="https://acme.io/x">x</a></p>',
          messageType: 'transactional',
        },
      },
      on: { 'step.done': 'done', 'step.failed': 'failed' },
      after: { P2D: 'failed' },
    },
    done: {
      meta: { kind: 'addToList' },
      entry: { type: 'addToList', params: { list: 'Got it' } },
      always: 'end',
    },
    failed: {
      meta: { kind: 'addToList' },
      entry: { type: 'addToList', params: { list: 'Did not get it' } },
      always: 'end',
    },
    end: { type: 'final' },
  },
}
const SENDER = {
  baseUrl: 'https://go.acme.io',
  mailFrom: 'Acme <hello@acme.io>',
  companyName: 'Acme',
  companyAddress: 'Street 1',
  companyUrl: 'https://acme.io',
}

const CHANGES = { catalogue: true } as const

let store: TestStore
let smtp: SmtpChannel | undefined
let server: RudeSmtpServer | undefined
let now: number
beforeEach(async () => {
  now = START
  store = await openStore()
  await store.publish(MAIL, START)
})
afterEach(async () => {
  smtp?.close()
  await server?.stop()
  ;[smtp, server] = [undefined, undefined]
  await store.close()
})

/** What sending needs, towards a server that says `script` at each point; without one, mail is captured. */
async function sending(script?: SmtpScript, more: Partial<SendingDeps> = {}): Promise<SendingDeps> {
  if (script) {
    server = await startRudeSmtpServer(() => script)
    smtp = openSmtp({ url: server.url })
  }
  const { database, turns, runtime } = store
  return {
    database,
    turns,
    runtime,
    sender: SENDER,
    secret: 'secret',
    now: () => now,
    channels: { smtp: smtp ?? null, sms: null, webhooks: null },
    isReachable: true,
    resendUncertain: false,
    ...more,
  }
}

async function enter(email = 'ada@acme.io'): Promise<void> {
  await store.send(
    {
      kind: 'identify',
      userId: 'ada',
      email,
      occurredAt: now,
      identification: { attributes: { FIRSTNAME: 'Ada' } },
    },
    now,
  )
  await store.send(
    { kind: 'event', userId: 'ada', name: 'go', properties: {}, active: true, occurredAt: now },
    now,
  )
}

async function message() {
  return store.database.read.selectFrom('messages').selectAll().executeTakeFirstOrThrow()
}

describe('a message goes out', () => {
  it('once, and its journey hears of it', async () => {
    const deps = await sending({})
    await enter()
    await sendWaiting(deps)
    await sendWaiting(deps)
    expect(server?.messages).toHaveLength(1)
    expect(server?.messages[0]).toContain('Subject: Hello Ada')
    expect(await message()).toMatchObject({
      status: 'sent',
      attempts: 1,
      sent_at: START,
      to_address: 'ada@acme.io',
    })
    expect((await store.contact('ada'))?.lists).toEqual(['Got it'])
    expect((await verifyAll(store.database.read, 'UTC')).differences).toEqual([])
  })

  it.skipIf(isOnPostgres())('though another, taken together with it, cannot even be written', async () => {
    const deps = await sending({})
    for (const [userId, at] of [
      ['ada', START],
      ['bob', START + 1],
    ] as const) {
      const call = { userId, email: `${userId}@acme.io`, occurredAt: at } as const
      await store.send({ ...call, kind: 'identify', identification: {} }, at)
      await store.send({ ...call, kind: 'event', name: 'go', properties: {}, active: true }, at)
    }
    now = START + 1
    const bobs = store.database.read.selectFrom('messages').select('id').where('created_at', '=', now)
    const { id } = await bobs.executeTakeFirstOrThrow()
    await store.turns.run((tx) =>
      sql`create trigger unwritable before update on messages when old.id = ${sql.lit(id)}
        begin select raise(abort, 'no space left'); end`.execute(tx.db),
    )
    await expect(sendWaiting(deps)).rejects.toThrow('no space left')
    expect(server?.messages).toHaveLength(1)
    const rows = await store.database.read.selectFrom('messages').select('status').execute()
    expect(rows.map(({ status }) => status).toSorted()).toEqual(['queued', 'sent'])
  })

  it('to the mailbox where no SMTP is set, exactly as it would have been sent', async () => {
    const deps = await sending()
    await enter()
    await sendWaiting(deps)
    const row = await message()
    expect(row).toMatchObject({ status: 'captured', subject: 'Hello Ada', to_address: 'ada@acme.io' })
    expect(JSON.parse(row.content ?? '')).toMatchObject({
      headers: { 'Message-ID': expect.stringContaining('@go.acme.io>') },
    })
    expect((await store.contact('ada'))?.lists).toEqual(['Got it'])
  })

  it('never to a reserved domain: it is kept', async () => {
    const deps = await sending({})
    await enter('ada@example.com')
    await sendWaiting(deps)
    expect(server?.messages).toEqual([])
    expect((await message()).status).toBe('captured')
  })
})

describe('a message that does not go out', () => {
  it('is tried again later after a passing fault, with the same Message-ID', async () => {
    const deps = await sending({ RCPT: '450 4.2.0 later' })
    await enter()
    await sendWaiting(deps)
    expect(await message()).toMatchObject({ status: 'retry', attempts: 1, next_at: START + 60_000 })
    now += 60_000
    await sendWaiting(deps)
    expect(await message()).toMatchObject({ status: 'retry', attempts: 2, next_at: now + 120_000 })
  })

  it('fails for good after a refusal; the contact that bounced gets no more', async () => {
    const deps = await sending({ RCPT: '550 5.1.1 no such user' })
    await enter()
    await sendWaiting(deps)
    expect((await message()).status).toBe('failed')
    expect(await store.contact('ada')).toMatchObject({ unreachable: 'bounced', lists: ['Did not get it'] })
  })

  it('is uncertain when the connection is lost after the body was begun, and is not sent again', async () => {
    const deps = await sending({ dot: 'drop' })
    await enter()
    await sendWaiting(deps)
    expect((await message()).status).toBe('uncertain')
    now += DAY
    await sendWaiting(deps)
    expect(server?.messages).toHaveLength(1)
    const problems = await store.database.read.selectFrom('problems').select('code').execute()
    expect(problems).toEqual([{ code: 'message_uncertain' }])
  })

  it('is sent again after doubt where the operator chose so', async () => {
    const deps = await sending({ dot: 'drop' }, { resendUncertain: true })
    await enter()
    await store.turns.run(
      async (tx) => void (await tx.db.updateTable('messages').set({ status: 'sending' }).execute()),
    )
    await settleInterrupted(deps, Date.now())
    expect((await message()).status).toBe('retry')
  })

  it('found in the middle of sending at the start is uncertain', async () => {
    const deps = await sending({})
    await enter()
    await store.turns.run(
      async (tx) => void (await tx.db.updateTable('messages').set({ status: 'sending' }).execute()),
    )
    await settleInterrupted(deps, Date.now())
    await sendWaiting(deps)
    expect(server?.messages).toEqual([])
    expect(await message()).toMatchObject({
      status: 'uncertain',
      reason: 'the server ended while it was being sent',
    })
  })

  it('is left alone while its process says that it is sending it, and in doubt once that has been silent', async () => {
    const deps = await sending({})
    await enter()
    const { id } = await message()
    const real = Date.now()
    await store.turns.run((tx) => changeMessage(tx, id, { status: 'sending', lease_until: real + 1_000 }))
    await store.turns.run((tx) => renewLeases(tx, [id], real))
    await settleInterrupted(deps, real + 30_000)
    expect((await message()).status).toBe('sending')
    await settleInterrupted(deps, real + 60_000)
    expect((await message()).status).toBe('uncertain')
  })

  it('and was taken to be lost is sent after all where its process knows so: that puts an end to the doubt', async () => {
    const deps = await sending({})
    const slow: SmtpChannel = {
      ...smtp!,
      send: async (mail) => {
        await settleInterrupted(deps, Number.MAX_SAFE_INTEGER)
        expect((await message()).status).toBe('uncertain')
        return smtp!.send(mail)
      },
    }
    await enter()
    await sendWaiting({ ...deps, channels: { ...deps.channels, smtp: slow } })
    expect(await message()).toMatchObject({ status: 'sent', reason: null })
    expect(server?.messages).toHaveLength(1)
    const open = store.database.read.selectFrom('problems').select('code').where('open', '=', 1)
    expect(await open.execute()).toEqual([])
    expect((await verifyAll(store.database.read, 'UTC')).differences).toEqual([])
  })

  it.each([
    ['sms', 'uncertain'],
    ['webhook', 'retry'],
    ['notice', 'retry'],
  ] as const)('found in the middle of sending by %s is %s', async (channel, status) => {
    const deps = await sending({})
    await enter()
    await store.turns.run(
      async (tx) => void (await tx.db.updateTable('messages').set({ status: 'sending', channel }).execute()),
    )
    await settleInterrupted(deps, Date.now())
    expect(await message()).toMatchObject({ status, reason: 'the server ended while it was being sent' })
  })

  it('is skipped with its reason when consent is gone at the moment of sending', async () => {
    const deps = await sending({})
    await store.publish(
      {
        ...MAIL,
        id: 'promo',
        states: {
          ...MAIL.states,
          mail: {
            ...MAIL.states['mail'],
            entry: {
              type: 'sendEmail',
              params: { subject: 'Buy', html: '<p>Buy</p>', messageType: 'promotional' },
            },
          },
        },
      },
      START,
    )
    await enter()
    await sendWaiting(deps)
    const rows = await store.database.read
      .selectFrom('messages')
      .select(['journey', 'status', 'reason'])
      .orderBy('journey')
      .execute()
    expect(rows).toEqual([
      { journey: 'mail', status: 'sent', reason: null },
      {
        journey: 'promo',
        status: 'skipped',
        reason: 'not sent: has not agreed to promotional messages by e-mail',
      },
    ])
  })

  it('waits while its journey is paused, and goes when it is resumed', async () => {
    const deps = await sending({})
    await enter()
    await store.turns.run((tx) => store.journeys.pause(tx, 'mail', null, START), CHANGES)
    await sendWaiting(deps)
    expect((await message()).status).toBe('queued')
    await store.turns.run((tx) => store.journeys.resume(tx, 'mail', START), CHANGES)
    await sendWaiting(deps)
    expect((await message()).status).toBe('sent')
  })
})

describe('captured turns real only on purpose', () => {
  it('journeys that send are paused when SMTP appears on a database that captured mail, once', async () => {
    const deps = await sending()
    await enter()
    await sendWaiting(deps)
    const hold = () =>
      store.turns.run(
        (tx) => holdAfterCapture(tx, store.journeys, { mail: true, sms: false, web: false }, START),
        CHANGES,
      )
    const status = async () =>
      (
        await store.database.read
          .selectFrom('journeys')
          .select('status')
          .where('id', '=', 'mail')
          .executeTakeFirstOrThrow()
      ).status
    await hold()
    expect(await status()).toBe('paused')
    await store.turns.run((tx) => store.journeys.resume(tx, 'mail', START), CHANGES)
    await hold()
    expect(await status()).toBe('live')
  })
})

describe('a way out that opens later', () => {
  const SMS: Journey = {
    ...MAIL,
    id: 'text',
    states: {
      ...MAIL.states,
      mail: {
        meta: { kind: 'sms' },
        entry: { type: 'sendSms', params: { text: 'Hi', messageType: 'transactional' } },
        on: { 'step.done': 'done', 'step.failed': 'failed' },
        after: { P2D: 'failed' },
      },
    },
  }

  it('pauses the journeys that go by it, where their messages were captured, and no others', async () => {
    const deps = await sending()
    await store.publish(SMS, START)
    await enter()
    await store.send(
      {
        kind: 'identify',
        userId: 'ada',
        occurredAt: now,
        identification: { attributes: { PHONE: '+4930123456' } },
      },
      now,
    )
    await sendWaiting(deps)
    const paused = async () =>
      (
        await store.database.read
          .selectFrom('journeys')
          .select(['id', 'paused_because'])
          .where('status', '=', 'paused')
          .orderBy('id')
          .execute()
      ).map(({ id, paused_because }) => [id, paused_because])
    const hold = (open: { mail: boolean; sms: boolean; web: boolean }) =>
      store.turns.run((tx) => holdAfterCapture(tx, store.journeys, open, START), CHANGES)
    await hold({ mail: false, sms: false, web: true })
    expect(await paused()).toEqual([])
    await hold({ mail: false, sms: true, web: true })
    expect(await paused()).toEqual([['text', expect.stringContaining('SMS were only kept here')]])
    await hold({ mail: true, sms: true, web: true })
    expect(await paused()).toEqual([
      ['mail', expect.stringContaining('Mail was only kept here')],
      ['text', expect.stringContaining('SMS were only kept here')],
    ])
  })
})

describe('the sandbox clock', () => {
  it('goes from one due time to the next, each handled at its own time', async () => {
    const clock = startClock(START - Date.now())
    const deps = await sending(undefined, { now: clock.now })
    const { database, turns, runtime } = store
    const wake = { database, turns, runtime }
    await store.publish(
      {
        ...MAIL,
        id: 'waits',
        states: {
          outside: {},
          mail: { meta: { kind: 'wait' }, after: { P1D: 'again' } },
          again: { meta: { kind: 'wait' }, after: { P1D: 'list' } },
          list: {
            meta: { kind: 'addToList' },
            entry: { type: 'addToList', params: { list: 'Two days later' } },
            always: 'end',
          },
          end: { type: 'final' },
        },
      },
      START,
    )
    await enter()
    expect(
      await advanceClock(
        {
          database,
          turns,
          clock,
          wake,
          times: openTimes({ ...wake, now: clock.now }),
          inside: { ...wake, journeys: store.journeys, report: () => undefined },
          sending: deps,
        },
        START + 3 * DAY,
      ),
    ).toBe(2)
    const waits = await database.read
      .selectFrom('journal')
      .select('at')
      .where('kind', '=', 'wake')
      .orderBy('seq')
      .execute()
    expect(waits).toEqual([{ at: START + DAY }, { at: START + 2 * DAY }])
    expect(clock.now()).toBeGreaterThanOrEqual(START + 3 * DAY)
  })
})

it('a passage that cannot be woken is put off by a day and does not spin', async () => {
  const waits: Journey = {
    ...MAIL,
    id: 'waits',
    states: {
      outside: {},
      mail: { meta: { kind: 'wait' }, after: { P1D: 'points' } },
      points: {
        meta: { kind: 'update' },
        entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 1 } },
        always: 'end',
      },
      end: { type: 'final' },
    },
  }
  const restless: Journey = {
    ...waits,
    id: 'restless',
    on: { 'score.changed': { target: '.points', guard: { type: 'mayEnter' } } },
    states: { outside: {}, points: waits.states['points']!, end: { type: 'final' } },
  }
  await store.publish(waits, START)
  await store.turns.run(async (tx) => {
    // Publication refuses such a journey, so it is put in behind its back.
    await saveDraft(tx, restless.id, JSON.stringify(restless), START)
    await insertVersion(tx, { journey: restless, version: 1, templates: {} }, await tx.nextSeq(), START)
    await store.journeys.reload(tx.db)
  }, CHANGES)
  await enter()
  now += DAY
  expect(await wakeDue(store, () => now)).toBe(1)
  expect(await nextDue(store.database.read)).toBe(now + DAY)
})
