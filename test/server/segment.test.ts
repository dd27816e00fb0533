import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentProblems } from '../../engine/json.ts'
import { formatInstant } from '../../engine/index.ts'
import { CALL_TYPES, parseBatch, parseCall, type Call, type CallType } from '../../server/ingest/segment.ts'

const NOW = Date.parse('2026-05-03T12:00:00.000Z')
const isScore = (attribute: string) => attribute === 'SCORE' || attribute === 'CD_SCORE'

describe('the six calls', () => {
  test('track is an event with its properties', () => {
    expect(
      read('track', { userId: 'ada', event: 'purchase', properties: { revenue: 20 }, messageId: 'm1' }),
    ).toEqual({
      kind: 'event',
      userId: 'ada',
      name: 'purchase',
      properties: { revenue: 20 },
      active: true,
      messageId: 'm1',
      occurredAt: NOW,
    })
  })

  test('page is page_viewed, and its path comes from wherever the client put it', () => {
    const url = 'https://acme.org/pricing?a=1#b'
    const viewed = (body: object) => read('page', { anonymousId: 'v1', ...body })
    expect(viewed({ properties: { path: '/pricing', plan: 'pro' } })).toMatchObject({
      name: 'page_viewed',
      properties: { path: '/pricing', plan: 'pro' },
    })
    expect(viewed({ properties: { url } })).toMatchObject({ properties: { url, path: '/pricing' } })
    expect(
      viewed({ context: { page: { path: '/pricing', title: 'Prices', referrer: '', search: '?a=1', url } } }),
    ).toMatchObject({
      properties: { path: '/pricing', title: 'Prices', referrer: '', search: '?a=1', url },
    })
    expect(
      viewed({
        name: 'Prices',
        category: 'Shop',
        properties: { path: '/a' },
        context: { page: { path: '/b' } },
      }),
    ).toMatchObject({
      properties: { name: 'Prices', category: 'Shop', path: '/a' },
    })
    expect(viewed({ properties: { url: 'javascript:alert(1)' } })).toMatchObject({
      properties: { url: 'javascript:alert(1)' },
    })
    expect(viewed({})).toMatchObject({ properties: {} })
  })

  test('screen is screen_viewed', () => {
    expect(read('screen', { userId: 'ada', name: 'Home', properties: { tab: 2 } })).toMatchObject({
      kind: 'event',
      name: 'screen_viewed',
      properties: { name: 'Home', tab: 2 },
    })
  })

  test('identify tells of the person; names become attributes in capitals', () => {
    const traits = {
      email: ' Ada@Example.ORG ',
      firstName: 'Ada',
      last_name: 'Lovelace',
      age: 36,
      vip: true,
      phone: null,
      tags: ['a', { b: 1 }],
    }
    expect(read('identify', { userId: 'ada', traits })).toEqual({
      kind: 'identify',
      userId: 'ada',
      email: 'ada@example.org',
      occurredAt: NOW,
      identification: {
        attributes: {
          FIRSTNAME: 'Ada',
          LAST_NAME: 'Lovelace',
          AGE: 36,
          VIP: true,
          PHONE: null,
          TAGS: ['a', { b: 1 }],
        },
      },
    })
  })

  test('group is the company of the person, context.traits the person', () => {
    expect(
      read('group', {
        userId: 'ada',
        groupId: 7,
        traits: { name: 'Acme', employeeCount: 12 },
        context: { traits: { firstName: 'Ada' } },
      }),
    ).toEqual({
      kind: 'group',
      userId: 'ada',
      occurredAt: NOW,
      identification: {
        attributes: { FIRSTNAME: 'Ada' },
        company: { id: '7', attributes: { NAME: 'Acme', EMPLOYEECOUNT: 12 } },
      },
    })
  })

  test('alias names both ids', () => {
    expect(read('alias', { userId: 'ada', previousId: 'v1' })).toEqual({
      kind: 'alias',
      userId: 'ada',
      previousId: 'v1',
      occurredAt: NOW,
    })
    expect(refusals('alias', { anonymousId: 'v1' })).toEqual(['/userId missing', '/previousId missing'])
  })
})

