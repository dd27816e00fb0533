/** What needs a person to look at it, in plain words. */
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { Problem } from '../answers.ts'
import { client } from '../client.ts'
import { Chip } from '../parts/Chip.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { LoadMore } from '../parts/LoadMore.tsx'
import { PageHead } from '../parts/PageHead.tsx'
import parts from '../parts/parts.module.css'
import { Empty, Failure, Rows } from '../parts/States.tsx'
import { Ago } from '../parts/time.tsx'
import { PROBLEMS, queryClient, useProblems } from '../queries.ts'
import { Link, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import styles from './Problems.module.css'

export function ProblemsPage() {
  const pages = useProblems()
  const problems = pages.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      <PageHead title={words.pages.problems} lead={words.problems.lead} />
      <div className={parts['panel']}>
        {problems === undefined ? (
          pages.error ? (
            <Failure error={pages.error} retry={pages.refetch} />
          ) : (
            <Rows count={3} />
          )
        ) : (
          <Problems problems={problems} />
        )}
        <LoadMore pages={pages} />
      </div>
    </>
  )
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return <Empty icon={IconCircleCheck} {...words.problems.empty} />
  return (
    <ul className={styles['problems']}>
      {problems.map((problem) => (
        <ProblemItem key={problem.id} problem={problem} />
      ))}
    </ul>
  )
}

const COLORS = { error: 'red', warning: 'orange' } as const

function ProblemItem({ problem }: { readonly problem: Problem }) {
  const { severity, code, detail, at, contactId, count } = problem
  const title = words.problems.titles[code]
  return (
    <li className={styles['problem']}>
      <span style={{ color: `var(--mantine-color-${COLORS[severity]}-light-color)` }}>
        <IconAlertTriangle size={20} stroke={1.8} aria-hidden />
      </span>
      <div className={styles['text']}>
        <div className={styles['title']}>
          {title ?? words.problems.severity[severity]}{' '}
          <Chip color={COLORS[severity]}>{words.problems.severity[severity]}</Chip>
        </div>
        <p dir="auto">{detail}</p>
        <div className={styles['facts']}>
          <Ago at={at} />
          {count > 1 && <span>{words.problems.times(count)}</span>}
          {contactId !== null && (
            <Link href={pathTo('contacts', contactId)}>
              {count > 1 ? words.problems.newestContact : words.problems.contact}
            </Link>
          )}
        </div>
        <ProblemActions problem={problem} />
      </div>
    </li>
  )
}

/** What can be done about it: with all that say the same at once. */
function ProblemActions({ problem }: { readonly problem: Problem }) {
  const { code, journey, replayable } = problem
  const then = (request: Promise<unknown>) =>
    request.then(() => queryClient.invalidateQueries({ queryKey: PROBLEMS }))
  if (code === 'messages_held' && journey !== null)
    return (
      <div className={styles['actions']}>
        <Confirm {...words.problems.release} act={() => then(client.settleHeld('release', journey))} />
        <Confirm {...words.problems.discardHeld} act={() => then(client.settleHeld('discard', journey))} />
      </div>
    )
  return (
    <div className={styles['actions']}>
      {replayable && (
        <Confirm {...words.problems.replay} act={() => then(client.settleProblems('replay', problem))} />
      )}
      <Confirm {...words.problems.discard} act={() => then(client.settleProblems('discard', problem))} />
    </div>
  )
}
