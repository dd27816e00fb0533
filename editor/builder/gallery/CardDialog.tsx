/** What is asked before a journey is archived or deleted from the list. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { JourneyDetail } from '../../answers.ts'
import { client, refusalOf, RequestError } from '../../client.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { journeyDeleted, useJourney } from '../../queries.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import { StateDialog } from '../publish/StateDialog.tsx'
import type { CardQuestion } from './CardMenu.tsx'
import type { Removed } from './Deleted.tsx'

interface CardDialogProps {
  readonly id: string
  readonly question: CardQuestion
  readonly close: () => void
  readonly onRemoved: (removed: Removed) => void
}

export function CardDialog({ id, question, close, onRemoved }: CardDialogProps) {
  const { data } = useJourney(id)
  if (question === 'failed') return <Failed close={close} />
  if (data === undefined) return null
  return question === 'delete' ? (
    <Delete detail={data} close={close} onRemoved={onRemoved} />
  ) : (
    <StateDialog change={question} detail={data} close={close} />
  )
}

function Failed({ close }: { readonly close: () => void }) {
  return (
    <Dialog onClose={close} title={words.failure.title} centered>
      <Text role="alert">{words.gallery.failed}</Text>
    </Dialog>
  )
}

function Delete({
  detail,
  close,
  onRemoved,
}: Pick<CardDialogProps, 'close' | 'onRemoved'> & { readonly detail: JourneyDetail }) {
  const { remove } = words.gallery
  const deletion = useMutation({
    mutationFn: () => client.deleteJourney(detail.id, detail.revision),
    onSuccess: () => {
      journeyDeleted(detail.id)
      onRemoved({ id: detail.id, name: detail.name, document: detail.draft as object })
      close()
    },
  })
  const whyNot = (error: Error) =>
    error instanceof RequestError && error.status === 412
      ? remove.changed
      : (refusalOf(error) ?? words.failure.offline)
  return (
    <Dialog onClose={close} title={remove.title(detail.name)} centered>
      <Text size="sm">{remove.text}</Text>
      {deletion.isError && (
        <Text size="sm" c="red" mt="sm" role="alert">
          {upper(whyNot(deletion.error))}
        </Text>
      )}
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="subtle" color="gray" onClick={close}>
          {remove.no}
        </Button>
        <Button color="red" loading={deletion.isPending} onClick={() => deletion.mutate()}>
          {remove.yes}
        </Button>
      </Group>
    </Dialog>
  )
}
