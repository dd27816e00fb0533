/** What is held, at the pointer while it is dragged; else a line that says what to do with it. */
import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { STEP_KINDS } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { LOOKS } from '../steps/looks.ts'
import styles from './Canvas.module.css'
import { useHand, useHeld, type Held, type HandState } from './hand.ts'
import { Tile } from './Tile.tsx'

export function Carried() {
  const { held, draggedFrom, refusal } = useHeld()
  if (held === null) return null
  return draggedFrom === null ? (
    <Asks held={held} />
  ) : (
    <Dragged held={held} from={draggedFrom} refusal={refusal} />
  )
}

function Asks({ held }: { readonly held: Held }) {
  const hand = useHand()
  return (
    <div className={styles['asks']}>
      <span>
        {held.type === 'kind' ? words.canvas.hand.place(STEP_KINDS[held.kind].name) : words.canvas.hand.lead}
      </span>
      <Button size="compact-sm" variant="default" onClick={hand.drop}>
        {words.canvas.hand.cancel}
      </Button>
    </div>
  )
}

/** Follows the pointer without React: it moves at every frame. */
function Dragged({
  held,
  from,
  refusal,
}: {
  readonly held: Held
  readonly from: NonNullable<HandState['draggedFrom']>
  readonly refusal: HandState['refusal']
}) {
  const ghost = useRef<HTMLDivElement>(null)
  const line = useRef<SVGPathElement>(null)
  useEffect(() => {
    const follow = ({ clientX: x, clientY: y }: PointerEvent) => {
      if (ghost.current) ghost.current.style.transform = `translate(${x + 12}px, ${y + 10}px)`
      const bend = Math.max(40, Math.abs(y - from.y) / 2)
      line.current?.setAttribute(
        'd',
        `M ${from.x} ${from.y} C ${from.x} ${from.y + bend} ${x} ${y - bend} ${x} ${y}`,
      )
    }
    window.addEventListener('pointermove', follow)
    return () => window.removeEventListener('pointermove', follow)
  }, [from])
  if (held.type === 'way')
    return (
      <svg className={styles['wire']} aria-hidden>
        <path ref={line} />
      </svg>
    )
  return (
    <div
      ref={ghost}
      className={styles['ghost']}
      style={{ transform: `translate(${from.x}px, ${from.y}px)` }}
      aria-hidden
    >
      <Tile look={LOOKS[held.kind]} />
      <span>
        {STEP_KINDS[held.kind].name}
        {refusal !== null && <small>{words.builder.refusals[refusal]}</small>}
      </span>
    </div>
  )
}
