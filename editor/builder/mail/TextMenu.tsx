/** What opens from a button beside a text, and asks what to put into it. */
import { Popover } from '@mantine/core'
import type { ReactNode } from 'react'

export function TextMenu({
  content,
  onClose,
  children,
}: {
  /** What it asks; null: it is closed. */
  readonly content: ReactNode
  readonly onClose: () => void
  /** The button. */
  readonly children: ReactNode
}) {
  return (
    <Popover
      opened={content !== null}
      onChange={(opened) => opened || onClose()}
      position="bottom-end"
      width={320}
      shadow="md"
      trapFocus
      withinPortal
      // Opened again soon after it was closed, Mantine would take its target for hidden and show nothing (tried).
      hideDetached={false}
    >
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown onKeyDown={(event) => event.stopPropagation()}>{content}</Popover.Dropdown>
    </Popover>
  )
}
