/** Groups and lines of a condition, at the top or inside a count: one knows nothing of what stands around it. */
import { VisuallyHidden } from '@mantine/core'
import { useLayoutEffect, useMemo, useRef, useState, type FocusEvent } from 'react'
import { pointer } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import styles from './Conditions.module.css'
import type { Editing, EditorProps } from './editing.ts'
import { GroupBox } from './GroupBox.tsx'
import { faultsByPlace } from './reasons.ts'
import { saidOf, sentenceOf } from './sentences.ts'
import {
  added,
  changed,
  duplicated,
  enclosed,
  regrouped,
  removed,
  shownIn,
  treeOf,
  type Shown,
} from './tree.ts'

export function Editor({ value, onChange, around, faults, label }: EditorProps) {
  const box = useRef<HTMLDivElement>(null)
  // While somebody types, what stands there stays what it was: "exactly 10" passes "exactly 1" and even "exactly 0".
  const [held, setHeld] = useState<Shown>()
  const [fresh, setFresh] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  /** The line to go to once it is drawn; empty: what adds one. */
  const goTo = useRef<string | null>(null)
  const tree = useMemo(() => treeOf(value, around, held), [value, around, held])
  const byPlace = useMemo(() => faultsByPlace(tree, faults), [tree, faults])

  useLayoutEffect(() => {
    if (goTo.current === null) return
    focusOn(box.current, goTo.current)
    goTo.current = null
  })

  const editing: Editing = {
    around,
    faults: byPlace,
    fresh,
    change: (path, next, typed) =>
      onChange(changed(value, path, next), typed === undefined ? ownPart() : `${pointer(path)} ${typed}`),
    add: (group, line) => {
      const { value: next, path } = added(value, group, line)
      onChange(next, ownPart())
      const place = pointer(path)
      setFresh(place)
      goTo.current = place
      setSaid(words.conditions.added(saidOf(sentenceOf(line, around))))
    },
    remove: (path, sentence) => {
      onChange(removed(value, path), ownPart())
      setFresh(null)
      goTo.current = ''
      setSaid(words.conditions.removed(sentence))
    },
    duplicate: (path) => {
      const { value: next, path: place } = duplicated(value, path)
      onChange(next, ownPart())
      goTo.current = pointer(place)
    },
    enclose: (path) => {
      const { value: next, path: place } = enclosed(value, path)
      onChange(next, ownPart())
      goTo.current = pointer(place)
    },
    regroup: (group, mode) => onChange(regrouped(value, group, mode), ownPart()),
    inside: nested,
  }

  const onFocus = ({ target }: FocusEvent) => {
    // Menus stand elsewhere in the page, and are still part of the line that opened them.
    if (!box.current?.contains(target)) return
    if (target.matches('[data-typed]') && held === undefined) setHeld(shownIn(tree))
    if (fresh !== null && target.closest('[data-line]')?.getAttribute('data-line') !== fresh) setFresh(null)
  }
  const onBlur = ({ target, relatedTarget }: FocusEvent) => {
    if (target.matches('[data-typed]')) setHeld(undefined)
    const isElsewhere = relatedTarget !== null && !box.current?.contains(relatedTarget)
    if (isElsewhere && relatedTarget.closest('[data-conditions-menu]') === null) setFresh(null)
  }
  return (
    <div ref={box} className={styles['editor']} onFocus={onFocus} onBlur={onBlur}>
      <GroupBox group={tree} editing={editing} label={label} isTop />
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </div>
  )
}

/** Every change that is not typing has a name of its own, whichever editor it is made in. */
let changes = 0

function ownPart(): string {
  changes += 1
  return `change ${changes}`
}

function nested(props: EditorProps) {
  return <Editor {...props} />
}

/** The first part of a line that is still to be filled in, else its first; without a line, what adds one. */
function focusOn(box: HTMLElement | null, place: string): void {
  const line = [...(box?.querySelectorAll<HTMLElement>('[data-line]') ?? [])].find(
    (one) => one.dataset['line'] === place,
  )
  const target =
    line?.querySelector<HTMLElement>('[data-empty]') ??
    line?.querySelector<HTMLElement>('[data-part]') ??
    box?.querySelector<HTMLElement>('[data-add]')
  target?.focus()
  // A name still to be chosen is asked for at once.
  if (target?.dataset['empty'] === 'name') target.click()
}
