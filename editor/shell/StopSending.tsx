/** The emergency stop, on every page: asks once, then nothing leaves until somebody starts it again the same way. */
import { Button, Group, Popover, Text } from '@mantine/core'
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../client.ts'
import { queryClient, SENDING, useSending } from '../queries.ts'
import { words } from '../words.ts'
import styles from './Shell.module.css'

export function StopSending() {
  const { data } = useSending()
  const [isAsking, setAsking] = useState(false)
  const turn = useMutation({
    mutationFn: client.setSending,
    onSuccess: (sending) => {
      queryClient.setQueryData(SENDING, sending)
      setAsking(false)
    },
  })
  if (data === undefined) return null
  const { stopped } = data
  const { label, ask, yes } = stopped ? words.sending.start : words.sending.stop
  const color = stopped ? 'teal' : 'red'
  const Symbol = stopped ? IconPlayerPlay : IconHandStop

  const open = (opened: boolean) => {
    setAsking(opened)
    turn.reset()
  }
  return (
    <Popover
      width={320}
      position="bottom-end"
      withArrow
      shadow="md"
      trapFocus
      opened={isAsking}
      onChange={open}
    >
      <Popover.Target>
        <Button
          classNames={{ section: styles['stopIcon'] ?? '' }}
          size="compact-md"
          variant="subtle"
          color={color}
          leftSection={<Symbol size={17} stroke={1.9} aria-hidden />}
          aria-label={label}
          title={label}
          onClick={() => open(!isAsking)}
        >
          <span className={styles['stopLabel']}>{label}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" mb={10} role={turn.isError ? 'alert' : undefined}>
          {turn.isError ? words.failure.notDone : ask}
        </Text>
        <Group gap={8}>
          <Button
            size="compact-sm"
            color={color}
            loading={turn.isPending}
            onClick={() => turn.mutate(!stopped)}
          >
            {yes}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => open(false)}>
            {words.notNow}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  )
}
