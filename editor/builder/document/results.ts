/**
 * A message goes on at once, or when it is known what became of it; and only then can it go a way of its own where it
 * could not be sent. Pure commands, as in `commands.ts`.
 */
import { branchesOf, type Step } from '../../../engine/index.ts'
import { isRefusal, type Command } from './command.ts'
import { changeWays } from './commands.ts'
import { END, freshId } from './draft.ts'
import { withoutLoose } from './loose.ts'
import { STEP_NAMES } from './newStep.ts'
import { written } from './places.ts'

export interface Results {
  /** Whether it goes on only when the result is known. */
  readonly waits: boolean
  /** Whether it goes elsewhere where it could not be sent. */
  readonly ownWay: boolean
  /** After how long it goes on when nothing is known; absent where it goes on at once. */
  readonly limit?: string
  /** Where it goes then, if there is a way of its own. */
  readonly unknown: 'done' | 'failed'
}

/** As long as it waits for a result where nobody said how long. */
const LIMIT = 'P1D'

/** How a step goes on from its message; undefined for a step that sends none. */
export function resultsOf(step: Step): Results | undefined {
  if (step.entry === undefined) return undefined
  const ways = resultWays(step)
  if (ways === undefined) return { waits: false, ownWay: false, unknown: 'done' }
  const { done, failed, limit, unknown } = ways
  const ownWay = failed.target !== done.target
  return {
    waits: true,
    ownWay,
    limit,
    unknown: ownWay && unknown.target === failed.target ? 'failed' : 'done',
  }
}

/** The message goes on at once, or waits for its result; what only a way of its own led to goes with it. */
export function awaitResult(id: string, waits: boolean): Command {
  return changeWays(id, (step) => {
    const ways = resultWays(step)
    if ((ways !== undefined) === waits) return step
    if (ways === undefined) {
      const { always = STEP_NAMES.end, ...rest } = step
      return { ...rest, on: { 'step.done': always, 'step.failed': always }, after: { [LIMIT]: always } }
    }
    const { on: _on, after: _after, ...rest } = step
    return { ...rest, always: written(ways.done) }
  })
}

/** Gives the message a way of its own where it cannot be sent, beginning at an end, for which it has to wait; or takes it away. */
export function giveFailureAWay(id: string, own: boolean): Command {
  return (draft) => {
    const waiting = own ? awaitResult(id, true)(draft) : draft
    if (isRefusal(waiting)) return waiting
    const end = freshId(waiting.states, STEP_NAMES.end)
    const states = own ? { ...waiting.states, [end]: END } : waiting.states
    const given = changeWays(id, (step) => {
      const ways = resultWays(step)
      if (ways === undefined || (ways.failed.target !== ways.done.target) === own) return step
      const { done, failed, unknown, limit } = ways
      const to = own ? end : done.target
      return {
        ...step,
        on: { ...step.on, 'step.failed': written({ ...failed, target: to }) },
        after: {
          [limit]: written(unknown.target === failed.target && !own ? { ...unknown, target: to } : unknown),
        },
      }
    })({ ...waiting, states })
    if (isRefusal(given)) return given
    const isGiven = given.states[id] !== waiting.states[id]
    return isGiven ? withoutLoose(given, draft) : waiting
  }
}

/** What is not known in time goes on as if it had been sent, or as if it had not. */
export function treatUnknownAs(id: string, as: 'done' | 'failed'): Command {
  return changeWays(id, (step) => {
    const ways = resultWays(step)
    if (ways === undefined || ways.unknown.target === ways[as].target) return step
    return { ...step, after: { [ways.limit]: written({ ...ways.unknown, target: ways[as].target }) } }
  })
}

/** The three ways of a step that waits for its result; undefined for one that does not. */
function resultWays({ on = {}, after = {} }: Step) {
  const [done] = branchesOf(on['step.done'])
  const [failed] = branchesOf(on['step.failed'])
  const [[limit, way] = ['', undefined]] = Object.entries(after)
  const [unknown] = branchesOf(way)
  return done && failed && unknown ? { done, failed, unknown, limit } : undefined
}