describe('who', () => {
  test('userId, an address among the traits, or anonymousId: one of them', () => {
    expect(read('track', { event: 'x', context: { traits: { email: 'Ada@Example.org' } } })).toMatchObject({
      email: 'ada@example.org',
    })
    expect(read('track', { event: 'x', anonymousId: 'v1', userId: null })).toMatchObject({
      anonymousId: 'v1',
    })
    expect(refusals('track', { event: 'x' })).toEqual(['/userId no_identity'])
    expect(refusals('track', { event: 'x', properties: { email: 'friend@example.org' } })).toEqual([
      '/userId no_identity',
    ])
  })

  test('an address alone tells nothing besides: the event has no identification', () => {
    expect(
      read('track', { event: 'x', context: { traits: { email: 'ada@example.org' } } }),
    ).not.toHaveProperty('identification')
  })

  test('numbers are ids as text', () => {
    expect(read('track', { event: 'x', userId: 42, messageId: 7 })).toMatchObject({
      userId: '42',
      messageId: '7',
    })
  })

  test.each([[''], ['x'.repeat(256)], [1.5], [1e21], [true], [{}], [['a']], ['a\0b'], ['a\nb'], ['\u0085']])(
    '%j is no id',
    (id) => {
      for (const field of ['userId', 'anonymousId', 'messageId'])
        expect(refusals('track', { userId: 'u', event: 'x', [field]: id })).toEqual([`/${field} unexpected`])
    },
  )

  test.each([
    'ada',
    'ada@localhost',
    'a b@example.org',
    'a@b@example.org',
    'ada@example.org\nBcc: x@y.z',
    'Ada <ada@example.org>',
    'a,b@example.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(250)}.org`,
    '',
    3,
    null,
    ['ada@example.org'],
  ])('%j is no address: skipped and named, the rest is stored', (email) => {
    const parsed = parseCall('identify', { userId: 'ada', traits: { email, plan: 'pro' } }, NOW, isScore)
    expect(parsed).toMatchObject({
      ok: true,
      skipped: [{ severity: 'warning', code: 'not_an_address', path: '/traits/email' }],
      call: { identification: { attributes: { PLAN: 'pro' } } },
    })
    expect(parsed).not.toHaveProperty('call.email')
  })

  test('a bad address that was all we had of the person is named in the refusal', () => {
    expect(refusals('identify', { traits: { email: 'nobody' } })).toEqual([
      '/userId no_identity',
      '/traits/email not_an_address',
    ])
  })

  test.each(["o'brien+news@example.org", 'ada@müller.example', 'αδα@παράδειγμα.ελ', 'a..b@docomo.ne.jp'])(
    '%s is an address',
    (email) => {
      expect(read('identify', { traits: { email } })).toMatchObject({ email })
    },
  )
})

describe('when', () => {
  const at = (body: object) => read('track', { userId: 'u', event: 'x', ...body }).occurredAt - NOW

  test('no timestamp is now, and none lies after receipt', () => {
    expect(at({})).toBe(0)
    expect(at({ timestamp: null, sentAt: '2026-05-03T11:00:00.000Z' })).toBe(0)
    expect(at({ timestamp: '2026-05-03T13:00:00.000Z' })).toBe(0)
    expect(at({ timestamp: '2026-05-03T11:00:00.000Z' })).toBe(-3_600_000)
    expect(at({ timestamp: '2026-05-03T13:00:00+02:00' })).toBe(-3_600_000)
  })

  test("the client's clock is put right by sentAt", () => {
    expect(at({ timestamp: '2031-01-01T00:00:00Z', sentAt: '2031-01-01T00:00:05Z' })).toBe(-5_000)
    expect(at({ timestamp: '1970-01-01T00:00:00Z', sentAt: '1970-01-01T00:00:05Z' })).toBe(-5_000)
    expect(at({ timestamp: '2026-05-03T12:00:10Z', sentAt: '2026-05-03T12:00:05Z' })).toBe(0)
  })

  test.each(['yesterday', '2026-02-30T00:00:00Z', '2026-05-03T12:00:00', 1_777_809_600, {}])(
    '%j is no time',
    (time) => {
      expect(refusals('track', { userId: 'u', event: 'x', timestamp: time })).toEqual([
        '/timestamp unexpected',
      ])
      expect(refusals('track', { userId: 'u', event: 'x', sentAt: time })).toEqual(['/sentAt unexpected'])
    },
  )

  test("the event's zone, else the person's; an unknown one is skipped, for browsers send them by themselves", () => {
    expect(read('identify', { userId: 'u', traits: { timezone: 'Europe/Paris' } })).toMatchObject({
      timezone: 'Europe/Paris',
      identification: { attributes: { TIMEZONE: 'Europe/Paris' } },
    })
    expect(
      read('track', {
        userId: 'u',
        event: 'x',
        context: { timezone: 'Asia/Tokyo', traits: { timezone: 'UTC' } },
      }),
    ).toMatchObject({ timezone: 'Asia/Tokyo' })
    expect(skips('track', { userId: 'u', event: 'x', context: { timezone: 'Etc/Unknown' } })).toEqual([
      '/context/timezone unknown_zone',
    ])
    expect(skips('identify', { userId: 'u', traits: { timezone: 'Mars' } })).toEqual([
      '/traits/timezone unknown_zone',
    ])
    expect(skips('identify', { userId: 'u', traits: { timezone: '2020-01-01T00:00Z' } })).toEqual([
      '/traits/timezone unknown_zone',
    ])
  })
})

