/** The kinds of steps at the side of the drawing: dragged onto a way, or chosen and then put where a plus is. */
import { ActionIcon } from '@mantine/core'
import { IconChevronsLeft, IconChevronsRight } from '@tabler/icons-react'
import { useState } from 'react'
import { STEP_KINDS, type StepKind } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useHand, useHeld } from '../canvas/hand.ts'
import { Tile } from '../canvas/Tile.tsx'
import { useTools } from '../canvas/tools.ts'
import { KINDS_BY_GROUP } from '../steps/kinds.ts'
import { LOOKS } from '../steps/looks.ts'
import styles from './Palette.module.css'

/** A rail of pictures, which opens to show their names. */
export function Palette({ startsOpen }: { readonly startsOpen: boolean }) {
  const [isOpen, setOpen] = useState(startsOpen)
  const name = isOpen ? words.canvas.palette.close : words.canvas.palette.open
  const Symbol = isOpen ? IconChevronsLeft : IconChevronsRight
  return (
    <section
      className={`${styles['palette']} ${isOpen ? styles['open'] : ''}`}
      aria-label={words.canvas.palette.title}
    >
      <header>
        {isOpen && <h2>{words.canvas.palette.title}</h2>}
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label={name}
          title={name}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Symbol size={16} />
        </ActionIcon>
      </header>
      {KINDS_BY_GROUP.map(({ group, kinds }) => (
        <ul key={group} aria-label={words.builder.groups[group]}>
          {kinds.map((kind) => (
            <li key={kind}>
              <Kind kind={kind} isNamed={isOpen} />
            </li>
          ))}
        </ul>
      ))}
    </section>
  )
}

function Kind({ kind, isNamed }: { readonly kind: StepKind; readonly isNamed: boolean }) {
  const { press, take } = useTools()
  const hand = useHand()
  const { held } = useHeld()
  const isHeld = held?.type === 'kind' && held.kind === kind
  const { name } = STEP_KINDS[kind]
  return (
    <button
      type="button"
      className={styles['kind']}
      aria-pressed={isHeld}
      aria-label={name}
      title={words.canvas.palette.drag(name, words.builder.kinds[kind])}
      onPointerDown={(event) => press(event, { type: 'kind', kind })}
      onClick={() => (isHeld ? hand.drop() : take({ type: 'kind', kind }))}
    >
      <Tile look={LOOKS[kind]} />
      {isNamed && <span dir="auto">{name}</span>}
    </button>
  )
}
