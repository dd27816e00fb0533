/** Which list somebody is put on, taken off, or moved to. */
import { TagsInput } from '@mantine/core'
import { words } from '../../words.ts'
import { useDraft } from '../state/context.tsx'
import { useStepChange } from './change.ts'
import { Then } from './ContinueAt.tsx'
import { AddButton, SuggestField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import { otherBands } from './names.ts'
import { useProblemAt } from './problemAt.ts'
import { textsOf } from './typed.ts'
import { useNames } from './useNames.ts'

const say = words.forms.lists

export function ListForm({ id, step: { entry } }: StepFormProps) {
  if (entry?.type !== 'addToList' && entry?.type !== 'removeFromList') return null
  return (
    <>
      <ListField id={id} list={entry.params.list} />
      <Then id={id} />
    </>
  )
}

export function MoveToListForm({ id, step: { entry } }: StepFormProps) {
  const change = useStepChange(id)
  const draft = useDraft()
  const suggestions = useNames().lists
  const problem = useProblemAt(['states', id, 'entry', 'params', 'from'])
  if (entry?.type !== 'moveToList') return null
  const { list } = entry.params
  const from = textsOf(entry.params.from)
  const missing = otherBands(draft, id, list).filter((name) => !from.includes(name))
  const set = (names: readonly string[]) => change.params('from', { from: names })
  return (
    <>
      <ListField id={id} list={list} />
      <TagsInput
        size="sm"
        label={say.from}
        description={say.fromHint}
        dir="auto"
        error={problem()}
        data={suggestions.filter((name) => name !== list)}
        value={[...from]}
        onChange={set}
        acceptValueOnBlur
        splitChars={[]}
      />
      {missing.length > 0 && (
        <AddButton
          style={{ height: 'auto', whiteSpace: 'normal' }}
          onClick={() => set([...from, ...missing])}
        >
          <bdi>{say.otherBands(missing)}</bdi>
        </AddButton>
      )}
      <Then id={id} />
    </>
  )
}

function ListField({ id, list }: { readonly id: string; readonly list: unknown }) {
  const change = useStepChange(id)
  const problem = useProblemAt(['states', id, 'entry', 'params', 'list'])
  return (
    <SuggestField
      label={say.list}
      hint={say.hint}
      placeholder={say.placeholder}
      value={list}
      suggestions={useNames().lists}
      error={problem()}
      onChange={(text) => change.params('list', { list: text })}
    />
  )
}
