/** An SMS as a form: its text and how many it is, how it is read, what kind of message it is, and when it may ring. */
import { Button, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconMoon } from '@tabler/icons-react'
import { useState } from 'react'
import { MOST_SEGMENTS } from '../../../engine/index.ts'
import type { Reader } from '../../answers.ts'
import { useSmsLook } from '../../queries.ts'
import { words } from '../../words.ts'
import { isReachedByDay, onlyByDay } from '../document/byDay.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { Section } from '../steps/Fields.tsx'
import { mergeName } from '../steps/typed.ts'
import { textOr, type Params } from './content.ts'
import { FieldText } from './FieldText.tsx'
import styles from './Mail.module.css'
import type { MessageFormProps } from './MailForm.tsx'
import { MessageTypeField } from './MessageTypeField.tsx'
import { ReaderField } from './ReaderField.tsx'
import { smsCount } from './smsCount.ts'
import { useMessage } from './useMessage.ts'

const say = words.mail.sms

export function SmsForm({ id, params, onChange }: MessageFormProps) {
  const { groups, reason } = useMessage(id, 'sendSms', params)
  const text = textOr(params['text'], '')
  return (
    <>
      <div>
        <FieldText
          label={say.text}
          lines={4}
          value={text}
          fields={groups}
          {...reason(['text'], text)}
          onChange={(value) => onChange(mergeName('text', value), { text: value })}
        />
        <Count text={text} />
      </div>
      <Window id={id} />
      <MessageTypeField
        channel="sms"
        value={params['messageType']}
        onChange={(messageType) => onChange('messageType', { messageType })}
      />
      {text.trim() !== '' && <AsRead params={params} />}
    </>
  )
}

function Count({ text }: { readonly text: string }) {
  const { text: count, isOver, mayGrow } = smsCount(text)
  return (
    <p className={styles['count']} data-over={isOver || undefined} aria-live="polite">
      {count}
      {mayGrow && ` · ${say.fields}`}
      {isOver && ` · ${say.tooLong(MOST_SEGMENTS)}`}
    </p>
  )
}

/** Whether it may ring at night, and a button that sees to it. */
function Window({ id }: { readonly id: string }) {
  const draft = useDraft()
  const { apply } = useBuild()
  if (isReachedByDay(draft, id))
    return (
      <Text size="sm" c="dimmed">
        {say.window}
      </Text>
    )
  return (
    <div className={styles['window']}>
      <Text size="sm">
        <IconMoon size={15} aria-hidden /> {say.noWindow}
      </Text>
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => apply(onlyByDay(id), { say: say.windowAdded })}
      >
        {say.addWindow}
      </Button>
    </div>
  )
}

function AsRead({ params }: { readonly params: Params }) {
  const [reader, setReader] = useState<Reader>(undefined)
  const [content] = useDebouncedValue(JSON.stringify(params), 300)
  const { data } = useSmsLook(content, reader)
  return (
    <Section title={say.asRead}>
      <ReaderField value={reader} onChange={setReader} />
      {data?.text !== null && data?.text !== undefined && (
        <div>
          <p className={styles['bubble']} dir="auto">
            {data.text}
          </p>
          <p className={styles['count']}>{say.parts(data.segments ?? 1)}</p>
        </div>
      )}
      {data !== undefined && data.to === null && (
        <Text size="sm" c="dimmed">
          {say.noNumber}
        </Text>
      )}
    </Section>
  )
}
