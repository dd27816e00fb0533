// Mails made of blocks, from a journey to a real SMTP server, and how they are looked at before that.
import { DomUtils, parseDocument } from 'htmlparser2'
import { afterEach, describe, expect, test } from 'vitest'
import type { EmailParams, Journey } from '../../engine/index.ts'
import type { Environment } from '../../server/config.ts'
import { startInstallation, type TestInstallation } from '../support/installation.ts'
import { LANGUAGES } from '../support/languages.ts'
import { startSmtpServer, type SmtpOptions, type TestSmtpServer } from '../support/smtp.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function installation(env: Environment = {}): Promise<TestInstallation> {
  const started = await startInstallation(env)
  cleanups.push(started.stop)
  return started
}

async function mailServer(options: SmtpOptions = {}): Promise<TestSmtpServer> {
  const started = await startSmtpServer(options)
  cleanups.push(started.stop)
  return started
}

const SENDER = {
  TIDEMARK_SANDBOX: '0',
  BASE_URL: 'https://go.acme.io',
  MAIL_FROM: 'Acme <hello@acme.io>',
  COMPANY_NAME: 'Acme',
  COMPANY_ADDRESS: 'Street 1',
  COMPANY_URL: 'https://acme.io',
}

const MAIL: EmailParams = {
  subject: 'Hello {{ contact.FIRSTNAME | default: "you" }}',
  preview: 'A word before',
  body: [
    { heading: 'Hello' },
    {
      text: 'You asked for {{ event.plan | default: "something" }}, **{{ contact.FIRSTNAME | default: "you" }}**.',
    },
    { button: 'See it', url: '{{ company_url }}/plans/{{ event.plan | default: "" }}' },
  ],
  messageType: 'promotional',
}

function journey(id: string, params: EmailParams): Journey {
  return {
    id,
    meta: { format: 1, name: id },
    context: {},
    initial: 'outside',
    on: { [id]: { target: '.mail', guard: { type: 'mayEnter' } } },
    states: {
      outside: {},
      mail: { meta: { kind: 'email' }, entry: { type: 'sendEmail', params }, always: 'end' },
      end: { type: 'final' },
    },
  }
}

async function publish(server: TestInstallation, draft: Journey): Promise<void> {
  await server.ask('PUT', `/api/journeys/${draft.id}`, draft)
  const { status, text } = await server.ask('POST', `/api/journeys/${draft.id}/publish`, { inside: 'stay' })
  if (status !== 200) throw new Error(text)
}

async function known(server: TestInstallation, userId: string, traits: object): Promise<string> {
  await server.send('identify', { userId, traits: { ...traits, consent: { email: true, sms: true } } })
  const { items } = (await server.ask('GET', `/api/contacts?search=${userId}`)).body as {
    readonly items: readonly { readonly id: string }[]
  }
  return items[0]?.id ?? ''
}

interface Preview {
  readonly subject: string
  readonly preview: string | null
  readonly html: string
  readonly text: string
  readonly from: string
  readonly failure: string | null
  readonly problems: readonly { readonly code: string; readonly path: string }[]
}
const preview = async (server: TestInstallation, body: object) =>
  (await server.ask('POST', '/api/mail/preview', body)).body as Preview

interface Kept {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly contactId: string | null
  readonly journey: string | null
}
const mailbox = async (server: TestInstallation, query = '') =>
  ((await server.ask('GET', `/api/mailbox${query}`)).body as { readonly items: readonly Kept[] }).items

const seen = (html: string) => DomUtils.textContent(parseDocument(html)).replaceAll(/\s+/g, ' ')
const hrefs = (html: string) => Array.from(html.matchAll(/href="([^"]*)"/g), ([, href]) => href)

