/** One person: who, how warm, and why. */
import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { fieldInWords } from '../../engine/index.ts'
import type { Contact, ContactDetail } from '../answers.ts'
import { Chip } from '../parts/Chip.tsx'
import { PageHead } from '../parts/PageHead.tsx'
import parts from '../parts/parts.module.css'
import { Failure, Rows } from '../parts/States.tsx'
import { Ago } from '../parts/time.tsx'
import { useContact } from '../queries.ts'
import { eventInWords, words } from '../words.ts'
import { number } from '../words/say.ts'
import { bandOf, otherLists } from './bands.ts'
import styles from './Contacts.module.css'
import { Face } from './Face.tsx'
import { Passages } from './Passages.tsx'
import { personName } from './people.ts'
import { ScoreHistory } from './ScoreHistory.tsx'
import { Timeline } from './Timeline.tsx'
import { companyInWords, valueInWords } from './values.ts'

export function ContactPage({ id }: { readonly id: string }) {
  const { data, error, refetch } = useContact(id)
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={5} height={90} />
  return (
    <>
      <Top contact={data} />
      <div className={styles['columns']}>
        <div className={styles['main']}>
          <ScoreHistory contact={data} />
          <Section title={words.timeline.title}>
            <Timeline id={data.id} />
          </Section>
        </div>
        <aside className={styles['side']} aria-label={words.contacts.sections}>
          <Section title={words.passages.title}>
            <Passages passages={data.passages} />
          </Section>
          <Section title={words.contacts.about}>
            <About contact={data} />
          </Section>
        </aside>
      </div>
    </>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={`${parts['panel']} ${styles['section']}`} aria-label={title}>
      <div className={styles['sectionHead']}>
        <Title order={2}>{title}</Title>
      </div>
      {children}
    </section>
  )
}

function Top({ contact }: { readonly contact: ContactDetail }) {
  const { id, email, attributes, lists } = contact
  const name = personName(contact)
  const band = bandOf(lists)
  return (
    <div className={`${parts['panel']} ${styles['top']}`}>
      <div className={styles['identity']}>
        <Face id={id} name={name} size={56} />
        <PageHead
          title={name}
          lead={email !== name ? email : undefined}
          back={{ href: '/contacts', name: words.contacts.back }}
        />
      </div>
      <div className={styles['big']}>
        <span className={styles['bigLabel']}>{words.contacts.score}</span>
        <div className={styles['bigRow']}>
          {band ? <Chip color={band.color}>{band.name}</Chip> : <Chip>{words.contacts.band.none}</Chip>}
          <span className={styles['bigNumber']}>{number(Number(attributes['SCORE'] ?? 0))}</span>
        </div>
      </div>
    </div>
  )
}

/** Attributes that stand at the top already. */
const IN_THE_TITLE: readonly string[] = ['SCORE', 'FIRSTNAME', 'LASTNAME', 'EMAIL']

function About({ contact }: { readonly contact: ContactDetail }) {
  const { stage, lists, createdAt, lastActivityAt, attributes } = contact
  const others = Object.entries(attributes).filter(([name]) => !IN_THE_TITLE.includes(name))
  return (
    <dl className={styles['facts']}>
      <Fact name={words.contacts.stage}>{stage ? words.stages[stage].name : words.noStage}</Fact>
      <Fact name={words.contacts.lists}>
        <Lists lists={[...lists.filter((list) => !otherLists(lists).includes(list)), ...otherLists(lists)]} />
      </Fact>
      {contact.unreachable !== null && (
        <Fact name={words.contacts.unreachable.name}>{words.contacts.unreachable[contact.unreachable]}</Fact>
      )}
      <Consents contact={contact} />
      <Fact name={words.contacts.active}>{lastActivityAt ? <Ago at={lastActivityAt} /> : words.never}</Fact>
      <Fact name={words.contacts.known}>
        <Ago at={createdAt} />
      </Fact>
      <Company company={contact.company} />
      {others.map(([name, value]) => (
        <Fact key={name} name={fieldInWords(name)}>
          <span dir="auto">{valueInWords(value)}</span>
        </Fact>
      ))}
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Lists({ lists }: { readonly lists: readonly string[] }) {
  if (lists.length === 0) return words.contacts.noLists
  return (
    <span className={styles['chips']}>
      {lists.map((list) => (
        <Chip key={list} color={bandOf([list])?.color ?? 'gray'}>
          {list}
        </Chip>
      ))}
    </span>
  )
}

const CONSENT_COLORS = { subscribed: 'teal', unsubscribed: 'red', unknown: 'gray' } as const

function Consents({ contact: { consent } }: { readonly contact: Contact }) {
  const { consents, consentStatus, consentSource } = words.contacts
  return (Object.keys(consents) as (keyof typeof consents)[])
    .filter((purpose) => purpose === 'email' || consent[purpose].status !== 'unknown')
    .map((purpose) => {
      const { status, at, source } = consent[purpose]
      return (
        <Fact key={purpose} name={consents[purpose]}>
          <Chip color={CONSENT_COLORS[status]} dot>
            {consentStatus[status]}
          </Chip>
          <div className={styles['journeyName']}>
            {at !== null && <Ago at={at} />} {source !== null && consentSource(eventInWords(source))}
          </div>
        </Fact>
      )
    })
}

function Company({ company }: { readonly company: Contact['company'] }) {
  if (company === null) return null
  return (
    <Fact name={words.contacts.company}>
      <span dir="auto">{companyInWords(company)}</span>
    </Fact>
  )
}
