import { describe, expect, test } from 'vitest'
import { formatInstant, type Entry } from '../../engine/index.ts'
import {
  ada,
  END,
  entry,
  event,
  foldAll,
  HOUR,
  identify,
  live,
  mail,
  passages,
  passagesOf,
  points,
  published,
  scoreOf,
  startJourney,
  START,
  textsOf,
  update,
  wait,
  waitFor,
} from '../support/entries.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'

/** When a journey's newest passage goes on, or went on. */
function dueOf(so: ReturnType<typeof live>, journey = 'test'): string {
  const due = passages(so.history, journey).at(-1)?.due
  return due === undefined || due === null ? 'no time' : formatInstant(due)
}

const renewal = journeyOf({
  hold: wait('date RENEWAL_DATE -P7D at 09:00', 'mail'),
  mail: mail('end'),
  end: END,
})

describe('a wait for a date', () => {
  test('is due so long before it, in the contact’s time', () => {
    const contact = ada({ attributes: { RENEWAL_DATE: '2026-06-15', TIMEZONE: 'America/New_York' } })
    const so = live(renewal, [event('go')], { contact })
    expect(dueOf(so)).toBe('2026-06-08T13:00:00.000Z')
    const later = live(renewal, [event('go')], { contact, until: 40 * 24 })
    expect(later.messages.map(({ at }) => formatInstant(at))).toEqual(['2026-06-08T13:00:00.000Z'])
    expect(textsOf(later, 'went')).toEqual(['7 days before Renewal date at 9:00'])
  })

  test('moves at once when the date changes, there and back', () => {
    const date = (day: string | null, hour: number) => identify({ attributes: { RENEWAL_DATE: day } }, hour)
    const contact = ada({ attributes: { RENEWAL_DATE: '2026-06-15' } })
    const later = live(renewal, [event('go'), date('2026-07-15', 1)], { contact })
    expect(dueOf(later)).toBe('2026-07-08T09:00:00.000Z')
    expect(textsOf(later, 'waits')).toEqual(['Now due 2026-07-08T09:00:00.000Z'])
    const back = live(renewal, [event('go'), date('2026-07-15', 1), date('2026-06-15', 2)], { contact })
    expect(dueOf(back)).toBe('2026-06-08T09:00:00.000Z')
    // Past or gone: due at once, at the time of the change and not before it.
    const past = live(renewal, [event('go'), date('2026-05-05', 5)], { contact })
    expect(past.messages.map(({ at }) => at)).toEqual([START + 5 * HOUR])
    expect(textsOf(past, 'waits')).toEqual([
      `Now due ${formatInstant(START + 5 * HOUR)}`,
      'Renewal date was due on 28 April 2026: goes on at once',
    ])
    const gone = live(renewal, [event('go'), date(null, 5)], { contact, until: 6 })
    expect(gone.messages.map(({ at }) => at)).toEqual([START + 5 * HOUR])
    expect(textsOf(gone, 'waits').at(-1)).toBe('Renewal date is empty: goes on at once')
  })

  test('moves by what a journey writes, and not by another attribute or an end', () => {
    const moves = journeyOf(
      {
        put: {
          meta: { kind: 'update' },
          entry: { type: 'updateAttribute', params: { attribute: 'RENEWAL_DATE', set: '2026-08-15' } },
          always: 'end',
        },
        end: END,
      },
      { id: 'moves', on: { moved: triggerTo('put') } },
    )
    const contact = ada({ attributes: { RENEWAL_DATE: '2026-06-15' } })
    const so = live(published(renewal, moves), [event('go'), event('moved', 1)], { contact })
    expect(dueOf(so)).toBe('2026-08-08T09:00:00.000Z')
    const other = live(renewal, [event('go'), identify({ attributes: { COUNTRY: 'DE' } }, 1)], { contact })
    expect(dueOf(other)).toBe('2026-06-08T09:00:00.000Z')
    expect(textsOf(other, 'waits')).toEqual([])
  })

  test('goes on at once where the attribute is empty, and says why', () => {
    const so = live(renewal, [event('go')], { until: 1 })
    expect(so.messages.map(({ at }) => at)).toEqual([START])
    expect(textsOf(so, 'waits')).toEqual(['Renewal date is empty: goes on at once'])
    expect(passagesOf(so)).toEqual(['finished'])
  })

  test('as a limit to waiting for something', () => {
    const until = journeyOf({
      hold: waitFor({ yes: 'one' }, { 'date RENEWAL_DATE at 12:00': 'two' }),
      one: points(1, 'end'),
      two: points(2, 'end'),
      end: END,
    })
    const contact = ada({ attributes: { RENEWAL_DATE: '2026-05-06' } })
    expect(scoreOf(live(until, [event('go')], { contact, until: 47 }))).toBe(0)
    expect(scoreOf(live(until, [event('go')], { contact, until: 48 }))).toBe(2)
    expect(scoreOf(live(until, [event('go'), event('yes', 47)], { contact, until: 99 }))).toBe(1)
  })

  test('comes again each year on the way round', () => {
    const birthday = journeyOf({ hold: wait('date BORN yearly at 09:00', 'one'), one: points(1, 'hold') })
    const contact = ada({ attributes: { BORN: '1988-02-29' } })
    const so = live(birthday, [event('go')], { contact, until: 4 * 365 * 24 })
    expect(so.history.ledger.map(({ at }) => formatInstant(at).slice(0, 10))).toEqual([
      '2027-02-28',
      '2028-02-29',
      '2029-02-28',
      '2030-02-28',
    ])
  })
})

