// Journeys for tests: written by hand in few words, and drawn at random.
import * as fc from 'fast-check'
import {
  COUNTED_INTERNAL_EVENTS,
  COUNT_OPERATORS,
  INTERNAL_EVENTS,
  MESSAGE_FACTS,
  MESSAGE_TYPES,
  REENTRY_POLICIES,
  type Condition,
  type Journey,
  type JourneyMeta,
  type Step,
  type StepKind,
  type Trigger,
} from '../../engine/journey.ts'
import { STAGES } from '../../engine/contact.ts'
import { checkJourney } from '../../engine/verify/index.ts'

// ---- By hand -----------------------------------------------------------------------------------------------------

/** A journey that lets in on `go` to the first of the steps; `more` replaces parts of it. */
export function journeyOf(
  states: { readonly [id: string]: Step },
  more: { readonly id?: string; readonly meta?: Partial<JourneyMeta>; readonly on?: Journey['on'] } = {},
): Journey {
  const id = more.id ?? 'test'
  return {
    id,
    meta: { format: 1, name: id, ...more.meta },
    context: {},
    initial: 'outside',
    on: more.on ?? { go: triggerTo(Object.keys(states)[0] ?? 'end') },
    states: { outside: {}, ...states },
  }
}

export function triggerTo(step: string, when?: Condition): Trigger {
  return { target: `.${step}`, guard: { type: 'mayEnter', ...(when && { params: { when } }) } }
}

// ---- At random: values -------------------------------------------------------------------------------------------

const noNullPrototype = true
const the = fc.constant
const points = fc.integer({ min: -100_000, max: 100_000 }).map((hundredths) => hundredths / 100)
const duration = fc.constantFrom('P1D', 'P3D', 'PT12H', 'P1M', 'P1Y2M3W4DT5H6M7S')
const attribute = fc.constantFrom('SCORE', 'FIT', 'COUNTRY', 'A1_B')
const name = fc.constantFrom('Newsletter', 'Warm leads', 'Qualified leads', 'Käufer „neu“', '日本')
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((drawn) => !drawn.includes('\0'))
const scalar = fc.oneof(text, points, fc.boolean())
const clientEvent = fc.constantFrom('purchase', 'page_viewed', 'quote requested', 'go', '1')
const heardEvent = fc.oneof(clientEvent, fc.constantFrom(...Object.keys(INTERNAL_EVENTS)))
const countedEvent = fc.oneof(clientEvent, fc.constantFrom(...COUNTED_INTERNAL_EVENTS))

/** A record some of whose keys may be absent. */
function some<T extends object, K extends keyof T>(
  parts: { [Key in keyof T]: fc.Arbitrary<T[Key]> },
  ...required: K[]
) {
  return fc.record(parts, { requiredKeys: required, noNullPrototype })
}

function all<T extends object>(parts: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) {
  return fc.record(parts, { noNullPrototype })
}

const comparison = fc.oneof(
  all({ operator: fc.constantFrom('=', '!='), value: scalar }),
  all({ operator: fc.constantFrom('>', '>=', '<', '<='), value: points }),
  all({ operator: fc.constantFrom('in', 'not in'), value: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  all({ operator: fc.constantFrom('contains', 'not contains', 'starts with', 'ends with'), value: text }),
  all({ operator: fc.constantFrom('is empty', 'is not empty') }),
  all({
    operator: fc.constantFrom('before', 'after'),
    value: fc.constantFrom('2026-05-03', '2026-05-03T10:00:00Z', 'P30D'),
  }),
)

const fieldCondition = fc
  .tuple(fc.constantFrom('SCORE', 'COUNTRY', 'stage', 'consent.email', 'company.INDUSTRY'), comparison)
  .map(([field, rest]) => ({ field, ...rest }))
const eventCondition = fc
  .tuple(fc.constantFrom('path', 'revenue'), comparison)
  .map(([event, rest]) => ({ event, ...rest }))
const clicked = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
  .map(([a, b]) => ({ clicked: Math.min(a, b), ofLast: Math.max(a, b) }))

/** Conditions made of the simple ones, up to three deep. */
function nesting(...simple: fc.Arbitrary<unknown>[]): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: unknown }>((tie) => {
    const nested = fc.array(tie('condition'), { minLength: 1, maxLength: 3 })
    return {
      condition: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.oneof(...simple),
        all({ all: nested }),
        all({ any: nested }),
        all({ not: tie('condition') }),
      ),
    }
  }).condition as fc.Arbitrary<Condition>
}

const where = nesting(eventCondition)
const count = fc.oneof(
  some({ event: countedEvent, where, within: duration }, 'event'),
  some({ event: countedEvent, where, since: the('entering') }, 'event'),
)

