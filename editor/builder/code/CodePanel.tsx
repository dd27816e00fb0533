/** The code view of the open journey; its editor is loaded when somebody opens it. */
import { lazy, Suspense } from 'react'
import { Rows } from '../../parts/States.tsx'
import { useJourney } from '../../queries.ts'
import styles from './Code.module.css'
import { useBuild, useBuilder, useDraft } from '../state/context.tsx'

export const CodeView = lazy(async () => ({ default: (await import('./CodeView.tsx')).CodeView }))

export function CodePanel() {
  const draft = useDraft()
  const { replace } = useBuild()
  const selected = useBuilder(({ selection }) => selection.at(-1) ?? null)
  const { data } = useJourney(draft.id)
  return (
    <div className={styles['panel']}>
      <Suspense fallback={<Rows />}>
        <CodeView
          id={draft.id}
          document={draft}
          problems={data?.problems ?? []}
          selected={selected}
          onDraft={replace}
        />
      </Suspense>
    </div>
  )
}
