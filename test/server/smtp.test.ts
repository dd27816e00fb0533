// Every verdict of server/channels/smtp.ts, against servers that refuse, fall silent or hang up at each point.
import { SMTPServer } from 'smtp-server'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { isReserved, openSmtp, type SmtpChannel, type SmtpOptions } from '../../server/channels/smtp.ts'
import type { Verdict } from '../../server/channels/verdict.ts'
import type { Mail } from '../../server/messages/compose.ts'
import { startRudeSmtpServer, type SmtpScript } from '../support/rudeSmtp.ts'
import { startSmtpServer } from '../support/smtp.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** For those who say nothing; else a busy machine is taken for one of them. */
const QUICK = { connect: 1_000, greeting: 300, silence: 300 }
const PATIENT = { connect: 60_000, greeting: 60_000, silence: 60_000 }

describe('what the server says decides', () => {
  const said: [at: string, script: SmtpScript, verdict: Partial<Verdict>][] = [
    ['421 as the greeting', { connect: '421 too busy' }, { type: 'retry' }],
    ['554 as the greeting: about us, not about the message', { connect: '554 no' }, { type: 'retry' }],
    ['421 to MAIL', { MAIL: '421 closing' }, { type: 'retry' }],
    ['451 to MAIL', { MAIL: '451 later' }, { type: 'retry' }],
    ['530 to MAIL: we should log in', { MAIL: '530 5.7.0 log in' }, { type: 'retry' }],
    ['503 to MAIL: the session is confused', { MAIL: '503 order' }, { type: 'retry' }],
    ['550 to MAIL', { MAIL: '550 5.7.1 not you' }, { type: 'failed', reason: 'refused' }],
    ['450 to RCPT', { RCPT: '450 4.2.1 grey list' }, { type: 'retry' }],
    ['421 to RCPT', { RCPT: '421 closing' }, { type: 'retry' }],
    ['550 to RCPT', { RCPT: '550 no such user' }, { type: 'failed', reason: 'bounced' }],
    ['550 5.1.1 to RCPT', { RCPT: '550 5.1.1 no such user' }, { type: 'failed', reason: 'bounced' }],
    ['553 to RCPT', { RCPT: '553 no such name' }, { type: 'failed', reason: 'bounced' }],
    ['556 to RCPT', { RCPT: '556 5.1.10 no mail here' }, { type: 'failed', reason: 'bounced' }],
    ['550 5.2.1 to RCPT', { RCPT: '550 5.2.1 closed' }, { type: 'failed', reason: 'bounced' }],
    ['550 5.7.1 to RCPT: about us', { RCPT: '550 5.7.1 spam' }, { type: 'failed', reason: 'refused' }],
    ['554 to RCPT', { RCPT: '554 relay denied' }, { type: 'failed', reason: 'refused' }],
    [
      '550 to RCPT by a server that takes DATA all the same',
      { RCPT: '550 5.1.1 no', DATA: '354 go ahead' },
      { type: 'failed', reason: 'bounced' },
    ],
    ['451 to DATA', { DATA: '451 later' }, { type: 'retry' }],
    ['554 to DATA', { DATA: '554 no' }, { type: 'failed', reason: 'refused' }],
    ['451 at the dot', { dot: '451 4.3.0 later' }, { type: 'retry' }],
    ['421 at the dot', { dot: '421 4.3.2 shutting down' }, { type: 'retry' }],
    ['554 at the dot', { dot: '554 5.7.1 spam' }, { type: 'failed', reason: 'refused' }],
    ['550 without more at the dot', { dot: '550 no' }, { type: 'failed', reason: 'refused' }],
    ['550 5.1.1 at the dot', { dot: '550 5.1.1 no such user' }, { type: 'failed', reason: 'bounced' }],
    ['several lines at the dot', { dot: '554-5.7.1 spam\r\n554 5.7.1 really' }, { type: 'failed' }],
    ['250 at the dot', { dot: '250 2.0.0 queued as 7' }, { type: 'sent', response: '250 2.0.0 queued as 7' }],
    ['354 again at the dot is no answer', { dot: '354 go ahead' }, { type: 'uncertain' }],
    ['nonsense at the dot is no answer', { dot: 'what?' }, { type: 'uncertain' }],
  ]
  for (const pipelining of [false, true])
    test.each(said)(`%s${pipelining ? ' (pipelined)' : ''}`, async (_at, script, verdict) => {
      const { result } = await sendTo(pipelining ? { ...script, EHLO: PIPELINING } : script)
      expect(result).toMatchObject(verdict)
    })
})

