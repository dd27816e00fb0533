/** All journeys at a glance, by the stage they serve; what was archived is behind a link. */
import { Button, TextInput, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArchive,
  IconFileImport,
  IconMail,
  IconPlus,
  IconRoute,
  IconSearch,
  IconUsers,
} from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { STAGES, type Stage } from '../../engine/index.ts'
import type { JourneySummary, Status } from '../answers.ts'
import { PageHead } from '../parts/PageHead.tsx'
import parts from '../parts/parts.module.css'
import { Empty, Failure, Rows } from '../parts/States.tsx'
import { useArchivedJourneys, useJourneys, useStatus } from '../queries.ts'
import { Link, navigate, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import { number } from '../words/say.ts'
import { CardMenu } from './gallery/CardMenu.tsx'
import { Deleted, type Removed } from './gallery/Deleted.tsx'
import styles from './Journeys.module.css'
import { JourneyState } from './JourneyState.tsx'

const ImportDialog = lazy(async () => ({
  default: (await import('./gallery/ImportDialog.tsx')).ImportDialog,
}))

interface JourneysPageProps {
  readonly search: string
  /** Those that were archived, in place of those in use. */
  readonly archived: boolean
}

export function JourneysPage({ search, archived }: JourneysPageProps) {
  const status = useStatus()
  const [importing, setImporting] = useState(false)
  const [removed, setRemoved] = useState<Removed | null>(null)
  const { list } = words.gallery
  return (
    <>
      <PageHead
        title={archived ? list.archivedTitle : words.pages.journeys}
        lead={archived ? list.archivedLead : words.journeys.lead}
        {...(archived && { back: { href: '/journeys', name: list.current } })}
      >
        {!archived && (
          <div className={styles['actions']}>
            <Button
              variant="default"
              leftSection={<IconFileImport size={17} aria-hidden />}
              onClick={() => setImporting(true)}
            >
              {list.import}
            </Button>
            <Button component={Link} href="/gallery" leftSection={<IconPlus size={17} aria-hidden />}>
              {list.create}
            </Button>
          </div>
        )}
      </PageHead>
      {removed && <Deleted removed={removed} close={() => setRemoved(null)} />}
      {!archived && status.data && <Stats status={status.data} />}
      {archived ? <Archived onRemoved={setRemoved} /> : <InUse search={search} onRemoved={setRemoved} />}
      {importing && (
        <Suspense>
          <ImportDialog close={() => setImporting(false)} />
        </Suspense>
      )}
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

// ---- The list --------------------------------------------------------------------------------------------------------

/** Below so many everything is seen at once. */
const MANY = 8

type OnRemoved = (removed: Removed) => void

function InUse({ search, onRemoved }: { readonly search: string; readonly onRemoved: OnRemoved }) {
  const { data, error, refetch } = useJourneys()
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={4} height={120} />
  const found = data.items.filter(({ name, description }) =>
    `${name} ${description ?? ''}`.toLowerCase().includes(search.trim().toLowerCase()),
  )
  return (
    <>
      {(data.items.length > MANY || search !== '') && <Search search={search} />}
      {data.items.length === 0 && <NoJourneys />}
      {data.items.length > 0 && found.length === 0 && <NoMatch search={search} />}
      {([...STAGES, null] as const).map((stage) => (
        <Group
          key={stage}
          stage={stage}
          journeys={found.filter((journey) => journey.stage === stage)}
          onRemoved={onRemoved}
        />
      ))}
      <ArchivedLink />
    </>
  )
}

function Search({ search }: { readonly search: string }) {
  const { list } = words.gallery
  return (
    <TextInput
      className={styles['search'] ?? ''}
      type="search"
      aria-label={list.search}
      placeholder={list.search}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={search}
      onChange={({ currentTarget: { value } }) =>
        navigate(value === '' ? '/journeys' : `/journeys?search=${encodeURIComponent(value)}`, {
          replace: true,
        })
      }
    />
  )
}

function NoMatch({ search }: { readonly search: string }) {
  const { noMatch, noMatchClear } = words.gallery.list
  return (
    <div className={parts['panel']}>
      <Empty icon={IconSearch} title={noMatch.title} text={noMatch.text(search)}>
        <Button variant="default" onClick={() => navigate('/journeys', { replace: true })}>
          {noMatchClear}
        </Button>
      </Empty>
    </div>
  )
}

function NoJourneys() {
  const { empty, create } = words.gallery.list
  return (
    <div className={parts['panel']}>
      <Empty icon={IconRoute} {...empty}>
        <Button component={Link} href="/gallery" leftSection={<IconPlus size={17} aria-hidden />}>
          {create}
        </Button>
      </Empty>
    </div>
  )
}

function ArchivedLink() {
  const { data } = useArchivedJourneys()
  const count = data?.items.length ?? 0
  return count === 0 ? null : (
    <Link href="/journeys?archived" className={styles['archived'] ?? ''}>
      <IconArchive size={16} aria-hidden /> {words.gallery.list.archived(count)}
    </Link>
  )
}

function Archived({ onRemoved }: { readonly onRemoved: OnRemoved }) {
  const { data, error, refetch } = useArchivedJourneys()
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={2} height={120} />
  return data.items.length === 0 ? (
    <div className={parts['panel']}>
      <Empty icon={IconArchive} {...words.gallery.list.noArchived} />
    </div>
  ) : (
    <Cards journeys={data.items} onRemoved={onRemoved} />
  )
}

function Group({
  stage,
  journeys,
  onRemoved,
}: {
  readonly stage: Stage | null
  readonly journeys: readonly JourneySummary[]
  readonly onRemoved: OnRemoved
}) {
  if (journeys.length === 0) return null
  const { name, text } = stage === null ? words.everyStage : words.stages[stage]
  return (
    <section className={styles['group']} aria-label={name}>
      <div className={styles['groupHead']}>
        <Title order={2}>{name}</Title>
        <p>{text}</p>
      </div>
      <Cards journeys={journeys} onRemoved={onRemoved} />
    </section>
  )
}

function Cards({
  journeys,
  onRemoved,
}: {
  readonly journeys: readonly JourneySummary[]
  readonly onRemoved: OnRemoved
}) {
  return (
    <ul className={styles['cards']}>
      {journeys.map((journey) => (
        <li key={journey.id}>
          <JourneyCard journey={journey} onRemoved={onRemoved} />
        </li>
      ))}
    </ul>
  )
}

function JourneyCard({
  journey,
  onRemoved,
}: {
  readonly journey: JourneySummary
  readonly onRemoved: OnRemoved
}) {
  const { id, name, description, counts, sends, problems, unpublishedChanges } = journey
  return (
    <article className={`${parts['panel']} ${styles['card']}`}>
      <div className={styles['cardHead']}>
        <JourneyState journey={journey} />
        {unpublishedChanges !== null && unpublishedChanges > 0 && (
          <span className={styles['unpublished']}>{words.publish.bar.unpublished(unpublishedChanges)}</span>
        )}
        <CardMenu journey={journey} onRemoved={onRemoved} />
      </div>
      <Link href={pathTo('journeys', id)} className={styles['cardTitle'] ?? ''} dir="auto">
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
        {problems.length > 0 && <ProblemCount problems={problems} />}
      </div>
    </article>
  )
}

function ProblemCount({ problems }: Pick<JourneySummary, 'problems'>) {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const color = errors > 0 ? 'red' : 'orange'
  return (
    <span className={styles['fact']} style={{ color: `var(--mantine-color-${color}-light-color)` }}>
      <IconAlertTriangle size={15} aria-hidden /> {words.checking.count(errors, problems.length - errors)}
    </span>
  )
}
