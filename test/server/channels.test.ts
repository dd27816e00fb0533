// SMS, webhooks and notices from journey to receiver and back, through whole installations and real servers.
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import type { Journey, Step } from '../../engine/index.ts'
import type { Environment } from '../../server/config.ts'
import { verifyAll } from '../../server/runtime/verify.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'
import { startWebServer, type TestWebServer, type WebConduct, type WebRequest } from '../support/webServer.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function installation(env: Environment = {}): Promise<TestInstallation> {
  const started = await startInstallation(env)
  cleanups.push(started.stop)
  return started
}

async function receiver(
  conductOf?: (request: WebRequest, count: number) => WebConduct,
): Promise<TestWebServer> {
  const started = await startWebServer(conductOf)
  cleanups.push(started.stop)
  return started
}

async function mailServer(): Promise<TestSmtpServer> {
  const started = await startSmtpServer()
  cleanups.push(started.stop)
  return started
}

/** Waits for what the workers do by themselves, on a machine that may be busy. */
function soon<Value>(look: () => Value | Promise<Value>) {
  return expect.poll(look, { timeout: 15_000 })
}

const REAL = { TIDEMARK_SANDBOX: '0', WEBHOOK_ALLOW: '127.0.0.1' }
const MAIL = {
  BASE_URL: 'https://go.acme.io',
  MAIL_FROM: 'Acme <hello@acme.io>',
  COMPANY_NAME: 'Acme',
  COMPANY_ADDRESS: 'Street 1',
  COMPANY_URL: 'https://acme.io',
}

/** A journey that begins with `go`; its other steps put people on lists. */
function journey(first: Step, more: { readonly [id: string]: Step } = {}): Journey {
  return {
    id: 'way',
    meta: { format: 1, name: 'The way', reentry: { policy: 'parallel' } },
    context: {},
    initial: 'outside',
    on: { go: { target: '.first', guard: { type: 'mayEnter' } } },
    states: { outside: {}, first, ...more, done: list('Done'), end: { type: 'final' } },
  }
}

/** The same, with a way for what fails. */
function journeyOrElse(first: Step, more: { readonly [id: string]: Step } = {}): Journey {
  return journey(first, { ...more, failed: list('Failed') })
}

function list(name: string): Step {
  return {
    meta: { kind: 'addToList' },
    entry: { type: 'addToList', params: { list: name } },
    always: 'end',
  }
}

const WAITS = { on: { 'step.done': 'done', 'step.failed': 'failed' }, after: { P2D: 'failed' } } as const

function webhook(url: string, next: string = 'done', params: object = {}): Step {
  return {
    meta: { kind: 'webhook' },
    entry: {
      type: 'callWebhook',
      params: {
        url: `${url}/leads/{{ contact.userId }}?mail={{ contact.email }}`,
        method: 'POST',
        headers: { Authorization: 'Bearer key' },
        body: {
          name: '{{ contact.FIRSTNAME }}',
          score: '{{ contact.SCORE }}',
          all: ['{{ event.plan }}', 1, null],
        },
        store: { TIER: '/customer/tier', SEATS: '/seats/0', NOTHING: '/not/there' },
        ...params,
      },
    },
    on: { 'step.done': next, 'step.failed': 'failed' },
    after: { P2D: 'failed' },
  }
}

function sms(text: string): Step {
  return {
    meta: { kind: 'sms' },
    entry: { type: 'sendSms', params: { text, messageType: 'promotional' } },
    ...WAITS,
  }
}

async function publish(server: TestInstallation, draft: Journey) {
  await server.ask('PUT', `/api/journeys/${draft.id}`, draft)
  return server.ask('POST', `/api/journeys/${draft.id}/publish`, { inside: 'stay' })
}

async function published(server: TestInstallation, draft: Journey): Promise<void> {
  const { status, text } = await publish(server, draft)
  if (status !== 200) throw new Error(text)
}

