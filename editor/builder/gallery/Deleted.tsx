/** Says that a journey was deleted, and brings it back where that was a mistake. */
import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Note } from '../../parts/Note.tsx'
import { words } from '../../words.ts'
import { createUnder } from './newJourney.ts'

export interface Removed {
  readonly id: string
  readonly name: string
  readonly document: object
}

export function Deleted({
  removed: { id, name, document },
  close,
}: {
  readonly removed: Removed
  readonly close: () => void
}) {
  const { remove } = words.gallery
  const undo = useMutation({
    mutationFn: () => createUnder(id, document),
    onSuccess: (made) => made && close(),
  })
  return (
    <Note icon={IconTrash} dismiss={close}>
      {undo.isError || undo.data === false ? words.failure.notDone : remove.done(name)}{' '}
      <Button size="compact-xs" variant="default" onClick={() => undo.mutate()}>
        {remove.undo}
      </Button>
    </Note>
  )
}
