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
import { useDrawn } from '../drawn.ts'
import { useBuild, useBuilder } from '../state/context.tsx'
import type { Question } from '../state/questions.ts'
import { ACTIONS, copySelection, pasteText, perform, type Bar, type Editing, type View } from './actions.ts'
import { focusBack } from './focusBack.ts'
import { actionFor } from './keys.ts'
import { Questions } from './Questions.tsx'

interface EditingValue extends Editing {
  readonly setView: (view: View | null) => void
  readonly setBar: (bar: Bar | null) => void
}

const EditingContext = createContext<EditingValue | null>(null)

export function EditingProvider({
  people,
  children,
}: Pick<Editing, 'people'> & { readonly children: ReactNode }) {
  const builder = useBuild()
  const { graph, around } = useDrawn()
  const [question, setQuestion] = useState<Question | null>(null)
  const asker = useRef<Element | null>(null)
  const ask = useCallback((asked: Question) => {
    // What a list of commands asks is asked from where that was called.
    const focused = document.activeElement
    if (focused?.closest('[role=dialog]') == null) asker.current = focused
    setQuestion(asked)
  }, [])
  const close = () => {
    setQuestion(null)
    // It is where it was asked from: on what is selected now in the same drawing or outline.
    focusBack(asker.current, () => builder.get().selection.at(-1))
  }
  const [view, setView] = useState<View | null>(null)
  const [bar, setBar] = useState<Bar | null>(null)
  const editing = useMemo(
    (): EditingValue => ({
      builder,
      graph,
      around,
      people,
      ask,
      focused: focusedItem,
      view,
      setView,
      bar,
      setBar,
    }),
    [builder, graph, around, people, ask, view, bar],
  )
  return (
    <EditingContext value={editing}>
      {children}
      <Questions question={question} editing={editing} close={close} />
      <Said />
    </EditingContext>
  )
}

function focusedItem(): string | undefined {
  const { step, card, part } =
    document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {}
  return step ?? card ?? part
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

/** Lets the keys do what the bar at the top offers. It must be the same object as long as it offers the same. */
export function useBar(bar: Bar): void {
  const { setBar } = useEditingValue()
  useEffect(() => {
    setBar(bar)
    return () => setBar(null)
  }, [bar, setBar])
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
