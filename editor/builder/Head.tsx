/** The top of a journey's page: what it is called, what state it is in, how many are inside, what is wrong with it. */
import { VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { JourneyDetail, JourneyProblem } from '../client.ts'
import { PageHead } from '../parts/PageHead.tsx'
import { words } from '../words.ts'
import { number, upper } from '../words/say.ts'
import styles from './Journey.module.css'
import { JourneyState } from './JourneyState.tsx'

export function Head({ detail }: { readonly detail: JourneyDetail }) {
  const { name, description, published } = detail
  return (
    <>
      <div className={styles['head']}>
        <div>
          <PageHead
            title={name}
            lead={<Description text={description ?? ''} />}
            back={{ href: '/journeys', name: words.journeys.back }}
            beside={<JourneyState journey={detail} />}
          />
        </div>
        <div>
          <Counts
            counts={detail.counts}
            hasGoal={published?.meta.goal !== undefined}
            canLeave={(published?.meta.exits?.length ?? 0) > 0}
          />
        </div>
      </div>
      {detail.pausedBecause !== null && (
        <Notice color="orange">{words.journeys.pausedBecause(detail.pausedBecause)}</Notice>
      )}
      {detail.problems.map((problem) => (
        <ProblemLine key={`${problem.code} ${problem.path} ${problem.detail}`} problem={problem} />
      ))}
    </>
  )
}

/** Two lines of it; the rest on asking, because the drawing needs the room. */
function Description({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false)
  return (
    <button
      type="button"
      className={styles['description']}
      style={whole ? { display: 'block' } : undefined}
      dir="auto"
      aria-expanded={whole}
      onClick={() => setWhole(!whole)}
    >
      {text}
    </button>
  )
}

function Counts({
  counts,
  hasGoal,
  canLeave,
}: {
  readonly counts: JourneyDetail['counts']
  readonly hasGoal: boolean
  readonly canLeave: boolean
}) {
  const { insideNow, entered, finished, goal, exited } = words.journeys
  const shown: readonly (readonly [string, number, boolean])[] = [
    [insideNow, counts.inside, true],
    [entered, counts.entered, true],
    [finished, counts.finished, true],
    [goal, counts.goal, hasGoal],
    [exited, counts.exited, canLeave],
  ]
  return (
    <dl className={styles['counts']}>
      {shown.map(([name, count, shows]) => (
        <div key={name} hidden={!shows && count === 0}>
          <dt>{name}</dt>
          <dd>{number(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

function ProblemLine({ problem: { severity, detail } }: { readonly problem: JourneyProblem }) {
  return (
    <Notice color={severity === 'error' ? 'red' : 'orange'}>
      <VisuallyHidden>{words.problems.severity[severity]}: </VisuallyHidden>
      <bdi>{upper(detail)}</bdi>
    </Notice>
  )
}

function Notice({ color, children }: { readonly color: 'red' | 'orange'; readonly children: ReactNode }) {
  return (
    <div
      className={styles['problem']}
      style={{
        background: `var(--mantine-color-${color}-light)`,
        color: `var(--mantine-color-${color}-light-color)`,
      }}
    >
      <IconAlertTriangle size={17} style={{ flex: 'none' }} aria-hidden />
      <span>{children}</span>
    </div>
  )
}
