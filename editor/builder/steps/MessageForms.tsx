/** An e-mail or an SMS: what it says, how soon again, and how it goes on. */
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
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  if (step.entry?.type !== 'sendEmail') return null
  return (
    <>
      <MailForm id={id} params={asWritten(step.entry.params)} onChange={change.params} />
      <Section>
        <AgainField
          value={step.entry.params.again}
          error={problem('again')}
          onChange={(again) => change.params('again', { again })}
        />
      </Section>
      <ResultFields id={id} step={step} of="message" />
    </>
  )
}

export function SmsForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  if (step.entry?.type !== 'sendSms') return null
  return (
    <>
      <SmsFields id={id} params={asWritten(step.entry.params)} onChange={change.params} />
      <Section>
        <AgainField
          value={step.entry.params.again}
          error={problem('again')}
          onChange={(again) => change.params('again', { again })}
        />
      </Section>
      <ResultFields id={id} step={step} of="message" />
    </>
  )
}

/** A draft may say anything, whatever the type of its params promises. */
function asWritten(params: object): Params {
  return params as Params
}