describe('what does not answer', () => {
  for (const fault of ['drop', 'silence', 'half:45', 'half:554 no'])
    for (const pipelining of [false, true]) {
      const more = pipelining ? { EHLO: PIPELINING } : {}
      const times = pipelining ? ' (pipelined)' : ''
      test.each(['connect', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const)(
        `${fault} at %s is before the message: it goes again${times}`,
        async (moment) => {
          const { result, messages } = await sendTo({ ...more, [moment]: fault })
          expect(result.type).not.toBe('uncertain')
          expect(result.type).not.toBe('sent')
          expect(messages).toEqual([])
        },
      )
      test.each(['body', 'dot'] as const)(`${fault} at the %s: nobody can know${times}`, async (moment) => {
        const { result, messages, commands } = await sendTo({ ...more, [moment]: fault })
        expect(result).toMatchObject({ type: 'uncertain' })
        expect(messages).toHaveLength(moment === 'dot' ? 1 : 0)
        expect(commands.filter((command) => command === 'DATA')).toHaveLength(1)
      })
    }

  test('an answer that comes before the end of the message is no answer to it', async () => {
    const long = (times: number) => ({ ...MAIL, html: `<p>${'All work and no play. '.repeat(times)}</p>` })
    // More than the sockets' buffers hold, and nobody reads on: the answer comes while there is still something to send.
    const huge = long(1_000_000)
    const early = await sendTo({ body: '250 2.0.0 thanks already' }, { mail: huge })
    expect(early.result).toMatchObject({ type: 'uncertain' })
    const dropped = await sendTo({ body: 'drop' }, { mail: long(50_000) })
    expect(dropped.result).toMatchObject({ type: 'uncertain' })
  })

  test('a server that is not there', async () => {
    const { url, stop } = await startRudeSmtpServer(() => ({}))
    await stop()
    expect(await open({ url }).send(MAIL)).toMatchObject({ type: 'retry' })
  })

  test('a host that has no address', async () => {
    expect(await open({ url: 'smtp://nowhere.invalid:25' }).send(MAIL)).toMatchObject({ type: 'retry' })
  })

  test('a channel that was closed', async () => {
    const channel = open({ url: 'smtp://127.0.0.1:1' })
    channel.close()
    expect(await channel.send(MAIL)).toMatchObject({ type: 'retry' })
  })
})

describe('connections that are kept', () => {
  test('a kept connection carries the next mail', async () => {
    const { channel, server } = await rude(() => ({}))
    expect(await channel.send(MAIL)).toMatchObject({ type: 'sent' })
    expect(await channel.send(MAIL)).toMatchObject({ type: 'sent' })
    expect(server.commands.filter((command) => command.startsWith('EHLO'))).toHaveLength(1)
    expect(server.messages).toHaveLength(2)
  })

  test('one that the server ends with the next mail is opened anew, for no byte of it was begun', async () => {
    let mails = 0
    const { channel, server } = await rude((connection) =>
      connection === 0
        ? {
            get MAIL() {
              return mails++ === 0 ? '250 OK' : 'drop'
            },
          }
        : {},
    )
    expect(await channel.send(MAIL)).toMatchObject({ type: 'sent' })
    expect(await channel.send(MAIL)).toMatchObject({ type: 'sent' })
    expect(server.messages).toHaveLength(2)
  })

  test('one that breaks after the dot of the second mail makes that one uncertain, and it is not given out again', async () => {
    let dots = 0
    const { channel, server } = await rude((connection) =>
      connection === 0
        ? {
            get dot() {
              return dots++ === 0 ? '250 OK' : 'drop'
            },
          }
        : {},
    )
    expect(await channel.send(MAIL)).toMatchObject({ type: 'sent' })
    expect(await channel.send(MAIL)).toMatchObject({ type: 'uncertain' })
    expect(server.messages).toHaveLength(2)
  })

  test('after a refusal the next mail goes out', async () => {
    let recipients = 0
    const { channel, server } = await rude(() => ({
      get RCPT() {
        return recipients++ === 0 ? '550 5.1.1 no' : '250 OK'
      },
    }))
    expect(await channel.send(MAIL)).toMatchObject({ type: 'failed', reason: 'bounced' })
    expect(await channel.send(MAIL)).toMatchObject({ type: 'sent' })
    expect(server.messages).toHaveLength(1)
  })

  test('twenty mails at once, half of them dropped after the dot: each verdict is its own', async () => {
    const server = await startSmtpServer({
      onMessage: ({ to }) => (to[0]?.startsWith('odd') ? 'drop' : 'accept'),
    })
    cleanups.push(server.stop)
    const channel = open({ url: server.url })
    const names = Array.from({ length: 20 }, (_, n) => `${n % 2 === 0 ? 'even' : 'odd'}${n}@acme.eu`)
    const verdicts = await Promise.all(names.map((to) => channel.send({ ...MAIL, to })))
    expect(verdicts.map(({ type }) => type)).toEqual(
      names.map((to) => (to.startsWith('odd') ? 'uncertain' : 'sent')),
    )
    expect(new Set(server.mails.map(({ to }) => to[0]))).toEqual(new Set(names))
    expect(server.mails).toHaveLength(20)
  })
})

describe('with a real server', () => {
  test('the mail arrives as composed: both parts, one recipient, the headers as given', async () => {
    const server = await startSmtpServer()
    cleanups.push(server.stop)
    expect(await open({ url: server.url }).send(MAIL)).toMatchObject({
      type: 'sent',
      response: expect.stringMatching(/^250/),
    })
    const { from, to, mail } = server.mails[0] ?? expect.unreachable()
    expect([from, to]).toEqual(['hello@acme.eu', ['ada@lovelace.org']])
    expect(mail.html?.trim()).toBe(MAIL.html)
    expect(mail.text?.trim()).toBe(MAIL.text)
    const arrived = Object.fromEntries(mail.headers.map(({ originalKey, value }) => [originalKey, value]))
    expect(arrived).toMatchObject({ ...MAIL.headers, Subject: expect.any(String), From: expect.any(String) })
    expect(mail.subject).toBe(MAIL.subject)
    expect(mail.from).toMatchObject({ name: 'Acmé', address: 'hello@acme.eu' })
  })

  test.each([
    ['refuse', { type: 'failed', reason: 'bounced' }],
    ['later', { type: 'retry' }],
    ['drop', { type: 'retry' }],
  ] as const)('the recipient: %s', async (answer, verdict) => {
    const server = await startSmtpServer({ onRecipient: () => answer })
    cleanups.push(server.stop)
    expect(await open({ url: server.url }).send(MAIL)).toMatchObject(verdict)
  })

  test.each([
    ['refuse', { type: 'failed', reason: 'refused' }],
    ['later', { type: 'retry' }],
    ['drop', { type: 'uncertain' }],
  ] as const)('the message: %s', async (answer, verdict) => {
    const server = await startSmtpServer({ onMessage: () => answer })
    cleanups.push(server.stop)
    expect(await open({ url: server.url }).send(MAIL)).toMatchObject(verdict)
    expect(server.mails).toHaveLength(1)
  })

  test('a list of addresses is not several recipients', async () => {
    const server = await startSmtpServer()
    cleanups.push(server.stop)
    await open({ url: server.url }).send({ ...MAIL, to: 'a@acme.eu, b@acme.eu' })
    expect(server.mails.flatMap(({ to }) => to).length).toBeLessThan(2)
  })

  test('a certificate nobody vouches for, a TLS address on a plain port, a wrong password: all may be mended', async () => {
    const tls = await smtpServer({ authOptional: true })
    expect(await open({ url: `smtp://127.0.0.1:${tls}` }).send(MAIL)).toMatchObject({ type: 'retry' })
    const plain = await startRudeSmtpServer(() => ({}))
    cleanups.push(plain.stop)
    const smtps = open({ url: plain.url.replace('smtp:', 'smtps:') })
    expect(await smtps.send(MAIL)).toMatchObject({ type: 'retry' })
    const locked = await smtpServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) =>
        done(Object.assign(new Error('wrong password'), { responseCode: 535 })),
    })
    expect(await open({ url: `smtp://me:wrong@127.0.0.1:${locked}` }).send(MAIL)).toMatchObject({
      type: 'retry',
    })
    expect(await open({ url: `smtp://127.0.0.1:${locked}` }).send(MAIL)).toMatchObject({ type: 'retry' })
  })

  test('a message larger than the server takes fails before it is begun', async () => {
    const port = await smtpServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      size: 500,
      onData: (stream, _session, done) =>
        void stream.resume().on('end', () => done(Object.assign(new Error('big'), { responseCode: 552 }))),
    })
    expect(await open({ url: `smtp://127.0.0.1:${port}` }).send(MAIL)).toMatchObject({
      type: 'failed',
      reason: 'refused',
    })
  })
})

