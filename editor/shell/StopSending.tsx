/** The emergency stop, on every page: asks once, then nothing leaves until somebody starts it again the same way. */
import { Button, Group, Popover, Text } from '@mantine/core'
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { client, RequestError } from '../client.ts'
import { queryClient, SENDING, useSending } from '../queries.ts'
import { words } from '../words.ts'
import styles from './Shell.module.css'

export function StopSending() {
  const { data } = useSending()
  const [isAsking, setAsking] = useState(false)
  const [isActing, setActing] = useState(false)
  const [hasFailed, setFailed] = useState(false)
  if (data === undefined) return null
  const { stopped } = data
  const { label, ask, yes } = stopped ? words.sending.start : words.sending.stop
  const color = stopped ? 'teal' : 'red'
  const Symbol = stopped ? IconPlayerPlay : IconHandStop

  const open = (opened: boolean) => {
    setAsking(opened)
    setFailed(false)
  }
  const act = async () => {
    setActing(true)
    setFailed(false)
    try {
      queryClient.setQueryData(SENDING, await client.setSending(!stopped))
      setAsking(false)
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      setFailed(true)
    } finally {
      setActing(false)
    }
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
        <Text size="sm" mb={10} role={hasFailed ? 'alert' : undefined}>
          {hasFailed ? words.failure.notDone : ask}
        </Text>
        <Group gap={8}>
          <Button size="compact-sm" color={color} loading={isActing} onClick={() => void act()}>
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
