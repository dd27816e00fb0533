/** Parts of a draft that are taken out because nobody ever gets there. Pure. */
import { branchesOf, kindOf } from '../../../engine/index.ts'
import { awaitedAt, awaitedOf, removeAwaited } from '../document/awaiting.ts'
import { removeBranch } from '../document/branches.ts'
import { isRefusal, type Command } from '../document/command.ts'
import { removeStep } from '../document/commands.ts'
import type { Draft } from '../document/draft.ts'
import { removeTrigger } from '../document/frameCommands.ts'
import { reachedIn, withoutLoose } from '../document/loose.ts'
import { placesFrom, placesInto, placesOf, targetAt } from '../document/places.ts'

/** A way that nobody takes, by its place in the file; undefined where something has to stay there. */
export function wayRemoved(draft: Draft, keys: readonly string[]): Command | undefined {
  const [part, name = '', ...at] = keys
  if (part === 'on') {
    const place = { from: 'trigger', event: name, index: Number(at[0] ?? 0) } as const
    return placesOf(draft).filter(({ from }) => from === 'trigger').length > 1
      ? withoutWhatItLedTo(removeTrigger(place))
      : undefined
  }
  const step = draft.states[name]
  if (step === undefined) return undefined
  return kindOf(step) === 'condition'
    ? branchRemoved(draft, name, Number(at[1]))
    : heardRemoved(draft, name, at)
}

/** The command, with all that it leaves without a way. */
export function withoutWhatItLedTo(command: Command): Command {
  return (draft) => {
    const changed = command(draft)
    return isRefusal(changed) ? changed : withoutLoose(changed, draft)
  }
}

/** Where a condition would be left with one way, it goes itself. */
function branchRemoved(draft: Draft, id: string, index: number): Command {
  const branches = branchesOf(draft.states[id]?.always)
  const last = branches.at(-1)?.target
  return branches.length > 2 || last === undefined ? removeBranch(id, index) : removeStep(id, last)
}

/** One of several things that a wait waits for. */
function heardRemoved(draft: Draft, id: string, at: readonly string[]): Command | undefined {
  const step = draft.states[id]
  const all = step === undefined ? [] : awaitedOf(step).map((_, index) => awaitedAt(step, index).join('/'))
  const index = all.indexOf(at.join('/'))
  return index < 0 || all.length < 2 ? undefined : removeAwaited(id, index)
}

/**
 * The steps that go with a step to which nothing leads: itself, and what follows only it. Empty where another step that
 * nobody gets to leads here: then that one is the beginning.
 */
export function looseFrom(draft: Draft, id: string): ReadonlySet<string> {
  const reached = reachedIn(draft)
  const going = new Set([id])
  // A set that grows while it is walked is walked to its new end.
  for (const step of going) for (const next of nextOf(draft, step)) if (!reached.has(next)) going.add(next)
  for (let smaller = true; smaller; ) {
    const staying = [...going].filter((step) =>
      placesInto(draft, step).some((place) => place.from === 'step' && !going.has(place.step)),
    )
    for (const step of staying) going.delete(step)
    smaller = staying.length > 0
  }
  return going.has(id) ? going : new Set()
}

function nextOf(draft: Draft, id: string): readonly string[] {
  return placesFrom(draft, id).flatMap((place) => targetAt(draft, place) ?? [])
}

/** Takes steps out that nothing else leads to. */
export function stepsRemoved(going: ReadonlySet<string>): Command {
  return (draft) => ({
    ...draft,
    states: Object.fromEntries(Object.entries(draft.states).filter(([id]) => !going.has(id))),
  })
}
