/**
 * Branches nobody can take, because their condition can never hold or the branches before them take everyone they
 * would. Decided by trying values: a comparison can only change its answer at the values it names, so one value for
 * each of these, one for each gap between them and one of each other type stand for all. What cannot be tried (lists,
 * messages, dates …) may be so or not so, independently. That never calls a reachable branch unreachable.
 */
import { holds } from '../conditions.ts'
import { CONSENT_STATUSES, STAGES, newContact, type Json } from '../contact.ts'
import type { View } from '../facts.ts'
import type { Condition, Operator } from '../dialect/conditions.ts'
import type { Way } from '../dialect/steps.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, kindOf, stepsOf, triggersOf, whenOf } from '../reading.ts'
import { problem, type Path, type Problem } from '../problem.ts'
import { nameOf } from './check.ts'

interface Guarded {
  readonly path: Path
  readonly name: string
  /** Absent: everyone. */
  readonly when?: Condition
}

export function unreachableBranches(journey: Journey): readonly Problem[] {
  return [...triggerLists(journey), ...stepLists(journey)].flatMap((list) =>
    list.flatMap((branch, index) => judge(branch, list.slice(0, index))),
  )
}

/** Triggers on one event; those by time compete only where they name the same one. */
function triggerLists(journey: Journey): readonly (readonly Guarded[])[] {
  return Object.entries(journey.on).flatMap(([event, on]) => {
    const times = new Map<string | undefined, Guarded[]>()
    triggersOf(on).forEach(({ target, guard: { params }, meta }, index) => {
      const guarded = {
        path: Array.isArray(on) ? ['on', event, index] : ['on', event],
        name: meta?.label ?? nameOf(journey, target.slice(1)),
        ...(params?.when && { when: params.when }),
      }
      times.set(params?.at, [...(times.get(params?.at) ?? []), guarded])
    })
    return [...times.values()]
  })
}

function stepLists(journey: Journey): readonly (readonly Guarded[])[] {
  // The shares of a split follow each other without a gap: everyone of them is drawn by somebody.
  const steps = stepsOf(journey).filter(([, step]) => kindOf(step) !== 'split')
  return steps.flatMap(([id, step]) => [
    guardedList(journey, step.always, ['states', id, 'always']),
    ...Object.entries(step.on ?? {}).map(([event, way]) =>
      guardedList(journey, way, ['states', id, 'on', event]),
    ),
  ])
}

function guardedList(journey: Journey, way: Way | undefined, path: Path): readonly Guarded[] {
  return branchesOf(way).map((branch, index) => {
    const when = whenOf(branch)
    return {
      path: Array.isArray(way) ? [...path, index] : path,
      name: branch.meta?.label ?? nameOf(journey, branch.target),
      ...(when && { when }),
    }
  })
}

function judge({ path, name, when }: Guarded, before: readonly Guarded[]): readonly Problem[] {
  const why = reasonNobody(when, before)
  return why === undefined ? [] : [problem('unreachable_branch', path, name, why)]
}

function reasonNobody(when: Condition | undefined, before: readonly Guarded[]): string | undefined {
  if (when && takes([], when)) return 'its condition can never hold'
  const taker = before.find((earlier) => takes([earlier.when], when))
  if (taker) return `the way to ${JSON.stringify(taker.name)} before it takes everyone it would`
  // "Everyone else" must stand last, so it is not blamed when the branches before it happen to leave nobody over.
  return when &&
    takes(
      before.map((earlier) => earlier.when),
      when,
    )
    ? 'the ways before it take everyone it would'
    : undefined
}

/** More combinations than this are not tried; the branch then counts as reachable. */
const MOST_COMBINATIONS = 2_000
const EVERYBODY: Condition = { everybody: true }

/** Whether the earlier conditions take everyone for whom `when` holds. False where that cannot be said. */
function takes(earlier: readonly (Condition | undefined)[], when: Condition = EVERYBODY): boolean {
  const conditions = [when, ...earlier.map((condition = EVERYBODY) => condition)]
  const values = valuesOf(conditions.flatMap(atomsOf))
  const combinations = [...values.values()].reduce((product, list) => product * list.length, 1)
  if (combinations > MOST_COMBINATIONS) return false
  return worlds([...values]).every(
    (world) => !answer(when, world) || conditions.slice(1).some((condition) => answer(condition, world)),
  )
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
type Comparison = Extract<Atom, { operator: unknown }>

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

// No comparison asks for a fact.
const NOTHING_LOADED: View['loaded'] = () => undefined
const VALUE = 'value'
const NOBODY = newContact('', 0)

/** A view in which the event's property `value` is the value tried, so that the one `holds` decides here too. */
function viewOf(value: Json | undefined): View {
  return {
    contact: NOBODY,
    enrollment: null,
    event: { name: '', properties: value === undefined ? {} : { [VALUE]: value } },
    now: 0,
    occurredAt: 0,
    happenedAt: 0,
    zone: 'UTC',
    segments: new Map(),
    loaded: NOTHING_LOADED,
    seq: 0,
    happened: [],
    ledger: [],
    begun: [],
  }
}
