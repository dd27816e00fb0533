/**
 * Branches by one number that do not meet: a narrow gap, through which a number falls to everyone else ("up to 49" and
 * "from 50" leave 49.5), and two ranges that share an end, of which only the first branch gets it. A wide gap may be
 * meant; and a range within a range, as "over 80" before "over 50", is how bands are written.
 */
import { namedEvent } from '../conditionWords.ts'
import type { Condition } from '../dialect/conditions.ts'
import type { Journey } from '../journey.ts'
import { fieldInWords, plain } from '../names.ts'
import { problem, type Problem } from '../problem.ts'
import { branchesOf, kindOf, stepsOf, whenOf } from '../reading.ts'
import { wayName } from './check.ts'
import { numberIn, numbersOf, type Comparison, type Numbers } from './tried.ts'

/** A branch that takes one range of a number. `takes` says for each value tried whether it is in the range. */
interface Band {
  readonly index: number
  readonly name: string
  readonly takes: readonly boolean[]
}

/** Wider gaps are not taken for a slip. */
const WIDEST_SLIP = 1

export function bandsThatDoNotMeet(journey: Journey): readonly Problem[] {
  return stepsOf(journey).flatMap(([id, step]) =>
    kindOf(step) !== 'condition'
      ? []
      : bandedBy(journey, id).flatMap(({ numbers, bands }) => [
          ...gaps(id, numbers, bands),
          ...overlaps(id, numbers, bands),
        ]),
  )
}

interface Asked {
  readonly index: number
  readonly when: Condition
  readonly name: string
}

/** The branches of a step that ask about one number, for every number that at least two of them ask about. */
function bandedBy(journey: Journey, id: string) {
  const byNumber = new Map<string, Asked[]>()
  branchesOf(journey.states[id]!.always).forEach((branch, index) => {
    const when = whenOf(branch)
    const number = when && numberIn(when)
    if (number === undefined || when === undefined) return
    const name = wayName(journey, branch.target, branch.meta?.label)
    byNumber.set(number, [...(byNumber.get(number) ?? []), { index, when, name }])
  })
  return [...byNumber.values()].filter((branches) => branches.length > 1).map(bandsOf)
}

function bandsOf(branches: readonly Asked[]): { readonly numbers: Numbers; readonly bands: readonly Band[] } {
  const all = numbersOf(branches.map(({ when }) => when))
  const numbers = { ...all, tried: all.tried.filter((value) => exists(all.about, value)) }
  const bands = branches.map(({ index, when, name }) => ({
    index,
    name,
    takes: numbers.tried.map((value) => numbers.holds(when, value)),
  }))
  return { numbers, bands: bands.filter(isOneRange) }
}

/** Counts are whole, and points whole hundredths: nothing lies between two that follow each other. */
function exists(about: Comparison, value: number): boolean {
  return Number.isInteger('count' in about ? value : Math.round(value * 1e8) / 1e6)
}

function isOneRange({ takes }: Band): boolean {
  return takes.filter((taken, at) => taken && !takes[at - 1]).length === 1
}

function gaps(id: string, { about, named, tried }: Numbers, bands: readonly Band[]): readonly Problem[] {
  const taken = tried.map((_, at) => bands.some(({ takes }) => takes[at]))
  const widest = 'count' in about ? WIDEST_SLIP + 1 : WIDEST_SLIP
  return tried.flatMap((value, at) => {
    const begins = taken.indexOf(true, at)
    // Told at the first value of each gap between two bands.
    if (taken[at] || !taken[at - 1] || begins < 0) return []
    const from = named.has(value) ? value : tried[at - 1]!
    const last = tried[begins - 1]!
    const to = named.has(last) ? last : tried[begins]!
    const next = bands.find(({ takes }) => takes[begins])!
    return to - from > widest
      ? []
      : [problem('gap', ['states', id, 'always', next.index], subjectInWords(about), value, from, to)]
  })
}

function overlaps(id: string, { about, tried }: Numbers, bands: readonly Band[]): readonly Problem[] {
  return bands.flatMap((second, place) => {
    const before = bands.slice(0, place)
    // A branch that nobody takes is told by `branches.ts`.
    if (second.takes.every((taken, at) => !taken || before.some(({ takes }) => takes[at]))) return []
    return before.flatMap((first) => {
      const both = tried.filter((_, at) => first.takes[at] && second.takes[at])
      const isNested = [first, second].some(({ takes }) => takes.filter(Boolean).length === both.length)
      return both.length === 0 || isNested
        ? []
        : [
            problem(
              'overlap',
              ['states', id, 'always', second.index],
              subjectInWords(about),
              both[0]!,
              both.at(-1)!,
              first.name,
              second.name,
            ),
          ]
    })
  })
}

function subjectInWords(about: Comparison): string {
  if ('field' in about) return fieldInWords(about.field)
  return 'event' in about
    ? `The event’s ${plain(about.event)}`
    : `The number of “${namedEvent(about.count.event)}”`
}
