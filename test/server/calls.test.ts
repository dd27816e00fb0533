// What a call to another system carries, and what the journey keeps of the answer.
import { describe, expect, test } from 'vitest'
import { newContact, type Json, type JsonObject, type WebhookParams } from '../../engine/index.ts'
import { composeNotice } from '../../server/messages/notice.ts'
import { webhookId } from '../../server/messages/tokens.ts'
import { composeCall, composeChat, storedOf } from '../../server/messages/webhook.ts'

const sources = (attributes: JsonObject = {}, event: JsonObject = {}) => ({
  message: '1042.1/crm/2',
  secret: 'secret',
  contact: { ...newContact('c1', 0), email: 'ada@acme.io', attributes },
  facts: { event },
  workspace: {
    baseUrl: 'https://go.acme.io',
    mailFrom: 'Acme <hello@acme.io>',
    companyName: 'Acme',
    companyAddress: 'Street 1',
    companyUrl: 'https://acme.io',
  },
  now: Date.UTC(2026, 0, 2),
})

function made(params: Partial<WebhookParams>, attributes?: JsonObject, event?: JsonObject) {
  return composeCall({ url: 'https://crm.acme.io/x', method: 'POST', ...params }, sources(attributes, event))
}

describe('the address', () => {
  test.each([
    [
      'https://crm.acme.io/{{ contact.NAME }}?q={{ contact.NAME }}#{{ contact.NAME }}',
      'a/b?c&d=e#f',
      'https://crm.acme.io/a%2Fb%3Fc%26d%3De%23f?q=a%2Fb%3Fc%26d%3De%23f#a%2Fb%3Fc%26d%3De%23f',
    ],
    ['https://crm.acme.io/{{ contact.NAME }}/x', '...', 'https://crm.acme.io/.../x'],
    ['https://crm.acme.io/?path={{ contact.NAME }}', '../..', 'https://crm.acme.io/?path=..%2F..'],
  ])('%s with %s', (url, NAME, expected) => {
    expect(made({ url }, { NAME })).toMatchObject({ ok: true, call: { url: expected } })
  })

  test.each(['..', '.'])('is never a step up: %s', (NAME) => {
    for (const url of [
      'https://crm.acme.io/people/{{ contact.NAME }}',
      'https://crm.acme.io/people/{{ contact.NAME }}/notes',
      'https://crm.acme.io/people/{{ contact.NAME }}?x=1',
    ])
      expect(made({ url }, { NAME })).toMatchObject({
        ok: false,
        detail: expect.stringContaining('out of its own path'),
      })
    expect(made({ url: 'https://crm.acme.io/{{ contact.A }}{{ contact.B }}/x' }, { A: '.', B: '.' }).ok).toBe(
      false,
    )
  })
})

describe('headers', () => {
  test('are filled in like the rest', () => {
    const headers = {
      Authorization: 'Bearer x',
      'X-Person': 'id {{ contact.id }}, {{ contact.NAME | default: "none" }}',
    }
    expect(made({ headers })).toMatchObject({
      ok: true,
      call: { headers: { Authorization: 'Bearer x', 'X-Person': 'id c1, none' } },
    })
  })

  test.each(['Ada\r\nX-Admin: yes', 'Zoë', 'a\u0000'])(
    'hold plain letters in one line, or nothing is called: %j',
    (NAME) => {
      expect(made({ headers: { 'X-Person': '{{ contact.NAME }}' } }, { NAME })).toEqual({
        ok: false,
        detail: 'the header "X-Person" would hold other than plain letters in one line',
      })
    },
  )

  test('that cannot be filled in are said to be so', () => {
    expect(made({ headers: { 'X-Person': '{{ x | shout }}' } })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('the header "X-Person" cannot be made'),
    })
  })
})

