/** What a journey needs from outside. */
import { describe, expect, test } from 'vitest'
import { eventsNamed, listsNamed, templatesNamed } from '../../engine/needs.ts'
import { shippedJourney } from '../journeys/shipped.ts'
import { END } from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

describe('a journey', () => {
  test('names its lists, each once, those that people are taken off included', () => {
    expect(listsNamed(shippedJourney('bands'))).toEqual([
      'Sales-qualified leads',
      'New leads',
      'Warm leads',
      'Qualified leads',
    ])
    expect(listsNamed(shippedJourney('welcome'))).toEqual(['Newsletter'])
    expect(listsNamed(shippedJourney('fast-track'))).toContain('Asked for a quote')
    expect(listsNamed(shippedJourney('quote-received'))).toEqual([])
    const moving = { type: 'moveToList', params: { list: 'VIP' } } as const
    const move = { meta: { kind: 'moveToList' }, entry: moving, always: 'end' } as const
    expect(listsNamed(journeyOf({ move, end: END }))).toEqual(['VIP'])
  })

  test('names the templates of its mails, and none for a mail of its own', () => {
    expect(templatesNamed(shippedJourney('welcome'))).toEqual(['welcome'])
    const own = journeyOf({
      mail: {
        meta: { kind: 'email' },
        entry: {
          type: 'sendEmail',
          params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' },
        },
        always: 'end',
      },
      end: END,
    })
    expect(templatesNamed(own)).toEqual([])
  })

  test('names the events that others send: to let in, to wait for, to count', () => {
    expect(eventsNamed(shippedJourney('awareness'))).toEqual([
      'newsletter_subscribed',
      'contest_entry',
      'event_signup',
    ])
    expect(eventsNamed(shippedJourney('bands')), 'our own events come by themselves').toEqual([])
    const counting = { count: { event: 'page_viewed', within: 'P7D' }, operator: '>', value: 3 } as const
    const waiting = journeyOf(
      {
        wait: {
          meta: { kind: 'waitFor' },
          on: {
            paid: { target: 'end', guard: { type: 'holds', params: { when: { all: [counting] } } } },
            'email.clicked': 'end',
          },
          after: { P1D: 'end' },
        },
        end: END,
      },
      { on: { started: triggerTo('wait'), paid: triggerTo('wait') } },
    )
    expect(eventsNamed(waiting)).toEqual(['started', 'paid', 'page_viewed'])
  })
})
