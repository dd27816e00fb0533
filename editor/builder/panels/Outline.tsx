/**
 * The journey as a tree that reads from top to bottom: the same cards and words as the drawing, every command, and the
 * same selection. Narrow screens and those who listen get it instead of the drawing.
 */
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowRight,
  IconDots,
  IconPlus,
  IconRepeat,
  IconUser,
} from '@tabler/icons-react'
import { Fragment, useEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import { useHadFocus } from '../../parts/useHadFocus.ts'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import { PointsChip } from '../canvas/PointsChip.tsx'
import { Rules } from '../canvas/Rules.tsx'
import { Tile } from '../canvas/Tile.tsx'
import { ACTIONS, copyByButton, perform, type Action } from '../commands/actions.ts'
import { useActionKeys, useEditing } from '../commands/EditingProvider.tsx'
import { flowOf } from '../document/flow.ts'
import { ENTRY } from '../document/frame.ts'
import { nameOf, type Card, type Entry, type Graph } from '../document/graph.ts'
import { outlineOf, type OutlineBranch, type OutlineItem } from '../document/outline.ts'
import { ProblemDot } from '../problems/ProblemDot.tsx'
import { useSeverities } from '../problems/told.tsx'
import { useBuild, useBuilder } from '../state/context.tsx'
import { LOOKS, TRIGGER_LOOK } from '../steps/looks.ts'
import styles from './Outline.module.css'

interface OutlineProps {
  /** Shown for reading: no commands. */
  readonly readOnly: boolean
  /** A step was opened, so that its form takes the focus. */
  readonly onOpen?: (id: string) => void
}

export function Outline(props: OutlineProps) {
  const { graph } = useEditing()
  const { beginnings, loose } = useMemo(() => outlineOf(graph), [graph])
  const frame = useRef<HTMLDivElement>(null)
  const keys = useOutlineKeys(frame, props)
  return (
    <div ref={frame} {...keys}>
      {beginnings.map(({ id, branches }) => (
        <Fragment key={id}>
          {id === ENTRY ? <EntryBox entry={graph.entry} /> : <EndingBox id={id} graph={graph} />}
          <Branches branches={branches} triggers={id === ENTRY ? graph.entry : undefined} {...props} />
        </Fragment>
      ))}
      {loose.length > 0 && (
        <section className={styles['entry']} style={{ marginTop: 16 }} aria-label={words.ways.nothingLeads}>
          <h2 className={styles['entryTitle']}>{words.ways.nothingLeads}</h2>
          {loose.map((items) => (
            <Items key={items[0]?.type === 'step' ? items[0].card.id : ''} items={items} {...props} />
          ))}
        </section>
      )}
    </div>
  )
}

/** Arrow keys go along the list as it stands, everything else as on the drawing. The focus follows the selection. */
function useOutlineKeys(frame: React.RefObject<HTMLDivElement | null>, { onOpen, readOnly }: OutlineProps) {
  const keys = useActionKeys()
  const { graph } = useEditing()
  const { select } = useBuild()
  const selected = useBuilder(({ selection }) => selection.at(-1))
  const { hadFocus, ...watch } = useHadFocus(frame)
  useEffect(() => {
    const item = itemIn(frame.current, selected)
    item?.scrollIntoView({ block: 'nearest' })
    if (hadFocus.current) item?.focus()
  }, [frame, selected, hadFocus])
  // A step that goes takes the focus with it, and no event tells: looked at whenever the outline is drawn again.
  useEffect(() => {
    if (hadFocus.current && frame.current?.contains(document.activeElement) !== true)
      itemIn(frame.current, selected)?.focus()
  })
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const flow = flowOf(graph)
    const here = event.target instanceof HTMLElement ? event.target.dataset['step'] : undefined
    const at = flow.indexOf(selected ?? here ?? '')
    const to = { ArrowDown: flow[at + 1], ArrowUp: flow[at - 1], Home: flow[0], End: flow.at(-1) }[event.key]
    if (to !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      select([to])
    } else if (
      event.key === 'Enter' &&
      selected !== undefined &&
      event.target instanceof HTMLElement &&
      event.target.dataset['step'] === selected &&
      onOpen
    ) {
      event.preventDefault()
      onOpen(selected)
    } else if (!readOnly) keys.onKeyDown(event)
  }
  return { ...(readOnly ? {} : keys), ...watch, onKeyDown }
}

