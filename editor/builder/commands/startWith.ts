/** One more way in of the commonest: selected, to be filled in, and told. */
import { words } from '../../words.ts'
import type { Refusal } from '../document/command.ts'
import { frameId } from '../document/frame.ts'
import { addStarter, placeOfNew, type Starter } from '../document/newTrigger.ts'
import type { Builder } from '../state/store.ts'

/** Answers why not, or null when it was done. */
export function startWith(builder: Builder, starter: Starter): Refusal | null {
  const place = placeOfNew(builder.get().history.present, starter)
  return builder.apply(addStarter(starter), {
    say: words.canvas.starters[starter].added,
    select: [frameId({ part: 'trigger', place })],
  })
}
