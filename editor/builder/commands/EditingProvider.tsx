/** Below it everything of the open journey can be done by name: keys, menus, questions; and what was done is told aloud. */
import { VisuallyHidden } from '@mantine/core'
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { useBuild, useBuilder } from '../state/context.tsx'
import type { Question } from '../state/questions.ts'
import { ACTIONS, copySelection, pasteText, perform, type Editing, type View } from './actions.ts'
import { actionFor } from './keys.ts'
import { Questions } from './Questions.tsx'

interface EditingValue extends Editing {
  readonly setView: (view: View | null) => void
}

const EditingContext = createContext<EditingValue | null>(null)

export function EditingProvider({
  graph,
  around,
  people,
  children,
}: Pick<Editing, 'graph' | 'around' | 'people'> & { readonly children: ReactNode }) {
  const builder = useBuild()
  const [question, setQuestion] = useState<Question | null>(null)
  const asker = useRef<Element | null>(null)
  const ask = useCallback((asked: Question) => {
    asker.current = document.activeElement
    setQuestion(asked)
  }, [])
  const close = () => {
    setQuestion(null)
    focusAfter(asker.current, () => builder.get().selection.at(-1))
  }
  const [view, setView] = useState<View | null>(null)
  const editing = useMemo(
    (): EditingValue => ({ builder, graph, around, people, ask, view, setView }),
    [builder, graph, around, people, ask, view],
  )
  return (
    <EditingContext value={editing}>
      {children}
      <Questions question={question} editing={editing} close={close} />
      <Said />
    </EditingContext>
  )
}

/**
 * After a question the focus is where it was asked from: on what is selected now in the same drawing or outline, as soon
 * as that is drawn, else on what had the focus before.
 */
function focusAfter(asker: Element | null, selected: () => string | undefined): void {
  const region = asker?.closest('[data-keys]')
  let frames = 30
  requestAnimationFrame(function look() {
    const id = CSS.escape(selected() ?? '')
    const item = region?.querySelector<HTMLElement>(`[data-step="${id}"], [data-card="${id}"]`)
    if (item) item.focus({ preventScroll: true })
    else if (region && --frames > 0) requestAnimationFrame(look)
    else if (asker instanceof HTMLElement) asker.focus({ preventScroll: true })
  })
}

/** What actions work on. Only below an `EditingProvider`. */
export function useEditing(): Editing {
  return useEditingValue()
}

function useEditingValue(): EditingValue {
  const editing = useContext(EditingContext)
  if (editing === null) throw new Error('expected an EditingProvider above')
  return editing
}

/** Lets the keys zoom and fit the drawing as long as it is shown. The view must be the same object as long as it is. */
export function useView(view: View): void {
  const { setView } = useEditingValue()
  useEffect(() => {
    setView(view)
    return () => setView(null)
  }, [view, setView])
}

/** The handlers of an element in which the keys of the builder work: the drawing, the outline. */
export function useActionKeys() {
  const editing = useEditing()
  return {
    'data-keys': true,
    onKeyDown: useCallback(
      (event: KeyboardEvent) => {
        const action = isTyping(event.target) ? undefined : actionFor(event)
        if (action === undefined || event.defaultPrevented) return
        event.preventDefault()
        perform(editing, action)
      },
      [editing],
    ),
    onCopy: useCallback((event: ClipboardEvent) => copy(event, editing), [editing]),
    onCut: useCallback(
      (event: ClipboardEvent) => {
        if (copy(event, editing)) perform(editing, ACTIONS.remove)
      },
      [editing],
    ),
    onPaste: useCallback(
      (event: ClipboardEvent) => {
        if (isTyping(event.target)) return
        event.preventDefault()
        pasteText(editing, event.clipboardData.getData('text/plain'))
      },
      [editing],
    ),
  }
}

function copy(event: ClipboardEvent, editing: Editing): boolean {
  if (isTyping(event.target)) return false
  return copySelection(editing, (text) => {
    event.preventDefault()
    event.clipboardData.setData('text/plain', text)
  })
}

function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

/** Told to screen readers, also when the same words are said again. */
function Said() {
  const { text, number } = useBuilder(({ said }) => said)
  return (
    <VisuallyHidden role="status" aria-live="polite">
      <span key={number}>{text}</span>
    </VisuallyHidden>
  )
}
