/** What is wrong with a draft: at which card it is told, in which order, and what its mending buttons do. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  branchesOf,
  kindOf,
  problemsOf,
  stepsOf,
  type Condition,
  type Known,
  type Problem,
  type ProblemCode,
  type Step,
} from '../../engine/index.ts'
import { insertStep, isRefusal, type Command } from '../../editor/builder/document/commands.ts'
import { draftOf, type Draft } from '../../editor/builder/document/draft.ts'
import { graphOf } from '../../editor/builder/document/graph.ts'
import { placesFrom, placesOf, withTarget } from '../../editor/builder/document/places.ts'
import { mendsOf } from '../../editor/builder/problems/mends.ts'
import { groupedByPlace, placeOf, problemsAt, withoutFresh } from '../../editor/builder/problems/where.ts'
import { JOURNEY_NAMES, MAIL_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { journeyOf, triggerAt, triggerTo } from '../support/journeys.ts'
import {
  awaited,
  calls,
  choose,
  decay,
  email,
  end,
  guarded,
  join,
  score,
  sms,
  update,
  wait,
} from '../support/steps.ts'

const KNOWN: Known = {
  templates: [...MAIL_NAMES],
  segments: ['Hot'],
  journeys: [
    ...JOURNEY_NAMES.map(shippedJourney),
    journeyOf({ a: email('end'), end }, { id: 'twin' }),
    journeyOf({ end }, { id: 'starter', on: { 'journey.requested': triggerTo('end') } }),
  ],
  received: ['go', 'quote_requested', 'purchase'],
  attributes: ['FIRSTNAME'],
}
const name = (id: string) => id

function draft(steps: { readonly [id: string]: Step }, more: Parameters<typeof journeyOf>[1] = {}): Draft {
  const document = draftOf(journeyOf(steps, more))
  if (document === null) throw new Error('expected a skeleton that stands')
  return document
}

function mended(before: Draft, command: Command): Draft {
  const after = command(before)
  if (isRefusal(after)) throw new Error(`refused: ${after.refused}`)
  expect(draftOf(after)).toBe(after)
  return after
}

const waits = (delay: string, next: string): Step => ({ meta: { kind: 'wait' }, after: { [delay]: next } })
const both = (...all: readonly Condition[]): Condition => ({ all })
const between = (low: number, high: number) => both(score('>=', low), score('<=', high))
const act = (kind: string, type: string, params: object): Step =>
  ({ meta: { kind }, entry: { type, params }, always: 'end' }) as unknown as Step
const mail = (text: string) =>
  act('email', 'sendEmail', { subject: 'Hi', body: [{ text }], messageType: 'transactional' })
const shares = (...bounds: [number, number][]): Step => ({
  meta: { kind: 'split' },
  always: bounds.map(([from, to]) => ({
    target: 'end',
    guard: { type: 'share' as const, params: { from, to } },
  })),
})
const once = { reentry: { policy: 'once' } } as const
const often = { reentry: { policy: 'afterExit' } } as const

// ---- Mends -----------------------------------------------------------------------------------------------------------

/** A fault made on purpose, the buttons that mend it, and what shows that the first of them did what it says. */
const FAULTS: readonly [
  code: ProblemCode,
  faulty: Draft,
  labels: readonly string[],
  shows: (after: Draft) => unknown,
  is: unknown,
][] = [
  [
    'endless_loop',
    draft({ a: update('b'), b: choose(['c', score('<', 50)], 'end'), c: update('a'), end }),
    ['Insert a wait of 1 day'],
    (after) => [after.states['c']?.always, after.states['wait']],
    ['wait', { meta: { kind: 'wait' }, after: { P1D: 'a' } }],
  ],
  [
    'endless_loop',
    draft({ a: awaited(calls(''), 'a', 'a'), end }),
    ['Insert a wait of 1 day'],
    (after) => after.states['a']?.on,
    { 'step.done': 'wait', 'step.failed': 'wait' },
  ],
  [
    'endless_loop',
    draft({ a: update('b'), b: waits('between 09:00-17:00', 'a'), end }),
    ['Insert a wait of 1 day'],
    (after) => after.states['b']?.after,
    { 'between 09:00-17:00': 'wait' },
  ],
  [
    'no_time_out',
    draft({ a: { meta: { kind: 'waitFor' }, on: { go: 'end' } }, end }),
    ['Go on after 7 days'],
    (after) => after.states['a']?.after,
    { P7D: 'end2' },
  ],
  [
    'unreachable_step',
    draft({ a: wait('end'), b: update('c'), c: update('end'), end }),
    ['Lead here from a', 'Take out these 2 steps'],
    (after) => after.states['a']?.after,
    { P1D: 'b' },
  ],
  [
    'unreachable_step',
    draft({ a: wait('a'), b: update('b2'), b2: wait('b'), end }),
    ['Take out these 2 steps'],
    (after) => Object.keys(after.states),
    ['outside', 'a', 'end'],
  ],
  [
    'unreachable_branch',
    draft({
      a: choose(['b', score('>', 80)], ['c', score('>', 90)], 'end'),
      b: update('end'),
      c: update('end'),
      end,
    }),
    ['Take this way out'],
    (after) => [branchesOf(after.states['a']?.always).length, after.states['c']],
    [2, undefined],
  ],
  [
    'unreachable_branch',
    draft({
      a: choose(['b', both(score('>', 80), score('<', 50))], 'c'),
      b: update('end'),
      c: update('end'),
      end,
    }),
    ['Take this way out'],
    (after) => [after.on['go'], Object.keys(after.states)],
    [triggerTo('c'), ['outside', 'c', 'end']],
  ],
  [
    'unreachable_branch',
    draft({ end }, { on: { go: [triggerTo('end'), triggerTo('end')] } }),
    ['Take this way in out'],
    (after) => after.on,
    { go: triggerTo('end') },
  ],
  [
    'unreachable_branch',
    draft({
      a: { meta: { kind: 'waitFor' }, on: { go: ['b', guarded('c', score('>', 1))] }, after: { P1D: 'end' } },
      b: update('end'),
      c: update('end'),
      end,
    }),
    ['Take this way out'],
    (after) => [after.states['a']?.on, after.states['c']],
    [{ go: 'b' }, undefined],
  ],
  [
    'unreachable_branch',
    draft({
      a: {
        meta: { kind: 'waitFor' },
        always: [guarded('b', score('>', 1)), guarded('c', score('>', 2))],
        after: { P1D: 'end' },
      },
      b: update('end'),
      c: update('end'),
      end,
    }),
    ['Take this way out'],
    (after) => after.states['a']?.always,
    [guarded('b', score('>', 1))],
  ],
  [
    'behind_ending',
    draft(
      { a: choose(['b', score('>', 90)], 'end'), b: update('end'), end },
      { meta: { goal: { when: score('>', 80) } } },
    ),
    ['Take this way out'],
    (after) => Object.keys(after.states),
    ['outside', 'end'],
  ],
  [
    'decay_target',
    draft({ a: decay('b'), b: update('end'), end }),
    ['Let it repeat'],
    (after) => [branchesOf(after.states['a']?.after?.['inactive P30D'])[0]?.target, after.states['b']],
    ['a', undefined],
  ],
  [
    'leave_target',
    draft({ a: { meta: { kind: 'leave' }, always: 'b' }, b: update('end'), end }),
    ['End here'],
    (after) => Object.keys(after.states),
    ['outside', 'a', 'end2'],
  ],
  [
    'not_a_message',
    draft({ mail: email('b'), b: choose(['end', { message: 'mial', was: 'clicked' }], 'end'), end }),
    ['Use “mail”'],
    (after) => branchesOf(after.states['b']?.always)[0]?.guard?.params,
    { when: { message: 'mail', was: 'clicked' } },
  ],
  [
    'unknown_template',
    draft({ a: act('email', 'sendEmail', { template: 'welcom', messageType: 'transactional' }), end }),
    ['Use “welcome”'],
    (after) => after.states['a']?.entry?.params,
    { template: 'welcome', messageType: 'transactional' },
  ],
  [
    'unknown_journey',
    draft({ a: act('startJourney', 'startJourney', { journey: 'startr' }), end }, { meta: once }),
    ['Use “starter”'],
    (after) => after.states['a']?.entry?.params,
    { journey: 'starter' },
  ],
  [
    'unknown_segment',
    draft({ a: choose(['end', both({ list: 'A' }, { segment: 'Hod' })], 'end'), end }),
    ['Use “Hot”'],
    (after) => branchesOf(after.states['a']?.always)[0]?.guard?.params,
    { when: { all: [{ list: 'A' }, { segment: 'Hot' }] } },
  ],
  [
    'stored_score',
    draft({ a: calls('end', { SCORE: '/score', TIER: '/tier' }), end }),
    ['Do not keep Score'],
    (after) => after.states['a']?.entry?.params,
    { url: 'https://crm.example.com', method: 'POST', store: { TIER: '/tier' } },
  ],
  [
    'stored_score',
    draft({ a: calls('end', { SCORE: '/score' }), end }),
    ['Do not keep Score'],
    (after) => after.states['a']?.entry?.params,
    { url: 'https://crm.example.com', method: 'POST' },
  ],
  [
    'endless_circle',
    draft({ a: update('end'), end }, { on: { 'score.changed': triggerTo('a') } }),
    ['Let everybody in only once'],
    (after) => after.meta.reentry,
    { policy: 'once' },
  ],
  [
    'parallel_sends',
    draft({ a: mail('Hello'), end }, { meta: { reentry: { policy: 'parallel' } } }),
    ['Let everybody in only once'],
    (after) => after.meta.reentry,
    { policy: 'once' },
  ],
  [
    'parallel_waits',
    draft({ a: wait('end'), end }, { meta: { reentry: { policy: 'parallel' } } }),
    ['Let everybody in only once'],
    (after) => after.meta.reentry,
    { policy: 'once' },
  ],
  [
    'only_once',
    draft(
      { a: mail('Hello'), end },
      { on: { 'time.due': triggerAt('at 09:00 mon', 'a', { everybody: true }) } },
    ),
    ['Let in again after leaving'],
    (after) => after.meta.reentry,
    { policy: 'afterExit' },
  ],
  [
    'nobody_named',
    draft({ a: mail('Hello'), end }, { on: { 'time.due': triggerAt('at 09:00 mon', 'a') }, meta: often }),
    ['Let everybody in'],
    (after) => after.on['time.due'],
    triggerAt('at 09:00 mon', 'a', { everybody: true }),
  ],
  [
    'time_elsewhere',
    draft({ a: update('end'), end }, { on: { go: triggerAt('at 09:00', 'a', { list: 'A' }) } }),
    ['Take the time out'],
    (after) => after.on,
    { go: triggerTo('a', { list: 'A' }) },
  ],
  [
    'time_elsewhere',
    draft(
      { a: update('end'), end },
      { on: { go: [triggerTo('a', { list: 'A' }), triggerAt('at 09:00', 'a')] } },
    ),
    ['Take the time out'],
    (after) => after.on,
    { go: [triggerTo('a', { list: 'A' }), triggerTo('a')] },
  ],
  [
    'never_opens',
    draft({ a: waits('between 18:30-18:30 mon', 'end'), end }),
    ['Open it for 8 hours'],
    (after) => after.states['a']?.after,
    { 'between 18:30-02:30 mon': 'end' },
  ],
  [
    'unexpected',
    draft({ a: shares([0, 50], [50, 70], [70, 90]), end }),
    ['Make the shares equal'],
    (after) => branchesOf(after.states['a']?.always).map(({ guard }) => guard?.params),
    [
      { from: 0, to: 34 },
      { from: 34, to: 67 },
      { from: 67, to: 100 },
    ],
  ],
  [
    'unexpected',
    draft({
      a: {
        meta: { kind: 'condition' },
        always: [guarded('b', score('>', 1)), guarded('end', score('<', 0))],
      },
      b: update('end'),
      end,
    }),
    ['Add “Everyone else”'],
    (after) => branchesOf(after.states['a']?.always).at(-1),
    { target: 'end2' },
  ],
  [
    'messages_together',
    draft({
      a: email('b', 'welcome'),
      b: choose(['c', score('>', 1)], 'd'),
      c: sms('end'),
      d: update('c'),
      end,
    }),
    ['Insert a wait of 1 day'],
    (after) => [branchesOf(after.states['b']?.always)[0]?.target, after.states['d']?.always],
    ['wait', 'wait2'],
  ],
  [
    'messages_together',
    draft({ a: awaited(sms(''), 'b', 'end'), b: email('end', 'welcome'), end }),
    ['Insert a wait of 1 day'],
    (after) => after.states['a']?.on,
    { 'step.done': 'wait', 'step.failed': 'end' },
  ],
  [
    'unlimited_messages',
    draft({
      a: email('b', 'welcome'),
      b: wait('c'),
      c: choose(['a', score('<', 50)], ['a', score('<', 60)], 'end'),
      end,
    }),
    ['Send it at most 3 times'],
    (after) => [branchesOf(after.states['c']?.always).map(({ target }) => target), after.states['check']],
    [
      ['check', 'check', 'end'],
      {
        meta: { kind: 'condition' },
        always: [
          guarded('a', { count: { event: 'email.sent', since: 'entering' }, operator: '<', value: 3 }),
          { target: 'end2' },
        ],
      },
    ],
  ],
  [
    'short_wait',
    draft({ a: waits('PT2M', 'b'), b: email('end', 'welcome'), end }),
    ['Wait an hour'],
    (after) => after.states['a']?.after,
    { PT1H: 'b' },
  ],
  [
    'never_received',
    draft(
      { a: update('end'), end },
      { on: { quote_requestd: [triggerTo('a', { list: 'A' }), triggerTo('a')] } },
    ),
    ['Listen to “quote_requested”'],
    (after) => after.on,
    { quote_requested: [triggerTo('a', { list: 'A' }), triggerTo('a')] },
  ],
  [
    'never_received',
    draft({ a: update('end'), end }, { on: { quote_requestd: triggerTo('a') } }),
    ['Listen to “quote_requested”'],
    (after) => after.on,
    { quote_requested: triggerTo('a') },
  ],
  [
    'gap',
    draft({ a: choose(['end', between(20, 49)], ['end', between(50, 80)], 'end'), end }),
    ['Close the gap'],
    (after) => branchesOf(after.states['a']?.always)[0]?.guard?.params,
    { when: both(score('>=', 20), score('<', 50)) },
  ],
  [
    'gap',
    draft({ a: choose(['end', score('>', 50)], ['end', score('<', 50)], 'end'), end }),
    ['Close the gap'],
    (after) => branchesOf(after.states['a']?.always)[1]?.guard?.params,
    { when: score('<=', 50) },
  ],
  [
    'overlap',
    draft({ a: choose(['end', between(20, 50)], ['end', between(50, 80)], 'end'), end }),
    ['Keep them apart'],
    (after) => branchesOf(after.states['a']?.always)[1]?.guard?.params,
    { when: both(score('>', 50), score('<=', 80)) },
  ],
  [
    'overlap',
    draft({
      a: choose(['end', both(score('>', 50), score('<=', 80))], ['end', between(20, 60)], 'end'),
      end,
    }),
    ['Keep them apart'],
    (after) => branchesOf(after.states['a']?.always)[1]?.guard?.params,
    { when: both(score('>=', 20), score('<=', 50)) },
  ],
  [
    'band_lists_added',
    draft({
      band: choose(['warm', score('<', 50)], ['hot', score('>=', 50)], 'end'),
      warm: join('end', 'Warm'),
      hot: join('end', 'Hot'),
      end,
    }),
    ['Move from there instead'],
    (after) => after.states['hot'],
    {
      meta: { kind: 'moveToList' },
      entry: { type: 'moveToList', params: { list: 'Hot', from: ['Warm'] } },
      always: 'end',
    },
  ],
  [
    'windows_apart',
    draft({ a: waits('between 09:00-12:00', 'b'), b: waits('between 13:00-17:00', 'end'), end }),
    ['Keep only the second'],
    (after) => Object.keys(after.states),
    ['outside', 'b', 'end'],
  ],
  [
    'mails_on_a_day',
    draft({ a: email('end', 'welcome'), end }),
    ['Wait a day first'],
    (after) => [after.on['go'], after.states['wait']],
    [triggerTo('wait'), { meta: { kind: 'wait' }, after: { P1D: 'a' } }],
  ],
  [
    'no_fallback',
    draft({
      a: mail('Dear {{ contact.FIRSTNAME }}, {{contact.LASTNAME}} {{ contact.FIRSTNAME | default: "x" }}'),
      end,
    }),
    ['Say “there” instead'],
    (after) => after.states['a']?.entry?.params,
    expect.objectContaining({
      body: [
        {
          text: 'Dear {{ contact.FIRSTNAME | default: "there" }}, {{contact.LASTNAME}} {{ contact.FIRSTNAME | default: "x" }}',
        },
      ],
    }),
  ],
  [
    'unknown_field',
    draft({ a: mail('FRISTNAME: {{ contact.FRISTNAME | default: "there" }}'), end }),
    ['Use “Firstname”'],
    (after) => after.states['a']?.entry?.params,
    expect.objectContaining({ body: [{ text: 'FRISTNAME: {{ contact.FIRSTNAME | default: "there" }}' }] }),
  ],
  [
    'bad_address',
    draft({
      a: act('email', 'sendEmail', {
        subject: 'Hi',
        body: [{ button: 'Go', url: 'example.com/x' }],
        messageType: 'transactional',
      }),
      end,
    }),
    ['Use “https://example.com/x”'],
    (after) => after.states['a']?.entry?.params,
    expect.objectContaining({ body: [{ button: 'Go', url: 'https://example.com/x' }] }),
  ],
]