describe('events', () => {
  test.each([
    'score.changed',
    'contact.created',
    'email.clicked',
    'journey.requested',
    'xstate.done',
    'time.due',
    'step.done',
  ])('nobody may say %s', (event) => {
    expect(refusals('track', { userId: 'u', event })).toEqual(['/event reserved_event'])
  })

  test.each(['', '*', 'a.*', 'x'.repeat(256), 'a\0b', 'a\nb', '__proto__', 'constructor', 3, null, {}])(
    '%j is no name of an event',
    (event) => {
      expect(refusals('track', { userId: 'u', event })).toEqual(['/event unexpected'])
    },
  )

  test('a missing name is told as missing', () => {
    expect(refusals('track', { userId: 'u' })).toEqual(['/event missing'])
  })

  test('context.active: false says that the person did nothing', () => {
    expect(read('track', { userId: 'u', event: 'x', context: { active: false } })).toMatchObject({
      active: false,
    })
    expect(refusals('track', { userId: 'u', event: 'x', context: { active: 'false' } })).toEqual([
      '/context/active unexpected',
    ])
  })

  test('a form may give consent', () => {
    const form = (consent: unknown) => ({
      userId: 'u',
      event: 'form_submitted',
      properties: { form: 'signup', consent },
    })
    expect(read('track', form({ email: true }))).toMatchObject({
      identification: { consent: { email: true } },
      properties: { form: 'signup', consent: { email: true } },
    })
    expect(refusals('track', form('yes'))).toEqual(['/properties/consent unexpected'])
    expect(read('track', { userId: 'u', event: 'other', properties: { consent: 'yes' } })).not.toHaveProperty(
      'identification',
    )
  })

  test('every wrong type is told at once, each with its path', () => {
    const body = {
      userId: [],
      anonymousId: {},
      messageId: true,
      event: 3,
      properties: [],
      context: { traits: 'x', active: 1 },
      timestamp: 5,
      sentAt: {},
    }
    expect(refusals('track', body).toSorted()).toEqual(
      [
        '/anonymousId',
        '/context/active',
        '/context/traits',
        '/event',
        '/messageId',
        '/properties',
        '/sentAt',
        '/timestamp',
        '/userId',
      ].map((path) => `${path} unexpected`),
    )
    expect(refusals('page', { userId: 'u', name: 5, category: [], context: 'x' }).toSorted()).toEqual([
      '/category unexpected',
      '/context unexpected',
      '/name unexpected',
    ])
  })

  test.each([null, 'x', 3, [], true])('%j is no call', (body) => {
    for (const type of CALL_TYPES) expect(refusals(type, body)).toEqual([' unexpected'])
  })
})

