/** Random splits: fair, without memory of other splits, and the same for the same person for ever. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Share, Step } from '../../engine/dialect/steps.ts'
import { branchesOf } from '../../engine/reading.ts'
import { parseJourney } from '../../engine/parse.ts'
import { draw, isInShare, shareInWords } from '../../engine/split.ts'
import {
  ada,
  DAY,
  END,
  event,
  live,
  mail,
  passages,
  passagesOf,
  split,
  textsOf,
  wait,
} from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'

// ---- Draws -------------------------------------------------------------------------------------------------------

const id = fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,20}$/)
/** How ids of contacts look: of one length and random, or counted up. */
const contactIds = fc
  .tuple(
    fc.constantFrom('', 'c', 'contact-', '01975f3e-7e2c-7a4b-9d1c-'),
    fc.nat(1e9),
    fc.constantFrom(1, 7, 64),
  )
  .map(
    ([prefix, first, stride]) =>
      (index: number) =>
        `${prefix}${first + index * stride}`,
  )

/**
 * How far counts are from even ones, in Pearson's measure. What is drawn by chance goes beyond 45 with 10 bins once in a
 * million times; beyond 45 with 4 by 4 as well (9 degrees of freedom both).
 */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function countsOf(bins: number, drawn: readonly number[]): readonly number[] {
  return Array.from({ length: bins }, (_, bin) => drawn.filter((one) => one === bin).length)
}

describe('a draw', () => {
  test('is a number of hundredths from 0 to 99.99', () => {
    fc.assert(
      fc.property(fc.string(), id, id, (contact, journey, step) => {
        const drawn = draw(contact, journey, step)
        expect(drawn).toBeGreaterThanOrEqual(0)
        expect(drawn).toBeLessThan(100)
        expect(Math.round(drawn * 100) / 100).toBe(drawn)
        expect(draw(contact, journey, step)).toBe(drawn)
      }),
    )
  })

  test('never changes: people inside would change sides', () => {
    expect([draw('ada', 'welcome', 'halves'), draw('bob', 'welcome', 'halves'), draw('', '', '')]).toEqual(
      EVER,
    )
  })

  test('falls as often here as there', () => {
    fc.assert(
      fc.property(contactIds, id, id, (contact, journey, step) => {
        const drawn = Array.from({ length: 2_000 }, (_, index) => draw(contact(index), journey, step))
        expect(
          unevenness(
            countsOf(
              10,
              drawn.map((one) => Math.floor(one / 10)),
            ),
          ),
        ).toBeLessThan(45)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test.each([
    ['of another step', (journey: string, step: string) => [journey, `${step}2`] as const],
    ['of another journey', (journey: string, step: string) => [`${journey}2`, step] as const],
    [
      'of a step and journey of each other’s names',
      (journey: string, step: string) => [step, journey] as const,
    ],
  ])('says nothing of the draw %s', (_, other) => {
    fc.assert(
      fc.property(contactIds, id, id, (contact, journey, step) => {
        fc.pre(journey !== step)
        const pairs = Array.from({ length: 2_000 }, (_, index) => {
          const first = Math.floor(draw(contact(index), journey, step) / 25)
          return 4 * first + Math.floor(draw(contact(index), ...other(journey, step)) / 25)
        })
        // Even over all sixteen pairs: then each is even, and neither says anything of the other.
        expect(unevenness(countsOf(16, pairs))).toBeLessThan(55)
      }),
      { seed: 2, numRuns: 100 },
    )
  })

  test('falls into exactly one of shares that follow each other', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 20 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999 }), cuts, (hundredths, drawn) => {
        const bounds = [0, ...drawn.toSorted((a, b) => a - b), 10_000].map((cut) => cut / 100)
        const shares = bounds.slice(1).map((to, index) => ({ from: bounds[index]!, to }))
        expect(shares.filter((share) => isInShare(hundredths / 100, share))).toHaveLength(1)
      }),
    )
  })
})

/** Worked out once; every process that ever ran has drawn the same. */
const EVER = [73.34, 94.61, 47.79]

// ---- In a journey ------------------------------------------------------------------------------------------------

const halves = journeyOf({
  halves: split([50, 'mail', 'A'], [40, 'quiet'], [10, 'end']),
  mail: mail('end'),
  quiet: wait('P1D', 'end'),
  end: END,
})

describe('a split', () => {
  const went = (contact: string) =>
    textsOf(live(halves, [event('go')], { contact: ada({ id: contact }) }), 'went')[0]

  test('says which share, by its label, its letter or as held out, and what was drawn', () => {
    const texts = Array.from({ length: 100 }, (_, index) => went(`c${index}`)!)
    for (const [index, text] of texts.entries()) {
      const drawn = draw(`c${index}`, 'test', 'halves')
      const share = drawn < 50 ? '50 % A' : drawn < 90 ? '40 % B' : '10 % held out'
      expect(text).toBe(`${share}: drawn ${drawn} of 100`)
    }
    expect(new Set(texts.map((text) => text.split(':')[0])).size).toBe(3)
  })

  test('sends nothing to those who are held out', () => {
    const contacts = Array.from({ length: 100 }, (_, index) => `c${index}`)
    for (const contact of contacts) {
      const so = live(halves, [event('go')], { contact: ada({ id: contact }) })
      const drawn = draw(contact, 'test', 'halves')
      expect(so.messages).toHaveLength(drawn < 50 ? 1 : 0)
      expect(passagesOf(so)).toEqual([drawn >= 50 && drawn < 90 ? 'quiet' : 'finished'])
    }
  })

  test('leads the same person the same way every time', () => {
    const again = { ...halves, meta: { ...halves.meta, reentry: { policy: 'afterExit' as const } } }
    fc.assert(
      fc.property(fc.uuid(), (contact) => {
        const so = live(again, [event('go'), event('go', 48), event('go', 96)], {
          contact: ada({ id: contact }),
          until: 200,
        })
        const trails = passages(so.history).map(({ visits }) => Object.keys(visits).toSorted().join())
        expect(trails).toHaveLength(3)
        expect(new Set(trails).size).toBe(1)
      }),
      { numRuns: 30 },
    )
  })

  test('asks the goal first', () => {
    const goal = { when: { list: 'Customers' } }
    const paused = journeyOf(
      { first: wait('P1D', 'halves'), halves: split([50, 'end'], [50, 'end']), end: END },
      { meta: { goal } },
    )
    const so = live(paused, [event('go')], { contact: ada(), until: 25 })
    expect(passagesOf(so)).toEqual(['finished'])
    expect(so.entries.at(-1)?.at).toBe(so.entries[0]!.at + DAY)
  })
})

