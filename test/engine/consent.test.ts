import { expect, test } from 'vitest'
import { mayReceive, MESSAGE_TYPES, newContact, type Contact } from '../../engine/index.ts'

const ada: Contact = { ...newContact('c1', 0), email: 'ada@lovelace.org' }
const said = (status: 'subscribed' | 'unsubscribed' | 'unknown', source: string | null = null): Contact => ({
  ...ada,
  attributes: { PHONE: '+4930123456' },
  consent: { ...ada.consent, email: { status, at: 1, source }, sms: { status, at: 1, source } },
})

test.each([
  ['subscribed', { promotional: true, newsletter: true, transactional: true }],
  ['unsubscribed', { promotional: false, newsletter: false, transactional: true }],
  ['unknown', { promotional: false, newsletter: false, transactional: true }],
] as const)('consent %s', (status, expected) => {
  for (const channel of ['email', 'sms'] as const)
    for (const type of MESSAGE_TYPES) expect(mayReceive(said(status), channel, type).ok).toBe(expected[type])
})

test('nobody who bounced or complained gets even a receipt; SMS still reaches them', () => {
  for (const unreachable of ['bounced', 'complained'] as const) {
    const contact = { ...said('subscribed'), unreachable }
    expect(mayReceive(contact, 'email', 'transactional')).toMatchObject({ ok: false, reason: 'unreachable' })
    expect(mayReceive(contact, 'sms', 'transactional')).toEqual({ ok: true })
  }
})

test.each([
  null,
  '',
  'ada',
  'a@b@c.org',
  'a@b.org, c@d.org',
  'a b@c.org',
  '"a"@b.org',
  'a@b.org\r\nX: y',
  '<a@b.org>',
])('%j is no address', (email) => {
  expect(mayReceive({ ...said('subscribed'), email }, 'email', 'transactional')).toMatchObject({
    reason: 'no_address',
  })
})

test.each(['ada+news@lovelace.org', "o'hara@acme.eu", 'jörg@müller.de', 'a@localhost'])(
  '%s is one',
  (email) => {
    expect(mayReceive({ ...said('subscribed'), email }, 'email', 'newsletter')).toEqual({ ok: true })
  },
)

test('a number that cannot be dialled from everywhere is none', () => {
  const answer = (PHONE: string | number | null) =>
    mayReceive({ ...said('subscribed'), attributes: { PHONE } }, 'sms', 'transactional')
  for (const phone of [
    '030 123456',
    '+49',
    '+49 30 12 34 56 78 90 12 34',
    '+49 30 call me',
    4930123456,
    null,
  ])
    expect(answer(phone)).toMatchObject({ reason: 'no_address' })
  for (const phone of ['+4930123456', '+49 30/123456', '+1 (212) 555-0100'])
    expect(answer(phone).ok).toBe(true)
})

test('a number without its country needs the contact’s', () => {
  const answer = (COUNTRY: string | null) =>
    mayReceive(
      { ...said('subscribed'), attributes: { PHONE: '(030) 12 34-56', COUNTRY } },
      'sms',
      'transactional',
    )
  for (const country of ['DE', ' de ']) expect(answer(country)).toEqual({ ok: true })
  for (const country of ['Germany', '', null])
    expect(answer(country)).toEqual({
      ok: false,
      reason: 'no_address',
      detail: 'not sent: "(030) 12 34-56" has no country code, and the contact no COUNTRY such as "DE"',
    })
})

test('who answered STOP gets no SMS of any kind, and mail as before', () => {
  const contact = { ...said('subscribed'), stopped: true as const }
  for (const type of MESSAGE_TYPES)
    expect(mayReceive(contact, 'sms', type)).toEqual({
      ok: false,
      reason: 'unreachable',
      detail: 'not sent: answered STOP to an earlier SMS',
    })
  expect(mayReceive(contact, 'email', 'newsletter').ok).toBe(true)
})

test('what goes to another system or to the team asks nobody’s consent', () => {
  for (const channel of ['webhook', 'notice'] as const)
    expect(mayReceive({ ...ada, email: null, unreachable: 'complained' }, channel, 'transactional')).toEqual({
      ok: true,
    })
})

test('the reason is a sentence', () => {
  const details = [
    said('unknown'),
    said('unsubscribed'),
    said('unsubscribed', 'unsubscribe link'),
    { ...said('subscribed'), email: null },
  ].map((contact) => {
    const answer = mayReceive(contact, 'email', 'newsletter')
    return answer.ok ? 'sent' : answer.detail
  })
  expect(details).toEqual([
    'not sent: has not agreed to newsletter messages by e-mail',
    'not sent: has unsubscribed from e-mail',
    'not sent: has unsubscribed from e-mail (unsubscribe link)',
    'not sent: there is no e-mail address',
  ])
})
