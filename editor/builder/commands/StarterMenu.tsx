/** The commonest ways in, as a menu below the button that asks for another. */
import { Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import { words } from '../../words.ts'
import { STARTERS, type Starter } from '../document/newTrigger.ts'
import { STARTER_ICONS } from '../steps/looks.ts'

export function StarterMenu({
  position,
  onChoose,
  children,
}: {
  readonly position: 'bottom' | 'bottom-start'
  readonly onChoose: (starter: Starter) => void
  /** The button. */
  readonly children: ReactNode
}) {
  return (
    <Menu position={position} width={268}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {STARTERS.map((starter) => {
          const Symbol = STARTER_ICONS[starter]
          return (
            <Menu.Item
              key={starter}
              leftSection={<Symbol size={17} stroke={1.7} />}
              onClick={() => onChoose(starter)}
            >
              {words.canvas.starters[starter].name}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
