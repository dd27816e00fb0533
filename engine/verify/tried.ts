/**
 * Conditions decided by trying values: a comparison can only change its answer at the values it names, so one value for
 * each of these, one for each gap between them and one of each other type stand for all. What cannot be tried (lists,
 * messages, dates …) may be so or not so, independently.
 */
import { holds } from '../conditions.ts'
import { CONSENT_STATUSES, newContact, STAGES, type Json } from '../contact.ts'
import type { Condition, Operator } from '../dialect/conditions.ts'
import { viewOutside, type Outside, type View } from '../facts.ts'

/** More combinations than this are not tried; the branch then counts as reachable. */
const MOST_COMBINATIONS = 2_000
const EVERYBODY: Condition = { everybody: true }

/** Whether the earlier conditions take everyone for whom `when` holds. False where that cannot be said. */
export function takes(earlier: readonly (Condition | undefined)[], when: Condition = EVERYBODY): boolean {
  const conditions = [when, ...earlier.map((condition = EVERYBODY) => condition)]
  return (
    worldsOf(conditions)?.every(
      (world) => !answer(when, world) || conditions.slice(1).some((condition) => answer(condition, world)),
    ) ?? false
  )
}

/** Whether all the conditions can hold for somebody at once. False where that cannot be said. */
export function mayAllHold(conditions: readonly Condition[]): boolean {
  const worlds = worldsOf(conditions) ?? []
  return worlds.some((world) => conditions.every((condition) => answer(condition, world)))
}

/** All that may be so of what the conditions are about; undefined where that is too much to be tried. */
function worldsOf(conditions: readonly Condition[]): readonly World[] | undefined {
  const values = valuesOf(conditions.flatMap(atomsOf))
  const combinations = [...values.values()].reduce((product, list) => product * list.length, 1)
  return combinations > MOST_COMBINATIONS ? undefined : worlds([...values])
}

type World = ReadonlyMap<string, Json | undefined>

/** All combinations of the values. */
function worlds(values: readonly (readonly [string, readonly (Json | undefined)[]])[]): readonly World[] {
  return values.reduce<readonly World[]>(
    (so, [subject, list]) =>
      so.flatMap((world) => list.map((value) => new Map([...world, [subject, value]]))),
    [new Map()],
  )
}

type Atom = Exclude<
  Condition,
  { all: unknown } | { any: unknown } | { not: unknown } | { everybody: unknown }
>

function atomsOf(condition: Condition): readonly Atom[] {
  if ('all' in condition) return condition.all.flatMap(atomsOf)
  if ('any' in condition) return condition.any.flatMap(atomsOf)
  if ('not' in condition) return atomsOf(condition.not)
  return 'everybody' in condition ? [] : [condition]
}

function answer(condition: Condition, world: World): boolean {
  if ('all' in condition) return condition.all.every((part) => answer(part, world))
  if ('any' in condition) return condition.any.some((part) => answer(part, world))
  if ('not' in condition) return !answer(condition.not, world)
  if ('everybody' in condition) return true
  const value = world.get(subjectOf(condition))
  return isTried(condition)
    ? holds(
        {
          event: VALUE,
          operator: condition.operator,
          ...('value' in condition && { value: condition.value }),
        },
        viewOf(value),
      )
    : value === true
}

// ---- Values ------------------------------------------------------------------------------------------------------

const TRIED: readonly Operator[] = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not in',
  'is empty',
  'is not empty',
]
export type Comparison = Extract<Atom, { operator: unknown }>

/** Whether trying values decides the condition: texts can be cut and dates pass in too many ways. */
function isTried(atom: Atom): atom is Comparison {
  return 'operator' in atom && TRIED.includes(atom.operator)
}

/** What a condition is about: two with the same subject look at the same value. */
function subjectOf(atom: Atom): string {
  if (!isTried(atom)) return JSON.stringify(atom)
  if ('field' in atom) return `field ${atom.field}`
  return 'event' in atom ? `event ${atom.event}` : `count ${JSON.stringify(atom.count)}`
}

