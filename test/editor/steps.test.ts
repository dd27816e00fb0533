/** What the forms of steps do to the file: results of messages, what a wait waits for, bands, and how typed text is read. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addAwaited,
  awaitedAt,
  awaitedOf,
  changeAwaited,
  removeAwaited,
} from '../../editor/builder/document/awaiting.ts'
import { bandsOf, setBands, sorted, type Bound } from '../../editor/builder/document/bands.ts'
import { isRefusal, type Command } from '../../editor/builder/document/command.ts'
import { insertStep } from '../../editor/builder/document/commands.ts'
import { draftOf, emptyDraft, type Draft } from '../../editor/builder/document/draft.ts'
import { addTrigger } from '../../editor/builder/document/frameCommands.ts'
import {
  awaitResult,
  giveFailureAWay,
  resultsOf,
  treatUnknownAs,
} from '../../editor/builder/document/results.ts'
import {
  NEW_DELAY,
  readDelay,
  readLength,
  readLengths,
  readTime,
  withDelay,
  writtenDelay,
  writtenLength,
  writtenLengths,
  writtenTime,
} from '../../editor/builder/steps/delays.ts'
import { attributeInWords, attributeNamed, listsIn, otherBands } from '../../editor/builder/steps/names.ts'
import { isOfForm, neededAt } from '../../editor/builder/steps/needed.ts'
import { mergeName, shownText, typedNumber } from '../../editor/builder/steps/typed.ts'
import { changedTo, changeOf } from '../../editor/builder/steps/updates.ts'
import {
  branchesOf,
  isSoundStep,
  parseDelay,
  parseJourney,
  problemsOf,
  type Step,
} from '../../engine/index.ts'
import { JOURNEY_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { END } from '../support/entries.ts'
import { journeyOf } from '../support/journeys.ts'

/** The draft after commands that must not be refused, of which the skeleton must stand. */
function after(draft: Draft, ...done: readonly Command[]): Draft {
  return done.reduce((before, command) => {
    const result = command(before)
    if (isRefusal(result)) throw new Error(`refused: ${result.refused}`)
    expect(draftOf(result)).toBe(result)
    return result
  }, draft)
}

function reason(draft: Draft, command: Command): string | undefined {
  const result = command(draft)
  return isRefusal(result) ? result.refused : undefined
}

const started = after(emptyDraft('new', 'New'), addTrigger('signed_up'))
const behind = (step: string, ...at: (string | number)[]) =>
  ({ from: 'step', step, ats: [at.length === 0 ? ['always'] : at] }) as const

describe('the result of a message', () => {
  const mailed = after(started, insertStep({ from: 'entry' }, 'email'), insertStep(behind('mail'), 'update'))

  test('a mail goes on at once, or when its result is known, and back exactly', () => {
    const waiting = after(mailed, awaitResult('mail', true))
    expect(waiting.states['mail']).toMatchObject({
      on: { 'step.done': 'points', 'step.failed': 'points' },
      after: { P1D: 'points' },
    })
    expect(resultsOf(waiting.states['mail'] as Step)).toEqual({
      waits: true,
      ownWay: false,
      limit: 'P1D',
      unknown: 'done',
    })
    expect(after(waiting, awaitResult('mail', false))).toEqual(mailed)
    expect(awaitResult('mail', false)(mailed)).toBe(mailed)
  })

  test('a way of its own for what cannot be sent makes it wait, and taking it away takes its steps along', () => {
    const own = after(mailed, giveFailureAWay('mail', true))
    expect(own.states['mail']).toMatchObject({
      on: { 'step.done': 'points', 'step.failed': 'end2' },
      after: { P1D: 'points' },
    })
    const longer = after(own, insertStep(behind('mail', 'on', 'step.failed'), 'notify'))
    expect(Object.keys(longer.states)).toContain('notice')
    expect(resultsOf(longer.states['mail'] as Step)?.ownWay).toBe(true)
    const back = after(longer, giveFailureAWay('mail', false))
    expect(back).toEqual(after(mailed, awaitResult('mail', true)))
    expect(giveFailureAWay('mail', true)(longer)).toBe(longer)
  })

  test('what is not known in time counts as sent or as not sent', () => {
    const own = after(mailed, giveFailureAWay('mail', true), treatUnknownAs('mail', 'failed'))
    expect(own.states['mail']?.after).toEqual({ P1D: 'end2' })
    expect(resultsOf(own.states['mail'] as Step)?.unknown).toBe('failed')
    expect(after(own, giveFailureAWay('mail', false)).states['mail']?.after).toEqual({ P1D: 'points' })
    expect(after(own, awaitResult('mail', false))).toEqual(mailed)
    expect(after(own, treatUnknownAs('mail', 'done')).states['mail']?.after).toEqual({ P1D: 'points' })
  })

  test('names of ways stay where a way stays', () => {
    const labelled = after(mailed, awaitResult('mail', true))
    const step = labelled.states['mail'] as Step
    const named = {
      ...labelled,
      states: {
        ...labelled.states,
        mail: {
          ...step,
          on: { ...step.on, 'step.failed': { target: 'points', meta: { label: 'No luck' } } },
        },
      },
    }
    expect(after(named, giveFailureAWay('mail', true)).states['mail']?.on?.['step.failed']).toEqual({
      target: 'end2',
      meta: { label: 'No luck' },
    })
  })

  test('a step that is gone is said to be gone', () => {
    expect(reason(mailed, awaitResult('none', true))).toBe('gone')
    expect(reason(mailed, giveFailureAWay('none', true))).toBe('gone')
  })
})

