// What is said of a draft while it is drawn: also where it cannot be read yet, and then nothing that depends on the faults.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../engine/drafts.ts'
import type { Condition } from '../../engine/dialect/conditions.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import { isObject } from '../../engine/json.ts'
import { parseJourney } from '../../engine/parse.ts'
import { checkJourney, type Known } from '../../engine/verify/index.ts'
import { JOURNEY_NAMES, MAIL_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { SEGMENTS, arbitraryJourney, journeyOf, triggerTo } from '../support/journeys.ts'
import { choose, decay, email, end, guarded, join, quit, score, sms, update, wait } from '../support/steps.ts'

const KNOWN: Known = { templates: ['welcome'], segments: [], journeys: [] }
const NOTHING: Condition = { all: [] }
const found = (document: unknown, known: Known = KNOWN) =>
  problemsOf(document, known).map(({ code, path }) => `${code} ${path}`)

// ---- What is still empty -------------------------------------------------------------------------------------------

describe('what is still empty is said in the words of its form', () => {
  const meta = (kind: string) => ({ kind }) as Step['meta'] & object
  const condition = (when: object) => journeyOf({ a: choose(['end', when as Condition], 'end'), end })
  const step = (kind: string, type: string, params: object) =>
    journeyOf({ a: { meta: meta(kind), entry: { type, params }, always: 'end' } as never, end })
  const cases: readonly [string, unknown, string][] = [
    ['a branch', condition(NOTHING), 'nothing is chosen yet: who goes this way?'],
    ['a branch of no form', condition({}), 'nothing is chosen yet: who goes this way?'],
    [
      'part of a branch',
      condition({ all: [{ list: 'A' }, { any: [] }] }),
      'nothing is chosen yet: who goes this way?',
    ],
    [
      'a trigger',
      journeyOf({ end }, { on: { go: triggerTo('end', NOTHING) } }),
      'nothing is chosen yet: who enters?',
    ],
    [
      'the goal',
      journeyOf({ end }, { meta: { goal: { when: NOTHING } } }),
      'nothing is chosen yet: what is the goal?',
    ],
    [
      'an exit',
      journeyOf({ end }, { meta: { exits: [{ when: NOTHING }] } }),
      'nothing is chosen yet: who leaves early?',
    ],
    [
      'the audience',
      journeyOf({ end }, { meta: { audience: NOTHING } }),
      'nothing is chosen yet: who may enter?',
    ],
    [
      'which events count',
      condition({ count: { event: 'go', where: NOTHING }, operator: '>', value: 1 }),
      'nothing is chosen yet: which of them count?',
    ],
    ['a field', condition({ field: '', operator: 'is empty' }), 'no field is chosen yet'],
    ['a comparison', condition({ field: 'SCORE' }), 'it is not said yet how to compare'],
    ['a number', condition({ field: 'SCORE', operator: '>' }), 'the value is still empty'],
    [
      'a number taken out',
      condition({ field: 'SCORE', operator: '>', value: null }),
      'the value is still empty',
    ],
    ['values', condition({ field: 'CITY', operator: 'in', value: [] }), 'the value is still empty'],
    ['a property', condition({ event: '', operator: 'is empty' }), 'no property of the event is chosen yet'],
    [
      'a counted event',
      condition({ count: { event: '' }, operator: '>', value: 1 }),
      'no event is chosen yet',
    ],
    ['a list asked for', condition({ list: '' }), 'no list is chosen yet'],
    ['a segment', condition({ segment: '' }), 'no segment is chosen yet'],
    ['a list', step('addToList', 'addToList', { list: '' }), 'no list is chosen yet'],
    ['a list left', step('moveToList', 'moveToList', { list: 'A', from: [''] }), 'no list is chosen yet'],
    [
      'an attribute',
      step('update', 'updateAttribute', { attribute: '', add: 1 }),
      'no attribute is chosen yet',
    ],
    [
      'points',
      step('update', 'updateAttribute', { attribute: 'SCORE', add: null }),
      'the number is still empty',
    ],
    [
      'an address',
      step('webhook', 'callWebhook', { url: '', method: 'POST' }),
      'the address to call is still empty',
    ],
    [
      'who is told',
      step('notify', 'notify', { to: [], subject: 'a', text: 'b' }),
      'it is not said yet who is told',
    ],
    [
      'what they are told',
      step('notify', 'notify', { to: ['a@b.c'], subject: '', text: 'b' }),
      'the subject is still empty',
    ],
    ['a journey', step('startJourney', 'startJourney', { journey: '' }), 'no journey is chosen yet'],
    [
      'a wait',
      journeyOf({ a: { meta: meta('wait'), after: { '': 'end' } }, end }),
      'it is not said yet how long to wait',
    ],
    ['an event', journeyOf({ end }, { on: { '': triggerTo('end') } }), 'no event is chosen yet'],
    [
      'what is waited for',
      journeyOf({ a: { meta: meta('waitFor'), on: { '': 'end' }, after: { P1D: 'end' } }, end }),
      'no event is chosen yet',
    ],
    ['the name', journeyOf({ end }, { meta: { name: '' } }), 'the journey has no name yet'],
    [
      'a property of every visit',
      journeyOf({ end }, { meta: { reentry: { policy: 'once', key: '' } } }),
      'the property is still empty',
    ],
  ]
  test.each(cases)('%s', (_, document, sentence) => {
    expect(problemsOf(document, KNOWN).filter(({ code }) => code === 'unfinished')).toEqual([
      { severity: 'error', code: 'unfinished', path: expect.any(String), detail: sentence },
    ])
  })

  test('but where a whole part of the file is missing, the file is meant', () => {
    const { name: _, ...meta } = journeyOf({ end }).meta
    expect(found({ ...journeyOf({ end }), meta })).toEqual(['unfinished /meta/name'])
    const { meta: _meta, ...bare } = journeyOf({ end })
    expect(found(bare)).toEqual(['missing /meta'])
    expect(found(journeyOf({ a: { meta: { kind: 'update' }, always: 'end' }, end }))).toEqual([
      'missing /states/a/entry',
    ])
    const block = { subject: 'Hi', body: [{ button: 'Read' }], messageType: 'newsletter' }
    expect(found(step('email', 'sendEmail', block))).toEqual(['missing /states/a/entry/params/body/0/url'])
  })

  test('a window that closes the moment it opens', () => {
    const [problem] = problemsOf(
      journeyOf({ a: { meta: meta('wait'), after: { 'between 09:00-09:00 mon': 'end' } }, end }),
      KNOWN,
    )
    expect(problem).toMatchObject({
      code: 'never_opens',
      path: '/states/a/after',
      detail: '"between 09:00-09:00 mon" closes the moment it opens',
    })
  })
})

// ---- What is said besides ------------------------------------------------------------------------------------------

describe('a leaf that is wrong hides nothing else', () => {
  const lost = wait('end')
  const broken = (steps: Record<string, unknown>, more: Parameters<typeof journeyOf>[1] = {}) =>
    found(journeyOf({ ...(steps as Record<string, Step>), lost, end }, more)).filter(
      (line) => !line.startsWith('unfinished'),
    )
  const kind = (of: string) => ({ kind: of })
  const act = (of: string, type: string, params: unknown) => ({
    meta: kind(of),
    entry: { type, params },
    always: 'end',
  })
  const shares = (...bounds: [number, number][]) => ({
    meta: kind('split'),
    always: bounds.map(([from, to]) => ({ target: 'end', guard: { type: 'share', params: { from, to } } })),
  })
  const also = (...more: readonly string[]) =>
    expect.arrayContaining(['unreachable_step /states/lost', ...more])

  const leaves: readonly [string, Record<string, unknown>, Parameters<typeof journeyOf>[1]?][] = [
    ['a condition', { a: choose(['end', NOTHING], 'end') }],
    [
      'a condition of a wait',
      { a: { meta: kind('waitFor'), on: { go: guarded('end', NOTHING) }, after: { P1D: 'end' } } },
    ],
    [
      'a condition of an event in a list',
      { a: { meta: kind('waitFor'), on: { go: [guarded('end', NOTHING), 'end'] }, after: { P1D: 'end' } } },
    ],
    [
      'an event that is waited for',
      { a: { meta: kind('waitFor'), on: { '': 'end' }, after: { P1D: 'end' } } },
    ],
    ['a wait for nothing', { a: { meta: kind('waitFor'), after: { P1D: 'end' } } }],
    ['a delay', { a: { meta: kind('wait'), after: { '3 dys': 'end' } } }],
    ['a delay of a decay', { a: { ...decay('a'), after: { '': decay('a').after!['inactive P30D'] } } }],
    [
      'what a decay does',
      {
        a: {
          meta: kind('decay'),
          after: {
            'inactive P30D': {
              target: 'a',
              reenter: true,
              actions: [{ type: 'updateAttribute', params: {} }],
            },
          },
        },
      },
    ],
    [
      'the name of a way',
      { a: { meta: kind('wait'), after: { P1D: { target: 'end', meta: { label: '' } } } } },
    ],
    ['a label', { a: { ...wait('end'), meta: { kind: 'wait', label: '' } } }],
    ['a note', { a: { ...wait('end'), meta: { kind: 'wait', note: 5 } } }],
    ['points', { a: update('end', { add: 'many' as never }) }],
    ['a list', { a: act('addToList', 'addToList', { list: '' }) }],
    ['a mail', { a: act('email', 'sendEmail', { template: '', messageType: 'promotional' }) }],
    ['an SMS', { a: act('sms', 'sendSms', { text: 'Hi' }) }],
    ['a call', { a: act('webhook', 'callWebhook', { url: '', method: 'POST' }) }],
    ['a notice', { a: act('notify', 'notify', { to: [], subject: '', text: '' }) }],
    ['a notice to a system', { a: act('notify', 'notify', { url: '', text: '' }) }],
    ['a notice to nobody', { a: act('notify', 'notify', null) }],
    ['a notice that goes nowhere', { a: act('notify', 'notify', { subject: '', text: '' }) }],
    ['a stage', { a: act('stage', 'setStage', { stage: '' }) }],
    ['shares', { a: shares([0, 50], [50, 90]) }],
    ['the goal', { a: wait('end') }, { meta: { goal: { when: NOTHING } } }],
    ['an exit', { a: wait('end') }, { meta: { exits: [{ when: NOTHING }] } }],
    ['the audience', { a: wait('end') }, { meta: { audience: NOTHING } }],
    ['re-entry', { a: wait('end') }, { meta: { reentry: { policy: 'often' as never } } }],
    ['the name', { a: wait('end') }, { meta: { name: '' } }],
    ['the description', { a: wait('end') }, { meta: { description: 5 as never } }],
    ['a trigger', { a: wait('end') }, { on: { go: triggerTo('a', NOTHING) } }],
    [
      'one of several triggers',
      { a: wait('end') },
      { on: { go: [triggerTo('a', NOTHING), triggerTo('a')] } },
    ],
    ['a trigger’s name', { a: wait('end') }, { on: { go: { ...triggerTo('a'), meta: { label: '' } } } }],
    ['a trigger’s event', { a: wait('end') }, { on: { '': triggerTo('a') } }],
    ['a trigger’s event and condition', { a: wait('end') }, { on: { '': triggerTo('a', NOTHING) } }],
    ['a trigger’s time', { a: wait('end') }, { on: { 'time.due': triggerTo('a') } }],
    [
      'a time elsewhere',
      { a: wait('end') },
      { on: { go: { target: '.a', guard: { type: 'mayEnter', params: { at: 'at 09:00' } } } } },
    ],
    [
      'a time that is none',
      { a: wait('end') },
      {
        on: {
          'time.due': { target: '.a', guard: { type: 'mayEnter', params: { at: '', when: { list: 'A' } } } },
        },
      },
    ],
  ]
  test.each(leaves)('%s', (_, steps, more) => {
    expect(broken(steps, more)).toEqual(also())
  })

  test('several at once, each of which hid another', () => {
    const goal = { when: { message: 'a', was: 'clicked' } } as const
    expect(broken({ a: act('addToList', 'addToList', { list: '' }) }, { meta: { goal } })).toEqual(
      also('not_a_message /meta/goal/when/message'),
    )
  })

  test('what the text of the file says is no part of it', () => {
    expect(found({ ...journeyOf({ lost, end }, { on: { go: triggerTo('end') } }), $schema: 5 })).toEqual([
      'unexpected /$schema',
      'unreachable_step /states/lost',
    ])
  })

  test('where nobody enters yet, the steps that nothing leads to are the first', () => {
    expect(found(journeyOf({ a: email('b'), b: sms('end'), end }, { on: {} }))).toEqual([
      'no_trigger /on',
      'messages_together /states/b',
    ])
    expect(found(journeyOf({ a: update('b'), b: update('a') }, { on: {} }))).toEqual([
      'no_trigger /on',
      'endless_loop /states/a',
    ])
    expect(found(journeyOf({}, { on: {} }))).toEqual(['no_trigger /on'])
  })

  test('a sentence calls an unfinished step by its kind', () => {
    const journey = journeyOf({ a: email('b'), b: act('sms', 'sendSms', { text: 'Hi' }) as never, end })
    expect(problemsOf(journey, KNOWN).find(({ code }) => code === 'messages_together')?.detail).toBe(
      'who gets the e-mail “welcome” gets “Send SMS” at the same moment: is a wait missing between them?',
    )
  })
})

describe('nothing is said that depends on what is not finished', () => {
  test('of branches, whose condition may become any', () => {
    const branches = choose(['end', score('<=', 49)], ['end', NOTHING], ['end', score('>=', 50)], 'end')
    expect(found(journeyOf({ a: branches, end }))).toEqual([
      'unfinished /states/a/always/1/guard/params/when/all',
    ])
  })

  test('of a limit of a loop', () => {
    const loop = { a: email('b'), b: wait('c'), c: choose(['a', NOTHING], 'end'), end }
    expect(found(journeyOf(loop))).toEqual(['unfinished /states/c/always/0/guard/params/when/all'])
  })

  test('of lists that an unfinished step may leave', () => {
    const steps = {
      band: choose(['warm', score('<', 50)], ['hot', score('>=', 50)], 'end'),
      warm: join('off', 'Warm'),
      off: quit('end', ''),
      hot: join('off2', 'Hot'),
      off2: quit('end', 'Warm'),
      end,
    }
    expect(found(journeyOf(steps))).toEqual(['unfinished /states/off/entry/params/list'])
  })

  test('where a part of the skeleton is wrong, only that', () => {
    const journey = journeyOf({ a: wait('end'), lost: wait('end'), end })
    const skeletons: readonly [string, unknown][] = [
      ['unknown_step', { ...journey, states: { ...journey.states, b: wait('nowhere') } }],
      ['unexpected', { ...journey, states: { ...journey.states, Bad: end } }],
      ['unexpected', { ...journey, initial: 'a' }],
      ['unexpected', { ...journey, meta: { ...journey.meta, format: 2 } }],
      ['missing', { ...journey, meta: {} }],
      [
        'unknown_step',
        { ...journey, meta: { ...journey.meta, goal: { when: score('>', 1), to: 'nowhere' } } },
      ],
      [
        'unknown_step',
        { ...journey, meta: { ...journey.meta, exits: [{ when: score('>', 1), to: 'nowhere' }] } },
      ],
      ['unexpected', { ...journey, on: [] }],
      ['unexpected', { ...journey, on: { go: 5 } }],
      ['unexpected', { ...journey, on: { go: { target: '.a', guard: { type: 'x' } } } }],
      ['unknown_kind', { ...journey, states: { ...journey.states, b: { meta: { kind: 'x' } } } }],
      ['unknown_kind', { ...journey, states: { ...journey.states, b: { meta: 5 } } }],
      ['missing', { ...journey, states: { ...journey.states, b: { meta: kindOnly('update'), entry: {} } } }],
      [
        'unexpected',
        {
          ...journey,
          states: { ...journey.states, b: { meta: kindOnly('wait'), after: { P1D: 'end', P2D: 'end' } } },
        },
      ],
      [
        'unexpected',
        { ...journey, states: { ...journey.states, b: { meta: kindOnly('wait'), after: { P1D: 5 } } } },
      ],
      ['unexpected', { ...journey, states: { ...journey.states, b: { meta: kindOnly('waitFor') } } }],
      [
        'unexpected',
        {
          ...journey,
          states: { ...journey.states, b: { meta: kindOnly('waitFor'), on: 5, after: { P1D: 'end' } } },
        },
      ],
      [
        'unexpected',
        { ...journey, states: { ...journey.states, b: { meta: kindOnly('split'), always: 'end' } } },
      ],
      [
        'unexpected',
        {
          ...journey,
          states: {
            ...journey.states,
            b: { meta: kindOnly('condition'), always: [{ target: 'end', guard: { type: 'share' } }, 'end'] },
          },
        },
      ],
      [
        'unexpected',
        {
          ...journey,
          states: {
            ...journey.states,
            b: { meta: kindOnly('waitFor'), on: { 'time.due': 'end' }, after: { P1D: 'end' } },
          },
        },
      ],
      ['unexpected', { ...journey, states: { ...journey.states, b: { meta: kindOnly('wait'), after: {} } } }],
      ['unexpected', { ...journey, states: { ...journey.states, b: { meta: kindOnly('wait'), after: 5 } } }],
      ['unknown_part', { ...journey, states: { ...journey.states, b: { ...wait('end'), more: 1 } } }],
      [
        'unknown_part',
        { ...journey, states: { ...journey.states, b: { ...wait('end'), meta: { kind: 'wait', more: 1 } } } },
      ],
    ]
    for (const [code, document] of skeletons) {
      const lines = found(document).map((line) => line.split(' ')[0])
      expect({ document, lines }).toEqual({ document, lines: expect.arrayContaining([code]) })
      expect({ document, lines }).not.toEqual({
        document,
        lines: expect.arrayContaining(['unreachable_step']),
      })
    }
  })
})

function kindOnly(kind: string) {
  return { kind }
}

// ---- Laws ----------------------------------------------------------------------------------------------------------

const known: Known = {
  templates: MAIL_NAMES,
  segments: Object.keys(SEGMENTS),
  journeys: JOURNEY_NAMES.map(shippedJourney),
  received: ['go', 'purchase'],
  missing: { mail: ['MAIL_FROM is missing'], sms: [], web: [] },
}
const anyJourney = fc.oneof(arbitraryJourney(), fc.constantFrom(...JOURNEY_NAMES).map(shippedJourney))

test('of a journey that can be read it is what the checks say', () => {
  fc.assert(
    fc.property(anyJourney, (journey) => {
      expect(problemsOf(journey, known)).toEqual(checkJourney(journey, known))
    }),
  )
})

test('of any other it begins with what reading says, and it never throws', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 6 }),
    fc.tuple(anyJourney, fc.nat(), fc.jsonValue({ maxDepth: 3 })).map(([journey, at, value]) => {
      const paths = placesIn(journey)
      return replaced(journey, paths[at % paths.length]!, value)
    }),
  )
  fc.assert(
    fc.property(anything, (document) => {
      const read = parseJourney(document)
      const told = problemsOf(document, known)
      expect(told).toEqual(expect.arrayContaining(read.ok ? [] : [...read.problems]))
    }),
    { numRuns: 200 },
  )
})