describe('a wait for a window', () => {
  const office = journeyOf({
    hold: wait('between 09:00-17:00 mon-fri', 'one'),
    one: points(1, 'end'),
    end: END,
  })

  test('is over at once while it is open, by a wake-up at that very time', () => {
    const so = live(office, [event('go')], { until: 0 })
    expect(so.entries.map(({ kind, at }) => [kind, at - START])).toEqual([
      ['event', 0],
      ['wake', 0],
    ])
    expect(scoreOf(so)).toBe(1)
    expect(textsOf(so, 'went')).toEqual(['Between 9:00 and 17:00 on a weekday'])
  })

  test('ends when it opens next', () => {
    const so = live(office, [event('go', 102)], { until: 24 * 14 })
    expect(so.history.ledger.map(({ at }) => formatInstant(at))).toEqual(['2026-05-11T09:00:00.000Z'])
    expect(so.history.ledger.map(({ reason }) => reason)).toEqual([
      'Added 1: between 9:00 and 17:00 on a weekday',
    ])
  })

  test('that goes round without rest is stopped by the simulator', () => {
    const round = journeyOf({ hold: wait('between 09:00-17:00', 'one'), one: points(1, 'hold') })
    const so = live(round, [event('go')], { until: 1 })
    expect(scoreOf(so)).toBe(100)
  })
})

