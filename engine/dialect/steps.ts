/** Ways, and every kind of step: what the page calls it, and the shapes it may have in a file. */
import { z } from 'zod'
import { parseDelay, type Delay } from '../delays.ts'
import { action, type Action, type ActionType } from './actions.ts'
import { condition, type Condition } from './conditions.ts'
import { amount, awaitedEvent, ownStepId } from './names.ts'

// ---- Ways --------------------------------------------------------------------------------------------------------

/** Where a transition goes, under which condition. A label is what the canvas writes on the edge. */
export interface Branch {
  readonly target: string
  readonly guard?:
    | { readonly type: 'holds'; readonly params: { readonly when: Condition } }
    | { readonly type: 'share'; readonly params: Share }
  readonly actions?: readonly Action[]
  readonly reenter?: true
  readonly meta?: { readonly label: string }
}
export type Way = string | Branch | readonly (string | Branch)[]

/** Whose draw is at least `from` and under `to`, of 100. */
export interface Share {
  readonly from: number
  readonly to: number
}

/** More than anyone can read on a canvas; each is compared with all before it. */
export const MAX_BRANCHES = 100
/** What a card or a line can show. */
export const MAX_LABEL = 200
export const label = z.string().min(1).max(MAX_LABEL)
export const edgeMeta = z.strictObject({ label }).exactOptional()
const bare = z.union([ownStepId, z.strictObject({ target: ownStepId, meta: edgeMeta })], 'the id of a step')
const holds = z.strictObject({ type: z.literal('holds'), params: z.strictObject({ when: condition }) })
const guarded = z.strictObject({ target: ownStepId, guard: holds, meta: edgeMeta })
const heard = z.union(
  [ownStepId, z.strictObject({ target: ownStepId, guard: holds.exactOptional(), meta: edgeMeta })],
  'the id of a step, or a way with a condition',
)
/** The name of a delay of one of these types. */
function delayName(types: readonly Delay['type'][], expected: string) {
  return z.string().refine((text) => types.some((type) => type === parseDelay(text)?.type), expected)
}
const waitName = delayName(
  ['after', 'at', 'between', 'date'],
  'a delay such as "P3D", "at 09:00 mon-fri", "between 09:00-17:00" or "date RENEWAL_DATE -P7D at 09:00"',
)
const timeOutName = delayName(
  ['after', 'at', 'date'],
  'a delay such as "P3D", "at 09:00 mon-fri" or "date RENEWAL_DATE"',
)
const inactivity = delayName(['inactive'], 'a delay such as "inactive P30D"')
/** What a trigger by time may wait for. */
export const timeName = delayName(
  ['at', 'inactive', 'date'],
  'a time such as "date RENEWAL_DATE -P7D at 09:00", "inactive P30D" or "at 09:00 mon"',
)

const branches = z
  .array(heard)
  .min(2)
  .max(MAX_BRANCHES)
  .refine(
    (list) => list.slice(0, -1).every(hasGuard) && !hasGuard(list.at(-1)),
    'branches with a condition each, and a last one without: "Everyone else"',
  )
function hasGuard(branch: unknown): boolean {
  return typeof branch === 'object' && branch !== null && 'guard' in branch
}
const share = z.strictObject({
  type: z.literal('share'),
  params: z.strictObject({ from: amount, to: amount }),
})
const shares = z
  .array(z.strictObject({ target: ownStepId, guard: share, meta: edgeMeta }))
  .min(2)
  .max(MAX_BRANCHES)
  .refine(
    (list) =>
      list.every(({ guard: { params } }, index) => {
        const before = index === 0 ? 0 : list[index - 1]!.guard.params.to
        const after = index === list.length - 1 ? 100 : params.to
        return params.from === before && params.to === after && params.from < params.to
      }),
    'shares that follow each other from 0 to 100 without a gap',
  )
const timeout = oneDelay(timeOutName)

function oneDelay(delay: z.ZodType<string, string>) {
  return z.record(delay, bare).refine((after) => Object.keys(after).length === 1, 'exactly one delay')
}

// ---- Steps -------------------------------------------------------------------------------------------------------

const offset = z.strictObject({ x: z.number(), y: z.number() })
function meta<Kind extends string>(kind: Kind) {
  return z.strictObject({
    kind: z.literal(kind),
    label: label.exactOptional(),
    note: z.string().max(5000).exactOptional(),
    offset: offset.exactOptional(),
  })
}

