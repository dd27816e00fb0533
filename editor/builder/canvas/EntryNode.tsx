/** The frame at the top: who enters, how often, with what goal, and what ends it early. */
import { IconFilter, IconLogout, IconRepeat, IconTargetArrow, type Icon } from '@tabler/icons-react'
import type { Node, NodeProps } from '@xyflow/react'
import { words } from '../../words.ts'
import type { EndingStart, Entry } from '../document/graph.ts'
import { CARD_WIDTH, triggerHeight } from '../document/layout.ts'
import type { TriggerCard } from '../document/triggers.ts'
import { TRIGGER_LOOK } from '../steps/looks.ts'
import styles from './Canvas.module.css'
import { Ends } from './Ends.tsx'
import { Tile } from './Tile.tsx'

export type EntryNodeType = Node<{ readonly entry: Entry; readonly columns: number }, 'entry'>
export type EndingNodeType = Node<{ readonly ending: EndingStart }, 'ending'>

export function EntryNode({ data: { entry, columns } }: NodeProps<EntryNodeType>) {
  return (
    <div className={styles['frame']}>
      <Ends />
      <div className={styles['frameTitle']}>{words.entry.title}</div>
      <div
        className={styles['triggers']}
        style={{
          gridTemplateColumns: `repeat(${columns}, ${CARD_WIDTH}px)`,
          gridAutoRows: triggerHeight(entry.triggers),
        }}
      >
        {entry.triggers.length === 0 && <em>{words.entry.nobody}</em>}
        {entry.triggers.map((trigger, index) => (
          <Trigger
            key={`${trigger.title}, ${trigger.detail} → ${trigger.target}`}
            trigger={trigger}
            joined={index % columns > 0}
          />
        ))}
      </div>
      <Rules entry={entry} />
    </div>
  )
}

function Trigger({
  trigger: { title, detail },
  joined,
}: {
  readonly trigger: TriggerCard
  readonly joined: boolean
}) {
  return (
    <div className={styles['trigger']}>
      {joined && <span className={styles['or']}>{words.entry.or}</span>}
      <div className={styles['card']}>
        <Tile look={TRIGGER_LOOK} />
        <div className={styles['cardText']}>
          <div className={styles['label']} dir="auto" title={title}>
            {title}
          </div>
          {detail !== undefined && (
            <div className={styles['sentence']} dir="auto" title={detail}>
              {detail}
            </div>
          )}
        </div>
      </div>
    </div>
  )
}

/** The sentences below the triggers; the outline shows the same. */
export function Rules({ entry: { audience, reentry, goal, exits } }: { readonly entry: Entry }) {
  return (
    <>
      {audience !== undefined && <Rule icon={IconFilter} text={audience} />}
      <Rule icon={IconRepeat} text={reentry} />
      {goal !== undefined && <Rule icon={IconTargetArrow} name={words.entry.goal} text={goal} />}
      {exits.map((exit) => (
        <Rule key={exit} icon={IconLogout} name={words.entry.exit} text={exit} />
      ))}
    </>
  )
}

function Rule({
  icon: Symbol,
  name,
  text,
}: {
  readonly icon: Icon
  readonly name?: string
  readonly text: string
}) {
  return (
    <div className={styles['rule']} title={text}>
      <Symbol size={17} stroke={1.7} aria-hidden />
      <span dir="auto">
        {name !== undefined && <b>{name}: </b>}
        {text}
      </span>
    </div>
  )
}

/** Where a goal or an exit with steps of its own begins. */
export function EndingNode({ data: { ending } }: NodeProps<EndingNodeType>) {
  const Symbol = ending.kind === 'goal' ? IconTargetArrow : IconLogout
  return (
    <div className={styles['frame']} style={{ padding: '12px 14px' }}>
      <Ends />
      <div className={styles['rule']} style={{ marginTop: 0 }}>
        <Symbol size={17} stroke={1.7} aria-hidden />
        <div>
          <b>{ending.title}</b>
          <div className={styles['sentence']} dir="auto" title={ending.condition}>
            {ending.condition}
          </div>
        </div>
      </div>
    </div>
  )
}