describe('what a wait waits for', () => {
  const waiting = after(started, insertStep({ from: 'entry' }, 'waitFor'))
  const clicked = { message: 'mail', was: 'clicked' } as const
  const rich = { field: 'SCORE', operator: '>', value: 80 } as const

  test('several things, each in its own form, the way of the first for each new one', () => {
    const both = after(waiting, addAwaited('until', 'order_placed'), addAwaited('until', null, rich))
    expect(both.states['until']).toEqual({
      meta: { kind: 'waitFor' },
      on: { 'email.clicked': 'end', order_placed: 'end' },
      always: [{ target: 'end', guard: { type: 'holds', params: { when: rich } } }],
      after: { P3D: 'end2' },
    })
    expect(awaitedOf(both.states['until'] as Step).map(({ event }) => event)).toEqual([
      'email.clicked',
      'order_placed',
      null,
    ])
    expect(awaitedAt(both.states['until'] as Step, 2)).toEqual(['always', 0])
    const twice = after(both, addAwaited('until', 'order_placed', rich))
    expect(awaitedAt(twice.states['until'] as Step, 2)).toEqual(['on', 'order_placed', 1])
    expect(after(twice, removeAwaited('until', 2))).toEqual(both)
  })

  test('something else in its place keeps its way', () => {
    const changed = after(
      waiting,
      addAwaited('until', 'a'),
      changeAwaited('until', 0, 'email.opened', clicked),
    )
    expect(changed.states['until']?.on).toEqual({
      'email.opened': { target: 'end', guard: { type: 'holds', params: { when: clicked } } },
      a: 'end',
    })
    const held = after(changed, changeAwaited('until', 0, null, rich))
    expect(Object.keys(held.states['until']?.on ?? {})).toEqual(['a'])
    expect(changeAwaited('until', 0, 'email.clicked', undefined)(waiting)).toBe(waiting)
  })

  test('the last one stays', () => {
    expect(reason(waiting, removeAwaited('until', 0))).toBe('last_awaited')
    expect(reason(waiting, removeAwaited('until', 4))).toBe('gone')
    expect(reason(waiting, addAwaited('none', 'a'))).toBe('gone')
  })
})

