/** What a journal entry changes by itself: the person, consent, messages, passages moved, left and merged. */
import { describe, expect, test } from 'vitest'
import { catalogueOf, countedAs, fold, newHistory, united } from '../../engine/index.ts'
import type { Contact, Entry, Happens, History, Simulation } from '../../engine/index.ts'
import {
  ada,
  DAY,
  END,
  entry,
  event,
  HOUR,
  identify,
  lateEvent,
  list,
  linesOf,
  live,
  mail,
  passages,
  passagesOf,
  points,
  published,
  scoreOf,
  START,
  textsOf,
  time,
  update,
  verdict,
  wait,
  waitFor,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

const NONE = published()
const contactAfter = (events: readonly Happens[], contact?: Contact) =>
  live(NONE, events, contact ? { contact } : {}).history.contact

/** Joins a list for each event of the name that reaches the journeys. */
function hearing(name: string) {
  return journeyOf(
    { add: update({ attribute: 'HEARD', add: 1 }, 'end'), end: END },
    { on: { [name]: triggerTo('add') } },
  )
}
const heard = (name: string, events: Parameters<typeof live>[1], contact?: Contact) =>
  scoreOf(live(hearing(name), events, contact ? { contact } : {}), 'HEARD')

describe('what a call says of a person', () => {
  test('is written: ids, address, attributes, company', () => {
    const company = { id: 'acme', attributes: { SIZE: 5 } }
    const so = contactAfter([
      identify({ userId: 'u', email: 'a@b.org', attributes: { CITY: 'Ulm' }, company }),
    ])
    expect(so).toMatchObject({ userId: 'u', email: 'a@b.org', attributes: { CITY: 'Ulm' }, company })
  })

  test('leaves what it does not mention, and empties what is null', () => {
    const before = ada({ userId: 'u', attributes: { CITY: 'Ulm', PLAN: 'gold' } })
    expect(contactAfter([identify({ attributes: { PLAN: null } })], before)).toEqual({
      ...before,
      attributes: { CITY: 'Ulm' },
    })
    expect(contactAfter([event('go', 0, {}, { active: false })], before)).toEqual(before)
  })

  test('of the company is added bit by bit; another company begins anew', () => {
    const describe = (id: string, attributes: object) =>
      identify({ company: { id, attributes: attributes as never } })
    expect(contactAfter([describe('a', { X: 1 }), describe('a', { Y: 2 })]).company?.attributes).toEqual({
      X: 1,
      Y: 2,
    })
    expect(contactAfter([describe('a', { X: 1 }), describe('b', { Y: 2 })]).company).toEqual({
      id: 'b',
      attributes: { Y: 2 },
    })
  })

  test.each([
    ['a new value', { CITY: 'Ulm' }, 1],
    ['the same again', { CITY: 'Bonn' }, 0],
    ['the same list again', { TAGS: ['a'] }, 0],
    ['nothing where nothing was', { PLAN: null }, 0],
  ])('raises a change only where something changes: %s', (_, attributes, times) => {
    const before = ada({ attributes: { CITY: 'Bonn', TAGS: ['a'] } })
    expect(heard('attribute.changed', [identify({ attributes })], before)).toBe(times)
  })

  test('is there when journeys hear of the new contact', () => {
    const german = { field: 'COUNTRY', operator: '=', value: 'DE' } as const
    const journey = journeyOf(
      { welcome: list('Welcome', 'end'), end: END },
      { on: { 'contact.created': triggerTo('welcome', german) } },
    )
    const created = (kind: 'identify' | 'event') =>
      live(journey, [
        kind === 'event'
          ? event('go', 0, {}, { creates: true, identification: { attributes: { COUNTRY: 'DE' } } })
          : { ...identify({ attributes: { COUNTRY: 'DE' } }), creates: true },
      ]).history.contact.lists
    expect([created('event'), created('identify')]).toEqual([['Welcome'], ['Welcome']])
    expect(live(journey, [event('go', 0, {}, { creates: true })]).history.contact.lists).toEqual([])
  })

  test.each([
    ['another one', 'new@lamps.org', null],
    ['the same in capitals', 'ADA@nordlicht-lampen.de', 'bounced'],
  ])('lifts an earlier bounce with a new address, not with %s', (_, email, unreachable) => {
    expect(contactAfter([identify({ email })], ada({ unreachable: 'bounced' })).unreachable).toBe(unreachable)
  })

  test('lifts no complaint, whatever the address', () => {
    const complained = ada({ unreachable: 'complained' })
    expect(contactAfter([identify({ email: 'new@lamps.org' })], complained).unreachable).toBe('complained')
    const bounced = ada({ unreachable: 'bounced', email: null })
    expect(contactAfter([identify({ email: 'new@lamps.org' })], bounced).unreachable).toBeNull()
  })
})

describe('activity', () => {
  const last = (happens: Happens) => contactAfter([happens]).lastActivityAt
  test('is a client’s event, at the time it occurred, and never moves back', () => {
    expect(last(event('go', 5))).toBe(START + 5 * HOUR)
    expect(last(lateEvent('go', 50, 5))).toBe(START + 5 * HOUR)
    expect(contactAfter([event('go', 5), lateEvent('go', 50, 1)]).lastActivityAt).toBe(START + 5 * HOUR)
  })
  test.each<readonly [string, Happens]>([
    ['an event marked as none', event('go', 5, {}, { active: false })],
    ['identify', identify({ attributes: { CITY: 'Ulm' } }, 5)],
    ['being put in by hand', entry('enter', 5, { journey: 'x', properties: {} })],
  ])('is not %s', (_, happens) => {
    expect(last(happens)).toBeNull()
  })
})

describe('consent', () => {
  const status = (so: Contact) => so.consent.email.status
  const unknown = ada({ consent: newHistoryOf().contact.consent })
  const said = (state: 'unsubscribed' | 'subscribed', hour = 0) =>
    ada({
      consent: { ...unknown.consent, email: { status: state, at: START + hour * HOUR, source: 'before' } },
    })

  test('is given by the sign-up, with its time and source', () => {
    const { email } = contactAfter([event('newsletter_subscribed', 2)], unknown).consent
    expect(email).toEqual({ status: 'subscribed', at: START + 2 * HOUR, source: 'newsletter_subscribed' })
  })

  test('keeps its first evidence when it is given again', () => {
    expect(contactAfter([event('newsletter_subscribed', 2)], said('subscribed')).consent.email.source).toBe(
      'before',
    )
  })

  test.each([
    ['yes in traits is recorded', { email: true, sms: true }, unknown, ['subscribed', 'subscribed']],
    [
      'yes in traits lifts no unsubscribe',
      { email: true },
      said('unsubscribed'),
      ['unsubscribed', 'unknown'],
    ],
    [
      'no in traits always counts',
      { email: false, sms: false },
      said('subscribed'),
      ['unsubscribed', 'unsubscribed'],
    ],
  ])('%s', (_, consent, before, expected) => {
    const { email, sms } = contactAfter([identify({ consent })], before).consent
    expect([email.status, sms.status]).toEqual(expected)
    expect(
      contactAfter([event('form_submitted', 0, {}, { identification: { consent } })], before).consent.email
        .status,
    ).toBe(expected[0])
  })

  test('once taken back is given again only by a new sign-up, not by one that was before and comes late', () => {
    expect(status(contactAfter([event('newsletter_subscribed', 1)], said('unsubscribed')))).toBe('subscribed')
    expect(status(contactAfter([lateEvent('newsletter_subscribed', 99, -1)], said('unsubscribed')))).toBe(
      'unsubscribed',
    )
    const imported = { ...said('unsubscribed').consent.email, at: null }
    const before = ada({ consent: { ...unknown.consent, email: imported } })
    expect(status(contactAfter([event('newsletter_subscribed', 1)], before))).toBe('subscribed')
  })

  test('is not given by a sign-up that says no in the same call', () => {
    const no = event('newsletter_subscribed', 0, {}, { identification: { consent: { email: false } } })
    expect(status(contactAfter([no], unknown))).toBe('unsubscribed')
  })

  test('set by a person with a reason does not lift an unsubscribe', () => {
    const set = (status: 'subscribed' | 'unknown') =>
      live(NONE, [entry('consent', 1, { purpose: 'email', status, reason: 'On the phone' })], {
        contact: said('unsubscribed'),
      })
    expect(status(set('subscribed').history.contact)).toBe('unsubscribed')
    expect(status(set('unknown').history.contact)).toBe('unsubscribed')
    expect(textsOf(set('subscribed'), 'unchanged')).toEqual([
      'Only the person’s own new sign-up lifts an unsubscribe',
    ])
    const agreed = entry('consent', 1, { purpose: 'profiling', status: 'subscribed', reason: 'On the phone' })
    expect(contactAfter([agreed], unknown).consent.profiling.source).toBe('On the phone')
  })

  test('withdrawn is told to the journeys once, with the message it came from', () => {
    const link = entry('consent', 1, {
      purpose: 'email',
      status: 'unsubscribed',
      reason: 'link',
      message: 'm1',
    })
    expect(heard('email.unsubscribed', [link, link], said('subscribed'))).toBe(1)
    expect(
      heard('email.unsubscribed', [
        entry('consent', 1, { purpose: 'sms', status: 'unsubscribed', reason: 'x' }),
      ]),
    ).toBe(0)
    expect(countedAs({ ...link, seq: 1 })).toEqual({
      name: 'email.unsubscribed',
      properties: { message: 'm1' },
    })
  })

  test('withdrawn can be counted later', () => {
    const when = { count: { event: 'email.unsubscribed' }, operator: '>=', value: 1 } as const
    const journey = journeyOf(
      { mark: list('Left us', 'end'), end: END },
      { on: { go: triggerTo('mark', when) } },
    )
    const no = entry('consent', 1, { purpose: 'email', status: 'unsubscribed', reason: 'x' })
    expect(live(journey, [no, event('go', 2)]).history.contact.lists).toEqual(['Left us'])
    expect(live(journey, [event('go', 2)]).history.contact.lists).toEqual([])
  })
})

function newHistoryOf(contact: Contact = { ...ada(), consent: NOBODY_ASKED }): History {
  return newHistory(contact)
}
const NO = { status: 'unknown', at: null, source: null } as const
const NOBODY_ASKED = { email: NO, sms: NO, profiling: NO }

describe('a verdict on a message', () => {
  const mailing = journeyOf({ mail: mail('pause'), pause: wait('P9D', 'end'), end: END })
  const after = (...events: Parameters<typeof live>[1]) => live(mailing, [event('go'), ...events])

  test('is noted on the passage, each once', () => {
    const so = after(
      verdict('test', 'mail', 'opened', 1),
      verdict('test', 'mail', 'opened', 2),
      verdict('test', 'mail', 'clicked', 3),
    )
    expect(passages(so.history)[0]?.messages).toEqual({
      mail: { id: '1.1/mail/1', was: ['sent', 'opened', 'clicked'] },
    })
  })

  test('of an older message of that step is not noted on the newest', () => {
    const so = after(verdict('test', 'mail', 'clicked', 1, { message: '1.1/mail/7' }))
    expect(passages(so.history)[0]?.messages['mail']?.was).toEqual(['sent'])
  })

  test.each(['bounced', 'complained'] as const)('%s makes the person unreachable', (what) => {
    expect(after(verdict('test', 'mail', what, 1)).history.contact.unreachable).toBe(what)
  })

  test('by which the person unsubscribed is their word', () => {
    const so = after(verdict('test', 'mail', 'unsubscribed', 1))
    expect(so.history.contact.consent.email).toMatchObject({ status: 'unsubscribed', at: START + HOUR })
  })

  test.each([
    ['clicked', 1],
    ['delivered', 1],
    ['skipped', 0],
    ['uncertain', 0],
  ] as const)('%s reaches the journeys %d times', (what, times) => {
    const both = published(mailing, { ...hearing(`email.${what}`), id: 'hearing' })
    const so = live(both, [event('go'), verdict('test', 'mail', what, 1)])
    expect(scoreOf(so, 'HEARD')).toBe(times)
  })

  test('brings the message, its journey and step, the link and the reason', () => {
    const counted = (more: object) =>
      countedAs({ ...entry('message', 1, { ...MESSAGE, verdict: 'failed', ...more }), seq: 1 })
    expect(counted({})).toEqual({
      name: 'email.failed',
      properties: { message: 'm', journey: 'j', step: 's' },
    })
    expect(counted({ link: 'https://x', reason: 'refused' })?.properties).toMatchObject({
      link: 'https://x',
      reason: 'refused',
    })
    expect(counted({ machine: true })).toBeUndefined()
  })

  test('by a machine changes nothing and is said to', () => {
    const so = after(verdict('test', 'mail', 'clicked', 1, { machine: true }))
    expect(passages(so.history)[0]?.messages['mail']?.was).toEqual(['sent'])
    expect(textsOf(so, 'unchanged')).toEqual([
      'A machine, not the person, opened or clicked: it counts for nothing',
    ])
    expect(so.history.contact.lastActivityAt).toBe(START)
  })
})
const MESSAGE = { message: 'm', enrollment: '1.1', journey: 'j', step: 's', visit: 1 }

test('points that a machine’s click had given are taken back, and the click counts no more', () => {
  const rewarded = journeyOf(
    { mail: mail('pause'), pause: wait('P9D', 'end'), end: END },
    { on: { go: triggerTo('mail') } },
  )
  const clicks = journeyOf(
    { add: points(10, 'end', { cap: { points: 10, per: 'ever' } }), end: END },
    { id: 'clicks', on: { 'email.clicked': triggerTo('add') } },
  )
  const counted = journeyOf(
    { mark: list('Clicker', 'end'), end: END },
    { id: 'counted', on: { look: triggerTo('mark', { clicked: 1, ofLast: 1 }) } },
  )
  const journeys = published(rewarded, clicks, counted)
  const clicked: Parameters<typeof live>[1] = [event('go'), verdict('test', 'mail', 'clicked', 1)]
  const retract = (so: Simulation): Happens => {
    const lines = so.history.ledger
    return entry('retract', 2, { of: lines[0]!.id.split('.').map(Number)[0]!, lines })
  }
  const so = live(journeys, [...clicked, { at: START + 2 * HOUR, happens: retract }, event('look', 3)])
  expect(linesOf(so)).toEqual([10, -10])
  expect(so.history.contact.lists).toEqual([])
  expect(live(journeys, [...clicked, event('look', 3)]).history.contact.lists).toEqual(['Clicker'])
  // The person's own click afterwards finds the cap as it was before the machine.
  const again = live(journeys, [
    ...clicked,
    { at: START + 2 * HOUR, happens: retract },
    verdict('test', 'mail', 'clicked', 4),
  ])
  expect(linesOf(again)).toEqual([10, -10, 10])
})

describe('by hand', () => {
  const requested = journeyOf(
    { add: points({ event: 'points' } as never, 'end'), end: END },
    { on: { 'journey.requested': triggerTo('add') } },
  )

  test('a contact is put into the journey that was named, with its properties', () => {
    const both = published(requested, { ...requested, id: 'other' })
    const so = live(both, [
      entry('enter', 0, { journey: 'other', properties: { points: 7, journey: 'test' } }),
    ])
    expect(passagesOf(so, 'other')).toEqual(['finished'])
    expect(passagesOf(so)).toEqual([])
    expect(scoreOf(so)).toBe(7)
  })

  test('a contact leaves one journey and keeps the others', () => {
    const waiting = (id: string) => journeyOf({ pause: wait('P9D', 'end'), end: END }, { id })
    const so = live(
      published(waiting('a'), waiting('b')),
      [event('go'), entry('leave', 1, { journey: 'a', reason: 'Stopped by Ada' })],
      { until: 999 },
    )
    expect([passagesOf(so, 'a'), passagesOf(so, 'b')]).toEqual([['left'], ['finished']])
    expect(passages(so.history, 'a')[0]).toMatchObject({
      due: null,
      ended: { at: START + HOUR, reason: 'Stopped by Ada' },
    })
  })
})

describe('moving to another version', () => {
  const first = journeyOf(
    { pause: wait('P9D', 'end'), gone: wait('P9D', 'end'), end: END },
    { on: { go: triggerTo('pause'), away: triggerTo('gone') } },
  )
  const second = journeyOf({
    pause: wait('P2D', 'mark'),
    mark: list('Second', 'end'),
    gone: points(1, 'end'),
    end: END,
  })
  const journeys = catalogueOf([
    { journey: first, version: 1, open: true },
    { journey: second, version: 2, open: false },
  ])
  const move = entry('move', 24, { journey: 'test', version: 2 })

  test('takes passages along by step id, and their waits count from when they began', () => {
    const so = live(journeys, [event('go'), move], { until: 100 })
    expect(passages(so.history)[0]).toMatchObject({ version: 2, step: 'end' })
    expect(so.history.contact.lists).toEqual(['Second'])
    expect(live(journeys, [event('go'), move]).history.enrollments[0]?.due).toBe(START + 2 * DAY)
  })

  test('lets those leave whose step is gone or where nobody waits any more', () => {
    const so = live(journeys, [event('away'), move], { until: 300 })
    expect(passages(so.history)[0]?.ended).toMatchObject({
      outcome: 'left',
      reason: 'Nobody waits at this step in the new version',
    })
    expect(linesOf(so)).toEqual([])
  })

  test('lets those who stay finish on their own version', () => {
    expect(live(journeys, [event('go')], { until: 300 }).history.contact.lists).toEqual([])
  })
})

describe('a merge', () => {
  const older = ada({ attributes: { CITY: 'Ulm' }, scores: { SCORE: 500 }, lists: ['A'], lastActivityAt: 5 })
  const younger = ada({
    id: 'b',
    userId: 'u2',
    email: 'b@lamps.org',
    attributes: { CITY: 'Bonn', PLAN: 'gold' },
    scores: { SCORE: 300, FIT: 100 },
    lists: ['A', 'B'],
    stage: 'acquisition',
    company: { id: 'c', attributes: {} },
    lastActivityAt: 9,
  })
  const merge = (from: Contact, enrollments: History['enrollments'] = []) =>
    entry('merge', 50, { from, enrollments })

  test('adds points and lists, and keeps the older’s own words', () => {
    expect(contactAfter([merge(younger)], older)).toEqual({
      ...older,
      userId: 'u2',
      attributes: { CITY: 'Ulm', PLAN: 'gold' },
      scores: { SCORE: 800, FIT: 100 },
      lists: ['A', 'B'],
      stage: 'acquisition',
      company: { id: 'c', attributes: {} },
      lastActivityAt: 9,
    })
  })

  test('tells the journeys what changed, and nothing that did not', () => {
    expect(heard('contact.merged', [merge(younger)], older)).toBe(1)
    expect(heard('stage.changed', [merge(younger)], older)).toBe(1)
    expect(heard('attribute.changed', [merge(younger)], older)).toBe(1)
    expect(heard('list.joined', [merge(younger)], older)).toBe(1)
    const empty = ada({ id: 'b' })
    expect(
      ['score.changed', 'stage.changed', 'attribute.changed'].map((name) =>
        heard(name, [merge(empty)], older),
      ),
    ).toEqual([0, 0, 0])
  })

  test.each([
    ['unsubscribed', 'subscribed', 'unsubscribed'],
    ['subscribed', 'unsubscribed', 'unsubscribed'],
    ['unknown', 'subscribed', 'subscribed'],
    ['subscribed', 'unknown', 'subscribed'],
    ['unknown', 'unknown', 'unknown'],
  ] as const)('takes the stricter consent: %s and %s are %s', (own, other, expected) => {
    const saying = (status: typeof own) =>
      ada({ consent: { ...NOBODY_ASKED, email: { status, at: 1, source: 'x' } } })
    expect(contactAfter([merge(saying(other))], saying(own)).consent.email.status).toBe(expected)
  })

  test.each([
    ['engagement', 'acquisition', 'acquisition'],
    ['retention', 'acquisition', 'retention'],
    ['engagement', null, 'engagement'],
    [null, null, null],
  ] as const)('takes the further stage: %s and %s are %s', (own, other, expected) => {
    expect(contactAfter([merge(ada({ stage: other }))], ada({ stage: own })).stage).toBe(expected)
  })

  test.each([
    ['a complaint stays the person’s', { unreachable: null }, { unreachable: 'complained' }, 'complained'],
    ['of the older too', { unreachable: 'complained' }, { unreachable: null }, 'complained'],
    [
      'a bounce of an address that is not kept is forgotten',
      { unreachable: null },
      { unreachable: 'bounced' },
      null,
    ],
    ['a bounce of the one that is taken over counts', { email: null }, { unreachable: 'bounced' }, 'bounced'],
  ] as const)('%s', (_, own, other, expected) => {
    expect(contactAfter([merge(ada(other))], ada(own)).unreachable).toBe(expected)
  })

  test.each([
    [null, null, null],
    [3, null, 3],
    [null, 4, 4],
    [9, 4, 9],
  ])('was last active at the later of %j and %j', (own, other, expected) => {
    expect(
      contactAfter([merge(ada({ lastActivityAt: other }))], ada({ lastActivityAt: own })).lastActivityAt,
    ).toBe(expected)
  })

  test('of a plain number with a score keeps the score', () => {
    const plain = ada({ attributes: { FIT: 7 } })
    const counted = ada({ scores: { SCORE: 0, FIT: 200 } })
    expect(contactAfter([merge(counted)], plain)).toMatchObject({ attributes: {}, scores: { FIT: 200 } })
    expect(contactAfter([merge(plain)], counted)).toMatchObject({ attributes: {}, scores: { FIT: 200 } })
  })

  describe('of passages', () => {
    const waiting = (policy: 'once' | 'parallel', key?: string) =>
      journeyOf(
        { pause: wait('P9D', 'end'), end: END },
        {
          meta: {
            reentry: { policy, ...(key && { key }) },
            exits: [{ when: { field: 'stage', operator: '=', value: 'acquisition' } }],
          },
        },
      )
    /** Two contacts' histories in one journal, then the merge of the second into the first. */
    const both = (
      journey: ReturnType<typeof waiting>,
      from: Contact = ada({ id: 'b' }),
      orders = ['x', 'x'],
    ) => {
      const journeys = published(journey)
      const entered = (seq: number, contact: Contact) =>
        fold(newHistory(contact), { ...event('go', seq, { order: orders[seq - 1]! }), seq }, journeys, 'UTC')
          .history
      const [own, others] = [entered(1, ada()), entered(2, from)]
      const carried = others.enrollments.filter(({ ended }) => ended === null)
      const entries = { ...merge(others.contact, carried), seq: 3 } as Entry
      return fold(united(own, others), entries, journeys, 'UTC').history
    }
    const outcomes = (history: History) =>
      history.enrollments.map(({ id, step, ended }) => [id, ended?.outcome ?? step])

    test('of one journey the older stays', () => {
      expect(outcomes(both(waiting('once')))).toEqual([
        ['1.1', 'pause'],
        ['2.1', 'merged'],
      ])
    })
    test('side by side stay both', () => {
      expect(outcomes(both(waiting('parallel')))).toEqual([
        ['1.1', 'pause'],
        ['2.1', 'pause'],
      ])
    })
    test('side by side for one order the older stays, for two both', () => {
      expect(outcomes(both(waiting('parallel', 'order')))).toEqual([
        ['1.1', 'pause'],
        ['2.1', 'merged'],
      ])
      expect(outcomes(both(waiting('parallel', 'order'), ada({ id: 'b' }), ['x', 'y']))).toEqual([
        ['1.1', 'pause'],
        ['2.1', 'pause'],
      ])
    })
    test('all look at their exits with the united contact: a customer under either name leaves', () => {
      const history = both(waiting('parallel'))
      expect(history.contact.stage).toBeNull()
      const journeys = published(waiting('parallel'))
      const own = fold(newHistory(ada()), { ...event('go', 1), seq: 1 }, journeys, 'UTC').history
      const bought = { ...merge(ada({ id: 'b', stage: 'acquisition' })), seq: 3 } as Entry
      expect(outcomes(fold(own, bought, journeys, 'UTC').history)).toEqual([['1.1', 'exit']])
    })
  })

  test('unites what both did, in the order it was accepted', () => {
    const journeys = published(
      journeyOf(
        { add: points(1, 'mail'), mail: mail('end'), end: END },
        { meta: { reentry: { policy: 'parallel' } } },
      ),
    )
    const one = live(journeys, [event('go', 0), event('go', 2)]).history
    const other = { ...live(journeys, [event('go', 1)]).history, contact: ada({ id: 'b' }) }
    const all = united(one, other)
    expect(all.contact.id).toBe('ada')
    expect(all.ledger).toHaveLength(3)
    expect(all.events.map(({ seq }) => seq)).toEqual([1, 1, 2, 2, 3, 4])
    expect(all.emails.map(({ sentAt }) => sentAt)).toEqual([START, START + HOUR, START + 2 * HOUR])
    expect(all.enrollments).toHaveLength(3)
  })
})

test('a passage that was told "unsubscribed" is not asked for by silent changes of others', () => {
  const journey = journeyOf({ pause: waitFor({ consent: 'end' }, { P9D: 'end' }), end: END })
  const no = entry('consent', 1, { purpose: 'sms', status: 'unsubscribed', reason: 'x' })
  // A client may name an event "consent"; our own bookkeeping must not be taken for it.
  expect(passagesOf(live(journey, [event('go'), no]))).toEqual(['pause'])
  expect(passagesOf(live(journey, [event('go'), event('consent', 1)]))).toEqual(['finished'])
})

test('an entry that nothing listens to leaves everything as it is', () => {
  const so = live(NONE, [
    { kind: 'wake', ...time(0), enrollment: '1.1' },
    entry('leave', 0, { journey: 'x', reason: 'y' }),
    entry('move', 0, { journey: 'x', version: 2 }),
  ])
  expect(so.history).toEqual(newHistory(ada()))
  expect(so.trace).toEqual([])
})
