/** All journeys at a glance, by the stage they serve. */
import { Title } from '@mantine/core'
import { IconAlertTriangle, IconMail, IconRoute, IconUsers } from '@tabler/icons-react'
import { STAGES, type Stage } from '../../engine/index.ts'
import type { JourneySummary, Status } from '../client.ts'
import { PageHead } from '../parts/PageHead.tsx'
import parts from '../parts/parts.module.css'
import { Command, Empty, Failure, Rows } from '../parts/States.tsx'
import { useJourneys, useStatus } from '../queries.ts'
import { Link } from '../router.tsx'
import { words } from '../words.ts'
import { number } from '../words/say.ts'
import { JourneyState } from './JourneyState.tsx'
import styles from './Journeys.module.css'

export function JourneysPage() {
  const status = useStatus()
  return (
    <>
      <PageHead title={words.pages.journeys} lead={words.journeys.lead} />
      {status.data && <Stats status={status.data} />}
      <Groups />
    </>
  )
}

function Stats({
  status: { contacts, inJourneys, messages, problems, sending },
}: {
  readonly status: Status
}) {
  const { stats } = words.journeys
  const mail =
    sending === 'live'
      ? { name: stats.sent, count: messages.sent }
      : { name: stats.captured, count: messages.captured }
  const shown = [
    { name: stats.contacts, count: contacts, href: '/contacts' },
    { name: stats.inJourneys, count: inJourneys, href: '/contacts' },
    { ...mail, href: '/mailbox' },
    { name: stats.problems, count: problems, href: '/problems' },
  ]
  return (
    <div className={styles['stats']}>
      {shown.map(({ name, count, href }) => (
        <Link key={name} href={href} className={styles['stat'] ?? ''}>
          <dl style={{ margin: 0 }}>
            <dt>{name}</dt>
            <dd>{number(count)}</dd>
          </dl>
        </Link>
      ))}
    </div>
  )
}

function Groups() {
  const { data, error, refetch } = useJourneys()
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={4} height={120} />
  if (data.items.length === 0) return <NoJourneys />
  return ([...STAGES, null] as const).map((stage) => (
    <Group key={stage} stage={stage} journeys={data.items.filter((journey) => journey.stage === stage)} />
  ))
}

function NoJourneys() {
  return (
    <div className={parts['panel']}>
      <Empty icon={IconRoute} title={words.journeys.empty.title} text={words.journeys.empty.text}>
        <Command>{`curl -X PUT ${window.location.origin}/api/journeys/welcome \\\n  -H "authorization: Bearer $TIDEMARK_API_KEY" -d @journeys/welcome.json`}</Command>
      </Empty>
    </div>
  )
}

function Group({
  stage,
  journeys,
}: {
  readonly stage: Stage | null
  readonly journeys: readonly JourneySummary[]
}) {
  if (journeys.length === 0) return null
  const { name, text } = stage === null ? words.everyStage : words.stages[stage]
  return (
    <section className={styles['group']} aria-label={name}>
      <div className={styles['groupHead']}>
        <Title order={2}>{name}</Title>
        <p>{text}</p>
      </div>
      <ul className={styles['cards']}>
        {journeys.map((journey) => (
          <li key={journey.id}>
            <JourneyCard journey={journey} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function JourneyCard({ journey }: { readonly journey: JourneySummary }) {
  const { id, name, description, counts, sends, problems } = journey
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return (
    <article className={`${parts['panel']} ${styles['card']}`}>
      <JourneyState journey={journey} />
      <Link href={`/journeys/${encodeURIComponent(id)}`} className={styles['cardTitle'] ?? ''} dir="auto">
        {name}
      </Link>
      <p className={styles['cardText']} dir="auto">
        {description}
      </p>
      <div className={styles['cardFoot']}>
        <span className={`${styles['fact']} ${counts.inside > 0 ? styles['people'] : ''}`}>
          <IconUsers size={15} aria-hidden /> {words.journeys.inside(counts.inside)}
        </span>
        <span className={styles['fact']}>{words.journeys.enteredShort(counts.entered)}</span>
        {sends && (
          <span className={styles['fact']}>
            <IconMail size={15} aria-hidden /> {words.journeys.sends}
          </span>
        )}
        {errors > 0 && <ErrorCount count={errors} />}
      </div>
    </article>
  )
}

/** What stops a journey. Warnings are for whoever draws it. */
function ErrorCount({ count }: { readonly count: number }) {
  return (
    <span className={styles['fact']} style={{ color: 'var(--mantine-color-red-light-color)' }}>
      <IconAlertTriangle size={15} aria-hidden /> {words.journeys.problems(count)}
    </span>
  )
}
