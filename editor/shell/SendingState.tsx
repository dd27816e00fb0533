/** Whether messages leave, always visible at the top: a calm word, and one sentence why. */
import { Popover, Text } from '@mantine/core'
import { IconAntennaBarsOff, IconInbox, IconSend, IconTestPipe, type Icon } from '@tabler/icons-react'
import type { Status } from '../client.ts'
import { dayOf } from '../parts/time.tsx'
import { useStatus } from '../queries.ts'
import { words } from '../words.ts'
import styles from './Shell.module.css'

interface State {
  readonly title: string
  readonly why: string
  readonly icon: Icon
  readonly color: string
}

export function SendingState() {
  const { data, isError } = useStatus()
  const { title, why, icon: Symbol, color } = stateOf(data, isError)
  const colours = {
    background: `var(--mantine-color-${color}-light)`,
    color: `var(--mantine-color-${color}-light-color)`,
  }
  return (
    <div className={styles['sending']} role="status">
      <Popover width={280} position="bottom-start" withArrow shadow="md">
        <Popover.Target>
          <button type="button" className={styles['state']} style={colours} title={why}>
            <Symbol size={16} stroke={1.9} aria-hidden /> {title}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm">{why}</Text>
        </Popover.Dropdown>
      </Popover>
      <Text component="span" className={styles['sendingWhy'] ?? ''} visibleFrom="md">
        {why}
      </Text>
    </div>
  )
}

function stateOf(status: Status | undefined, failing: boolean): State {
  if (failing) return { ...words.sending.lost, icon: IconAntennaBarsOff, color: 'red' }
  if (status === undefined) return { ...words.sending.unknown, icon: IconInbox, color: 'gray' }
  const { sandbox, live, captured } = words.sending
  switch (status.sending) {
    case 'sandbox':
      return {
        title: sandbox.title,
        why: sandbox.why(dayOf(status.now)),
        icon: IconTestPipe,
        color: 'violet',
      }
    case 'live':
      return { ...live, icon: IconSend, color: 'teal' }
    case 'captured':
      return { ...captured, icon: IconInbox, color: 'orange' }
  }
}
