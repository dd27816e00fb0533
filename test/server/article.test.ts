// The story of the article that Tidemark follows, from the sign-up to the quote, over a real SMTP server.
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, ask, type Api, type ProblemDocument } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { mail, wait } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { startServer, type ServerProcess } from '../support/serverProcess.ts'
import { startSmtpServer, type ReceivedMail, type TestSmtpServer } from '../support/smtp.ts'

const PUBLIC = 'https://go.nordlicht-lampen.de'
const BROWSER = {
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36',
}
/** Those of the shipped journeys that send. */
const SENDING = ['acquisition', 'case-study', 'guide', 'quote-received', 'welcome']

function realMail(smtp: TestSmtpServer): Record<string, string> {
  return {
    SMTP_URL: smtp.url,
    BASE_URL: PUBLIC,
    MAIL_FROM: 'Nordlicht <hallo@nordlicht-lampen.de>',
    COMPANY_NAME: 'Nordlicht Lampen',
    COMPANY_ADDRESS: 'Hafenstraße 7, 20457 Hamburg',
    COMPANY_URL: 'https://www.nordlicht-lampen.de',
  }
}

/** What the public address leads to, on this machine. */
function local(server: ServerProcess, address: string): string {
  const url = new URL(address)
  expect(url.origin).toBe(PUBLIC)
  return `${server.url}${url.pathname}`
}

function linksOf(html: string): readonly string[] {
  return [...html.matchAll(/href="([^"]+)"/g)].map(([, address = '']) => address.replaceAll('&amp;', '&'))
}

/** The address behind the button. */
function trackedLinkOf(html: string | undefined): string {
  return linksOf(html ?? '').find((link) => link.includes('/t/c/')) ?? ''
}

function header(mail: ReceivedMail, name: string): string | undefined {
  return mail.mail.headers.find(({ key }) => key === name.toLowerCase())?.value
}

const isTo = (address: string, journeySays: string) => (received: ReceivedMail) =>
  received.to.includes(address) && (header(received, 'Feedback-ID') ?? '').includes(`:${journeySays}:`)

async function publishSending(api: Api): Promise<void> {
  for (const id of SENDING) await api.must('POST', `/journeys/${id}/publish`, {})
}

async function signUp(api: Api, userId: string, email: string): Promise<void> {
  await api.track(userId, 'newsletter_subscribed', {}, { context: { traits: { email, firstName: 'Ada' } } })
}

async function eventually(holds: () => Promise<boolean> | boolean, within = 10_000): Promise<void> {
  for (const end = Date.now() + within; !(await holds()); await delay(20))
    if (Date.now() > end) throw new Error(`not so within ${within} ms: ${holds.toString()}`)
}

