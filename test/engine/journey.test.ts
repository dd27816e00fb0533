/** What the rest of the code asks of a parsed journey, and which names an event may have. */
import { expect, test } from 'vitest'
import { eventNameFault, messageTypeOf, rests, sends, stepsOf } from '../../engine/journey.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'

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
