/**
 * What is wrong with a draft, while somebody draws it. A file of which one leaf is wrong (a condition, a name, a delay
 * that is not filled in yet) cannot be read, but its skeleton stands: then what the checks say of it is told too. They
 * look at a copy in which each such leaf has a stand-in, and nothing is told that depends on one.
 */
import { heardEvent } from './dialect/names.ts'
import { label, STEP_KINDS } from './dialect/steps.ts'
import { isObject, valueAt, withValueAt } from './json.ts'
import { parseJourney } from './parse.ts'
import { byPath, keysOf, pointer, type Problem, type ProblemCode } from './problem.ts'
import { checkJourney, type Known } from './verify/index.ts'

/** Each round of reading may find what the faults of the one before had hidden. */
const MOST_ROUNDS = 8

/**
 * All problems of a document, whatever it is. Those of a journey that can be read are what `checkJourney` finds; of any
 * other what `parseJourney` finds, and whatever of the checks holds however the faults are mended. Never throws.
 */
export function problemsOf(document: unknown, known: Known): readonly Problem[] {
  let draft: Draft = { document, isCovered: () => false, actions: false }
  const problems: Problem[] = []
  const told = new Set<string>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const read = parseJourney(draft.document)
    const { isCovered, actions } = draft
    const found = read.ok ? checkJourney(read.value, known) : read.problems
    const lasting = found.filter(
      ({ path, code }) =>
        !isCovered(path) && !(actions && OF_SEVERAL_STEPS.has(code)) && !told.has(`${code} ${path}`),
    )
    for (const { path, code } of lasting) told.add(`${code} ${path}`)
    problems.push(...lasting)
    const mended = read.ok ? undefined : withStandIns(draft, read.problems)
    if (!mended) break
    draft = mended
  }
  return byPath(problems)
}

/** What is found by comparing what several steps do. */
const OF_SEVERAL_STEPS: ReadonlySet<ProblemCode> = new Set(['band_lists_added', 'unknown_field'])

interface Draft {
  readonly document: unknown
  /** Whether what is told of this place may come from a stand-in. */
  readonly isCovered: (path: string) => boolean
  /** Whether what a step does is a stand-in. */
  readonly actions: boolean
}

/** The draft with a stand-in for each part that has a problem; undefined where one of them is no leaf. */
function withStandIns(draft: Draft, problems: readonly Problem[]): Draft | undefined {
  let { document, actions } = draft
  const covers: string[] = []
  for (const { path } of problems) {
    const edits = editsFor(document, keysOf(path), covers.length + 1)
    if (!edits) return undefined
    for (const { at, value, covers: covered = at } of edits) {
      document = withValueAt(document, at, value)
      covers.push(pointer(covered))
    }
    actions ||= path.includes('/entry')
  }
  const isCovered = (path: string) => covers.some((cover) => path === cover || path.startsWith(`${cover}/`))
  return { document, actions, isCovered: (path) => draft.isCovered(path) || isCovered(path) }
}

/** A change of a document; without a value the part is taken out. */
interface Edit {
  readonly at: readonly string[]
  readonly value?: unknown
  /** What depends on it, where that is more than the part itself. */
  readonly covers?: readonly string[]
}
type Edits = readonly Edit[] | undefined

/** What stands in for the part with a problem at `path`; `n` makes its names its own. */
function editsFor(document: unknown, path: readonly string[], n: number): Edits {
  switch (path[0]) {
    case 'meta':
      return metaEdits(path, n)
    case 'on':
      return path.length === 1 ? eventEdits(document, n) : triggerEdits(document, path, n)
    case 'states':
      return stepEdits(document, path, n)
    case '$schema':
      return [{ at: path }]
    default:
      return undefined
  }
}

// ---- Stand-ins: whatever is judged, they change nothing -------------------------------------------------------------

/** Nobody knows whether it holds, and no change of a contact makes it hold; it counts something, as limits do. */
function someCondition(n: number) {
  return {
    all: [
      { crossed: 1, direction: 'up', attribute: `UNFINISHED_${n}` },
      { count: { event: `unfinished ${n}` }, operator: '>=', value: 1 },
    ],
  }
}