describe('the article’s example, with real mail', () => {
  const ada = 'ada@nordlicht-lampen.de'
  let smtp: TestSmtpServer
  let server: ServerProcess
  let api: Api
  let welcome: ReceivedMail
  beforeAll(async () => {
    smtp = await startSmtpServer()
    server = await startServer({ env: realMail(smtp) })
    api = apiOf(server)
  })
  afterAll(async () => {
    await server.stop()
    await smtp.stop()
  })

  it('begins with nobody being mailed by accident: journeys that send wait for a person to publish them', async () => {
    const { items } = await api.must<{ items: readonly { id: string; status: string; sends: boolean }[] }>(
      'GET',
      '/journeys',
    )
    expect(items.filter(({ sends }) => sends).map(({ id, status }) => `${id} ${status}`)).toEqual(
      SENDING.map((id) => `${id} draft`),
    )
    expect(items.filter(({ sends }) => !sends).every(({ status }) => status === 'live')).toBe(true)
    await publishSending(api)
  })

  it('the sign-up is welcomed by SMTP, with everything a mail program wants to know', async () => {
    await signUp(api, 'ada', ada)
    welcome = await smtp.waitFor(isTo(ada, 'welcome'))
    expect(welcome.from).toBe('hallo@nordlicht-lampen.de')
    expect(header(welcome, 'List-Unsubscribe')).toMatch(/^<https:\/\/go\.nordlicht-lampen\.de\/u\/[\w-]+>$/)
    expect(header(welcome, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
    expect(header(welcome, 'Message-ID')).toMatch(/^<[^<>\s]+@go\.nordlicht-lampen\.de>$/)
    expect(header(welcome, 'Date')).toBeDefined()
    expect(welcome.mail.subject?.length).toBeLessThan(50)
    expect(welcome.mail.text).toContain('Hafenstraße 7')
    expect(welcome.mail.html).toContain('Hafenstraße 7')
    expect(`${welcome.mail.html}${welcome.mail.text}`).not.toMatch(/\{\{|\{%|example\.com|undefined|null/)
    expect(await api.contact('ada')).toMatchObject({
      attributes: { SCORE: 5 },
      consent: { email: { status: 'subscribed' } },
      lists: expect.arrayContaining(['Newsletter', 'New leads', 'New qualified leads']) as unknown,
    })
  })

  it('a click in it gives 10 points once, however often it is clicked, and the history says why', async () => {
    const address = local(server, trackedLinkOf(welcome.mail.html))
    await ask(address, 'HEAD', undefined, BROWSER)
    await ask(address, 'GET', undefined, { ...BROWSER, 'Sec-Purpose': 'prefetch' })
    await ask(address, 'GET', undefined, { 'User-Agent': 'Slackbot-LinkExpanding 1.0' })
    expect(await api.score('ada')).toBe(5)
    const clicks = await Promise.all([1, 2, 3, 4, 5].map(() => ask(address, 'GET', undefined, BROWSER)))
    clicks.push(await ask(address, 'GET', undefined, BROWSER))
    for (const click of clicks) {
      expect(click.status).toBe(302)
      expect(click.headers.get('location')).toBe('https://www.nordlicht-lampen.de/welcome')
    }
    const lines = await api.lines('ada')
    expect(lines.map(({ by, after, journey, event }) => ({ by, after, journey, event }))).toEqual([
      { by: 10, after: 15, journey: 'welcome', event: 'email.clicked' },
      { by: 5, after: 5, journey: 'awareness', event: 'newsletter_subscribed' },
    ])
    for (const { reason } of lines) expect(reason).toMatch(/^[A-Z“"].{10,}/)
  })

  it('a quote request lifts to the qualified leads, and is confirmed', async () => {
    await api.track('ada', 'quote_requested')
    const { attributes, lists } = await api.contact('ada')
    expect(attributes.SCORE).toBe(65)
    expect(lists).toContain('Qualified leads')
    expect(lists).not.toContain('New leads')
    const confirmation = await smtp.waitFor(isTo(ada, 'quote-received'))
    expect(header(confirmation, 'List-Unsubscribe')).toBeUndefined() // it answers what they did
  })

  it('even a quote request alone makes a qualified lead', async () => {
    await api.identify('grace', { email: 'grace@nordlicht-lampen.de' })
    await api.track('grace', 'quote_requested')
    expect((await api.contact('grace')).lists).toContain('Qualified leads')
  })

  it('after one-click unsubscribe no journey reaches the person, not even one in which they wait already', async () => {
    await api.publish(
      journeyOf(
        { soon: wait('PT2S', 'mail'), mail: mail('end'), end: { type: 'final' } },
        { id: 'two-seconds' },
      ),
    )
    await api.publish(
      journeyOf(
        { mail: mail('end'), end: { type: 'final' } },
        { id: 'at-once', on: { later: { target: '.mail', guard: { type: 'mayEnter' } } } },
      ),
    )
    for (const [userId, email] of [
      ['ada', ada],
      ['lovelace', 'lovelace@nordlicht-lampen.de'],
    ] as const) {
      if (userId !== 'ada') await signUp(api, userId, email)
      await api.track(userId, 'go')
      expect(await api.passages(userId, 'two-seconds')).toEqual(['at soon'])
    }
    const sent = smtp.mails.filter(({ to }) => to.includes(ada)).length
    const address = local(server, (header(welcome, 'List-Unsubscribe') ?? '').slice(1, -1))

    // A scanner that follows the link unsubscribes nobody.
    expect(await ask(address, 'GET', undefined, BROWSER)).toMatchObject({ status: 200 })
    expect((await api.contact('ada')).consent.email.status).toBe('subscribed')
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    for (const _ of ['once', 'twice'])
      expect(await ask(address, 'POST', 'List-Unsubscribe=One-Click', form)).toMatchObject({ status: 200 })

    const { consent, passages } = await api.contact('ada')
    expect(consent.email).toMatchObject({ status: 'unsubscribed', source: 'unsubscribe link' })
    const guide = passages.find(({ journey }) => journey === 'guide')
    expect(guide?.ended).toMatchObject({ outcome: 'exit' })
    await api.track('ada', 'later')
    await signUp(api, 'eve', 'eve@nordlicht-lampen.de')
    // Who did not unsubscribe gets it, so the two seconds are over for both.
    await smtp.waitFor(isTo('lovelace@nordlicht-lampen.de', 'two-seconds'))
    await eventually(async () =>
      (await api.passages('ada', 'two-seconds')).every((was) => was === 'finished'),
    )
    await eventually(async () => {
      const { items } = await api.must<{ items: readonly { status: string }[] }>('GET', '/messages')
      return items.every(({ status }) => status !== 'queued' && status !== 'sending')
    })
    expect(smtp.mails.filter(({ to }) => to.includes(ada))).toHaveLength(sent)
    const { items } = await api.must<{
      items: readonly { journey: string; status: string; reason: string | null }[]
    }>('GET', '/messages?status=skipped')
    expect(items.map(({ journey }) => journey).toSorted()).toEqual(['at-once', 'two-seconds'])
    for (const { reason } of items) expect(reason).toMatch(/unsubscribed/)
  })

  it('only their own new sign-up lifts that: not a trait, not an administrator', async () => {
    await api.identify('ada', { consent: { email: true } })
    expect((await api.contact('ada')).consent.email.status).toBe('unsubscribed')
    const { id } = await api.contact('ada')
    const byHand = { purpose: 'email', status: 'subscribed', reason: 'they surely meant it' }
    expect(await api.admin('POST', `/contacts/${id}/consent`, byHand)).toMatchObject({ status: 409 })
    await api.track('ada', 'newsletter_subscribed')
    expect((await api.contact('ada')).consent.email.status).toBe('subscribed')
  })

  it('a link that somebody changed leads nowhere', async () => {
    const button = trackedLinkOf(welcome.mail.html)
    const token = button.slice(button.lastIndexOf('/') + 1)
    const unsubscribe = (header(welcome, 'List-Unsubscribe') ?? '').slice(1, -1)
    for (const path of [
      `/t/c/${token}x`,
      `/t/c/${token.slice(0, -1)}`,
      `/t/c/${token.replace(/^./, 'B')}`,
      `/t/o/${token}`,
      `/u/${token}`,
      `/t/c/${unsubscribe.slice(unsubscribe.lastIndexOf('/') + 1)}`,
      '/t/c/',
      '/t/c/%00',
    ])
      expect((await ask(`${server.url}${path}`, 'GET', undefined, BROWSER)).status).toBe(404)
    expect((await ask(`${server.url}/u/${token}`, 'POST', undefined, BROWSER)).status).toBe(404)
  })

  it('a scanner that clicks everything, the hidden link too, is given nothing', async () => {
    const robo = 'robo@nordlicht-lampen.de'
    await signUp(api, 'robo', robo)
    const { mail } = await smtp.waitFor(isTo(robo, 'welcome'))
    const links = linksOf(mail.html ?? '').filter((link) => link.includes('/t/'))
    for (const link of links) await ask(local(server, link), 'GET', undefined, BROWSER)
    expect(await api.score('robo')).toBe(5)
    expect((await api.lines('robo')).map(({ by }) => by)).toEqual([-10, 10, 5])
  })

  it('in the end the journal, folded again, gives what is stored', async () => {
    expect(await runCommand(server.folder, 'verify')).toContain('no difference')
  })
})

describe('the article’s example in the sandbox', () => {
  let smtp: TestSmtpServer
  let server: ServerProcess
  afterEach(async () => {
    await server.stop()
    await smtp.stop()
  })

  it('31 silent days lower the score; mail is kept and never sent', async () => {
    smtp = await startSmtpServer()
    server = await startServer({ env: { ...realMail(smtp), TIDEMARK_SANDBOX: '1' } })
    const api = apiOf(server)
    const to = 'ada@nordlicht-lampen.de'
    await signUp(api, 'ada', to)
    await eventually(async () => (await api.mails(to)).length === 1)
    const [welcome] = await api.mails(to)
    await ask(local(server, trackedLinkOf(welcome?.html)), 'GET', undefined, BROWSER)
    await api.track('ada', 'quote_requested')
    expect(await api.score('ada')).toBe(65)

    await api.advance('P29D')
    expect(await api.score('ada')).toBe(65)
    const { ran } = await api.advance('P2D')
    expect(ran).toBeGreaterThan(0)
    const [ebb] = await api.lines('ada')
    expect(ebb).toMatchObject({ by: -10, before: 65, after: 55, journey: 'quiet-30-days' })
    expect(ebb?.reason).toMatch(/30 days without activity/i)
    // The thirty days count from the last activity, to the second.
    const { lastActivityAt } = await api.contact('ada')
    expect(Date.parse(ebb?.occurredAt ?? '') - Date.parse(lastActivityAt ?? '')).toBe(30 * 24 * 3_600_000)
    await api.advance('P365D')
    expect(await api.score('ada')).toBe(0)
    expect((await api.contact('ada')).lists).toContain('New leads')
    expect((await api.mails(to)).map(({ journey }) => journey).toSorted()).toEqual(
      expect.arrayContaining(['guide', 'quote-received', 'welcome']),
    )
    expect(smtp.mails).toEqual([])
    expect(await runCommand(server.folder, 'verify')).toContain('no difference')

    // The clock does not go back with a restart.
    const before = await api.must<{ now: string }>('GET', '/clock')
    await server.kill()
    server = await startServer({ folder: server.folder, env: { ...realMail(smtp), TIDEMARK_SANDBOX: '1' } })
    const after = await apiOf(server).must<{ now: string }>('GET', '/clock')
    expect(after.now >= before.now).toBe(true)
  })
})

describe('captured mail turns real only on purpose', () => {
  let smtp: TestSmtpServer
  let server: ServerProcess
  afterEach(async () => {
    await server.stop()
    await smtp.stop()
  })

  it('when SMTP_URL appears, journeys that send are paused until resumed, and what was kept is never sent', async () => {
    smtp = await startSmtpServer()
    const first = await startServer()
    const kept = 'kept@nordlicht-lampen.de'
    await signUp(apiOf(first), 'kept', kept)
    await eventually(async () => (await apiOf(first).mails(kept)).length === 1)
    await first.kill()

    server = await startServer({ folder: first.folder, env: realMail(smtp) })
    const api = apiOf(server)
    type Summary = {
      readonly id: string
      readonly status: string
      readonly sends: boolean
      readonly pausedBecause: string | null
    }
    const { items } = await api.must<{ items: readonly Summary[] }>('GET', '/journeys')
    for (const { status, sends, pausedBecause } of items) {
      expect(status).toBe(sends ? 'paused' : 'live')
      if (sends) expect(pausedBecause).toMatch(/[a-z]/)
    }
    const early = 'early@nordlicht-lampen.de'
    await signUp(api, 'early', early)
    expect(await api.score('early')).toBe(5)
    await delay(500)
    expect(smtp.mails).toEqual([])

    await api.must('POST', '/journeys/welcome/resume', {})
    const late = 'late@nordlicht-lampen.de'
    await signUp(api, 'late', late)
    await smtp.waitFor(isTo(late, 'welcome'))
    expect(smtp.mails.filter(({ to }) => to.includes(kept))).toEqual([])
    // A restart does not pause again what a person resumed.
    await server.kill()
    server = await startServer({ folder: first.folder, env: realMail(smtp) })
    const again = await apiOf(server).must<Summary>('GET', '/journeys/welcome')
    expect(again.status).toBe('live')
  })

  it('a journey that sends is not published while links would lead nowhere or nobody is named as sender', async () => {
    smtp = await startSmtpServer()
    const { COMPANY_ADDRESS: _, ...rest } = realMail(smtp)
    server = await startServer({ env: { ...rest, BASE_URL: 'http://192.168.1.20:3000' } })
    const api = apiOf(server)
    const { status, body } = await api.admin('POST', '/journeys/welcome/publish', {})
    expect(status).toBe(409)
    const { code, problems = [] } = body as ProblemDocument
    expect(code).toBe('has_problems')
    const said = problems.map(({ detail }) => detail).join(' ')
    expect(said).toContain('BASE_URL')
    expect(said).toContain('COMPANY_ADDRESS')
    await signUp(api, 'ada', 'ada@nordlicht-lampen.de')
    expect(await api.score('ada')).toBe(5)
    expect(smtp.mails).toEqual([])
  })

  it('addresses kept for examples and tests are never handed to SMTP', async () => {
    smtp = await startSmtpServer()
    server = await startServer({ env: realMail(smtp) })
    const api = apiOf(server)
    await publishSending(api)
    for (const domain of ['example.com', 'shop.example', 'acme.test', 'sub.example.org'])
      await signUp(api, domain, `ada@${domain}`)
    await signUp(api, 'real', 'ada@nordlicht-lampen.de')
    await smtp.waitFor(isTo('ada@nordlicht-lampen.de', 'welcome'))
    await eventually(async () => (await api.mails('')).length === 4)
    expect(smtp.mails).toHaveLength(1)
  })
})
