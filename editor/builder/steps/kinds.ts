/** The kinds of steps in their groups, in the order in which menus and the palette show them. */
import type { StepKind } from '../../../engine/index.ts'
import { GROUPS, LOOKS, type Group } from './looks.ts'

/** Groups that have kinds, each with its kinds. */
export const KINDS_BY_GROUP: readonly {
  readonly group: Group
  readonly kinds: readonly StepKind[]
}[] = (Object.keys(GROUPS) as Group[]).flatMap((group) => {
  const kinds = (Object.keys(LOOKS) as StepKind[]).filter((kind) => LOOKS[kind].group === group)
  return kinds.length === 0 ? [] : [{ group, kinds }]
})
