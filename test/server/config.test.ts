import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localAddress, readConfig, type Config, type Environment } from '../../server/config.ts'

const MAIL = {
  SMTP_URL: 'smtp://user:secret@10.0.0.5:587',
  BASE_URL: 'https://go.acme.eu',
  MAIL_FROM: 'Acme <hello@acme.eu>',
  COMPANY_NAME: 'Acme',
  COMPANY_ADDRESS: '1 Fig Street\nBerlin',
  COMPANY_URL: 'https://acme.eu',
}

test('nothing set: SQLite in ./data, this machine only, mail captured', () => {
  expect(config({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    database: { type: 'sqlite', file: './data/tidemark.db' },
    baseUrl: null,
    smtpUrl: null,
    sms: null,
    mailFrom: '"Your company" <hello@example.com>',
    writeKey: null,
    apiKey: null,
    sandbox: false,
    timezone: 'UTC',
    lateAfter: 86_400_000,
    onUncertain: 'hold',
    webhookAllow: [],
    companyName: 'Your company',
    companyAddress: 'Your postal address',
    companyUrl: null,
    missingForSending: { mail: [], sms: [], web: [] },
  })
  expect(config({ PORT: '', SMTP_URL: ' ', TIDEMARK_SANDBOX: '' })).toEqual(config({}))
})

test('everything set', () => {
  const env = {
    ...MAIL,
    SMS_URL: 'twilio://AC1:a%3Ab@api.twilio.com?from=+15005550006',
    PORT: '0',
    HOST: '0.0.0.0',
    DATABASE_URL: 'sqlite:/var/lib/tidemark.db',
    BASE_URL: 'https://go.acme.eu/mail/',
    TIDEMARK_WRITE_KEY: 'sixteen-letters!',
    TIDEMARK_API_KEY: 'with: blanks and "signs" ~',
    TIDEMARK_SANDBOX: '1',
    TIMEZONE: 'Europe/Paris',
    LATE_AFTER: 'P2D',
    DELIVERY_ON_UNCERTAIN: 'resend',
    WEBHOOK_ALLOW: 'crm.lan, 10.0.0.0/8 fd00::/8,127.0.0.1',
  }
  expect(config(env)).toEqual({
    port: 0,
    host: '0.0.0.0',
    database: { type: 'sqlite', file: '/var/lib/tidemark.db' },
    baseUrl: 'https://go.acme.eu/mail',
    smtpUrl: MAIL.SMTP_URL,
    sms: { origin: 'https://api.twilio.com', sid: 'AC1', token: 'a:b', from: '+15005550006' },
    mailFrom: 'Acme <hello@acme.eu>',
    writeKey: 'sixteen-letters!',
    apiKey: 'with: blanks and "signs" ~',
    sandbox: true,
    timezone: 'Europe/Paris',
    lateAfter: 2 * 86_400_000,
    onUncertain: 'resend',
    webhookAllow: ['crm.lan', '10.0.0.0/8', 'fd00::/8', '127.0.0.1'],
    companyName: 'Acme',
    companyAddress: '1 Fig Street\nBerlin',
    companyUrl: 'https://acme.eu',
    missingForSending: { mail: [], sms: [], web: [] },
  })
})

test('all problems at once, each with its name, what was expected and what came', () => {
  const bad = {
    PORT: '70000',
    HOST: 'a b',
    DATABASE_URL: 'mysql://root@localhost/db',
    BASE_URL: 'go.acme.eu',
    SMTP_URL: 'mail.acme.eu',
    SMS_URL: 'sms',
    MAIL_FROM: 'Acme',
    TIDEMARK_WRITE_KEY: 'short',
    TIDEMARK_API_KEY: 'sixteen letters\u0007 with a bell',
    TIDEMARK_SANDBOX: 'true',
    TIMEZONE: 'Mars/Olympus',
    LATE_AFTER: '24h',
    DELIVERY_ON_UNCERTAIN: 'Resend',
    WEBHOOK_ALLOW: '10.0.0.0/33',
    COMPANY_NAME: 'Acme\nEvil',
    COMPANY_URL: 'ftp://acme.eu',
  }
  const found = problems(bad)
  expect(new Set(found.map((problem) => problem.split(':')[0]))).toEqual(new Set(Object.keys(bad)))
  expect(found).toHaveLength(Object.keys(bad).length)
  expect(found).toContain('PORT: expected a number from 0 to 65535, got "70000"')
  expect(found).toContain('TIMEZONE: expected a time zone such as "Europe/Paris", got "Mars/Olympus"')
  for (const problem of found) expect(problem).toMatch(/^[A-Z_]+: expected .+, got .+$/s)
})

test.each(['postgres://tidemark:secret@db/tidemark', 'postgresql:///tidemark?host=/run/postgresql'])(
  '%s is PostgreSQL',
  (url) => {
    expect(config({ DATABASE_URL: url }).database).toEqual({ type: 'postgres', url })
  },
)

test('a database without a name is none, and its password is not told', () => {
  expect(problems({ DATABASE_URL: 'postgres://tidemark:secret@db' })).toEqual([
    'DATABASE_URL: expected "sqlite:./path/to/file.db" or "postgres://user:password@host/database", got "postgres://…@db"',
  ])
})

test.each([
  ['sqlite:./a.db', './a.db'],
  ['sqlite:a.db', 'a.db'],
  ['sqlite:/a b.db', '/a b.db'],
  ['sqlite:///a.db', '/a.db'],
  ['sqlite::memory:', ':memory:'],
])('%s is the file %s', (url, file) => {
  expect(config({ DATABASE_URL: url }).database).toEqual({ type: 'sqlite', file })
})

test.each(['sqlite:', 'sqlite://a.db', './a.db', 'file:a.db'])('%s is no database', (url) => {
  expect(problems({ DATABASE_URL: url })).toHaveLength(1)
})

test.each([
  ['twilio://AC1:t@api.twilio.com?from=+15005550006', 'https://api.twilio.com', '+15005550006'],
  ['twilio://AC1:t@api.twilio.com?from=%2B15005550006', 'https://api.twilio.com', '+15005550006'],
  ['twilio://AC1:t@api.twilio.com/?from=12345', 'https://api.twilio.com', '12345'],
  ['twilio://AC1:t@api.twilio.com?from=Acme%20Inc', 'https://api.twilio.com', 'Acme Inc'],
  [
    'twilio://AC1:t@api.ie1.twilio.com:8443?from=MG0123456789abcdef0123456789abcdef',
    'https://api.ie1.twilio.com:8443',
    'MG0123456789abcdef0123456789abcdef',
  ],
  ['twilio+http://AC1:t@127.0.0.1:8080?from=Acme', 'http://127.0.0.1:8080', 'Acme'],
  ['twilio://AC1:t@api.twilio.com', 'https://api.twilio.com', null],
])('%s', (url, origin, from) => {
  expect(config({ SMS_URL: url }).sms).toEqual({ origin, sid: 'AC1', token: 't', from })
})

test.each([
  'https://api.twilio.com',
  'twilio:AC1',
  'twilio://api.twilio.com?from=Acme',
  'twilio://AC1@api.twilio.com?from=Acme',
  'twilio://AC1:t@api.twilio.com/2010?from=Acme',
  'twilio://AC1:t@api.twilio.com?from=',
  'twilio://AC1:t@api.twilio.com?from=A+name+that+is+long',
  'twilio://AC1:t@api.twilio.com?from=+0123',
])('%s is no account for SMS; its token is not shown', (url) => {
  const [problem, ...more] = problems({ SMS_URL: url.replace(':t@', ':secret@') })
  expect(more).toEqual([])
  expect(problem).toMatch(/^SMS_URL: expected "twilio:/)
  expect(problem).not.toContain('secret')
})

test('SMS without a sender are published by no journey, and the sandbox asks for nothing', () => {
  const SMS_URL = 'twilio://AC1:t@api.twilio.com'
  expect(config({ SMS_URL }).missingForSending).toEqual({
    mail: [],
    sms: ['SMS_URL names no sender: add one, such as "?from=+15005550006"'],
    web: [],
  })
  expect(config({ SMS_URL: `${SMS_URL}?from=Acme` }).missingForSending.sms).toEqual([])
  expect(config({ SMS_URL, TIDEMARK_SANDBOX: '1' }).missingForSending.sms).toEqual([])
})

test.each(['3000.5', '-1', '0x10', '1e3', '65536', 'http'])('%s is no port', (port) => {
  expect(problems({ PORT: port })).toEqual([`PORT: expected a number from 0 to 65535, got "${port}"`])
})

test.each([
  'Acme <hello@acme.eu>',
  'hello@acme.eu',
  '"Acme, Inc." <hello@acme.eu>',
  '<hello@acme.eu>',
  'Müller & Söhne <post@müller.example>',
])('%s may be a sender', (from) => {
  expect(config({ MAIL_FROM: from }).mailFrom).toBe(from)
})

test.each([
  'Acme',
  'a@b@c',
  'Acme <hello@acme.eu>\nBcc: <x@y.z>',
  'a@b.c, d@e.f',
  'Acme <hello acme.eu>',
  '"Acme" <a@b.c> x',
])('%j is no sender', (from) => {
  expect(problems({ MAIL_FROM: from })).toHaveLength(1)
})

test('no secret is repeated', () => {
  const told = problems({
    SMTP_URL: 'http://user:geh/eim@acme.eu',
    DATABASE_URL: 'mysql://u:ge@h/eim@db/x',
    TIDEMARK_WRITE_KEY: 'geheimé',
  }).join('\n')
  expect(told).not.toMatch(/geh|ge@h|eim/)
})

describe('with SMTP_URL', () => {
  test('BASE_URL must be given', () => {
    expect(problems({ SMTP_URL: 'smtp://localhost:25' })).toEqual([
      expect.stringMatching(/^BASE_URL: expected .+; got nothing$/),
    ])
    expect(problems({ SMTP_URL: 'localhost' }).map((problem) => problem.split(':')[0])).toEqual([
      'SMTP_URL',
      'BASE_URL',
    ])
  })

  test('all there: real mail may go out, also by a private SMTP server', () => {
    expect(config(MAIL).missingForSending.mail).toEqual([])
  })

  test.each(['MAIL_FROM', 'COMPANY_NAME', 'COMPANY_ADDRESS', 'COMPANY_URL'])(
    'without %s nothing is published that sends, but the server starts',
    (name) => {
      const missing = config({ ...MAIL, [name]: undefined }).missingForSending.mail
      expect(missing).toHaveLength(1)
      expect(missing[0]).toContain(`${name} is not set`)
    },
  )

  test.each([
    'http://localhost:3000',
    'http://app.localhost',
    'http://127.0.0.1:3000',
    'http://127.1',
    'http://2130706433',
    'http://0.0.0.0',
    'http://10.1.2.3',
    'http://172.16.0.1',
    'http://172.31.255.255',
    'http://192.168.1.1',
    'http://169.254.1.1',
    'http://100.64.0.1',
    'http://[::1]:3000',
    'http://[::]',
    'http://[fd00::1]',
    'http://[fe80::1]',
    'http://[::ffff:192.168.1.1]',
    'http://tidemark',
    'http://nas.local',
    'http://box.lan/tidemark',
  ])('links to %s lead nowhere', (url) => {
    expect(config({ ...MAIL, BASE_URL: url }).missingForSending.mail).toEqual([
      expect.stringMatching(/^BASE_URL is /),
    ])
  })

  test.each([
    'https://go.acme.eu',
    'http://8.8.8.8',
    'http://172.32.0.1',
    'http://[2606:4700::1]',
    'http://[::ffff:8.8.8.8]',
    'https://local.acme.eu',
  ])('links to %s lead somewhere', (url) => {
    expect(config({ ...MAIL, BASE_URL: url }).missingForSending.mail).toEqual([])
  })

  test('in the sandbox mail is captured: nothing is missing', () => {
    expect(
      config({ SMTP_URL: MAIL.SMTP_URL, BASE_URL: 'http://localhost:3000', TIDEMARK_SANDBOX: '1' })
        .missingForSending.mail,
    ).toEqual([])
  })
})

test('whatever the environment holds, there is an answer', () => {
  const names = [
    ...Object.keys(MAIL),
    'PORT',
    'HOST',
    'DATABASE_URL',
    'TIDEMARK_WRITE_KEY',
    'TIDEMARK_SANDBOX',
    'TIMEZONE',
    'LATE_AFTER',
    'DELIVERY_ON_UNCERTAIN',
    'WEBHOOK_ALLOW',
  ]
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('constructor', 'http://[', 'smtp://', 'sqlite:', '1', '//', 'P1D', 'http://a', 'x@y'),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (env) => {
      const read = readConfig(env)
      const told = read.ok ? [] : read.problems
      expect(told.filter((problem) => !/^[A-Z_]+: expected /.test(problem))).toEqual([])
    }),
  )
})

test('where a browser on this machine finds the server', () => {
  expect(localAddress('127.0.0.1', 3000)).toBe('http://127.0.0.1:3000')
  expect(localAddress('0.0.0.0', 80)).toBe('http://localhost:80')
  expect(localAddress('::', 80)).toBe('http://localhost:80')
  expect(localAddress('::1', 80)).toBe('http://[::1]:80')
})

function config(env: Environment): Config {
  const read = readConfig(env)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.config
}

function problems(env: Environment): readonly string[] {
  const read = readConfig(env)
  return read.ok ? [] : read.problems
}
