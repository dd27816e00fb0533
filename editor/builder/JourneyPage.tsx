/** One journey: its drawing, with the people in it, and the same as a list. */
import { SegmentedControl, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconAlertTriangle, IconRoute } from '@tabler/icons-react'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { parseJourney, type Journey } from '../../engine/index.ts'
import type { JourneyDetail, JourneyProblem } from '../client.ts'
import { PageHead } from '../parts/PageHead.tsx'
import { Empty, Failure, Rows } from '../parts/States.tsx'
import { useJourney, useJourneyNames, useSubjects } from '../queries.ts'
import { number, upper, words } from '../words.ts'
import { Canvas } from './canvas/Canvas.tsx'
import { graphOf, nameOf } from './document/graph.ts'
import { layOut } from './document/layout.ts'
import { templatesOf, type Surroundings } from './document/sentences.ts'
import styles from './Journey.module.css'
import { JourneyState } from './JourneyState.tsx'
import { Outline } from './panels/Outline.tsx'

type Which = 'published' | 'draft'
const HOWS = ['drawing', 'both', 'outline'] as const
type How = (typeof HOWS)[number]

export function JourneyPage({ id }: { readonly id: string }) {
  const { data, error, refetch } = useJourney(id)
  const [chosen, choose] = useState<Which>('published')
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={5} height={90} />
  const which = data[chosen] !== null ? chosen : data.published ? 'published' : 'draft'
  const journey = which === 'published' ? data.published : readable(data.draft)
  return (
    <div className={styles['page']}>
      <Head detail={data} which={which} choose={choose} />
      {data.pausedBecause !== null && (
        <Notice color="orange">{words.journeys.pausedBecause(data.pausedBecause)}</Notice>
      )}
      {data.problems.map((problem) => (
        <ProblemLine key={`${problem.code} ${problem.path} ${problem.detail}`} problem={problem} />
      ))}
      {journey ? (
        <Body journey={journey} people={which === 'published' ? data.counts.steps : NOBODY} />
      ) : (
        <Empty icon={IconRoute} {...words.journeys.nothingDrawn} />
      )}
    </div>
  )
}

const NOBODY = {}

/** A draft that is a journey in form, whatever else is wrong with it. */
function readable(draft: unknown): Journey | null {
  const parsed = parseJourney(draft)
  return parsed.ok ? parsed.value : null
}

function Head({
  detail,
  which,
  choose,
}: {
  readonly detail: JourneyDetail
  readonly which: Which
  readonly choose: (which: Which) => void
}) {
  const { name, description, draft, published, version } = detail
  return (
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
        {draft !== null && published !== null && (
          <SegmentedControl
            mt="sm"
            size="xs"
            aria-label={words.journeys.which}
            value={which}
            onChange={(value) => choose(value)}
            data={[
              { value: 'published', label: words.journeys.liveVersion(version) },
              { value: 'draft', label: words.journeys.draftVersion },
            ]}
          />
        )}
      </div>
    </div>
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

/** Drawing and outline side by side from 1200 pixels, one of them from 768, below only the outline. */
function Body({
  journey,
  people,
}: {
  readonly journey: Journey
  readonly people: Readonly<Record<string, number>>
}) {
  const { how, hows, setHow } = useHow()
  const [selected, select] = useState<string | null>(null)
  const { graph, drawing, name } = useDrawn(journey)
  const common = { people, selected, onSelect: select, nameOf: name }
  return (
    <div className={`${styles['body']} ${how === 'both' ? '' : styles['alone']}`}>
      {hows.length > 1 && <HowChoice how={how} hows={hows} setHow={setHow} />}
      {how !== 'outline' && <Canvas drawing={drawing} name={journey.meta.name} {...common} />}
      {how !== 'drawing' && (
        <section className={styles['outline']} aria-label={words.journeys.outline} tabIndex={0}>
          <Outline graph={graph} {...common} />
        </section>
      )}
    </div>
  )
}

/** What is shown: the choice made, as far as there is room for it. */
function useHow() {
  const [chosen, setHow] = useState<How | null>(null)
  const roomForBoth = useMediaQuery('(min-width: 1200px)', true, { getInitialValueInEffect: false })
  const roomForDrawing = useMediaQuery('(min-width: 768px)', true, { getInitialValueInEffect: false })
  const hows: readonly How[] = roomForBoth ? HOWS : roomForDrawing ? ['drawing', 'outline'] : ['outline']
  const how =
    chosen !== null && hows.includes(chosen) ? chosen : roomForBoth ? 'both' : (hows[0] ?? 'outline')
  return { how, hows, setHow }
}

function HowChoice({
  how,
  hows,
  setHow,
}: {
  readonly how: How
  readonly hows: readonly How[]
  readonly setHow: (how: How) => void
}) {
  return (
    <SegmentedControl
      className={styles['how'] ?? ''}
      size="xs"
      aria-label={words.journeys.how}
      value={how}
      onChange={(value) => setHow(value)}
      data={hows.map((value) => ({ value, label: words.journeys.hows[value] }))}
    />
  )
}

/** The journey as a graph and as a picture; computed anew only when the journey or a name in it changes. */
function useDrawn(journey: Journey) {
  const journeyName = useJourneyNames()
  const subject = useSubjects(useMemo(() => templatesOf(journey), [journey]))
  const around: Surroundings = useMemo(
    () => ({ journey, journeyName, subject }),
    [journey, journeyName, subject],
  )
  const graph = useMemo(() => graphOf(around), [around])
  const drawing = useMemo(() => layOut(graph), [graph])
  const name = useCallback((id: string) => nameOf(graph, around, id), [graph, around])
  return { graph, drawing, name }
}
