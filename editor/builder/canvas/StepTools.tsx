/** What can be done with the one card that is selected, above it. The keys do the same. */
import { ActionIcon } from '@mantine/core'
import { IconCopy, IconCopyPlus, IconReplace, IconTrash, type Icon } from '@tabler/icons-react'
import { words } from '../../words.ts'
import { ACTIONS, copyByButton, perform, type Action } from '../commands/actions.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import styles from './Canvas.module.css'

export function StepTools({ id, name }: { readonly id: string; readonly name: string }) {
  const editing = useEditing()
  const does = (action: Action) => () => perform(editing, action)
  const { replace, duplicate, remove } = ACTIONS
  const isEnd = editing.graph.cards.find((card) => card.id === id)?.kind === 'end'
  return (
    <div
      className={`${styles['tools']} nodrag nopan`}
      role="toolbar"
      aria-label={words.canvas.tools.of(name)}
    >
      {!isEnd && (
        <>
          <Tool icon={IconReplace} name={words.canvas.tools.replace} act={does(replace)} />
          <Tool icon={IconCopyPlus} name={words.canvas.tools.duplicate} act={does(duplicate)} />
        </>
      )}
      <Tool icon={IconCopy} name={words.canvas.tools.copy} act={() => void copyByButton(editing)} />
      <Tool icon={IconTrash} name={words.canvas.tools.remove} act={does(remove)} />
    </div>
  )
}

function Tool({
  icon: Symbol,
  name,
  act,
}: {
  readonly icon: Icon
  readonly name: string
  readonly act: () => void
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={30}
      aria-label={name}
      title={name}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation()
        act()
      }}
    >
      <Symbol size={17} stroke={1.8} />
    </ActionIcon>
  )
}
