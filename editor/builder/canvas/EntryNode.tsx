/** The frame at the top: who enters, how often, with what goal, and what ends it early. Every part of it can be chosen. */
import { IconFilter, IconLogout, IconRepeat, IconTargetArrow, type Icon } from '@tabler/icons-react'
import type { Node, NodeProps } from '@xyflow/react'
import { memo, type ReactNode } from 'react'
import { words } from '../../words.ts'
import { ENTRY, frameId, type FramePart } from '../document/frame.ts'
import type { EndingStart, Entry } from '../document/graph.ts'
import { STARTERS } from '../document/newTrigger.ts'
import { CARD_WIDTH, triggerHeight } from '../document/sizes.ts'
import type { TriggerCard } from '../document/triggers.ts'
import { ProblemDot } from '../problems/ProblemDot.tsx'
import { useSeverities } from '../problems/told.tsx'
import { useBuilder } from '../state/context.tsx'
import { STARTER_ICONS, TRIGGER_LOOK } from '../steps/looks.ts'
import { AddTrigger } from './AddTrigger.tsx'
import styles from './Canvas.module.css'
import { Tile } from './Tile.tsx'
import { useTools } from './tools.ts'

export type EntryNodeType = Node<
  { readonly entry: Entry; readonly columns: number; readonly hasRoom: boolean },
  'entry'
>
export type EndingNodeType = Node<{ readonly ending: EndingStart }, 'ending'>

export const EntryNode = memo(function EntryNode({
  data: { entry, columns, hasRoom },
}: NodeProps<EntryNodeType>) {
  const { editable } = useTools()
  const { triggers } = entry
  const isEmpty = triggers.length === 0
  return (
    <div className={styles['frame']} role="group" aria-label={words.entry.title}>
      <Part part={{ part: 'frame' }} className="frameTitle">
        {isEmpty ? words.canvas.frame.whatStarts : words.entry.title}
      </Part>
      {isEmpty && (editable ? <Starters /> : <em>{words.entry.nobody}</em>)}
      {!isEmpty && (
        <div
          className={styles['triggers']}
          style={{
            gridTemplateColumns: `repeat(${columns}, ${CARD_WIDTH}px)`,
            gridAutoRows: triggerHeight(triggers),
          }}
        >
          {triggers.map((trigger, index) => (
            <Trigger
              key={frameId({ part: 'trigger', place: trigger.place })}
              trigger={trigger}
              joined={index % columns > 0}
            />
          ))}
          {editable && hasRoom && <AddTrigger tall />}
        </div>
      )}
      {editable && !isEmpty && !hasRoom && <AddTrigger />}
      <Says entry={entry} />
    </div>
  )
})

function Trigger({ trigger, joined }: { readonly trigger: TriggerCard; readonly joined: boolean }) {
  const { title, detail, place } = trigger
  return (
    <div className={styles['trigger']}>
      {joined && <span className={styles['or']}>{words.entry.or}</span>}
      <Part part={{ part: 'trigger', place }} className="card">
        <Tile look={TRIGGER_LOOK} />
        <span className={styles['cardText']}>
          <span className={styles['label']} dir="auto" title={title}>
            {title}
          </span>
          {detail !== undefined && (
            <span className={styles['sentence']} dir="auto" title={detail}>
              {detail}
            </span>
          )}
        </span>
      </Part>
    </div>
  )
}

/** The commonest ways to begin, on an empty canvas. */
function Starters() {
  const { start } = useTools()
  return (
    <div className={styles['starters']}>
      {STARTERS.map((starter) => {
        const Symbol = STARTER_ICONS[starter]
        return (
          <button
            key={starter}
            type="button"
            className={`${styles['starter']} nodrag nopan`}
            onClick={() => start(starter)}
          >
            <Symbol size={18} stroke={1.7} aria-hidden />
            <span dir="auto">{words.canvas.starters[starter].name}</span>
          </button>
        )
      })}
    </div>
  )
}

