/**
 * What one version of a journey changes against another, step by step and by what of a step it is. Pure, and of drafts
 * too: whatever may stand in them is only compared, never read.
 */
import { type Journey, type JourneyMeta } from './journey.ts'

/** What of a step can change: those first that move nobody to another place. */
export const STEP_PARTS = ['texts', 'points', 'delay', 'conditions', 'ways', 'kind', 'rest'] as const
export type StepPart = (typeof STEP_PARTS)[number]

export interface StepChange {
  readonly step: string
  readonly parts: readonly StepPart[]
}

export interface Changes {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly StepChange[]
  /** What changed about who enters; empty: nothing. */
  readonly entry: readonly StepPart[]
  /** What the journey says of itself. */
  readonly settings: readonly (keyof JourneyMeta)[]
}

/** Against the version before; of a first one everything is new. Where a card stands on the canvas is no change. */
export function changesOf(before: Journey | undefined, after: Journey): Changes {
  const [old, now] = [statesOf(before), statesOf(after)]
  return {
    added: Object.keys(now).filter((id) => !Object.hasOwn(old, id)),
    removed: Object.keys(old).filter((id) => !Object.hasOwn(now, id)),
    changed: Object.entries(now).flatMap(([step, state]) => {
      const parts = Object.hasOwn(old, step) ? partsBetween(old[step], state) : []
      return parts.length === 0 ? [] : [{ step, parts }]
    }),
    entry: before === undefined ? [] : partsBetween({ on: before.on }, { on: after.on }),
    settings: before === undefined ? [] : settingsBetween(before.meta, after.meta),
  }
}

/** How many things changed, as people count them. */
export function countChanges({ added, removed, changed, entry, settings }: Changes): number {
  return added.length + removed.length + changed.length + Math.min(1, entry.length) + settings.length
}

const DETAILS: readonly StepPart[] = ['texts', 'points', 'delay']
const SAYINGS: readonly (keyof JourneyMeta)[] = ['name', 'description', 'stage']

/** Whether only texts, points and delays changed, so that whoever is inside stands where he stood. */
export function areDetails({ added, removed, changed, entry, settings }: Changes): boolean {
  return (
    added.length + removed.length === 0 &&
    [...changed.flatMap(({ parts }) => parts), ...entry].every((part) => DETAILS.includes(part)) &&
    settings.every((setting) => SAYINGS.includes(setting))
  )
}

function statesOf(journey: Journey | undefined): { readonly [id: string]: unknown } {
  const { outside: _, ...states } = journey?.states ?? {}
  return states
}

function settingsBetween(before: JourneyMeta, after: JourneyMeta): readonly (keyof JourneyMeta)[] {
  const names = Object.keys({ ...before, ...after }) as (keyof JourneyMeta)[]
  return names.filter((name) => partsBetween(before[name], after[name]).length > 0)
}

/** In the order of `STEP_PARTS`, each once; of another kind of step that alone. */
function partsBetween(before: unknown, after: unknown): readonly StepPart[] {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  const paths = [...new Set([...old.keys(), ...now.keys()])]
  const action = now.get('/entry/type')
  const parts = new Set(
    paths
      .filter((path) => old.get(path) !== now.get(path))
      .map((path) => partAt(path, action, [old.get(path), now.get(path)])),
  )
  return parts.has('kind') ? ['kind'] : STEP_PARTS.filter((part) => parts.has(part))
}

/**
 * Every value by where it stands: `/always/target`, also where a way is written as the bare id of a step. Delays stand as
 * values and not as names, so that another delay is one change.
 */
function leavesOf(
  value: unknown,
  path = '',
  leaves = new Map<string, unknown>(),
): ReadonlyMap<string, unknown> {
  if (value === undefined || path === '/meta/offset' || (path === '/meta/kind' && value === 'end'))
    return leaves
  if (typeof value !== 'object' || value === null)
    return leaves.set(typeof value === 'string' && WAY.test(path) ? `${path}/target` : path, value)
  const inside = Object.entries(value)
  if (inside.length === 0 && path !== '/meta') leaves.set(path, 'nothing')
  for (const [index, [name, part]] of inside.entries()) {
    if (path === '/after') leaves.set(`/after/${index}/delay`, name)
    leavesOf(part, `${path}/${path === '/after' ? index : escaped(name)}`, leaves)
  }
  return leaves
}

const WAY = /^\/(?:always|on\/[^/]+|after\/\d+)(?:\/\d+)?$/

/** As in a JSON Pointer: the names of events may hold any character. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The params of messages that are no text. */
const NO_TEXT = /^\/entry\/params\/(?:messageType|again|to|url)\b/
const TELLING: readonly unknown[] = ['sendEmail', 'sendSms', 'notify']

function partAt(path: string, action: unknown, values: readonly unknown[]): StepPart {
  if (/\/meta\/(?:label|note)$/.test(path)) return 'texts'
  if (path === '/meta/kind' || path === '/entry/type' || path === '/type') return 'kind'
  if (/^\/after\/\d+\/delay$/.test(path)) return 'delay'
  if (path.includes('/guard/')) return 'conditions'
  if (path.startsWith('/entry/'))
    return action === 'updateAttribute' ? pointsAt(path, values) : saidAt(path, action)
  if (path.includes('/actions/')) return pointsAt(path, values)
  return /^\/(?:always|on|after)\b/.test(path) ? 'ways' : 'rest'
}

function saidAt(path: string, action: unknown): StepPart {
  return TELLING.includes(action) && !NO_TEXT.test(path) ? 'texts' : 'rest'
}

/** A number that is given, and how much of it there may be, is points; which attribute gets it is not. */
function pointsAt(path: string, values: readonly unknown[]): StepPart {
  const isLimit = /\/params\/(?:cap|cooldown|floor)\b/.test(path)
  return isLimit || values.every((value) => value === undefined || typeof value === 'number')
    ? 'points'
    : 'rest'
}
