/** A step as a card: what kind it is, what it does, how many points, how many people are there now. */
import { IconUser } from '@tabler/icons-react'
import type { Node, NodeProps } from '@xyflow/react'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import type { Card } from '../document/graph.ts'
import { LOOKS } from '../steps/looks.ts'
import styles from './Canvas.module.css'
import { Ends } from './Ends.tsx'
import { PointsChip } from './PointsChip.tsx'
import { Tile } from './Tile.tsx'

export type StepNodeType = Node<{ readonly card: Card; readonly people: number }, 'step'>

export function StepNode({ data: { card, people }, selected }: NodeProps<StepNodeType>) {
  const mark = selected ? styles['selected'] : ''
  return (
    <>
      <Ends />
      {card.kind === 'end' ? (
        <End card={card} mark={mark ?? ''} />
      ) : (
        <StepCard card={card} mark={mark ?? ''} />
      )}
      {people > 0 && (
        <span className={styles['people']} title={words.steps.hereNow(people)}>
          <IconUser size={12} stroke={2.4} aria-hidden /> {number(people)}
        </span>
      )}
    </>
  )
}

function StepCard({
  card: { kind, kindName, label, sentence, points },
  mark,
}: {
  readonly card: Card
  readonly mark: string
}) {
  return (
    <div className={`${styles['card']} ${mark}`}>
      <Tile look={LOOKS[kind]} />
      <div className={styles['cardText']}>
        <div className={styles['kind']}>
          <span>{kindName}</span>
          {points && <PointsChip points={points} />}
        </div>
        {label !== undefined && (
          <div className={styles['label']} dir="auto" title={label}>
            {label}
          </div>
        )}
        <div className={styles['sentence']} dir="auto" title={sentence}>
          {sentence}
        </div>
      </div>
    </div>
  )
}

function End({ card: { label, kindName }, mark }: { readonly card: Card; readonly mark: string }) {
  const Symbol = LOOKS.end.icon
  return (
    <div className={`${styles['end']} ${mark}`}>
      <Symbol size={15} stroke={1.8} aria-hidden />
      <span dir="auto">{label ?? kindName}</span>
    </div>
  )
}
