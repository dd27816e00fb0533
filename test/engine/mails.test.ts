/** What is said before publication of messages that are not finished, or would not read as they were meant. */
import { describe, expect, test } from 'vitest'
import {
  checkJourney,
  checkMessage,
  parseJourney,
  parseMessage,
  type Action,
  type Known,
  type Step,
} from '../../engine/index.ts'
import { journeyOf } from '../support/journeys.ts'

const KNOWN: Known = { templates: ['welcome'], segments: [], journeys: [] }
const KINDS = { sendEmail: 'email', sendSms: 'sms', callWebhook: 'webhook', notify: 'notify' } as const

/** What is found in the params of one step: `code path: sentence`. */
function found(type: keyof typeof KINDS, params: object, known: Known = KNOWN, label?: string) {
  const step = {
    meta: { kind: KINDS[type], ...(label !== undefined && { label }) },
    entry: { type, params } as Action,
    always: 'end',
  } as Step
  const parsed = parseJourney(journeyOf({ step, end: { type: 'final' } }))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return checkJourney(parsed.value, known).map(
    ({ severity, code, path, detail }) =>
      `${severity} ${code} ${path.replace('/states/step/entry/params', '')}: ${detail}`,
  )
}

const codes = (problems: readonly string[]) =>
  problems.map((line) => line.split(':')[0]?.split(' ').slice(1).join(' '))
const mail = (params: object, known?: Known) =>
  found(
    'sendEmail',
    { subject: 'Hi', body: [{ text: 'Hello' }], messageType: 'promotional', ...params },
    known,
  )
const body = (...blocks: object[]) => mail({ body: [{ heading: 'Hello' }, ...blocks] })
const sms = (text: string, known?: Known) => found('sendSms', { text, messageType: 'promotional' }, known)

describe('a mail', () => {
  test('that is finished', () => {
    expect(
      body(
        { text: 'Hello {{ contact.FIRSTNAME | default: "there" }}' },
        { button: 'Read', url: '{{ company_url }}/x?{{ event.product | default: "" }}' },
        { image: 'https://shop.eu/a.png', alt: 'A lamp', url: 'https://shop.eu' },
        { text: '' },
      ),
    ).toEqual([])
    expect(found('sendEmail', { template: 'welcome', messageType: 'newsletter' })).toEqual([])
  })

  test('that nobody has written yet', () => {
    const params = { subject: '', body: [], messageType: 'promotional' }
    expect(found('sendEmail', params, KNOWN, 'Welcome')).toEqual([
      'error no_text /body: “Welcome” says nothing yet',
      'error no_subject /subject: “Welcome” has no subject yet',
    ])
    expect(
      codes(
        mail({ subject: ' ', body: [{ text: ' ' }, { image: '', alt: 'A lamp' }, { button: '', url: '' }] }),
      ),
    ).toEqual(['no_text /body', 'no_subject /subject'])
    expect(codes(mail({ body: [{ image: 'https://shop.eu/a.png', alt: 'All in a picture' }] }))).toEqual([])
  })

  test('whose HTML somebody wrote', () => {
    const html = (source: string, more: object = {}) =>
      found('sendEmail', { subject: 'Hi', html: source, messageType: 'promotional', ...more })
    expect(html('<p>Hi</p>')).toEqual([])
    expect(codes(html(' ', { subject: '' }))).toEqual(['no_text /html', 'no_subject /subject'])
    expect(
      codes(html('<a HREF="http://localhost:3000/a"><img src = \'http://10.0.0.1/\'>', { text: '{{ a' })),
    ).toEqual(['private_address /html', 'private_address /html', 'bad_liquid /text'])
  })

  test('with blocks that lack something', () => {
    expect(
      body(
        { button: '', url: '' },
        { button: 'Read', url: 'shop.eu' },
        { image: '', alt: ' ' },
        { image: 'cid:1', alt: 'A lamp', url: '' },
      ),
    ).toEqual([
      'error no_words /body/1/button: the button has no words yet',
      'error no_address /body/1/url: there is no address yet: expected one such as "https://example.com/page"',
      'error bad_address /body/2/url: expected an address such as "https://example.com/page", got "shop.eu"',
      'warning no_alternative /body/3/alt: the picture has no words for those who do not see it',
      'error no_address /body/3/image: there is no address yet: expected one such as "https://example.com/page"',
      expect.stringMatching(/^error bad_address \/body\/4\/image: .* got "cid:1"$/),
      expect.stringMatching(/^error no_address \/body\/4\/url/),
    ])
  })

  test('with links that nobody outside can follow', () => {
    expect(
      body(
        { text: 'See [it](http://localhost/a) or http://10.0.0.1/b, **[that](shop)**' },
        { button: 'Read', url: 'http://intranet/c' },
      ),
    ).toEqual([
      'warning private_address /body/1/text: "http://localhost/a" leads to this computer or into a private network: nobody outside gets there',
      expect.stringMatching(/^warning private_address \/body\/1\/text: "http:\/\/10.0.0.1\/b"/),
      expect.stringMatching(/^error bad_address \/body\/1\/text: .*got "shop"$/),
      expect.stringMatching(/^warning private_address \/body\/2\/url: "http:\/\/intranet\/c"/),
    ])
  })

  test('with Liquid that cannot be read, wherever it stands', () => {
    const bad = '{{ contact.X'
    const problems = mail({
      subject: bad,
      preview: bad,
      body: [
        { heading: bad },
        { text: '{% if x %}never closed' },
        { button: bad, url: `https://shop.eu/${bad}` },
        { image: 'https://shop.eu/{{ x | nofilter }}', alt: bad, url: 'https://shop.eu' },
      ],
      foot: { reason: bad, unsubscribe: bad },
    })
    expect(codes(problems)).toEqual(
      [
        'body/0/heading',
        'body/1/text',
        'body/2/button',
        'body/2/url',
        'body/3/alt',
        'body/3/image',
        'foot/reason',
        'foot/unsubscribe',
        'preview',
        'subject',
      ].map((path) => `bad_liquid /${path}`),
    )
    expect(problems[1]).toContain(
      'what stands in {{ … }} or {% … %} cannot be read: tag {% if x %} not closed',
    )
  })
})

