// What careless and hostile clients send: refused with a path and stored not at all, or stored and harmless.
import { sql } from 'kysely'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../engine/index.ts'
import { apiOf, ask, BASIC, type Answer, type Api, type ProblemDocument } from '../support/api.ts'
import { CALL_TYPES } from '../../server/ingest/segment.ts'
import type { Database } from '../../server/store/database.ts'
import { runCommand } from '../support/command.ts'
import { openDatabaseIn } from '../support/database.ts'
import { END, points } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'
import { API_KEY, startServer, WRITE_KEY, type ServerProcess } from '../support/serverProcess.ts'

let server: ServerProcess
let api: Api
let database: Database
beforeAll(async () => {
  server = await startServer()
  api = apiOf(server)
  database = await openDatabaseIn(server.folder)
  await api.publish(
    journeyOf(
      { add: points(1, 'end'), end: END },
      { id: 'one-point', meta: { reentry: { policy: 'parallel' } } },
    ),
  )
})
afterAll(async () => {
  await database.close()
  await server.stop()
})

/** How much is stored, in every table that calls write; what becomes of earlier messages comes when it comes. */
async function stored(): Promise<string> {
  const tables = [
    'contacts',
    'identities',
    `journal where kind <> 'message'`,
    'visitor_events',
    'message_ids',
    'journeys',
  ]
  const counts = tables.map(async (table) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.raw(table)}`.execute(
      database.read,
    )
    return [table, rows[0]?.n]
  })
  return JSON.stringify(await Promise.all(counts))
}

function expectProblem(answer: Answer, status: number): ProblemDocument {
  expect(`${answer.status} ${answer.text.slice(0, 500)}`).toMatch(new RegExp(`^${status} `))
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const document = answer.body as ProblemDocument
  expect(document).toMatchObject({ status, code: expect.stringMatching(/^[a-z_]+$/) as string })
  expect(document.detail).toMatch(/expected|nothing|cannot/)
  for (const { path, detail } of document.problems ?? []) {
    expect(path).toMatch(/^(?:\/.*)?$/s)
    expect(detail.length).toBeLessThan(2_000)
  }
  return document
}

const who = { userId: 'careless' }
const go = { ...who, event: 'go' }
const deep = (levels: number) =>
  `{"userId":"deep","event":"go","properties":${'{"a":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}}`

describe('a call that is wrong is refused as a whole, with the path of what is wrong', () => {
  it.each<[what: string, call: string, body: unknown, path: string]>([
    ['a list', 'track', [], ''],
    ['a text', 'track', '"go"', ''],
    ['a number', 'identify', 7, ''],
    ['null', 'page', 'null', ''],
    ['nobody', 'track', { event: 'go' }, '/userId'],
    ['nobody but __proto__', 'track', '{"__proto__":{"userId":"x"},"event":"go"}', '/userId'],
    ['a user id that is an object', 'track', { ...go, userId: {} }, '/userId'],
    ['a user id that is empty', 'track', { ...go, userId: '' }, '/userId'],
    ['a user id of 256 characters', 'track', { ...go, userId: 'x'.repeat(256) }, '/userId'],
    ['a user id with a line break', 'track', { ...go, userId: 'a\nb' }, '/userId'],
    ['a user id with a zero character', 'track', { ...go, userId: 'a\0b' }, '/userId'],
    ['an anonymous id that is a list', 'track', { anonymousId: [1], event: 'go' }, '/anonymousId'],
    ['a messageId that is an object', 'track', { ...go, messageId: {} }, '/messageId'],
    ['a messageId of 256 characters', 'track', { ...go, messageId: 'm'.repeat(256) }, '/messageId'],
    ['no event', 'track', who, '/event'],
    ['an event that is a number', 'track', { ...who, event: 7 }, '/event'],
    ['an empty event', 'track', { ...who, event: '' }, '/event'],
    ['an event of 256 characters', 'track', { ...who, event: 'e'.repeat(256) }, '/event'],
    ['an event with a control character', 'track', { ...who, event: 'go\u0007' }, '/event'],
    ['a wildcard', 'track', { ...who, event: '*' }, '/event'],
    ['a wildcard at the end', 'track', { ...who, event: 'go.*' }, '/event'],
    ['an event named constructor', 'track', { ...who, event: 'constructor' }, '/event'],
    ['an event named __proto__', 'track', { ...who, event: '__proto__' }, '/event'],
    ['properties that are a list', 'track', { ...go, properties: [] }, '/properties'],
    ['properties that are a text', 'track', { ...go, properties: 'x' }, '/properties'],
    [
      'a property named __proto__',
      'track',
      '{"userId":"x","event":"go","properties":{"__proto__":{"a":1}}}',
      '/properties/__proto__',
    ],
    [
      'a property named constructor inside a list',
      'track',
      { ...go, properties: { a: [{ constructor: 1 }] } },
      '/properties/a/0/constructor',
    ],
    ['a zero character in a property', 'track', { ...go, properties: { a: ['b\0'] } }, '/properties/a/0'],
    ['a zero character in a name', 'track', { ...go, properties: { 'a\0': 1 } }, '/properties/a\0'],
    ['a number too large', 'track', '{"userId":"x","event":"go","properties":{"n":1e999}}', '/properties/n'],
    ['a context that is a text', 'track', { ...go, context: 'x' }, '/context'],
    ['context traits that are a list', 'track', { ...go, context: { traits: [] } }, '/context/traits'],
    ['activity that is a text', 'track', { ...go, context: { active: 'yes' } }, '/context/active'],
    ['a time that is none', 'track', { ...go, timestamp: 'yesterday' }, '/timestamp'],
    ['a time that is a number', 'track', { ...go, timestamp: 7 }, '/timestamp'],
    ['the 30th of February', 'track', { ...go, timestamp: '2026-02-30T00:00:00Z' }, '/timestamp'],
    ['a sending time that is none', 'track', { ...go, sentAt: {} }, '/sentAt'],
    ['traits that are a number', 'identify', { ...who, traits: 7 }, '/traits'],
    ['consent that is a text', 'identify', { ...who, traits: { consent: 'yes' } }, '/traits/consent'],
    [
      'consent that is neither yes nor no',
      'identify',
      { ...who, traits: { consent: { email: 'yes' } } },
      '/traits/consent/email',
    ],
    [
      'consent to something unknown',
      'identify',
      { ...who, traits: { consent: { fax: true } } },
      '/traits/consent/fax',
    ],
    ['a name of a page that is a list', 'page', { ...who, name: [] }, '/name'],
    ['no group', 'group', who, '/groupId'],
    ['a group that is an object', 'group', { ...who, groupId: {} }, '/groupId'],
    ['nobody to unite with', 'alias', who, '/previousId'],
    ['nobody to unite', 'alias', { previousId: 'x' }, '/userId'],
    ['a batch that is a list', 'batch', [go], ''],
    ['a batch without calls', 'batch', {}, '/batch'],
    ['an empty batch', 'batch', { batch: [] }, '/batch'],
    ['a batch that is an object', 'batch', { batch: { type: 'track', ...go } }, '/batch'],
    ['a batch of a wrong time', 'batch', { batch: [{ type: 'track', ...go }], sentAt: 'now' }, '/sentAt'],
    ['a batch inside a batch', 'batch', { batch: [{ type: 'batch', batch: [] }] }, '/batch/0/type'],
  ])('%s (%s)', async (_, call, body, path) => {
    const before = await stored()
    const { path: told } = expectProblem(await api.post(call, body), 400)
    expect(told).toBe(path)
    expect(await stored()).toBe(before)
  })

  it.each(
    'contact.created attribute.changed score.changed list.joined segment.entered stage.changed email.clicked sms.sent webhook.failed journey.requested time.due step.done xstate.init'.split(
      ' ',
    ),
  )('the name %s, which only Tidemark says', async (event) => {
    const before = await stored()
    expect(expectProblem(await api.post('track', { ...who, event }), 400)).toMatchObject({
      path: '/event',
      problems: [{ code: 'reserved_event' }],
    })
    expect(await stored()).toBe(before)
  })

  it('nesting deeper than 32 levels, however deep', async () => {
    const before = await stored()
    for (const levels of [33, 34, 1_000, 5_000])
      expect(expectProblem(await api.post('track', deep(levels)), 400).problems?.[0]?.code).toBe('too_deep')
    const lists = `{"userId":"deep","event":"go","properties":{"a":${'['.repeat(15_000)}${']'.repeat(15_000)}}}`
    expectProblem(await api.post('track', lists), 400)
    const batch = `{"batch":[${'['.repeat(200_000)}${']'.repeat(200_000)}]}`
    expectProblem(await api.post('batch', batch), 400)
    expect(await stored()).toBe(before)
    expect((await api.post('track', deep(32))).status).toBe(200)
  })

  it('all that is wrong is told at once', async () => {
    const { problems } = expectProblem(
      await api.post('track', { userId: [], event: 7, properties: 1, timestamp: {} }),
      400,
    )
    expect(problems?.map(({ path }) => path).toSorted()).toEqual([
      '/event',
      '/properties',
      '/timestamp',
      '/userId',
    ])
  })
})

describe('a trait that no call may write', () => {
  it('is skipped and named, and the rest is stored', async () => {
    const traits = {
      score: 1_000,
      firstName: 'Ada',
      Stage: 'acquisition',
      LISTS: ['x'],
      owner: 'me',
      consent_source: 'me',
    }
    const answer = await api.post('identify', { userId: 'skips', traits })
    expect(answer.status).toBe(200)
    const { success, skipped } = answer.body as {
      success: boolean
      skipped: readonly { path: string; code: string }[]
    }
    expect(success).toBe(true)
    expect(skipped.map(({ path, code }) => `${path} ${code}`).toSorted()).toEqual(
      ['/traits/LISTS', '/traits/Stage', '/traits/consent_source', '/traits/owner', '/traits/score'].map(
        (path) => `${path} read_only`,
      ),
    )
    const { attributes, stage, lists } = await api.contact('skips')
    expect({ attributes, stage, lists }).toEqual({
      attributes: { SCORE: 0, FIRSTNAME: 'Ada' },
      stage: null,
      lists: [],
    })
    expect(await api.lines('skips')).toEqual([])
  })

  it('is skipped with an event, too, and the event counts', async () => {
    const answer = await api.post('track', {
      userId: 'skips-too',
      event: 'go',
      context: { traits: { SCORE: 99, city: 'Kiel' } },
    })
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, skipped: [{ path: '/context/traits/SCORE', code: 'read_only' }] },
    })
    expect((await api.contact('skips-too')).attributes).toEqual({ SCORE: 1, CITY: 'Kiel' })
  })

  it('a name that is none, a zone that is none, an address that is none: skipped and named', async () => {
    const answer = await api.post('identify', {
      userId: 'oddities',
      traits: {
        'first name': 'A',
        '': 1,
        timezone: 'Mars/Olympus',
        email: 'not an address',
        ok: true,
        OK: false,
      },
    })
    expect(answer.status).toBe(200)
    expect((await api.contact('oddities')).attributes).toEqual({ SCORE: 0, OK: true })
    const { skipped } = answer.body as { skipped: readonly { code: string }[] }
    expect(skipped.map(({ code }) => code).toSorted()).toEqual([
      'bad_name',
      'bad_name',
      'not_an_address',
      'unknown_zone',
      'written_twice',
    ])
  })
})

