/** What a step waits for that waits until something happens: several things, each with its own way. Pure commands. */
import { branchesOf, type Branch, type Condition, type Step } from '../../../engine/index.ts'
import { refused, type Command } from './command.ts'
import { changeWays } from './commands.ts'
import { oneOrMany, written, type At } from './places.ts'
import { isSame } from './same.ts'

/** An event, or (without one) a condition that becomes true. */
export interface Awaited {
  readonly event: string | null
  readonly branch: Branch
}

/** Everything a step waits for: events in the order of the file, then conditions. */
export function awaitedOf({ on = {}, always }: Step): readonly Awaited[] {
  return [
    ...Object.entries(on).flatMap(([event, way]) => branchesOf(way).map((branch) => ({ event, branch }))),
    ...branchesOf(always).map((branch) => ({ event: null, branch })),
  ]
}

/** Waits for one thing more, which goes the way of the first. */
export function addAwaited(id: string, event: string | null, when?: Condition): Command {
  return changed(id, (awaited) => {
    const [first] = awaited
    return first === undefined ? awaited : [...awaited, { event, branch: guarded(first.branch.target, when) }]
  })
}

/** Waits for something else in its place, or under another condition. Where it leads and what it is called stay. */
export function changeAwaited(
  id: string,
  index: number,
  event: string | null,
  when: Condition | undefined,
): Command {
  return changed(id, (awaited) =>
    awaited.map((each, place) =>
      place === index
        ? { event, branch: { ...guarded(each.branch.target, when), ...labelled(each.branch) } }
        : each,
    ),
  )
}

/** Does not wait for it any more; what only it led to goes with it. The last one stays. */
export function removeAwaited(id: string, index: number): Command {
  return (draft) => {
    const step = draft.states[id]
    if (step === undefined || awaitedOf(step)[index] === undefined) return refused('gone')
    if (awaitedOf(step).length < 2) return refused('last_awaited')
    return changed(id, (awaited) => awaited.filter((_, place) => place !== index))(draft)
  }
}

/** Where each of these stands within the step, for its way and its problems. */
export function awaitedAt(step: Step, index: number): At {
  const awaited = awaitedOf(step)
  const event = awaited[index]?.event ?? null
  const before = awaited.slice(0, index).filter((each) => each.event === event).length
  const way = event === null ? step.always : step.on?.[event]
  return [...(event === null ? ['always'] : ['on', event]), ...(Array.isArray(way) ? [before] : [])]
}

function guarded(target: string, when: Condition | undefined): Branch {
  return when === undefined ? { target } : { target, guard: { type: 'holds', params: { when } } }
}

function labelled({ meta }: Branch): Pick<Branch, 'meta'> | object {
  return meta === undefined ? {} : { meta }
}

function changed(id: string, change: (awaited: readonly Awaited[]) => readonly Awaited[]): Command {
  return changeWays(id, (step) => {
    const after = withAwaited(step, change(awaitedOf(step)))
    return isSame(after, step) ? step : after
  })
}

/** The step waiting for these; the parts it does not need are not written. */
function withAwaited({ meta, after, ...rest }: Step, awaited: readonly Awaited[]): Step {
  const { on: _on, always: _always, ...others } = rest
  const byEvent = Map.groupBy(awaited, ({ event }) => event)
  const held = byEvent.get(null) ?? []
  const heard = [...byEvent].filter((entry): entry is [string, Awaited[]] => entry[0] !== null)
  return {
    ...(meta ? { meta } : {}),
    ...others,
    ...(heard.length === 0
      ? {}
      : {
          on: Object.fromEntries(
            heard.map(([event, ways]) => [event, oneOrMany(ways.map(({ branch }) => written(branch)))]),
          ),
        }),
    ...(held.length === 0 ? {} : { always: held.map(({ branch }) => branch) }),
    ...(after ? { after } : {}),
  }
}