/** Ada agrees to everything and enters. */
async function enter(server: TestInstallation, traits: object = {}): Promise<void> {
  await server.send('identify', {
    userId: 'ada',
    traits: { email: 'ada@acme.io', firstName: 'Ada "A"', consent: { email: true, sms: true }, ...traits },
  })
  await server.send('track', { userId: 'ada', event: 'go', properties: { plan: 'pro' } })
}

interface Person {
  readonly id: string
  readonly lists: readonly string[]
  readonly attributes: { readonly [name: string]: unknown }
  readonly consent: { readonly sms: { readonly status: string; readonly source: string } }
}

async function ada(server: TestInstallation): Promise<Person> {
  const { items } = (await server.ask('GET', '/api/contacts?email=ada@acme.io')).body as { items: [Person] }
  return (await server.ask('GET', `/api/contacts/${items[0].id}`)).body
}

/** Waits until Ada is on a list: then her message has been settled. */
async function settled(server: TestInstallation): Promise<Person> {
  await server.settled()
  await soon(async () => (await ada(server)).lists).not.toEqual([])
  return ada(server)
}

async function items<Item = { readonly [field: string]: unknown }>(
  server: TestInstallation,
  path: string,
): Promise<readonly Item[]> {
  return ((await server.ask('GET', path)).body as { items: readonly Item[] }).items
}

/** The journal folds to what is stored, answers and stops included. */
async function verified(server: TestInstallation): Promise<void> {
  expect((await verifyAll(server.deps.database.read, 'UTC')).differences).toEqual([])
}

async function message(server: TestInstallation) {
  const [only] = await items(server, '/api/messages')
  return only
}

