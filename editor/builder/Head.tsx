/**
 * The bar at the top of a journey's page: what it is called, what state it is in and what that means, what of it is not
 * published yet; and the tools that concern the journey as a whole.
 */
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconHistory,
  type Icon,
} from '@tabler/icons-react'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { changesOf, countChanges } from '../../engine/index.ts'
import type { JourneyDetail } from '../answers.ts'
import { Link } from '../router.tsx'
import { words } from '../words.ts'
import { number } from '../words/say.ts'
import { ACTIONS } from './commands/actions.ts'
import { ariaKey, shownKey } from './commands/keys.ts'
import styles from './Head.module.css'
import { JourneyState } from './JourneyState.tsx'
import { useBar } from './commands/EditingProvider.tsx'
import { PlainProblemCount, ProblemCount } from './problems/ProblemCount.tsx'
import { useTold } from './problems/told.tsx'
import { HistoryDialog } from './publish/HistoryDialog.tsx'
import { JourneyName } from './publish/JourneyName.tsx'
import { CHANGE_ICONS, changesFrom, MoreMenu, type StateChange } from './publish/MoreMenu.tsx'
import { PublishButton, whyNotPublish } from './publish/PublishButton.tsx'
import { PublishDialog } from './publish/PublishDialog.tsx'
import { StateDialog } from './publish/StateDialog.tsx'
import { SavingWord } from './saving/SavingWord.tsx'
import { useDraftTools } from './saving/useDraftTools.tsx'
import { useBuild, useBuilder, useDraft } from './state/context.tsx'

/** The bar of a journey that is open for editing. */
export function Head({ detail }: { readonly detail: JourneyDetail }) {
  const draft = useDraft()
  const { published } = detail
  const unpublished = useMemo(
    () => (published === null ? null : countChanges(changesOf(published, draft))),
    [published, draft],
  )
  const [asked, setAsked] = useState<'publish' | 'history' | StateChange | null>(null)
  const [listed, setListed] = useState(false)
  const { noneFresh, say } = useBuild()
  const { all: problems, told } = useTold()
  const whyNot = whyNotPublish(detail, problems, unpublished)
  const hasErrors = problems.some(({ severity }) => severity === 'error')
  const hasProblems = told.length > 0
  const bar = useMemo(
    () => ({
      publish: () => {
        if (whyNot === null) return setAsked('publish')
        say(whyNot)
        noneFresh()
        setListed(hasErrors)
      },
      showProblems: () => setListed(true),
      hasProblems,
      showHistory: () => setAsked('history'),
    }),
    [whyNot, hasErrors, hasProblems, noneFresh, say],
  )
  useBar(bar)
  const draftTools = useDraftTools(unpublished)
  const close = () => setAsked(null)
  return (
    <>
      <Bar
        detail={detail}
        name={<JourneyName />}
        unpublished={unpublished ?? 0}
        onChange={setAsked}
        tools={
          <>
            <SavingWord />
            <UndoRedo />
            <div className={styles['problems']}>
              {detail.status === 'archived' ? (
                <PlainProblemCount problems={detail.problems} />
              ) : (
                <ProblemCount opened={listed} onChange={setListed} />
              )}
            </div>
            <HistoryButton onClick={bar.showHistory} />
            <MoreMenu status={detail.status} onChange={setAsked}>
              {draftTools.items}
            </MoreMenu>
            <PublishButton why={whyNot} onClick={bar.publish} />
          </>
        }
      />
      {draftTools.dialog}
      {asked !== null && <Asked asked={asked} detail={detail} close={close} />}
    </>
  )
}

function Asked({
  asked,
  ...about
}: {
  readonly asked: 'publish' | 'history' | StateChange
  readonly detail: JourneyDetail
  readonly close: () => void
}) {
  switch (asked) {
    case 'publish':
      return <PublishDialog {...about} />
    case 'history':
      return <HistoryDialog {...about} />
    default:
      return <StateDialog change={asked} {...about} />
  }
}

/** The bar of one that can only be looked at. */
export function PlainHead({ detail }: { readonly detail: JourneyDetail }) {
  const [asked, setAsked] = useState<StateChange | null>(null)
  return (
    <>
      <Bar
        detail={detail}
        name={<h1 dir="auto">{detail.name}</h1>}
        unpublished={detail.unpublishedChanges ?? 0}
        onChange={setAsked}
        tools={
          <>
            <div className={styles['problems']}>
              <PlainProblemCount problems={detail.problems} />
            </div>
            <MoreMenu status={detail.status} onChange={setAsked} />
          </>
        }
      />
      {asked !== null && <StateDialog change={asked} detail={detail} close={() => setAsked(null)} />}
    </>
  )
}