describe('traits', () => {
  test('scores, stage, lists, owner, and when and where consent was given are skipped and named; the rest is stored', () => {
    const traits = {
      score: 50,
      Score: 1,
      cd_score: 2,
      stage: 'acquisition',
      lists: ['VIP'],
      owner: 'me',
      consentAt: 1,
      consent_source: 'x',
      consent: { email: true, at: 1, source: 'y' },
      plan: 'pro',
    }
    const parsed = parseCall('identify', { userId: 'u', traits }, NOW, isScore)
    expect(parsed).toMatchObject({
      ok: true,
      call: { identification: { attributes: { PLAN: 'pro' }, consent: { email: true } } },
    })
    expect(
      Object.keys(
        (parsed.ok && parsed.call.kind === 'identify' && parsed.call.identification.attributes) || {},
      ),
    ).toEqual(['PLAN'])
    expect(skips('identify', { userId: 'u', traits })).toEqual(
      [
        'score',
        'Score',
        'cd_score',
        'stage',
        'lists',
        'owner',
        'consentAt',
        'consent_source',
        'consent/at',
        'consent/source',
      ].map((name) => `/traits/${name} read_only`),
    )
    expect(skips('track', { userId: 'u', event: 'x', context: { traits: { score: 1 } } })).toEqual([
      '/context/traits/score read_only',
    ])
  })

  test('names that are no attribute, or the same one twice, are skipped and named', () => {
    const traits = {
      'first name': 1,
      '1a': 1,
      _a: 1,
      'a/b~c': 1,
      straße: 1,
      ['x'.repeat(65)]: 1,
      '': 1,
      firstName: 1,
      FIRSTNAME: 2,
    }
    expect(skips('identify', { userId: 'u', traits }).toSorted()).toEqual(
      [
        '/traits/ bad_name',
        '/traits/1a bad_name',
        '/traits/FIRSTNAME written_twice',
        '/traits/_a bad_name',
        '/traits/a~1b~0c bad_name',
        '/traits/first name bad_name',
        '/traits/straße bad_name',
        `/traits/${'x'.repeat(65)} bad_name`,
      ].toSorted(),
    )
    expect(read('identify', { userId: 'u', traits })).toMatchObject({
      identification: { attributes: { FIRSTNAME: 1 } },
    })
  })

  test('consent is yes or no for e-mail, SMS, profiling; nothing else passes', () => {
    const consent = (value: unknown) => refusals('identify', { userId: 'u', traits: { consent: value } })
    expect(
      read('identify', { userId: 'u', traits: { consent: { email: true, sms: false, profiling: true } } }),
    ).toMatchObject({ identification: { consent: { email: true, sms: false, profiling: true } } })
    for (const value of [true, 'yes', null, ['email']])
      expect(consent(value)).toEqual(['/traits/consent unexpected'])
    expect(consent({ email: 'yes', sms: null })).toEqual([
      '/traits/consent/email unexpected',
      '/traits/consent/sms unexpected',
    ])
    expect(consent({ Email: true })).toEqual(['/traits/consent/Email unexpected'])
    expect(consent({ email: { status: 'subscribed' } })).toEqual(['/traits/consent/email unexpected'])
  })

  test('company is an object with id or name, or an ordinary attribute', () => {
    const told = (company: unknown) => read('identify', { userId: 'u', traits: { company } })
    expect(told({ id: 'c1', name: 'Acme', plan: 'pro' })).toMatchObject({
      identification: { company: { id: 'c1', attributes: { NAME: 'Acme', PLAN: 'pro' } } },
    })
    expect(told({ name: 'Acme' })).toMatchObject({
      identification: { company: { id: 'Acme', attributes: { NAME: 'Acme' } } },
    })
    expect(told('Acme')).toMatchObject({ identification: { attributes: { COMPANY: 'Acme' } } })
    expect(skips('identify', { userId: 'u', traits: { company: { plan: 'pro' } } })).toEqual([
      '/traits/company no_company',
    ])
    expect(refusals('identify', { userId: 'u', traits: { company: { id: {} } } })).toEqual([
      '/traits/company/id unexpected',
    ])
  })

  test('traits of identify win over those of its context', () => {
    expect(
      read('identify', { userId: 'u', traits: { a: 1 }, context: { traits: { a: 2, b: 3 } } }),
    ).toMatchObject({ identification: { attributes: { A: 1, B: 3 } } })
  })
})