/** Below the triggers: who of them, how often, and the two ends. */
function Says({ entry: { audience, reentry, goal, exits } }: { readonly entry: Entry }) {
  return (
    <>
      <div className={styles['says']}>
        {audience !== undefined && <Rule part="audience" icon={IconFilter} text={audience} />}
        <Rule part="reentry" icon={IconRepeat} text={reentry} />
      </div>
      <div className={styles['ends']}>
        <Ending part="goal" icon={IconTargetArrow} name={words.entry.goal} text={goal} />
        <Ending
          part="exits"
          icon={IconLogout}
          name={words.entry.exit}
          text={exits.length === 0 ? undefined : words.canvas.anyOf(exits)}
        />
      </div>
    </>
  )
}

function Rule({
  part,
  icon: Symbol,
  text,
}: {
  readonly part: 'audience' | 'reentry'
  readonly icon: Icon
  readonly text: string
}) {
  return (
    <Part part={{ part }} className="frameRule" title={text}>
      <Symbol size={17} stroke={1.7} aria-hidden />
      <span dir="auto">{text}</span>
    </Part>
  )
}

/** Goal and exits; while one looks at them, what they watch is shaded. */
function Ending({
  part,
  icon: Symbol,
  name,
  text,
}: {
  readonly part: 'goal' | 'exits'
  readonly icon: Icon
  readonly name: string
  readonly text: string | undefined
}) {
  const none = part === 'goal' ? words.canvas.frame.noGoal : words.canvas.frame.noExit
  return (
    <Part
      part={{ part }}
      className="frameChip"
      title={text ?? none}
      {...(text === undefined ? {} : { watches: true })}
    >
      <Symbol size={18} stroke={1.7} aria-hidden />
      <span>
        <b>{name}</b>
        <span className={styles['chipText']} dir="auto">
          {text ?? none}
        </span>
      </span>
    </Part>
  )
}

/** A part of the frame that opens its form. */
function Part({
  part,
  className,
  title,
  watches = false,
  children,
}: {
  readonly part: FramePart
  readonly className: 'frameTitle' | 'card' | 'frameRule' | 'frameChip'
  readonly title?: string
  readonly watches?: boolean
  readonly children: ReactNode
}) {
  const { select, shade } = useTools()
  const [on, off] = [() => shade(true), () => shade(false)]
  const id = frameId(part)
  const selected = useBuilder(({ selection }) => selection.includes(id))
  const severity = useSeverities().get(id)
  return (
    <button
      type="button"
      className={`${styles[className]} ${selected ? styles['selected'] : ''} nodrag nopan`}
      aria-pressed={selected}
      data-part={id}
      title={title}
      {...(id === ENTRY ? { 'data-card': ENTRY } : {})}
      {...(watches ? { onMouseEnter: on, onMouseLeave: off, onFocus: on, onBlur: off } : {})}
      onClick={() => select(id, false)}
    >
      {children}
      {severity && part.part !== 'frame' && <ProblemDot severity={severity} at="corner" />}
    </button>
  )
}

/** Where a goal or an exit with steps of its own begins. */
export const EndingNode = memo(function EndingNode({ data: { ending } }: NodeProps<EndingNodeType>) {
  const Symbol = ending.kind === 'goal' ? IconTargetArrow : IconLogout
  const { select } = useTools()
  const selected = useBuilder(({ selection }) => selection.includes(ending.id))
  return (
    <button
      type="button"
      className={`${styles['ending']} ${selected ? styles['selected'] : ''} nodrag nopan`}
      aria-pressed={selected}
      data-part={ending.id}
      onClick={() => select(ending.id, false)}
    >
      <Symbol size={17} stroke={1.7} aria-hidden />
      <span>
        <b>{ending.title}</b>
        <span className={styles['chipText']} dir="auto" title={ending.condition}>
          {ending.condition}
        </span>
      </span>
    </button>
  )
})
