/** What a version changes: nothing is overlooked, and only what moves nobody counts as a detail. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { areDetails, changesOf, countChanges, type StepPart } from '../../engine/changes.ts'
import type { EmailParams, UpdateParams, WebhookParams } from '../../engine/dialect/actions.ts'
import type { Step } from '../../engine/dialect/steps.ts'
import type { Journey, JourneyMeta } from '../../engine/journey.ts'
import { END, mail, notify, points, split, update, wait, webhook } from '../support/entries.ts'
import { arbitrarySoundJourney, journeyOf, triggerTo } from '../support/journeys.ts'

const OVER: Step = {
  meta: { kind: 'condition' },
  always: [
    {
      target: 'pause',
      guard: { type: 'holds', params: { when: { field: 'SCORE', operator: '>', value: 80 } } },
    },
    { target: 'end' },
  ],
}
const QUIET: Step = {
  meta: { kind: 'decay' },
  after: {
    'inactive P30D': {
      target: 'quiet',
      reenter: true,
      actions: [{ type: 'updateAttribute', params: { attribute: 'SCORE', subtract: 10 } }],
    },
  },
}
const STEPS: { readonly [id: string]: Step } = {
  points: points(10, 'over'),
  over: OVER,
  pause: wait('P3D', 'mail'),
  mail: mail('tell'),
  tell: notify('call'),
  call: webhook('drawn', 'drawn', 'drawn'),
  drawn: split([50, 'end', 'A'], [50, 'quiet']),
  quiet: QUIET,
  end: END,
}
const BEFORE = journeyOf(STEPS)

function withStep(id: string, step: Step): Journey {
  return { ...BEFORE, states: { ...BEFORE.states, [id]: step } }
}

function withMeta(meta: Partial<JourneyMeta>): Journey {
  return { ...BEFORE, meta: { ...BEFORE.meta, ...meta } }
}

function written(params: EmailParams): Step {
  return { ...mail('tell'), entry: { type: 'sendEmail', params } }
}

function calling(more: Partial<WebhookParams>): Step {
  return webhook('drawn', 'drawn', 'drawn', more)
}

function otherwise(step: Step, change: (text: string) => string): Step {
  return JSON.parse(change(JSON.stringify(step))) as Step
}

const score = (params: Partial<UpdateParams>) => update({ attribute: 'SCORE', ...params }, 'over')
const NEWS = { subject: 'News', html: '<p>News</p>', messageType: 'promotional' } as const

describe('one step', () => {
  const cases: readonly (readonly [what: string, id: string, step: Step, parts: readonly StepPart[]])[] = [
    ['its label', 'points', { ...points(10, 'over'), meta: { kind: 'update', label: 'Thanks' } }, ['texts']],
    ['its note', 'points', { ...points(10, 'over'), meta: { kind: 'update', note: 'Why' } }, ['texts']],
    ['its points', 'points', points(15, 'over'), ['points']],
    ['points taken instead', 'points', score({ subtract: 10 }), ['points']],
    ['a cap', 'points', points(10, 'over', { cap: { points: 50, per: 'P1D' } }), ['points']],
    ['a cooldown and a floor', 'points', points(10, 'over', { cooldown: 'P1D', floor: 0 }), ['points']],
    ['points of the event', 'points', score({ add: { event: 'quantity', times: 2 } }), ['points', 'rest']],
    ['the attribute', 'points', update({ attribute: 'FIT', add: 10 }, 'over'), ['rest']],
    ['points of a decay', 'quiet', otherwise(QUIET, (text) => text.replace(':10', ':5')), ['points']],
    ['the time of a decay', 'quiet', otherwise(QUIET, (text) => text.replace('P30D', 'P60D')), ['delay']],
    ['a delay', 'pause', wait('P2D', 'mail'), ['delay']],
    ['a delay and a way', 'pause', wait('P2D', 'end'), ['delay', 'ways']],
    ['a template', 'mail', written({ template: 'other', messageType: 'promotional' }), ['texts']],
    ['a text written here', 'mail', written(NEWS), ['texts']],
    ['the type of a mail', 'mail', written({ template: 'welcome', messageType: 'newsletter' }), ['rest']],
    [
      'how often a mail comes',
      'mail',
      written({ template: 'welcome', messageType: 'promotional', again: 'P7D' }),
      ['rest'],
    ],
    [
      'what a notice says',
      'tell',
      otherwise(notify('call'), (text) => text.replace('A lead', 'Look')),
      ['texts'],
    ],
    ['whom it tells', 'tell', otherwise(notify('call'), (text) => text.replace('sales@', 'team@')), ['rest']],
    ['whom it calls', 'call', calling({ url: 'https://crm.example.com/people' }), ['rest']],
    ['a condition', 'over', otherwise(OVER, (text) => text.replace('80', '90')), ['conditions']],
    [
      'nothing chosen',
      'over',
      otherwise(OVER, (text) => text.replace(/\{"field.*?\}/, '{"all":[]}')),
      ['conditions'],
    ],
    ['shares', 'drawn', split([40, 'end', 'A'], [60, 'quiet']), ['conditions']],
    ['the name of a way', 'drawn', split([50, 'end', 'B'], [50, 'quiet']), ['texts']],
    ['where a way leads', 'drawn', split([50, 'quiet', 'A'], [50, 'quiet']), ['ways']],
    ['the kind', 'points', wait('P1D', 'over'), ['kind']],
  ]
  test.each(cases)('%s', (_, id, step, parts) => {
    expect(changesOf(BEFORE, withStep(id, step))).toEqual({
      added: [],
      removed: [],
      changed: [{ step: id, parts }],
      entry: [],
      settings: [],
    })
  })

  test('moved on the canvas is no change', () => {
    const moved = { ...points(10, 'over'), meta: { kind: 'update', offset: { x: 10, y: 20 } } } as const
    expect(countChanges(changesOf(BEFORE, withStep('points', moved)))).toBe(0)
    const end = { type: 'final', meta: { kind: 'end', offset: { x: 10, y: 20 } } } as const
    expect(countChanges(changesOf(BEFORE, withStep('end', end)))).toBe(0)
  })

  test('a way is the same however it is written, and events of any name are told apart', () => {
    const step = (on: NonNullable<Step['on']>) => withStep('pause', { ...wait('P1D', 'end'), on })
    expect(countChanges(changesOf(step({ a: 'end' }), step({ a: { target: 'end' } })))).toBe(0)
    expect(countChanges(changesOf(step({ 'a/0': 'end' }), step({ a: ['end'] })))).toBe(1)
  })
})

describe('the journey', () => {
  test('nothing changed is nothing, whatever order it is written in', () => {
    const { states, ...rest } = BEFORE
    const turned = { states: Object.fromEntries(Object.entries(states).toReversed()), ...rest }
    expect(countChanges(changesOf(BEFORE, turned))).toBe(0)
  })

  test('of a first version everything is new', () => {
    expect(changesOf(undefined, BEFORE)).toEqual({
      added: Object.keys(STEPS),
      removed: [],
      changed: [],
      entry: [],
      settings: [],
    })
  })

  test('steps that come and go, who enters and what it says of itself are counted once each', () => {
    const { points: _, ...others } = STEPS
    const after = journeyOf(
      { ...others, more: wait('P1D', 'over') },
      {
        on: { go: triggerTo('more', { everybody: true }), come: triggerTo('over') },
        meta: { name: 'Other', stage: 'awareness' },
      },
    )
    const changes = changesOf(BEFORE, after)
    expect(changes).toEqual({
      added: ['more'],
      removed: ['points'],
      changed: [],
      entry: ['conditions', 'ways'],
      settings: ['name', 'stage'],
    })
    expect(countChanges(changes)).toBe(5)
    expect(areDetails(changes)).toBe(false)
  })

  test('no change is overlooked: what is not the same is counted', () => {
    fc.assert(
      fc.property(arbitrarySoundJourney(), arbitrarySoundJourney(), (one, other) => {
        const same = countChanges(changesOf(one, other)) === 0
        expect(countChanges(changesOf(one, one))).toBe(0)
        expect(same).toBe(countChanges(changesOf(other, one)) === 0)
        if (same) expect(Object.keys(other.states).toSorted()).toEqual(Object.keys(one.states).toSorted())
      }),
      { numRuns: 100 },
    )
  })
})

describe('details', () => {
  test.each([
    ['texts', withStep('mail', written(NEWS)), true],
    ['points', withStep('points', points(15, 'over')), true],
    ['delays', withStep('pause', wait('P2D', 'mail')), true],
    [
      'the name of a trigger',
      { ...BEFORE, on: { go: { ...triggerTo('points'), meta: { label: 'Go' } } } },
      true,
    ],
    ['a description', withMeta({ description: 'More' }), true],
    [
      'a condition',
      withStep(
        'over',
        otherwise(OVER, (text) => text.replace('80', '90')),
      ),
      false,
    ],
    ['a way', withStep('drawn', split([50, 'quiet', 'A'], [50, 'quiet'])), false],
    ['whom it calls', withStep('call', calling({ method: 'PUT' })), false],
    ['who enters', { ...BEFORE, on: { come: triggerTo('points') } }, false],
    ['a goal', withMeta({ goal: { when: { everybody: true } } }), false],
    ['a new step', withStep('more', wait('P1D', 'end')), false],
  ])('%s', (_, after, details) => {
    const changes = changesOf(BEFORE, after)
    expect(countChanges(changes)).toBe(1)
    expect(areDetails(changes)).toBe(details)
  })
})
