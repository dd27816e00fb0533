import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { UpdateParams } from '../../engine/dialect/actions.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import type { Ending, Journey, Trigger } from '../../engine/journey.ts'
import { parseJourney } from '../../engine/parse.ts'
import { checkJourney, type Known } from '../../engine/verify/index.ts'
import { rests } from '../../engine/reading.ts'
import { loops, reached, reversed, waysGraph, type Graph } from '../../engine/verify/graph.ts'
import { JOURNEY_NAMES, MAIL_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { arbitraryJourney, journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'
import {
  awaited,
  calls,
  choose,
  country,
  decay,
  email,
  end,
  guarded,
  join,
  move,
  quit,
  score,
  sms,
  stage,
  start,
  tells,
  update,
  wait,
} from '../support/steps.ts'

const KNOWN: Known = { templates: ['welcome'], segments: ['Hot'], journeys: [] }

/** What is found, as `code path`, or only the code where the path says nothing. */
function found(journey: Journey, known: Known = KNOWN): readonly string[] {
  const parsed = parseJourney(journey)
  expect(parsed.ok ? [] : parsed.problems).toEqual([])
  return checkJourney(journey, known).map(({ code, path }) => `${code} ${path}`)
}

function details(journey: Journey, known: Known = KNOWN): readonly string[] {
  return checkJourney(journey, known).map(({ detail }) => detail)
}

// ---- Single checks -----------------------------------------------------------------------------------------------

describe('steps', () => {
  test('a step that nothing leads to', () => {
    expect(found(journeyOf({ a: wait('end'), b: wait('end'), end }))).toEqual(['unreachable_step /states/b'])
    expect(found(journeyOf({ a: wait('b'), b: wait('end'), end }))).toEqual([])
  })

  test('the goal’s and the exits’ ways lead somewhere', () => {
    const goal: Ending = { when: score('>', 80), to: 'b' }
    expect(found(journeyOf({ a: wait('end'), b: wait('end'), end }, { meta: { goal } }))).toEqual([])
    expect(
      found(
        journeyOf(
          { a: wait('end'), b: wait('end'), end },
          { meta: { exits: [{ when: score('<', 0) }, goal] } },
        ),
      ),
    ).toEqual([])
  })

  test('the sentence calls a step by its label', () => {
    const labelled: Step = { meta: { kind: 'wait', label: 'Breathe' }, after: { P1D: 'end' } }
    expect(details(journeyOf({ a: wait('end'), b: labelled, end }))).toEqual([
      'nobody can get to “Breathe”: no way leads here',
    ])
  })

  test('a step from which nobody gets to an end', () => {
    const circle = { a: update('b'), b: update('c'), c: update('b') }
    expect(found(journeyOf(circle))).toEqual(['endless_loop /states/b'])
    expect(found(journeyOf({ ...circle, c: wait('b') }))).toEqual([])
    expect(found(journeyOf({ a: update('b'), b: decay('b') }))).toEqual([])
  })

  test('whoever never gets to an end goes round in a loop that is told', () => {
    fc.assert(
      fc.property(arbitraryJourney(), (journey) => {
        const graph = waysGraph(journey)
        const waiting = loops(graph).filter((loop) => loop.some((id) => rests(journey.states[id]!)))
        const ends = [...graph.keys()].filter((id) => journey.states[id]?.type === 'final')
        const fine = reached(reversed(graph), [...ends, ...waiting.flat()])
        const told = checkJourney(journey, KNOWN).some(({ code }) => code === 'endless_loop')
        expect(told || [...graph.keys()].every((id) => fine.has(id))).toBe(true)
      }),
    )
  })

  test('a loop in which nobody waits', () => {
    expect(found(journeyOf({ a: choose(['b', score('<', 50)], 'end'), b: update('a'), end }))).toEqual([
      'endless_loop /states/a',
    ])
    expect(found(journeyOf({ a: choose(['b', score('<', 50)], 'end'), b: wait('a'), end }))).toEqual([])
    expect(found(journeyOf({ a: update('a') }))).toEqual(['endless_loop /states/a'])
  })

  test('waiting for what may be so already is no wait', () => {
    const hot: Step = {
      meta: { kind: 'waitFor' },
      always: guarded('a', score('>', 80)),
      after: { P7D: 'end' },
    }
    expect(found(journeyOf({ a: update('b'), b: hot, end }))).toEqual(['endless_loop /states/a'])
    const click: Step = { meta: { kind: 'waitFor' }, on: { click: 'a' }, after: { P7D: 'end' } }
    expect(found(journeyOf({ a: update('b'), b: click, end }))).toEqual([])
  })

  test('the result of a message is no wait: it may be known at once', () => {
    const again = (retry: string) => journeyOf({ a: awaited(calls(''), 'end', retry), b: wait('a'), end })
    expect(found(again('a'))).toContain('endless_loop /states/a')
    expect(found(again('b'))).toEqual([])
    expect(found(journeyOf({ a: awaited(calls(''), 'a', 'end'), end }))).toEqual(['endless_loop /states/a'])
  })

  test('a split without a problem, and one in a circle', () => {
    const halves = (first: string, second: string): Step => ({
      meta: { kind: 'split' },
      always: [
        { target: first, guard: { type: 'share', params: { from: 0, to: 50 } } },
        { target: second, guard: { type: 'share', params: { from: 50, to: 100 } } },
      ],
    })
    expect(found(journeyOf({ a: halves('b', 'end'), b: update('end'), end }))).toEqual([])
    expect(found(journeyOf({ a: halves('b', 'b'), b: wait('end'), end }))).toEqual([])
    // Everybody draws the same again: half of them would never come out.
    expect(found(journeyOf({ a: halves('b', 'end'), b: update('a'), end }))).toEqual([
      'endless_loop /states/a',
    ])
  })

  test('a wait for something that may never happen', () => {
    const pause: Step = { meta: { kind: 'waitFor' }, on: { click: 'end' } }
    expect(found(journeyOf({ a: pause, end }))).toEqual(['no_time_out /states/a'])
    expect(found(journeyOf({ a: { ...pause, after: { P7D: 'end' } }, end }))).toEqual([])
  })
})

describe('times', () => {
  const waits = (delay: string, next: string): Step => ({ meta: { kind: 'wait' }, after: { [delay]: next } })
  const timed = (...triggers: Trigger[]) => ({ 'time.due': triggers.length === 1 ? triggers[0]! : triggers })
  const often = { reentry: { policy: 'afterExit' } } as const

  test('a wait that may be over before it begins is no wait', () => {
    const loop = (delay: string) => found(journeyOf({ a: waits(delay, 'b'), b: update('a') }))
    expect(loop('between 09:00-17:00')).toEqual(['endless_loop /states/a'])
    expect(loop('date DAY')).toEqual(['endless_loop /states/a'])
    expect(loop('at 09:00')).toEqual([])
  })

  test('the date of an attribute in which points are counted never comes', () => {
    const counted = journeyOf({ a: update('end', { attribute: 'FIT', add: 1 }), end }, { id: 'fit' })
    const known = { ...KNOWN, journeys: [counted] }
    expect(found(journeyOf({ a: waits('date FIT -P7D', 'end'), end }), known)).toEqual([
      'never_a_date /states/a/after/date FIT -P7D',
    ])
    const trigger = timed(triggerAt('date SCORE', 'a'))
    expect(found(journeyOf({ a: waits('date DAY', 'end'), end }, { on: trigger }), known)).toEqual([
      'never_a_date /on/time.due/guard/params/at',
    ])
    expect(details(journeyOf({ a: waits('date SCORE', 'end'), end }))).toEqual([
      'SCORE never holds a date: points are counted in it',
    ])
  })

  test('a schedule says for whom it is', () => {
    const weekly = (meta: object, ...more: Condition[]) =>
      found(journeyOf({ a: email('end'), end }, { meta, on: timed(triggerAt('at 09:00 mon', 'a', ...more)) }))
    expect(weekly(often)).toEqual(['nobody_named /on/time.due/guard/params/at'])
    expect(weekly(often, { everybody: true })).toEqual([])
    expect(weekly({ ...often, audience: { segment: 'Hot' } })).toEqual([])
    const dated = timed(triggerAt('date DAY', 'a'), triggerAt('inactive P30D', 'a'))
    expect(found(journeyOf({ a: email('end'), end }, { on: dated }))).toEqual([])
  })

  test('what comes again and again in a journey that lets in only once', () => {
    const once = (at: string, meta = {}) =>
      found(journeyOf({ a: email('end'), end }, { meta, on: timed(triggerAt(at, 'a', { everybody: true })) }))
    expect(once('at 09:00 mon')).toEqual(['only_once /on/time.due/guard/params/at'])
    expect(once('date BORN yearly')).toEqual(['only_once /on/time.due/guard/params/at'])
    expect(once('date BORN yearly', often)).toEqual([])
    expect(once('date BORN')).toEqual([])
    expect(once('inactive P30D')).toEqual([])
  })

  test('triggers by different times do not take each other’s people', () => {
    const on = timed(triggerAt('date A', 'a'), triggerAt('date B', 'b'), triggerAt('date A', 'b'))
    expect(found(journeyOf({ a: update('end'), b: update('end'), end }, { on }))).toEqual([
      'unreachable_branch /on/time.due/2',
    ])
  })
})

describe('names', () => {
  test('a segment that nobody defined', () => {
    const asks = (when: Condition) => choose(['b', when], 'end')
    expect(found(journeyOf({ a: asks({ segment: 'Hot' }), b: wait('end'), end }))).toEqual([])
    expect(found(journeyOf({ a: asks({ not: { segment: 'Hod' } }), b: wait('end'), end }))).toEqual([
      'unknown_segment /states/a/always/0/guard/params/when/not/segment',
    ])
    const heard = (event: string, operator: '=' | '!=', value: string) =>
      found(
        journeyOf(
          { a: wait('end'), end },
          { on: { [event]: triggerTo('a', { event: 'segment', operator, value }) } },
        ),
      )
    expect(heard('segment.left', '=', 'Hot')).toEqual([])
    expect(heard('segment.entered', '=', 'Cold')).toEqual([
      'unknown_segment /on/segment.entered/guard/params/when/value',
    ])
    expect(heard('segment.left', '=', 'Cold')).toEqual([
      'unknown_segment /on/segment.left/guard/params/when/value',
    ])
    expect(heard('segment.left', '!=', 'Cold')).toEqual([])
    expect(heard('purchase', '=', 'Cold')).toEqual([])
  })

  test('a message that does not exist', () => {
    expect(found(journeyOf({ a: email('end', 'welcom'), end }))).toEqual([
      'unknown_template /states/a/entry/params/template',
    ])
    expect(details(journeyOf({ a: email('end', 'welcom'), end }))).toEqual([
      'there is no e-mail called “welcom”; did you mean "welcome"?',
    ])
    const own: Step = {
      meta: { kind: 'email' },
      entry: { type: 'sendEmail', params: { subject: 'Hi', html: 'Hi', messageType: 'newsletter' } },
      always: 'end',
    }
    expect(found(journeyOf({ a: own, end }))).toEqual([])
  })

  test('a score that an answer would set', () => {
    const other = journeyOf(
      { a: update('end', { attribute: 'FIT', add: 1 }), end },
      { id: 'fit', meta: { reentry: { policy: 'once' } } },
    )
    const stores = (attribute: string) => journeyOf({ a: calls('end', { [attribute]: '/x' }), end })
    expect(found(stores('SCORE'))).toEqual(['stored_score /states/a/entry/params/store/SCORE'])
    expect(found(stores('FIT'), { ...KNOWN, journeys: [other] })).toEqual([
      'stored_score /states/a/entry/params/store/FIT',
    ])
    expect(found(stores('FIT'))).toEqual([])
  })

  test('a journey that does not exist or cannot be started', () => {
    const journey = journeyOf({ a: start('end', 'other'), end })
    const other = (event: string) => journeyOf({ end }, { id: 'other', on: { [event]: triggerTo('end') } })
    expect(found(journey)).toEqual(['unknown_journey /states/a/entry/params/journey'])
    expect(found(journey, { ...KNOWN, journeys: [other('go')] })).toEqual([
      'unstartable_journey /states/a/entry/params/journey',
    ])
    expect(found(journey, { ...KNOWN, journeys: [other('journey.requested')] })).toEqual([])
  })
})

describe('branches nobody can take', () => {
  const at = (index: number) => [`unreachable_branch /states/a/always/${index}`]
  const listA: Condition = { list: 'A' }
  const both: Condition = { all: [score('>', 80), listA] }
  const count = (operator: '>' | '=', value: number): Condition => ({
    count: { event: 'buy' },
    operator,
    value,
  })
  const huge = 1.7e308

  const tables: readonly [string, readonly Condition[], readonly string[]][] = [
    // covered by one before it
    ['the same twice', [score('>', 80), score('>', 80)], at(1)],
    ['over 80, then over 90', [score('>', 80), score('>', 90)], at(1)],
    ['over 90, then over 80', [score('>', 90), score('>', 80)], []],
    ['over 80, then 80 or more', [score('>', 80), score('>=', 80)], []],
    ['80 or more, then 80', [score('>=', 80), score('=', 80)], at(1)],
    ['not 80, then 80', [score('!=', 80), score('=', 80)], []],
    [
      'one of, then one of these',
      [{ field: 'COUNTRY', operator: 'in', value: ['AT', 'DE'] }, country('=', 'AT')],
      at(1),
    ],
    [
      'one of, then another',
      [{ field: 'COUNTRY', operator: 'in', value: ['AT', 'DE'] }, country('=', 'CH')],
      [],
    ],
    ['everybody, then anyone', [{ everybody: true }, listA], [...at(1), ...at(2)]],
    ['the same list twice', [listA, listA], at(1)],
    ['two lists', [listA, { list: 'B' }], []],
    ['a list, then the list and more', [listA, both], at(1)],
    ['a list and more, then the list', [both, listA], []],
    ['over 70 and a list, then over 80 and the list', [{ all: [score('>', 70), listA] }, both], at(1)],
    ['one or the other, then one', [{ any: [score('>', 80), listA] }, listA], at(1)],
    ['written differently', [{ not: score('<=', 80) }, score('>', 85)], at(1)],
    ['counts', [count('>', 2), count('=', 5)], at(1)],
    [
      'counts of another thing',
      [count('>', 2), { count: { event: 'buy', within: 'P1D' }, operator: '=', value: 5 }],
      [],
    ],
    [
      'not filled in, then empty',
      [{ not: { field: 'COUNTRY', operator: 'is not empty' } }, { field: 'COUNTRY', operator: 'is empty' }],
      at(1),
    ],
    ['a number is filled in', [{ field: 'COUNTRY', operator: 'is not empty' }, country('>', 5)], at(1)],
    [
      'yes is not the text',
      [
        { field: 'VIP', operator: '=', value: true },
        { field: 'VIP', operator: '=', value: 'true' },
      ],
      [],
    ],
    [
      'dates may lie anywhere',
      [
        { field: 'DAY', operator: 'before', value: 'P30D' },
        { field: 'DAY', operator: 'before', value: 'P40D' },
      ],
      [],
    ],
    ['very large numbers', [score('>', 1), score('>', huge)], at(1)],
    ['very large numbers alone', [score('>', huge), score('<', -huge)], []],
    // covered by several before it
    ['under 50, from 50, over 20', [score('<', 50), score('>=', 50), score('>', 20)], at(2)],
    ['under 50, over 50, over 20', [score('<', 50), score('>', 50), score('>', 20)], []],
    [
      'another attribute may be missing',
      [{ field: 'FIT', operator: '<', value: 50 }, { field: 'FIT', operator: '>=', value: 50 }, listA],
      [],
    ],
    [
      'consent has three answers',
      (['subscribed', 'unsubscribed', 'unknown'] as const).map((value) => ({
        field: 'consent.email',
        operator: '=',
        value,
      })),
      [],
    ],
    [
      'consent has no fourth',
      [
        ...(['subscribed', 'unsubscribed', 'unknown'] as const).map(
          (value) => ({ field: 'consent.email', operator: '=', value }) as const,
        ),
        listA,
      ],
      at(3),
    ],
    // never holds
    ['over 80 and under 50', [{ all: [score('>', 80), score('<', 50)] }], at(0)],
    ['over 80 and under 81', [{ all: [score('>', 80), score('<', 81)] }], []],
    ['a stage that does not exist', [{ field: 'stage', operator: '=', value: 'love' }], at(0)],
    ['nobody', [{ not: { everybody: true } }], at(0)],
    [
      'two properties at once',
      [
        {
          all: [
            { event: 'path', operator: '=', value: '/a' },
            { event: 'path', operator: '=', value: '/b' },
          ],
        },
      ],
      at(0),
    ],
    [
      'a property and another',
      [
        {
          all: [
            { event: 'path', operator: '=', value: '/a' },
            { event: 'title', operator: '=', value: '/b' },
          ],
        },
      ],
      [],
    ],
    // too much to be tried
    [
      'more than can be tried',
      [{ all: Array.from({ length: 20 }, (_, index) => ({ list: `L${index}` })) }, { list: 'L0' }],
      [],
    ],
  ]
  test.each(tables)('%s', (_, conditions, expected) => {
    const branches = conditions.map((when): [string, Condition] => ['end', when])
    const lines = found(journeyOf({ a: choose(...branches, 'end'), end }))
    expect(lines.filter((line) => line.startsWith('unreachable_branch'))).toEqual(expected)
  })

  test('"Everyone else" is not blamed when nobody is left over, for it must stand there', () => {
    expect(
      found(journeyOf({ a: choose(['end', score('<', 50)], ['end', score('>=', 50)], 'end'), end })),
    ).toEqual([])
  })

  test('on the same event, in triggers and waits', () => {
    const twice = journeyOf({ end }, { on: { go: [triggerTo('end'), triggerTo('end')] } })
    expect(found(twice)).toEqual(['unreachable_branch /on/go/1'])
    const narrowed = journeyOf({ end }, { on: { go: [triggerTo('end', score('>', 80)), triggerTo('end')] } })
    expect(found(narrowed)).toEqual([])
    const pause: Step = {
      meta: { kind: 'waitFor' },
      on: { click: ['end', guarded('end', score('>', 1))] },
      after: { P1D: 'end' },
    }
    expect(found(journeyOf({ a: pause, end }))).toEqual(['unreachable_branch /states/a/on/click/1'])
  })

  test('the sentence says why', () => {
    const labelled = (when: Condition, label: string) => ({ ...guarded('end', when), meta: { label } })
    const a = (...list: object[]): Step => ({
      meta: { kind: 'condition' },
      always: [...list, 'end'] as string[],
    })
    expect(
      details(
        journeyOf({ a: a(labelled(score('>', 80), 'Hot'), labelled(score('>', 90), 'Very hot')), end }),
      ),
    ).toEqual(['nobody can take the way to “Very hot”: the way to “Hot” before it takes everyone it would'])
    const never = { all: [score('>', 80), score('<', 50)] }
    expect(details(journeyOf({ a: choose(['end', never], 'end'), end }))).toEqual([
      'nobody can take the way to the end: its condition can never hold',
    ])
    expect(
      details(
        journeyOf({
          a: choose(['end', score('<', 50)], ['end', score('>=', 50)], ['end', score('=', 7.5)], 'end'),
          end,
        }),
      ),
    ).toEqual(['nobody can take the way to the end: the way to the end before it takes everyone it would'])
    expect(
      details(
        journeyOf({
          a: choose(['end', score('<', 50)], ['end', score('>=', 50)], ['end', score('>', 20)], 'end'),
          end,
        }),
      ),
    ).toEqual(['nobody can take the way to the end: the ways before it take everyone it would'])
    const triggers: Trigger[] = [{ ...triggerTo('end'), meta: { label: 'Goes' } }, triggerTo('end')]
    expect(details(journeyOf({ end }, { on: { go: triggers } }))[0]).toContain('the way to “Goes” before it')
  })

  test('a branch that some score takes is never reported', () => {
    const operators = fc.constantFrom<'>' | '>=' | '<' | '<=' | '=' | '!='>('>', '>=', '<', '<=', '=', '!=')
    const atom = fc
      .tuple(operators, fc.integer({ min: 0, max: 6 }))
      .map(([operator, value]) => score(operator, value))
    const condition = fc.letrec<{ any: Condition }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 2 },
        atom,
        fc.array(tie('any'), { minLength: 1, maxLength: 2 }).map((all) => ({ all })),
        fc.array(tie('any'), { minLength: 1, maxLength: 2 }).map((any) => ({ any })),
        tie('any').map((not) => ({ not })),
      ),
    })).any
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
        const journey = journeyOf({
          a: choose(...conditions.map((when): [string, Condition] => ['end', when]), 'end'),
          end,
        })
        const dead = found(journey).flatMap((line) =>
          line.startsWith('unreachable_branch') ? [Number(line.split('/').at(-1))] : [],
        )
        const scores = Array.from({ length: 33 }, (_, index) => index / 4 - 1)
        const taken = new Set(scores.map((value) => conditions.findIndex((when) => isTrue(when, value))))
        // Sound and, for a single score, complete.
        expect(dead.filter((index) => index < conditions.length)).toEqual(
          conditions.flatMap((_, index) => (taken.has(index) ? [] : [index])),
        )
      }),
      { numRuns: 500 },
    )
  })
})