describe('a webhook', () => {
  function byTier(url: string): Journey {
    return journeyOrElse(webhook(url, 'tier'), {
      tier: {
        meta: { kind: 'condition' },
        always: [
          {
            guard: {
              type: 'holds',
              params: { when: { field: 'TIER', operator: '=', value: 'gold' } },
            },
            target: 'gold',
          },
          { target: 'done' },
        ],
      },
      gold: list('Gold'),
    })
  }

  test('is called, signed, with what it is about; the journey keeps the answer and goes by it', async () => {
    const crm = await receiver(() => ({
      body: JSON.stringify({ customer: { tier: 'gold' }, seats: [12, 13] }),
    }))
    const server = await installation(REAL)
    await published(server, byTier(crm.url))
    await enter(server, { email: 'ada@acme.io' })
    const { lists, attributes } = await settled(server)
    expect(lists).toEqual(['Gold'])
    expect(attributes).toMatchObject({ TIER: 'gold', SEATS: 12 })
    expect(attributes).not.toHaveProperty('NOTHING')

    expect(crm.requests).toHaveLength(1)
    const [{ method, path, headers, body } = {}] = crm.requests
    expect({ method, path }).toEqual({ method: 'POST', path: '/leads/ada?mail=ada%40acme.io' })
    expect(JSON.parse(body ?? '')).toEqual({ name: 'Ada "A"', score: '0', all: ['pro', 1, null] })
    const { secret } = (await server.ask('GET', '/api/webhook-secret')).body as { secret: string }
    const signed = Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]),
    )
    expect(() => new Webhook(secret).verify(body ?? '', signed)).not.toThrow()
    expect(headers).toMatchObject({
      authorization: 'Bearer key',
      'webhook-id': expect.stringMatching(/^[\w-]+$/),
    })
    expect(await message(server)).toMatchObject({
      status: 'sent',
      to: `${crm.url}/leads/ada?mail=ada%40acme.io`,
    })
    expect(await items(server, '/api/mailbox')).toEqual([])
    await verified(server)
    expect(server.reported).toEqual([])
  })

  test('is called again after a passing fault, with the same id, and not before the receiver wants it', async () => {
    const busy: WebConduct = { status: 429, headers: { 'retry-after': '600' } }
    const crm = await receiver((_, count) => (count === 0 ? busy : count === 1 ? 'drop' : {}))
    const server = await installation(REAL)
    await published(server, byTier(crm.url))
    await enter(server)
    await soon(async () => (await message(server))?.['status']).toBe('retry')
    const start = server.deps.clock.now()
    await server.deps.advanceClock(start + 9 * 60_000)
    expect(crm.requests).toHaveLength(1)
    await server.deps.advanceClock(start + 11 * 60_000)
    await soon(() => crm.requests.length).toBe(2)
    await server.deps.advanceClock(start + 30 * 60_000)
    expect((await settled(server)).lists).toEqual(['Done'])
    expect(crm.requests).toHaveLength(3)
    expect(new Set(crm.requests.map(({ headers }) => headers['webhook-id']))).toHaveLength(1)
  })

  test('that is refused fails, and the journey goes its other way', async () => {
    const crm = await receiver(() => ({ status: 422, body: 'no such plan' }))
    const server = await installation(REAL)
    await published(server, byTier(crm.url))
    await enter(server)
    expect((await settled(server)).lists).toEqual(['Failed'])
    expect(await message(server)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('422: no such plan'),
    })
    expect(await items(server, '/api/problems')).toMatchObject([
      {
        code: 'message_failed',
        detail: expect.stringMatching(/^Webhook could not be called: 127\.0\.0\.1:\d+ answered 422/),
      },
    ])
  })

  test('to a private address fails, where WEBHOOK_ALLOW does not name it', async () => {
    const crm = await receiver()
    const server = await installation({ ...REAL, WEBHOOK_ALLOW: '10.0.0.0/8' })
    await published(server, byTier(crm.url))
    await enter(server)
    expect((await settled(server)).lists).toEqual(['Failed'])
    expect(await message(server)).toMatchObject({
      reason: expect.stringContaining('not on the public Internet'),
    })
    expect(crm.requests).toEqual([])
  })

  test('with an address that a name would lead out of its path is not called', async () => {
    const crm = await receiver()
    const server = await installation(REAL)
    const url = `${crm.url}/leads/{{ contact.FIRSTNAME }}/notes`
    await published(server, journeyOrElse(webhook(crm.url, 'done', { url })))
    await enter(server, { firstName: '..' })
    expect((await settled(server)).lists).toEqual(['Failed'])
    expect(crm.requests).toEqual([])
  })

  test('in the sandbox, or of a domain for examples, is kept here and nobody called', async () => {
    const crm = await receiver()
    const server = await installation({ WEBHOOK_ALLOW: '127.0.0.1' })
    await published(server, byTier(crm.url))
    await enter(server)
    expect((await settled(server)).lists).toEqual(['Done'])
    expect(crm.requests).toEqual([])
    expect(await items(server, '/api/mailbox?channel=webhook')).toMatchObject([
      {
        channel: 'webhook',
        method: 'POST',
        to: `${crm.url}/leads/ada?mail=ada%40acme.io`,
        text: '{"name":"Ada \\"A\\"","score":"0","all":["pro",1,null]}',
        headers: { Authorization: 'Bearer key' },
        html: null,
        subject: null,
        messageId: expect.stringMatching(/^[\w-]+$/),
      },
    ])
    expect(await items(server, '/api/mailbox?channel=sms')).toEqual([])

    const real = await installation(REAL)
    await published(real, byTier('https://crm.example.com'))
    await enter(real)
    await settled(real)
    expect(await message(real)).toMatchObject({
      status: 'captured',
      reason: expect.stringContaining('reserved for examples'),
    })
  })

  test('has a secret of its own installation, for admins only', async () => {
    const [one, other] = [await installation(), await installation()]
    const secretOf = async (server: TestInstallation) =>
      ((await server.ask('GET', '/api/webhook-secret')).body as { secret: string }).secret
    expect(await secretOf(one)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(await secretOf(one)).not.toBe(await secretOf(other))
    expect((await one.anyone('GET', '/api/webhook-secret')).status).toBe(401)
  })
})