describe('hostile input', () => {
  const inText = (body: string) => JSON.parse(body) as unknown

  test('names that belong to the language are refused and pollute nothing', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const bad = `{"${key}": {"polluted": true}}`
      expect(refusals('track', inText(`{"userId":"u","event":"x","properties":{"a":[${bad}]}}`))).toEqual([
        `/properties/a/0/${key} reserved_key`,
      ])
      expect(refusals('identify', inText(`{"userId":"u","traits":${bad}}`))).toContain(
        `/traits/${key} reserved_key`,
      )
      expect(refusals('group', inText(`{"userId":"u","groupId":"g","traits":${bad}}`))).toContain(
        `/traits/${key} reserved_key`,
      )
      expect(refusals('track', inText(`{"userId":"u","event":"x","context":{"traits":${bad}}}`))).toContain(
        `/context/traits/${key} reserved_key`,
      )
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    // Where nothing is stored it does no harm, also where the call is copied for a repair.
    expect(
      read(
        'track',
        inText(
          '{"__proto__":{"userId":"evil"},"userId":"u","event":"x","context":{"__proto__":{"active":false}},"properties":{"t":"\\ud83d"}}',
        ),
      ),
    ).toMatchObject({ userId: 'u', active: true })
    expect(
      refusals('track', inText('{"__proto__":{"userId":"evil"},"event":"x","properties":{"t":"\\ud83d"}}')),
    ).toEqual(['/userId no_identity'])
  })

  test('a number beyond all numbers and the zero character are refused with their path', () => {
    expect(
      refusals('track', inText('{"userId":"u","event":"x","properties":{"a":{"b":[1, 1e999]}}}')),
    ).toEqual(['/properties/a/b/1 bad_number'])
    expect(refusals('identify', inText('{"userId":"u","traits":{"a":"x\\u0000y"}}'))).toEqual([
      '/traits/a bad_text',
    ])
    expect(refusals('track', inText('{"userId":"u","event":"x","properties":{"a\\u0000":1}}'))).toEqual([
      '/properties/a\0 bad_text',
    ])
    expect(
      refusals('page', inText('{"userId":"u","name":"a\\u0000","context":{"page":{"title":"\\u0000"}}}')),
    ).toEqual(['/name bad_text', '/context/page/title bad_text'])
    expect(refusals('track', inText('{"userId":"u","event":"x","context":{"userAgent":"\\u0000"}}'))).toEqual(
      [],
    )
  })

  test('half an emoji is replaced, as every UTF-8 writer does, and the event is kept', () => {
    expect(read('page', { userId: 'u', properties: { title: 'Party \ud83c', a: [-0] } })).toMatchObject({
      properties: { title: 'Party \ufffd', a: [0] },
    })
  })

  test('32 levels are fine, one more is too deep, and 200,000 do not end the process', () => {
    // The call is the first level, the properties are the second.
    const nested = (levels: number) =>
      inText(
        `{"type":"track","userId":"u","event":"x","properties":{"a":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`,
      )
    expect(refusals('track', nested(32))).toEqual([])
    expect(refusals('track', nested(33))).toEqual([`/properties/a${'/0'.repeat(30)} too_deep`])
    expect(refusals('track', nested(200_000))[0]).toMatch(/ too_deep$/)
    expect(parseBatch({ batch: [nested(200_000), nested(32)] }, NOW, isScore)).toMatchObject({
      ok: true,
      items: [{ ok: false, problems: [{ code: 'too_deep' }] }, { ok: true }],
    })
  })

  test('hostile text is only text', () => {
    const text = `<script>alert(1)</script>'; DROP TABLE contacts; -- {{ contact.SCORE }} \u202e`
    expect(read('identify', { userId: text, traits: { name: text } })).toMatchObject({
      userId: text,
      identification: { attributes: { NAME: text } },
    })
  })

  test('an answer names no more than fifty faults', () => {
    const traits = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`a-${index}`, 1]))
    expect(skips('identify', { userId: 'u', traits })).toHaveLength(50)
    expect(
      refusals('track', {
        userId: 'u',
        event: 'x',
        properties: { a: Array.from({ length: 5_000 }, () => Infinity) },
      }),
    ).toHaveLength(50)
  })
})

