/** What can be done with the journey as a whole, and is not done every day. */
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  type Icon,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { JourneyStatus } from '../../answers.ts'
import { words } from '../../words.ts'

/** What changes the state of a journey. */
export const STATE_CHANGES = ['pause', 'resume', 'stop', 'archive', 'unarchive'] as const
export type StateChange = (typeof STATE_CHANGES)[number]

/** From which states each is possible, as the server has it. */
const POSSIBLE: { readonly [change in StateChange]: readonly JourneyStatus[] } = {
  pause: ['live'],
  resume: ['paused', 'stopped'],
  stop: ['live', 'paused'],
  archive: ['draft', 'live', 'paused', 'stopped'],
  unarchive: ['archived'],
}

export const CHANGE_ICONS: { readonly [change in StateChange]: Icon } = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  stop: IconPlayerStop,
  archive: IconArchive,
  unarchive: IconArchiveOff,
}

export function changesFrom(status: JourneyStatus): readonly StateChange[] {
  return STATE_CHANGES.filter((change) => POSSIBLE[change].includes(status))
}

export function MoreMenu({
  status,
  onChange,
  children,
}: {
  readonly status: JourneyStatus
  readonly onChange: (change: StateChange) => void
  /** Further items. */
  readonly children?: ReactNode
}) {
  return (
    <Menu position="bottom-end" width={240} shadow="md" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={words.publish.bar.more}>
          <IconDots size={19} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {children}
        {children !== undefined && <Menu.Divider />}
        {changesFrom(status).map((change) => {
          const Symbol = CHANGE_ICONS[change]
          return (
            <Menu.Item
              key={change}
              leftSection={<Symbol size={16} aria-hidden />}
              onClick={() => onChange(change)}
            >
              {words.publish.states[change].label}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
