/**
 * What one "Add points" step does to a number: value, cap, cooldown and floor. Everything here is whole hundredths, so
 * that no sum ever drifts (float sums broke the law "the score is its ledger": tried).
 */
import type { JsonObject } from './contact.ts'
import type { Amount, UpdateParams } from './dialect/actions.ts'

/** Scores beyond this many hundredths are refused: their sums stay exact in every database. */
const LARGEST = 1e11

/** Points as whole hundredths, rounded half away from zero; `12.345` is `1235`. */
export function hundredths(points: number): number {
  return nearest(points * 100)
}

/** Half away from zero. What floats add beyond the twelfth digit is not a half: 1.005 × 100 is 100.5. */
function nearest(value: number): number {
  // Most points are whole, and printing a number costs more than all else here.
  if (Number.isSafeInteger(value)) return value || 0
  return Math.sign(value) * Math.round(Number(Math.abs(value).toPrecision(12))) || 0
}

/** Whether a ledger can hold so many hundredths. */
export function isCountable(hundredths: number): boolean {
  return Math.abs(hundredths) <= LARGEST
}

/** Points for people and for JSON: 1235 is 12.35. */
export function inPoints(hundredths: number): number {
  return hundredths / 100
}

/** What the step has done before, within the windows of its cap and cooldown. */
export interface Past {
  /** Hundredths that count against the cap. */
  readonly used: number
  readonly coolingDown: boolean
}

/** What is really applied, and the sentence that says so where it is less than asked for. */
export interface Applied {
  readonly by: number
  readonly note?: string
}

/** The value of an amount: a number, or the entering event's property times a number; undefined where there is none. */
function amountOf(amount: Amount, properties: JsonObject): number | undefined {
  if (typeof amount === 'number') return hundredths(amount)
  const property = Object.hasOwn(properties, amount.event) ? properties[amount.event] : undefined
  const value = typeof property === 'number' ? hundredths(property * (amount.times ?? 1)) : NaN
  return isCountable(value) ? value : undefined
}

/** How an update changes a number that is `before`. Never applies more than asked; `by` 0 means nothing changes. */
export function apply(params: UpdateParams, before: number, properties: JsonObject, past: Past): Applied {
  const wanted = wantedChange(params, before, properties)
  if (wanted === undefined) return { by: 0, note: whyNoNumber(params) }
  if (past.coolingDown) return { by: 0, note: 'this was counted a short while ago' }
  const room = params.cap === undefined ? Infinity : Math.max(0, hundredths(params.cap.points) - past.used)
  const capped = Math.min(wanted, room)
  const by =
    params.floor === undefined || capped >= 0
      ? capped
      : Math.min(0, Math.max(capped, hundredths(params.floor) - before))
  if (!isCountable(before + by)) return { by: 0, note: 'the score would be too large' }
  if (capped < wanted) return { by, note: `no more than ${params.cap?.points} points count here` }
  return by === capped ? { by } : { by, note: `the score does not fall below ${params.floor}` }
}

function whyNoNumber({ set }: UpdateParams): string {
  return typeof set === 'string' || typeof set === 'boolean'
    ? 'only a number can be set here'
    : 'the event has no such number'
}

/** Undefined where there is no number to go by. */
function wantedChange(
  { add, subtract, set, multiply }: UpdateParams,
  before: number,
  properties: JsonObject,
): number | undefined {
  const amount = add ?? subtract ?? (typeof set === 'string' || typeof set === 'boolean' ? undefined : set)
  if (multiply !== undefined) return nearest(before * multiply) - before
  if (amount === undefined) return set === undefined ? -before : undefined
  const value = amountOf(amount, properties)
  if (value === undefined) return undefined
  if (add !== undefined) return value
  return subtract === undefined ? value - before : -value
}
