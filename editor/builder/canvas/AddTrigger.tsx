/** "Another way in": a menu of the commonest. */
import { Menu } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { words } from '../../words.ts'
import { STARTERS } from '../document/newTrigger.ts'
import { STARTER_ICONS } from '../steps/looks.ts'
import styles from './Canvas.module.css'
import { useTools } from './tools.ts'

/** As tall as a trigger beside it, or a line below them. */
export function AddTrigger({ tall = false }: { readonly tall?: boolean }) {
  const { start } = useTools()
  return (
    <Menu position="bottom" width={268}>
      <Menu.Target>
        <button
          type="button"
          className={`${styles['addTrigger']} ${tall ? styles['tall'] : ''} nodrag nopan`}
        >
          <IconPlus size={16} stroke={2} aria-hidden />
          <span>{words.canvas.frame.another}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {STARTERS.map((starter) => {
          const Symbol = STARTER_ICONS[starter]
          return (
            <Menu.Item
              key={starter}
              leftSection={<Symbol size={17} stroke={1.7} />}
              onClick={() => start(starter)}
            >
              {words.canvas.starters[starter].name}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
