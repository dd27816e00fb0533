/** "Another way in": a menu of the commonest. */
import { IconPlus } from '@tabler/icons-react'
import { words } from '../../words.ts'
import { StarterMenu } from '../commands/StarterMenu.tsx'
import styles from './Canvas.module.css'
import { useTools } from './tools.ts'

/** As tall as a trigger beside it, or a line below them. */
export function AddTrigger({ tall = false }: { readonly tall?: boolean }) {
  const { start } = useTools()
  return (
    <StarterMenu position="bottom" onChoose={start}>
      <button type="button" className={`${styles['addTrigger']} ${tall ? styles['tall'] : ''} nodrag nopan`}>
        <IconPlus size={16} stroke={2} aria-hidden />
        <span>{words.canvas.frame.another}</span>
      </button>
    </StarterMenu>
  )
}