function Bar({
  detail,
  name,
  unpublished,
  onChange,
  tools,
}: {
  readonly detail: JourneyDetail
  readonly name: ReactNode
  readonly unpublished: number
  readonly onChange: (change: StateChange) => void
  readonly tools: ReactNode
}) {
  const { status, pausedBecause } = detail
  useEffect(() => {
    document.title = `${detail.name} · ${words.product}`
  }, [detail.name])
  return (
    <section className={styles['bar']} aria-label={words.publish.bar.about}>
      <div className={styles['title']}>
        <Link
          href="/journeys"
          className={styles['back'] ?? ''}
          aria-label={words.journeys.back}
          title={words.journeys.back}
        >
          <IconChevronLeft size={18} aria-hidden />
        </Link>
        {name}
        <JourneyState journey={detail} />
        {unpublished > 0 && (
          <span className={styles['unpublished']}>{words.publish.bar.unpublished(unpublished)}</span>
        )}
      </div>
      <div className={styles['tools']} role="group" aria-label={words.publish.bar.tools}>
        {tools}
      </div>
      <NarrowTools status={status} onChange={onChange} />
      <div className={styles['facts']}>
        <p>
          {pausedBecause === null
            ? words.journeys.statusText[status]
            : words.journeys.pausedBecause(pausedBecause)}
        </p>
        <Counts detail={detail} />
      </div>
    </section>
  )
}

/** What can be done on a phone: to hold the journey, let it go on, and end it. */
function NarrowTools({
  status,
  onChange,
}: {
  readonly status: JourneyDetail['status']
  readonly onChange: (change: StateChange) => void
}) {
  const offered = changesFrom(status).filter((change) => change !== 'archive')
  if (offered.length === 0) return null
  return (
    <div className={styles['narrow']} role="group" aria-label={words.publish.bar.tools}>
      {offered.map((change) => {
        const Symbol = CHANGE_ICONS[change]
        return (
          <Button
            key={change}
            size="compact-md"
            variant="default"
            leftSection={<Symbol size={16} aria-hidden />}
            onClick={() => onChange(change)}
          >
            {words.publish.states[change].label}
          </Button>
        )
      })}
    </div>
  )
}

function Counts({ detail: { counts, published } }: { readonly detail: JourneyDetail }) {
  const { insideNow, entered, finished, goal, exited } = words.journeys
  const hasGoal = published?.meta.goal !== undefined
  const canLeave = (published?.meta.exits?.length ?? 0) > 0
  const shown: readonly (readonly [string, number, boolean])[] = [
    [insideNow, counts.inside, true],
    [entered, counts.entered, true],
    [finished, counts.finished, true],
    [goal, counts.goal, hasGoal],
    [exited, counts.exited, canLeave],
  ]
  return (
    <dl className={styles['counts']} aria-label={words.publish.bar.counts}>
      {shown.map(([name, count, shows]) => (
        <div key={name} hidden={!shows && count === 0}>
          <dt>{name}</dt>
          <dd>{number(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

// ---- Tools -----------------------------------------------------------------------------------------------------------

function UndoRedo() {
  const { undo, redo } = useBuild()
  const canUndo = useBuilder(({ history }) => history.past.length > 0)
  const canRedo = useBuilder(({ history }) => history.future.length > 0)
  const { bar } = words.publish
  return (
    <div className={styles['pair']}>
      <Tool
        icon={IconArrowBackUp}
        label={bar.undo}
        keys={ACTIONS.undo.keys[0] ?? ''}
        act={undo}
        off={canUndo ? null : bar.nothingToUndo}
      />
      <Tool
        icon={IconArrowForwardUp}
        label={bar.redo}
        keys={ACTIONS.redo.keys[0] ?? ''}
        act={redo}
        off={canRedo ? null : bar.nothingToRedo}
      />
    </div>
  )
}

function HistoryButton({ onClick }: { readonly onClick: () => void }) {
  const { history } = words.publish.bar
  return (
    <Tooltip label={history} events={TOUCHED}>
      <ActionIcon variant="subtle" color="gray" size={34} aria-label={history} onClick={onClick}>
        <IconHistory size={19} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

function Tool({
  icon: Symbol,
  label,
  keys,
  act,
  off,
}: {
  readonly icon: Icon
  readonly label: string
  readonly keys: string
  readonly act: () => void
  /** Why it does nothing now; null: it does. */
  readonly off: string | null
}) {
  return (
    <Tooltip label={off ?? `${label} (${shownKey(keys).join('+')})`} events={TOUCHED}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={label}
        aria-keyshortcuts={ariaKey(keys)}
        {...(off === null ? { onClick: act } : { 'data-disabled': true, 'aria-disabled': true })}
      >
        <Symbol size={19} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

const TOUCHED = { hover: true, focus: true, touch: true } as const
