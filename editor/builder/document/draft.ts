/**
 * The document that the builder edits: the journey file itself, as it is stored and run, nothing beside it. While it is
 * a draft, parts of it may be unfinished or wrong, and are kept as they were typed; only its skeleton always stands.
 */
import {
  kindOf,
  REENTRY_POLICIES,
  STEP_KINDS,
  stepsOf,
  triggersOf,
  waysOf,
  type Journey,
  type Step,
} from '../../../engine/index.ts'

/**
 * A journey whose skeleton stands: its steps have known kinds and the action of their kind, its ways lead to steps that
 * exist, its labels and notes are texts, and cards that were moved stand somewhere. What its conditions, params, delays
 * and names say may still be anything; whoever reads them for more than to show them in a form asks `isSoundStep` and its
 * like of the engine first.
 */
export type Draft = Journey

/** The draft that an empty canvas is. */
export function emptyDraft(id: string, name: string): Draft {
  return {
    id,
    meta: { format: 1, name },
    context: {},
    initial: 'outside',
    on: {},
    states: { outside: {}, end: END },
  }
}

/** Where a way ends that nobody has continued yet. */
export const END: Step = { type: 'final', meta: { kind: 'end' } }

/** Whether a step is no more than where a way stops: an end of which nobody has said anything. */
export function isBareEnd(step: Step): boolean {
  return kindOf(step) === 'end' && step.meta?.label === undefined && step.meta?.note === undefined
}

/** A document as a draft; null where its skeleton does not stand, so that it can only be read and mended as text. */
export function draftOf(document: unknown): Draft | null {
  return isSkeleton(document) && waysStand(document) ? document : null
}

function isSkeleton(document: unknown): document is Draft {
  if (!isRecord(document) || typeof document['id'] !== 'string') return false
  const { meta, on, states } = document
  return (
    isRecord(meta) &&
    [meta['name'], meta['description']].every(isTextOrNone) &&
    isReentryOrNone(meta['reentry']) &&
    (meta['audience'] === undefined || isRecord(meta['audience'])) &&
    endingsOf(meta).every(
      (ending) => isRecord(ending) && isRecord(ending['when']) && isTextOrNone(ending['to']),
    ) &&
    isRecord(on) &&
    Object.values(on).every((trigger) => listOf(trigger).every(isTrigger)) &&
    isRecord(states) &&
    Object.entries(states).every(([id, step]) => (id === 'outside' ? isRecord(step) : isStep(step)))
  )
}

function isReentryOrNone(reentry: unknown): boolean {
  if (reentry === undefined) return true
  if (!isRecord(reentry)) return false
  const { policy, key, cooldown, max } = reentry
  return (
    REENTRY_POLICIES.some((known) => known === policy) &&
    [key, cooldown].every(isTextOrNone) &&
    // What was typed stays, so that it may be no number.
    (isTextOrNone(max) || typeof max === 'number')
  )
}

function endingsOf({ goal, exits }: { readonly [part: string]: unknown }): readonly unknown[] {
  return [...(goal === undefined ? [] : [goal]), ...(exits === undefined ? [] : listOf(exits))]
}

function isTrigger(trigger: unknown): boolean {
  return (
    isRecord(trigger) &&
    typeof trigger['target'] === 'string' &&
    trigger['target'].startsWith('.') &&
    isRecord(trigger['guard']) &&
    isGuardOrNone(trigger['guard']) &&
    isEdgeMetaOrNone(trigger['meta'])
  )
}

function isStep(step: unknown): boolean {
  if (!isRecord(step)) return false
  const { meta, entry, always, on, after } = step
  const kind = isRecord(meta) ? meta['kind'] : step['type'] === 'final' ? 'end' : undefined
  return (
    typeof kind === 'string' &&
    Object.hasOwn(STEP_KINDS, kind) &&
    (meta === undefined || isDescription(meta)) &&
    (ACTION_OF[kind] === undefined ? entry === undefined : isAction(entry, ACTION_OF[kind])) &&
    isWayOrNone(always) &&
    [on, after].every(
      (ways) => ways === undefined || (isRecord(ways) && Object.values(ways).every(isWayOrNone)),
    )
  )
}

/** What a person says of a step, and where they moved its card. */
function isDescription(meta: unknown): boolean {
  if (!isRecord(meta)) return false
  const { label, note, offset } = meta
  const isPlace = isRecord(offset) && typeof offset['x'] === 'number' && typeof offset['y'] === 'number'
  return [label, note].every(isTextOrNone) && (offset === undefined || isPlace)
}

/** The action that a step of a kind takes on entry; absent for kinds that take none. */
const ACTION_OF: { readonly [kind: string]: string } = {
  update: 'updateAttribute',
  addToList: 'addToList',
  removeFromList: 'removeFromList',
  moveToList: 'moveToList',
  email: 'sendEmail',
  sms: 'sendSms',
  webhook: 'callWebhook',
  notify: 'notify',
  stage: 'setStage',
  startJourney: 'startJourney',
}

function isAction(action: unknown, type: string | undefined): boolean {
  return isRecord(action) && action['type'] === type && isRecord(action['params'])
}

function isWayOrNone(way: unknown): boolean {
  return way === undefined || listOf(way).every((branch) => typeof branch === 'string' || isBranch(branch))
}

function isBranch(branch: unknown): boolean {
  return (
    isRecord(branch) &&
    typeof branch['target'] === 'string' &&
    isGuardOrNone(branch['guard']) &&
    isEdgeMetaOrNone(branch['meta']) &&
    (branch['actions'] === undefined ||
      listOf(branch['actions']).every((action) => isAction(action, 'updateAttribute')))
  )
}

function isEdgeMetaOrNone(meta: unknown): boolean {
  return meta === undefined || (isRecord(meta) && isTextOrNone(meta['label']))
}

/** A condition may be anything; the shares of a split are numbers, since they are added up to be drawn. */
function isGuardOrNone(guard: unknown): boolean {
  if (guard === undefined) return true
  if (!isRecord(guard)) return false
  const { type, params = {} } = guard
  if (!isRecord(params)) return false
  if (type === 'share') return typeof params['from'] === 'number' && typeof params['to'] === 'number'
  if (type === 'holds') return isRecord(params['when'])
  return (
    type === 'mayEnter' &&
    (params['when'] === undefined || isRecord(params['when'])) &&
    isTextOrNone(params['at'])
  )
}

/** Whether everything leads to a step that exists, and everything but an end leads on. */
function waysStand(draft: Draft): boolean {
  const stands = (id: string) => id !== 'outside' && Object.hasOwn(draft.states, id)
  const { goal, exits = [] } = draft.meta
  return (
    [goal, ...exits].every((ending) => ending?.to === undefined || stands(ending.to)) &&
    Object.values(draft.on).every((on) => triggersOf(on).every(({ target }) => stands(target.slice(1)))) &&
    stepsOf(draft).every(([, step]) => {
      const ways = waysOf(step)
      return ways.every(({ branch }) => stands(branch.target)) && (ways.length > 0 || kindOf(step) === 'end')
    })
  )
}

function isRecord(value: unknown): value is { readonly [part: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** An id for a new step that nothing has yet: `mail`, `mail2`. Once given it stays, whatever the step is called. */
export function freshId(taken: { readonly [id: string]: unknown }, name: string): string {
  if (!Object.hasOwn(taken, name)) return name
  for (let number = 2; ; number++) {
    const id = `${name}${number}`
    if (!Object.hasOwn(taken, id)) return id
  }
}