test('what is said of a journey with unfinished parts is said of it when they are finished', () => {
  const leaf = /\/(?:when|params|audience|reentry)$|\/guard\/params\/at$/
  fc.assert(
    fc.property(anyJourney, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (journey, picks) => {
      const leaves = placesIn(journey).filter(
        (path) => leaf.test(`/${path.join('/')}`) && !path.includes('guard', path.indexOf('entry')),
      )
      fc.pre(leaves.length > 0)
      const chosen = picks.map((pick) => leaves[pick % leaves.length]!)
      const draft = chosen.reduce<unknown>((document, path) => replaced(document, path, {}), journey)
      const read = parseJourney(draft)
      fc.pre(!read.ok)
      const broken = read.ok ? [] : read.problems
      const isOld = ({ path, code }: { path: string; code: string }) =>
        broken.some((problem) => problem.path === path && problem.code === code)
      // These are told once, at the first step they are about: of a part of the journey that is another.
      const TOLD_ONCE = ['unlimited_messages', 'endless_loop', 'parallel_sends', 'parallel_waits']
      const told = ({ code, path }: { code: string; path: string }) =>
        TOLD_ONCE.includes(code) ? code : `${code} ${path}`
      const whole = new Set(checkJourney(journey, known).map(told))
      for (const problem of problemsOf(draft, known).filter((one) => !isOld(one)))
        expect({ draft, problem, isTrue: whole.has(told(problem)) }).toMatchObject({ isTrue: true })
    }),
    { numRuns: 150 },
  )
})

/** Every place of a document. */
function placesIn(document: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  const inside = isObject(document) || Array.isArray(document) ? Object.entries(document) : []
  return [at, ...inside.flatMap(([key, value]) => placesIn(value, [...at, key]))]
}

function replaced(document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const parts = document as { readonly [key: string]: unknown }
  const inner = replaced(parts[key], rest, value)
  return Array.isArray(document)
    ? document.map((item: unknown, index) => (String(index) === key ? inner : item))
    : { ...parts, [key]: inner }
}
