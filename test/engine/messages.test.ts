/** Messages by SMS, calls of webhooks and notices to the team: what steps ask for, and what becomes of it. */
import { describe, expect, test } from 'vitest'
import {
  catalogueOf,
  channelOf,
  countedAs,
  fold,
  messageTypeOf,
  newHistory,
  outletsOf,
  reentryOf,
  sends,
  type Contact,
  type Journey,
  type Json,
  type MessageVerdict,
  type Step,
} from '../../engine/index.ts'
import { parseJourney } from '../../engine/parse.ts'
import {
  ada,
  DAY,
  END,
  entry,
  event,
  lateEvent,
  live,
  mail,
  notify,
  passages,
  passagesOf,
  points,
  published,
  scoreOf,
  sms,
  smsWithResult,
  START,
  update,
  verdict,
  wait,
  waitFor,
  webhook,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const reachable = (more: Partial<Contact> = {}) => ada({ attributes: { PHONE: '+49 30 123456' }, ...more })

/** What a step asks the server to do. */
function effectOf(step: Step, more: { readonly late?: boolean } = {}) {
  const journeys = published(journeyOf({ step, end: END }))
  const happens = more.late ? lateEvent('go', 100, 1) : event('go')
  const { done } = fold(newHistory(reachable()), { ...happens, seq: 7 }, journeys, 'UTC')
  if ('failed' in done) throw new Error(done.failed)
  return { effects: done.effects, texts: done.trace.map(({ text }) => text) }
}

const KINDS = [
  ['email', 'sendEmail', mail('end'), 'E-mail is on its way'],
  ['sms', 'sendSms', sms('end'), 'SMS is on its way'],
  ['webhook', 'callWebhook', webhook('end', 'end', 'end'), 'The webhook is being called'],
  ['notice', 'notify', notify('end'), 'The team is being told'],
] as const

describe.each(KINDS)('a step that makes a message of the channel %s', (channel, type, step, text) => {
  test('asks for it once, with all that makes it the same one again', () => {
    const { effects, texts } = effectOf(step)
    expect(effects).toEqual([
      {
        type,
        message: '7.1/step/1',
        enrollment: '7.1',
        journey: 'test',
        version: 1,
        step: 'step',
        visit: 1,
        skipped: null,
      },
    ])
    expect(texts).toContain(text)
    expect(channelOf(step)).toBe(channel)
  })

  test('of a late event is recorded and does not go out', () => {
    const { effects, texts } = effectOf(step, { late: true })
    expect(effects).toMatchObject([{ type, skipped: 'late' }])
    expect(texts).toContain('Not sent: the event is from 4 May 2026')
  })

  test('makes a journey one that sends, and once only', () => {
    const journey = journeyOf({ step, end: END })
    expect([sends(journey), reentryOf(journey).policy]).toEqual([true, 'once'])
    expect(outletsOf(journey)).toEqual([
      { email: 'mail', notice: 'mail', sms: 'sms', webhook: 'web' }[channel],
    ])
  })
})

test('a notice to a system is no mail', () => {
  const url = 'https://chat.example.com/hooks/1'
  const step: Step = {
    meta: { kind: 'notify' },
    entry: { type: 'notify', params: { url, text: 'A lead' } },
    always: 'end',
  }
  expect(outletsOf(journeyOf({ step, end: END }))).toEqual(['web'])
})

test('an SMS has a message type, and what is not for the person needs no consent', () => {
  const journey = journeyOf({ a: sms('b'), b: webhook('c', 'c', 'c'), c: notify('end'), end: END })
  expect(['a', 'b', 'c'].map((step) => messageTypeOf(journey, step))).toEqual([
    'promotional',
    'transactional',
    'transactional',
  ])
})

// ---- SMS -----------------------------------------------------------------------------------------------------------

describe('an SMS', () => {
  const clicks: Step = waitFor(
    {
      'sms.clicked': {
        target: 'keen',
        guard: { type: 'holds', params: { when: { message: 'text', was: 'clicked' } } },
      },
    },
    { P3D: 'end' },
  )
  const journey = journeyOf({ text: sms('clicks'), clicks, keen: points(10, 'end'), end: END })

  test('is sent, delivered and clicked, and the journey hears it', () => {
    const so = live(
      journey,
      [event('go'), verdict('test', 'text', 'delivered', 1), verdict('test', 'text', 'clicked', 2)],
      { contact: reachable() },
    )
    expect(so.messages).toMatchObject([{ channel: 'sms', skipped: null }])
    expect(passages(so.history)[0]?.messages['text']?.was).toEqual(['sent', 'delivered', 'clicked'])
    expect(scoreOf(so)).toBe(10)
    expect(so.history.contact.lastActivityAt).toBe(so.entries.at(-1)?.at)
  })

  test('is none of the last e-mails', () => {
    const so = live(journey, [event('go'), verdict('test', 'text', 'clicked', 2)], { contact: reachable() })
    expect(so.history.emails).toEqual([])
    const both = journeyOf(
      { text: sms('mail'), mail: mail('end'), end: END },
      { meta: { goal: { when: { clicked: 1, ofLast: 1 } } } },
    )
    const clicked = live(both, [event('go'), verdict('test', 'text', 'clicked', 2)], { contact: reachable() })
    expect(clicked.history.emails.map(({ clicked: was }) => was)).toEqual([false])
  })

  test('that failed leads on where the result is waited for', () => {
    const waits = smsWithResult('end', 'mail', 'end')
    const so = live(journeyOf({ waits, mail: mail('end'), end: END }), [event('go')], { contact: ada() })
    expect(so.messages.map(({ channel, skipped }) => [channel, skipped])).toEqual([
      ['sms', 'no_address'],
      ['email', null],
    ])
  })

  test('answered with STOP ends all SMS for good, and mail goes on', () => {
    const twice = journeyOf({
      text: sms('pause'),
      pause: wait('P1D', 'again'),
      again: {
        meta: { kind: 'sms' },
        entry: { type: 'sendSms', params: { text: 'Your code', messageType: 'transactional' } },
        always: 'mail',
      },
      mail: mail('end'),
      end: END,
    })
    const so = live(twice, [event('go'), verdict('test', 'text', 'stopped', 1)], {
      contact: reachable(),
      until: 48,
    })
    expect(so.messages.map(({ channel, skipped }) => [channel, skipped])).toEqual([
      ['sms', null],
      ['sms', 'unreachable'],
      ['email', null],
    ])
    const { stopped, consent } = so.history.contact
    expect([stopped, consent.sms.status, consent.sms.source, consent.email.status]).toEqual([
      true,
      'unsubscribed',
      'sms.stopped',
      'subscribed',
    ])
  })

  test('STOP stays with the person who is united with another', () => {
    const merge = entry('merge', 1, { from: reachable({ id: 'b', stopped: true }), enrollments: [] })
    expect(live(journey, [merge]).history.contact.stopped).toBe(true)
    const plain = entry('merge', 1, { from: reachable({ id: 'b' }), enrollments: [] })
    expect('stopped' in live(journey, [plain]).history.contact).toBe(false)
  })

  test('a withdrawal by hand is heard as STOP is, and of one to profiling nobody hears', () => {
    const heard = journeyOf({ add: points(1, 'end'), end: END }, { on: { 'sms.stopped': triggerTo('add') } })
    const no = (purpose: 'sms' | 'profiling') =>
      entry('consent', 1, { purpose, status: 'unsubscribed', reason: 'by phone' })
    expect(scoreOf(live(heard, [no('sms')]))).toBe(1)
    expect(scoreOf(live(heard, [no('profiling')]))).toBe(0)
    expect(countedAs({ ...no('sms'), seq: 1 })).toEqual({ name: 'sms.stopped', properties: {} })
    expect(countedAs({ ...no('profiling'), seq: 1 })).toBeUndefined()
  })

  test.each(['sent', 'delivered', 'clicked', 'failed', 'stopped'] as const)(
    '“sms.%s” can be listened to and counted',
    (what) => {
      const when = { count: { event: `sms.${what}` }, operator: '>=', value: 1 } as const
      const listens = journeyOf(
        { add: points(1, 'end'), end: END },
        { id: 'listens', on: { [`sms.${what}`]: triggerTo('add', when) } },
      )
      const so = live(
        published(journeyOf({ text: sms('pause'), pause: wait('P9D', 'end'), end: END }), listens),
        [event('go'), ...(what === 'sent' ? [] : [verdict('test', 'text', what, 1)])],
        { contact: reachable() },
      )
      expect(scoreOf(so)).toBe(1)
    },
  )
})

const CALL = { message: '1.1/call/1', enrollment: '1.1', journey: 'test', step: 'call', visit: 1 }

// ---- Webhooks --------------------------------------------------------------------------------------------------------

describe('a webhook', () => {
  const called = journeyOf({
    call: webhook('done', 'failed', 'late'),
    done: points(1, 'end'),
    failed: points(2, 'end'),
    late: points(3, 'end'),
    end: END,
  })
  /** The call is on its way, and an hour later this is said of it. */
  const after = (
    what: MessageVerdict,
    stored: { readonly [name: string]: Json } = {},
    journey: Journey = called,
  ) => {
    const journeys = published(journey)
    const { history } = fold(newHistory(ada()), { ...event('go'), seq: 1 }, journeys, 'UTC')
    const answer = entry('message', 1, { ...CALL, channel: 'webhook', verdict: what, stored })
    const { done } = fold(history, { ...answer, seq: 2 }, journeys, 'UTC')
    if ('failed' in done) throw new Error(done.failed)
    return done
  }

  test.each([
    ['sent', 1],
    ['failed', 2],
    ['uncertain', 2],
    ['skipped', 2],
  ] as const)('that was %s leads on', (what, score) => {
    expect(after(what).contact.scores['SCORE']).toBe(100 * score)
  })

  test('waits for its answer, no longer than it says', () => {
    const { history } = fold(newHistory(ada()), { ...event('go'), seq: 1 }, published(called), 'UTC')
    expect(history.enrollments).toMatchObject([{ step: 'call', ended: null, due: START + DAY }])
  })

  test('keeps of the answer what the journey wants, before it goes on', () => {
    const when = { field: 'TIER', operator: '=', value: 'gold' } as const
    const choose: Step = {
      meta: { kind: 'condition' },
      always: [{ target: 'gold', guard: { type: 'holds', params: { when } } }, { target: 'end' }],
    }
    const journey = journeyOf({
      call: webhook('choose', 'end', 'end', { store: { TIER: '/tier' } }),
      choose,
      gold: points(7, 'end'),
      end: END,
    })
    const { contact, trace } = after('sent', { TIER: 'gold', SIZE: [1, 2] }, journey)
    expect([contact.attributes, contact.scores['SCORE']]).toEqual([{ TIER: 'gold', SIZE: [1, 2] }, 700])
    expect(trace.map(({ text }) => text).slice(0, 3)).toEqual(['Tier changed', 'Size changed', 'It worked'])
  })

  test('writes no score, whatever it answers', () => {
    const { contact, ledger, trace } = after('sent', { SCORE: 99, TIER: null })
    expect([contact.scores['SCORE'], contact.attributes, ledger.length]).toEqual([100, {}, 1])
    expect(trace[0]).toMatchObject({
      what: 'unchanged',
      text: 'Score stays: a score is not set by an answer',
    })
  })

  test('that failed is told to whoever listens, one that was answered is not', () => {
    const listens = journeyOf(
      { add: points(50, 'end'), end: END },
      { id: 'listens', on: { 'webhook.failed': triggerTo('add') } },
    )
    const failed = live(published(called, listens), [event('go'), verdict('test', 'call', 'failed', 1)])
    expect([passagesOf(failed, 'listens'), failed.history.events.map(({ name }) => name)]).toEqual([
      ['finished'],
      ['go', 'webhook.sent', 'webhook.failed'],
    ])
  })

  test('may go on at once', () => {
    const { on: _, after: __, ...call } = webhook('end', 'end', 'end')
    const so = live(journeyOf({ call: { ...call, always: 'add' }, add: points(1, 'end'), end: END }), [
      event('go'),
    ])
    expect([passagesOf(so), so.messages.map(({ channel }) => channel)]).toEqual([['finished'], ['webhook']])
  })
})

test('messages that wait for each other’s results for ever end a simulation, not the program', () => {
  const circle = journeyOf({
    first: smsWithResult('second', 'second', 'end'),
    second: webhook('first', 'first', 'end'),
    end: END,
  })
  const so = live(circle, [event('go')], { until: 24 * 9 })
  const detail = 'more than 100 messages followed from one event'
  expect(so.failed.map((failed) => failed.detail)).toEqual([detail])
})

test('what became of a notice nobody hears', () => {
  const listens = ['email.failed', 'sms.failed', 'webhook.failed'].map((name, index) =>
    journeyOf(
      { add: points(1, 'end'), end: END },
      { id: `listens-${index}`, on: { [name]: triggerTo('add') } },
    ),
  )
  const so = live(
    published(journeyOf({ tell: notify('pause'), pause: wait('P1D', 'end'), end: END }), ...listens),
    [event('go'), verdict('test', 'tell', 'failed', 1)],
  )
  expect([scoreOf(so), passages(so.history)[0]?.messages['tell']?.was]).toEqual([0, ['sent', 'failed']])
})

// ---- In the file -----------------------------------------------------------------------------------------------------

describe('a file', () => {
  const problems = (type: string, params: object, more: object = {}) => {
    const kind = { sendSms: 'sms', callWebhook: 'webhook', notify: 'notify' }[type]
    const step = { meta: { kind }, entry: { type, params }, always: 'end', ...more }
    const parsed = parseJourney(journeyOf({ step: step as unknown as Step, end: END }))
    return parsed.ok
      ? []
      : parsed.problems.map(
          ({ path, detail }) => `${path.replace('/states/step/entry/params', '')}: ${detail}`,
        )
  }
  const call = (more: object) =>
    problems('callWebhook', { url: 'https://crm.example.com/leads', method: 'POST', ...more })

  test.each([
    'https://crm.example.com',
    'http://localhost:8080/leads?x=1#y',
    'https://[2001:db8::1]:8443/',
    'https://crm.example.com/leads/{{ contact.ID | url_encode }}?{% if contact.TIER %}tier={{ contact.TIER }}{% endif %}',
    'https://bücher.example/ü',
  ])('may call %s', (url) => {
    expect(call({ url })).toEqual([])
  })

  test.each([
    'crm.example.com/leads',
    'ftp://crm.example.com',
    'javascript:alert(1)',
    'https://',
    'https:///leads',
    'https://user:secret@crm.example.com/',
    'https://{{ contact.HOST }}/leads',
    'https://crm.{{ contact.HOST }}.com',
    'https://crm.example.com:port/',
    'https://crm.example.com/a b',
    'https://crm.example.com/{{ contact.ID }',
    'https://crm.example.com\\@evil.example',
    ' https://crm.example.com',
  ])('may not call %j', (url) => {
    expect(call({ url })).toEqual([
      `/url: expected an address such as "https://example.com/hooks", with {{ … }} only behind the host, got ${JSON.stringify(url)}`,
    ])
  })

  test.each([
    ['any JSON as a body', { body: { lead: ['{{ contact.EMAIL }}', 1, null, true] } }],
    ['a text as a body', { body: 'email={{ contact.EMAIL }}' }],
    ['headers', { headers: { Authorization: 'Bearer x', 'x-lead': '' } }],
    ['what it keeps', { store: { TIER: '/customer/0/a~1b~0c', WHOLE: '' } }],
    ['a way without a body', { method: 'DELETE' }],
  ])('may give a webhook %s', (_, more) => {
    expect(call(more)).toEqual([])
  })

  test.each([
    [
      'a body with GET',
      { method: 'GET', body: 1 },
      ': expected no "body" with GET and DELETE, got an object with url, method, body',
    ],
    [
      'another method',
      { method: 'post' },
      '/method: expected one of "POST", "PUT", "PATCH", "GET", "DELETE", got "post"; did you mean "POST"?',
    ],
    [
      'a header that we write',
      { headers: { 'Webhook-Signature': 'x' } },
      '/headers: expected the name of a header such as "Authorization", none that HTTP or we write ourselves, got "Webhook-Signature"',
    ],
    [
      'a header of two words',
      { headers: { 'X Lead': 'x' } },
      '/headers: expected the name of a header such as "Authorization", none that HTTP or we write ourselves, got "X Lead"',
    ],
    [
      'a header of two lines',
      { headers: { 'x-lead': 'a\r\nb' } },
      '/headers/x-lead: expected a text of plain letters in one line, got "a\\r\\nb"',
    ],
    [
      'a header twice',
      { headers: { 'X-Lead': 'a', 'x-lead': 'b' } },
      '/headers: expected each header once, got an object with X-Lead, x-lead',
    ],
    ['nothing to keep', { store: {} }, '/store: expected at least one attribute, got an empty object'],
    [
      'a path that is no pointer',
      { store: { TIER: 'tier' } },
      '/store/TIER: expected a JSON Pointer such as "/customer/tier", got "tier"',
    ],
    [
      'an attribute in small letters',
      { store: { tier: '/tier' } },
      '/store: expected an attribute name in capitals, such as "SCORE", got "tier"',
    ],
  ])('may not give a webhook %s', (_, more, problem) => {
    expect(call(more)).toEqual([problem])
  })

  test('has both shapes of a webhook, each whole', () => {
    const params = { url: 'https://crm.example.com', method: 'POST' }
    const on = { 'step.done': 'end', 'step.failed': 'end' }
    expect(
      problems('callWebhook', params, { always: undefined, on, after: { P1D: 'end' } }).length,
    ).toBeGreaterThan(0)
    const whole = {
      meta: { kind: 'webhook' },
      entry: { type: 'callWebhook', params },
      on,
      after: { P1D: 'end' },
    }
    expect(parseJourney(journeyOf({ step: whole as Step, end: END })).ok).toBe(true)
    const { after: _, ...timeless } = whole
    const parsed = parseJourney(journeyOf({ step: timeless as Step, end: END }))
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual(['/states/step/after'])
  })

  test('may notify addresses or a system, not half of each', () => {
    const to = ['sales@nordlicht-lampen.de']
    const url = 'https://chat.example.com/hooks/1'
    expect(problems('notify', { to, subject: 'A lead', text: 'x' })).toEqual([])
    expect(problems('notify', { url, text: 'x' })).toEqual([])
    expect(problems('notify', { to, text: 'x' })).toEqual(['/subject: the subject is still empty'])
    expect(problems('notify', { to: ['sales'], subject: 'A lead', text: 'x' })).toEqual([
      '/to/0: expected an e-mail address, got "sales"',
    ])
    expect(problems('notify', { url, subject: 'A lead', text: 'x' })).toEqual([
      '/subject: expected nothing of the name "subject" here',
    ])
  })

  test('may text what ten SMS hold', () => {
    const text = (length: number) =>
      problems('sendSms', { text: 'x'.repeat(length), messageType: 'promotional' })
    expect([text(1530), text(1531)]).toEqual([
      [],
      [expect.stringContaining('/text: expected a text of at most 1530 characters')],
    ])
  })

  test.each([
    ['sms', 'opened', ['sent', 'delivered', 'clicked', 'failed']],
    ['webhook', 'delivered', ['sent', 'failed']],
  ] as const)('cannot ask whether what went by %s was %s', (kind, was, facts) => {
    const sender = kind === 'sms' ? sms('pause') : webhook('pause', 'pause', 'pause')
    const pause: Step = {
      meta: { kind: 'waitFor' },
      always: { target: 'end', guard: { type: 'holds', params: { when: { message: 'step', was } } } },
      after: { P1D: 'end' },
    }
    const parsed = parseJourney(journeyOf({ step: sender, pause, end: END }))
    expect(parsed.ok ? [] : parsed.problems.map(({ path, detail }) => `${path}: ${detail}`)).toEqual([
      `/states/pause/always/guard/params/when/was: expected one of ${facts.map((fact) => JSON.stringify(fact)).join(', ')}, got "${was}"`,
    ])
  })

  test('cannot ask what became of a notice', () => {
    const goal = { when: { message: 'tell', was: 'sent' } } as const
    const parsed = parseJourney(journeyOf({ tell: notify('end'), end: END }, { meta: { goal } }))
    expect(parsed.ok ? [] : parsed.problems.map(({ path, code }) => `${code} ${path}`)).toEqual([
      'not_a_message /meta/goal/when/message',
    ])
  })
})

test('a number in which a journey counts is kept by the ledger, also where a webhook would set it', () => {
  const counts = journeyOf({ add: update({ attribute: 'FIT', add: 1 }, 'end'), end: END }, { id: 'counts' })
  expect(catalogueOf([{ journey: counts, version: 1, open: true }]).scores.has('FIT')).toBe(true)
})
