/** A dot on a card, or beside its line, that tells that something is wrong there, and how bad it is. */
import { words } from '../../words.ts'
import styles from './Problems.module.css'

export function ProblemDot({
  severity,
  at,
}: {
  readonly severity: 'error' | 'warning'
  readonly at?: 'corner'
}) {
  return (
    <span
      className={`${styles['dot']} ${at === 'corner' ? styles['corner'] : ''}`}
      data-severity={severity}
      role="img"
      aria-label={words.canvas.problem[severity]}
      title={words.canvas.problem[severity]}
    />
  )
}
