/** What the rest of the code asks of a parsed journey, and which names an event may have. */
import { expect, test } from 'vitest'
import { eventNameFault } from '../../engine/dialect/names.ts'
import { againOf, messageTypeOf, rests, sends, stepsOf } from '../../engine/reading.ts'
import { parseJourney } from '../../engine/parse.ts'
import { isSoundCondition, isSoundStep, isSoundTrigger } from '../../engine/sound.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { END, points } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'

test('a shipped journey that sends has a message type for each of its mails, and for no other step', () => {
  expect(JOURNEY_NAMES.filter((name) => sends(shippedJourney(name)))).toEqual([
    'acquisition',
    'case-study',
    'guide',
    'quote-received',
    'welcome',
  ])
  const journey = shippedJourney('welcome')
  expect(messageTypeOf(journey, 'mail')).toBe('newsletter')
  expect(() => messageTypeOf(journey, 'click')).toThrow('step "click" of journey "welcome" sends nothing')
  expect(
    stepsOf(journey)
      .filter(([, step]) => rests(step))
      .map(([id]) => id),
  ).toEqual(['click'])
})

test('a step may say how soon its message may reach the same person again', () => {
  const saying = (again: string) =>
    journeyOf({
      text: {
        meta: { kind: 'sms' },
        entry: { type: 'sendSms', params: { text: 'Hi', messageType: 'promotional', again } },
        always: 'mail',
      },
      mail: {
        meta: { kind: 'email' },
        entry: { type: 'sendEmail', params: { template: 'welcome', messageType: 'promotional' } },
        always: 'points',
      },
      points: points(1, 'end'),
      end: END,
    })
  const journey = saying('PT1H')
  expect(['text', 'mail', 'points', 'nowhere'].map((step) => againOf(journey, step))).toEqual([
    'PT1H',
    undefined,
    undefined,
    undefined,
  ])
  const problems = (again: string) => {
    const parsed = parseJourney(saying(again))
    return parsed.ok ? [] : parsed.problems.map(({ detail }) => detail)
  }
  expect([problems('PT1H'), problems('always')]).toEqual([[], []])
  expect(problems('1 hour')).toEqual(['expected a duration such as "PT1H", or "always", got "1 hour"'])
})

test.each([
  ['', '1 to 255 characters'],
  ['x'.repeat(256), '1 to 255 characters'],
  ['a\nb', 'control characters'],
  ['a\u0085b', 'control characters'],
  ['*', 'wildcard'],
  ['order.*', 'wildcard'],
  ['constructor', 'reserved'],
])('an event cannot be called %j', (name, expected) => {
  expect(eventNameFault(name)).toContain(expected)
})

test.each(['go', 'x'.repeat(255), 'quote requested', 'Käufer „neu“', 'a.*.b', 'order.paid'])(
  'an event may be called %j',
  (name) => {
    expect(eventNameFault(name)).toBeUndefined()
  },
)

test('of an unfinished journey it is known which parts can be read', () => {
  const draft = shippedJourney('welcome')
  expect(stepsOf(draft).filter(([, step]) => !isSoundStep(step))).toEqual([])
  expect(isSoundStep({ ...draft.states['points'], entry: { type: 'updateAttribute', params: {} } })).toBe(
    false,
  )
  expect([isSoundCondition({ list: 'VIP' }), isSoundCondition({ all: [] })]).toEqual([true, false])
  expect([isSoundTrigger(draft.on['newsletter_subscribed']), isSoundTrigger({ target: 'points' })]).toEqual([
    true,
    false,
  ])
})
