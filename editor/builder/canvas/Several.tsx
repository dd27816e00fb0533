/** What can be done with several cards that are selected, at the lower edge of the drawing. */
import { ActionIcon } from '@mantine/core'
import { IconCopy, IconTrash, IconX } from '@tabler/icons-react'
import { words } from '../../words.ts'
import { ACTIONS, copyByButton, perform } from '../commands/actions.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { useBuild, useBuilder } from '../state/context.tsx'
import styles from './Canvas.module.css'

export function Several() {
  const editing = useEditing()
  const { select } = useBuild()
  const count = useBuilder(({ selection }) => selection.length)
  if (count < 2) return null
  const { copy, remove } = words.canvas.tools
  return (
    <div className={styles['several']} role="toolbar" aria-label={words.canvas.several(count)}>
      <span>{words.canvas.several(count)}</span>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={copy}
        title={copy}
        onClick={() => void copyByButton(editing)}
      >
        <IconCopy size={17} stroke={1.8} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={remove}
        title={remove}
        onClick={() => perform(editing, ACTIONS.remove)}
      >
        <IconTrash size={17} stroke={1.8} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={words.commands.selectNone}
        title={words.commands.selectNone}
        onClick={() => select([])}
      >
        <IconX size={17} stroke={1.8} />
      </ActionIcon>
    </div>
  )
}