describe('hostile strings are only strings', () => {
  const HOSTILE = [
    '<script>window.hacked = 1</script>',
    '"><img src=x onerror="window.hacked=1">',
    `'; drop table contacts; --`,
    `" or ""="`,
    '{{ 7 | times: 6 }}',
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{{ contact.EMAIL }}{{ unsubscribe_url }}',
    '\u202Eevil.exe\u202C',
    'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
    '👩‍👩‍👧‍👦\u2028\u2029\uFEFF',
    '../../../etc/passwd',
    'javascript:alert(1)',
    '%00%0d%0aSet-Cookie:a=b',
    '${7*6}#{7*6}',
    'constructor',
    'null',
  ]

  it.each(HOSTILE)('%j as user id, event, attribute and property comes back as it was', async (text) => {
    const event = text === 'constructor' ? 'go' : text
    const call = {
      userId: text,
      event,
      properties: { text, [text === 'constructor' ? 'x' : text]: 1 },
      context: { traits: { note: text } },
    }
    expect((await api.post('track', call)).status).toBe(200)
    const contact = await api.contact(text)
    expect(contact.attributes['NOTE']).toBe(text)
    const happening = (await api.timeline(text)).find(({ kind }) => kind === 'event') as unknown as {
      name: string
      properties: JsonObject
    }
    expect(happening).toMatchObject({ name: event, properties: { text } })
  })

  it('half a surrogate pair becomes the replacement character, and the event counts', async () => {
    await api.post(
      'track',
      '{"userId":"half","event":"go","properties":{"title":"cut \\ud83d"},"context":{"traits":{"note":"\\udc00!"}}}',
    )
    const { attributes } = await api.contact('half')
    expect(attributes).toEqual({ SCORE: 1, NOTE: '\uFFFD!' })
  })

  it('in a mail a name is text: no markup, no template, no header of its own', async () => {
    await api.publish(
      journeyOf(
        {
          mail: {
            meta: { kind: 'email' },
            entry: {
              type: 'sendEmail',
              params: {
                subject: 'Hello {{ contact.FIRSTNAME }}',
                html: '<p>Dear {{ contact.FIRSTNAME }}, <a href="{{ contact.SITE }}">your page</a> {{ event.text }}</p>',
                messageType: 'transactional',
              },
            },
            always: 'end',
          },
          end: END,
        },
        { id: 'hostile-mail', on: { mailed: { target: '.mail', guard: { type: 'mayEnter' } } } },
      ),
    )
    const names = [...HOSTILE, 'Ada\r\nBcc: eve@nordlicht-lampen.de\r\n\r\nHello', 'x'.repeat(10_000)]
    for (const [n, text] of names.entries()) {
      const traits = {
        email: `hostile-${n}@nordlicht-lampen.de`,
        firstName: text,
        site: 'javascript:alert(1)',
      }
      await api.track(`hostile-${n}`, 'mailed', { text }, { context: { traits } })
    }
    for (
      const end = Date.now() + 10_000;
      (await api.mails('hostile-')).length < names.length && Date.now() < end;
    )
      await new Promise((resolve) => setTimeout(resolve, 50))
    const mails = await api.mails('hostile-')
    expect(mails).toHaveLength(names.length)
    for (const { html, subject, headers } of mails) {
      expect(html).not.toMatch(/<script|<img src=x|(?:href|src)="javascript:/i)
      expect(`${subject}${html}`).not.toMatch(/^Hello 42|Dear 42/)
      for (const line of [subject, ...Object.values(headers)]) expect(line).not.toMatch(/[\r\n]/)
      expect(Object.keys(headers)).not.toContain('Bcc')
    }
  })

  it('as a search they find what they name, and nothing else', async () => {
    await api.identify('100%_sure', { email: 'sure@nordlicht-lampen.de' })
    for (const [search, expected] of [
      ['100%_s', ['100%_sure']],
      ['%_%', []],
      [`' or 1=1 --`, []],
      ['\\', []],
      ['"*"', []],
    ] as const) {
      const { items } = await api.must<{ items: readonly { userId: string }[] }>(
        'GET',
        `/contacts?search=${encodeURIComponent(search)}`,
      )
      expect(items.map(({ userId }) => userId)).toEqual(expected)
    }
  })
})

describe('the admin interface', () => {
  it.each([
    ['no key', {}, 'not_signed_in'],
    ['a wrong key', { Authorization: 'Bearer wrong-key-0123456789' }, 'wrong_api_key'],
    ['the write key', { Authorization: `Bearer ${WRITE_KEY}` }, 'wrong_api_key'],
    [
      'the key as Basic',
      { Authorization: `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}` },
      'wrong_api_key',
    ],
    ['a cookie of no session', { Cookie: 'tidemark_session=session_x' }, 'not_signed_in'],
  ])('refuses %s', async (_, headers: Record<string, string>, code) => {
    for (const path of [
      'contacts',
      'journeys',
      'problems',
      'mailbox',
      'messages',
      'lists',
      'clock',
      'status',
      'templates/welcome',
    ])
      expect(expectProblem(await ask(`${server.url}/api/${path}`, 'GET', undefined, headers), 401).code).toBe(
        code,
      )
    expectProblem(await ask(`${server.url}/api/journeys/welcome/pause`, 'POST', {}, headers), 401)
  })

  it('does not take the API key for events', async () => {
    const headers = { Authorization: `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}` }
    const answer = await ask(`${server.url}/v1/track`, 'POST', go, headers)
    expect(expectProblem(answer, 401).code).toBe('wrong_write_key')
  })

  it.each<[method: string, path: string, body: unknown, status: number, at?: string]>([
    ['GET', '/contacts?limit=0', undefined, 400, '/limit'],
    ['GET', '/contacts?limit=501', undefined, 400, '/limit'],
    ['GET', '/contacts?limit=many', undefined, 400, '/limit'],
    ['GET', '/contacts?cursor=garbage', undefined, 400, '/cursor'],
    ['GET', `/contacts?cursor=${Buffer.from('[1e999,{}]').toString('base64url')}`, undefined, 400, '/cursor'],
    ['GET', '/contacts/nobody', undefined, 404],
    ['GET', '/contacts/%00', undefined, 404],
    ['GET', '/contacts/..%2F..%2Fstatus', undefined, 404],
    ['GET', '/contacts/nobody/score', undefined, 404],
    ['DELETE', '/contacts/nobody', undefined, 404],
    ['POST', '/contacts/nobody/score', { by: 1, reason: 'x' }, 404],
    ['POST', '/contacts/nobody/score', '{', 400, ''],
    ['POST', '/contacts/nobody/score', { by: 1.001, reason: 'x' }, 400, '/by'],
    ['POST', '/contacts/nobody/score', { by: 1, set: 2, reason: 'x' }, 400],
    ['POST', '/contacts/nobody/score', { by: 1 }, 400, '/reason'],
    ['POST', '/contacts/nobody/score', { by: '1', reason: 'x' }, 400, '/by'],
    ['POST', '/contacts/nobody/score', { by: 1, reason: 'x', extra: 1 }, 400, '/extra'],
    ['GET', '/journeys/none', undefined, 404],
    ['GET', '/journeys/__proto__', undefined, 404],
    ['POST', '/journeys/none/publish', {}, 404],
    ['POST', '/journeys/welcome/publish', { inside: 'perish' }, 400, '/inside'],
    ['POST', '/journeys/welcome/publish', [], 400],
    ['POST', '/journeys/welcome/enter', { contact: {} }, 400, '/contact'],
    ['PUT', '/journeys/fresh', '{', 422],
    ['PUT', '/journeys/fresh', [], 422],
    ['PUT', '/journeys/fresh', { id: 'other' }, 422, '/id'],
    ['PUT', '/journeys/fresh', `{"id":"fresh","a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 422],
    ['PUT', '/journeys/fresh', JSON.stringify({ id: 'fresh', fill: 'x'.repeat(1_100_000) }), 422],
    ['PUT', '/templates/welcome', { subject: 7 }, 400, '/subject'],
    ['GET', '/lists/Nobody%20here/contacts', undefined, 404],
    ['GET', '/messages?status=lost', undefined, 400, '/status'],
    ['POST', '/messages/none/resend', {}, 404],
    ['GET', '/mailbox?channel=pigeon', undefined, 400, '/channel'],
    ['GET', '/mailbox/none', undefined, 404],
    ['POST', '/problems/none/discard', {}, 404],
    ['POST', '/clock', { advance: 'P1D' }, 409],
    ['GET', '/nothing', undefined, 404],
    ['POST', '/contacts', {}, 404],
  ])('%s %s is refused (case %#)', async (method, path, body, status, at) => {
    const before = await stored()
    const { path: told } = expectProblem(await api.admin(method, path, body), status)
    if (at !== undefined) expect(told).toBe(at)
    expect(await stored()).toBe(before)
  })

  it('reads a megabyte of quotes as quickly as any other text that is no JSON', async () => {
    for (const text of [
      '\\"'.repeat(500_000),
      `"${'\\"'.repeat(500_000)}`,
      '"'.repeat(1_000_000),
      '{"a":'.repeat(200_000),
    ])
      expect(expectProblem(await api.admin('PUT', '/journeys/quotes', text), 422).code).toMatch(
        /^(no_document|document_too_deep)$/,
      )
  })

  it('keeps a journey that is all wrong as a draft, and publishes it never', async () => {
    const hostile = {
      id: 'wrong',
      meta: '<script>',
      states: { __proto__x: 1, constructor: [] },
      on: { '*': 7 },
    }
    const put = await api.admin('PUT', '/journeys/wrong', hostile)
    expect(put.status).toBe(201)
    expectProblem(await api.admin('POST', '/journeys/wrong/publish', {}), 409)
    expect((await api.admin('GET', '/journeys')).status).toBe(200)
    expect(await api.must('GET', '/journeys/wrong')).toMatchObject({
      status: 'draft',
      version: null,
      draft: hostile,
    })
  })

  it('answers what is asked wrongly of the server itself', async () => {
    for (const [method, path, status] of [
      ['GET', '/v1/track', 404],
      ['PUT', '/v1/track', 404],
      ['POST', '/v1/dance', 404],
      ['POST', '/v1/', 404],
      ['POST', '/healthz', 404],
    ] as const)
      expect((await ask(`${server.url}${path}`, method, undefined, { Authorization: BASIC })).status).toBe(
        status,
      )
  })
})

