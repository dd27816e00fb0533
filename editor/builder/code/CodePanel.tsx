/** The code view of the open journey; its editor is loaded when somebody opens it. */
import { lazy, Suspense } from 'react'
import { Rows } from '../../parts/States.tsx'
import { useTold } from '../problems/told.tsx'
import styles from './Code.module.css'
import { useBuild, useBuilder, useDraft } from '../state/context.tsx'

export const CodeView = lazy(async () => ({ default: (await import('./CodeView.tsx')).CodeView }))

export function CodePanel() {
  const draft = useDraft()
  const { replace } = useBuild()
  const selected = useBuilder(({ selection }) => selection.at(-1) ?? null)
  const { all } = useTold()
  return (
    <div className={styles['panel']}>
      <Suspense fallback={<Rows />}>
        <CodeView id={draft.id} document={draft} problems={all} selected={selected} drawn onDraft={replace} />
      </Suspense>
    </div>
  )
}