describe('bands by a number', () => {
  const checked = after(started, insertStep({ from: 'entry' }, 'condition'))
  const bounds = (...numbers: readonly number[]): readonly Bound[] =>
    numbers.map((from) => ({ from, above: from === 80 }))

  test('are contiguous branches, the highest first, and everyone else below', () => {
    const banded = after(checked, setBands('check', { field: 'SCORE', bounds: bounds(20, 80, 50) }))
    expect(branchesOf(banded.states['check']?.always).map(({ guard }) => guard?.params)).toEqual([
      { when: { field: 'SCORE', operator: '>', value: 80 } },
      { when: { field: 'SCORE', operator: '>=', value: 50 } },
      { when: { field: 'SCORE', operator: '>=', value: 20 } },
      undefined,
    ])
    expect(bandsOf(banded.states['check'] as Step)).toEqual({ field: 'SCORE', bounds: bounds(80, 50, 20) })
    expect(setBands('check', { field: 'SCORE', bounds: bounds(80, 50, 20) })(banded)).toBe(banded)
  })

  test('keep their ways when one of them changes, comes or goes', () => {
    const banded = after(checked, setBands('check', { field: 'SCORE', bounds: bounds(80, 50, 20) }))
    const ways = (draft: Draft) => branchesOf(draft.states['check']?.always).map(({ target }) => target)
    const [sales, qualified, warm, others] = ways(banded)
    expect(ways(after(banded, setBands('check', { field: 'SCORE', bounds: bounds(80, 60, 20) })))).toEqual([
      sales,
      qualified,
      warm,
      others,
    ])
    expect(ways(after(banded, setBands('check', { field: 'SCORE', bounds: bounds(80, 20) })))).toEqual([
      sales,
      warm,
      others,
    ])
    const more = after(banded, setBands('check', { field: 'SCORE', bounds: bounds(95, 80, 50, 20) }))
    expect(ways(more).slice(1)).toEqual([sales, qualified, warm, others])
  })

  test('are only what is really contiguous', () => {
    expect(bandsOf(checked.states['check'] as Step)).toBeUndefined()
    const shipped = shippedJourney('bands')
    expect(bandsOf(shipped.states['band'] as Step)).toBeUndefined()
    expect(reason(checked, setBands('check', { field: 'SCORE', bounds: [] }))).toBe('two_branches')
    expect(reason(checked, setBands('end', { field: 'SCORE', bounds: bounds(1) }))).toBe('gone')
    expect(sorted([...bounds(20, 20), { from: 80, above: false }, { from: 80, above: true }])).toEqual([
      { from: 80, above: true },
      { from: 80, above: false },
      { from: 20, above: false },
    ])
  })
})

describe('delays', () => {
  test.each([
    'P1D',
    'PT24H',
    'inactive P30D',
    'at 09:00',
    'at 09:00 mon-fri',
    'at 17:30 mon,thu',
    'between 09:00-17:00',
    'between 22:00-06:00 sat',
    'date RENEWAL_DATE',
    'date RENEWAL_DATE -P7D at 09:00',
    'date BIRTHDAY yearly at 09:00',
    'date BIRTHDAY yearly +P1M',
  ])('%s is read into parts and written again', (text) => {
    expect(writtenDelay(readDelay(text))).toBe(text)
  })

  test('every delay of a shipped journey means the same after it was read and written', () => {
    const delays = JOURNEY_NAMES.map(shippedJourney).flatMap(({ states }) =>
      Object.values(states).flatMap(({ after }) => Object.keys(after ?? {})),
    )
    expect(delays.length).toBeGreaterThan(0)
    for (const text of delays) expect(parseDelay(writtenDelay(readDelay(text)))).toEqual(parseDelay(text))
  })

  test.each([
    'PabcD',
    'PD',
    'at 25:99',
    'at  mon-fri',
    'at 9x none',
    'between 9-',
    'date ',
    'date low -PxD',
    '3 dys',
    '',
  ])('what is wrong, such as "%s", stays as it is', (text) => {
    expect(parseDelay(text)).toBeUndefined()
    expect(writtenDelay(readDelay(text))).toBe(text)
  })

  test('no day at all is an error, and stays one', () => {
    const none = writtenDelay({ ...NEW_DELAY.at, weekdays: [] })
    expect(parseDelay(none)).toBeUndefined()
    expect(readDelay(none)).toEqual({ ...NEW_DELAY.at, weekdays: [] })
  })

  test('days are kept while the time beside them is wrong', () => {
    expect(readDelay('at 9x sat,sun')).toEqual({ type: 'at', time: '9x', weekdays: [6, 7] })
    expect(readDelay('at 9x mon-xyz')).toEqual({ type: 'at', time: '9x', weekdays: [] })
  })

  test('a form begins with a delay that is right, but for the date that only a person knows', () => {
    for (const parts of Object.values(NEW_DELAY))
      expect(parseDelay(writtenDelay(parts)) === undefined).toBe(parts.type === 'date')
  })

  test('a length is so many of a unit; one of several units is none', () => {
    expect(readLength('P3D')).toEqual({ count: 3, unit: 'days' })
    expect(readLength('PT30M')).toEqual({ count: 30, unit: 'minutes' })
    expect(readLength('P2M')).toEqual({ count: 2, unit: 'months' })
    expect(readLength('PabcD')).toEqual({ count: 'abc', unit: 'days' })
    expect(readLength('P1DT12H')).toBeUndefined()
    expect(readLength('nonsense')).toBeUndefined()
    expect(writtenLength({ count: 3, unit: 'weeks' })).toBe('P3W')
  })

  test.each([
    [
      'P1DT12H',
      [
        [1, 'days'],
        [12, 'hours'],
      ],
    ],
    [
      'P1Y2M3W4DT5H6M7S',
      [
        [1, 'years'],
        [2, 'months'],
        [3, 'weeks'],
        [4, 'days'],
        [5, 'hours'],
        [6, 'minutes'],
        [7, 'seconds'],
      ],
    ],
    ['PT90S', [[90, 'seconds']]],
    ['P3D', [[3, 'days']]],
    ['PabcD', [['abc', 'days']]],
    [
      'P1DTM',
      [
        [1, 'days'],
        ['', 'minutes'],
      ],
    ],
    // While the hours are typed anew.
    [
      'P1DTH',
      [
        [1, 'days'],
        ['', 'hours'],
      ],
    ],
    [
      'P1DTsomeH',
      [
        [1, 'days'],
        ['some', 'hours'],
      ],
    ],
  ] as const)('the duration %s is read in its parts and written the same', (text, parts) => {
    const read = readLengths(text)
    expect(read.map(({ count, unit }) => [count, unit])).toEqual(parts)
    expect(writtenLengths(read)).toBe(text)
  })

  test('what is no duration is shown as it stands, and parts are written the largest first', () => {
    expect(readLengths('nonsense')).toEqual([{ count: 'nonsense', unit: 'days' }])
    expect(readLengths('P')).toEqual([{ count: 'P', unit: 'days' }])
    expect(
      writtenLengths([
        { count: 12, unit: 'hours' },
        { count: 'One', unit: 'weeks' },
      ]),
    ).toBe('PoneWT12H')
    expect(writtenLengths([])).toBe('')
  })

  test('the way of a step stays when its delay changes', () => {
    expect(withDelay({ after: { P1D: { target: 'a', meta: { label: 'b' } } } }, 'P2D')).toEqual({
      after: { P2D: { target: 'a', meta: { label: 'b' } } },
    })
    expect(withDelay({ always: 'a' }, 'P2D')).toEqual({ always: 'a' })
  })

  test.each([
    ['9', '09:00', '9:00'],
    ['9:00', '09:00', '9:00'],
    ['17.30', '17:30', '17:30'],
    ['5 pm', '17:00', '17:00'],
    ['12 am', '00:00', '0:00'],
    ['noon', 'noon', 'noon'],
    ['25:00', '25:00', '25:00'],
    ['13 pm', '13pm', '13pm'],
    ['9:7', '9:7', '9:7'],
  ])('the time "%s" is written %s and shown as %s', (typed, written, shown) => {
    expect(writtenTime(typed)).toBe(written)
    expect(readTime(written)).toBe(shown)
  })
})