/** An evaluator of its own for conditions on a score. */
function isTrue(when: Condition, value: number): boolean {
  if ('all' in when) return when.all.every((part) => isTrue(part, value))
  if ('any' in when) return when.any.some((part) => isTrue(part, value))
  if ('not' in when) return !isTrue(when.not, value)
  const { operator, value: limit } = when as { operator: string; value: number }
  const order = Math.sign(value - limit)
  return {
    '>': order > 0,
    '>=': order >= 0,
    '<': order < 0,
    '<=': order <= 0,
    '=': order === 0,
    '!=': order !== 0,
  }[operator]!
}

// ---- Journeys among each other -----------------------------------------------------------------------------------

describe('journeys that set each other off without a brake', () => {
  const heard = (
    event: string,
    when?: Condition,
    steps: Record<string, Step> = { a: update('end'), end },
    id = 'test',
  ) =>
    journeyOf(steps, { id, on: { [event]: triggerTo('a', when) }, meta: { reentry: { policy: 'parallel' } } })
  const among = (journey: Journey, ...journeys: Journey[]) =>
    found(journey, { ...KNOWN, journeys }).filter((line) => line.startsWith('endless_circle'))
  const about = (property: string, value: string): Condition => ({ event: property, operator: '=', value })
  const circle = (event: string) => [`endless_circle /on/${event}`]
  const braked = (journey: Journey, reentry: object): Journey => ({
    ...journey,
    meta: { ...journey.meta, reentry: { policy: 'parallel', ...reentry } },
  })

  test('points that let in again', () => {
    const journey = heard('score.changed')
    expect(among(journey)).toEqual(circle('score.changed'))
    expect(among({ ...journey, on: { 'score.changed': [triggerTo('a')] } })).toEqual([
      'endless_circle /on/score.changed/0',
    ])
    expect(among(heard('attribute.changed'))).toEqual(circle('attribute.changed'))
    expect(among(heard('list.joined'))).toEqual([])
    expect(details(journey)[0]).toContain('“test” lets the same contact in again and again')
  })

  test.each<[string, object]>([
    ['once', { policy: 'once' }],
    ['cooldown', { cooldown: 'P1D' }],
    ['max', { max: 3 }],
  ])('%s is a brake', (_, reentry) => {
    expect(among(braked(heard('score.changed'), reentry))).toEqual([])
  })

  test.each<[string, object]>([
    ['afterExit', { policy: 'afterExit' }],
    ['restart', { policy: 'restart' }],
    ['a key', { key: 'order' }],
  ])('%s is none, since a passage that does not wait is over before the next begins', (_, reentry) => {
    expect(among(braked(heard('score.changed'), reentry))).toEqual(circle('score.changed'))
  })

  test('a cap, a cooldown or a wait is a brake', () => {
    const steps = (params: object): Record<string, Step> => ({ a: update('end', { add: 5, ...params }), end })
    expect(among(heard('score.changed', undefined, steps({ cap: { points: 5, per: 'P1D' } })))).toEqual([])
    expect(among(heard('score.changed', undefined, steps({ cooldown: 'P1D' })))).toEqual([])
    expect(among(heard('score.changed', undefined, { a: wait('b'), b: update('end'), end }))).toEqual([])
    const pause: Step = {
      meta: { kind: 'waitFor' },
      always: guarded('b', score('>', 1)),
      after: { P1D: 'b' },
    }
    expect(among(heard('score.changed', undefined, { a: pause, b: update('end'), end }))).toEqual([])
    expect(among(heard('score.changed', undefined, { a: decay('a') }))).toEqual([])
  })

  test('a condition on another attribute, list or journey hears nothing of it', () => {
    expect(among(heard('score.changed', about('attribute', 'FIT')))).toEqual([])
    expect(among(heard('score.changed', about('attribute', 'SCORE')))).toEqual(circle('score.changed'))
    expect(among(heard('score.changed', { event: 'attribute', operator: 'in', value: ['FIT'] }))).toEqual([])
    expect(among(heard('score.changed', { event: 'attribute', operator: 'in', value: ['SCORE'] }))).toEqual(
      circle('score.changed'),
    )
    expect(among(heard('score.changed', { event: 'attribute', operator: '!=', value: 'FIT' }))).toEqual(
      circle('score.changed'),
    )
    expect(among(heard('score.changed', { any: [about('attribute', 'FIT'), about('by', '5')] }))).toEqual(
      circle('score.changed'),
    )
    expect(among(heard('score.changed', { all: [score('>', 5), about('attribute', 'FIT')] }))).toEqual([])
    expect(among(heard('attribute.changed', { crossed: 80, direction: 'up', attribute: 'FIT' }))).toEqual([])
  })

  test('a threshold is crossed again only after something led back', () => {
    const up = (event: 'up' | 'down') => heard('score.changed', { all: [{ crossed: 80, direction: event }] })
    expect(among(up('up'))).toEqual([])
    expect(among(up('down'))).toEqual([])
    const hot = heard(
      'score.changed',
      { crossed: 80, direction: 'up' },
      { a: update('end', { subtract: 50 }), end },
      'hot',
    )
    const cold = heard(
      'score.changed',
      { crossed: 50, direction: 'down' },
      { a: update('end', { add: 50 }), end },
      'cold',
    )
    expect(among(hot, cold)).toEqual(circle('score.changed'))
    expect(among(cold, hot)).toEqual(circle('score.changed'))
    expect(among(hot)).toEqual([])
  })

  test('a fixed value is new only once, changing ones go on', () => {
    const changes = (params: Partial<UpdateParams>) =>
      among(heard('attribute.changed', undefined, { a: update('end', params), end }))
    expect(changes({ set: 5 })).toEqual([])
    expect(changes({ clear: true })).toEqual([])
    expect(changes({ set: { event: 'n' } })).toEqual(circle('attribute.changed'))
    expect(changes({ multiply: 2 })).toEqual(circle('attribute.changed'))
    expect(
      among(
        heard('attribute.changed', undefined, {
          a: update('b', { set: 5 }),
          b: update('end', { set: 6 }),
          end,
        }),
      ),
    ).toEqual(circle('attribute.changed'))
  })

  test('a list is joined again only after it was left', () => {
    expect(among(heard('list.joined', undefined, { a: join('end'), end }))).toEqual([])
    expect(among(heard('list.joined', undefined, { a: join('b'), b: quit('end'), end }))).toEqual(
      circle('list.joined'),
    )
    expect(among(heard('list.joined', undefined, { a: join('b'), b: quit('end', 'B'), end }))).toEqual([])
    expect(among(heard('list.left', undefined, { a: quit('end'), end }))).toEqual([])
    expect(among(heard('list.left', undefined, { a: quit('b'), b: join('end'), end }))).toEqual(
      circle('list.left'),
    )
    expect(among(heard('list.joined', undefined, { a: move('end', 'A'), end }))).toEqual([])
    const there = heard('list.joined', about('list', 'A'), { a: move('end', 'B', 'A'), end }, 'there')
    const back = heard('list.joined', about('list', 'B'), { a: move('end', 'A', 'B'), end }, 'back')
    expect(among(there, back)).toEqual(circle('list.joined'))
    expect(among(there)).toEqual([])
    expect(among(heard('list.left', undefined, { a: move('end', 'A', 'A'), end }))).toEqual(
      circle('list.left'),
    )
  })

  test('a stage changes again only to another', () => {
    expect(among(heard('stage.changed', undefined, { a: stage('end'), end }))).toEqual([])
    expect(
      among(heard('stage.changed', undefined, { a: stage('b'), b: stage('end', 'retention'), end })),
    ).toEqual(circle('stage.changed'))
  })

  test('a journey that starts the other, which starts it when it is finished', () => {
    const first = heard('journey.requested', undefined, { a: start('end', 'second'), end }, 'first')
    const second = heard('journey.requested', undefined, { a: start('end', 'first'), end }, 'second')
    expect(among(first, second)).toEqual(circle('journey.requested'))
    expect(details(first, { ...KNOWN, journeys: [second] })[0]).toContain(
      '“first” and “second” set each other off',
    )
    expect(among(first, heard('journey.requested', undefined, { end, a: join('end') }, 'second'))).toEqual([])
    const after = heard(
      'journey.finished',
      about('journey', 'second'),
      { a: start('end', 'second'), end },
      'after',
    )
    expect(among(after, heard('journey.requested', undefined, { a: join('end'), end }, 'second'))).toEqual(
      circle('journey.finished'),
    )
    expect(among(heard('journey.finished', undefined, { a: join('end'), end }))).toEqual(
      circle('journey.finished'),
    )
    expect(among(heard('journey.entered', about('journey', 'other'), { a: join('end'), end }))).toEqual([])
    expect(among(heard('journey.entered', undefined, { a: wait('end'), end }))).toEqual(
      circle('journey.entered'),
    )
  })

  test('a mail about a mail, but not about a click, for which a person is needed', () => {
    expect(among(heard('email.sent', undefined, { a: email('end'), end }))).toEqual(circle('email.sent'))
    expect(among(heard('email.clicked', undefined, { a: email('end'), end }))).toEqual([])
  })

  test('an SMS about an SMS, and a call after a call that failed or whose answer changes what it was called for', () => {
    expect(among(heard('sms.failed', undefined, { a: sms('end'), end }))).toEqual(circle('sms.failed'))
    expect(among(heard('sms.stopped', undefined, { a: sms('end'), end }))).toEqual([])
    expect(among(heard('webhook.failed', undefined, { a: calls('end'), end }))).toEqual(
      circle('webhook.failed'),
    )
    const stores = { a: calls('end', { TIER: '/tier' }), end }
    expect(among(heard('attribute.changed', undefined, stores))).toEqual(circle('attribute.changed'))
    expect(among(heard('attribute.changed', about('attribute', 'CITY'), stores))).toEqual([])
    expect(among(heard('webhook.failed', undefined, { a: tells('end'), end }))).toEqual([])
  })

  test('a circle of others, or with an older version of itself, is none of this journey', () => {
    expect(among(heard('go'), heard('score.changed', undefined, undefined, 'other'))).toEqual([])
    const cured = heard('score.changed', about('attribute', 'FIT'))
    expect(among(cured, heard('score.changed'))).toEqual([])
  })
})

