// Journeys for tests: written by hand in few words, and drawn at random.
import * as fc from 'fast-check'
import { COUNTED_INTERNAL_EVENTS, INTERNAL_EVENTS } from '../../engine/dialect/names.ts'
import { COUNT_OPERATORS, FACTS_OF_CHANNEL, type Condition } from '../../engine/dialect/conditions.ts'
import { MESSAGE_TYPES, WEBHOOK_METHODS } from '../../engine/dialect/actions.ts'
import type { Step, StepKind } from '../../engine/dialect/steps.ts'
import { REENTRY_POLICIES, type Journey, type JourneyMeta, type Trigger } from '../../engine/journey.ts'
import { STAGES, type Channel } from '../../engine/contact.ts'
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

/** A trigger on `time.due`. */
export function triggerAt(at: string, step: string, when?: Condition): Trigger {
  return { target: `.${step}`, guard: { type: 'mayEnter', params: { at, ...(when && { when }) } } }
}

/** Segments that drawn conditions name: one that reads others, one that time alone changes. */
export const SEGMENTS: { readonly [name: string]: Condition } = {
  Hot: { field: 'SCORE', operator: '>', value: 3 },
  Recent: { count: { event: 'purchase', within: 'P3D' }, operator: '>=', value: 1 },
  'Käufer „neu“': { all: [{ segment: 'Recent' }, { not: { segment: 'Hot' } }] },
}

// ---- At random: values -------------------------------------------------------------------------------------------

const noNullPrototype = true
const the = fc.constant
const points = fc.integer({ min: -100_000, max: 100_000 }).map((hundredths) => hundredths / 100)
const duration = fc.constantFrom('P1D', 'P3D', 'PT12H', 'P1M', 'P1Y2M3W4DT5H6M7S')
const moment = fc.constantFrom(
  'at 09:00',
  'at 02:30 mon-fri',
  'date RENEWAL_DATE',
  'date RENEWAL_DATE -P7D at 09:00',
  'date BIRTHDAY yearly at 02:30',
)
const delay = fc.oneof(duration, moment)
const anyDelay = fc.oneof(delay, fc.constantFrom('between 09:00-17:00 mon,thu', 'between 22:00-06:00'))
const triggerTime = fc.oneof(
  moment,
  duration.map((length) => `inactive ${length}`),
)
const attribute = fc.constantFrom('SCORE', 'FIT', 'COUNTRY', 'A1_B')
const name = fc.constantFrom('Newsletter', 'Warm leads', 'Qualified leads', 'Käufer „neu“', '日本')
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((drawn) => !drawn.includes('\0'))
const scalar = fc.oneof(text, points, fc.boolean())
const clientEvent = fc.constantFrom('purchase', 'page_viewed', 'quote requested', 'go', '1')
const heardEvent = fc.oneof(
  clientEvent,
  fc.constantFrom(...Object.keys(INTERNAL_EVENTS).filter((event) => event !== 'time.due')),
)
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

const DATES = ['2026-05-03', '2026-05-03T10:00:00Z'] as const
const dated = (...values: readonly string[]) =>
  all({ operator: fc.constantFrom('before', 'after'), value: fc.constantFrom(...values) })