describe('the button that mends', () => {
  test.each(FAULTS)('%s', (code, faulty, labels, shows, is) => {
    const before = problemsOf(faulty, KNOWN)
    const problem = before.find((each) => each.code === code) as Problem
    expect(before.map((each) => each.code)).toContain(code)
    const mends = mendsOf(problem, faulty, name)
    expect(mends.map(({ label }) => label)).toEqual(labels)
    for (const { command } of mends) expectMended(problem, faulty, mended(faulty, command))
    expect(shows(mended(faulty, mends[0]!.command))).toEqual(is)
  })

  test('is missing where only a person can tell', () => {
    const alone: readonly [ProblemCode, Draft][] = [
      ['unfinished', draft({ a: join('end', ''), end })],
      ['no_trigger', draft({ end }, { on: {} })],
      ['unknown_template', draft({ a: email('end', 'something else'), end })],
      ['unknown_segment', draft({ a: choose(['end', { segment: 'Nothing like it' }], 'end'), end })],
      ['never_received', draft({ a: update('end'), end }, { on: { other: triggerTo('a') } })],
      [
        'behind_ending',
        draft(
          { a: update('end'), end },
          { on: { go: triggerTo('a', score('>', 90)) }, meta: { goal: { when: score('>', 80) } } },
        ),
      ],
      [
        'goal_in_passing',
        draft({ a: update('b'), b: update('end'), end }, { meta: { goal: { when: score('>', 80) } } }),
      ],
      ['bad_address', draft({ a: mail('[here](somewhere)'), end })],
      ['unexpected', draft({ a: waits('3 dys', 'end'), end })],
      [
        'unreachable_step',
        draft(
          { a: wait('a'), b: act('sms', 'sendSms', { text: 'x', messageType: 'transactional' }), end },
          { meta: { goal: { when: { message: 'b', was: 'clicked' } } } },
        ),
      ],
      ['gap', draft({ a: choose(['end', { not: score('>=', 50) }], ['end', score('>', 50)], 'end'), end })],
      [
        'overlap',
        draft({
          a: choose(['end', { any: [score('<', 50)] }], ['end', { any: [score('>', 20)] }], 'end'),
          end,
        }),
      ],
    ]
    for (const [code, faulty] of alone) {
      const problem = problemsOf(faulty, KNOWN).find((each) => each.code === code) as Problem
      expect({ code, mends: problem && mendsOf(problem, faulty, name) }).toEqual({ code, mends: [] })
    }
    expect(
      mendsOf({ severity: 'error', code: 'of another day', path: '', detail: '' }, draft({ end }), name),
    ).toEqual([])
  })

  test('does nothing where the draft has changed since', () => {
    for (const [code, faulty] of FAULTS) {
      const problem = problemsOf(faulty, KNOWN).find((each) => each.code === code) as Problem
      const other = draft({ z: update('end'), end })
      for (const { command } of mendsOf(problem, faulty, name)) command(other)
      for (const { command } of mendsOf(problem, other, name)) command(other)
    }
    expect(FAULTS.length).toBeGreaterThan(30)
  })
})

