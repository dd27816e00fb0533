/**
 * The focus in the drawing: it follows the selection, Tab goes along the flow (from a card to the places behind it, then
 * to the next card), Enter opens the form. All other keys belong to the commands.
 */
import { useEffect, type KeyboardEvent, type RefObject } from 'react'
import { REACHABLE } from '../../parts/reachable.ts'
import { useHadFocus } from '../../parts/useHadFocus.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { flowOf } from '../document/flow.ts'
import { ENTRY } from '../document/frame.ts'
import { waysByStart, type Graph } from '../document/graph.ts'
import { useBuild, useBuilder } from '../state/context.tsx'
import { useHand } from './hand.ts'

export function useFocusKeys(
  frame: RefObject<HTMLDivElement | null>,
  goTo: (id: string) => void,
  onOpen: () => void,
) {
  const { graph } = useEditing()
  const builder = useBuild()
  const hand = useHand()
  const selected = useBuilder(({ selection }) => selection.at(-1))
  const { hadFocus, ...watch } = useHadFocus(frame)
  useEffect(() => {
    if (!hadFocus.current || selected === undefined) return
    return focusSoon(() => stopElement(frame.current, selected))
  }, [frame, selected, hadFocus])

  return {
    ...watch,
    onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
      const { target, key } = event
      if (!(target instanceof HTMLElement) || !frame.current?.contains(target)) return
      if (key === 'Escape' && hand.get().held !== null) {
        event.preventDefault()
        hand.drop()
      } else if (key === 'Enter' && (target.dataset['card'] ?? target.dataset['part']) !== undefined) {
        event.preventDefault()
        builder.select([target.dataset['card'] ?? target.dataset['part'] ?? ''])
        onOpen()
      } else if (key === ' ' && target.dataset['card'] !== undefined) {
        event.preventDefault()
        target.click()
      } else if (key === 'Tab' && !event.altKey && !event.ctrlKey && !event.metaKey) tab(event, target)
    },
  }

  function tab(event: KeyboardEvent, target: HTMLElement) {
    const inFrame = target.closest(`[data-id="${ENTRY}"]`) !== null
    const at = inFrame ? ENTRY : (target.dataset['card'] ?? target.dataset['way'])
    // Within the frame its parts follow each other as they stand.
    if (at === undefined || (inFrame && (event.shiftKey || !isLastIn(target)))) return
    const stops = stopsOf(graph)
    const from = stops.indexOf(at)
    if (from < 0) return
    const next = stops[from + (event.shiftKey ? -1 : 1)]
    if (next === undefined) {
      // In the page the frame may stand behind what is last here: Tab would go round for ever.
      const behind = event.shiftKey ? undefined : firstBehindDrawing(frame.current)
      if (behind === undefined) return
      event.preventDefault()
      return behind.focus()
    }
    event.preventDefault()
    if (!graph.ways.some(({ id }) => id === next)) goTo(next)
    hadFocus.current = true
    focusSoon(() => stopElement(frame.current, next))
  }
}

/** Cards and the places behind them, in the order of the flow. */
function stopsOf(graph: Graph): readonly string[] {
  const ways = waysByStart(graph.ways.filter(({ from, to }) => from !== to))
  return flowOf(graph).flatMap((id) => [id, ...(ways.get(id) ?? []).map((way) => way.id)])
}

function stopElement(frame: HTMLElement | null, id: string): HTMLElement | null {
  const name = CSS.escape(id)
  return (
    frame?.querySelector<HTMLElement>(`[data-card="${name}"], [data-way="${name}"], [data-part="${name}"]`) ??
    null
  )
}

function isLastIn(target: HTMLElement): boolean {
  const all = target.closest(`[data-id="${ENTRY}"]`)?.querySelectorAll('button') ?? []
  return [...all].at(-1) === target
}

function firstBehindDrawing(frame: HTMLElement | null): HTMLElement | undefined {
  const drawing = frame?.querySelector('.react-flow__viewport')
  return [...(frame?.querySelectorAll<HTMLElement>(REACHABLE) ?? [])].find(
    (each) => drawing?.compareDocumentPosition(each) === Node.DOCUMENT_POSITION_FOLLOWING,
  )
}

/** Gives the focus at once where it is drawn; what was out of sight gets it as soon as it comes with the view. */
function focusSoon(find: () => HTMLElement | null): () => void {
  let tries = 60
  let next = 0
  const look = () => {
    const found = find()
    if (found !== null) {
      if (!found.contains(document.activeElement)) found.focus({ preventScroll: true })
    } else if (tries-- > 0) next = requestAnimationFrame(look)
  }
  look()
  return () => cancelAnimationFrame(next)
}
