/** Where a person is in which journey, and where they have been. */
import { Text } from '@mantine/core'
import type { Passage } from '../answers.ts'
import { Ago } from '../parts/time.tsx'
import { Link, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import styles from './Contacts.module.css'
import { pastVisits, type PastVisits } from './trace.ts'

export function Passages({ passages }: { readonly passages: readonly Passage[] }) {
  if (passages.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {words.passages.empty}
      </Text>
    )
  }
  return (
    <ul className={styles['passages']}>
      {passages.map(
        (passage) => passage.ended === null && <LivePassage key={passage.id} passage={passage} />,
      )}
      {pastVisits(passages).map((visits) => (
        <Past key={visits.journey} visits={visits} />
      ))}
    </ul>
  )
}

function LivePassage({
  passage: { journey, journeyName, stepLabel, due, enteredAt },
}: {
  readonly passage: Passage
}) {
  return (
    <li className={`${styles['passage']} ${styles['live']}`}>
      <JourneyLink id={journey} name={journeyName} />
      <span dir="auto">{words.passages.at(stepLabel)}</span>
      <span className={styles['journeyName']}>{due === null ? words.passages.waits : <Due due={due} />}</span>
      <span className={styles['journeyName']}>
        {words.passages.since} <Ago at={enteredAt} />
      </span>
    </li>
  )
}

function Past({
  visits: { journey, journeyName, outcome, reason, at, visits },
}: {
  readonly visits: PastVisits
}) {
  return (
    <li className={styles['passage']}>
      <JourneyLink id={journey} name={journeyName} />
      <span className={styles['journeyName']} title={reason}>
        {words.passages.outcomes[outcome] ?? words.passages.ended}, <Ago at={at} />
        {visits > 1 && ` · ${words.passages.visits(visits)}`}
      </span>
    </li>
  )
}

function JourneyLink({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <Link href={pathTo('journeys', id)}>
      <bdi>{name}</bdi>
    </Link>
  )
}

function Due({ due }: { readonly due: string }) {
  return (
    <>
      {words.passages.due} <Ago at={due} />
    </>
  )
}
