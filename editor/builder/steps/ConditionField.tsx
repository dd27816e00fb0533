/** A condition inside a form: its sentences, and beside them whom it is about. */
import { Input } from '@mantine/core'
import { useContext, useMemo } from 'react'
import { pointer, type Condition, type Path } from '../../../engine/index.ts'
import type { ConditionScope } from '../../answers.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { ConditionEditor } from '../conditions/ConditionEditor.tsx'
import { ConditionMatches } from '../conditions/ConditionMatches.tsx'
import { messagesBefore } from '../document/before.ts'
import { nameOf } from '../document/graph.ts'
import { useDraft } from '../state/context.tsx'
import styles from './Forms.module.css'
import { FieldProblems } from './problemAt.ts'

export function ConditionField({
  label,
  hint,
  value,
  onChange,
  scope,
  event,
  step,
  path,
}: {
  readonly label: string
  readonly hint?: string
  readonly value: Condition
  /** `part` names what was changed, as in the editor. */
  readonly onChange: (when: Condition, part: string) => void
  readonly scope: ConditionScope
  /** The event that is at hand when it is asked. */
  readonly event?: string | undefined
  /** The step that asks, where one does: it may ask of the messages before it. */
  readonly step?: string | undefined
  readonly path: Path
}) {
  const draft = useDraft()
  const problems = useContext(FieldProblems)
  const { graph, around } = useEditing()
  const messages = useMemo(
    () =>
      scope === 'branch'
        ? messagesBefore(draft, step).map((id) => ({ step: id, title: nameOf(graph, around, id) }))
        : [],
    [draft, scope, step, graph, around],
  )
  return (
    <Input.Wrapper
      size="sm"
      label={label}
      labelElement="div"
      {...(hint === undefined ? {} : { description: hint })}
    >
      <div className={styles['condition']}>
        <ConditionEditor
          value={value}
          onChange={onChange}
          scope={scope}
          event={event}
          messages={messages}
          problems={problems}
          path={pointer(path)}
          label={label}
        />
        <ConditionMatches value={value} scope={scope} />
      </div>
    </Input.Wrapper>
  )
}
