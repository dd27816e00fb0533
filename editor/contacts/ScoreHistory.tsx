/** How a score came about: its line over the bands, and every change with its reason. */
import { Chip as Choice, Group, Title } from '@mantine/core'
import { IconChartLine } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { fieldInWords } from '../../engine/index.ts'
import type { ContactDetail, ScoreEntry } from '../answers.ts'
import { Chip } from '../parts/Chip.tsx'
import { LoadMore } from '../parts/LoadMore.tsx'
import parts from '../parts/parts.module.css'
import { Empty, Failure, Rows } from '../parts/States.tsx'
import { Ago } from '../parts/time.tsx'
import { useJourneyNames, useScores } from '../queries.ts'
import { Link, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import { number, signed } from '../words/say.ts'
import styles from './Contacts.module.css'

const ScoreChart = lazy(async () => ({ default: (await import('./ScoreChart.tsx')).ScoreChart }))

export function ScoreHistory({ contact: { id, scores } }: { readonly contact: ContactDetail }) {
  const [chosen, choose] = useState<readonly string[]>(['SCORE'])
  const pages = useScores(id, chosen)
  return (
    <section className={`${parts['panel']} ${styles['section']}`} aria-label={words.history.title}>
      <div className={styles['sectionHead']}>
        <Title order={2}>{words.history.title}</Title>
        {scores.length > 1 && <Scores scores={scores} chosen={chosen} choose={choose} />}
      </div>
      {pages.data === undefined ? (
        pages.error ? (
          <Failure error={pages.error} retry={pages.refetch} />
        ) : (
          <Rows count={3} height={70} />
        )
      ) : (
        <History ledgers={pages.data} />
      )}
      <LoadMore pages={pages} byButton />
    </section>
  )
}

/** Which scores are drawn; at least one always is. */
function Scores({
  scores,
  chosen,
  choose,
}: {
  readonly scores: readonly string[]
  readonly chosen: readonly string[]
  readonly choose: (scores: readonly string[]) => void
}) {
  return (
    <Choice.Group multiple value={[...chosen]} onChange={(next) => next.length > 0 && choose(next)}>
      <Group gap={6} role="group" aria-label={words.contacts.scores}>
        {scores.map((score) => (
          <Choice key={score} value={score} size="xs">
            {fieldInWords(score)}
          </Choice>
        ))}
      </Group>
    </Choice.Group>
  )
}

function History({ ledgers }: { readonly ledgers: Readonly<Record<string, readonly ScoreEntry[]>> }) {
  const entries = Object.values(ledgers)
    .flat()
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  if (entries.length === 0) return <Empty icon={IconChartLine} {...words.history.empty} />
  return (
    <>
      <Suspense fallback={<div className={styles['chart']} />}>
        <ScoreChart ledgers={ledgers} />
      </Suspense>
      <Ledger entries={entries} several={Object.keys(ledgers).length > 1} />
    </>
  )
}

function Ledger({
  entries,
  several,
}: {
  readonly entries: readonly ScoreEntry[]
  readonly several: boolean
}) {
  const { change, score, reason, when } = words.history
  return (
    <div className={styles['ledger']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th>{change}</th>
            <th>{score}</th>
            <th>{reason}</th>
            <th className={styles['narrowOptional']}>{when}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Line key={entry.id} entry={entry} several={several} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({
  entry: { attribute, by, after, reason, journey, version, occurredAt },
  several,
}: {
  readonly entry: ScoreEntry
  readonly several: boolean
}) {
  const nameOf = useJourneyNames()
  return (
    <tr>
      <td className={styles['by']}>
        <Chip color={by > 0 ? 'teal' : 'red'}>{signed(by)}</Chip>
      </td>
      <td className="number">
        {number(after)} {several && <span className={styles['quiet']}>{fieldInWords(attribute)}</span>}
      </td>
      <td>
        <div dir="auto">{reason}</div>
        <div className={styles['journeyName']}>
          {journey === null ? (
            words.history.byHand
          ) : (
            <Link href={pathTo('journeys', journey)} style={{ color: 'inherit' }}>
              {nameOf(journey)}
            </Link>
          )}{' '}
          {words.history.version(version)}
        </div>
      </td>
      <td className={`${styles['quiet']} ${styles['narrowOptional']}`}>
        <Ago at={occurredAt} />
      </td>
    </tr>
  )
}
