/** An e-mail or an SMS: what it says, how soon again, and how it goes on. */
import type { Step } from '../../../engine/index.ts'
import type { Params } from '../mail/content.ts'
import { MailForm } from '../mail/MailForm.tsx'
import { SmsForm as SmsFields } from '../mail/SmsForm.tsx'
import { AgainField } from './AgainField.tsx'
import { useStepChange } from './change.ts'
import { Section } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import { useProblemAt } from './problemAt.ts'
import { ResultFields } from './ResultFields.tsx'

export function EmailForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  if (step.entry?.type !== 'sendEmail') return null
  return (
    <>
      <MailForm id={id} params={asWritten(step.entry.params)} onChange={change.params} />
      <OnceSent id={id} step={step} again={step.entry.params.again} />
    </>
  )
}

export function SmsForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  if (step.entry?.type !== 'sendSms') return null
  return (
    <>
      <SmsFields id={id} params={asWritten(step.entry.params)} onChange={change.params} />
      <OnceSent id={id} step={step} again={step.entry.params.again} />
    </>
  )
}

/** A draft may say anything, whatever the type of its params promises. */
function asWritten(params: object): Params {
  return params as Params
}

/** How soon it may be sent again, and how it goes on. */
function OnceSent({
  id,
  step,
  again,
}: {
  readonly id: string
  readonly step: Step
  readonly again: string | undefined
}) {
  const change = useStepChange(id)
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  return (
    <>
      <Section>
        <AgainField
          value={again}
          error={problem('again')}
          onChange={(changed) => change.params('again', { again: changed })}
        />
      </Section>
      <ResultFields id={id} step={step} of="message" />
    </>
  )
}
