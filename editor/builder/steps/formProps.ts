/** What the form of every kind of step gets. */
import type { Step } from '../../../engine/index.ts'

export interface StepFormProps {
  readonly id: string
  readonly step: Step
}