describe('fields', () => {
  const subject = (source: string, known?: Known) => mail({ subject: source }, known)
  const known: Known = { ...KNOWN, attributes: ['FIRSTNAME', 'COUNTRY'] }

  test('need words where there is none', () => {
    expect(subject('Hi {{ contact.FIRSTNAME }}')).toEqual([
      'warning no_fallback /subject: who has no “Firstname” gets a hole in the text: expected what stands there instead',
    ])
    expect(codes(subject('Your {{ event.product | upcase }}'))).toEqual(['no_fallback /subject'])
  })

  test.each([
    '{{ contact.FIRSTNAME | upcase | default: "there" }}',
    '{% if contact.FIRSTNAME %}Hi {{ contact.FIRSTNAME }}{% endif %}',
    '{{ contact.SCORE }} {{ contact.email }} {{ contact.lists | join: ", " }} {{ company_name }} {{ now | date: "%Y" }}',
    '{% assign name = contact.FIRSTNAME | default: "you" %}{{ name }}',
    '{% for list in contact.lists %}{{ list }}{% endfor %}',
  ])('do not, as in %s', (source) => {
    expect(subject(source, known)).toEqual([])
  })

  test('are such that a contact has, gets in a journey, or always had', () => {
    const journeys = [
      journeyOf({
        a: {
          meta: { kind: 'webhook' },
          entry: {
            type: 'callWebhook',
            params: { url: 'https://crm.eu', method: 'POST', store: { TIER: '/tier' } },
          },
          always: 'c',
        },
        c: {
          meta: { kind: 'webhook' },
          entry: { type: 'callWebhook', params: { url: 'https://crm.eu', method: 'GET' } },
          always: 'b',
        },
        b: {
          meta: { kind: 'update' },
          entry: { type: 'updateAttribute', params: { attribute: 'LAST_SEEN', set: 'x' } },
          always: 'end',
        },
        end: { type: 'final' },
      }),
    ].map((journey) => ({ ...journey, id: 'other' }))
    const all = { ...known, journeys }
    const of = (field: string, among: Known) => subject(`{{ contact.${field} | default: "x" }}`, among)
    for (const field of ['FIRSTNAME', 'TIER', 'LAST_SEEN', 'SCORE', 'stage', 'company.NAME'])
      expect(of(field, all)).toEqual([])
    expect(of('firstname', known)).toEqual([
      'warning unknown_field /subject: nobody seems to have "firstname"; did you mean "FIRSTNAME"?',
    ])
    expect(codes(of('TIER', known))).toEqual(['unknown_field /subject'])
    expect(of('TIER', KNOWN)).toEqual([])
  })

  test('are fields of something', () => {
    expect(subject('{{ FIRSTNAME }} {{ company_nam }}')).toEqual([
      'warning unknown_field /subject: nobody seems to have "FIRSTNAME"',
      'warning unknown_field /subject: nobody seems to have "company_nam"; did you mean "company_name"?',
    ])
    expect(subject('{{ contact }} {{ contact[event.key] }}')).toEqual([
      expect.stringContaining('who has no “Key”'),
    ])
  })
})

