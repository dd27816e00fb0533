/**
 * A mail as a form: its subject, what it says in parts, what kind of message it is, and how it looks. Controlled: it shows
 * the params as they are, whatever they are, and hands on every change at once.
 */
import { Button, Select, Textarea } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { plain } from '../../../engine/index.ts'
import { useVocabulary } from '../../queries.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import { Section } from '../steps/Fields.tsx'
import { mergeName } from '../steps/typed.ts'
import { changedForm, MAIL_FORMS, mailForm, textOr, type Params } from './content.ts'
import type { FieldGroup } from './fields.ts'
import { FieldText } from './FieldText.tsx'
import { MailBody } from './MailBody.tsx'
import { MailPreview } from './MailPreview.tsx'
import { MessageTypeField } from './MessageTypeField.tsx'
import type { ReasonAt } from './reasons.ts'
import { useMessage } from './useMessage.ts'

const say = words.mail

export interface MessageFormProps {
  readonly id: string
  readonly params: Params
  /** Changes some of the params; changes of the same `field` are undone together. */
  readonly onChange: (field: string, params: Params) => void
}

export function MailForm(props: MessageFormProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        size="sm"
        variant="light"
        leftSection={<IconEye size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {say.look.open}
      </Button>
      <MailFields {...props} />
      {isOpen && (
        <MailPreview params={props.params} close={() => setOpen(false)}>
          <MailFields {...props} />
        </MailPreview>
      )}
    </>
  )
}

function MailFields({ id, params, onChange }: MessageFormProps) {
  const form = mailForm(params)
  const before = useRef<Params>({})
  const { groups, reason } = useMessage(id, 'sendEmail', params)
  const text = (name: string, value: string) => onChange(mergeName(name, value), { [name]: value })
  const optional = (name: string, value: string) =>
    onChange(mergeName(name, value), { [name]: value === '' ? undefined : value })
  const subject = textOr(params['subject'], '')
  const preview = textOr(params['preview'], '')
  return (
    <>
      {form !== 'template' && (
        <FieldText
          label={say.subject}
          value={subject}
          fields={groups}
          {...reason(['subject'], subject)}
          onChange={(value) => text('subject', value)}
        />
      )}
      {form === 'blocks' && (
        <>
          <FieldText
            label={say.preview}
            hint={say.previewHint}
            value={preview}
            fields={groups}
            {...reason(['preview'], preview)}
            onChange={(value) => optional('preview', value)}
          />
          <MailBody params={params} fields={groups} reason={reason} onChange={onChange} />
          <Foot params={params} fields={groups} reason={reason} onChange={onChange} />
        </>
      )}
      {form === 'template' && <TemplateField params={params} onChange={onChange} />}
      {form === 'html' && <OwnHtml params={params} reason={reason} text={text} optional={optional} />}
      <MessageTypeField
        channel="email"
        value={params['messageType']}
        onChange={(messageType) => onChange('messageType', { messageType })}
      />
      <Select
        size="sm"
        label={say.forms.label}
        allowDeselect={false}
        value={form}
        data={MAIL_FORMS.map((value) => ({ value, label: say.forms[value] }))}
        onChange={(chosen) => {
          if (chosen === null || chosen === form) return
          const kept = before.current
          before.current = { ...kept, ...params }
          onChange('form', changedForm(params, chosen, kept))
        }}
      />
    </>
  )
}

interface PartProps extends Pick<MessageFormProps, 'params' | 'onChange'> {
  readonly fields: readonly FieldGroup[]
  readonly reason: ReasonAt
}

/** What stands below every mail: why one gets it, and the way out, in the language of the mail. */
function Foot({ params, fields, reason, onChange }: PartProps) {
  const foot = typeof params['foot'] === 'object' && params['foot'] !== null ? (params['foot'] as Params) : {}
  const text = (name: string) => {
    const value = textOr(foot[name], '')
    return {
      value,
      fields,
      ...reason(['foot', name], value),
      onChange: (typed: string) => {
        const { [name]: _before, ...others } = foot
        const changed = typed === '' ? others : { ...foot, [name]: typed }
        const isEmpty = Object.keys(changed).length === 0
        onChange(mergeName(`foot ${name}`, typed), { foot: isEmpty ? undefined : changed })
      },
    }
  }
  return (
    <Section title={say.more}>
      <FieldText
        label={say.reason}
        hint={say.footHint}
        placeholder={say.reasonPlaceholder}
        {...text('reason')}
      />
      <FieldText
        label={say.unsubscribe}
        hint={say.unsubscribeHint}
        placeholder={say.unsubscribePlaceholder}
        {...text('unsubscribe')}
      />
    </Section>
  )
}

function TemplateField({ params, onChange }: Pick<MessageFormProps, 'params' | 'onChange'>) {
  const templates = useVocabulary().data?.templates ?? []
  const chosen = textOr(params['template'], '')
  const isKnown = templates.includes(chosen)
  return (
    <Select
      size="sm"
      label={say.template}
      description={say.templateHint}
      placeholder={say.templatePlaceholder}
      nothingFoundMessage={say.noTemplate}
      searchable
      allowDeselect={false}
      data={(isKnown || chosen === '' ? templates : [chosen, ...templates]).map((name) => ({
        value: name,
        label: upper(plain(name).replaceAll('-', ' ')),
      }))}
      value={chosen === '' ? null : chosen}
      {...(isKnown || chosen === '' || templates.length === 0
        ? {}
        : { error: say.problems['unknown_template'] })}
      onChange={(template) => template !== null && onChange('template', { template })}
    />
  )
}

function OwnHtml({
  params,
  reason,
  text,
  optional,
}: {
  readonly params: Params
  readonly reason: ReasonAt
  readonly text: (name: string, value: string) => void
  readonly optional: (name: string, value: string) => void
}) {
  const common = { size: 'sm', autosize: true, minRows: 5, maxRows: 18, spellCheck: false } as const
  const shown = (name: string) => {
    const { error, warning } = reason([name], textOr(params[name], ''))
    return error === undefined && warning === undefined ? {} : { error: error ?? warning }
  }
  return (
    <>
      <Textarea
        {...common}
        dir="ltr"
        label={say.html}
        description={say.htmlHint}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
        value={textOr(params['html'], '')}
        {...shown('html')}
        onChange={(event) => text('html', event.currentTarget.value)}
      />
      <Textarea
        {...common}
        dir="auto"
        label={say.plainText}
        description={say.plainTextHint}
        value={textOr(params['text'], '')}
        {...shown('text')}
        onChange={(event) => optional('text', event.currentTarget.value)}
      />
    </>
  )
}