describe('an SMS', () => {
  const HELLO = journeyOrElse(sms('Hello {{ contact.FIRSTNAME }}, {{ company_name }} calls: €'))

  async function provider(conduct: WebConduct = { status: 201, body: '{"sid":"SM1"}' }) {
    const twilio = await receiver(() => conduct)
    const SMS_URL = `twilio+http://AC1:secret@127.0.0.1:${twilio.port}?from=+15005550006`
    return { twilio, env: { ...REAL, BASE_URL: 'https://go.acme.io', SMS_URL } }
  }

  test('is kept here where no SMS_URL is set, with the number of its parts', async () => {
    const server = await installation({ TIDEMARK_SANDBOX: '0' })
    await published(server, HELLO)
    await enter(server, { phone: '+49 30 123456' })
    expect((await settled(server)).lists).toEqual(['Done'])
    const [kept, ...more] = await items(server, '/api/mailbox?channel=sms')
    expect(more).toEqual([])
    expect(kept).toMatchObject({
      channel: 'sms',
      to: '+4930123456',
      text: 'Hello Ada "A", Your company calls: €',
      segments: 1,
      encoding: 'GSM-7',
      html: null,
      subject: null,
      headers: {},
      messageId: null,
    })
    expect(await items(server, '/api/mailbox?channel=email')).toEqual([])
    expect((await server.ask('GET', '/api/status')).body).toMatchObject({ sms: 'captured' })
  })

  test('goes out by the provider, once; a national number takes its country', async () => {
    const { twilio, env } = await provider()
    const server = await installation(env)
    expect((await server.ask('GET', '/api/status')).body).toMatchObject({ sms: 'live', sending: 'captured' })
    await published(server, HELLO)
    await enter(server, { phone: '(030) 12 34 56', country: 'DE' })
    expect((await settled(server)).lists).toEqual(['Done'])
    expect(twilio.requests).toHaveLength(1)
    const form = new URLSearchParams(twilio.requests[0]?.body)
    expect(form.get('To')).toBe('+4930123456')
    expect(form.get('Body')).toBe('Hello Ada "A", Your company calls: €')
    expect(form.get('StatusCallback')).toMatch(/^https:\/\/go\.acme\.io\/t\/s\/[\w-]+$/)
    expect(await message(server)).toMatchObject({ status: 'sent', to: '+4930123456' })
    expect(server.reported).toEqual([])
  })

  test.each([
    ['no number', {}, 'there is no phone number'],
    ['a national number and no country', { phone: '030 123456' }, 'has no country code'],
    ['a number that cannot be', { phone: '+999 123456789' }, 'no phone number'],
    ['no consent', { phone: '+4930123456', consent: { sms: false } }, 'has unsubscribed from SMS'],
  ])('with %s is skipped, and the journey goes its other way', async (_, traits, reason) => {
    const { twilio, env } = await provider()
    const server = await installation(env)
    await published(server, HELLO)
    await enter(server, traits)
    expect((await settled(server)).lists).toEqual(['Failed'])
    expect(await message(server)).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining(reason),
    })
    expect(twilio.requests).toEqual([])
  })

  test('to a number for films never leaves', async () => {
    const { twilio, env } = await provider()
    const server = await installation(env)
    await published(server, HELLO)
    await enter(server, { phone: '+1 212 555 0142' })
    await settled(server)
    expect(await message(server)).toMatchObject({
      status: 'captured',
      reason: expect.stringContaining('films'),
    })
    expect(twilio.requests).toEqual([])
  })

  test('to somebody who answered STOP fails, and no other SMS goes there', async () => {
    const { twilio, env } = await provider({ status: 400, body: '{"code":21610,"message":"unsubscribed"}' })
    const server = await installation(env)
    await published(server, HELLO)
    await enter(server, { phone: '+4930123456' })
    const { lists, consent } = await settled(server)
    expect(lists).toEqual(['Failed'])
    expect(consent.sms).toMatchObject({ status: 'unsubscribed', source: 'sms.stopped' })
    await server.send('track', { userId: 'ada', event: 'go' })
    await soon(async () => (await items(server, '/api/messages')).map(({ status }) => status)).toEqual([
      'skipped',
      'failed',
    ])
    await verified(server)
    expect(twilio.requests).toHaveLength(1)
  })

  test('of which nobody knows whether it arrived is not sent again', async () => {
    const { twilio, env } = await provider('drop')
    const server = await installation(env)
    await published(server, HELLO)
    await enter(server, { phone: '+4930123456' })
    expect((await settled(server)).lists).toEqual(['Failed'])
    await server.deps.advanceClock(server.deps.clock.now() + 48 * 3_600_000)
    expect(twilio.requests).toHaveLength(1)
    expect(await message(server)).toMatchObject({ status: 'uncertain' })
    expect(await items(server, '/api/problems')).toMatchObject([
      { code: 'message_uncertain', detail: expect.stringContaining('an SMS to +4930123456') },
    ])
  })

  describe('of which the provider tells later', () => {
    const report = (fields: object) => new URLSearchParams({ ...fields }).toString()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }

    async function sentSms(conduct?: WebConduct) {
      const { twilio, env } = await provider(conduct)
      const server = await installation(env)
      await published(server, HELLO)
      await enter(server, { phone: '+4930123456' })
      await settled(server)
      const callback = new URLSearchParams(twilio.requests[0]?.body).get('StatusCallback') ?? ''
      const told = (fields: object) =>
        server.anyone('POST', new URL(callback).pathname, report({ MessageSid: 'SM1', ...fields }), form)
      const names = async () => {
        const { id } = await ada(server)
        const entries = await items<{ kind: string; name: string }>(server, `/api/contacts/${id}/timeline`)
        return entries.filter(({ kind }) => kind === 'message').map(({ name }) => name)
      }
      return { server, told, names }
    }

    test('delivered, however often', async () => {
      const { server, told, names } = await sentSms()
      expect((await told({ MessageStatus: 'sent' })).status).toBe(204)
      expect(await names()).toEqual(['sms.sent'])
      for (const _ of [1, 2]) expect((await told({ MessageStatus: 'delivered' })).status).toBe(204)
      expect((await told({ MessageStatus: 'failed' })).status).toBe(204)
      expect(await names()).toEqual(['sms.delivered', 'sms.sent'])
      expect(await message(server)).toMatchObject({ status: 'sent' })
    })

    test('not delivered', async () => {
      const { server, told, names } = await sentSms()
      for (const _ of [1, 2]) await told({ MessageStatus: 'undelivered', ErrorCode: '30003' })
      expect(await names()).toEqual(['sms.failed', 'sms.sent'])
      expect(await message(server)).toMatchObject({
        status: 'failed',
        reason: 'the provider said: undelivered, error 30003',
      })
      expect(await items(server, '/api/problems')).toMatchObject([{ code: 'message_failed' }])
    })

    test('stopped by the person', async () => {
      const { server, told } = await sentSms()
      await told({ MessageStatus: 'failed', ErrorCode: '21610' })
      expect((await ada(server)).consent.sms.status).toBe('unsubscribed')
    })

    test('delivered after all, where nobody knew', async () => {
      const { server, told } = await sentSms('drop')
      expect(await message(server)).toMatchObject({ status: 'uncertain' })
      await told({ MessageStatus: 'delivered' })
      expect(await message(server)).toMatchObject({ status: 'sent', reason: null })
    })

    test('by nobody but the provider', async () => {
      const { server } = await sentSms()
      const { status } = await server.anyone('POST', '/t/s/forged', report({ MessageStatus: 'failed' }), form)
      expect(status).toBe(404)
      expect(await message(server)).toMatchObject({ status: 'sent' })
    })
  })

  test('is published by no journey while its sender is missing; other journeys are', async () => {
    const { env } = await provider()
    const server = await installation({ ...env, SMS_URL: env.SMS_URL.replace(/\?.*/, '') })
    expect(await publish(server, HELLO)).toMatchObject({
      status: 409,
      body: { code: 'has_problems', detail: expect.stringContaining('SMS_URL names no sender') },
    })
    expect(
      (await publish(server, { ...journeyOrElse(webhook('https://crm.acme.io')), id: 'other' })).status,
    ).toBe(200)
  })
})