function valuesOf(atoms: readonly Atom[]): ReadonlyMap<string, readonly (Json | undefined)[]> {
  const named = new Map<string, { atom: Atom; constants: Json[] }>()
  for (const atom of atoms) {
    const entry = named.get(subjectOf(atom)) ?? { atom, constants: [] }
    if (isTried(atom) && atom.value !== undefined)
      entry.constants.push(...(Array.isArray(atom.value) ? (atom.value as Json[]) : [atom.value as Json]))
    named.set(subjectOf(atom), entry)
  }
  return new Map([...named].map(([subject, { atom, constants }]) => [subject, candidates(atom, constants)]))
}

/** Values that stand for all others the subject can have, given the constants it is compared with. */
function candidates(atom: Atom, constants: readonly Json[]): readonly (Json | undefined)[] {
  if (!isTried(atom)) return [true, false]
  const numbers = numbersAround(constants.filter((constant) => typeof constant === 'number'))
  if ('count' in atom || ('field' in atom && atom.field === 'SCORE')) return numbers
  if ('field' in atom && atom.field === 'stage') return [...STAGES, undefined]
  if ('field' in atom && atom.field.startsWith('consent.')) return CONSENT_STATUSES
  const others = new Set(constants.filter((constant) => typeof constant !== 'number'))
  return [...numbers, ...others.add(''), [], ['a list of something'], OTHER_TEXT, true, false, undefined]
}

/** A text that no journey names, to stand for all those. */
const OTHER_TEXT = '\0'

/** Each number, one between each two, one below and one above all. */
function numbersAround(constants: readonly number[]): readonly number[] {
  const sorted = [...new Set(constants)].toSorted((a, b) => a - b)
  const lowest = sorted[0] ?? 0
  const highest = sorted.at(-1) ?? 0
  // A distance of 1 would vanish beside a very large number.
  const outer = [lowest - Math.max(1, Math.abs(lowest)), highest + Math.max(1, Math.abs(highest))]
  return [...outer, ...sorted, ...sorted.slice(1).map((number, index) => number / 2 + sorted[index]! / 2)]
}

// ---- One number ----------------------------------------------------------------------------------------------------

/** Conditions that all ask about one and the same number. */
export interface Numbers {
  /** The first condition that names it. */
  readonly about: Comparison
  /** The numbers it is compared with. */
  readonly named: ReadonlySet<number>
  /** Values that stand for all others, from the lowest to the highest. */
  readonly tried: readonly number[]
  /** Whether a condition holds where the number is this. */
  readonly holds: (when: Condition, value: number) => boolean
}

const OF_NUMBERS: readonly Operator[] = ['=', '!=', '>', '>=', '<', '<=']

/** The number that a condition asks about and nothing else; undefined for every other condition. */
export function numberIn(when: Condition): string | undefined {
  const atoms = atomsOf(when)
  const [subject, ...others] = new Set(atoms.map(subjectOf))
  const isNumber = (atom: Atom) =>
    isTried(atom) && OF_NUMBERS.includes(atom.operator) && typeof atom.value === 'number'
  return others.length === 0 && atoms.every(isNumber) ? subject : undefined
}

/** What the conditions, all of which ask about the same number, say of it. */
export function numbersOf(conditions: readonly Condition[]): Numbers {
  const atoms = conditions.flatMap(atomsOf) as readonly Comparison[]
  const about = atoms[0]!
  const named = new Set(atoms.map(({ value }) => value as number))
  return {
    about,
    named,
    tried: numbersAround([...named]).toSorted((a, b) => a - b),
    holds: (when, value) => answer(when, new Map([[subjectOf(about), value]])),
  }
}

const VALUE = 'value'
// No comparison asks for a fact, or for anything of the contact.
const loaded: Outside['loaded'] = () => undefined
const NOBODY: Outside = { contact: newContact('', 0), now: 0, zone: 'UTC', segments: new Map(), loaded }

/** A view in which the event's property `value` is the value tried, so that the one `holds` decides here too. */
function viewOf(value: Json | undefined): View {
  return viewOutside(NOBODY, value === undefined ? {} : { [VALUE]: value })
}
