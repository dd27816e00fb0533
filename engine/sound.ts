/**
 * Which parts of an unfinished journey can be read as they stand. A draft may hold anything a person typed; whoever puts
 * one of its parts in words asks here first.
 */
import { condition, type Condition } from './dialect/conditions.ts'
import type { Step } from './dialect/steps.ts'
import { stepSchema, triggerSchema, type Trigger } from './journey.ts'

/** Whether a condition has the shape of one: every comparison with its value, no group empty. */
export function isSoundCondition(when: unknown): when is Condition {
  return condition.safeParse(when).success
}

/** Whether a step has the shape of its kind: action, conditions, delays and shares; not whether its ways lead anywhere. */
export function isSoundStep(step: unknown): step is Step {
  return stepSchema.safeParse(step).success
}

/** Whether a trigger has the shape of one, its condition and time included. */
export function isSoundTrigger(trigger: unknown): trigger is Trigger {
  return triggerSchema.safeParse(trigger).success
}
