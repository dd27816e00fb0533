/** After a publication: for a minute it can be taken back, also after the page was loaded anew; then what that did. */
import { Button, Group, Text } from '@mantine/core'
import { IconArrowBackUp, IconBroadcast, IconUsersGroup } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { fieldInWords } from '../../../engine/index.ts'
import type { JourneyDetail, TakenBack } from '../../answers.ts'
import { client, refusalOf } from '../../client.ts'
import { Note } from '../../parts/Note.tsx'
import { journeyChanged, useStatus } from '../../queries.ts'
import { words } from '../../words.ts'
import { useSaver } from '../saving/context.tsx'
import styles from './Publish.module.css'

export function PublishNotes({ detail }: { readonly detail: JourneyDetail }) {
  const [takenBack, setTakenBack] = useState<TakenBack | null>(null)
  return (
    <>
      {detail.undoUntil !== null && detail.version !== null && (
        <Undo
          key={detail.version}
          id={detail.id}
          version={detail.version}
          until={Date.parse(detail.undoUntil)}
          isPaused={detail.status === 'paused'}
          onUndone={setTakenBack}
        />
      )}
      {takenBack !== null && takenBack.version === detail.version && detail.undoUntil === null && (
        <Note icon={IconArrowBackUp} dismiss={() => setTakenBack(null)}>
          {takenBackInWords(takenBack).join(' ')}
        </Note>
      )}
      {detail.underWay.map((what) => (
        <Note key={what} icon={IconUsersGroup}>
          {words.publish.underWay[what]}
        </Note>
      ))}
    </>
  )
}

function Undo({
  id,
  version,
  until,
  isPaused,
  onUndone,
}: {
  readonly id: string
  readonly version: number
  readonly until: number
  readonly isPaused: boolean
  readonly onUndone: (takenBack: TakenBack | null) => void
}) {
  const { flush } = useSaver()
  const left = Math.ceil((until - useServerSeconds()) / 1_000)
  const takeBack = useMutation({
    mutationFn: async () => {
      await flush()
      return client.unpublish(id, version)
    },
    onSuccess: async (takenBack) => {
      onUndone(takenBack)
      await journeyChanged(id)
    },
  })
  const { live, paused, until: explained, seconds, undo, failed } = words.publish.undo
  if (left <= 0 && !takeBack.isError) return null

  return (
    <Note icon={IconBroadcast}>
      <Group gap={10}>
        <strong>{(isPaused ? paused : live)(version)}</strong>
        {takeBack.isError ? failed(refusalOf(takeBack.error)) : explained}
        {left > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            loading={takeBack.isPending}
            onClick={() => takeBack.mutate()}
          >
            {undo}
            {/* Told once by the sentence beside it: nobody wants to hear every second. */}
            <Text span aria-hidden className={styles['seconds'] ?? ''}>
              {seconds(left)}
            </Text>
          </Button>
        )}
      </Group>
    </Note>
  )
}

/** The clock of the server, each second. */
function useServerSeconds(): number {
  const { data, dataUpdatedAt } = useStatus()
  const [own, setOwn] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setOwn(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return data === undefined ? own : Date.parse(data.now) + Math.max(0, own - dataUpdatedAt)
}

/** What taking back did, as sentences: what is current again, who went where, and what stays. */
export function takenBackInWords({
  version,
  returned,
  left,
  discarded,
  points,
}: TakenBack): readonly string[] {
  const said = words.publish.undo
  return [
    said.done(version),
    ...(returned > 0 ? [said.returned(returned)] : []),
    ...(left > 0 ? [said.left(left)] : []),
    ...(discarded > 0 ? [said.discarded(discarded)] : []),
    ...points.map(({ attribute, by, people }) => said.points(by, fieldInWords(attribute), people)),
    said.draftKept,
  ]
}
