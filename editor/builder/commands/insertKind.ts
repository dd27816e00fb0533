/** A new step of a kind at a place: selected, to be filled in, and told. */
import { STEP_KINDS, type StepKind } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import type { Refusal } from '../document/command.ts'
import { idOfNew, insertStep } from '../document/commands.ts'
import type { Place } from '../document/places.ts'
import type { Builder } from '../state/store.ts'

/** Answers why not, or null when it was done. */
export function insertKind(builder: Builder, place: Place, kind: StepKind): Refusal | null {
  const id = idOfNew(builder.get().history.present, kind)
  const say = words.commands.added(STEP_KINDS[kind].name)
  return builder.apply(insertStep(place, kind), { select: [id], fresh: [id], say })
}
