/** What can be done with a journey from the list, without opening it. */
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconDots,
  IconFileExport,
  IconTrash,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { JourneySummary } from '../../answers.ts'
import { client } from '../../client.ts'
import { navigate, pathTo } from '../../router.tsx'
import { words } from '../../words.ts'
import styles from '../Journeys.module.css'
import { downloadJourney } from '../saving/files.ts'
import type { Removed } from './Deleted.tsx'
import { createCopy } from './newJourney.ts'

const CardDialog = lazy(async () => ({ default: (await import('./CardDialog.tsx')).CardDialog }))

export type CardQuestion = 'archive' | 'unarchive' | 'delete' | 'failed'

export function CardMenu({
  journey: { id, name, status, version },
  onRemoved,
}: {
  readonly journey: JourneySummary
  readonly onRemoved: (removed: Removed) => void
}) {
  const [asked, setAsked] = useState<CardQuestion | null>(null)
  const { list } = words.gallery
  const withDocument = useMutation({
    mutationFn: async (act: (document: object) => unknown) => {
      const { draft, published } = await client.journey(id)
      await act((draft ?? published) as object)
    },
    onError: () => setAsked('failed'),
  })
  const duplicate = async (document: object) => navigate(pathTo('journeys', await createCopy(document, id)))
  return (
    <div className={styles['menu']}>
      <Menu position="bottom-end" width={220} shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={list.menu(name)}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => withDocument.mutate(duplicate)}
          >
            {list.duplicate}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFileExport size={16} aria-hidden />}
            onClick={() => withDocument.mutate((document) => downloadJourney(id, document))}
          >
            {list.exportFile}
          </Menu.Item>
          {status === 'archived' ? (
            <Menu.Item
              leftSection={<IconArchiveOff size={16} aria-hidden />}
              onClick={() => setAsked('unarchive')}
            >
              {list.unarchive}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconArchive size={16} aria-hidden />}
              onClick={() => setAsked('archive')}
            >
              {list.archive}
            </Menu.Item>
          )}
          {version === null && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setAsked('delete')}
            >
              {list.delete}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked !== null && (
        <Suspense>
          <CardDialog id={id} question={asked} close={() => setAsked(null)} onRemoved={onRemoved} />
        </Suspense>
      )}
    </div>
  )
}
