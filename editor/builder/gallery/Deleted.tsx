/** Says that a journey was deleted, and brings it back where that was a mistake. */
import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { RequestError } from '../../client.ts'
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
  const [failed, setFailed] = useState(false)
  const { remove } = words.gallery
  const undo = async () => {
    try {
      const made = await createUnder(id, document)
      setFailed(!made)
      if (made) close()
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      setFailed(true)
    }
  }
  return (
    <Note icon={IconTrash} dismiss={close}>
      {failed ? words.failure.notDone : remove.done(name)}{' '}
      <Button size="compact-xs" variant="default" onClick={() => void undo()}>
        {remove.undo}
      </Button>
    </Note>
  )
}
