/** A step as a card: what kind it is, what it does, how many points, how many people are there now, what can be done with it. */
import { IconUser } from '@tabler/icons-react'
import type { Node, NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import type { Card } from '../document/graph.ts'
import type { Place } from '../document/places.ts'
import { ProblemDot } from '../problems/ProblemDot.tsx'
import { LOOKS } from '../steps/looks.ts'
import styles from './Canvas.module.css'
import { PointsChip } from './PointsChip.tsx'
import { StepTools } from './StepTools.tsx'
import { Tile } from './Tile.tsx'
import { useTools } from './tools.ts'

/** A way out of a card, as far as its handle needs it. */
export interface CardWay {
  readonly id: string
  readonly label?: string
  readonly place: Place
}

export type StepNodeType = Node<
  {
    readonly card: Card
    readonly ways: readonly CardWay[]
    readonly people: number
    readonly problem: 'error' | 'warning' | null
    /** Whether it alone is selected, so that its tools are shown. */
    readonly alone: boolean
    /** The step that the keys are at: the one that Tab comes to. */
    readonly current: boolean
    readonly name: string
  },
  'step'
>

export const StepNode = memo(function StepNode({
  data: { card, ways, people, problem, alone, current, name },
  selected,
}: NodeProps<StepNodeType>) {
  const { editable } = useTools()
  const mark = [
    styles[card.kind === 'end' ? 'end' : 'card'],
    selected ? styles['selected'] : '',
    card.label === undefined ? styles['unnamed'] : '',
  ].join(' ')
  return (
    <>
      <div
        className={mark}
        role="button"
        tabIndex={current ? 0 : -1}
        aria-label={name}
        aria-pressed={selected}
        data-card={card.id}
      >
        {card.kind === 'end' ? <End card={card} /> : <StepText card={card} />}
        {problem && <ProblemDot severity={problem} at="corner" />}
      </div>
      {people > 0 && (
        <span className={styles['people']} title={words.steps.hereNow(people)}>
          <IconUser size={12} stroke={2.4} aria-hidden /> {number(people)}
        </span>
      )}
      {editable && <Handles id={card.id} title={card.title} ways={ways} />}
      {editable && selected && alone && <StepTools id={card.id} name={name} />}
    </>
  )
})

function StepText({ card: { kind, kindName, label, sentence, points } }: { readonly card: Card }) {
  return (
    <>
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
    </>
  )
}

function End({ card: { label, kindName } }: { readonly card: Card }) {
  const Symbol = LOOKS.end.icon
  return (
    <>
      <Symbol size={15} stroke={1.8} aria-hidden />
      <span dir="auto">{label ?? kindName}</span>
    </>
  )
}

/** How far the handles of a fork stand apart. */
const APART = 26

/** For joining, and for ways back: dragged to another card, the way leads there. */
function Handles({
  id,
  title,
  ways,
}: {
  readonly id: string
  readonly title: string
  readonly ways: readonly CardWay[]
}) {
  const { press, take } = useTools()
  return ways.map(({ id: way, label, place }, index) => {
    const held = { type: 'way', place, from: id } as const
    const name = words.canvas.leads(title, label)
    return (
      <button
        key={way}
        type="button"
        className={`${styles['handle']} nodrag nopan`}
        style={{ left: `calc(50% + ${(index - (ways.length - 1) / 2) * APART}px)` }}
        tabIndex={-1}
        aria-label={name}
        title={name}
        onPointerDown={(event) => press(event, held)}
        onClick={(event) => {
          event.stopPropagation()
          take(held)
        }}
      />
    )
  })
}
