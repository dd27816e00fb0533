/** One message, as its receiver would see it. The mail runs in a frame that may do nothing at all: no scripts, no forms, no links. */
import { SegmentedControl, Title } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useState } from 'react'
import type { Mail } from '../answers.ts'
import parts from '../parts/parts.module.css'
import { Failure, Rows } from '../parts/States.tsx'
import { Ago } from '../parts/time.tsx'
import { useJourneyNames, useMail } from '../queries.ts'
import { Link, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import styles from './Mailbox.module.css'
import { framed, linksOf } from './mailHtml.ts'

type View = keyof typeof words.mailbox.views
type Width = 'desktop' | 'phone'

export function MailReader({ id, back }: { readonly id: string; readonly back: string }) {
  const { data, error, refetch } = useMail(id)
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={3} height={80} />
  return (
    <>
      <ReaderHead mail={data} back={back} />
      {data.html === null ? <Plain mail={data} /> : <Body mail={data} html={data.html} />}
    </>
  )
}

function ReaderHead({ mail, back }: { readonly mail: Mail; readonly back: string }) {
  const nameOf = useJourneyNames()
  const isToPerson = mail.channel === 'email' || mail.channel === 'sms'
  return (
    <div className={styles['readerHead']}>
      <Link href={back} className={`${parts['back']} mantine-hidden-from-md`}>
        <IconChevronLeft size={15} aria-hidden /> {words.mailbox.back}
      </Link>
      <Title order={2} dir="auto">
        {titleOf(mail)}
      </Title>
      <div className={styles['meta']}>
        <span dir="auto">
          {words.mailbox.toField}{' '}
          {isToPerson && mail.contactId !== null ? (
            <Link href={pathTo('contacts', mail.contactId)}>{mail.to}</Link>
          ) : (
            mail.to
          )}
        </span>
        {!isToPerson && mail.contactId !== null && (
          <Link href={pathTo('contacts', mail.contactId)}>{words.mailbox.about}</Link>
        )}
        {mail.journey !== null && (
          <Link href={pathTo('journeys', mail.journey)} style={{ color: 'inherit' }} dir="auto">
            {nameOf(mail.journey)}
          </Link>
        )}
        <Ago at={mail.at} />
        {mail.segments !== undefined && <span>{words.mailbox.segments(mail.segments)}</span>}
      </div>
    </div>
  )
}

function titleOf({ channel, subject, method }: Mail): string {
  if (subject !== null) return subject
  if (channel === 'email') return words.mailbox.noSubject
  const name = words.mailbox.channels[channel]
  return method === undefined ? name : `${name}, ${method}`
}

/** What has no look of its own: an SMS, or what another system gets. */
function Plain({ mail }: { readonly mail: Mail }) {
  return (
    <>
      <pre className={`${styles['text']} ${styles['plain']}`} dir="auto" tabIndex={0}>
        {mail.method === undefined ? mail.text : bodyOf(mail)}
      </pre>
      <Headers headers={mail.headers} />
    </>
  )
}

/** What a call carries is JSON of ours, or nothing. */
function bodyOf({ text }: Mail): string {
  return text ? JSON.stringify(JSON.parse(text), null, 2) : words.mailbox.noBody
}

function Body({ mail, html }: { readonly mail: Mail; readonly html: string }) {
  const [view, setView] = useState<View>('rendered')
  const [width, setWidth] = useState<Width>('desktop')
  return (
    <>
      <div className={styles['views']}>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => setView(value as View)}
          data={Object.entries(words.mailbox.views).map(([value, label]) => ({ value, label }))}
        />
        {view === 'rendered' && (
          <SegmentedControl
            size="xs"
            visibleFrom="sm"
            aria-label={words.mailbox.width}
            value={width}
            onChange={(value) => setWidth(value)}
            data={[
              { value: 'desktop', label: words.mailbox.desktop },
              { value: 'phone', label: words.mailbox.phone },
            ]}
          />
        )}
      </div>
      {view === 'rendered' && <Rendered html={html} subject={mail.subject} width={width} />}
      {view === 'text' && (
        <pre className={styles['text']} dir="auto" tabIndex={0}>
          {mail.text ?? words.mailbox.noText}
        </pre>
      )}
      {view === 'headers' && <Headers headers={mail.headers} />}
    </>
  )
}

function Rendered({
  html,
  subject,
  width,
}: {
  readonly html: string
  readonly subject: string | null
  readonly width: Width
}) {
  return (
    <>
      <div className={styles['stage']}>
        <iframe
          className={`${styles['frame']} ${width === 'phone' ? styles['phone'] : ''}`}
          sandbox=""
          referrerPolicy="no-referrer"
          srcDoc={framed(html)}
          title={words.mailbox.preview(subject ?? words.mailbox.noSubject)}
        />
      </div>
      <Links html={html} />
    </>
  )
}

function Links({ html }: { readonly html: string }) {
  const links = linksOf(html)
  if (links.length === 0) return null
  return (
    <div className={styles['links']}>
      <b>{words.mailbox.links}</b> <span className={styles['meta']}>{words.mailbox.linksText}</span>
      <ul>
        {links.map(({ href, text }) => (
          <li key={href}>
            <a href={href} target="_blank" rel="noopener noreferrer" dir="auto">
              {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Headers({ headers }: { readonly headers: Mail['headers'] }) {
  return (
    <table className={styles['headers']}>
      <thead hidden>
        <tr>
          <th>{words.mailbox.header}</th>
          <th>{words.mailbox.value}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(headers).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td dir="auto">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
