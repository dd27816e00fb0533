// SMS: their parts, their numbers, their texts, and every verdict of the provider's channel against real servers.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { newContact, type JsonObject } from '../../engine/index.ts'
import { openSms, type SmsSender } from '../../server/channels/sms.ts'
import { isReservedNumber, phoneOf } from '../../server/messages/phone.ts'
import { composeSms } from '../../server/messages/sms.ts'
import { startWebServer, type WebConduct } from '../support/webServer.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

describe('numbers', () => {
  test.each([
    ['+49 30 123456', undefined, '+4930123456'],
    ['+1 (500) 555-0006', 'DE', '+15005550006'],
    ['030 123456', 'DE', '+4930123456'],
    ['0176 1234567', ' de ', '+491761234567'],
    ['0049 30 123456', 'DE', '+4930123456'],
    ['(212) 555-0123', 'US', '+12125550123'],
    [' 06 12 34 56 78 ', 'FR', '+33612345678'],
  ])('%s of %s is %s', (PHONE, COUNTRY, number) => {
    expect(phoneOf({ attributes: { PHONE, ...(COUNTRY && { COUNTRY }) } })).toEqual({ ok: true, number })
  })

  test.each<[JsonObject, string]>([
    [{}, 'there is no phone number'],
    [{ PHONE: ' ' }, 'there is no phone number'],
    [{ PHONE: 4930123456 }, 'there is no phone number'],
    [{ PHONE: '030 123456' }, '"030 123456" has no country code, and the contact has no COUNTRY'],
    [
      { PHONE: '030 123456', COUNTRY: 'Germany' },
      '"030 123456" has no country code, and COUNTRY is "Germany" and not a code of two letters such as "DE"',
    ],
    [{ PHONE: 'call me', COUNTRY: 'DE' }, '"call me" is no phone number of DE'],
    [{ PHONE: '123', COUNTRY: 'DE' }, '"123" is no phone number of DE'],
    [{ PHONE: '+1 555 0100' }, '"+1 555 0100" is no phone number'],
    [{ PHONE: '+999 123456789' }, '"+999 123456789" is no phone number'],
    [{ PHONE: '+4930123456, +4930123457' }, '"+4930123456, +4930123457" is no phone number'],
  ])('%j: refused, and why', (attributes, detail) => {
    expect(phoneOf({ attributes })).toEqual({ ok: false, detail })
  })

  test.each([
    ['+12125550100', true],
    ['+18005550199', true],
    ['+12125550200', false],
    ['+12125551234', false],
    ['+15005550006', false],
    ['+447700900123', true],
    ['+447700800123', false],
  ])('%s is nobody’s: %s', (number, expected) => {
    expect(isReservedNumber(number)).toBe(expected)
  })
})

describe('texts', () => {
  const sources = (attributes: JsonObject = {}) => ({
    contact: { ...newContact('c1', 0), attributes: { PHONE: '+4930123456', ...attributes } },
    facts: { event: { order: 'A & B' } },
    workspace: {
      baseUrl: 'https://go.acme.io',
      mailFrom: 'Acme <hello@acme.io>',
      companyName: 'Acme <& Sons>',
      companyAddress: 'Street 1',
      companyUrl: 'https://acme.io',
    },
    now: Date.UTC(2026, 0, 2),
  })

  test('read contact, event, company and the day, and are escaped for nothing', () => {
    const text = '{{ contact.FIRSTNAME }}, "{{ event.order }}": {{ company_name }}, {{ "now" | date: "%Y" }}'
    expect(composeSms(text, sources({ FIRSTNAME: '<Ada>' }))).toEqual({
      ok: true,
      sms: { to: '+4930123456', text: '<Ada>, "A & B": Acme <& Sons>, 2026', encoding: 'GSM-7', segments: 1 },
    })
  })

  test('keep their lines, and lose what is no letter', () => {
    expect(composeSms(' a\r\nb\rc\u2028d\u0000e\tf\n', sources())).toMatchObject({
      sms: { text: 'a\nb\nc\nd e f' },
    })
  })

  test.each([
    ['{{ contact.NOTHING }}', 'it is empty once filled in'],
    ['{{ contact.FIRSTNAME | shout }}', 'undefined filter'],
    ['{{ contact.LONG }}', 'the text is 11 SMS long once filled in, and 10 are the most'],
  ])('%s: refused', (text, detail) => {
    expect(composeSms(text, sources({ LONG: 'a'.repeat(1531) }))).toMatchObject({
      ok: false,
      reason: 'refused',
      detail: expect.stringContaining(detail),
    })
  })

  test('a contact whose number cannot be dialled has no address', () => {
    expect(composeSms('Hi', sources({ PHONE: '030 1' }))).toMatchObject({ ok: false, reason: 'no_address' })
  })
})

