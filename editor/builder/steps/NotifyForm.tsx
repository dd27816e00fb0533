/** Whom of the team a step tells, and what. */
import { TagsInput } from '@mantine/core'
import { words } from '../../words.ts'
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import { ChoiceField, TextField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import { useProblemAt } from './problemAt.ts'

const say = words.forms.notify

export function NotifyForm({ id, step: { entry } }: StepFormProps) {
  const change = useStepChange(id)
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
            value={[...params.to]}
            splitChars={[',', ';', ' ']}
            acceptValueOnBlur
            {...(problem('to') === undefined ? {} : { error: say.toWrong })}
            onChange={(to) => change.params('to', { to })}
          />
          <TextField
            label={say.subject}
            value={params.subject}
            error={problem('subject')}
            onChange={(subject) => change.params('subject', { subject })}
          />
        </>
      ) : (
        <TextField
          label={say.url}
          placeholder="https://"
          value={params.url}
          error={problem('url') && words.forms.webhook.urlWrong}
          onChange={(url) => change.params('url', { url })}
        />
      )}
      <TextField
        label={say.text}
        hint={say.textHint}
        lines={4}
        value={params.text}
        error={problem('text')}
        onChange={(text) => change.params('text', { text })}
      />
      <Then id={id} />
    </>
  )
}