describe('an SMS', () => {
  test('says something', () => {
    expect(sms('Hello')).toEqual([])
    expect(sms(' ')).toEqual(['error no_text /text: the SMS says nothing yet'])
  })

  test('is not longer than ten, what its fields hold not counted', () => {
    expect(sms('я'.repeat(671))).toEqual([
      expect.stringMatching(/^error long_sms \/text: the SMS “я+…” is 11 SMS long: expected at most 10$/),
    ])
    expect(sms(`${'я'.repeat(660)}{{ contact.FIRSTNAME | default: "somebody" }}`)).toEqual([])
  })

  test('is looked at like a mail', () => {
    expect(codes(sms('{{ contact.FIRSTNAME }} http://localhost/x'))).toEqual([
      'no_fallback /text',
      'private_address /text',
    ])
    expect(codes(sms('{{ '))).toEqual(['bad_liquid /text'])
  })
})

test('calls and notices are read, too', () => {
  expect(
    codes(
      found('callWebhook', {
        url: 'https://crm.eu',
        method: 'POST',
        body: { a: ['{{ x', 1, null, '{{ y }}'] },
      }),
    ),
  ).toEqual(['bad_liquid /body/a/0'])
  expect(codes(found('notify', { to: ['a@b.eu'], subject: '{% x %}', text: '{{ contact.X }}' }))).toEqual([
    'bad_liquid /subject',
  ])
})

describe('a message by itself', () => {
  test('is read, or what is wrong with it is said at its own parts', () => {
    const params = { text: 'Hi', messageType: 'promotional' }
    expect(parseMessage('sendSms', params)).toEqual({ ok: true, value: { type: 'sendSms', params } })
    const wrong = [
      ['sendSms', { text: 5, messageType: 'promotional' }, 'unexpected /text'],
      [
        'sendEmail',
        { subject: 'Hi', body: [{ h1: 'x' }], messageType: 'promotional' },
        'unknown_part /body/0/h1',
      ],
      ['sendEmail', 'nothing', 'unexpected '],
      ['sendSms', { text: 'a\u0000', messageType: 'promotional' }, 'bad_text /text'],
    ] as const
    for (const [type, params, expected] of wrong) {
      const parsed = parseMessage(type, params)
      const [found] = parsed.ok ? [] : parsed.problems
      expect(`${found?.code} ${found?.path}`).toBe(expected)
    }
  })

  test('is judged as in a journey', () => {
    const params = { text: '{{ contact.CITY }}', messageType: 'promotional' } as const
    const judged = (attributes?: readonly string[]) =>
      checkMessage({ type: 'sendSms', params }, 'it', attributes).map(({ code, path }) => `${code} ${path}`)
    expect(judged()).toEqual(['no_fallback /text'])
    expect(judged(['FIRSTNAME'])).toEqual(['no_fallback /text', 'unknown_field /text'])
  })
})
