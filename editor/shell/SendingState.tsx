/** Whether messages leave, always visible at the top: a calm word, and one sentence why. The emergency stop is beside it. */
import { Popover, Stack, Text } from '@mantine/core'
import {
  IconAntennaBarsOff,
  IconHandStop,
  IconInbox,
  IconSend,
  IconTestPipe,
  type Icon,
} from '@tabler/icons-react'
import type { Sending, Status } from '../answers.ts'
import { dayOf, exactTime, shortDayOf } from '../parts/time.tsx'
import { useSending, useStatus } from '../queries.ts'
import { words } from '../words.ts'
import styles from './Shell.module.css'

interface State {
  readonly title: string
  readonly why: string
  readonly icon: Icon
  readonly color: string
}

export function SendingState() {
  const status = useStatus()
  const { data: sending } = useSending()
  const { title, why, icon: Symbol, color } = stateOf(status.data, sending, status.isError)
  const colours = {
    background: `var(--mantine-color-${color}-light)`,
    color: `var(--mantine-color-${color}-light-color)`,
  }
  return (
    <div className={styles['sending']} role="status">
      <Popover width={320} position="bottom-start" withArrow shadow="md" trapFocus>
        <Popover.Target>
          <button type="button" className={styles['state']} style={colours} title={why}>
            <Symbol size={16} stroke={1.9} aria-hidden /> {title}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="sm" align="flex-start">
            <Text size="sm">{why}</Text>
            {sending !== undefined && sending.held > 0 && (
              <Text size="sm">{words.sending.held(sending.held)}</Text>
            )}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <Text component="span" className={styles['sendingWhy'] ?? ''} visibleFrom="md">
        {why}
      </Text>
    </div>
  )
}

/** What is said of sending: in a word, and why. */
export function stateOf(status: Status | undefined, sending: Sending | undefined, failing: boolean): State {
  if (failing) return { ...words.sending.lost, icon: IconAntennaBarsOff, color: 'red' }
  if (status === undefined || sending === undefined)
    return { ...words.sending.unknown, icon: IconInbox, color: 'gray' }
  const { sandbox, live, captured, stopped } = words.sending
  switch (sending.state) {
    case 'stopped':
      return {
        title: stopped.title,
        why: stopped.why(sending.since === null ? '' : exactTime(sending.since)),
        icon: IconHandStop,
        color: 'red',
      }
    case 'sandbox':
      return {
        title: sandbox.title(shortDayOf(status.now)),
        why: sandbox.why(dayOf(status.now)),
        icon: IconTestPipe,
        color: 'violet',
      }
    case 'live':
      return { ...live, icon: IconSend, color: 'teal' }
    case 'kept':
      return { ...captured, icon: IconInbox, color: 'orange' }
  }
}
