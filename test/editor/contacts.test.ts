import { describe, expect, test } from 'vitest'
import type { Passage, ScoreEntry } from '../../editor/answers.ts'
import { bandOf, otherLists } from '../../editor/contacts/bands.ts'
import { samplesOf } from '../../editor/contacts/history.ts'
import { initialsOf, personName } from '../../editor/contacts/people.ts'
import { groupsOf, pastVisits, withTimes } from '../../editor/contacts/trace.ts'
import { companyInWords, valueInWords } from '../../editor/contacts/values.ts'
import { agoInWords } from '../../editor/parts/time.tsx'
import { placeOf } from '../../editor/router.tsx'
import type { TraceLine } from '../../engine/index.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-06-10T12:00:00.000Z')

function entry(daysAgo: number, by: number, before: number, attribute = 'SCORE'): ScoreEntry {
  const at = new Date(NOW - daysAgo * DAY).toISOString()
  const origin = { reason: '', event: '', journey: null, step: null, version: null }
  return {
    id: `${attribute} ${daysAgo}`,
    at,
    occurredAt: at,
    attribute,
    by,
    before,
    after: before + by,
    ...origin,
  }
}

describe('the score history', () => {
  test('has a step for each change, begins before the first and ends today', () => {
    const samples = samplesOf({ SCORE: [entry(1, -10, 30), entry(5, 10, 20)] }, NOW)
    expect(samples.map(({ at, SCORE }) => [Math.round((NOW - at) / DAY), SCORE])).toEqual([
      [5, 20],
      [5, 30],
      [1, 20],
      [0, 20],
    ])
  })

  test('puts a change that was told late where it happened, and ends at the same score', () => {
    const late = { ...entry(1, 5, 10), occurredAt: new Date(NOW - 9 * DAY).toISOString() }
    const samples = samplesOf({ SCORE: [late, entry(4, 10, 0)] }, NOW)
    expect(samples.map(({ SCORE }) => SCORE)).toEqual([0, 5, 15, 15])
  })

  test('shows several scores side by side, each keeping its value while another changes', () => {
    const samples = samplesOf({ SCORE: [entry(2, 10, 0)], FIT: [entry(1, 0.1, 0.2, 'FIT')] }, NOW)
    expect(samples.map(({ SCORE, FIT }) => [SCORE, FIT])).toEqual([
      [0, 0.2],
      [10, 0.2],
      [10, 0.3],
      [10, 0.3],
    ])
  })

  test('of somebody without points is empty', () => expect(samplesOf({ SCORE: [] }, NOW)).toEqual([]))
})

describe('a contact', () => {
  test.each([
    [{ FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' }, 'ada@example.org', 'Ada Lovelace'],
    [{ FIRSTNAME: ' ' }, 'ada@example.org', 'ada@example.org'],
    [{ FIRSTNAME: { first: 'x' } }, null, 'u1'],
  ])('is called by what is known', (attributes, email, name) => {
    expect(personName({ attributes, email, userId: 'u1' })).toBe(name)
  })

  test.each([
    ['Ada Lovelace', 'AL'],
    ['ada@example.org', 'A'],
    ['सुनीता शर्मा', 'सुश'],
    ['<b>Rob</b>', 'BB'],
    ['🙂', ''],
    ['', ''],
  ])('%s has the letters "%s"', (name, letters) => expect(initialsOf(name)).toBe(letters))

  test('has the highest of its band lists, and the other lists beside it', () => {
    expect(bandOf(['Newsletter', 'Warm leads'])?.name).toBe('Warm')
    expect(bandOf(['Newsletter'])).toBeUndefined()
    expect(otherLists(['Newsletter', 'Warm leads'])).toEqual(['Newsletter'])
  })

  test('shows values of any shape as text', () => {
    expect([true, null, 1234.5, 'x', ['a']].map(valueInWords)).toEqual(['yes', '–', '1,234.5', 'x', '["a"]'])
    expect(companyInWords({ id: 'c1', attributes: { NAME: 'Acme', SIZE: 3 } })).toBe('Acme')
    expect(companyInWords({ id: 'c1', attributes: { SIZE: 3 } })).toBe('3')
    expect(companyInWords({ attributes: null })).toBe('–')
  })
})

describe('what happened', () => {
  const line = (journey: string | null, text: string): TraceLine => ({
    journey,
    enrollment: null,
    step: null,
    what: 'went',
    text,
  })

  test('stands together for each journey, in the order it came', () => {
    const groups = groupsOf([line('a', '1'), line('a', '2'), line(null, '3'), line('a', '4')])
    expect(groups.map(({ journey, lines }) => [journey, lines.length])).toEqual([
      ['a', 2],
      [null, 1],
      ['a', 1],
    ])
  })

  test('names times as people do', () => {
    expect(withTimes('Not yet: due 2027-01-09T03:23:48.438Z.', () => 'on Saturday')).toBe(
      'Not yet: due on Saturday.',
    )
  })

  test('counts past visits for each journey and tells how the newest ended', () => {
    const passage = (journey: string, at: string | null, outcome = 'finished'): Passage => ({
      id: `${journey} ${at}`,
      journey,
      journeyName: journey,
      version: 1,
      step: 'end',
      stepLabel: 'End',
      enteredAt: '2026-01-01T00:00:00.000Z',
      due: null,
      ended: at === null ? null : { at, outcome, reason: '' },
    })
    const visits = pastVisits([
      passage('a', '2026-01-02T00:00:00.000Z'),
      passage('b', '2026-01-05T00:00:00.000Z'),
      passage('a', '2026-01-03T00:00:00.000Z', 'goal'),
      passage('c', null),
    ])
    expect(visits.map(({ journey, visits, outcome }) => [journey, visits, outcome])).toEqual([
      ['b', 1, 'finished'],
      ['a', 2, 'goal'],
    ])
  })

  test.each([
    [-3_000, 'just now'],
    [-61_000, '1 minute ago'],
    [-DAY, 'yesterday'],
    [3 * DAY, 'in 3 days'],
    [-8 * DAY, '8 days ago'],
    [-35 * DAY, '5 weeks ago'],
    [-70 * DAY, '2 months ago'],
    [-800 * DAY, '2 years ago'],
  ])('%i ms from now is "%s"', (distance, said) => expect(agoInWords(NOW + distance, NOW)).toBe(said))
})

test('an address is read part by part, and one that is badly encoded as it stands', () => {
  expect(placeOf('/mailbox/35.3%2Fmail%2F1?to=a%40b').path).toEqual(['mailbox', '35.3/mail/1'])
  expect(placeOf('/mailbox/35.3%2Fmail%2F1?to=a%40b').search.get('to')).toBe('a@b')
  expect(placeOf('/contacts/%E0%A4%A').path).toEqual(['contacts', '%E0%A4%A'])
})
