/** The form of each kind of step: one typed entry per kind. */
import type { ReactNode } from 'react'
import type { StepKind } from '../../../engine/index.ts'
import { ExplainedForm } from './ExplainedForm.tsx'
import type { StepFormProps } from './formProps.ts'
import { ListForm, MoveToListForm } from './ListForms.tsx'
import { StageForm } from './StageForm.tsx'
import { UpdateForm } from './UpdateForm.tsx'
import { WaitForm } from './WaitForm.tsx'

export const FORMS: { readonly [Kind in StepKind]: (props: StepFormProps) => ReactNode } = {
  update: UpdateForm,
  condition: ExplainedForm,
  split: ExplainedForm,
  wait: WaitForm,
  waitFor: ExplainedForm,
  decay: ExplainedForm,
  addToList: ListForm,
  removeFromList: ListForm,
  moveToList: MoveToListForm,
  email: ExplainedForm,
  sms: ExplainedForm,
  webhook: ExplainedForm,
  notify: ExplainedForm,
  stage: StageForm,
  startJourney: ExplainedForm,
  leave: ExplainedForm,
  end: ExplainedForm,
}
