/** A condition asked of somebody with nothing happening: what a page shows beside a condition that is being written. */
import { array, assert, constantFrom, letrec, oneof, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdsOutside, judgedWhen, linesOutside, type Condition, type Outside } from '../../engine/index.ts'
import { START, ada } from '../support/entries.ts'

/** Ada with 40 points, on one list; she clicked twice. */
function outside(more: Partial<Outside> = {}): Outside {
  const contact = ada({ scores: { SCORE: 4_000 }, lists: ['Newsletter'] })
  return { contact, now: START, zone: 'UTC', segments: new Map(), loaded: clickedTwice, ...more }
}

const clickedTwice = ((fact) => (fact.type === 'count' ? 2 : [])) as Outside['loaded']

const YES: Condition = { field: 'SCORE', operator: '>', value: 30 }
const NO: Condition = { field: 'SCORE', operator: '>', value: 80 }
const PRICING: Condition = { event: 'path', operator: '=', value: '/pricing' }
const CROSSED: Condition = { crossed: 80, direction: 'up' }
const CLICKED: Condition = { message: 'mail', was: 'clicked' }
const clicks = (count: object, value: number) =>
  ({ count: { event: 'email.clicked', ...count }, operator: '>=', value }) as Condition

describe('somebody outside of any event', () => {
  test.each<[Condition, boolean | null]>([
    [YES, true],
    [NO, false],
    [{ not: NO }, true],
    [{ everybody: true }, true],
    [clicks({ within: 'P30D' }, 2), true],
    [clicks({}, 3), false],
    [PRICING, null],
    [{ not: PRICING }, null],
    [CROSSED, null],
    [CLICKED, null],
    [clicks({ since: 'entering' }, 1), null],
    [{ all: [YES, PRICING] }, null],
    [{ all: [PRICING, NO] }, false],
    [{ any: [PRICING, YES] }, true],
    [{ any: [NO, PRICING] }, null],
    [{ any: [NO, NO] }, false],
    [{ not: { any: [PRICING, YES] } }, false],
  ])('%j is answered %s', (condition, expected) => {
    expect(holdsOutside(condition, outside())).toBe(expected)
  })

  test('belongs to a segment by what the segment means now', () => {
    const segments = new Map<string, Condition>([['Warm', YES]])
    expect(holdsOutside({ segment: 'Warm' }, outside({ segments }))).toBe(true)
    expect(holdsOutside({ segment: 'Hot' }, outside({ segments }))).toBe(false)
  })

  test('is told line by line what holds and why, and what is only known when it happens', () => {
    const condition: Condition = {
      all: [
        YES,
        { not: { any: [{ list: 'Newsletter' }, PRICING] } },
        { any: [clicks({ within: 'P30D' }, 3)] },
      ],
    }
    expect(linesOutside(condition, outside())).toEqual([
      { path: '/all/0', text: 'Score is over 30', holds: true, because: 'Score is 40, over 30' },
      {
        path: '/all/1/not/any/0',
        text: 'Is not on “Newsletter”',
        holds: false,
        because: 'the contact is on “Newsletter”',
      },
      { path: '/all/1/not/any/1', text: 'The event’s path is not “/pricing”', holds: null, because: null },
      {
        path: '/all/2/any/0',
        text: 'Has clicked an e-mail at least 3 times in the last 30 days',
        holds: false,
        because: '“clicks in an e-mail” happened 2 times in the last 30 days, not at least 3 times',
      },
    ])
  })
})

describe('a condition', () => {
  test.each<[Condition, ReturnType<typeof judgedWhen>]>([
    [YES, 'anyTime'],
    [{ all: [YES, { not: NO }] }, 'anyTime'],
    [{ everybody: true }, 'anyTime'],
    [clicks({ where: PRICING }, 1), 'anyTime'],
    [{ all: [YES, PRICING] }, 'partly'],
    [{ not: CROSSED }, 'whenItHappens'],
    [{ any: [CLICKED, clicks({ since: 'entering' }, 1)] }, 'whenItHappens'],
  ])('%j can be judged %s', (condition, expected) => {
    expect(judgedWhen(condition)).toBe(expected)
  })

  const { condition } = letrec<{ condition: Condition }>((tie) => ({
    condition: oneof(
      { maxDepth: 3, withCrossShrink: true },
      constantFrom(YES, NO, PRICING),
      record({ all: array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      record({ any: array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      record({ not: tie('condition') }),
    ),
  }))

  test('that is answered yes or no is answered so whatever happens', () => {
    const whatever = (when: Condition, happens: boolean): boolean => {
      if ('all' in when) return when.all.every((part) => whatever(part, happens))
      if ('any' in when) return when.any.some((part) => whatever(part, happens))
      if ('not' in when) return !whatever(when.not, happens)
      return 'event' in when ? happens : when === YES
    }
    assert(
      property(condition, (when) => {
        const answer = holdsOutside(when, outside())
        if (answer === null) return
        expect([whatever(when, true), whatever(when, false)]).toEqual([answer, answer])
      }),
    )
  })
})
