/**
 * The button on a way that puts a step there, or in front of a join, for all ways at once. While a kind of step is held,
 * it lights up if that can stand here.
 */
import { IconPlus } from '@tabler/icons-react'
import { memo } from 'react'
import { words } from '../../words.ts'
import type { Point } from '../document/geometry.ts'
import type { Place } from '../document/places.ts'
import styles from './Canvas.module.css'
import { useRefusal } from './hand.ts'
import { useTools } from './tools.ts'

export const Plus = memo(function Plus({
  id,
  place,
  at,
  name,
  title = words.canvas.addHere,
}: {
  readonly id: string
  readonly place: Place
  readonly at: Point
  readonly name: string
  readonly title?: string
}) {
  const { choosePlace } = useTools()
  const refusal = useRefusal(place)
  return (
    <button
      type="button"
      className={`${styles['plus']} ${place.from === 'join' ? styles['joinPlus'] : ''} nodrag nopan`}
      style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
      aria-label={name}
      title={refusal === null ? title : words.builder.refusals[refusal]}
      data-way={id}
      data-join={place.from === 'join' ? place.step : undefined}
      data-refusal={refusal ?? undefined}
      tabIndex={-1}
      onClick={({ currentTarget }) => choosePlace(place, currentTarget)}
    >
      <span>
        <IconPlus size={15} stroke={2.4} aria-hidden />
      </span>
    </button>
  )
})