describe('a mail made of blocks', () => {
  test.each(LANGUAGES)('arrives in $language as it was written', async ({ name, mail, says, direction }) => {
    const smtp = await mailServer()
    const server = await installation({ ...SENDER, SMTP_URL: smtp.url })
    await publish(server, journey('go', { ...mail, messageType: 'promotional' }))
    await known(server, 'them', { email: 'them@acme.io', firstName: name })
    await server.send('track', { userId: 'them', event: 'go' })
    const { mail: got, raw } = await smtp.waitFor(() => true)
    const filled = (text: string) => text.replaceAll(/\{\{.*?\}\}/g, name)
    expect(got.subject).toBe(filled(mail.subject))
    expect(got.html).toContain(`<html dir="${direction}">`)
    for (const part of says.map(filled)) {
      expect(seen(got.html ?? '')).toContain(part)
      expect(got.text).toContain(part)
    }
    expect(seen(got.html ?? '')).toContain(filled(mail.preview))
    expect(`${got.html}${got.text}`).not.toMatch(/\uFFFD|\{\{|&amp;#/)
    // Old relays take seven bits and 998 characters a line (RFC 5322 section 2.1.1).
    for (const line of raw.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e\t]{0,998}$/)
    expect(server.reported).toEqual([])
  })

  test('has tracked links, the trap and a way out, like every other', async () => {
    const server = await installation()
    await publish(server, journey('go', MAIL))
    const contact = await known(server, 'ada', { email: 'ada@acme.io', firstName: 'Ada & <b>' })
    await server.send('track', { userId: 'ada', event: 'go', properties: { plan: 'a b' } })
    await server.settled()
    const [kept] = await mailbox(server)
    expect(kept).toMatchObject({ contactId: contact, journey: 'go', subject: 'Hello Ada & <b>' })
    const { html = '', text } = kept ?? {}
    expect(html).toContain('<strong>Ada &amp; &lt;b&gt;</strong>')
    const [button = '', out = '', trap = ''] = hrefs(html)
    expect([button, out, trap].map((href) => new URL(href ?? '').pathname.slice(0, 4))).toEqual([
      '/t/c',
      expect.stringMatching('/u/.'),
      '/t/h',
    ])
    expect(text).toContain(`See it:\n${button}`)
    const click = await server.anyone('GET', new URL(button ?? '').pathname)
    expect(click.headers.get('location')).toMatch(/\/plans\/a%20b$/)
    const asked = await server.anyone('GET', new URL(out ?? '').pathname)
    expect(asked.text).toContain('Unsubscribe?')
  })

  test('is not published before it says something, and stays readable until then', async () => {
    const server = await installation()
    const empty = journey('go', { subject: '', body: [], messageType: 'promotional' })
    await server.ask('PUT', '/api/journeys/go', empty)
    const { status, body } = await server.ask('POST', '/api/journeys/go/publish', { inside: 'stay' })
    expect(status).toBe(409)
    expect((body as Preview).problems).toMatchObject([
      { code: 'no_text', path: '/states/mail/entry/params/body' },
      { code: 'no_subject', path: '/states/mail/entry/params/subject' },
    ])
  })

  test('is warned about when it asks for what nobody has', async () => {
    const server = await installation()
    await known(server, 'ada', { email: 'ada@acme.io', firstName: 'Ada' })
    const asks = { ...MAIL, subject: '{{ contact.FIRSTNAM | default: "you" }}, {{ contact.FIRSTNAME }}' }
    const { body } = await server.ask('PUT', '/api/journeys/go', journey('go', asks))
    expect((body as Preview).problems.map(({ code }) => code)).toEqual(['unknown_field', 'no_fallback'])
  })
})

describe('a preview', () => {
  test('is what would go out, to one contact, to somebody made up, or to somebody unknown', async () => {
    const server = await installation({ COMPANY_URL: 'https://acme.io', COMPANY_NAME: 'Acme' })
    const contact = await known(server, 'zoe', { email: 'zoe@acme.io', firstName: 'Zoë' })
    const one = await preview(server, { content: MAIL, contact, event: { plan: 'pro' } })
    expect(one).toMatchObject({ subject: 'Hello Zoë', preview: 'A word before', failure: null, problems: [] })
    expect(seen(one.html)).toContain('You asked for pro, Zoë.')
    expect(one.text).toContain('See it:\nhttps://acme.io/plans/pro')
    expect(hrefs(one.html)).toEqual(['https://acme.io/plans/pro', expect.stringMatching(/\/u\/test$/)])
    expect((await preview(server, { content: MAIL })).subject).toBe('Hello Ada')
    expect((await preview(server, { content: MAIL, contact: null })).subject).toBe('Hello you')
    expect(await mailbox(server)).toEqual([])
    expect((await server.ask('GET', '/api/messages')).body).toMatchObject({ items: [] })
  })

  test('shows what is there already, and says what is lacking', async () => {
    const server = await installation()
    const begun = await preview(server, { content: { ...MAIL, subject: '', body: [{ text: 'So far' }] } })
    expect(begun).toMatchObject({
      subject: '',
      failure: null,
      problems: [{ code: 'no_subject', path: '/subject' }],
    })
    expect(seen(begun.html)).toContain('So far')
    const broken = await preview(server, {
      content: { ...MAIL, subject: '{{ a', body: [{ text: '{% if %}' }] },
    })
    expect(broken).toMatchObject({
      subject: '{{ a',
      html: null,
      failure: expect.stringContaining('cannot be made'),
    })
    expect(broken.problems.map(({ path }) => path)).toEqual(['/body/0/text', '/subject'])
  })

  test('is made of templates and of HTML that somebody wrote, too', async () => {
    const server = await installation()
    const template = await preview(server, { content: { template: 'welcome', messageType: 'newsletter' } })
    expect(template.subject).toBe('Welcome! Here is a good place to start')
    expect(seen(template.html)).toContain('Hello Ada,')
    const html = '<p>Hi {{ contact.FIRSTNAME }}</p>'
    expect(
      await preview(server, { content: { subject: 'Hi', html, messageType: 'newsletter' } }),
    ).toMatchObject({
      preview: null,
      text: 'Hi Ada',
    })
    expect(await preview(server, { content: { template: 'none', messageType: 'newsletter' } })).toMatchObject(
      {
        html: null,
        problems: [{ code: 'unknown_template', path: '/template' }],
      },
    )
  })

  test('asks for a message and a contact that there is', async () => {
    const server = await installation()
    const ask = (body: object) => server.ask('POST', '/api/mail/preview', body)
    expect(await ask({ content: { ...MAIL, body: [{ h1: 'Hi' }] } })).toMatchObject({
      status: 422,
      body: { code: 'invalid_message', path: expect.stringMatching('^/content/body/0') },
    })
    expect(await ask({ content: MAIL, contact: 'nobody' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_contact' },
    })
    expect(await ask({ content: MAIL, contact: 5 })).toMatchObject({ status: 400 })
    expect((await server.anyone('POST', '/api/mail/preview', { content: MAIL })).status).toBe(401)
  })

  test('of an SMS counts its parts as they are paid for', async () => {
    const server = await installation()
    const contact = await known(server, 'zoe', {
      email: 'zoe@acme.io',
      firstName: '',
      phone: '+49 176 1234567',
    })
    const ask = async (body: object) => (await server.ask('POST', '/api/sms/preview', body)).body as object
    const text = 'Hi {{ contact.FIRSTNAME | default: "there" }}!'
    const content = { text, messageType: 'promotional' }
    expect(await ask({ content, contact })).toEqual({
      to: '+491761234567',
      text: 'Hi there!',
      encoding: 'GSM-7',
      segments: 1,
      used: 9,
      room: 160,
      failure: null,
      problems: [],
    })
    expect(await ask({ content })).toMatchObject({ text: 'Hi Ada!', failure: null })
    expect(await ask({ content: { ...content, text: 'م'.repeat(81) }, contact: null })).toMatchObject({
      segments: 2,
      used: 81,
      room: 134,
      to: null,
      failure: 'there is no phone number',
    })
    expect(await ask({ content: { ...content, text: '' } })).toMatchObject({
      text: null,
      problems: [{ code: 'no_text', path: '/text' }],
    })
    expect(await server.ask('POST', '/api/sms/preview', { content: {} })).toMatchObject({ status: 422 })
    expect(await server.ask('POST', '/api/sms/preview', { content, contact: 'x' })).toMatchObject({
      status: 404,
    })
  })
})

describe('a test', () => {
  const to = 'me@acme.io'

  test('arrives marked as one, counts for nobody, and unsubscribes nobody', async () => {
    const smtp = await mailServer()
    const server = await installation({ ...SENDER, SMTP_URL: smtp.url })
    const contact = await known(server, 'zoe', { email: 'zoe@acme.io', firstName: 'Zoë' })
    const answer = await server.ask('POST', '/api/mail/test', { content: MAIL, to: ` ${to} `, contact })
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'sent', id: null } })
    const [first, ...more] = smtp.mails
    expect(more).toEqual([])
    expect(first?.to).toEqual([to])
    expect(first?.mail).toMatchObject({ subject: '[Test] Hello Zoë', to: [{ address: to }] })
    expect(first?.mail.headers.map(({ key }) => key)).not.toContain('list-unsubscribe')
    expect(first?.raw).not.toContain('zoe@acme.io')
    const [button, out = ''] = hrefs(first?.mail.html ?? '')
    expect(button).toBe('https://acme.io/plans/')
    for (const method of ['GET', 'POST'])
      expect((await server.anyone(method, new URL(out ?? '').pathname)).text).toContain('This was a test.')
    expect((await server.ask('GET', `/api/messages`)).body).toMatchObject({ items: [] })
    const { body } = await server.ask('GET', `/api/contacts/${contact}/timeline`)
    expect(JSON.stringify(body)).not.toContain('[Test]')
    expect(await mailbox(server)).toEqual([])
  })

  test('is kept here where no mail goes out, until its person is erased', async () => {
    const server = await installation()
    const contact = await known(server, 'zoe', { email: 'zoe@acme.io', firstName: 'Zoë' })
    await publish(server, journey('go', MAIL))
    await server.send('track', { userId: 'zoe', event: 'go' })
    await server.settled()
    const { body } = await server.ask('POST', '/api/mail/test', { content: MAIL, to, contact })
    const { outcome, id } = body as { readonly outcome: string; readonly id: string }
    expect(outcome).toBe('kept')
    const all = await mailbox(server)
    expect(all.map((kept) => [kept.to, kept.subject, kept.journey])).toEqual([
      [to, '[Test] Hello Zoë', null],
      ['zoe@acme.io', 'Hello Zoë', 'go'],
    ])
    expect(await mailbox(server, '?limit=1&to=me@acme.io')).toEqual(all.slice(0, 1))
    expect(await mailbox(server, '?to=acme')).toEqual(all)
    expect(await mailbox(server, '?channel=sms')).toEqual([])
    const first = (await server.ask('GET', '/api/mailbox?limit=1')).body as { readonly next: string }
    expect(await mailbox(server, `?limit=1&cursor=${encodeURIComponent(first.next)}`)).toEqual(all.slice(1))
    expect((await server.ask('GET', `/api/mailbox/${id}`)).body).toEqual(all[0])
    await server.ask('DELETE', `/api/contacts/${contact}`)
    expect(await mailbox(server)).toEqual([])
    expect((await server.ask('GET', `/api/mailbox/${id}`)).status).toBe(404)
  })

  test('to an address kept for examples is kept here, too', async () => {
    const smtp = await mailServer()
    const server = await installation({ ...SENDER, SMTP_URL: smtp.url })
    const answer = await server.ask('POST', '/api/mail/test', { content: MAIL, to: 'me@example.com' })
    expect(answer.body).toMatchObject({ outcome: 'kept' })
    expect(smtp.mails).toEqual([])
  })

  test('is stopped by the emergency stop', async () => {
    const server = await installation()
    await server.ask('POST', '/api/sending', { stopped: true })
    expect(await server.ask('POST', '/api/mail/test', { content: MAIL, to })).toMatchObject({
      status: 409,
      body: { code: 'sending_stopped' },
    })
    expect(await mailbox(server)).toEqual([])
  })

  test('is refused where it cannot be made, cannot go out or is not taken, and says why', async () => {
    const smtp = await mailServer({ onRecipient: () => 'refuse' })
    const server = await installation({ ...SENDER, SMTP_URL: smtp.url })
    const ask = (body: object) => server.ask('POST', '/api/mail/test', { content: MAIL, to, ...body })
    expect(await ask({})).toMatchObject({ status: 502, body: { code: 'test_not_sent' } })
    expect(await ask({ content: { ...MAIL, subject: '{{ a' } })).toMatchObject({
      status: 422,
      body: { code: 'test_not_made', path: '/content' },
    })
    expect(await ask({ content: { template: 'none', messageType: 'newsletter' } })).toMatchObject({
      status: 422,
      body: { code: 'invalid_message', path: '/content/template' },
    })
    expect(await ask({ to: 'nobody' })).toMatchObject({ status: 400, body: { path: '/to' } })
    const other = await installation({ ...SENDER, BASE_URL: 'http://localhost:3000', SMTP_URL: smtp.url })
    expect(await other.ask('POST', '/api/mail/test', { content: MAIL, to })).toMatchObject({
      status: 409,
      body: { code: 'cannot_send' },
    })
  })

  test('goes out twenty times in ten minutes, and not more', async () => {
    const server = await installation()
    const answers = []
    for (let count = 0; count < 21; count++)
      answers.push((await server.ask('POST', '/api/mail/test', { content: MAIL, to })).status)
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 200), 429])
  })
})
