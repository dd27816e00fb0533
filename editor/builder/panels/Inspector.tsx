/** What is selected, as a form: beside the drawing, or from below where there is little room. */
import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMemo, useRef, type FocusEvent, type KeyboardEvent } from 'react'
import { parseJourney } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { Tile } from '../canvas/Tile.tsx'
import { useEditing } from '../commands/EditingProvider.tsx'
import { useBuild, useBuilder, useDraft } from '../state/context.tsx'
import { LOOKS } from '../steps/looks.ts'
import { FieldProblems } from '../steps/problemAt.ts'
import { StepForm } from '../steps/StepForm.tsx'
import styles from './Inspector.module.css'

export function Inspector() {
  const { graph } = useEditing()
  const draft = useDraft()
  const { select } = useBuild()
  const id = useBuilder(({ selection }) => selection.at(-1))
  const back = useWayBack()
  const problems = useMemo(() => {
    const read = parseJourney(draft)
    return read.ok ? [] : read.problems
  }, [draft])
  const step = id === undefined ? undefined : draft.states[id]
  const card = graph.cards.find((each) => each.id === id)
  if (id === undefined || step === undefined || card === undefined) return null
  return (
    <FieldProblems value={problems}>
      <aside
        className={styles['inspector']}
        id="inspector"
        aria-label={words.forms.inspector}
        onFocus={back.note}
        onKeyDown={back.onKeyDown}
      >
        <header className={styles['head']}>
          <Tile look={LOOKS[card.kind]} />
          <div className={styles['title']}>
            <h2>{card.kindName}</h2>
            <p dir="auto">{card.sentence}</p>
          </div>
          <ActionIcon variant="subtle" color="gray" aria-label={words.forms.close} onClick={() => select([])}>
            <IconX size={18} />
          </ActionIcon>
        </header>
        <div className={styles['body']}>
          <StepForm key={id} id={id} step={step} />
        </div>
      </aside>
    </FieldProblems>
  )
}

/** Escape gives the focus back to where it came from: the card, or its line in the outline. */
function useWayBack() {
  const from = useRef<HTMLElement | null>(null)
  return {
    note: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget))
        from.current = relatedTarget
    },
    onKeyDown: (event: KeyboardEvent) => {
      // A list of suggestions that is open takes the first Escape for itself.
      if (event.key !== 'Escape' || event.defaultPrevented || isListOpen(event.target)) return
      from.current?.focus()
    },
  }
}

function isListOpen(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.getAttribute('aria-expanded') === 'true'
}

/** Gives the focus to the first field of the form that is open, or is about to open. */
export function enterForm(): void {
  requestAnimationFrame(() =>
    document
      .querySelector<HTMLElement>('#inspector :is(input, textarea, button[role], [tabindex="0"])')
      ?.focus(),
  )
}