describe('the body', () => {
  test('has every text filled in, at any depth, and nothing put in can change its shape', () => {
    const body: Json = {
      name: '{{ contact.NAME }}',
      '{{ contact.NAME }}': 'names stay',
      list: ['{{ event.plan }}', { deep: 'id {{ contact.id }}' }, 1, true, null],
    }
    const composed = made({ body }, { NAME: '","admin":true,"x":"\\\n漢' }, { plan: 'pro' })
    if (!composed.ok) throw new Error(composed.detail)
    expect(JSON.parse(composed.call.body)).toEqual({
      name: '","admin":true,"x":"\\\n漢',
      '{{ contact.NAME }}': 'names stay',
      list: ['pro', { deep: 'id c1' }, 1, true, null],
    })
  })

  test('may be missing', () => {
    expect(made({ method: 'GET' })).toMatchObject({
      ok: true,
      call: { method: 'GET', body: '', headers: {} },
    })
  })

  test('that cannot be filled in, or is far too large, is said to be so', () => {
    expect(made({ body: { a: ['{{ x | shout }}'] } })).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^the body cannot be made: undefined filter: shout/),
    })
    expect(made({ url: 'https://crm.acme.io/{{ x | shout }}' })).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^the address cannot be made/),
    })
    const long = '{{ contact.LONG }}'
    expect(made({ body: Array.from({ length: 9 }, () => long) }, { LONG: 'x'.repeat(30_000) })).toMatchObject(
      {
        ok: false,
        detail: 'the body is larger than 256 KB once filled in',
      },
    )
  })
})

test('a chat gets its text', () => {
  const composed = composeChat(
    { url: 'https://chat.acme.io/1', text: '{{ contact.email }} "is" hot' },
    sources(),
  )
  expect(composed).toMatchObject({
    ok: true,
    call: { method: 'POST', url: 'https://chat.acme.io/1', body: '{"text":"ada@acme.io \\"is\\" hot"}' },
  })
})

test('the id is the same each time, has no full stop, and belongs to message and installation', () => {
  const id = webhookId('1042.1/crm/2', 'secret')
  expect(id).toMatch(/^1042-1_crm_2_[0-9a-f]{16}$/)
  expect(webhookId('1042.1/crm/2', 'secret')).toBe(id)
  expect(webhookId('1042.1/crm/3', 'secret').slice(-16)).not.toBe(id.slice(-16))
  expect(webhookId('1042.1/crm/2', 'other')).not.toBe(id)
})

describe('what is kept of an answer', () => {
  const answer: Json = { a: { 'b/c': 'x', list: [1, { d: null }] }, text: 'half \ud83d', '': 'empty' }
  test.each<[string, Json | undefined]>([
    ['/a/b~1c', 'x'],
    ['/a/list/0', 1],
    ['/a/list/1/d', null],
    ['/a/list', [1, { d: null }]],
    ['/text', 'half \ufffd'],
    ['/', 'empty'],
    ['/a/nothing', undefined],
    ['/a/list/length', undefined],
    ['/constructor', undefined],
  ])('%s', (pointer, expected) => {
    expect(storedOf({ X: pointer }, answer)).toEqual(expected === undefined ? {} : { X: expected })
  })

  test('nothing that could not be stored', () => {
    expect(storedOf({ X: '/a', Y: '/b' }, JSON.parse('{"a":"\\u0000","b":1}') as Json)).toEqual({})
    const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as Json
    expect(storedOf({ X: '' }, deep)).toEqual({})
  })
})

describe('a notice', () => {
  test('whose texts cannot be filled in is said to be so', () => {
    const notice = { to: ['a@acme.io'], subject: 'S', text: 'T' }
    expect(composeNotice({ ...notice, subject: '{{ x | shout }}' }, sources())).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^the subject cannot be made/),
    })
    expect(composeNotice({ ...notice, text: '{% if %}' }, sources())).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^the text cannot be made/),
    })
    expect(composeNotice({ ...notice, subject: '{{ contact.NOTHING }}' }, sources())).toMatchObject({
      ok: true,
      mail: { subject: 'A journey tells you', to: ['a@acme.io'], headers: { To: 'a@acme.io' } },
    })
  })
})
