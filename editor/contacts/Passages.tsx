/** Where a person is in which journey, and where they have been. */
import { Text } from '@mantine/core'
import type { Passage } from '../client.ts'
import { Ago } from '../parts/time.tsx'
import { Link } from '../router.tsx'
import { words } from '../words.ts'
import styles from './Contacts.module.css'

const SHOWN_ENDED = 10

export function Passages({ passages }: { readonly passages: readonly Passage[] }) {
  if (passages.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {words.passages.empty.text}
      </Text>
    )
  }
  const live = passages.filter(({ ended }) => ended === null)
  const past = passages.filter(({ ended }) => ended !== null).slice(0, SHOWN_ENDED)
  return (
    <ul className={styles['passages']}>
      {[...live, ...past].map((passage) => (
        <PassageItem key={passage.id} passage={passage} />
      ))}
    </ul>
  )
}

function PassageItem({ passage: { journey, journeyName, stepLabel, due, ended, enteredAt } }: { readonly passage: Passage }) {
  return (
    <li className={`${styles['passage']} ${ended ? '' : styles['live']}`}>
      <Link href={`/journeys/${encodeURIComponent(journey)}`} dir="auto">
        {journeyName}
      </Link>
      {ended ? (
        <span title={ended.reason} className={styles['journeyName']}>
          {words.passages.outcomes[ended.outcome] ?? words.passages.ended}, <Ago at={ended.at} />
        </span>
      ) : (
        <>
          <span dir="auto">{words.passages.at(stepLabel)}</span>
          <span className={styles['journeyName']}>{due ? <Due due={due} /> : words.passages.waits}</span>
        </>
      )}
      <span className={styles['journeyName']}>
        {words.passages.since} <Ago at={enteredAt} />
      </span>
    </li>
  )
}

function Due({ due }: { readonly due: string }) {
  return (
    <>
      {words.passages.due} <Ago at={due} />
    </>
  )
}
