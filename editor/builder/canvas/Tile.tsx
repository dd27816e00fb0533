/** A step's icon on the colour of its group. */
import type { Icon } from '@tabler/icons-react'
import { GROUPS, type Group } from '../steps/looks.ts'
import styles from './Canvas.module.css'

export function Tile({
  look: { icon: Symbol, group },
}: {
  readonly look: { readonly icon: Icon; readonly group: Group }
}) {
  const color = GROUPS[group]
  return (
    <span
      className={styles['tile']}
      style={{
        background: `var(--mantine-color-${color}-light)`,
        color: `var(--mantine-color-${color}-light-color)`,
      }}
    >
      <Symbol size={19} stroke={1.7} aria-hidden />
    </span>
  )
}
