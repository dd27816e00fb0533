/** Asks before the state of a journey changes: what happens then, to how many people, and what is to be chosen. */
import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { OVERDUE, type JourneyDetail, type Overdue } from '../../answers.ts'
import { client, refusalOf } from '../../client.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { Rows } from '../../parts/States.tsx'
import { journeyChanged } from '../../queries.ts'
import { words } from '../../words.ts'
import type { StateChange } from './MoreMenu.tsx'
import styles from './Publish.module.css'

interface Asked {
  readonly detail: JourneyDetail
  readonly close: () => void
}

export function StateDialog({ change, ...asked }: Asked & { readonly change: StateChange }) {
  switch (change) {
    case 'pause':
      return <Pause {...asked} />
    case 'resume':
      return asked.detail.status === 'stopped' ? <BeginAgain {...asked} /> : <Resume {...asked} />
    case 'stop':
      return <Stop {...asked} />
    case 'archive':
      return <Archive {...asked} />
    case 'unarchive':
      return <Unarchive {...asked} />
  }
}

function Pause({ detail, close }: Asked) {
  const { text, inside } = words.publish.states.pause
  return (
    <Question change="pause" detail={detail} close={close} act={() => client.pause(detail.id)}>
      <Text size="sm">{text}</Text>
      <Text size="sm">{inside(detail.counts.inside)}</Text>
    </Question>
  )
}

function Resume({ detail, close }: Asked) {
  const [overdue, setOverdue] = useState<Overdue>('spread')
  const { data } = useQuery({
    queryKey: ['overdue', detail.id],
    queryFn: () => client.overdue(detail.id),
    gcTime: 0,
  })
  const { text, nothing, counts, choices, question } = words.publish.states.resume
  const total = data === undefined ? 0 : data.waits + data.messages + data.entries
  const choice = total === 0 ? 'send' : overdue
  return (
    <Question
      change="resume"
      detail={detail}
      close={close}
      off={data === undefined}
      act={() => client.resume(detail.id, choice)}
    >
      <Text size="sm">{text}</Text>
      {data === undefined && <Rows count={2} height={40} />}
      {data !== undefined && total === 0 && <Text size="sm">{nothing}</Text>}
      {data !== undefined && total > 0 && (
        <>
          <Text size="sm">{counts(data)}</Text>
          <Radio.Group label={question} value={overdue} onChange={(value) => setOverdue(value)}>
            <Stack gap="sm" mt={8}>
              {OVERDUE.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={choices[value].name}
                  description={choices[value].text}
                />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
    </Question>
  )
}

function BeginAgain({ detail, close }: Asked) {
  return (
    <Question change="resume" detail={detail} close={close} act={() => client.resume(detail.id, 'send')}>
      <Text size="sm">{words.publish.states.resume.stopped}</Text>
    </Question>
  )
}

/** A paused journey cannot be stopped so that those inside finish: going on with what is overdue is a decision of its own. */
function Stop({ detail, close }: Asked) {
  const count = detail.counts.inside
  const mayFinish = detail.status !== 'paused'
  const [inside, setInside] = useState<'finish' | 'leave'>(mayFinish ? 'finish' : 'leave')
  const { text, nobody, question, choices, paused } = words.publish.states.stop
  return (
    <Question
      change="stop"
      detail={detail}
      close={close}
      act={() => client.stop(detail.id, count === 0 && mayFinish ? 'finish' : inside)}
    >
      <Text size="sm">{text}</Text>
      {count === 0 ? (
        <Text size="sm">{nobody}</Text>
      ) : (
        <Radio.Group label={question(count)} value={inside} onChange={(value) => setInside(value)}>
          <Stack gap="sm" mt={8}>
            {(['finish', 'leave'] as const).map((value) => (
              <Radio
                key={value}
                value={value}
                disabled={value === 'finish' && !mayFinish}
                label={choices[value].name}
                description={value === 'finish' && !mayFinish ? paused : choices[value].text}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
    </Question>
  )
}

function Archive({ detail, close }: Asked) {
  const count = detail.counts.inside
  const { text, leave, draft } = words.publish.states.archive
  return (
    <Question
      change="archive"
      detail={detail}
      close={close}
      act={() => client.archive(detail.id, count > 0)}
      color={count > 0 ? 'red' : undefined}
    >
      <Text size="sm">{text}</Text>
      {count > 0 && <Text size="sm">{leave(count)}</Text>}
      {detail.draft !== null && <Text size="sm">{draft}</Text>}
    </Question>
  )
}

function Unarchive({ detail, close }: Asked) {
  const { text, draft } = words.publish.states.unarchive
  return (
    <Question change="unarchive" detail={detail} close={close} act={() => client.unarchive(detail.id)}>
      <Text size="sm">{detail.version === null ? draft : text}</Text>
    </Question>
  )
}

/** One question with its yes; what the server refuses is said in its place. */
function Question({
  change,
  detail,
  close,
  act,
  off = false,
  color,
  children,
}: Asked & {
  readonly change: StateChange
  readonly act: () => Promise<JourneyDetail>
  /** Not yet. */
  readonly off?: boolean
  readonly color?: string | undefined
  readonly children: ReactNode
}) {
  const going = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await journeyChanged(detail.id)
      close()
    },
  })
  const { title, yes } = words.publish.states[change]
  return (
    <Dialog
      onClose={close}
      size="md"
      title={title(detail.name)}
      classNames={{ title: styles['dialogTitle'] ?? '' }}
      closeButtonProps={{ 'aria-label': words.notNow }}
    >
      <Stack gap="sm">
        {children}
        {going.isError && (
          <Alert color="red" role="alert">
            {words.publish.states.failed(refusalOf(going.error))}
          </Alert>
        )}
        <Group justify="flex-end" gap={8} mt={4}>
          <Button variant="default" onClick={close}>
            {words.notNow}
          </Button>
          <Button
            {...(color === undefined ? {} : { color })}
            disabled={off}
            loading={going.isPending}
            onClick={() => going.mutate()}
          >
            {yes}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
