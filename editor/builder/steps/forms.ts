/** The form of each kind of step: one typed entry per kind. */
import type { ReactNode } from 'react'
import type { StepKind } from '../../../engine/index.ts'
import { ConditionForm } from './ConditionForm.tsx'
import { DecayForm } from './DecayForm.tsx'
import { ExplainedForm } from './ExplainedForm.tsx'
import type { StepFormProps } from './formProps.ts'
import { ListForm, MoveToListForm } from './ListForms.tsx'
import { EmailForm, SmsForm } from './MessageForms.tsx'
import { NotifyForm } from './NotifyForm.tsx'
import { SplitForm } from './SplitForm.tsx'
import { StageForm } from './StageForm.tsx'
import { StartJourneyForm } from './StartJourneyForm.tsx'
import { UpdateForm } from './UpdateForm.tsx'
import { WaitForForm } from './WaitForForm.tsx'
import { WaitForm } from './WaitForm.tsx'
import { WebhookForm } from './WebhookForm.tsx'

export const FORMS: { readonly [Kind in StepKind]: (props: StepFormProps) => ReactNode } = {
  update: UpdateForm,
  condition: ConditionForm,
  split: SplitForm,
  wait: WaitForm,
  waitFor: WaitForForm,
  decay: DecayForm,
  addToList: ListForm,
  removeFromList: ListForm,
  moveToList: MoveToListForm,
  email: EmailForm,
  sms: SmsForm,
  webhook: WebhookForm,
  notify: NotifyForm,
  stage: StageForm,
  startJourney: StartJourneyForm,
  leave: ExplainedForm,
  end: ExplainedForm,
}