/** The line of a step; the frame's where none is meant. */
function itemIn(frame: HTMLElement | null, id: string | undefined): HTMLElement | null {
  return frame?.querySelector<HTMLElement>(`[data-step="${CSS.escape(id ?? ENTRY)}"]`) ?? null
}

/** The frame "Who enters"; choosing it opens the form of all it says. */
function EntryBox({ entry }: { readonly entry: Entry }) {
  const { select } = useBuild()
  const chosen = useBuilder(({ selection }) => selection.at(-1) === ENTRY)
  const severity = useSeverities().get(ENTRY)
  return (
    <section className={styles['entry']} aria-label={words.entry.title}>
      <h2 className={styles['entryTitle']}>
        <button
          type="button"
          className={styles['entryButton']}
          data-step={ENTRY}
          aria-current={chosen}
          onClick={() => select([ENTRY])}
        >
          {words.entry.title}
          {severity && <ProblemDot severity={severity} />}
        </button>
      </h2>
      {entry.triggers.length === 0 && <em>{words.entry.nobody}</em>}
      {entry.triggers.map(({ title, detail, place }, index) => (
        <Fragment key={`${place.event} ${place.index}`}>
          {index > 0 && <div className={styles['or']}>{words.entry.or}</div>}
          <div className={styles['trigger']}>
            <Tile look={TRIGGER_LOOK} />
            <div>
              <span className={styles['label']} dir="auto">
                {title}
              </span>
              <span className={styles['sentence']} dir="auto">
                {detail}
              </span>
            </div>
          </div>
        </Fragment>
      ))}
      <Rules entry={entry} />
    </section>
  )
}

function EndingBox({ id, graph }: { readonly id: string; readonly graph: Graph }) {
  const ending = graph.endings.find((candidate) => candidate.id === id)
  if (ending === undefined) return null
  return (
    <section className={styles['entry']} style={{ marginTop: 16 }} aria-label={ending.title}>
      <h2 className={styles['entryTitle']} style={{ margin: 0 }}>
        {ending.title}
      </h2>
      <span className={styles['sentence']} dir="auto">
        {ending.condition}
      </span>
    </section>
  )
}

/** One way without a label is no branch: what follows simply stands below. */
function Branches({
  branches,
  triggers,
  ...props
}: OutlineProps & { readonly branches: readonly OutlineBranch[]; readonly triggers: Entry | undefined }) {
  const [only] = branches
  if (branches.length === 1 && only && only.way.label === undefined && only.way.trigger === undefined)
    return <Items items={only.items} {...props} />
  return (
    <ul className={styles['branches']}>
      {branches.map(({ way, items }) => (
        <li key={way.id} className={`${styles['branch']} ${way.kind === 'timeout' ? styles['timeout'] : ''}`}>
          <span className={styles['way']} dir="auto">
            {way.label ??
              (way.trigger === undefined ? words.ways.next : triggers?.triggers[way.trigger]?.title)}
          </span>
          <Items items={items} {...props} />
        </li>
      ))}
    </ul>
  )
}

function Items({ items, ...props }: OutlineProps & { readonly items: readonly OutlineItem[] }) {
  return (
    <ol className={styles['list']}>
      {items.map((item) => (
        <li key={item.type === 'step' ? item.card.id : `→ ${item.to}`}>
          {item.via !== undefined && (
            <span className={styles['via']} dir="auto">
              {item.via}
            </span>
          )}
          {item.type === 'step' ? <StepItem item={item} {...props} /> : <Reference item={item} />}
        </li>
      ))}
    </ol>
  )
}