const NOBODY = { not: { everybody: true } }
/** Neither side by side nor once, and never in a circle. */
const SELDOM = { policy: 'restart', cooldown: 'P1D' }
const LONG = 'P30D'

function someUpdate(n: number) {
  return { type: 'updateAttribute', params: { attribute: `UNFINISHED_${n}`, clear: true } }
}

const ADDRESS = 'https://unfinished.example'
/** What a step does that goes out of the house; any other, and a notice that may go either way, sets an attribute. */
const ACTIONS: { readonly [kind: string]: (params: object) => unknown } = {
  email: () => ({ type: 'sendEmail', params: { subject: '-', html: '-', messageType: 'transactional' } }),
  sms: () => ({ type: 'sendSms', params: { text: '-', messageType: 'transactional' } }),
  webhook: () => ({ type: 'callWebhook', params: { url: ADDRESS, method: 'POST' } }),
  notify: (params) => {
    if ('url' in params) return { type: 'notify', params: { url: ADDRESS, text: '-' } }
    return 'to' in params
      ? { type: 'notify', params: { to: ['team@unfinished.example'], subject: '-', text: '-' } }
      : undefined
  },
}

// ---- Where they stand ----------------------------------------------------------------------------------------------

function metaEdits(path: readonly string[], n: number): Edits {
  const [, part, place = '', inside] = path
  switch (part) {
    case undefined:
    case 'format':
      return undefined
    case 'name':
      return [{ at: path, value: 'unfinished' }]
    case 'reentry':
      return [{ at: ['meta', part], value: SELDOM }]
    case 'audience':
      return [{ at: ['meta', part], value: NOBODY }]
    case 'goal':
      return place === 'when' ? [{ at: ['meta', part, place], value: someCondition(n) }] : undefined
    case 'exits':
      return inside === 'when' ? [{ at: ['meta', part, place, inside], value: someCondition(n) }] : undefined
    default:
      return [{ at: ['meta', part] }]
  }
}

/** Events without a name that may be heard; where there is none at all, one for each step that no way leads to. */
function eventEdits(document: unknown, n: number): Edits {
  const on = valueAt(document, ['on'])
  const states = valueAt(document, ['states'])
  if (!isObject(on) || !isObject(states)) return undefined
  if (Object.keys(on).length > 0) return renamed(['on'], on, n)
  const steps = Object.keys(states).filter((id) => id !== 'outside')
  const led = new Set(textsIn(states))
  const first = steps.filter((id) => !led.has(id))
  const triggers = (first.length > 0 ? first : steps).map((id) => ({
    target: `.${id}`,
    guard: { type: 'mayEnter' },
  }))
  return triggers.length === 0 ? undefined : [{ at: ['on', `unfinished ${n}`], value: triggers }]
}

/** The members of `object` that are no events, under a name that is one. */
function renamed(at: readonly string[], object: object, n: number): readonly Edit[] {
  return Object.entries(object).flatMap(([name, value], index) =>
    heardEvent.safeParse(name).success
      ? []
      : [{ at: [...at, name] }, { at: [...at, `unfinished ${n}-${index}`], value: value as unknown }],
  )
}

/** Every text in it, the steps that ways lead to among them. */
function textsIn(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [value]
}

function triggerEdits(document: unknown, path: readonly string[], n: number): Edits {
  const [, event = '', place] = path
  const base = Array.isArray(valueAt(document, ['on', event])) ? ['on', event, place!] : ['on', event]
  const [part, inside, what] = path.slice(base.length)
  if (part === 'meta') return [{ at: [...base, part] }]
  if (part !== 'guard' || inside !== 'params') return undefined
  const at = [...base, part, inside]
  if (what === 'when') return [{ at: [...at, what], value: someCondition(n), covers: base }]
  const params = valueAt(document, at)
  const when = isObject(params) && 'when' in params ? params['when'] : someCondition(n)
  return [
    {
      at,
      value: event === 'time.due' ? { when, at: `date UNFINISHED_${n}` } : { when },
      covers: base,
    },
  ]
}

