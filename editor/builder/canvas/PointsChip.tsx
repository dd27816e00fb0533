/** What a step gives or takes: +10, −10. */
import type { Points } from '../document/sentences.ts'
import styles from './Canvas.module.css'

const TONES = { up: 'teal', down: 'red', neutral: 'gray' } as const

export function PointsChip({ points: { text, tone } }: { readonly points: Points }) {
  const color = TONES[tone]
  return (
    <span
      className={styles['points']}
      style={{
        background: `var(--mantine-color-${color}-light)`,
        color: `var(--mantine-color-${color}-light-color)`,
      }}
    >
      {text}
    </span>
  )
}