// ---- Warnings ----------------------------------------------------------------------------------------------------

describe('steps after one that can reach the goal', () => {
  const warned = (first: (always: string) => Step, when: Condition, second: Step = wait('end')) =>
    found(journeyOf({ a: first('b'), b: second, end }, { meta: { goal: { when } } }))
  const warning = ['goal_in_passing /states/a']
  const points = (params: Partial<UpdateParams>) => (always: string) => update(always, params)
  const fit = (operator: string, value: unknown) => ({ field: 'stage', operator, value }) as Condition

  const tables: readonly [string, (always: string) => Step, Condition, readonly string[]][] = [
    ['adding points for "over"', points({ add: 5 }), score('>', 80), warning],
    ['subtracting for "over"', points({ subtract: 5 }), score('>', 80), []],
    ['adding a negative amount for "over"', points({ add: -5 }), score('>=', 80), []],
    ['subtracting a negative amount for "over"', points({ subtract: -5 }), score('>', 80), warning],
    ['adding what the event says', points({ add: { event: 'n' } }), score('>', 80), warning],
    ['subtracting for "under"', points({ subtract: 5 }), score('<', 80), warning],
    ['adding for "under"', points({ add: 5 }), score('<=', 80), []],
    ['adding for "not over"', points({ add: 5 }), { not: score('>', 80) }, []],
    ['subtracting for "not over"', points({ subtract: 5 }), { not: score('>', 80) }, warning],
    ['adding for "not under"', points({ add: 5 }), { not: score('<', 80) }, warning],
    ['adding for "is"', points({ add: 5 }), score('=', 80), warning],
    ['setting', points({ set: 5 }), score('<', 80), warning],
    ['another attribute', points({ attribute: 'FIT', add: 5 }), score('>', 80), []],
    [
      'one of several conditions',
      points({ add: 5 }),
      { any: [{ list: 'A' }, { all: [score('>', 80), { everybody: true }] }] },
      warning,
    ],
    ['the stage', stage, fit('=', 'acquisition'), warning],
    ['another stage', stage, fit('=', 'retention'), []],
    ['one of the stages', stage, fit('in', ['acquisition', 'retention']), warning],
    ['none of the stages', stage, { not: fit('in', ['acquisition']) }, []],
    ['the stage under "is not"', stage, fit('!=', 'retention'), warning],
    ['the stage for a score', stage, score('>', 5), []],
    ['joining the list', join, { list: 'A' }, warning],
    ['joining another list', join, { list: 'B' }, []],
    ['moving to the list', (always) => move(always, 'A', 'B'), { list: 'A' }, warning],
    ['joining for "not on the list"', join, { not: { list: 'A' } }, []],
    ['leaving for "not on the list"', quit, { not: { list: 'A' } }, warning],
    [
      'moving away for "not on the list"',
      (always) => move(always, 'B', 'A'),
      { not: { list: 'A' } },
      warning,
    ],
    ['moving from nowhere for "not on the list"', (always) => move(always, 'B'), { not: { list: 'A' } }, []],
    ['a click', points({ add: 5 }), { clicked: 1, ofLast: 3 }, []],
    ['a mail for a score', email, score('>', 80), []],
    [
      'an answer that is kept',
      (always) => calls(always, { COUNTRY: '/country' }),
      { field: 'COUNTRY', operator: '=', value: 'AT' },
      warning,
    ],
    [
      'an answer of which something else is kept',
      (always) => calls(always, { TIER: '/tier' }),
      score('>', 80),
      [],
    ],
    ['an answer of which nothing is kept', calls, score('>', 80), []],
    ['a mail for a field', email, { field: 'COUNTRY', operator: '=', value: 'AT' }, []],
  ]
  test.each(tables)('%s', (_, first, when, expected) => {
    expect(warned(first, when)).toEqual(expected)
  })

  test('only where something comes after, and not on the goal’s own way', () => {
    expect(found(journeyOf({ a: update('end'), end }, { meta: { goal: { when: score('>', 80) } } }))).toEqual(
      [],
    )
    const leave: Step = { meta: { kind: 'leave' }, always: 'end' }
    expect(warned(points({ add: 5 }), score('>', 80), leave)).toEqual([])
    expect(
      found(
        journeyOf(
          { a: wait('end'), b: update('c'), c: wait('end'), end },
          { meta: { goal: { when: score('>', 80), to: 'b' } } },
        ),
      ),
    ).toEqual([])
    // What comes after is on the goal's way as well, or something else is.
    const also = (to: string) =>
      found(
        journeyOf(
          { a: update('b'), b: wait('c'), c: wait('end'), x: wait('b'), y: wait('end'), end },
          { meta: { goal: { when: score('>', 80), to }, exits: [{ when: score('<', 0), to: 'x' }] } },
        ),
      ).filter((each) => each.startsWith('goal_in_passing'))
    expect([also('b'), also('x')]).toEqual([[], []])
    expect([also('y'), also('c')]).toEqual([warning, warning])
  })
})