/** As long as one of these is there, nothing else can be told. */
const HIDING: readonly string[] = ['decay_target', 'leave_target', 'unexpected']

/** The problem is gone, and no other error came. */
function expectMended(problem: Problem, before: Draft, after: Draft): void {
  const told = problemsOf(before, KNOWN)
  const left = problemsOf(after, KNOWN)
  expect(left).not.toContainEqual(problem)
  if (told.some(({ code }) => HIDING.includes(code))) return
  // A wait in front of a step that was in trouble already is in the same; so is what only a lost step leads to.
  const isNew = ({ path }: Problem) => !Object.hasOwn(before.states, path.replace('/states/', ''))
  const isOfThat = (each: Problem) =>
    (each.code === 'dead_end' && isNew(each)) ||
    (each.code === 'unreachable_step' && told.some(({ code }) => code === 'unreachable_step'))
  const codes = (of: readonly Problem[]) =>
    of.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  const known = codes(told)
  // Which journeys set each other off the page does not know: where a step comes to life it may be one of theirs.
  const isTheirs = ({ code }: Problem) => problem.code === 'unreachable_step' && code === 'endless_circle'
  for (const code of codes(left.filter((each) => !isOfThat(each) && !isTheirs(each)))) {
    expect(known).toContain(code)
    known.splice(known.indexOf(code), 1)
  }
}

