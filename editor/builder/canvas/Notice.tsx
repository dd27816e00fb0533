/** Why something did not happen, for a moment, at the lower edge of the drawing. */
import { useCallback, useEffect, useState } from 'react'
import { useBuild } from '../state/context.tsx'
import styles from './Canvas.module.css'

/** Long enough to read a sentence twice. */
const SHOWN = 7_000

export function useNotice() {
  const builder = useBuild()
  const [text, setText] = useState<string | null>(null)
  const tell = useCallback(
    (said: string) => {
      builder.say(said)
      setText(said)
    },
    [builder],
  )
  const clear = useCallback(() => setText(null), [])
  return { text, tell, clear }
}

export function Notice({ text, clear }: { readonly text: string | null; readonly clear: () => void }) {
  const { subscribe } = useBuild()
  // Whatever is done next, it is about something else.
  useEffect(() => subscribe(clear), [subscribe, clear])
  useEffect(() => {
    if (text === null) return
    const timer = setTimeout(clear, SHOWN)
    return () => clearTimeout(timer)
  }, [text, clear])
  if (text === null) return null
  return (
    <button type="button" className={styles['notice']} onClick={clear} tabIndex={-1}>
      {text}
    </button>
  )
}
