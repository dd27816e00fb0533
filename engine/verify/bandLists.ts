/**
 * Lists of bands that are added to and never left: who rises from "Warm" to "Qualified" would be on both. Bands are the
 * branches of a step that ask about one number, or the triggers that do; each adds to a list of its own at once.
 */
import type { Condition } from '../dialect/conditions.ts'
import type { Step } from '../dialect/steps.ts'
import type { Journey } from '../journey.ts'
import { branchesOf, firstStepOf, kindOf, partsOf, stepsOf, triggersOf, whenOf } from '../reading.ts'
import { problem, type Problem } from '../problem.ts'
import type { Graph } from './graph.ts'
import { reached, reversed, waysGraph } from './graph.ts'
import { numberIn } from './tried.ts'

/** A band's list, the step that adds to it, and the lists that are left on the way. */
interface Band {
  readonly step: string
  readonly list: string
  readonly left: readonly string[]
}

export function bandListsAdded(journey: Journey): readonly Problem[] {
  const before = reversed(waysGraph(journey))
  const steps = stepsOf(journey).flatMap(([id, step]) =>
    kindOf(step) === 'condition' && asksOneNumber(step) ? [bandsOf(journey, firstOf(step), before, id)] : [],
  )
  const triggers = Object.values(journey.on)
    .flatMap(triggersOf)
    .filter(({ guard: { params } }) => params?.when !== undefined && asksNumber(params.when))
  const found = [...steps, bandsOf(journey, triggers.map(firstStepOf), before)].flatMap(staying)
  return found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index)
}

function firstOf({ always }: Step): readonly string[] {
  return branchesOf(always).map(({ target }) => target)
}

/** Whether at least two branches ask about the same number. */
function asksOneNumber({ always }: Step): boolean {
  const numbers = branchesOf(always).flatMap((branch) => {
    const when = whenOf(branch)
    const number = when && numberIn(when)
    return number === undefined ? [] : [number]
  })
  return new Set(numbers).size < numbers.length
}

/** Whether a trigger's condition asks how high a score is, among other things. */
function asksNumber(when: Condition): boolean {
  return partsOf(when).some(
    ({ when: part }) => 'crossed' in part || ('field' in part && numberIn(part) !== undefined),
  )
}

/** The bands that begin with these steps; of what is done before `asking` all has left the lists that are left there. */
function bandsOf(journey: Journey, from: readonly string[], before: Graph, asking?: string): readonly Band[] {
  const already = asking === undefined ? [] : [...reached(before, [asking])]
  const left = leftBy(journey, already)
  return from.flatMap((first) => {
    const steps = doneAtOnce(journey, first)
    const added = steps.flatMap((id) => {
      const { entry } = journey.states[id]!
      return entry?.type === 'addToList' ? [{ step: id, list: entry.params.list }] : []
    })
    return added.length === 1 ? [{ ...added[0]!, left: [...left, ...leftBy(journey, steps)] }] : []
  })
}

function leftBy({ states }: Journey, steps: readonly string[]): readonly string[] {
  return steps.flatMap((id) => {
    const { entry } = states[id]!
    if (entry?.type === 'removeFromList') return [entry.params.list]
    return entry?.type === 'moveToList' ? (entry.params.from ?? []) : []
  })
}

/** The steps from the first one on for as long as there is one way, which nobody waits on. */
function doneAtOnce({ states }: Journey, first: string): readonly string[] {
  const steps = new Set([first])
  // A set that grows while it is walked is walked to its new end.
  for (const id of steps) {
    const [next, ...others] = branchesOf(states[id]!.always)
    if (next && others.length === 0) steps.add(next.target)
  }
  return [...steps]
}

function staying(bands: readonly Band[]): readonly Problem[] {
  return bands.flatMap(({ step, list, left }) => {
    const others = new Set(bands.map((band) => band.list).filter((other) => other !== list))
    const kept = [...others].filter((other) => !left.includes(other))
    return kept.length === 0 ? [] : [problem('band_lists_added', ['states', step], list, kept)]
  })
}