test('in a shipped journey with faults planted at random, each button mends what it says and breaks nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...JOURNEY_NAMES),
      fc.array(fc.tuple(fc.constantFrom(...PLANTS), fc.nat()), { minLength: 1, maxLength: 3 }),
      (journey, plants) => {
        const faulty = plants.reduce((so, [plant, at]) => plant(so, at), shippedJourney(journey))
        fc.pre(draftOf(faulty) !== null)
        for (const problem of problemsOf(faulty, KNOWN))
          for (const { command } of mendsOf(problem, faulty, name))
            expectMended(problem, faulty, mended(faulty, command))
        expect(draftOf(faulty)).toBe(faulty)
      },
    ),
    { numRuns: 200 },
  )
})

type Plant = (draft: Draft, at: number) => Draft
const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length]!
const commanded = (draft: Draft, command: Command): Draft => {
  const after = command(draft)
  return isRefusal(after) ? draft : after
}
const withStep = (draft: Draft, id: string, step: Step): Draft => ({
  ...draft,
  states: { ...draft.states, [id]: step },
})
const somewhere = (draft: Draft, at: number) => pick(placesOf(draft), at)
const anyStep = (draft: Draft, at: number) => pick(stepsOf(draft), at)

const PLANTS: readonly Plant[] = [
  // another message at the same moment, or a decision, a wait, a list that is not filled in
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'sms')),
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'email')),
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'condition')),
  (draft, at) => commanded(draft, insertStep(somewhere(draft, at), 'addToList')),
  // a way that leads to any other step, back or ahead
  (draft, at) => withTarget(draft, somewhere(draft, at), anyStep(draft, at >> 4)[0]),
  (draft, at) => withTarget(draft, somewhere(draft, at), anyStep(draft, at >> 5)[0]),
  // a step that nothing leads to
  (draft, at) => withStep(draft, 'lost', update(anyStep(draft, at)[0])),
  // every time, side by side
  (draft) => ({ ...draft, meta: { ...draft.meta, reentry: { policy: 'parallel' } } }),
  (draft) => ({ ...draft, meta: { ...draft.meta, goal: { when: score('>', 4) } } }),
  // shorter waits, no time-outs
  (draft, at) => {
    const waiting = stepsOf(draft).filter(([, step]) => kindOf(step) === 'wait')
    if (waiting.length === 0) return draft
    const [id, step] = pick(waiting, at)
    return withStep(draft, id, { ...step, after: { PT1M: Object.values(step.after ?? {})[0] ?? id } })
  },
  (draft, at) => {
    const [id, step] = anyStep(draft, at)
    const { after: _, ...rest } = step
    return kindOf(step) === 'waitFor' && placesFrom(draft, id).length > 1 ? withStep(draft, id, rest) : draft
  },
  // triggers twice
  (draft) => {
    const [event, on] = Object.entries(draft.on)[0]!
    return Array.isArray(on) ? draft : { ...draft, on: { ...draft.on, [event]: [on, on] as never } }
  },
]