/** A kind that acts on entry and goes on at once. */
function acts(kind: string, type: ActionType) {
  return z.strictObject({ meta: meta(kind), entry: action(type), always: bare })
}

/** A kind that acts on entry and goes on only when it is known what became of it. */
function actsAndWaits(kind: string, type: ActionType) {
  return z.strictObject({
    meta: meta(kind),
    entry: action(type),
    on: z.strictObject({ 'step.done': bare, 'step.failed': bare }),
    after: timeout,
  })
}

/** Every kind of step: what the page calls it, and the shapes it may have in a file. */
export const STEP_KINDS = {
  update: { name: 'Add points', shapes: [acts('update', 'updateAttribute')] },
  condition: { name: 'If / else', shapes: [z.strictObject({ meta: meta('condition'), always: branches })] },
  split: { name: 'Random split', shapes: [z.strictObject({ meta: meta('split'), always: shares })] },
  wait: { name: 'Wait', shapes: [z.strictObject({ meta: meta('wait'), after: oneDelay(waitName) })] },
  waitFor: {
    name: 'Wait until something happens',
    shapes: [
      z
        .strictObject({
          meta: meta('waitFor'),
          on: z
            .record(
              awaitedEvent,
              z.union(
                [heard, z.array(heard).min(1).max(MAX_BRANCHES)],
                'the id of a step, or a list of ways',
              ),
            )
            .refine((on) => Object.keys(on).length > 0, 'at least one event')
            .exactOptional(),
          always: z
            .union(
              [guarded, z.array(guarded).min(1).max(MAX_BRANCHES)],
              'a way with a condition, or a list of them',
            )
            .exactOptional(),
          after: timeout.exactOptional(),
        })
        .refine(
          (step) => step.on !== undefined || step.always !== undefined,
          'something to wait for: "on" events, or "always" with conditions',
        ),
    ],
  },
  decay: {
    name: 'Lower score when inactive',
    shapes: [
      z.strictObject({
        meta: meta('decay'),
        after: z
          .record(
            inactivity,
            z.strictObject({
              target: ownStepId,
              reenter: z.literal(true),
              actions: z.array(action('updateAttribute')).length(1),
              meta: edgeMeta,
            }),
          )
          .refine((after) => Object.keys(after).length === 1, 'exactly one delay'),
      }),
    ],
  },
  addToList: { name: 'Add to list', shapes: [acts('addToList', 'addToList')] },
  removeFromList: { name: 'Remove from list', shapes: [acts('removeFromList', 'removeFromList')] },
  moveToList: { name: 'Move to list', shapes: [acts('moveToList', 'moveToList')] },
  email: {
    name: 'Send e-mail',
    shapes: [acts('email', 'sendEmail'), actsAndWaits('email', 'sendEmail')],
  },
  sms: { name: 'Send SMS', shapes: [acts('sms', 'sendSms'), actsAndWaits('sms', 'sendSms')] },
  webhook: {
    name: 'Call webhook',
    shapes: [actsAndWaits('webhook', 'callWebhook'), acts('webhook', 'callWebhook')],
  },
  notify: { name: 'Notify the team', shapes: [acts('notify', 'notify')] },
  stage: { name: 'Set stage', shapes: [acts('stage', 'setStage')] },
  startJourney: { name: 'Start journey', shapes: [acts('startJourney', 'startJourney')] },
  leave: { name: 'Leave journey', shapes: [z.strictObject({ meta: meta('leave'), always: bare })] },
  end: {
    name: 'End',
    shapes: [z.strictObject({ type: z.literal('final'), meta: meta('end').exactOptional() })],
  },
} as const satisfies {
  readonly [kind: string]: { readonly name: string; readonly shapes: readonly z.ZodType[] }
}
export type StepKind = keyof typeof STEP_KINDS

export interface StepMeta {
  readonly kind: StepKind
  readonly label?: string
  readonly note?: string
  /** Where a person moved the card, relative to where the layout puts it. */
  readonly offset?: { readonly x: number; readonly y: number }
}

/** A step as it stands in the file; which parts it has, its kind says. */
export interface Step {
  readonly meta?: StepMeta
  readonly type?: 'final'
  readonly entry?: Action
  readonly always?: Way
  readonly on?: { readonly [event: string]: Way }
  readonly after?: { readonly [delay: string]: Way }
}
