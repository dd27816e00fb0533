/**
 * A condition asked of a contact as it is now, with nothing happening and outside of any passage: what a page shows beside
 * a condition that somebody is writing. What looks at an event or a passage can only be judged when there is one.
 */
import { explain } from './conditions.ts'
import { because, inWords } from './conditionWords.ts'
import { isMomentary, type Condition } from './dialect/conditions.ts'
import { viewOutside, type Outside, type View } from './facts.ts'
import { pointer, type Path } from './problem.ts'
import { partsOf } from './reading.ts'

/** One thing that a condition asks for, and the contact's answer. */
export interface AnsweredLine {
  /** JSON Pointer into the condition. */
  readonly path: string
  /** What must hold, in words; what stands under a "not" is turned round. */
  readonly text: string
  /** Null: only known when it happens. */
  readonly holds: boolean | null
  readonly because: string | null
}

/**
 * When a condition can be judged: any time, only when something happens (or while somebody is inside a journey), or
 * partly so.
 */
export function judgedWhen(condition: Condition): 'anyTime' | 'partly' | 'whenItHappens' {
  const leaves = partsOf(condition).filter(({ when }) => !('all' in when || 'any' in when || 'not' in when))
  const momentary = leaves.filter(({ when }) => isMomentary(when)).length
  if (momentary === 0) return 'anyTime'
  return momentary === leaves.length ? 'whenItHappens' : 'partly'
}

/** Whether the condition holds; null where that depends on what is only known when something happens. */
export function holdsOutside(condition: Condition, outside: Outside): boolean | null {
  return truth(condition, viewOutside(outside))
}

/** Every single thing that a condition asks for, in its order, with the contact's answers. */
export function linesOutside(condition: Condition, outside: Outside): readonly AnsweredLine[] {
  return linesOf(condition, [], false, viewOutside(outside))
}

function truth(condition: Condition, view: View): boolean | null {
  if ('all' in condition) return every(condition.all.map((part) => truth(part, view)))
  if ('any' in condition) return turned(every(condition.any.map((part) => turned(truth(part, view)))))
  if ('not' in condition) return turned(truth(condition.not, view))
  return isMomentary(condition) ? null : explain(condition, view).holds
}

function every(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false
  return answers.includes(null) ? null : true
}

function turned(answer: boolean | null): boolean | null {
  return answer === null ? null : !answer
}

function linesOf(condition: Condition, path: Path, negated: boolean, view: View): readonly AnsweredLine[] {
  if ('all' in condition)
    return condition.all.flatMap((part, index) => linesOf(part, [...path, 'all', index], negated, view))
  if ('any' in condition)
    return condition.any.flatMap((part, index) => linesOf(part, [...path, 'any', index], negated, view))
  if ('not' in condition) return linesOf(condition.not, [...path, 'not'], !negated, view)
  const asked = negated ? { not: condition } : condition
  const line = { path: pointer(path), text: inWords(asked) }
  if (isMomentary(condition)) return [{ ...line, holds: null, because: null }]
  const explanation = explain(asked, view)
  return [{ ...line, holds: explanation.holds, because: because(explanation) }]
}
