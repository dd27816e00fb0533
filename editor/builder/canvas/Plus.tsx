/**
 * The button in the middle of a way that puts a step there. While a kind of step is held, it lights up if that can stand
 * here.
 */
import { IconPlus } from '@tabler/icons-react'
import { words } from '../../words.ts'
import type { PlacedWay } from '../document/drawing.ts'
import styles from './Canvas.module.css'
import { useRefusal } from './hand.ts'
import { useTools } from './tools.ts'

export function Plus({
  way: { id, from, place, plus },
  name,
}: {
  readonly way: PlacedWay
  readonly name: string
}) {
  const { choosePlace } = useTools()
  const refusal = useRefusal(place)
  return (
    <button
      type="button"
      className={`${styles['plus']} nodrag nopan`}
      style={{ transform: `translate(-50%, -50%) translate(${plus.x}px, ${plus.y}px)` }}
      aria-label={name}
      title={refusal === null ? words.canvas.addHere : words.builder.refusals[refusal]}
      data-way={id}
      data-refusal={refusal ?? undefined}
      data-from={from}
      tabIndex={-1}
      onClick={({ currentTarget }) => choosePlace(place, currentTarget)}
    >
      <span>
        <IconPlus size={15} stroke={2.4} aria-hidden />
      </span>
    </button>
  )
}