describe('batch', () => {
  const track = { type: 'track', userId: 'u', event: 'x' }

  test('good and bad items in order, each with its index', () => {
    const parsed = parseBatch(
      {
        batch: [track, { ...track, event: '*' }, 5, { ...track, type: 'Track' }, { ...track, type: 'page' }],
      },
      NOW,
      isScore,
    )
    expect(parsed).toMatchObject({
      ok: true,
      items: [
        { index: 0, ok: true },
        { index: 1, ok: false, problems: [{ path: '/event' }] },
        { index: 2, ok: false, problems: [{ path: '' }] },
        { index: 3, ok: false, problems: [{ path: '/type' }] },
        { index: 4, ok: true, call: { name: 'page_viewed' } },
      ],
    })
  })

  test('its sentAt and context hold for items that say nothing else', () => {
    const parsed = parseBatch(
      {
        sentAt: '2031-01-01T00:00:05Z',
        context: { active: false, timezone: 'Asia/Tokyo' },
        batch: [
          { ...track, timestamp: '2031-01-01T00:00:00Z' },
          {
            ...track,
            timestamp: '2026-05-03T11:59:00Z',
            sentAt: '2026-05-03T12:00:00Z',
            context: { active: true },
          },
        ],
      },
      NOW,
      isScore,
    )
    expect(parsed).toMatchObject({
      items: [
        { call: { occurredAt: NOW - 5_000, active: false, timezone: 'Asia/Tokyo' } },
        { call: { occurredAt: NOW - 60_000, active: true, timezone: 'Asia/Tokyo' } },
      ],
    })
  })

  test.each([
    [null, ''],
    [[], ''],
    [{}, '/batch'],
    [{ batch: {} }, '/batch'],
    [{ batch: [] }, '/batch'],
    [{ batch: [track], sentAt: 'x' }, '/sentAt'],
    [{ batch: [track], context: 'x' }, '/context'],
  ])('%j is no batch', (body, path) => {
    expect(parseBatch(body, NOW, isScore)).toMatchObject({ ok: false, problems: [{ path }] })
  })

  test('an item may have 32 KB', () => {
    const sized = (bytes: number) => ({
      ...track,
      properties: { a: 'x'.repeat(bytes - JSON.stringify({ ...track, properties: { a: '' } }).length) },
    })
    expect(parseBatch({ batch: [sized(32_768), sized(32_769)] }, NOW, isScore)).toMatchObject({
      items: [{ ok: true }, { ok: false, problems: [{ code: 'too_large', path: '' }] }],
    })
  })
})