const undated = fc.oneof(
  all({ operator: fc.constantFrom('=', '!='), value: scalar }),
  all({ operator: fc.constantFrom('>', '>=', '<', '<='), value: points }),
  all({ operator: fc.constantFrom('in', 'not in'), value: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  all({ operator: fc.constantFrom('contains', 'not contains', 'starts with', 'ends with'), value: text }),
  all({ operator: fc.constantFrom('is empty', 'is not empty') }),
)
const comparison = fc.oneof(
  { weight: 5, arbitrary: undated },
  { weight: 1, arbitrary: dated(...DATES, 'P30D') },
)

const fieldCondition = fc
  .tuple(fc.constantFrom('SCORE', 'COUNTRY', 'stage', 'consent.email', 'company.INDUSTRY'), comparison)
  .map(([field, rest]) => ({ field, ...rest }))
function eventCondition(compared: fc.Arbitrary<object>) {
  return fc.tuple(fc.constantFrom('path', 'revenue'), compared).map(([event, rest]) => ({ event, ...rest }))
}
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

const where = nesting(
  eventCondition(fc.oneof({ weight: 5, arbitrary: undated }, { weight: 1, arbitrary: dated(...DATES) })),
)
const count = fc.oneof(
  some({ event: countedEvent, where, within: duration }, 'event'),
  some({ event: countedEvent, where, since: the('entering') }, 'event'),
)

/** Any condition; `messages` are the steps that a condition on a message may name, and by what each sends. */
export function arbitraryCondition(
  messages: readonly (readonly [step: string, by: Channel])[] = [],
): fc.Arbitrary<Condition> {
  const message = messages.map(([step, by]) =>
    all({ message: the(step), was: fc.constantFrom(...FACTS_OF_CHANNEL[by]) }),
  )
  return nesting(
    all({ everybody: the(true) }),
    fieldCondition,
    eventCondition(comparison),
    some({ crossed: points, direction: fc.constantFrom('up', 'down'), attribute }, 'crossed', 'direction'),
    all({ count, operator: fc.constantFrom(...COUNT_OPERATORS), value: fc.nat(9) }),
    clicked,
    all({ list: name }),
    all({ segment: fc.constantFrom(...Object.keys(SEGMENTS)) }),
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
const block = fc.oneof(
  all({ heading: text }),
  all({ text }),
  all({ button: text, url: fc.constant('https://shop.eu/{{ event.product }}') }),
  some(
    { image: fc.constant('https://shop.eu/a.png'), alt: text, url: fc.constant('https://shop.eu') },
    'image',
    'alt',
  ),
)
const sendEmail = fc
  .oneof(
    some(
      {
        subject: text,
        preview: text,
        body: fc.array(block, { maxLength: 3 }),
        foot: some({ reason: text, unsubscribe: text }),
        messageType: fc.constantFrom(...MESSAGE_TYPES),
      },
      'subject',
      'body',
      'messageType',
    ),
    all({ template: fc.constantFrom('welcome', 'guide'), messageType: fc.constantFrom(...MESSAGE_TYPES) }),
    some(
      { subject: text, html: text, text, messageType: fc.constantFrom(...MESSAGE_TYPES) },
      'subject',
      'html',
      'messageType',
    ),
  )
  .map((params) => ({ type: 'sendEmail', params }))
const sendSms = all({
  text: fc.constantFrom('Shall we talk?', 'Hello {{ contact.FIRSTNAME }}'),
  messageType: fc.constantFrom(...MESSAGE_TYPES),
}).map((params) => ({ type: 'sendSms', params }))
const url = fc.constantFrom(
  'https://crm.example.com',
  'http://localhost:8080/leads?id={{ contact.ID }}',
  'https://[2001:db8::1]/x',
)
const callWebhook = some(
  {
    url,
    method: fc.constantFrom(...WEBHOOK_METHODS),
    headers: fc.dictionary(fc.constantFrom('Authorization', 'x-lead'), fc.constantFrom('Bearer s3cret', ''), {
      noNullPrototype,
    }),
    body: fc.oneof(text, all({ id: the('{{ contact.ID }}'), some: fc.array(points, { maxLength: 2 }) })),
    store: fc.dictionary(
      fc.constantFrom('TIER', 'TIMEZONE', 'FIT'),
      fc.constantFrom('', '/tier', '/a~1b/0'),
      {
        minKeys: 1,
        noNullPrototype,
      },
    ),
  },
  'url',
  'method',
).map(({ body, ...params }) => ({
  type: 'callWebhook',
  params:
    params.method === 'GET' || params.method === 'DELETE' || body === undefined
      ? params
      : { ...params, body },
}))
const notify = fc
  .oneof(
    all({ to: the(['sales@nordlicht-lampen.de', 'ada@x.org']), subject: text, text }),
    all({ url, text }),
  )
  .map((params) => ({ type: 'notify', params }))
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
  sms: sendSms,
  webhook: callWebhook,
  notify,
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

function after(target: fc.Arbitrary<string>, delays: fc.Arbitrary<string> = delay) {
  return fc.tuple(delays, bare(target)).map(([name, way]) => ({ [name]: way }))
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
    case 'split':
      return all({ meta: meta(kind), always: shares(places) })
    case 'wait':
      return all({ meta: meta(kind), after: after(places.next, anyDelay) })
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
    case 'sms':
    case 'webhook':
      return fc.oneof(
        atOnce as fc.Arbitrary<object>,
        all({
          meta: meta(kind),
          entry: entry as fc.Arbitrary<object>,
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

/** Two to four shares from 0 to 100, the last one on the main way. */
function shares({ next, other }: Places): fc.Arbitrary<object[]> {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 3 })
  return cuts.chain((drawn) => {
    const bounds = [0, ...drawn.toSorted((a, b) => a - b), 10_000].map((hundredths) => hundredths / 100)
    const ways = bounds.slice(1).map((to, index) =>
      some(
        {
          target: to === 100 ? next : other,
          guard: the({ type: 'share', params: { from: bounds[index], to } }),
          meta: edgeMeta,
        },
        'target',
        'guard',
      ),
    )
    return fc.tuple(...ways)
  })
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
  'split',
  'wait',
  'waitFor',
  'addToList',
  'removeFromList',
  'moveToList',
  'email',
  'sms',
  'webhook',
  'notify',
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
  const condition = arbitraryCondition(
    kinds.flatMap((kind, index) =>
      kind === 'email' || kind === 'sms' || kind === 'webhook' ? [[ids[index]!, kind] as const] : [],
    ),
  )
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
    on: fc
      .tuple(
        fc.dictionary(
          heardEvent,
          fc.oneof(trigger(first), fc.array(trigger(first), { minLength: 1, maxLength: 2 })),
          { minKeys: 1, maxKeys: 2, noNullPrototype },
        ),
        fc.option(timeTrigger(first), { freq: 3, nil: undefined }),
      )
      .map(([on, timed]) => (timed ? { ...on, 'time.due': timed } : on)),
    states: all({ outside: the({}), ...states }),
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<Journey>
}

function trigger(step: fc.Arbitrary<string>) {
  const params = rarely(all({ when: arbitraryCondition() }))
  const guard = all({ type: the('mayEnter'), params }).map(present)
  return some({ target: step.map((id) => `.${id}`), guard, meta: edgeMeta }, 'target', 'guard')
}

function timeTrigger(step: fc.Arbitrary<string>) {
  const params = all({ at: triggerTime, when: rarely(arbitraryCondition()) })
  const guard = all({ type: the('mayEnter'), params: params.map(present) })
  return some({ target: step.map((id) => `.${id}`), guard, meta: edgeMeta }, 'target', 'guard')
}

/** One in four has it: most conditions drawn at random keep everybody out. */
function rarely<T>(part: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: the(undefined) }, { weight: 1, arbitrary: part })
}

/** The record without the parts that are undefined. */
function present(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}

function arbitraryMeta(condition: fc.Arbitrary<Condition>, step: fc.Arbitrary<string>) {
  const ending = some({ when: condition, to: step }, 'when')
  const meta = some(
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
      goal: rarely(ending),
      exits: rarely(fc.array(ending, { maxLength: 2 })),
      audience: rarely(condition),
    },
    'format',
    'name',
  )
  return meta.map(present)
}

/** Journeys that may be published: forward ones, of which those with errors are left out. */
export function arbitrarySoundJourney(id = 'drawn'): fc.Arbitrary<Journey> {
  const known = {
    templates: ['welcome', 'guide'],
    segments: Object.keys(SEGMENTS),
    journeys: [
      journeyOf({ end: { type: 'final' } }, { id: 'other', on: { 'journey.requested': triggerTo('end') } }),
    ],
  }
  return arbitraryJourney({ forward: true, id }).filter((journey) =>
    checkJourney(journey, known).every(({ severity }) => severity === 'warning'),
  )
}