// ---- Where problems are told -----------------------------------------------------------------------------------------

const problem = (severity: Problem['severity'], path: string, code: ProblemCode = 'unfinished'): Problem => ({
  severity,
  code,
  path,
  detail: `${severity} at ${path}`,
})

describe('a problem is told', () => {
  const journey = draft(
    { a: update('b'), b: wait('end'), end },
    {
      on: { go: triggerTo('a'), 'score.changed': [triggerTo('a'), triggerTo('b')] },
      meta: { goal: { when: score('>', 80) } },
    },
  )

  test.each([
    ['/states/b/after/P1D', 'b'],
    ['/states/gone/after', null],
    ['/states/outside', null],
    ['/on', 'outside'],
    ['/on/go/guard/params/when', 'outside:trigger:0:go'],
    ['/on/score.changed/1/guard', 'outside:trigger:1:score.changed'],
    ['/on/gone', 'outside'],
    ['/meta/goal/when', 'outside:goal'],
    ['/meta/exits/0/when', 'outside:exits'],
    ['/meta/audience', 'outside:audience'],
    ['/meta/reentry/key', 'outside:reentry'],
    ['/meta/name', null],
    ['', null],
  ])('of %s at %s', (path, id) => {
    expect(placeOf(path, journey)).toBe(id)
  })

  const problems = [
    problem('warning', '/states/b'),
    problem('warning', '/on/go'),
    problem('error', '/states/b/after'),
    problem('warning', '/states/a'),
    problem('error', ''),
  ]

  test('at its card, errors first; the frame has those of all its parts', () => {
    expect(problemsAt(problems, journey, 'b').map(({ path }) => path)).toEqual([
      '/states/b/after',
      '/states/b',
    ])
    expect(problemsAt(problems, journey, 'outside').map(({ path }) => path)).toEqual(['/on/go'])
    expect(problemsAt(problems, journey, 'end')).toEqual([])
  })

  test('in the order of the journey, cards with errors first', () => {
    const graph = graphOf({ journey, journeyName: name, subject: () => undefined })
    const groups = groupedByPlace(problems, journey, graph)
    expect(groups.map(({ id, problems: own }) => [id, own.map(({ severity }) => severity)])).toEqual([
      [null, ['error']],
      ['b', ['error', 'warning']],
      ['outside:trigger:0:go', ['warning']],
      ['a', ['warning']],
    ])
  })

  test('not while its card is filled in for the first time', () => {
    expect(withoutFresh(problems, journey, new Set())).toBe(problems)
    expect(withoutFresh(problems, journey, new Set(['b'])).map(({ path }) => path)).toEqual([
      '/on/go',
      '/states/a',
      '',
    ])
  })
})