describe('what a field needs', () => {
  const does = (params: object, type = 'updateAttribute', kind = 'update') =>
    journeyOf({ a: { meta: { kind }, entry: { type, params }, always: 'end' } as Step, end: END })
  const waits = (delay: string) =>
    journeyOf({ a: { meta: { kind: 'wait' }, after: { [delay]: 'end' } }, end: END })
  const points = { attribute: 'SCORE', add: 5 }
  test.each<[needs: RegExp, journey: object]>([
    [/A number with at most two decimals/, does({ attribute: 'SCORE', add: '1x' })],
    [/name of an attribute begins with/, does({ attribute: 'score x', add: 1 })],
    [/number of points above 0/, does({ ...points, cap: { points: 'x', per: 'P1D' } })],
    [/of e-mails 99 at most/, does({ ...points, cap: { points: 5, per: 'PxD' } })],
    [/look at it under “Code”/, does({ ...points, cap: { points: 5, per: 'P1D', colour: 'red' } })],
    [/A length of time is needed/, does({ ...points, cooldown: 'P0D' })],
    [/below which it never falls/, does({ ...points, floor: 'x' })],
    [/needed to multiply by/, does({ attribute: 'SCORE', add: { event: 'sum', times: 'x' } })],
    [/name of a list has 1 to 255/, does({ list: ' a' }, 'addToList', 'addToList')],
    [/One of the stages/, does({ stage: 'x' }, 'setStage', 'stage')],
    [
      /A length of time is needed/,
      does({ template: 'x', messageType: 'promotional', again: 'PxD' }, 'sendEmail', 'email'),
    ],
    [/The text is too long/, does({ to: ['a@b.co'], subject: 'x', text: 5 }, 'notify', 'notify')],
    [/A length of time is needed/, waits('PxD')],
    [/A length of time is needed/, waits('between 10:00-10:00')],
    [
      /The note may have 5,000/,
      journeyOf({ a: { type: 'final', meta: { kind: 'end', note: 'n'.repeat(5001) } } }),
    ],
    // A step may be called like a part of the file.
    [
      /A number with at most two decimals/,
      journeyOf({ list: does({ attribute: 'SCORE', add: 'x' }).states['a']!, end: END }),
    ],
  ])('is said in words: %s', (needs, journey) => {
    const found = problemsOf(journey, { templates: ['x'], segments: [], journeys: [] }).filter(isOfForm)
    expect(found.length).toBeGreaterThan(0)
    for (const problem of found) {
      expect(neededAt(problem)).toMatch(needs)
      expect(neededAt(problem)).not.toMatch(/expected|[{}"]|\bP\w*\d/)
    }
  })
})

describe('what is typed', () => {
  test.each([
    ['10', 10],
    ['-2.5', -2.5],
    ['−2,5', -2.5],
    ['+3', 3],
    ['.5', 0.5],
    ['1.', 1],
    [' 7 ', 7],
    ['1,000', '1,000'],
    ['abc', 'abc'],
    ['1e3', '1e3'],
    ['', ''],
  ])('"%s" is the number %s, or stays the text', (typed, value) => {
    expect(typedNumber(typed)).toBe(value)
  })

  test('a field shows the text as typed as long as that is what is stored', () => {
    expect(shownText('1.', 1, typedNumber)).toBe('1.')
    expect(shownText('1.', 7, typedNumber)).toBe('7')
    expect(shownText('', undefined, (text) => (text === '' ? undefined : typedNumber(text)))).toBe('')
    expect(shownText('x', undefined, typedNumber)).toBe('')
  })

  test('what a person typed is never lost: it is a number, or the very text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = typedNumber(text)
        expect(typeof value === 'number' ? Number.isFinite(value) : value).toBe(
          typeof value === 'number' ? true : text,
        )
      }),
    )
  })

  test('each word of a text is undone by itself, the letters of a word together', () => {
    expect(mergeName('note', 'hello')).toBe(mergeName('note', 'hel'))
    expect(mergeName('note', 'hello w')).not.toBe(mergeName('note', 'hello'))
    expect(mergeName('add', 5)).toBe('add')
  })

  test.each([
    ['Score', 'SCORE'],
    ['last price seen', 'LAST_PRICE_SEEN'],
    ['Größe', 'GROSSE'],
    ['FIRSTNAME', 'FIRSTNAME'],
    ['9 lives', '9 lives'],
    ['درجة', 'درجة'],
  ])('the attribute "%s" is named %s', (typed, name) => {
    expect(attributeNamed(typed)).toBe(name)
  })

  test('an attribute that is shown in words is named the same again', () => {
    for (const name of ['SCORE', 'LAST_PRICE_SEEN', 'A1'])
      expect(attributeNamed(attributeInWords(name))).toBe(name)
    expect(attributeInWords('no name yet?')).toBe('no name yet?')
  })
})

