/** What a new step of each kind begins as: sensible where one can be sensible, unfinished where only a person knows. */
import { STAGES, type Condition, type Step, type StepKind } from '../../../engine/index.ts'
import { END } from './draft.ts'
import { isSame } from './same.ts'

/** Nothing chosen yet. An error until something is: never "everybody". */
export const NOTHING_CHOSEN = { all: [] } as const satisfies Condition

/** Whether nothing is chosen yet; of a draft, which may say anything. */
export function isNothingChosen(when: unknown): boolean {
  return isSame(when, NOTHING_CHOSEN)
}

/** What ids of new steps are made of. */
export const STEP_NAMES: { readonly [Kind in StepKind]: string } = {
  update: 'points',
  condition: 'check',
  split: 'split',
  wait: 'wait',
  waitFor: 'until',
  decay: 'fade',
  addToList: 'list',
  removeFromList: 'list',
  moveToList: 'list',
  email: 'mail',
  sms: 'sms',
  webhook: 'call',
  notify: 'notice',
  stage: 'stage',
  startJourney: 'start',
  leave: 'leave',
  end: 'end',
}

interface Ends {
  /** The new step's own id. */
  readonly own: string
  /** Where it goes on. */
  readonly next: string
  /** A step for a second way: an end that is made for it. */
  readonly other: () => string
  /** The message nearest before it, of which a wait may ask whether it was clicked. */
  readonly message: string | undefined
}

/** A new step of a kind. A message goes on at once; a webhook waits for its answer, and goes the same way whatever it is. */
export const NEW_STEP: { readonly [Kind in StepKind]: (ends: Ends) => Step } = {
  update: ({ next }) => ({
    meta: { kind: 'update' },
    entry: { type: 'updateAttribute', params: { attribute: 'SCORE', add: 10 } },
    always: next,
  }),
  condition: ({ next, other }) => ({
    meta: { kind: 'condition' },
    always: [
      { target: next, guard: { type: 'holds', params: { when: NOTHING_CHOSEN } } },
      { target: other() },
    ],
  }),
  split: ({ next, other }) => ({
    meta: { kind: 'split' },
    always: [
      { target: next, guard: { type: 'share', params: { from: 0, to: 50 } } },
      { target: other(), guard: { type: 'share', params: { from: 50, to: 100 } } },
    ],
  }),
  wait: ({ next }) => ({ meta: { kind: 'wait' }, after: { P1D: next } }),
  waitFor: ({ next, other, message }) => ({
    meta: { kind: 'waitFor' },
    on: {
      'email.clicked':
        message === undefined
          ? next
          : { target: next, guard: { type: 'holds', params: { when: { message, was: 'clicked' } } } },
    },
    after: { P3D: other() },
  }),
  decay: ({ own }) => ({
    meta: { kind: 'decay' },
    after: {
      'inactive P30D': {
        target: own,
        reenter: true,
        actions: [{ type: 'updateAttribute', params: { attribute: 'SCORE', subtract: 10, floor: 0 } }],
      },
    },
  }),
  addToList: ({ next }) => ({
    meta: { kind: 'addToList' },
    entry: { type: 'addToList', params: { list: '' } },
    always: next,
  }),
  removeFromList: ({ next }) => ({
    meta: { kind: 'removeFromList' },
    entry: { type: 'removeFromList', params: { list: '' } },
    always: next,
  }),
  moveToList: ({ next }) => ({
    meta: { kind: 'moveToList' },
    entry: { type: 'moveToList', params: { list: '', from: [] } },
    always: next,
  }),
  email: ({ next }) => ({
    meta: { kind: 'email' },
    entry: { type: 'sendEmail', params: { subject: '', body: [], messageType: 'promotional' } },
    always: next,
  }),
  sms: ({ next }) => ({
    meta: { kind: 'sms' },
    entry: { type: 'sendSms', params: { text: '', messageType: 'promotional' } },
    always: next,
  }),
  webhook: ({ next }) => ({
    meta: { kind: 'webhook' },
    entry: { type: 'callWebhook', params: { url: '', method: 'POST' } },
    on: { 'step.done': next, 'step.failed': next },
    after: { P1D: next },
  }),
  notify: ({ next }) => ({
    meta: { kind: 'notify' },
    entry: { type: 'notify', params: { to: [], subject: '', text: '' } },
    always: next,
  }),
  stage: ({ next }) => ({
    meta: { kind: 'stage' },
    entry: { type: 'setStage', params: { stage: STAGES[1] } },
    always: next,
  }),
  startJourney: ({ next }) => ({
    meta: { kind: 'startJourney' },
    entry: { type: 'startJourney', params: { journey: '' } },
    always: next,
  }),
  leave: ({ next }) => ({ meta: { kind: 'leave' }, always: next }),
  end: () => END,
}
