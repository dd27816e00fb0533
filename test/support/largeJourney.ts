// A journey as large as anybody draws, made as a person makes it: step by step, branches mostly coming together again.
import { isRefusal, type Command } from '../../editor/builder/document/command.ts'
import { idOfNew, insertStep, leadTo } from '../../editor/builder/document/commands.ts'
import { emptyDraft, type Draft } from '../../editor/builder/document/draft.ts'
import { addTrigger } from '../../editor/builder/document/frameCommands.ts'
import { placesFrom, placesOf, targetAt } from '../../editor/builder/document/places.ts'
import { stepsOf, type StepKind } from '../../engine/index.ts'

const KINDS: readonly StepKind[] = [
  ...(['email', 'wait', 'update', 'email', 'wait', 'update', 'addToList', 'stage'] as const),
  ...(['condition', 'waitFor', 'split', 'notify', 'sms', 'webhook'] as const),
]

/** A draft of at least so many steps, ends included; for one seed the same every time. */
export function largeJourney(count: number, id = 'large', seed = 7): Draft {
  const draw = drawing(seed)
  let draft = done(emptyDraft(id, 'A very large journey'), addTrigger('signed_up'))
  while (stepsOf(draft).length < count) {
    const places = placesOf(draft)
    const place = places[draw(places.length)]!
    const kind = KINDS[draw(KINDS.length)]!
    const made = idOfNew(draft, kind)
    const next = targetAt(draft, place)!
    draft = done(draft, insertStep(place, kind))
    const [, other, ...more] = placesFrom(draft, made)
    if (other !== undefined && more.length === 0 && draw(10) < 7) draft = done(draft, leadTo(other, next))
  }
  return draft
}

function done(draft: Draft, command: Command): Draft {
  const after = command(draft)
  if (isRefusal(after)) throw new Error(`refused: ${after.refused}`)
  return after
}

/** Numbers below a limit that look drawn by chance and are the same every time. */
function drawing(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