describe('a notice to the team', () => {
  const notice = (params: Extract<Step['entry'], { type: 'notify' }>['params']): Journey =>
    journey({ meta: { kind: 'notify' }, entry: { type: 'notify', params }, always: 'done' })
  const TO_SALES = {
    to: ['sales@acme.io', 'boss@acme.io', 'nobody@example.com'],
    subject: 'Hot lead:\r\nBcc: all@acme.io {{ contact.FIRSTNAME }}',
    text: '<{{ contact.FIRSTNAME }}>\nhas {{ contact.SCORE }} points: {{ contact_url }}',
  }

  test('is one mail to all of them, whatever the person agreed to', async () => {
    const smtp = await mailServer()
    const server = await installation({ ...REAL, ...MAIL, SMTP_URL: smtp.url })
    await published(server, notice(TO_SALES))
    await enter(server, { email: 'ada@acme.io', consent: { email: false, sms: false } })
    await settled(server)
    const { to, mail } = await smtp.waitFor(() => true)
    expect(to).toEqual(['sales@acme.io', 'boss@acme.io'])
    expect(mail.subject).toBe('Hot lead: Bcc: all@acme.io Ada "A"')
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc')
    const { id } = await ada(server)
    expect(mail.text?.trim()).toBe(`<Ada "A">\nhas 0 points: https://go.acme.io/contacts/${id}`)
    expect(mail.html).toContain('&lt;Ada "A"&gt;')
    await soon(async () => (await message(server))?.['status']).toBe('sent')
    expect(smtp.mails).toHaveLength(1)
    expect(server.reported).toEqual([])
  })

  test('is kept here where no mail goes out', async () => {
    const server = await installation({ TIDEMARK_SANDBOX: '0' })
    await published(server, notice(TO_SALES))
    await enter(server)
    await settled(server)
    await soon(() => items(server, '/api/mailbox?channel=notice')).toMatchObject([
      {
        channel: 'notice',
        to: 'sales@acme.io, boss@acme.io',
        subject: expect.stringContaining('Hot lead'),
      },
    ])
  })

  test('to a system of theirs is a call, as chats take it', async () => {
    const chat = await receiver()
    const server = await installation(REAL)
    await published(server, notice({ url: `${chat.url}/hooks/1`, text: '{{ contact.FIRSTNAME }} is "hot"' }))
    await enter(server)
    await soon(() => chat.requests.length).toBe(1)
    expect(chat.requests[0]).toMatchObject({
      method: 'POST',
      path: '/hooks/1',
      body: '{"text":"Ada \\"A\\" is \\"hot\\""}',
    })
  })

  test('that is refused says nothing about the person', async () => {
    const smtp = await startSmtpServer({ onRecipient: () => 'refuse' })
    cleanups.push(smtp.stop)
    const server = await installation({ ...REAL, ...MAIL, SMTP_URL: smtp.url })
    await published(server, notice(TO_SALES))
    await enter(server)
    await soon(async () => (await message(server))?.['status']).toBe('failed')
    expect(await ada(server)).toMatchObject({ unreachable: null })
    expect(await items(server, '/api/problems')).toMatchObject([
      { detail: expect.stringMatching(/^The team could not be told/) },
    ])
  })
})