function stepEdits(document: unknown, path: readonly string[], n: number): Edits {
  const [, id = ''] = path
  const step = valueAt(document, ['states', id])
  const meta = isObject(step) && isObject(step['meta']) ? step['meta'] : {}
  const { kind } = meta
  if (!isObject(step) || typeof kind !== 'string' || !Object.hasOwn(STEP_KINDS, kind)) return undefined
  const edits = partEdits(step, kind, path, n)
  // Sentences call the step by its kind: what it does is not known yet.
  const name = STEP_KINDS[kind as keyof typeof STEP_KINDS].name
  const isNamed = label.safeParse(meta['label']).success
  return edits && (isNamed ? edits : [{ at: ['states', id, 'meta', 'label'], value: name }, ...edits])
}

function partEdits(
  step: { readonly [part: string]: unknown },
  kind: string,
  path: readonly string[],
  n: number,
): Edits {
  const [, id = '', part, place] = path
  const here = ['states', id]
  switch (part) {
    case 'meta':
      return place === 'label'
        ? []
        : place === 'note' || place === 'offset'
          ? [{ at: path.slice(0, 4) }]
          : undefined
    case 'entry':
      return actionEdits(step['entry'], kind, here, n)
    case 'after':
      return place === undefined ? delayEdits(step['after'], kind, here) : wayEdits(path, n)
    case 'on':
      return place === undefined && isObject(step['on'])
        ? renamed([...here, 'on'], step['on'], n)
        : wayEdits(path, n)
    case 'always':
      return kind === 'split' ? shareEdits(step['always'], here) : wayEdits(path, n)
    case undefined:
      // A wait for nothing waits for what leads where its time-out does.
      return isObject(step['after'])
        ? Object.values(step['after']).map((way) => ({
            at: [...here, 'on'],
            value: { [`unfinished ${n}`]: way },
          }))
        : undefined
    default:
      return undefined
  }
}

function actionEdits(entry: unknown, kind: string, here: readonly string[], n: number): Edits {
  const params = valueAt(entry, ['params'])
  const action = Object.hasOwn(ACTIONS, kind) ? ACTIONS[kind]!(isObject(params) ? params : {}) : undefined
  const at = [...here, 'entry']
  return action === undefined
    ? [
        { at: [...here, 'meta', 'kind'], value: 'update' },
        { at, value: someUpdate(n) },
      ]
    : [{ at, value: action }]
}

/** The one way after a time, after another time. */
function delayEdits(after: unknown, kind: string, here: readonly string[]): Edits {
  const [way, ...others] = isObject(after) ? Object.values(after) : []
  return way === undefined || others.length > 0
    ? undefined
    : [{ at: [...here, 'after'], value: { [kind === 'decay' ? `inactive ${LONG}` : LONG]: way } }]
}

/** What stands on a way: its name, its condition, what a decay does. */
function wayEdits(path: readonly string[], n: number): Edits {
  const at = path.findIndex(
    (key, index) => index > 2 && (key === 'guard' || key === 'meta' || key === 'actions'),
  )
  const to = path.slice(0, at + 1)
  if (at < 0) return undefined
  if (path[at] === 'meta') return [{ at: to }]
  if (path[at] === 'actions') return [{ at: to, value: [someUpdate(n)] }]
  return path[at + 1] === 'params' && path[at + 2] === 'when'
    ? [
        {
          at: [...to, 'params', 'when'],
          value: someCondition(n),
          covers: path.slice(0, path[2] === 'on' ? 4 : 3),
        },
      ]
    : undefined
}

/** Equal shares, as far as whole numbers go. */
function shareEdits(always: unknown, here: readonly string[]): Edits {
  if (!Array.isArray(always) || !always.every(isObject)) return undefined
  const bound = (index: number) => Math.round((100 * index) / always.length)
  const value = always.map((way, index) => ({
    ...way,
    guard: { type: 'share', params: { from: bound(index), to: bound(index + 1) } },
  }))
  return [{ at: [...here, 'always'], value }]
}
