// Journeys with one fault each, made on purpose, and what the button that mends it does.
import { expect } from 'vitest'
import { branchesOf, type Condition, type Known, type ProblemCode, type Step } from '../../engine/index.ts'
import { draftOf, type Draft } from '../../editor/builder/document/draft.ts'
import { JOURNEY_NAMES, MAIL_NAMES, shippedJourney } from '../journeys/shipped.ts'
import { journeyOf, triggerAt, triggerTo } from './journeys.ts'
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
} from './steps.ts'

/** Other journeys that run beside the faulty ones. */
export const NEIGHBOURS = [
  journeyOf({ a: email('end'), end }, { id: 'twin' }),
  journeyOf({ ebb: decay('ebb', 'FIT') }, { id: 'fading' }),
  journeyOf({ end }, { id: 'starter', on: { 'journey.requested': triggerTo('end') } }),
]

/** What there is besides: as far as the faults need it. */
export const KNOWN: Known = {
  templates: [...MAIL_NAMES],
  segments: ['Hot'],
  journeys: [...JOURNEY_NAMES.map(shippedJourney), ...NEIGHBOURS],
  received: ['go', 'quote_requested', 'purchase'],
  attributes: ['FIRSTNAME'],
}

export function draft(
  steps: { readonly [id: string]: Step },
  more: Parameters<typeof journeyOf>[1] = {},
): Draft {
  const document = draftOf(journeyOf(steps, more))
  if (document === null) throw new Error('expected a skeleton that stands')
  return document
}

export const waits = (delay: string, next: string): Step => ({
  meta: { kind: 'wait' },
  after: { [delay]: next },
})
const both = (...all: readonly Condition[]): Condition => ({ all })
const between = (low: number, high: number) => both(score('>=', low), score('<=', high))
export const act = (kind: string, type: string, params: object): Step =>
  ({ meta: { kind }, entry: { type, params }, always: 'end' }) as unknown as Step
export const mail = (text: string) =>
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

export type FaultMade = readonly [
  code: ProblemCode,
  faulty: Draft,
  /** What the buttons say, the likeliest first. */
  labels: readonly string[],
  /** What shows that the first of them did what it says. */
  shows: (after: Draft) => unknown,
  is: unknown,
]

export const FAULTS: readonly FaultMade[] = [
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
    ['Lead here after: a', 'Take out these 2 steps'],
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
    'not_a_message',
    draft({ greeting: email('b'), b: choose(['end', { message: 'lost', was: 'clicked' }], 'end'), end }),
    ['Use “greeting”'],
    (after) => branchesOf(after.states['b']?.always)[0]?.guard?.params,
    { when: { message: 'greeting', was: 'clicked' } },
  ],
  [
    'goal_in_passing',
    draft(
      { a: update('b'), b: { ...update('end'), meta: { kind: 'update', label: 'b' } }, end },
      { meta: { goal: { when: score('>', 80) } } },
    ),
    ['Go on with “b” from the goal, too'],
    (after) => after.meta.goal,
    { when: score('>', 80), to: 'b' },
  ],
  [
    'lowered_twice',
    draft({ a: update('ebb'), ebb: decay('ebb', 'FIT') }),
    ['Leave it to “fading”'],
    (after) => [after.states['ebb'], after.states['a']?.always],
    [undefined, 'end'],
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