function StepItem({
  item: { card, branches },
  ...props
}: OutlineProps & { readonly item: Extract<OutlineItem, { type: 'step' }> }) {
  const { people } = useEditing()
  const { select } = useBuild()
  const current = useBuilder(({ selection }) => selection.at(-1) === card.id)
  const among = useBuilder(({ selection }) => selection.includes(card.id))
  const severity = useSeverities().get(card.id)
  return (
    <>
      <div className={styles['line']} data-selected={among}>
        <button
          type="button"
          className={styles['step']}
          data-step={card.id}
          aria-current={current}
          onClick={(event) => {
            const before = event.shiftKey || event.ctrlKey || event.metaKey ? selectionOf(event) : []
            select([...before.filter((id) => id !== card.id), card.id])
          }}
          onDoubleClick={() => props.onOpen?.(card.id)}
        >
          <Tile look={LOOKS[card.kind]} />
          <StepText card={card} open={current} />
          <span className={styles['aside']}>
            {severity && <ProblemDot severity={severity} />}
            {card.points && <PointsChip points={card.points} />}
            <People count={people[card.id] ?? 0} />
          </span>
        </button>
        {current && !props.readOnly && <StepMenu id={card.id} />}
      </div>
      {branches.length > 0 && <Branches branches={branches} triggers={undefined} {...props} />}
    </>
  )

  function selectionOf(event: { readonly currentTarget: HTMLElement }): readonly string[] {
    const items = event.currentTarget
      .closest('section')
      ?.querySelectorAll<HTMLElement>('[data-selected=true] [data-step]')
    return [...(items ?? [])].map(({ dataset }) => dataset['step'] ?? '')
  }
}

const MENU = [
  'add',
  'addBefore',
  'duplicate',
  'replace',
  'leadTo',
  'addBranch',
  'swapBranches',
  'remove',
] as const

/** Every command on a step, for those who neither drag nor know the keys. */
function StepMenu({ id }: { readonly id: string }) {
  const editing = useEditing()
  const name = nameOf(editing.graph, editing.around, id)
  return (
    <div className={styles['tools']}>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={words.commands.add}
        title={words.commands.add}
        onClick={() => perform(editing, ACTIONS.add)}
      >
        <IconPlus size={16} />
      </ActionIcon>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={words.commands.menu(name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {MENU.map((command) => {
            const action: Action = ACTIONS[command]
            return (
              <Menu.Item
                key={command}
                disabled={action.hindrance(editing) !== null}
                {...(command === 'remove' ? { color: 'red' } : {})}
                onClick={() => perform(editing, action)}
              >
                {action.name}
              </Menu.Item>
            )
          })}
          <Menu.Item onClick={() => void copyByButton(editing)}>{words.commands.copy}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

function StepText({
  card: { kind, kindName, label, sentence, note },
  open,
}: {
  readonly card: Card
  readonly open: boolean
}) {
  return (
    <span>
      <span className={styles['kind']}>{kindName}</span>
      {label !== undefined && (
        <span className={styles['label']} dir="auto">
          {label}
        </span>
      )}
      {(kind !== 'end' || label === undefined) && (
        <span className={styles['sentence']} dir="auto">
          {sentence}
        </span>
      )}
      {open && note !== undefined && (
        <span className={styles['note']} dir="auto">
          {note}
        </span>
      )}
    </span>
  )
}

function People({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <span className={styles['people']} title={words.steps.hereNow(count)}>
      <IconUser size={12} stroke={2.4} aria-hidden /> {number(count)}
    </span>
  )
}

const REFERENCES = {
  joins: { icon: IconArrowRight, say: words.ways.continues },
  back: { icon: IconArrowBackUp, say: words.ways.goesBack },
  itself: { icon: IconRepeat, say: () => words.ways.stays },
} as const

function Reference({ item: { to, how } }: { readonly item: Extract<OutlineItem, { type: 'reference' }> }) {
  const { graph, around } = useEditing()
  const { select } = useBuild()
  const { icon: Symbol, say } = REFERENCES[how]
  return (
    <button type="button" className={styles['reference']} onClick={() => select([to])}>
      <Symbol size={15} aria-hidden />
      <bdi>{say(nameOf(graph, around, to))}</bdi>
    </button>
  )
}
