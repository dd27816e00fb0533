/** The journey as its file, beside the drawing, both ways: what is typed is drawn, and what is drawn is written. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { printJourney } from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import type { Draft } from '../document/draft.ts'
import { isSame } from '../document/same.ts'
import styles from './Code.module.css'
import { readJourney, type Reading } from './reading.ts'
import { createTextEditor, type TextEditor } from './textEditor.ts'
import { forgetUnfinished, keepUnfinished, unfinishedOf } from './unfinished.ts'

/** A pause in typing: what was typed until then is one change. */
const PAUSE = 500

interface CodeViewProps {
  readonly id: string
  /** What is drawn; of a document that cannot be drawn, that document. */
  readonly document: unknown
  /** What is known to be wrong beside what the text itself tells. */
  readonly problems: readonly JourneyProblem[]
  /** The step that is selected elsewhere, and is brought into view. */
  readonly selected: string | null
  /** Whether a drawing stands beside it. */
  readonly drawn: boolean
  readonly onDraft: (draft: Draft) => void
}

export function CodeView(props: CodeViewProps) {
  const { frame, reading, tidy, bringBack } = useText(props)
  const { code } = words.saving
  return (
    <section className={styles['code']} aria-label={code.title}>
      <div className={styles['text']} ref={frame} />
      <footer className={styles['foot']} data-drawn={reading.why === null}>
        {reading.why === null ? (
          <IconCheck size={16} aria-hidden />
        ) : (
          <IconAlertTriangle size={16} aria-hidden />
        )}
        <p role="status">
          {reading.why === null ? code.drawn : props.drawn && code.notDrawn}{' '}
          {reading.why !== null && <bdi>{upper(reading.why)}</bdi>}
        </p>
        {bringBack !== null && (
          <Button size="compact-xs" variant="default" onClick={bringBack}>
            {code.bringBack}
          </Button>
        )}
        <Button size="compact-xs" variant="default" disabled={reading.draft === null} onClick={tidy}>
          {code.tidy}
        </Button>
      </footer>
    </section>
  )
}

function useText({ id, document, problems, selected, onDraft }: CodeViewProps) {
  const frame = useRef<HTMLDivElement>(null)
  const editor = useRef<TextEditor>(null)
  const [reading, setReading] = useState<Reading>(() => readJourney(printJourney(document), id))
  // What somebody was typing when the journey was changed elsewhere, and that was no journey yet.
  const [replaced, setReplaced] = useState<string | null>(null)
  const latest = useRef({ document, onDraft })
  useEffect(() => {
    latest.current = { document, onDraft }
  })

  useEffect(() => {
    if (frame.current === null) return
    const base = printJourney(latest.current.document)
    const begun = unfinishedOf(id, base) ?? base
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = () => {
      timer = undefined
      const text = shown.text()
      const result = readJourney(text, id)
      setReading(result)
      const before = latest.current.document
      if (result.draft === null) keepUnfinished(id, { text, base: printJourney(before) })
      else {
        forgetUnfinished(id)
        if (!isSame(result.draft, before)) latest.current.onDraft(result.draft)
      }
    }
    const shown = createTextEditor(frame.current, begun, () => {
      clearTimeout(timer)
      timer = setTimeout(read, PAUSE)
    })
    editor.current = shown
    if (begun !== base) read()
    return () => {
      // What was typed last is not lost by closing the view.
      if (timer !== undefined) {
        clearTimeout(timer)
        read()
      }
      shown.destroy()
      editor.current = null
    }
  }, [id])

  // What was changed elsewhere is written into the text, unless the text says the same already.
  useEffect(() => {
    const shown = editor.current
    if (shown === null) return
    const text = printJourney(document)
    if (unfinishedOf(id, text) === shown.text() || isSame(readJourney(shown.text(), id).draft, document))
      return
    const typed = shown.text()
    if (readJourney(typed, id).draft === null) setReplaced(typed)
    shown.show(text)
    setReading(readJourney(text, id))
  }, [id, document])

  useEffect(() => {
    const known = new Set(reading.problems.map(({ path, code }) => `${code} ${path}`))
    const others =
      reading.draft === null ? [] : problems.filter(({ path, code }) => !known.has(`${code} ${path}`))
    editor.current?.mark([...reading.problems, ...others])
  }, [reading, problems])

  useEffect(() => {
    if (selected !== null) editor.current?.reveal(`/states/${selected}`)
  }, [selected])

  const tidy = () => {
    if (reading.draft !== null) editor.current?.show(printJourney(reading.draft))
  }
  const bringBack = () => {
    if (replaced === null) return
    editor.current?.show(replaced)
    setReading(readJourney(replaced, id))
    keepUnfinished(id, { text: replaced, base: printJourney(document) })
    setReplaced(null)
  }
  return { frame, reading, tidy, bringBack: replaced === null ? null : bringBack }
}
