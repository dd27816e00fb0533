/**
 * Branches that divide people by a number, without a gap and without an overlap: the highest first, each open upwards, the
 * last one "Everyone else". Pure.
 */
import {
  branchesOf,
  MAX_BRANCHES,
  whenOf,
  type Branch,
  type Condition,
  type Step,
} from '../../../engine/index.ts'
import { refused, type Command } from './command.ts'
import { END, freshId } from './draft.ts'
import { withoutLoose } from './loose.ts'
import { STEP_NAMES } from './newStep.ts'
import { isSame } from './same.ts'

/** Where a band begins: at a number, or above it. */
export interface Bound {
  readonly from: number
  readonly above: boolean
}

export interface Bands {
  readonly field: string
  /** From the highest to the lowest, each once. What is below all of them is "Everyone else". */
  readonly bounds: readonly Bound[]
}

/** The bands that a step's branches are; undefined where they are anything else. */
export function bandsOf({ always }: Step): Bands | undefined {
  const compared = branchesOf(always)
    .slice(0, -1)
    .map((branch) => comparisonOf(whenOf(branch)))
  const fields = new Set(compared.map((each) => each?.field))
  const [field] = fields
  if (fields.size !== 1 || field === undefined) return undefined
  const bounds = compared.flatMap((each) =>
    each === undefined ? [] : [{ from: each.value, above: each.operator === '>' }],
  )
  return bounds.every((bound, place) => place === 0 || isBelow(bound, bounds[place - 1]!))
    ? { field, bounds }
    : undefined
}

function comparisonOf(when: Condition | undefined) {
  if (when === undefined || !('field' in when)) return undefined
  const { field, operator, value } = when
  return (operator === '>' || operator === '>=') && typeof value === 'number'
    ? { field, operator, value }
    : undefined
}

function isBelow(one: Bound, other: Bound): boolean {
  return one.from < other.from || (one.from === other.from && other.above && !one.above)
}

/** Bounds from the highest to the lowest, each once. */
export function sorted(bounds: readonly Bound[]): readonly Bound[] {
  return bounds
    .toSorted((a, b) => b.from - a.from || Number(b.above) - Number(a.above))
    .filter((bound, place, all) => place === 0 || isBelow(bound, all[place - 1]!))
}

/**
 * Makes the branches of a step bands. A band that was there before keeps its way and its name; one whose number changed
 * keeps its way; a new one ends; what only a band led to that is gone goes with it.
 */
export function setBands(id: string, { field, bounds }: Bands): Command {
  return (draft) => {
    const step = draft.states[id]
    if (step?.meta?.kind !== 'condition') return refused('gone')
    const before = branchesOf(step.always)
    const last = before.at(-1)
    const wanted = sorted(bounds)
    if (last === undefined || wanted.length === 0) return refused('two_branches')
    if (wanted.length >= MAX_BRANCHES) return refused('too_many_branches')
    const states = { ...draft.states }
    const conditions = wanted.map((bound) => conditionOf(field, bound))
    const same = (branch: Branch, when: Condition) => isSame(whenOf(branch), when)
    const changed = before.slice(0, -1).filter((old) => !conditions.some((when) => same(old, when)))
    const always = conditions.map((when): Branch => {
      const kept = before.slice(0, -1).find((old) => same(old, when))
      if (kept !== undefined) return kept
      const target = changed.shift()?.target ?? freshId(states, STEP_NAMES.end)
      if (!Object.hasOwn(states, target)) states[target] = END
      return { target, guard: { type: 'holds', params: { when } } }
    })
    states[id] = { ...step, always: [...always, last] }
    return isSame(states[id], step) ? draft : withoutLoose({ ...draft, states }, draft)
  }
}

function conditionOf(field: string, { from, above }: Bound): Condition {
  return { field, operator: above ? '>' : '>=', value: from }
}
