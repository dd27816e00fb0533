/** The button in the middle of a way that puts a step there; while something is dragged, the place that lights up. */
import { IconPlus } from '@tabler/icons-react'
import { words } from '../../words.ts'
import type { PlacedWay } from '../document/layout.ts'
import styles from './Canvas.module.css'
import { useTools } from './tools.ts'

export function Plus({
  way: { id, from, place, plus },
  name,
}: {
  readonly way: PlacedWay
  readonly name: string
}) {
  const { choosePlace } = useTools()
  return (
    <button
      type="button"
      className={`${styles['plus']} nodrag nopan`}
      style={{ transform: `translate(-50%, -50%) translate(${plus.x}px, ${plus.y}px)` }}
      aria-label={name}
      title={words.canvas.addHere}
      data-way={id}
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
