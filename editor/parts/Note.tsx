/** One line across the page that a person has to know: something happened, or waits for them. */
import { CloseButton } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { words } from '../words.ts'
import styles from './parts.module.css'

export function Note({
  icon: Symbol,
  dismiss,
  children,
}: {
  readonly icon: Icon
  readonly dismiss?: () => void
  readonly children: ReactNode
}) {
  return (
    <div className={styles['note']} role="status">
      <Symbol size={17} aria-hidden />
      <span>{children}</span>
      {dismiss && <CloseButton size="sm" aria-label={words.dismiss} onClick={dismiss} />}
    </div>
  )
}
