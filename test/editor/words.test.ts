import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphOf, type Graph } from '../../editor/builder/document/graph.ts'
import { eventInWords, nameOfEvent } from '../../editor/words.ts'
import { lower, number, signed } from '../../editor/words/say.ts'
import type { Journey, Step } from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { arbitraryJourney, journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'

function graph(journey: Journey): Graph {
  return graphOf({
    journey,
    journeyName: (id) => (id === 'guide' ? 'The guide' : id),
    subject: (template) => (template === 'welcome' ? 'Good to have you' : undefined),
  })
}

/** The card of a journey's only step before its end. */
function card(step: Step) {
  const [first] = graph(journeyOf({ step, end: { type: 'final' } })).cards
  return first
}

function update(params: object): Step {
  const entry = { type: 'updateAttribute', params: { attribute: 'SCORE', ...params } } as Step['entry']
  return { meta: { kind: 'update' }, ...(entry && { entry }), always: 'end' }
}

function textsOf({ cards, ways, entry, endings }: Graph): readonly string[] {
  return [
    ...cards.flatMap(({ kindName, sentence }) => [kindName, sentence]),
    ...ways.flatMap(({ label }) => label ?? []),
    ...entry.triggers.flatMap(({ title, detail }) => [title, detail ?? '']),
    entry.audience ?? '',
    entry.reentry,
    entry.goal ?? '',
    ...entry.exits,
    ...endings.map(({ condition }) => condition),
  ]
}

describe('the words on cards', () => {
  test.each([
    ['points', update({ add: 50 }), 'Add points', 'Adds 50 points', '+50'],
    [
      'a cap',
      update({ add: 50, cap: { points: 100, per: 'P1D' } }),
      'Add points',
      'Adds 50 points, at most 100 a day',
      '+50',
    ],
    [
      'a cap by mails',
      update({ add: 20, cap: { points: 20, per: '3 emails' } }),
      'Add points',
      'Adds 20 points, at most 20 per 3 e-mails',
      '+20',
    ],
    ['a cooldown', update({ add: 1, cooldown: 'PT1H' }), 'Add points', 'Adds 1 point, once in 1 hour', '+1'],
    [
      'points off',
      update({ subtract: 10, floor: 0 }),
      'Take points away',
      'Takes 10 points off, never below 0',
      '−10',
    ],
    [
      'points of the event',
      update({ add: { event: 'quantity', times: 5 } }),
      'Add points',
      'Adds 5 × the event’s quantity',
      '5 × quantity',
    ],
    ['a score that is set', update({ set: 0 }), 'Set points', 'Sets Score to 0', '= 0'],
    [
      'another attribute',
      update({ attribute: 'COUNTRY', set: 'Nepal' }),
      'Change attribute',
      'Sets Country to “Nepal”',
      undefined,
    ],
  ] as const)('say what becomes of %s', (_, step, kindName, sentence, points) => {
    expect(card(step)).toMatchObject({ kindName, sentence })
    expect(card(step)?.points?.text).toBe(points)
  })

  test('show a mail by its subject, and by its template where that is not known', () => {
    const mail = (template: string): Step => ({
      meta: { kind: 'email' },
      entry: { type: 'sendEmail', params: { template, messageType: 'promotional' } },
      always: 'end',
    })
    expect(card(mail('welcome'))?.sentence).toBe('Sends “Good to have you”')
    expect(card(mail('case-study'))?.sentence).toBe('Sends “Case study”')
  })

  test.each([
    [
      'an SMS',
      {
        type: 'sendSms',
        params: { text: 'Shall we talk, {{ contact.FIRSTNAME }}?', messageType: 'newsletter' },
      },
      'Send SMS · newsletter',
      'Sends the SMS “Shall we talk, …?”',
    ],
    [
      'a long SMS',
      { type: 'sendSms', params: { text: 'word '.repeat(40), messageType: 'promotional' } },
      'Send SMS · promotional',
      `Sends the SMS “${'word '.repeat(40).slice(0, 59)}…”`,
    ],
    [
      'a webhook',
      {
        type: 'callWebhook',
        params: { url: 'https://crm.example.com/leads?id={{ contact.ID }}', method: 'POST' },
      },
      'Call webhook',
      'Calls “crm.example.com”',
    ],
    [
      'a webhook whose answer is kept',
      {
        type: 'callWebhook',
        params: {
          url: 'https://crm.example.com',
          method: 'POST',
          store: { TIER: '/tier', CREDIT_LIMIT: '/x' },
        },
      },
      'Call webhook',
      'Calls “crm.example.com”, keeps Tier, Credit limit',
    ],
    [
      'a notice to one',
      { type: 'notify', params: { to: ['sales@x.org'], subject: 'A', text: 'B' } },
      'Notify the team',
      'Tells “sales@x.org”',
    ],
    [
      'a notice to several',
      { type: 'notify', params: { to: ['sales@x.org', 'a@x.org', 'b@x.org'], subject: 'A', text: 'B' } },
      'Notify the team',
      'Tells “sales@x.org” and 2 people more',
    ],
    [
      'a notice to a system',
      { type: 'notify', params: { url: 'https://chat.example.com/hooks/1', text: 'B' } },
      'Notify the team',
      'Tells the team at “chat.example.com”',
    ],
  ] as const)('say what goes out with %s', (_, entry, kindName, sentence) => {
    const kind = { sendSms: 'sms', callWebhook: 'webhook', notify: 'notify' } as const
    const step: Step = { meta: { kind: kind[entry.type] }, entry, always: 'end' }
    expect(card(step)).toMatchObject({ kindName, sentence })
  })

  test('of a webhook name its result and what happens when none comes, where that is something else', () => {
    const { cards, ways } = graph(
      journeyOf({
        call: {
          meta: { kind: 'webhook' },
          entry: { type: 'callWebhook', params: { url: 'https://crm.example.com', method: 'POST' } },
          on: { 'step.done': 'text', 'step.failed': 'end' },
          after: { PT1H: 'end' },
        },
        text: {
          meta: { kind: 'sms' },
          entry: { type: 'sendSms', params: { text: 'Hi', messageType: 'promotional' } },
          on: { 'step.done': 'end', 'step.failed': 'end' },
          after: { P1D: 'end' },
        },
        end: { type: 'final' },
      }),
    )
    expect(cards.map(({ sentence }) => sentence)).toEqual([
      'Calls “crm.example.com” and waits for the result',
      'Sends the SMS “Hi” and waits for the result',
      'The journey ends here',
    ])
    expect(ways.flatMap(({ from, label }) => (from.startsWith('<') ? [] : [label ?? '']))).toEqual([
      '',
      'Answered',
      'Could not be called, or not known within 1 hour',
      '',
    ])
  })

  test('of a split are its shares, also of those who are held out', () => {
    const share = (from: number, to: number, target: string, label?: string) => ({
      target,
      guard: { type: 'share' as const, params: { from, to } },
      ...(label !== undefined && { meta: { label } }),
    })
    const { cards, ways } = graph(
      journeyOf({
        parts: {
          meta: { kind: 'split' },
          always: [share(0, 50, 'mail', 'Short'), share(50, 90, 'mail'), share(90, 100, 'end')],
        },
        mail: update({ add: 1 }),
        end: { type: 'final' },
      }),
    )
    expect([cards[0]?.kindName, cards[0]?.sentence]).toEqual([
      'Random split',
      'One of 3 ways, drawn at random',
    ])
    expect(ways.flatMap(({ from, label, kind }) => (from === 'parts' ? [[label, kind]] : []))).toEqual([
      ['50 % Short', 'branch'],
      ['40 % B', 'branch'],
      ['10 % held out', 'branch'],
    ])
  })

  test('of a wait for a click in an SMS name its beginning', () => {
    const { cards } = graph(
      journeyOf({
        text: {
          meta: { kind: 'sms' },
          entry: { type: 'sendSms', params: { text: 'Shall we talk?', messageType: 'promotional' } },
          always: 'click',
        },
        click: {
          meta: { kind: 'waitFor' },
          on: {
            'sms.clicked': {
              target: 'end',
              guard: { type: 'holds', params: { when: { message: 'text', was: 'clicked' } } },
            },
          },
          after: { P3D: 'end' },
        },
        end: { type: 'final' },
      }),
    )
    expect(cards[1]?.sentence).toBe('Until clicks in “Shall we talk?”, for at most 3 days')
  })

  test('name another journey and not its id', () => {
    const start: Step = {
      meta: { kind: 'startJourney' },
      entry: { type: 'startJourney', params: { journey: 'guide' } },
      always: 'end',
    }
    expect(card(start)?.sentence).toBe('Starts “The guide”')
  })

  test('of a wait for a click name the mail, and its time-out says what did not happen', () => {
    const { cards, ways } = graph(
      journeyOf({
        mail: {
          meta: { kind: 'email', label: 'The guide' },
          entry: { type: 'sendEmail', params: { template: 'guide', messageType: 'promotional' } },
          always: 'click',
        },
        click: {
          meta: { kind: 'waitFor' },
          on: {
            'email.clicked': {
              target: 'end',
              guard: { type: 'holds', params: { when: { message: 'mail', was: 'clicked' } } },
            },
          },
          after: { P3D: 'end' },
        },
        end: { type: 'final' },
      }),
    )
    expect(cards[1]?.sentence).toBe('Until clicks in “The guide”, for at most 3 days')
    expect(ways.filter(({ from }) => from === 'click').map(({ label, kind }) => [label, kind])).toEqual([
      ['Clicks in “The guide”', 'branch'],
      ['Not within 3 days', 'timeout'],
    ])
  })

  test('of branches are the condition, and "Everyone else" for the last', () => {
    const { ways } = graph(
      journeyOf({
        ask: {
          meta: { kind: 'condition' },
          always: [
            {
              target: 'end',
              guard: { type: 'holds', params: { when: { field: 'SCORE', operator: '>', value: 80 } } },
            },
            { target: 'end' },
          ],
        },
        end: { type: 'final' },
      }),
    )
    expect(ways.flatMap(({ from, label }) => (from === 'ask' ? [label] : []))).toEqual([
      'Score is over 80',
      'Everyone else',
    ])
  })

  test('of triggers name the list or attribute, and then only what else must hold', () => {
    const { entry } = graph(shippedJourney('bands'))
    expect(entry.triggers.map(({ title, detail }) => [title, detail])).toEqual([
      ['Score of a lead changes', 'Score changes, if stage is none of “acquisition”, “retention”'],
      [
        'The quote request no longer counts',
        'Leaves “Asked for a quote”, if stage is none of “acquisition”, “retention”',
      ],
    ])
  })

  test('of triggers on stages and journeys say which, by its name', () => {
    const about = (property: string, value: string) =>
      triggerTo('end', { event: property, operator: '=', value })
    const on = {
      'stage.changed': [about('after', 'engagement'), about('after', 'elsewhere')],
      'journey.finished': about('journey', 'guide'),
      'journey.entered': triggerTo('end', { event: 'journey', operator: 'in', value: ['guide', 'other'] }),
    }
    const { entry } = graph(journeyOf({ end: { type: 'final' } }, { on }))
    expect(entry.triggers.map(({ title }) => title)).toEqual([
      'Moves on to Engagement',
      'Moves on to elsewhere',
      'Finishes “The guide”',
      'Enters “The guide” or “other”',
    ])
  })

  test('of triggers by time say when, and whom a segment is about', () => {
    const hot = (event: string) => ({
      [event]: triggerTo('end', { event: 'segment', operator: '=', value: 'Hot' }),
    })
    const times = [
      triggerAt('at 09:00 mon', 'end', { segment: 'Hot' }),
      triggerAt('at 17:30 mon,thu', 'end'),
      triggerAt('at 08:00 mon-fri', 'end'),
      triggerAt('at 00:00', 'end'),
      triggerAt('inactive P30D', 'end'),
      triggerAt('date RENEWAL_DATE -P7D at 09:00', 'end'),
      triggerAt('date RENEWAL_DATE', 'end'),
      triggerAt('date BIRTHDAY yearly -P1D', 'end'),
      triggerAt('date BIRTHDAY yearly at 09:00', 'end'),
    ]
    const on = { 'time.due': times, ...hot('segment.entered'), ...hot('segment.left') }
    const { entry } = graph(journeyOf({ end: { type: 'final' } }, { on }))
    expect(entry.triggers.map(({ title, detail }) => [title, detail])).toEqual([
      ['Every Monday at 9:00', 'Only if is in segment “Hot”'],
      ['Every Monday and Thursday at 17:30', undefined],
      ['Every weekday at 8:00', undefined],
      ['Every day at 0:00', undefined],
      ['30 days without activity', undefined],
      ['7 days before Renewal date at 9:00', undefined],
      ['On Renewal date', undefined],
      ['Every year 1 day before Birthday', undefined],
      ['Every year on Birthday at 9:00', undefined],
      ['Enters segment “Hot”', undefined],
      ['Leaves segment “Hot”', undefined],
    ])
  })

  test.each([
    ['P3D', 'Waits 3 days', 'Until go, for at most 3 days', 'Not within 3 days'],
    [
      'at 09:00 mon-fri',
      'Waits until 9:00 on a weekday, contact’s time',
      'Until go, at most until 9:00 on a weekday',
      'Not by 9:00 on a weekday',
    ],
    [
      'date RENEWAL_DATE -P7D at 09:00',
      'Waits until 7 days before Renewal date at 9:00, contact’s time',
      'Until go, at most until 7 days before Renewal date at 9:00',
      'Not by 7 days before Renewal date at 9:00',
    ],
  ])('of a wait say when %s is over', (delay, waits, waitsFor, missed) => {
    const after = { [delay]: 'end' }
    expect(card({ meta: { kind: 'wait' }, after })?.sentence).toBe(waits)
    const { cards, ways } = graph(
      journeyOf({
        step: { meta: { kind: 'waitFor' }, on: { go: 'end' }, after },
        end: { type: 'final' },
      }),
    )
    expect(cards[0]?.sentence).toBe(waitsFor)
    expect(ways.at(-1)?.label).toBe(missed)
  })

  test('of a wait for office hours say so', () => {
    const after = { 'between 09:00-17:00 mon-fri': 'end' }
    expect(card({ meta: { kind: 'wait' }, after })?.sentence).toBe(
      'Waits for a time between 9:00 and 17:00 on a weekday, contact’s time',
    )
  })

  test.each(JOURNEY_NAMES)('of %s hold no id, operator, ISO duration or JSON', (name) => {
    expect(textsOf(graph(shippedJourney(name))).filter(isTechnical)).toEqual([])
  })

  test('of any journey hold no ISO duration and no JSON', () => {
    fc.assert(
      fc.property(arbitraryJourney().map(withoutLabels), (journey) => {
        const ours = textsOf(graph(journey)).map((text) => text.replaceAll(/“[^”]*”/g, ''))
        expect(ours.filter(isTechnical)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

/** The words must be ours: what authors write is theirs. */
function withoutLabels(journey: Journey): Journey {
  return JSON.parse(
    JSON.stringify(journey, (key, value: unknown) => (key === 'label' ? undefined : value)),
  ) as Journey
}

/** Whether it shows an ISO duration, an operator, JSON or the name of an internal event. */
function isTechnical(text: string): boolean {
  return /\bP(?:T?\d+[YMWDHS])+\b|>=|<=|!=|[{}]|\b[a-z]+\.[a-z]+ed\b/.test(text)
}

describe('small words', () => {
  test('numbers have thousands, at most two decimals and a real minus sign', () => {
    expect([number(12345.5), number(-3.456), signed(10), signed(-10), signed(0)]).toEqual([
      '12,345.5',
      '−3.46',
      '+10',
      '−10',
      '0',
    ])
  })

  test('events are called by our words, or by the client’s', () => {
    expect([
      eventInWords('email.clicked'),
      eventInWords('quote_requested'),
      eventInWords('constructor'),
    ]).toEqual(['Clicks in an e-mail', 'Quote requested', 'Constructor'])
  })

  test('entries of the timeline are called by what the server says', () => {
    expect([
      nameOfEvent('event', 'page_viewed'),
      nameOfEvent('message', 'email.sent'),
      nameOfEvent('wake', 'A wait is over'),
      nameOfEvent('wake', ''),
    ]).toEqual(['Page viewed', 'E-mail was sent', 'A wait is over', 'A wait was over'])
  })

  test('a sentence inside another begins small, unless it begins with an abbreviation or a name in quotes', () => {
    expect(
      ['Score is 1', 'SMS consent is “subscribed”', '“Ada” is on', 'E-mail was sent'].map(lower),
    ).toEqual(['score is 1', 'SMS consent is “subscribed”', '“Ada” is on', 'e-mail was sent'])
  })
})

test('a wait for a step that sends nothing, itself even, is told all the same', () => {
  const clicked = {
    target: 'end',
    guard: { type: 'holds', params: { when: { message: 'step', was: 'clicked' } } },
  } as const
  expect(
    card({ meta: { kind: 'waitFor' }, on: { 'email.clicked': clicked }, after: { P1D: 'end' } })?.sentence,
  ).toBe('Until clicks in “Wait until something happens”, for at most 1 day')
})
