/** What is selected, as a form: beside the drawing, or from below where there is little room. */
import { ActionIcon, Alert, Button } from '@mantine/core'
import {
  IconArrowLeft,
  IconFilter,
  IconLogout,
  IconRepeat,
  IconTargetArrow,
  IconX,
} from '@tabler/icons-react'
import { useDeferredValue, useMemo, useRef, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react'
import { parseJourney } from '../../../engine/index.ts'
import { useKeptFocus } from '../../parts/useKeptFocus.ts'
import { words } from '../../words.ts'
import { Tile } from '../canvas/Tile.tsx'
import { useEditing } from '../commands/EditingProvider.tsx'
import { focusBack } from '../commands/focusBack.ts'
import { frameId, framePartOf, type FramePart } from '../document/frame.ts'
import { triggerCardAt } from '../document/graph.ts'
import { FrameForm } from '../frame/FrameForm.tsx'
import { ReentryQuestion, useReentryQuestion } from '../frame/ReentryQuestion.tsx'
import { StepProblems } from '../problems/StepProblems.tsx'
import { useBuild, useBuilder, useDraft } from '../state/context.tsx'
import { LOOKS, TRIGGER_LOOK } from '../steps/looks.ts'
import { FieldProblems } from '../steps/problemAt.ts'
import { StepForm } from '../steps/StepForm.tsx'
import styles from './Inspector.module.css'

export function Inspector() {
  const draft = useDraft()
  const id = useBuilder(({ selection }) => selection.at(-1))
  const question = useReentryQuestion()
  // The drawing and the fields come first; of a large journey the check takes longer than a frame.
  const checked = useDeferredValue(draft)
  const problems = useMemo(() => {
    const read = parseJourney(checked)
    return read.ok ? [] : read.problems
  }, [checked])
  if (id === undefined) return null
  const part = framePartOf(id)
  return (
    <FieldProblems value={problems}>
      <Panel head={part === undefined ? <StepHead id={id} /> : <FrameHead part={part} />}>
        <Refused />
        {question.isAsked && <ReentryQuestion answer={question.answer} />}
        <StepProblems key={`problems ${id}`} id={id} />
        {part === undefined ? <OneStep key={id} id={id} /> : <FrameForm key={keyOf(part)} part={part} />}
      </Panel>
    </FieldProblems>
  )
}

/** A trigger is told by its event and place, which change while its event is typed: its form has to stay the same. */
function keyOf(part: FramePart): string {
  return part.part === 'trigger' ? part.part : frameId(part)
}

function OneStep({ id }: { readonly id: string }) {
  const step = useDraft().states[id]
  return step === undefined ? null : <StepForm id={id} step={step} />
}

/** Why the last change was not made. */
function Refused() {
  const refusal = useBuilder((state) => state.refusal)
  if (refusal === null) return null
  return (
    <Alert color="orange" variant="light" mb="md" p="sm" role="alert">
      {words.builder.refusals[refusal.refused]}
    </Alert>
  )
}

function Panel({ head, children }: { readonly head: ReactNode; readonly children: ReactNode }) {
  const back = useWayBack()
  const body = useRef<HTMLDivElement>(null)
  useKeptFocus(body)
  return (
    <aside
      className={styles['inspector']}
      id="inspector"
      aria-label={words.forms.inspector}
      onFocus={back.note}
      onKeyDown={back.onKeyDown}
    >
      <header className={styles['head']}>
        {head}
        <ActionIcon variant="subtle" color="gray" aria-label={words.forms.close} onClick={back.close}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      <div ref={body} className={styles['body']}>
        {children}
      </div>
    </aside>
  )
}

function StepHead({ id }: { readonly id: string }) {
  const { graph } = useEditing()
  const card = graph.cards.find((each) => each.id === id)
  if (card === undefined) return null
  return (
    <>
      <Tile look={LOOKS[card.kind]} />
      <div className={styles['title']}>
        <h2>{card.kindName}</h2>
        <p dir="auto">{card.sentence}</p>
      </div>
    </>
  )
}

const ICONS = {
  frame: TRIGGER_LOOK.icon,
  trigger: TRIGGER_LOOK.icon,
  reentry: IconRepeat,
  audience: IconFilter,
  goal: IconTargetArrow,
  exits: IconLogout,
} as const

/** A part of the frame leads back to the whole. */
function FrameHead({ part }: { readonly part: FramePart }) {
  const { select } = useBuild()
  const { graph } = useEditing()
  const card = part.part === 'trigger' ? triggerCardAt(graph, part.place) : undefined
  return (
    <>
      <Tile look={{ icon: ICONS[part.part], group: 'trigger' }} />
      <div className={styles['title']}>
        <h2>{words.forms.frame.parts[part.part]}</h2>
        {card !== undefined && <p dir="auto">{[card.title, card.detail].filter(Boolean).join(' · ')}</p>}
        {part.part !== 'frame' && (
          <Button
            variant="subtle"
            size="compact-xs"
            className={styles['whole'] ?? ''}
            leftSection={<IconArrowLeft size={13} className={styles['arrow']} />}
            onClick={() => select([frameId({ part: 'frame' })])}
          >
            {words.forms.frame.whole}
          </Button>
        )}
      </div>
    </>
  )
}

/** Escape and closing give the focus to what the form is about: the card, or its line in the outline. */
function useWayBack() {
  const builder = useBuild()
  const from = useRef<HTMLElement | null>(null)
  const goBack = () => {
    const selected = builder.get().selection.at(-1)
    focusBack(from.current ?? document.querySelector('[data-keys]'), () => selected)
  }
  return {
    note: ({ currentTarget, relatedTarget }: FocusEvent) => {
      const isHere = relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
      // Menus of the form itself stand elsewhere in the page.
      if (relatedTarget instanceof HTMLElement && !isHere && relatedTarget.closest('[data-keys]'))
        from.current = relatedTarget
    },
    onKeyDown: (event: KeyboardEvent) => {
      // A list of suggestions that is open takes the first Escape for itself.
      if (event.key !== 'Escape' || event.defaultPrevented || isListOpen(event.target)) return
      goBack()
    },
    close: () => {
      goBack()
      builder.select([])
    },
  }
}

function isListOpen(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.matches('[aria-haspopup][aria-expanded=true]')
}

/** Gives the focus to the first field of the form that is open, or is about to open, as Tab would. */
export function enterForm(): void {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>('#inspector :is(input, textarea, ol button, ul button)')
    first?.focus()
    if (first instanceof HTMLInputElement) first.select()
  })
}