/** Any condition; `messages` are the steps that a condition on a message may name. */
function arbitraryCondition(messages: readonly string[] = []): fc.Arbitrary<Condition> {
  const message = messages.map((step) => all({ message: the(step), was: fc.constantFrom(...MESSAGE_FACTS) }))
  return nesting(
    all({ everybody: the(true) }),
    fieldCondition,
    eventCondition,
    some({ crossed: points, direction: fc.constantFrom('up', 'down'), attribute }, 'crossed', 'direction'),
    all({ count, operator: fc.constantFrom(...COUNT_OPERATORS), value: fc.nat(9) }),
    clicked,
    all({ list: name }),
    ...message,
  )
}

// ---- At random: actions --------------------------------------------------------------------------------------------

const amount = fc.oneof(
  points,
  some({ event: fc.constantFrom('quantity', 'revenue'), times: points }, 'event'),
)
const cap = some(
  {
    points: points.map((value) => Math.abs(value) + 1),
    per: fc.oneof(duration, fc.constantFrom('ever', '3 emails')),
    key: the('event.message'),
  },
  'points',
  'per',
)
const change = fc.oneof(
  fc
    .tuple(amount, fc.option(cap, { nil: undefined }))
    .map(([add, limit]) => (limit ? { add, cap: limit } : { add })),
  all({ subtract: amount }),
  all({ set: fc.oneof(amount, text, fc.boolean()) }),
  all({ multiply: points.map((value) => value / 10) }),
  all({ clear: the(true) }),
)
const update = fc
  .tuple(attribute, change, some({ cooldown: duration, floor: points }))
  .map(([name, changed, limits]) => ({
    type: 'updateAttribute',
    params: { attribute: name, ...changed, ...limits },
  }))
const sendEmail = fc
  .oneof(
    all({ template: fc.constantFrom('welcome', 'guide'), messageType: fc.constantFrom(...MESSAGE_TYPES) }),
    some(
      { subject: text, html: text, text, messageType: fc.constantFrom(...MESSAGE_TYPES) },
      'subject',
      'html',
      'messageType',
    ),
  )
  .map((params) => ({ type: 'sendEmail', params }))
const startJourney = some(
  {
    journey: the('other'),
    properties: fc.dictionary(fc.constantFrom('a', 'b c', 'ö'), fc.oneof(scalar, the(null)), {
      noNullPrototype,
    }),
  },
  'journey',
).map((params) => ({
  type: 'startJourney',
  params,
}))

function listAction(type: string) {
  const params =
    type === 'moveToList'
      ? some({ list: name, from: fc.array(name, { maxLength: 3 }) }, 'list')
      : all({ list: name })
  return params.map((drawn) => ({ type, params: drawn }))
}

const ACTIONS: { readonly [kind in StepKind]?: fc.Arbitrary<object> } = {
  update,
  addToList: listAction('addToList'),
  removeFromList: listAction('removeFromList'),
  moveToList: listAction('moveToList'),
  email: sendEmail,
  stage: all({ type: the('setStage'), params: all({ stage: fc.constantFrom(...STAGES) }) }),
  startJourney,
}

// ---- At random: steps ----------------------------------------------------------------------------------------------

/** Where a step leads: `next` is the main way, `other` draws the target of a branch. */
interface Places {
  readonly next: fc.Arbitrary<string>
  readonly other: fc.Arbitrary<string>
  readonly condition: fc.Arbitrary<Condition>
  readonly timeOut: boolean
}

const edgeMeta = all({ label: text })

function bare(target: fc.Arbitrary<string>) {
  return fc.oneof(target, some({ target, meta: edgeMeta }, 'target'))
}

function guarded({ other, condition }: Places) {
  return some(
    { target: other, guard: condition.map((when) => ({ type: 'holds', params: { when } })), meta: edgeMeta },
    'target',
    'guard',
  )
}