describe('the zone', () => {
  const nine = journeyOf({ hold: wait('at 09:00', 'end'), end: END })
  const inZone = (attributes: {}, zone?: string) => ({
    contact: ada({ attributes }),
    go: event('go', 0, {}, zone === undefined ? {} : { zone }),
  })
  const nineIn = ({ contact, go }: ReturnType<typeof inZone>, workspace = 'UTC') =>
    dueOf(live(nine, [go], { contact, zone: workspace })).slice(11, 16)

  test('is the contact’s, else the event’s, else the workspace’s', () => {
    expect(nineIn(inZone({ TIMEZONE: 'America/New_York' }, 'Asia/Kathmandu'), 'Europe/Berlin')).toBe('13:00')
    expect(nineIn(inZone({}, 'Asia/Kathmandu'), 'Europe/Berlin')).toBe('03:15')
    expect(nineIn(inZone({}), 'Europe/Berlin')).toBe('07:00')
    // A name that is none does not count.
    expect(nineIn(inZone({ TIMEZONE: 'Atlantis' }, 'Asia/Kathmandu'), 'Europe/Berlin')).toBe('03:15')
    expect(nineIn(inZone({ TIMEZONE: 7 }, 'Atlantis'), 'Europe/Berlin')).toBe('07:00')
  })

  test('of the event stays with the passage it begins, also when another event wakes it', () => {
    const twice = journeyOf({
      hold: waitFor({ next: 'nine' }, { P9D: 'end' }),
      nine: wait('at 09:00', 'end'),
      end: END,
    })
    const so = live(twice, [
      event('go', 0, {}, { zone: 'Asia/Kathmandu' }),
      event('next', 1, {}, { zone: 'America/New_York' }),
    ])
    expect(passages(so.history)[0]?.zone).toBe('Asia/Kathmandu')
    expect(dueOf(so)).toBe('2026-05-05T03:15:00.000Z')
  })

  test('of a passage is that of the journey it starts, also after a wait', () => {
    const first = journeyOf({
      hold: wait('at 09:00', 'start'),
      start: startJourney('other', 'end'),
      end: END,
    })
    const other = journeyOf(
      { hold: wait('at 10:00', 'end'), end: END },
      { id: 'other', on: { 'journey.requested': triggerTo('hold') } },
    )
    const so = live(published(first, other), [event('go', 0, {}, { zone: 'Asia/Kathmandu' })], { until: 16 })
    expect(dueOf(so, 'other')).toBe('2026-05-05T04:15:00.000Z')
  })

  test('of an event is the one its own conditions and cooldowns go by', () => {
    // Midnight in New York on 3 May is 4:00 UTC: 32 hours before the start.
    const last = { until: START, contact: ada() }
    const daily = journeyOf(
      { one: points(1, 'end'), end: END },
      { meta: { reentry: { policy: 'parallel', cooldown: 'P1D' } } },
    )
    // A day over the change of the clocks on 8 March is 23 hours in New York, and 24 in UTC.
    const march = Math.round((Date.UTC(2026, 2, 7, 17) - START) / HOUR)
    const both = (zone?: string) => [
      event('go', march, {}, zone === undefined ? {} : { zone }),
      event('go', march + 23, {}, zone === undefined ? {} : { zone }),
    ]
    expect(scoreOf(live(daily, both('America/New_York'), last))).toBe(2)
    expect(scoreOf(live(daily, both(), last))).toBe(1)
  })

  test('that changes moves every wait at once', () => {
    const zone = (name: string, hour: number) => identify({ attributes: { TIMEZONE: name } }, hour)
    const day = journeyOf({ hold: wait('P1D', 'end'), end: END }, { id: 'day' })
    const so = live(published(nine, day), [
      event('go', 0, {}, { zone: 'Asia/Kathmandu' }),
      zone('America/New_York', 0.5),
    ])
    expect(dueOf(so)).toBe('2026-05-04T13:00:00.000Z')
    expect(textsOf(so, 'waits')).toEqual(['Now due 2026-05-04T13:00:00.000Z'])
    expect(dueOf(so, 'day')).toBe(formatInstant(START + 24 * HOUR))
    const back = live(nine, [
      event('go', 0, {}, { zone: 'Asia/Kathmandu' }),
      zone('America/New_York', 0.25),
      zone('Nowhere', 0.5),
    ])
    expect(dueOf(back)).toBe('2026-05-05T03:15:00.000Z')
  })

  test('that the journey itself writes counts from the next step on', () => {
    const moves = journeyOf({
      move: update({ attribute: 'TIMEZONE', set: 'America/New_York' }, 'hold'),
      hold: wait('at 09:00', 'end'),
      end: END,
    })
    const so = live(moves, [event('go', 0, {}, { zone: 'Asia/Kathmandu' })])
    expect(dueOf(so)).toBe('2026-05-04T13:00:00.000Z')
    expect(textsOf(so, 'waits')).toEqual([])
  })

  test('of a contact that another is united with moves its waits', () => {
    const other = ada({ id: 'b', attributes: { TIMEZONE: 'America/New_York' } })
    const so = live(nine, [event('go'), entry('merge', 0.5, { from: other, enrollments: [] })])
    expect(dueOf(so)).toBe('2026-05-04T13:00:00.000Z')
  })
})

test('a wake-up that comes too early puts the wait off in its own zone', () => {
  const nine = journeyOf({ hold: wait('at 09:00', 'end'), end: END })
  const entries: Entry[] = [
    { ...event('go', 0, {}, { zone: 'Asia/Kathmandu' }), seq: 1 },
    { kind: 'wake', enrollment: '1.1', at: START + HOUR, occurredAt: START + HOUR, late: false, seq: 2 },
  ]
  const { enrollments } = foldAll(ada(), entries, published(nine))
  expect(enrollments[0]?.due).toBe(Date.UTC(2026, 4, 5, 3, 15))
})
