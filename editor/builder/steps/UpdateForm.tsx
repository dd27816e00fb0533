/** What a step changes: a score or another attribute, by how much, and within which limits. */
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import type { StepFormProps } from './formProps.ts'
import { UpdateFields, UpdateLimits } from './UpdateFields.tsx'
import { CHANGES } from './updates.ts'

export function UpdateForm({ id, step: { entry } }: StepFormProps) {
  const change = useStepChange(id)
  if (entry?.type !== 'updateAttribute') return null
  const props = {
    params: entry.params,
    path: ['states', id, 'entry', 'params'],
    set: change.params,
  }
  return (
    <>
      <UpdateFields {...props} changes={CHANGES} />
      <UpdateLimits {...props} />
      <Then id={id} />
    </>
  )
}
