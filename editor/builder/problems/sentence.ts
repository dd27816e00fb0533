/** What a problem says: in words for people, also where the engine's are for those who write files. Pure. */
import { keysOf } from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import type { Draft } from '../document/draft.ts'
import { readDelay } from '../steps/delays.ts'
import { isOfForm, knownNeedAt } from '../steps/needed.ts'

export function sentenceOf(problem: JourneyProblem, draft: Draft): string {
  return (isOfForm(problem) ? neededIn(problem, draft) : undefined) ?? upper(problem.detail)
}

/** What is needed there; of a delay, what its type needs. */
function neededIn(problem: JourneyProblem, { states }: Draft): string | undefined {
  const [part, id = '', at, ...more] = keysOf(problem.path)
  if (part !== 'states' || at !== 'after' || more.length > 0) return knownNeedAt(problem)
  const [delay = ''] = Object.keys(states[id]?.after ?? {})
  return words.forms.needed.delays[readDelay(delay).type]
}
