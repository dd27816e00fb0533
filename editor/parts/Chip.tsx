/** A short word on a coloured ground, with a dot where it is a state. */
import type { ReactNode } from 'react'
import styles from './parts.module.css'

export function Chip({
  color = 'gray',
  dot = false,
  title,
  children,
}: {
  readonly color?: string
  readonly dot?: boolean
  readonly title?: string
  readonly children: ReactNode
}) {
  const colours = {
    background: `var(--mantine-color-${color}-light)`,
    color: `var(--mantine-color-${color}-light-color)`,
  }
  return (
    <span className={styles['chip']} style={colours} title={title}>
      {dot && <i className={styles['dot']} />}
      <span dir="auto">{children}</span>
    </span>
  )
}
