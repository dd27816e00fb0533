/**
 * A mail beside the form it is written in: as it arrives at anybody, in two widths, by day and by night, and as plain text.
 * It stands in a frame that may do nothing at all: no scripts, no forms, no links.
 */
import { SegmentedControl, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState, type ReactNode } from 'react'
import type { MailLook, Reader } from '../../answers.ts'
import { framed, inScheme } from '../../messages/mailHtml.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { useMailLook } from '../../queries.ts'
import { words } from '../../words.ts'
import type { Params } from './content.ts'
import styles from './Mail.module.css'
import { ReaderField } from './ReaderField.tsx'
import { TestMail } from './TestMail.tsx'

const say = words.mail.look

type Width = keyof typeof say.widths
type Scheme = 'light' | 'dark'

export function MailPreview({
  params,
  close,
  children,
}: {
  readonly params: Params
  readonly close: () => void
  readonly children: ReactNode
}) {
  const [reader, setReader] = useState<Reader>(undefined)
  const [width, setWidth] = useState<Width>('desktop')
  const [scheme, setScheme] = useState<Scheme>('light')
  const [content] = useDebouncedValue(JSON.stringify(params), 300)
  const { data, error, isPlaceholderData } = useMailLook(content, reader)
  return (
    <Dialog
      onClose={close}
      title={say.title}
      size="min(1280px, 96vw)"
      padding={0}
      classNames={{
        content: styles['dialogFrame'] ?? '',
        header: styles['dialogHead'] ?? '',
        body: styles['dialog'] ?? '',
      }}
      closeButtonProps={{ 'aria-label': words.forms.close }}
      trapFocus
    >
      <section className={styles['write']} aria-label={say.write}>
        {children}
      </section>
      <section className={styles['look']} aria-label={say.title}>
        <div className={styles['choices']}>
          <ReaderField value={reader} onChange={setReader} />
          <SegmentedControl
            size="xs"
            aria-label={say.width}
            value={width}
            onChange={(chosen) => setWidth(chosen as Width)}
            data={Object.entries(say.widths).map(([value, label]) => ({ value, label }))}
          />
          {width !== 'text' && (
            <SegmentedControl
              size="xs"
              aria-label={say.scheme}
              value={scheme}
              onChange={(chosen) => setScheme(chosen)}
              data={[
                { value: 'light', label: say.light },
                { value: 'dark', label: say.dark },
              ]}
            />
          )}
        </div>
        {data && <Inbox mail={data} />}
        <div className={styles['stage']} aria-busy={isPlaceholderData}>
          <Shown
            mail={data}
            failure={error?.message ?? data?.failure ?? null}
            width={width}
            scheme={scheme}
          />
        </div>
        <TestMail params={params} reader={reader} />
      </section>
    </Dialog>
  )
}

/** The line of the inbox. */
function Inbox({ mail: { from, subject, preview } }: { readonly mail: MailLook }) {
  return (
    <div className={styles['inbox']}>
      <bdi className={styles['from']}>{nameIn(from)}</bdi>
      <bdi className={styles['subject']}>{subject === '' ? say.noSubject : subject}</bdi>
      {preview !== null && preview !== '' && <bdi className={styles['previewText']}>{preview}</bdi>}
    </div>
  )
}

/** `"Acme" <hello@acme.eu>` as the inbox shows it. */
function nameIn(from: string): string {
  return from.replace(/\s*<.*>$/, '').replace(/^"(.*)"$/, '$1')
}

function Shown({
  mail,
  failure,
  width,
  scheme,
}: {
  readonly mail: MailLook | undefined
  readonly failure: string | null
  readonly width: Width
  readonly scheme: Scheme
}) {
  if (failure !== null)
    return (
      <div className={styles['note']} role="status">
        <Text size="sm" fw={600}>
          {say.cannot}
        </Text>
        <Text size="sm" c="dimmed" dir="auto">
          {failure}
        </Text>
      </div>
    )
  if (!mail) return <Text className={styles['note'] ?? ''}>{say.loading}</Text>
  if (mail.html === null) return <Text className={styles['note'] ?? ''}>{say.empty}</Text>
  if (width === 'text')
    return (
      <pre className={styles['plain']} dir="auto" tabIndex={0}>
        {mail.text}
      </pre>
    )
  return (
    <iframe
      className={`${styles['frame']} ${styles[width] ?? ''}`}
      style={{ colorScheme: scheme }}
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={framed(inScheme(mail.html, scheme))}
      title={say.frame}
    />
  )
}
