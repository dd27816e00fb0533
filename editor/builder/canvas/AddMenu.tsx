/** The menu at a plus: every kind of step, by group, found by typing. */
import { Popover, Text } from '@mantine/core'
import type { StepKind } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { KindPicker } from '../commands/KindPicker.tsx'
import { insertStep } from '../document/commands.ts'
import type { Place } from '../document/places.ts'

export interface Asked {
  readonly place: Place
  readonly button: HTMLElement
}

const WIDTH = 400
const OFFSET = 10

export function AddMenu({
  asked: { place, button },
  choose,
  close,
}: {
  readonly asked: Asked
  readonly choose: (kind: StepKind) => void
  readonly close: () => void
}) {
  const at = button.getBoundingClientRect()
  const name = place.from === 'join' ? (button.ariaLabel ?? '') : words.commands.addTitle
  const cancel = () => {
    close()
    button.focus()
  }
  return (
    <Popover
      opened
      onDismiss={cancel}
      position={sideOf(at)}
      width={WIDTH}
      offset={OFFSET}
      shadow="lg"
      trapFocus
      transitionProps={{ duration: 0 }}
      withRoles
    >
      <Popover.Target>
        <span
          style={{
            position: 'fixed',
            left: at.left,
            top: at.top,
            width: at.width,
            height: at.height,
            pointerEvents: 'none',
          }}
        />
      </Popover.Target>
      <Popover.Dropdown p="sm" aria-label={name}>
        {place.from === 'join' && (
          <Text size="sm" fw={600} mb="xs" dir="auto">
            {name}
          </Text>
        )}
        <KindPicker
          command={(kind) => insertStep(place, kind)}
          onChoose={choose}
          onCancel={cancel}
          height={Math.min(420, window.innerHeight - 160)}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

/** Where there is room for it: beside the button, so that this can be seen, else above or below. */
function sideOf({ left, right }: DOMRect): 'right-start' | 'left-start' | 'bottom' {
  const needed = WIDTH + 2 * OFFSET
  if (right + needed <= window.innerWidth) return 'right-start'
  return left >= needed ? 'left-start' : 'bottom'
}
