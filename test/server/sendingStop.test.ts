// The emergency stop: one call, and nothing leaves any more; one more, and all of it goes on. And who says nothing for ever
// on the other side holds up nobody else.
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { Step } from '../../engine/index.ts'
import { BASIC, type Page } from '../support/api.ts'
import { END, notify, webhook } from '../support/entries.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { journeyOf } from '../support/journeys.ts'
import { startSmtpServer, type SmtpOptions, type TestSmtpServer } from '../support/smtp.ts'

const MAIL: Step = {
  meta: { kind: 'email' },
  entry: { type: 'sendEmail', params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' } },
  always: 'end',
}
const SMS: Step = {
  meta: { kind: 'sms' },
  entry: { type: 'sendSms', params: { text: 'Hi', messageType: 'transactional' } },
  always: 'end',
}

let server: TestInstallation | undefined
let smtp: TestSmtpServer | undefined
afterEach(async () => {
  await server?.stop()
  await smtp?.stop()
  ;[server, smtp] = [undefined, undefined]
})

/** A server that sends real mail, by a real SMTP server. */
async function sendingServer(options: SmtpOptions = {}): Promise<TestSmtpServer> {
  smtp = await startSmtpServer(options)
  server = await startInstallation({
    TIDEMARK_SANDBOX: '',
    SMTP_URL: smtp.url,
    BASE_URL: 'https://go.nordlicht-lampen.de',
    MAIL_FROM: 'hallo@nordlicht-lampen.de',
    COMPANY_NAME: 'Nordlicht',
    COMPANY_ADDRESS: 'Hafenstraße 7, Hamburg',
    COMPANY_URL: 'https://www.nordlicht-lampen.de',
  })
  await publish({ mail: MAIL, end: END })
  return smtp
}

async function must<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await server!.ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

async function publish(states: { readonly [id: string]: Step }, id = 'test'): Promise<void> {
  await must('PUT', `/api/journeys/${id}`, journeyOf(states, { id }))
  await must('POST', `/api/journeys/${id}/publish`)
}

async function send(users: readonly string[]): Promise<void> {
  const batch = users.map((user) => ({
    type: 'track',
    userId: user,
    event: 'go',
    context: { traits: { email: `${user}@nordlicht-lampen.de`, phone: '+4930123456' } },
  }))
  const { status, text } = await server!.anyone('POST', '/v1/batch', { batch }, { authorization: BASIC })
  if (status !== 200) throw new Error(text)
}

async function statuses(): Promise<{ readonly [status: string]: number }> {
  const { items } = await must<Page<{ status: string }>>('GET', '/api/messages?limit=500')
  return Object.fromEntries(
    [...Map.groupBy(items, ({ status }) => status)].map(([status, { length }]) => [status, length]),
  )
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(10)
}

function people(count: number, name = 'p'): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${name}${n}`)
}

it('stops in the middle of everything: what was being handed over arrives, the rest waits, and goes once later', async () => {
  let answers: (() => void)[] = []
  let answering = false
  const mailer = await sendingServer({
    onMessage: () =>
      answering
        ? 'accept'
        : new Promise((resolve) => {
            answers.push(() => resolve('accept'))
          }),
  })
  await send(people(60))
  await until(() => Promise.resolve(answers.length > 0))
  expect(await must('GET', '/api/sending')).toMatchObject({ state: 'live', stopped: false, since: null })

  const stopped = await must<{ since: string }>('POST', '/api/sending', { stopped: true })
  expect(stopped).toMatchObject({ state: 'stopped', stopped: true, since: expect.any(String) })
  const handedOver = (await statuses())['sending']!
  expect(handedOver).toBeLessThanOrEqual(10)
  answering = true
  for (const answer of answers) answer()
  await until(async () => (await statuses())['sending'] === undefined)
  expect(await statuses()).toEqual({ sent: handedOver, queued: 60 - handedOver })

  // What comes meanwhile waits too, and a second stop changes nothing.
  await send(people(20, 'later'))
  expect(await must('POST', '/api/sending', { stopped: true })).toMatchObject({ since: stopped.since })
  await delay(100)
  expect(mailer.mails).toHaveLength(handedOver)

  expect(await must('POST', '/api/sending', { stopped: false })).toMatchObject({ state: 'live', since: null })
  await until(async () => (await statuses())['sent'] === 80)
  expect(new Set(mailer.mails.map(({ to }) => to[0])).size).toBe(80)
  expect(mailer.mails).toHaveLength(80)
  expect(server!.reported).toEqual([])
})

it('stops e-mails, SMS, webhooks and notices alike, and the clock of a sandbox goes on', async () => {
  server = await startInstallation()
  await publish({ mail: MAIL, end: END })
  await publish({ sms: SMS, end: END }, 'sms')
  await publish({ call: webhook('end', 'end', 'end'), end: END }, 'call')
  await publish({ tell: notify('end'), end: END }, 'tell')
  await must('POST', '/api/sending', { stopped: true })
  await send(['ada'])
  await must('POST', '/api/clock', { advance: 'PT1H' })
  expect(await statuses()).toEqual({ queued: 4 })
  expect(await must('GET', '/api/sending')).toMatchObject({ state: 'stopped' })
  await must('POST', '/api/sending', { stopped: false })
  await server.settled()
  expect(await statuses()).toEqual({ captured: 4 })
  expect(await must('GET', '/api/sending')).toMatchObject({ state: 'sandbox', held: 0, journeys: [] })
})

it('takes effect while hundreds are on their way, and loses none of them', async () => {
  server = await startInstallation()
  await publish({ mail: MAIL, end: END })
  await must('PUT', '/api/brakes', {
    firstHour: null,
    perHour: null,
    again: null,
    promotionalPerDay: null,
    promotionalPerWeek: null,
  })
  await send(people(400))
  await must('POST', '/api/sending', { stopped: true })
  const captured = (await statuses())['captured'] ?? 0
  expect(captured).toBeLessThan(400)
  await server.settled()
  expect((await statuses())['captured'] ?? 0).toBe(captured)
  await must('POST', '/api/sending', { stopped: false })
  await server.settled()
  expect(await statuses()).toEqual({ captured: 400 })
})

it('starts again at the pace that the brakes allow', async () => {
  server = await startInstallation()
  await publish({ mail: MAIL, end: END })
  await must('PUT', '/api/brakes', {
    firstHour: 5,
    perHour: 5,
    again: null,
    promotionalPerDay: null,
    promotionalPerWeek: null,
  })
  await must('POST', '/api/sending', { stopped: true })
  await send(people(8))
  await must('POST', '/api/sending', { stopped: false })
  await server.settled()
  expect(await statuses()).toEqual({ captured: 5, held: 3 })
})

it('is not there where no mail server is set: messages are kept', async () => {
  server = await startInstallation({ TIDEMARK_SANDBOX: '' })
  expect(await must('GET', '/api/sending')).toMatchObject({ state: 'kept', stopped: false })
  const { status, body } = await server.ask('POST', '/api/sending', { stopped: 'yes' })
  expect([status, (body as { path: string }).path]).toEqual([400, '/stopped'])
})

it('a receiver who says nothing holds up nobody else', async () => {
  let release: () => void = () => undefined
  const silence = new Promise<'accept'>((resolve) => (release = () => resolve('accept')))
  const mailer = await sendingServer({
    onMessage: ({ to }) => (to[0]?.startsWith('silent') ? silence : 'accept'),
  })
  await send(['silent', ...people(50)])
  await until(async () => (await statuses())['sent'] === 50)
  expect(await statuses()).toEqual({ sending: 1, sent: 50 })
  // Also not those who come later.
  await send(['late'])
  await mailer.waitFor(({ to }) => to[0] === 'late@nordlicht-lampen.de')
  release()
  await until(async () => (await statuses())['sent'] === 52)
})