describe('reserved domains', () => {
  test.each([
    'a@example.com',
    'a@mail.example.org',
    'a@EXAMPLE.NET.',
    'a@b.test',
    'a@test',
    'a@x.invalid',
    'a@localhost',
    'a@printer.local',
    'a@b.example',
  ])('%s is', (address) => {
    expect(isReserved(address)).toBe(true)
  })
  test.each(['a@acme.eu', 'a@notexample.com', 'a@example.com.acme.eu', 'test@acme.eu', 'a@contest'])(
    '%s is not',
    (address) => {
      expect(isReserved(address)).toBe(false)
    },
  )
  test('nothing for them is handed over', async () => {
    const server = await startSmtpServer()
    cleanups.push(server.stop)
    const to = 'ada@example.com'
    expect(await open({ url: server.url }).send({ ...MAIL, to })).toMatchObject({ type: 'failed' })
    expect(server.mails).toEqual([])
  })
})

const PIPELINING = '250-rude\r\n250 PIPELINING'

const MAIL: Mail = {
  from: 'Acmé <hello@acme.eu>',
  to: 'ada@lovelace.org',
  subject: 'Grüße, Ada',
  html: '<p>Schöne Grüße</p>\n.<p>a dot at the start of a line</p>',
  text: 'Schöne Grüße\n.\nnach einem Punkt',
  messageId: '<1042.1.welcome.1.0123456789abcdef@go.acme.eu>',
  headers: {
    From: 'Acmé <hello@acme.eu>',
    To: 'ada@lovelace.org',
    Subject: 'Grüße, Ada',
    Date: 'Fri, 03 May 2024 10:00:00 +0000',
    'Message-ID': '<1042.1.welcome.1.0123456789abcdef@go.acme.eu>',
    'List-Unsubscribe': `<https://go.acme.eu/u/${'x'.repeat(120)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'Auto-Submitted': 'auto-generated',
    'Feedback-ID': 'welcome:welcome-mail:newsletter:tidemark',
  },
}

function open(options: SmtpOptions): SmtpChannel {
  const channel = openSmtp({ timeouts: PATIENT, ...options })
  cleanups.push(channel.close)
  return channel
}

async function rude(scriptOf: (connection: number) => SmtpScript, timeouts = PATIENT) {
  const server = await startRudeSmtpServer(scriptOf)
  cleanups.push(server.stop)
  return { server, channel: open({ url: server.url, timeouts }) }
}

async function sendTo(script: SmtpScript, { mail = MAIL } = {}) {
  const isSilent = Object.values(script).includes('silence')
  const { server, channel } = await rude(() => script, isSilent ? QUICK : PATIENT)
  const result = await channel.send(mail)
  return { result, messages: server.messages, commands: server.commands }
}

async function smtpServer(options: ConstructorParameters<typeof SMTPServer>[0]): Promise<number> {
  const server = new SMTPServer({ closeTimeout: 100, ...options })
  server.on('error', () => {})
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  cleanups.push(() => new Promise<void>((closed) => server.close(closed)))
  return (server.server.address() as AddressInfo).port
}
