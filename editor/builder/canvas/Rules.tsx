/** What the frame "Who enters" says below its triggers, as sentences; the outline shows them. */
import { IconFilter, IconLogout, IconRepeat, IconTargetArrow, type Icon } from '@tabler/icons-react'
import { words } from '../../words.ts'
import type { Entry } from '../document/graph.ts'
import styles from './Canvas.module.css'

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