describe('whatever comes, the server answers as it should and goes on', () => {
  const anything = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('__proto__', 'constructor', 'toString', '*', 'email.clicked', '\0', '\ud800'),
  )
  const seldom = <Value>(value: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: anything })
  const bag = seldom(
    fc.dictionary(fc.oneof(fc.string({ maxLength: 8 }), text), fc.oneof(text, anything), { maxKeys: 5 }),
  )
  const noNullPrototype = { noNullPrototype: true, requiredKeys: [] }
  const call = fc.record(
    {
      type: seldom(fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias')),
      userId: seldom(fc.constantFrom('fuzz-1', 'fuzz-2', 'fuzz-3')),
      anonymousId: seldom(fc.constantFrom('anon-1', 'anon-2')),
      previousId: seldom(fc.constantFrom('fuzz-1', 'fuzz-2', 'fuzz-3', 'anon-1')),
      groupId: seldom(fc.constantFrom('acme', 'globex')),
      messageId: seldom(fc.uuid()),
      event: seldom(
        fc.oneof(fc.constantFrom('go', 'newsletter_subscribed', 'purchase', 'quote_requested'), text),
      ),
      properties: bag,
      traits: seldom(
        fc.record(
          {
            email: fc.constantFrom('a@nordlicht-lampen.de', 'b@nordlicht-lampen.de', 'x'),
            score: anything,
            timezone: text,
            consent: fc.record({ email: fc.oneof(fc.boolean(), anything) }, noNullPrototype),
            company: anything,
            name: text,
          },
          noNullPrototype,
        ),
      ),
      context: seldom(
        fc.record({ traits: bag, active: fc.oneof(fc.boolean(), anything), timezone: text }, noNullPrototype),
      ),
      timestamp: seldom(
        fc
          .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
          .map((at) => at.toISOString()),
      ),
      sentAt: seldom(
        fc
          .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
          .map((at) => at.toISOString()),
      ),
    },
    { noNullPrototype: true, requiredKeys: ['type'] },
  )

  /** A refusal says where and stores nothing; anything else is 200. */
  async function soundly(post: () => Promise<Answer>): Promise<number> {
    const before = await stored()
    const answer = await post()
    if (answer.status !== 200) {
      expectProblem(answer, 400)
      expect(await stored()).toBe(before)
    } else expect(answer.body).toMatchObject({ success: true })
    return answer.status
  }

  it('to calls that are nearly right', async () => {
    await fc.assert(
      fc.asyncProperty(call, async (body) => {
        const type = CALL_TYPES.find((name) => name === body.type) ?? 'track'
        expect([200, 400]).toContain(await soundly(() => api.post(type, body)))
      }),
      { numRuns: 600 },
    )
  }, 60_000)

  it('to batches of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(call, anything), { minLength: 1, maxLength: 6 }), async (batch) => {
        const answer = await api.post('batch', { batch })
        if (answer.status !== 200) return void expectProblem(answer, 400)
        const { accepted, errors } = answer.body as {
          accepted: number
          errors: readonly { index: number; path: string }[]
        }
        const bad = new Set(errors.map(({ index }) => index))
        expect(accepted).toBe(batch.length - bad.size)
        for (const { index, path } of errors) expect(path.startsWith(`/batch/${index}`)).toBe(true)
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  it('to any JSON, and to text that was JSON before a byte was changed', async () => {
    const broken = fc.tuple(
      call,
      fc.nat(),
      fc.nat(255),
      fc.constantFrom('replace', 'insert', 'remove', 'cut'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('track', 'identify', 'batch', 'alias'),
        fc.oneof(
          anything.map((value) => Buffer.from(JSON.stringify(value))),
          broken.map(changed),
        ),
        async (type, bytes) => {
          expect([200, 400]).toContain(await soundly(() => api.post(type, new Uint8Array(bytes))))
        },
      ),
      { numRuns: 400 },
    )
  }, 60_000)

  function changed([value, place, byte, how]: [unknown, number, number, string]): Buffer {
    const bytes = Buffer.from(JSON.stringify(value))
    const at = place % bytes.length
    const rest = bytes.subarray(how === 'insert' ? at : at + 1)
    if (how === 'cut') return bytes.subarray(0, at)
    return Buffer.concat([bytes.subarray(0, at), ...(how === 'remove' ? [] : [Buffer.of(byte)]), rest])
  }

  it('to journeys of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, anything), fc.boolean(), async (document, honest) => {
        const etag = (await api.admin('GET', '/journeys/any')).headers.get('etag')
        const put = await api.admin(
          'PUT',
          '/journeys/any',
          honest ? { ...document, id: 'any' } : document,
          etag === null ? {} : { 'If-Match': etag },
        )
        if (put.status >= 300) expectProblem(put, 422)
        else expectProblem(await api.admin('POST', '/journeys/any/publish', {}), 409)
        expect((await api.admin('GET', '/journeys')).status).toBe(200)
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('and at the end everything is as it was, and what was said in the log names nobody', async () => {
    await api.track('at-the-end', 'go')
    expect(await api.score('at-the-end')).toBe(1)
    expect(await runCommand(server.folder, 'verify')).toContain('no difference')
    expect(server.output()).not.toMatch(/"level":50/)
    expect(server.output()).not.toMatch(/nordlicht-lampen\.de/)
  })
})
