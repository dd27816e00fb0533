/** What happened to a person, newest first, each with what came of it and why; also why journeys did not start. */
import {
  IconAlertTriangle,
  IconArrowRight,
  IconBan,
  IconBolt,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconDoorEnter,
  IconDoorExit,
  IconHandStop,
  IconHourglass,
  IconId,
  IconMail,
  IconMailOff,
  IconPlusMinus,
  IconRobot,
  IconUsersPlus,
  type Icon,
} from '@tabler/icons-react'
import { plain, type TraceLine } from '../../engine/index.ts'
import type { TimelineEntry } from '../answers.ts'
import { Chip } from '../parts/Chip.tsx'
import { LoadMore } from '../parts/LoadMore.tsx'
import { Empty, Failure, Rows } from '../parts/States.tsx'
import { Ago, exactTime } from '../parts/time.tsx'
import { useJourneyNames, useTimeline } from '../queries.ts'
import { Link, pathTo } from '../router.tsx'
import { nameOfEvent, words } from '../words.ts'
import styles from './Contacts.module.css'
import { groupsOf, withTimes } from './trace.ts'
import { valueInWords } from './values.ts'

export function Timeline({ id }: { readonly id: string }) {
  const pages = useTimeline(id)
  if (pages.data === undefined)
    return pages.error ? <Failure error={pages.error} retry={pages.refetch} /> : <Rows />
  const entries = pages.data.pages.flatMap(({ items }) => items)
  if (entries.length === 0) return <Empty icon={IconClock} {...words.timeline.empty} />
  return (
    <>
      <ol className={styles['timeline']}>
        {entries.map((entry) => (
          <Happening key={entry.seq} entry={entry} />
        ))}
      </ol>
      <LoadMore pages={pages} />
    </>
  )
}

interface Mark {
  readonly icon: Icon
  readonly color: string
}

const EVENT: Mark = { icon: IconBolt, color: 'tide' }
const MARKS: { readonly [kind: string]: Mark } = {
  event: EVENT,
  identify: { icon: IconId, color: 'gray' },
  wake: { icon: IconHourglass, color: 'orange' },
  message: { icon: IconMail, color: 'pink' },
  score: { icon: IconPlusMinus, color: 'teal' },
  consent: { icon: IconHandStop, color: 'violet' },
  merge: { icon: IconUsersPlus, color: 'indigo' },
  enter: { icon: IconDoorEnter, color: 'indigo' },
  leave: { icon: IconDoorExit, color: 'gray' },
  move: { icon: IconArrowRight, color: 'indigo' },
  retract: { icon: IconRobot, color: 'orange' },
}

function Happening({ entry }: { readonly entry: TimelineEntry }) {
  const { kind, name, late, failed, occurredAt, trace } = entry
  const { icon: Symbol, color } =
    failed === null ? (MARKS[kind] ?? EVENT) : { icon: IconAlertTriangle, color: 'red' }
  const refused = trace.filter(({ what }) => what === 'notEntered')
  return (
    <li className={styles['event']}>
      <span
        className={styles['mark']}
        style={{
          background: `var(--mantine-color-${color}-light)`,
          color: `var(--mantine-color-${color}-light-color)`,
        }}
      >
        <Symbol size={16} stroke={1.8} aria-hidden />
      </span>
      <div>
        <div className={styles['eventHead']}>
          <span className={styles['eventName']} dir="auto" title={name}>
            {nameOfEvent(kind, name)}
          </span>
          {late && <Chip color="orange">{words.timeline.late}</Chip>}
          <span className={styles['when']}>
            <Ago at={occurredAt} />
          </span>
        </div>
        <Properties properties={entry.properties ?? {}} />
        {failed !== null && (
          <div className={styles['failed']} dir="auto">
            {failed}
          </div>
        )}
        <Trace lines={trace.filter(({ what }) => what !== 'notEntered')} />
        {refused.length > 0 && <Refused lines={refused} />}
      </div>
    </li>
  )
}

function Properties({ properties }: { readonly properties: NonNullable<TimelineEntry['properties']> }) {
  const entries = Object.entries(properties)
  if (entries.length === 0) return null
  return (
    <div className={styles['properties']}>
      {entries.map(([name, value]) => (
        <span key={name} className={styles['property']} dir="auto">
          {plain(name)}: <b>{valueInWords(value)}</b>
        </span>
      ))}
    </div>
  )
}

const TRACE_MARKS: { readonly [What in TraceLine['what']]: Mark } = {
  entered: { icon: IconDoorEnter, color: 'tide' },
  notEntered: { icon: IconBan, color: 'gray' },
  went: { icon: IconArrowRight, color: 'gray' },
  changed: { icon: IconPlusMinus, color: 'teal' },
  unchanged: { icon: IconCircleDashed, color: 'gray' },
  sent: { icon: IconMail, color: 'pink' },
  notSent: { icon: IconMailOff, color: 'orange' },
  waits: { icon: IconHourglass, color: 'orange' },
  ended: { icon: IconCircleCheck, color: 'gray' },
}

function Trace({ lines }: { readonly lines: readonly TraceLine[] }) {
  if (lines.length === 0) return null
  return (
    <ul className={styles['trace']}>
      {groupsOf(lines).map(({ journey, lines }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a trace is written once and never reordered; a journey may come twice
        <li key={index}>
          {journey !== null && <JourneyName id={journey} />}
          <ul className={styles['lines']}>
            {lines.map((line, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- as above, and two lines may be equal
              <Line key={index} line={line} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function JourneyName({ id }: { readonly id: string }) {
  const nameOf = useJourneyNames()
  return (
    <Link href={pathTo('journeys', id)} className={styles['traceJourney'] ?? ''}>
      <bdi>{nameOf(id)}</bdi>
    </Link>
  )
}

function Line({ line: { what, text } }: { readonly line: TraceLine }) {
  const { icon: Symbol, color } = TRACE_MARKS[what]
  return (
    <li className={styles['line']}>
      <Symbol size={16} stroke={1.8} color={`var(--mantine-color-${color}-light-color)`} aria-hidden />
      <span dir="auto">{withTimes(text, exactTime)}</span>
    </li>
  )
}

function Refused({ lines }: { readonly lines: readonly TraceLine[] }) {
  return (
    <details className={styles['why']}>
      <summary>{words.timeline.notEntered(lines.length)}</summary>
      <Trace lines={lines} />
    </details>
  )
}