describe('laws', () => {
  const faulty = fc.oneof(
    fc.constant(Infinity),
    fc.constant('\0'),
    fc.constant(-0),
    fc.constant('\ud83d'),
    fc.constantFrom('2026-05-03T11:00:00Z', 'ada@example.org', 'Europe/Paris', 'score.x'),
  )
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      faulty,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(
          fc.string(),
          fc.constantFrom(
            'email',
            'consent',
            'company',
            'score',
            'timezone',
            'sms',
            'id',
            '__proto__',
            'constructor',
            'page',
            'traits',
            'active',
            'url',
            'name',
          ),
        ),
        tie('value'),
        { maxKeys: 5 },
      ),
    ),
  })).value
  const parts = [
    'messageId',
    'userId',
    'anonymousId',
    'previousId',
    'groupId',
    'timestamp',
    'sentAt',
    'context',
    'traits',
    'properties',
    'event',
    'name',
    'category',
  ] as const
  const body = fc.record(Object.fromEntries(parts.map((part) => [part, json])), { requiredKeys: [] })
  const likely = fc.record({
    userId: fc.constant('u'),
    event: fc.constant('x'),
    groupId: fc.constant('g'),
    previousId: fc.constant('p'),
    traits: fc.dictionary(fc.stringMatching(/^[a-zA-Z_]{0,6}$/), json),
    properties: fc.dictionary(fc.string(), json),
  })
  const anything = fc.oneof(json, body, likely)
  const type = fc.constantFrom(...CALL_TYPES)

  test('whatever comes, there is an answer; problems have a path into what came; a call can be stored and read again', () => {
    fc.assert(
      fc.property(type, anything, (type, value) => {
        const parsed = parseCall(type, value, NOW, isScore)
        const noted = parsed.ok ? parsed.skipped : parsed.problems
        for (const { path, detail, severity } of noted) {
          expect(leadsInto(value, path)).toBe(true)
          expect(detail.length).toBeLessThan(400)
          if (parsed.ok) expect(severity).toBe('warning')
        }
        if (!parsed.ok) {
          expect(parsed.problems.some(({ severity }) => severity === 'error')).toBe(true)
          return
        }
        const { call } = parsed
        expect(documentProblems(call).filter(({ code }) => code !== 'long_key')).toEqual([])
        expect(JSON.parse(JSON.stringify(call))).toEqual(call)
        expect(call.userId ?? call.email ?? call.anonymousId).toBeTypeOf('string')
        expect(call.occurredAt).toBeLessThanOrEqual(NOW)
        expect(parseCall(type, value, NOW, isScore)).toEqual(parsed)
      }),
      { numRuns: 3_000 },
    )
  })

  test('what is not stored is named: every trait is an attribute, a part of the person, or skipped', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.oneof(fc.stringMatching(/^[a-zA-Z]\w{0,5}$/), fc.string()),
          fc.jsonValue({ maxDepth: 3 }),
        ),
        (traits) => {
          const parsed = parseCall('identify', { userId: 'u', traits }, NOW, isScore)
          if (!parsed.ok || parsed.call.kind !== 'identify') return
          const { attributes = {}, ...others } = parsed.call.identification
          const named = new Set(parsed.skipped.map(({ path }) => path))
          for (const key of Object.keys(traits)) {
            const name = key.toUpperCase()
            const isNamed = named.has(`/traits/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
            const isPart =
              name === 'EMAIL' || name === 'CONSENT' || (name === 'COMPANY' && 'company' in others)
            expect(Object.hasOwn(attributes, name) || isNamed || isPart).toBe(true)
          }
          expect(Object.keys(attributes).length).toBeLessThanOrEqual(Object.keys(traits).length)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('a batch of one is the call itself', () => {
    fc.assert(
      fc.property(type, likely, (type, value) => {
        const batch = parseBatch({ batch: [{ ...value, type }] }, NOW, isScore)
        expect(batch).toEqual({
          ok: true,
          items: [{ index: 0, ...parseCall(type, { ...value, type }, NOW, isScore) }],
        })
      }),
    )
  })

  test('occurredAt is the time told, whatever both clocks were off by', () => {
    const past = fc.integer({ min: 0, max: 10 * 365 * 86_400_000 })
    fc.assert(
      fc.property(past, fc.integer({ min: -1e11, max: 1e11 }), (ago, off) => {
        const call = {
          userId: 'u',
          event: 'x',
          timestamp: formatInstant(NOW - ago + off),
          sentAt: formatInstant(NOW + off),
        }
        expect(read('track', call).occurredAt).toBe(NOW - ago)
      }),
    )
  })
})

function read(type: CallType, body: unknown): Call {
  const parsed = parseCall(type, body, NOW, isScore)
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, detail }) => `${path}: ${detail}`).join('\n'))
  return parsed.call
}

function refusals(type: CallType, body: unknown): readonly string[] {
  const parsed = parseCall(type, body, NOW, isScore)
  return parsed.ok ? [] : parsed.problems.map(({ path, code }) => `${path} ${code}`)
}

function skips(type: CallType, body: unknown): readonly string[] {
  const parsed = parseCall(type, body, NOW, isScore)
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, detail }) => `${path}: ${detail}`).join('\n'))
  return parsed.skipped.map(({ path, code }) => `${path} ${code}`)
}

/** Whether the pointer leads to a part of the document, or to where a part is missing. A repaired text counts as itself. */
function leadsInto(document: unknown, path: string): boolean {
  if (path === '') return true
  const keys = path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  let value = document
  for (const key of keys.slice(0, -1)) {
    if (typeof value !== 'object' || value === null) return false
    const found = Object.entries(value).find(([name]) => name.toWellFormed() === key.toWellFormed())
    if (!found) return false
    value = found[1]
  }
  return typeof value === 'object' && value !== null
}
