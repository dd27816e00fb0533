/** What can be done with one of several branches: moved, led where the next one leads, taken out. */
import { words } from '../../words.ts'
import { moveBranch, removeBranch, swapBranches } from '../document/branches.ts'
import type { Command } from '../document/command.ts'
import type { BranchAction } from './Branch.tsx'

const say = words.forms.branches

/** `way` is how it is called, and `movable` how many of them can be moved: "Everyone else" stays behind them all. */
export function branchActions(
  id: string,
  index: number,
  { count, movable }: { readonly count: number; readonly movable: number },
  act: (command: Command, say: string) => void,
  way: string,
): readonly BranchAction[] {
  return [
    { label: say.up, disabled: index === 0, act: () => act(moveBranch(id, index, index - 1), say.moved.up) },
    {
      label: say.down,
      disabled: index >= movable - 1,
      act: () => act(moveBranch(id, index, index + 1), say.moved.down),
    },
    {
      label: say.swap,
      disabled: index === count - 1,
      act: () => act(swapBranches(id, index, index + 1), say.swapped),
    },
    {
      label: say.remove,
      disabled: count <= 2,
      color: 'red',
      act: () => act(removeBranch(id, index), say.removed(way)),
    },
  ]
}