function meta(kind: StepKind) {
  const offset = all({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
  return some({ kind: the(kind), label: text, note: text, offset }, 'kind')
}

function after(target: fc.Arbitrary<string>, delay = duration) {
  return fc.tuple(delay, bare(target)).map(([name, way]) => ({ [name]: way }))
}

/** A step of the kind, in any of its shapes. */
function arbitraryStep(kind: StepKind, id: string, places: Places): fc.Arbitrary<object> {
  const entry = ACTIONS[kind]
  const atOnce = entry && all({ meta: meta(kind), entry, always: bare(places.next) })
  switch (kind) {
    case 'condition':
      return all({
        meta: meta(kind),
        always: fc
          .tuple(fc.array(guarded(places), { minLength: 1, maxLength: 3 }), bare(places.next))
          .map(([list, last]) => [...list, last]),
      })
    case 'wait':
      return all({ meta: meta(kind), after: after(places.next) })
    case 'waitFor':
      return waitFor(places)
    case 'decay':
      return all({
        meta: meta(kind),
        after: fc.tuple(duration, update).map(([delay, action]) => ({
          [`inactive ${delay}`]: { target: id, reenter: true, actions: [action] },
        })),
      })
    case 'email':
      return fc.oneof(
        atOnce as fc.Arbitrary<object>,
        all({
          meta: meta(kind),
          entry: sendEmail,
          on: all({ 'step.done': bare(places.next), 'step.failed': bare(places.other) }),
          after: after(places.next),
        }),
      )
    case 'leave':
      return all({ meta: meta(kind), always: bare(places.next) })
    case 'end':
      return some({ type: the('final'), meta: meta(kind) }, 'type')
    default:
      return atOnce as fc.Arbitrary<object>
  }
}

function waitFor(places: Places): fc.Arbitrary<object> {
  const heard = fc.oneof(bare(places.other), guarded(places))
  const on = fc.dictionary(heardEvent, fc.oneof(heard, fc.array(heard, { minLength: 1, maxLength: 2 })), {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype,
  })
  const always = fc.oneof(guarded(places), fc.array(guarded(places), { minLength: 1, maxLength: 2 }))
  const parts = { meta: meta('waitFor'), on, always, after: after(places.next) }
  const due = places.timeOut ? (['after'] as const) : []
  return fc.oneof(some(parts, 'meta', 'on', ...due), some(parts, 'meta', 'always', ...due))
}

// ---- At random: journeys ---------------------------------------------------------------------------------------------

const BODY = [
  'update',
  'condition',
  'wait',
  'waitFor',
  'addToList',
  'removeFromList',
  'moveToList',
  'email',
  'stage',
  'startJourney',
] as const
const TAILS = { end: ['end'], leave: ['leave', 'end'], decay: ['decay'] } as const

/**
 * Any journey that parses, with steps of all kinds in all shapes. A row of steps of which each leads to the next; the
 * other ways lead anywhere, with `forward` only to later steps (then there are no loops but decays, and all waits end).
 */
export function arbitraryJourney({
  forward = false,
  id = 'drawn',
}: {
  readonly forward?: boolean
  readonly id?: string
} = {}): fc.Arbitrary<Journey> {
  return fc
    .tuple(
      fc.array(fc.constantFrom<StepKind>(...BODY), { maxLength: 6 }),
      fc.constantFrom(...Object.values(TAILS)),
    )
    .chain(([body, tail]) => journeyOfKinds(id, [...body, ...tail], forward))
}

function journeyOfKinds(id: string, kinds: readonly StepKind[], forward: boolean): fc.Arbitrary<Journey> {
  const ids = kinds.map((kind, index) => (kind === 'end' ? 'end' : `${kind}-${index}`))
  const condition = arbitraryCondition(ids.filter((_, index) => kinds[index] === 'email'))
  const states = Object.fromEntries(
    kinds.map((kind, index) => {
      const other = fc.constantFrom(...(forward ? ids.slice(index + 1) : ids), ids.at(-1)!)
      const next =
        forward || kind === 'leave'
          ? the(ids[index + 1] ?? 'end')
          : fc.oneof({ weight: 3, arbitrary: the(ids[index + 1] ?? 'end') }, { weight: 1, arbitrary: other })
      return [ids[index]!, arbitraryStep(kind, ids[index]!, { next, other, condition, timeOut: forward })]
    }),
  )
  const first = forward ? the(ids[0]!) : fc.constantFrom(...ids)
  return all({
    id: the(id),
    meta: arbitraryMeta(condition, fc.constantFrom(...ids)),
    context: the({}),
    initial: the('outside' as const),
    on: fc.dictionary(
      heardEvent,
      fc.oneof(trigger(first), fc.array(trigger(first), { minLength: 1, maxLength: 2 })),
      { minKeys: 1, maxKeys: 2, noNullPrototype },
    ),
    states: all({ outside: the({}), ...states }),
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<Journey>
}

function trigger(step: fc.Arbitrary<string>) {
  const guard = some({ type: the('mayEnter'), params: all({ when: arbitraryCondition() }) }, 'type')
  return some({ target: step.map((id) => `.${id}`), guard, meta: edgeMeta }, 'target', 'guard')
}

function arbitraryMeta(condition: fc.Arbitrary<Condition>, step: fc.Arbitrary<string>) {
  const ending = some({ when: condition, to: step }, 'when')
  return some(
    {
      format: the(1),
      name: text,
      description: text,
      stage: fc.constantFrom(...STAGES),
      reentry: some(
        {
          policy: fc.constantFrom(...REENTRY_POLICIES),
          key: the('order'),
          cooldown: duration,
          max: fc.integer({ min: 1, max: 5 }),
        },
        'policy',
      ),
      goal: ending,
      exits: fc.array(ending, { maxLength: 2 }),
      audience: condition,
    },
    'format',
    'name',
  )
}

/** Journeys that may be published: forward ones, of which those with errors are left out. */
export function arbitrarySoundJourney(id = 'drawn'): fc.Arbitrary<Journey> {
  const known = {
    templates: ['welcome', 'guide'],
    journeys: [
      journeyOf({ end: { type: 'final' } }, { id: 'other', on: { 'journey.requested': triggerTo('end') } }),
    ],
  }
  return arbitraryJourney({ forward: true, id }).filter((journey) =>
    checkJourney(journey, known).every(({ severity }) => severity === 'warning'),
  )
}
