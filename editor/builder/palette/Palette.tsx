/** The kinds of steps at the side of the drawing: dragged onto a way, or chosen and then put where a plus is. */
import { ActionIcon } from '@mantine/core'
import { IconChevronsLeft, IconChevronsRight } from '@tabler/icons-react'
import { useState, type KeyboardEvent } from 'react'
import { STEP_KINDS, type StepKind } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useHand, useHeld } from '../canvas/hand.ts'
import { Tile } from '../canvas/Tile.tsx'
import { useTools } from '../canvas/tools.ts'
import { useBuild } from '../state/context.tsx'
import { KINDS_BY_GROUP } from '../steps/kinds.ts'
import { LOOKS } from '../steps/looks.ts'
import styles from './Palette.module.css'

/** A rail of pictures, which opens to show their names. */
export function Palette({ startsOpen }: { readonly startsOpen: boolean }) {
  const [isOpen, setOpen] = useState(startsOpen)
  // One of them is reached by Tab, the others from it by the arrows.
  const [current, setCurrent] = useState<StepKind | undefined>(KINDS_BY_GROUP[0]?.kinds[0])
  const name = isOpen ? words.canvas.palette.close : words.canvas.palette.open
  const Symbol = isOpen ? IconChevronsLeft : IconChevronsRight
  return (
    <section
      className={`${styles['palette']} ${isOpen ? styles['open'] : ''}`}
      aria-label={words.canvas.palette.title}
      onKeyDown={walk}
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
              <Kind
                kind={kind}
                isNamed={isOpen}
                isCurrent={kind === current}
                onFocus={() => setCurrent(kind)}
              />
            </li>
          ))}
        </ul>
      ))}
    </section>
  )
}

function walk(event: KeyboardEvent<HTMLElement>) {
  const kinds = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-kind]')]
  const at = kinds.findIndex((each) => each === event.target)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: kinds.length - 1 }[event.key]
  if (at < 0 || to === undefined) return
  // The drawing has these keys for itself.
  event.preventDefault()
  event.stopPropagation()
  kinds[to]?.focus()
}

/** With the keys the place is chosen next: behind the card that is selected, else the first that takes it. */
function goToPlace(palette: HTMLElement, selected: string | undefined): void {
  const drawing = palette.closest('[data-keys]')
  const place = (from: string) => drawing?.querySelector<HTMLElement>(`[data-way]${from}:not([data-refusal])`)
  requestAnimationFrame(() =>
    (place(`[data-from="${CSS.escape(selected ?? '')}"]`) ?? place(''))?.focus({ preventScroll: true }),
  )
}

function Kind({
  kind,
  isNamed,
  isCurrent,
  onFocus,
}: {
  readonly kind: StepKind
  readonly isNamed: boolean
  readonly isCurrent: boolean
  readonly onFocus: () => void
}) {
  const builder = useBuild()
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
      data-kind={kind}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={onFocus}
      onClick={({ currentTarget, detail }) => {
        if (isHeld) return hand.drop()
        take({ type: 'kind', kind })
        if (detail === 0) goToPlace(currentTarget, builder.get().selection.at(-1))
      }}
    >
      <Tile look={LOOKS[kind]} />
      {isNamed && <span dir="auto">{name}</span>}
    </button>
  )
}