describe('a share in words', () => {
  const words = (shares: readonly (readonly [number, string, string?])[]) => {
    const journey = journeyOf({
      halves: split(...shares),
      out: { meta: { kind: 'leave' }, always: 'end' },
      on: wait('P1D', 'end'),
      end: END,
    })
    return branchesOf(journey.states['halves']?.always).map((branch, place) =>
      shareInWords(journey, branch, branch.guard?.params as Share, place),
    )
  }
  test.each([
    [
      'letters by place',
      [
        [50, 'on'],
        [50, 'on'],
      ],
      ['50 % A', '50 % B'],
    ],
    [
      'held out, at an end or on the way out',
      [
        [90, 'on'],
        [5, 'end'],
        [5, 'out'],
      ],
      ['90 % A', '5 % held out', '5 % held out'],
    ],
    [
      'the author’s word',
      [
        [33.33, 'on', 'Short'],
        [66.67, 'end', 'Control group'],
      ],
      ['33.33 % Short', '66.67 % Control group'],
    ],
  ] as const)('has %s', (_, shares, expected) => {
    expect(words(shares)).toEqual(expected)
  })

  test('goes on after Z', () => {
    const many = Array.from({ length: 100 }, () => [1, 'on'] as const)
    expect([25, 26, 51, 52].map((place) => words(many)[place])).toEqual([
      '1 % Z',
      '1 % AA',
      '1 % AZ',
      '1 % BA',
    ])
  })
})

// ---- In the file -------------------------------------------------------------------------------------------------

describe('a file', () => {
  const problems = (always: unknown) => {
    const step = { meta: { kind: 'split' }, always } as Step
    const parsed = parseJourney(journeyOf({ halves: step, end: END }))
    return parsed.ok ? [] : parsed.problems.map(({ path, detail }) => `${path}: ${detail}`)
  }
  const share = (from: number, to: number) => ({
    target: 'end',
    guard: { type: 'share', params: { from, to } },
  })
  const GAPLESS = 'expected shares that follow each other from 0 to 100 without a gap'

  test.each([
    ['halves', [share(0, 50), share(50, 100)]],
    ['thirds', [share(0, 33.33), share(33.33, 66.66), share(66.66, 100)]],
    ['a hundred', Array.from({ length: 100 }, (_, index) => share(index, index + 1))],
  ])('may hold %s', (_, shares) => {
    expect(problems(shares)).toEqual([])
  })

  test.each([
    ['a gap', [share(0, 40), share(50, 100)], `/states/halves/always: ${GAPLESS}, got a list of 2`],
    ['an overlap', [share(0, 60), share(50, 100)], `/states/halves/always: ${GAPLESS}, got a list of 2`],
    [
      'a beginning over 0',
      [share(10, 60), share(60, 100)],
      `/states/halves/always: ${GAPLESS}, got a list of 2`,
    ],
    ['an end under 100', [share(0, 60), share(60, 90)], `/states/halves/always: ${GAPLESS}, got a list of 2`],
    [
      'a share of nothing',
      [share(0, 0), share(0, 100)],
      `/states/halves/always: ${GAPLESS}, got a list of 2`,
    ],
    ['another order', [share(50, 100), share(0, 50)], `/states/halves/always: ${GAPLESS}, got a list of 2`],
    [
      'only one share',
      [share(0, 100)],
      '/states/halves/always: expected a list of at least 2 entries, got a list of 1',
    ],
    [
      'three decimals',
      [share(0, 33.333), share(33.333, 100)],
      '/states/halves/always/0/guard/params/to: expected a number with at most two decimals, got 33.333',
    ],
    ['more than all', [share(0, 50), share(50, 101)], `/states/halves/always: ${GAPLESS}, got a list of 2`],
    [
      'no guard',
      [share(0, 50), { target: 'end' }],
      '/states/halves/always/1/guard: is missing: expected an object',
    ],
    [
      'a condition',
      [share(0, 50), { target: 'end', guard: { type: 'holds', params: { from: 50, to: 100 } } }],
      '/states/halves/always/1/guard/type: expected "share", got "holds"',
    ],
  ])('may not hold %s', (_, shares, problem) => {
    expect(problems(shares)[0]).toBe(problem)
  })

  test('may not share out where conditions stand', () => {
    const step = { meta: { kind: 'condition' }, always: [share(0, 50), 'end'] } as unknown as Step
    const parsed = parseJourney(journeyOf({ ask: step, end: END }))
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toContain(
      '/states/ask/always/0/guard/type',
    )
  })
})
