/** Which stage of the customer a step sets. */
import { STAGES, type Stage } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import { ChoiceField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'

export function StageForm({ id, step: { entry } }: StepFormProps) {
  const change = useStepChange(id)
  if (entry?.type !== 'setStage') return null
  return (
    <>
      <ChoiceField
        label={words.forms.stage.stage}
        hint={words.forms.stage.hint}
        value={entry.params.stage}
        onChange={(stage: Stage) => change.params('stage', { stage })}
        options={STAGES.map((value) => ({ value, label: words.stages[value].name }))}
      />
      <Then id={id} />
    </>
  )
}