describe('the provider', () => {
  const SMS = { to: '+4930123456', text: 'Grüße & 100% 漢 + more' }

  async function provider(conduct: WebConduct, account: Partial<SmsSender> = {}) {
    const server = await startWebServer(() => conduct)
    const channel = openSms(
      { origin: server.url, sid: 'AC1', token: 'secret', from: '+15005550006', ...account },
      { connect: 500, whole: 500 },
    )
    cleanups.push(server.stop, channel.close)
    return { server, channel }
  }

  test('gets one form, with our account and sender', async () => {
    const { server, channel } = await provider({ status: 201, body: '{"sid":"SM1","status":"queued"}' })
    expect(await channel.send(SMS, 'https://go.acme.io/t/s/x')).toEqual({
      type: 'sent',
      response: 'the provider answered 201: SM1',
    })
    expect(server.requests).toHaveLength(1)
    const [{ method, path, headers, body } = {}] = server.requests
    expect({ method, path }).toEqual({ method: 'POST', path: '/2010-04-01/Accounts/AC1/Messages.json' })
    expect(headers).toMatchObject({
      authorization: `Basic ${Buffer.from('AC1:secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body?.length),
    })
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      To: SMS.to,
      From: '+15005550006',
      Body: SMS.text,
      StatusCallback: 'https://go.acme.io/t/s/x',
    })
  })

  test('knows a messaging service by its own field', async () => {
    const { server, channel } = await provider({ status: 201, body: '{}' }, { from: 'MG1' })
    await channel.send(SMS, null)
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      To: SMS.to,
      MessagingServiceSid: 'MG1',
      Body: SMS.text,
    })
  })

  const twilio = (status: number, code: number, message: string): WebConduct => ({
    status,
    body: JSON.stringify({ code, message, status }),
  })
  test.each<[string, WebConduct, object]>([
    ['201', { status: 201, body: '{"sid":"SM1"}' }, { type: 'sent' }],
    ['201 that breaks off behind its status', 'half', { type: 'sent' }],
    [
      '400: the number is none',
      twilio(400, 21211, "The 'To' number is not valid"),
      {
        type: 'failed',
        reason: 'refused',
        detail: "the provider answered 400: The 'To' number is not valid",
      },
    ],
    [
      '400: the person answered STOP',
      twilio(400, 21610, 'unsubscribed recipient'),
      { type: 'failed', reason: 'stopped' },
    ],
    ['400 without JSON', { status: 400, body: '<html>' }, { type: 'failed', reason: 'refused' }],
    [
      '302',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { type: 'failed', reason: 'refused' },
    ],
    [
      '401: the token is wrong',
      twilio(401, 20003, 'Authenticate'),
      { type: 'retry', detail: 'the provider answered 401: Authenticate' },
    ],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, { type: 'retry', after: 7_000 }],
    ['503', { status: 503 }, { type: 'retry' }],
    ['nothing, and hangs up', 'drop', { type: 'uncertain' }],
    ['nothing at all', 'silence', { type: 'uncertain' }],
  ])('%s', async (_, conduct, verdict) => {
    const { server, channel } = await provider(conduct)
    expect(await channel.send(SMS, null)).toMatchObject(verdict)
    expect(server.requests).toHaveLength(1)
  })

  test('nobody there: certainly not sent', async () => {
    const { server, channel } = await provider({})
    await server.stop()
    cleanups.shift()
    expect(await channel.send(SMS, null)).toMatchObject({
      type: 'retry',
      detail: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('a connection that is taken and never answers in TLS: certainly not sent', async () => {
    const sockets: Socket[] = []
    const mute = createServer((socket) => void sockets.push(socket.on('error', () => {})))
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as AddressInfo
    const { channel } = await provider({}, { origin: `https://127.0.0.1:${port}` })
    cleanups.push(async () => {
      for (const socket of sockets) socket.destroy()
      mute.close()
      await once(mute, 'close')
    })
    expect(await channel.send(SMS, null)).toMatchObject({ type: 'retry' })
  })
})
