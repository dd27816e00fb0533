/**
 * A condition as sentences: each line a sentence whose parts are menus and fields, in groups of "all of", "any of" and
 * "none of". Whatever is typed is kept, right or wrong, with the reason beside it.
 */
import { useMemo } from 'react'
import type { Condition, Json } from '../../../engine/index.ts'
import type { ConditionScope } from '../../answers.ts'
import { useVocabulary } from '../../queries.ts'
import { words } from '../../words.ts'
import type { Around } from './around.ts'
import { Editor } from './Editor.tsx'
import { faultsOf, type Fault } from './reasons.ts'

export interface ConditionEditorProps {
  /** Anything of the shape of a condition, finished or not; `{ "all": [] }` is nothing chosen. */
  readonly value: Condition
  /** `part` names what was changed: the same for the letters of one field, another for each other change. */
  readonly onChange: (next: Condition, part: string) => void
  /**
   * Where the condition stands. `trigger`: when an event lets in. `branch`: while somebody is inside, which goals and early
   * exits are about too. `contact`: about the person alone, as an audience. `segment`: about the person, to group by.
   */
  readonly scope: ConditionScope
  /** The event that is at hand when it is asked. */
  readonly event?: string | undefined
  /** Messages that somebody may have got by then. */
  readonly messages?: readonly { readonly step: string; readonly title: string }[] | undefined
  /** What is wrong with the whole journey; of these the ones below `path` are shown. */
  readonly problems: readonly Fault[]
  /** JSON Pointer to the condition in the journey. */
  readonly path: string
  /** What it is called for whoever does not see where it stands. */
  readonly label?: string
}

export function ConditionEditor({
  value,
  onChange,
  scope,
  event,
  messages = NO_MESSAGES,
  problems,
  path,
  label = words.conditions.title,
}: ConditionEditorProps) {
  const { data: vocabulary } = useVocabulary()
  const around: Around = useMemo(
    () => ({ vocabulary, scope, event, messages }),
    [vocabulary, scope, event, messages],
  )
  const document = value as unknown as Json
  const faults = useMemo(() => faultsOf(document, problems, path), [document, problems, path])
  return (
    <Editor
      value={document}
      onChange={(next, part) => onChange(next as unknown as Condition, part)}
      around={around}
      faults={faults}
      label={label}
    />
  )
}

const NO_MESSAGES: readonly { readonly step: string; readonly title: string }[] = []
