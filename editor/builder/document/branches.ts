/**
 * The ways out of a condition or a random split: how many there are, in which order, and how many of a hundred go each
 * way. Pure commands.
 */
import { branchesOf, kindOf, MAX_BRANCHES, type Branch } from '../../../engine/index.ts'
import { refused, type Command } from './command.ts'
import { changeStep } from './commands.ts'
import { END, freshId } from './draft.ts'
import { withoutLoose } from './loose.ts'
import { NOTHING_CHOSEN, STEP_NAMES } from './newStep.ts'
import { changedBranch } from './places.ts'
import { isSame } from './same.ts'

/** One more branch: in front of "Everyone else" with nothing chosen yet, or one more share as large as the others. */
export function addBranch(id: string): Command {
  return (draft) => {
    const step = draft.states[id]
    const kind = step && kindOf(step)
    if (step === undefined || (kind !== 'condition' && kind !== 'split')) return refused('gone')
    const branches = branchesOf(step.always)
    if (branches.length >= MAX_BRANCHES) return refused('too_many_branches')
    const end = freshId(draft.states, STEP_NAMES.end)
    const always =
      kind === 'split'
        ? shared([...branches, { target: end }], evenly(branches.length + 1))
        : [
            ...branches.slice(0, -1),
            { target: end, guard: { type: 'holds', params: { when: NOTHING_CHOSEN } } } as const,
            ...branches.slice(-1),
          ]
    return { ...draft, states: { ...draft.states, [id]: { ...step, always }, [end]: END } }
  }
}

/** Takes a branch out, with all that only it led to. Two stay at least, and "Everyone else" stays. */
export function removeBranch(id: string, index: number): Command {
  return (draft) => {
    const step = draft.states[id]
    const branches = branchesOf(step?.always)
    const gone = branches[index]
    if (step === undefined || gone === undefined) return refused('gone')
    if (branches.length <= 2) return refused('two_branches')
    const isSplit = kindOf(step) === 'split'
    if (!isSplit && index === branches.length - 1) return refused('last_branch')
    const left = branches.filter((branch) => branch !== gone)
    const percents = percentsOf(branches)
    const given = percents[index] ?? 0
    // The share goes to the neighbour, so that no other changes.
    const always = isSplit
      ? shared(
          left,
          percents
            .filter((_, place) => place !== index)
            .map((percent, place) => percent + (place === Math.max(0, index - 1) ? given : 0)),
        )
      : left
    return withoutLoose({ ...draft, states: { ...draft.states, [id]: { ...step, always } } }, draft)
  }
}

/** Two branches change what follows them; their conditions stay where they are. */
export function swapBranches(id: string, one: number, other: number): Command {
  return changeStep(id, (step) => {
    const branches = branchesOf(step.always)
    const [first, second] = [branches[one], branches[other]]
    if (first === undefined || second === undefined || first.target === second.target) return step
    const swapped = changedBranch(step, ['always', one], (branch) => ({ ...branch, target: second.target }))
    return changedBranch(swapped, ['always', other], (branch) => ({ ...branch, target: first.target }))
  })
}

/** A branch goes before or behind its neighbours, condition and all: the first that holds is taken. */
export function moveBranch(id: string, from: number, to: number): Command {
  return (draft) => {
    const step = draft.states[id]
    const branches = [...branchesOf(step?.always)]
    const last = step && kindOf(step) === 'split' ? branches.length : branches.length - 1
    if (step === undefined || from >= branches.length || to < 0) return refused('gone')
    if (from >= last || to >= last) return refused('last_branch')
    if (from === to) return draft
    const percents = percentsOf(branches)
    branches.splice(to, 0, ...branches.splice(from, 1))
    percents.splice(to, 0, ...percents.splice(from, 1))
    const always = kindOf(step) === 'split' ? shared(branches, percents) : branches
    return { ...draft, states: { ...draft.states, [id]: { ...step, always } } }
  }
}

/** Sets how many of a hundred go each way. They are kept as given, also where they do not add up to 100. */
export function setShares(id: string, percents: readonly number[]): Command {
  return changeStep(id, (step) => {
    const branches = branchesOf(step.always)
    if (branches.length !== percents.length || isSame(percentsOf(branches), percents)) return step
    return { ...step, always: shared(branches, percents) }
  })
}

/** How many of a hundred go each way of a split. */
export function percentsOf(branches: readonly Branch[]): number[] {
  return branches.map(({ guard }) =>
    guard?.type === 'share' ? Math.round((guard.params.to - guard.params.from) * 100) / 100 : 0,
  )
}

/** Shares of a hundred, as equal as whole numbers are. */
export function evenly(count: number): readonly number[] {
  const each = Math.floor(100 / count)
  return Array.from({ length: count }, (_, index) => (index === 0 ? 100 - each * (count - 1) : each))
}

function shared(branches: readonly Branch[], percents: readonly number[]): readonly Branch[] {
  let from = 0
  return branches.map((branch, index) => {
    const to = Math.round((from + (percents[index] ?? 0)) * 100) / 100
    const guard = { type: 'share', params: { from, to } } as const
    from = to
    return { target: branch.target, guard, ...(branch.meta ? { meta: branch.meta } : {}) }
  })
}
