/** Whom of the team a step tells, and what. */
import { TagsInput } from '@mantine/core'
import { words } from '../../words.ts'
import { FieldText } from '../mail/FieldText.tsx'
import { useFields } from '../mail/useMessage.ts'
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import { ChoiceField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import { useProblemAt } from './problemAt.ts'
import { textOf, textsOf } from './typed.ts'

const say = words.forms.notify

export function NotifyForm({ id, step: { entry } }: StepFormProps) {
  const change = useStepChange(id)
  const fields = useFields()
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  if (entry?.type !== 'notify') return null
  const { params } = entry
  const byMail = !('url' in params)
  return (
    <>
      <ChoiceField
        label={say.how}
        value={byMail ? 'mail' : 'system'}
        options={[
          { value: 'mail', label: say.mail },
          { value: 'system', label: say.system },
        ]}
        onChange={(how) =>
          change.params(
            'how',
            how === 'mail'
              ? { url: undefined, to: [], subject: '', text: params.text }
              : { url: '', to: undefined, subject: undefined, text: params.text },
          )
        }
      />
      {byMail ? (
        <>
          <TagsInput
            size="sm"
            label={say.to}
            description={say.toHint}
            placeholder="sales@example.com"
            value={[...textsOf(params.to)]}
            splitChars={[',', ';', ' ']}
            acceptValueOnBlur
            {...(problem('to') === undefined ? {} : { error: say.toWrong })}
            onChange={(to) => change.params('to', { to })}
          />
          <FieldText
            label={say.subject}
            value={textOf(params.subject)}
            fields={fields}
            {...reasonOf(problem('subject'))}
            onChange={(subject) => change.params('subject', { subject })}
          />
        </>
      ) : (
        <FieldText
          label={say.url}
          placeholder="https://"
          value={textOf(params.url)}
          fields={fields}
          {...reasonOf(problem('url') && words.forms.webhook.urlWrong)}
          onChange={(url) => change.params('url', { url })}
        />
      )}
      <FieldText
        label={say.text}
        lines={4}
        value={textOf(params.text)}
        fields={fields}
        {...reasonOf(problem('text'))}
        onChange={(text) => change.params('text', { text })}
      />
      <Then id={id} />
    </>
  )
}

function reasonOf(error: string | undefined): { readonly error?: string } {
  return error === undefined ? {} : { error }
}