describe('updates', () => {
  test('another change takes the amount along, and a cap only where points are added', () => {
    const params = { attribute: 'SCORE', add: 50, cap: { points: 100, per: 'P1D' } }
    expect(changeOf(params)).toBe('add')
    expect(changedTo(params, 'subtract')).toMatchObject({ add: undefined, subtract: 50, cap: undefined })
    expect(changedTo(params, 'clear')).toMatchObject({ add: undefined, clear: true })
    expect(changedTo({ attribute: 'SCORE', set: 'x' }, 'add')).toMatchObject({ add: 10, set: undefined })
    for (const change of ['add', 'subtract', 'set', 'multiply', 'clear'] as const) {
      const changed = JSON.parse(JSON.stringify({ ...params, ...changedTo(params, change) })) as object
      const step = {
        meta: { kind: 'update' },
        entry: { type: 'updateAttribute', params: changed },
        always: 'end',
      }
      expect(isSoundStep(step)).toBe(true)
    }
  })
})

test('the other bands are the lists that the other steps move to', () => {
  const bands = shippedJourney('bands')
  const [id, step] = Object.entries(bands.states).find(([, { entry }]) => entry?.type === 'moveToList') ?? []
  if (id === undefined || step?.entry?.type !== 'moveToList') throw new Error('expected a step that moves')
  const { list, from = [] } = step.entry.params
  expect(new Set([...from, ...otherBands(bands, id, list)])).toEqual(new Set(from))
  expect(listsIn(bands)).toContain(list)
  expect(parseJourney(bands).ok).toBe(true)
})
