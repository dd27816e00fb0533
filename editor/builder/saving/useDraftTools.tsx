/** What can be done with the open draft as a whole: its file, a copy, back to what is published. */
import { Button, Group, Menu, Text } from '@mantine/core'
import { IconArrowBackUp, IconCopy, IconFileExport, IconFileImport } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { Dialog } from '../../parts/Dialog.tsx'
import { navigate, pathTo } from '../../router.tsx'
import { words } from '../../words.ts'
import { createCopy } from '../gallery/newJourney.ts'
import { useBuild } from '../state/context.tsx'
import { useSaver } from './context.tsx'
import { downloadJourney } from './files.ts'

const ImportDialog = lazy(async () => ({
  default: (await import('../gallery/ImportDialog.tsx')).ImportDialog,
}))

/** Items for a menu, and what they open. `unpublished`: how many changes; null where nothing was published. */
export function useDraftTools(unpublished: number | null): {
  readonly items: ReactNode
  readonly dialog: ReactNode
} {
  const builder = useBuild()
  const [asked, setAsked] = useState<'import' | 'discard' | 'failed' | null>(null)
  const close = () => setAsked(null)
  const draft = () => builder.get().history.present
  const duplicate = useMutation({
    mutationFn: () => createCopy(draft(), draft().id),
    onSuccess: (id) => navigate(pathTo('journeys', id)),
    onError: () => setAsked('failed'),
  })
  const { file } = words.gallery
  const items = (
    <>
      <Menu.Item
        leftSection={<IconFileExport size={16} aria-hidden />}
        onClick={() => downloadJourney(draft().id, draft())}
      >
        {file.exportFile}
      </Menu.Item>
      <Menu.Item leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => setAsked('import')}>
        {file.replace}
      </Menu.Item>
      <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => duplicate.mutate()}>
        {file.duplicate}
      </Menu.Item>
      {unpublished !== null && unpublished > 0 && (
        <Menu.Item
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={() => setAsked('discard')}
        >
          {file.discard}
        </Menu.Item>
      )}
    </>
  )
  const dialog = (
    <>
      {asked === 'import' && (
        <Suspense>
          <ImportDialog into={{ draft: draft(), replace: builder.replace }} close={close} />
        </Suspense>
      )}
      {asked === 'discard' && <Discard changes={unpublished ?? 0} close={close} />}
      {asked === 'failed' && (
        <Dialog onClose={close} title={file.duplicate} centered>
          <Text role="alert">{words.gallery.failed}</Text>
        </Dialog>
      )}
    </>
  )
  return { items, dialog }
}

function Discard({ changes, close }: { readonly changes: number; readonly close: () => void }) {
  const { discard } = useSaver()
  const [state, setState] = useState<'asked' | 'acting' | 'failed'>('asked')
  const said = words.gallery.discard
  const act = async () => {
    setState('acting')
    if (await discard()) close()
    else setState('failed')
  }
  return (
    <Dialog onClose={close} title={said.title} centered>
      <Text size="sm">{said.text(changes)}</Text>
      {state === 'failed' && (
        <Text size="sm" c="red" mt="sm" role="alert">
          {said.failed}
        </Text>
      )}
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="subtle" color="gray" onClick={close}>
          {said.no}
        </Button>
        <Button loading={state === 'acting'} onClick={() => void act()}>
          {said.yes}
        </Button>
      </Group>
    </Dialog>
  )
}
