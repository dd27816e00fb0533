/** Messages that were kept here instead of being sent, each as its receiver would see it. */
import { Button, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconInbox, IconMailOpened, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { Mail } from '../answers.ts'
import { Chip } from '../parts/Chip.tsx'
import { firstEvent } from '../parts/firstEvent.ts'
import { LoadMore } from '../parts/LoadMore.tsx'
import { PageHead } from '../parts/PageHead.tsx'
import parts from '../parts/parts.module.css'
import { Command, Empty, Failure, Rows } from '../parts/States.tsx'
import { Ago } from '../parts/time.tsx'
import { useMailbox, useStatus } from '../queries.ts'
import { Link, navigate, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import styles from './Mailbox.module.css'
import { MailReader } from './MailReader.tsx'

interface Chosen {
  readonly id: string | null
  readonly to: string
}

export function MailboxPage({ id, to }: Chosen) {
  const { data: status } = useStatus()
  const pages = useMailbox(to)
  const mails = pages.data?.pages.flatMap(({ items }) => items)
  const nothing = mails?.length === 0 && to === '' && id === null
  return (
    <>
      <PageHead title={words.pages.mailbox} lead={words.mailbox.lead(status?.sending === 'live')} />
      <div className={parts['panel']}>
        {nothing ? (
          <NoMail />
        ) : (
          <div className={`${styles['panes']} ${styles[id === null ? 'open' : 'chosen']}`}>
            <section className={styles['list']} aria-label={words.mailbox.list}>
              <Find id={id} to={to} />
              {mails === undefined ? (
                pages.error ? (
                  <Failure error={pages.error} retry={pages.refetch} />
                ) : (
                  <Rows />
                )
              ) : (
                <Mails mails={mails} id={id} to={to} pages={pages} />
              )}
            </section>
            <section className={styles['reader']} tabIndex={0} aria-label={words.mailbox.choose.title}>
              {id === null ? (
                <Empty icon={IconMailOpened} {...words.mailbox.choose} />
              ) : (
                <MailReader key={id} id={id} back={hrefOf(null, to)} />
              )}
            </section>
          </div>
        )}
      </div>
    </>
  )
}

function hrefOf(id: string | null, to: string): string {
  const path = id === null ? '/mailbox' : pathTo('mailbox', id)
  return to === '' ? path : `${path}?${new URLSearchParams({ to }).toString()}`
}

function NoMail() {
  return (
    <Empty icon={IconInbox} title={words.mailbox.empty.title} text={words.mailbox.empty.text}>
      <Command>{firstEvent(window.location.origin)}</Command>
    </Empty>
  )
}

function Find({ id, to }: Chosen) {
  const [typed, setTyped] = useState(to)
  const settle = useDebouncedCallback(
    (text: string) => navigate(hrefOf(id, text.trim()), { replace: true }),
    250,
  )
  return (
    <div className={styles['find']}>
      <TextInput
        type="search"
        aria-label={words.mailbox.to}
        placeholder={words.mailbox.to}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          settle(value)
        }}
      />
    </div>
  )
}

function Mails({
  mails,
  id,
  to,
  pages,
}: Chosen & { readonly mails: readonly Mail[]; readonly pages: ReturnType<typeof useMailbox> }) {
  if (mails.length === 0) return <NoMatch to={to} />
  return (
    <ul className={styles['items']}>
      {mails.map((mail) => (
        <li key={mail.id}>
          <Link
            href={hrefOf(mail.id, to)}
            className={styles['item'] ?? ''}
            aria-current={mail.id === id ? 'true' : undefined}
          >
            <span className={styles['itemHead']}>
              <bdi>{mail.to}</bdi>
              <Ago at={mail.at} />
            </span>
            <span className={styles['subject']}>
              {mail.channel !== 'email' && <Chip>{words.mailbox.channels[mail.channel]}</Chip>}
              <bdi>{mail.subject ?? mail.text ?? words.mailbox.noSubject}</bdi>
            </span>
          </Link>
        </li>
      ))}
      <LoadMore pages={pages} />
    </ul>
  )
}

function NoMatch({ to }: { readonly to: string }) {
  const { title, text, clear } = words.mailbox.noMatch
  return (
    <Empty icon={IconSearch} title={title} text={text(to)}>
      <Button variant="default" onClick={() => navigate('/mailbox')}>
        {clear}
      </Button>
    </Empty>
  )
}
