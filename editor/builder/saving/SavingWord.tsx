/** How saving stands, in a quiet word. */
import { words } from '../../words.ts'
import styles from './Saving.module.css'
import { useSaving } from './context.tsx'

export function SavingWord() {
  const phase = useSaving(({ saving }) => saving.phase.is)
  return (
    <span className={styles['word']} role="status" data-phase={phase}>
      {words.saving.state[phase]}
    </span>
  )
}