describe('two messages at the same moment', () => {
  const one = (more: { readonly [id: string]: Step }) => found(journeyOf({ ...more, end }))
  test('by whatever channels', () => {
    expect(one({ a: email('b'), b: sms('end') })).toEqual(['messages_together /states/b'])
    expect(one({ a: sms('b'), b: update('c'), c: email('end') })).toEqual(['messages_together /states/c'])
    expect(one({ a: awaited(sms(''), 'b', 'end'), b: email('end') })).toEqual(['messages_together /states/b'])
    expect(details(journeyOf({ a: email('b'), b: sms('end'), end }))).toEqual([
      'who gets the e-mail “welcome” gets the SMS “Hi” at the same moment: is a wait missing between them?',
    ])
  })

  test('with a wait between them, or one for the other, or one to the team', () => {
    expect(one({ a: email('b'), b: wait('c'), c: sms('end') })).toEqual([])
    expect(one({ a: awaited(sms(''), 'end', 'b'), b: email('end') })).toEqual([])
    expect(one({ a: email('b'), b: tells('c'), c: calls('end') })).toEqual([])
    expect(one({ a: email('b'), b: choose(['a', score('>', 5)], 'end') })).not.toContain(
      'messages_together /states/a',
    )
  })
})

describe('a loop that passes a message', () => {
  const sent = (operator: '<', value: number): Condition => ({
    count: { event: 'email.sent', since: 'entering' },
    operator,
    value,
  })
  test('without a limit', () => {
    expect(
      found(journeyOf({ a: email('b'), b: wait('c'), c: choose(['a', score('<', 80)], 'end'), end })),
    ).toEqual(['unlimited_messages /states/a'])
    expect(details(journeyOf({ a: email('b'), b: wait('a') }))[0]).toContain(
      'the e-mail “welcome” may be sent',
    )
  })

  test('by SMS as by mail; a call is none', () => {
    expect(found(journeyOf({ a: sms('b'), b: wait('a') }))).toEqual(['unlimited_messages /states/a'])
    expect(found(journeyOf({ a: calls('b'), b: tells('c'), c: wait('a') }))).toEqual([])
  })

  test('with a condition that counts', () => {
    for (const when of [
      sent('<', 3),
      { all: [sent('<', 3)] },
      { any: [sent('<', 3)] },
      { not: sent('<', 3) },
    ])
      expect(found(journeyOf({ a: email('b'), b: wait('c'), c: choose(['a', when], 'end'), end }))).toEqual(
        [],
      )
  })

  test('with a condition that counts only beside the loop', () => {
    const journey = journeyOf({
      a: email('b'),
      b: wait('c'),
      c: choose(['a', score('<', 80)], ['d', score('<', 90)], 'end'),
      d: choose(['a', sent('<', 3)], 'end'),
      end,
    })
    expect(found(journey)).toEqual(['unlimited_messages /states/a'])
  })

  test('a loop without a message', () => {
    expect(found(journeyOf({ a: update('b'), b: wait('a') }))).toEqual([])
  })
})

