/** What is missing or wrong, in words. */
import { IconAlertCircle } from '@tabler/icons-react'
import styles from './Conditions.module.css'

export function Reasons({ reasons, id }: { readonly reasons: readonly string[]; readonly id?: string }) {
  if (reasons.length === 0) return null
  return (
    <div className={styles['reasons']} id={id}>
      {reasons.map((reason) => (
        <div key={reason} className={styles['reason']}>
          <IconAlertCircle size={14} aria-hidden />
          <span>{reason}</span>
        </div>
      ))}
    </div>
  )
}
