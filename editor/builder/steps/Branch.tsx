/** One way out of several, as a box that opens: what it is called, what it asks, where it leads. */
import { ActionIcon, Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconDots } from '@tabler/icons-react'
import { useId, type ReactNode } from 'react'
import { words } from '../../words.ts'
import styles from './Forms.module.css'

export interface BranchAction {
  readonly label: string
  readonly act: () => void
  readonly disabled?: boolean
  readonly color?: string
}

const NO_ACTIONS: readonly BranchAction[] = []

export function BranchBox({
  title,
  detail,
  open,
  toggle,
  actions = NO_ACTIONS,
  aside,
  children,
}: {
  readonly title: string
  /** Below the title, while the box is closed. */
  readonly detail?: string | undefined
  readonly open: boolean
  readonly toggle: () => void
  readonly actions?: readonly BranchAction[]
  /** Beside the title, always to be seen. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <li className={styles['branch']}>
      <div className={styles['branchHead']}>
        <UnstyledButton
          className={styles['branchTitle'] ?? ''}
          aria-expanded={open}
          {...(open ? { 'aria-controls': id } : {})}
          onClick={toggle}
        >
          <IconChevronDown size={16} className={styles['chevron']} aria-hidden />
          <span>
            <b dir="auto">{title}</b>
            {!open && detail !== undefined && <small dir="auto">{detail}</small>}
          </span>
        </UnstyledButton>
        {aside}
        {actions.length > 0 && <BranchMenu title={title} actions={actions} />}
      </div>
      {open && (
        <div className={styles['branchBody']} id={id}>
          {children}
        </div>
      )}
    </li>
  )
}

function BranchMenu({
  title,
  actions,
}: {
  readonly title: string
  readonly actions: readonly BranchAction[]
}) {
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={words.forms.branches.more(title)}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label, act, disabled = false, color }) => (
          <Menu.Item
            key={label}
            disabled={disabled}
            onClick={act}
            {...(color === undefined ? {} : { color })}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