test('a parallel journey that sends or waits, but not one passage per key', () => {
  const steps = { a: email('b'), b: wait('end'), end }
  const reentry = { policy: 'parallel' } as const
  expect(found(journeyOf(steps, { meta: { reentry } }))).toEqual([
    'parallel_sends /states/a',
    'parallel_waits /states/b',
  ])
  expect(found(journeyOf({ a: update('end'), end }, { meta: { reentry } }))).toEqual([])
  for (const step of [sms('end'), calls('end'), tells('end')])
    expect(found(journeyOf({ a: step, end }, { meta: { reentry } }))).toEqual(['parallel_sends /states/a'])
  expect(found(journeyOf(steps, { meta: { reentry: { ...reentry, key: 'order' } } }))).toEqual([])
  expect(found(journeyOf(steps))).toEqual([])
})

test('two live journeys that lower the same score for inactivity', () => {
  const journey = (id: string, attribute?: string) => journeyOf({ ebb: decay('ebb', attribute) }, { id })
  const known = (...journeys: Journey[]): Known => ({ ...KNOWN, journeys })
  expect(found(journey('one'), known(journey('two')))).toEqual(['lowered_twice /states/ebb'])
  expect(details(journey('one'), known(journey('two')))).toEqual([
    'SCORE is lowered for inactivity by “two” too: who is inactive loses points twice',
  ])
  expect(found(journey('one'), known(journey('two', 'FIT')))).toEqual([])
  expect(found(journey('one'), known(journeyOf({ a: wait('end'), end }, { id: 'two' })))).toEqual([])
  expect(found(journey('one'), known(journey('one')))).toEqual([])
})

// ---- All together ------------------------------------------------------------------------------------------------

test('warnings do not stop publication, errors do', () => {
  const journey = journeyOf({ a: email('b', 'nope'), b: wait('a') })
  expect(checkJourney(journey, KNOWN).map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    'warning unlimited_messages',
    'error unknown_template',
  ])
})

test.each(JOURNEY_NAMES)('the shipped %s has no problem', (name) => {
  const known = { templates: MAIL_NAMES, segments: [], journeys: JOURNEY_NAMES.map(shippedJourney) }
  expect(found(shippedJourney(name), known)).toEqual([])
})

test('any journey that parses can be checked, and each problem points into it', () => {
  fc.assert(
    fc.property(arbitraryJourney(), arbitraryJourney({ id: 'other' }), (journey, other) => {
      for (const { path } of checkJourney(journey, { templates: [], segments: [], journeys: [other] })) {
        const keys = path
          .split('/')
          .slice(1)
          .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
        const part = keys.reduce((value: unknown, key) => (value as Record<string, unknown>)[key], journey)
        expect({ path, part }).not.toHaveProperty('part', undefined)
      }
    }),
  )
})

describe('graphs', () => {
  const node = fc.integer({ min: 0, max: 6 }).map(String)
  const graphs = fc
    .array(fc.tuple(node, node), { maxLength: 14 })
    .map(
      (edges): Graph =>
        new Map(
          Array.from({ length: 7 }, (_, from) => [
            String(from),
            edges.flatMap(([a, b]) => (a === String(from) ? [b] : [])),
          ]),
        ),
    )

  test('two nodes share a loop exactly if each reaches the other', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const found = loops(graph)
        const after = (from: string) => reached(graph, graph.get(from)!)
        for (const a of graph.keys())
          for (const b of graph.keys())
            expect(found.some((loop) => loop.includes(a) && loop.includes(b))).toBe(
              after(a).has(b) && after(b).has(a),
            )
        expect(found.flat().length).toBe(new Set(found.flat()).size)
      }),
    )
  })

  test('turned round twice is the same', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const back = reversed(reversed(graph))
        for (const [from, nexts] of graph) expect(back.get(from)!.toSorted()).toEqual(nexts.toSorted())
      }),
    )
  })

  test('a long journey is no trouble', () => {
    const long: Graph = new Map(
      Array.from({ length: 20_000 }, (_, index) => [String(index), [String(index + 1), '0']]),
    )
    expect(loops(long)).toHaveLength(1)
  })
})
