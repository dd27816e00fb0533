/** One problem: its sentence, and the buttons that mend it. */
import { Button, VisuallyHidden } from '@mantine/core'
import { IconWand } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { mendsOf } from './mends.ts'
import styles from './Problems.module.css'
import { sentenceOf } from './sentence.ts'

/** With `onSelect` the sentence leads to its card. */
export function ProblemLine({
  problem,
  nameOf,
  onSelect,
}: {
  readonly problem: JourneyProblem
  readonly nameOf: (id: string) => string
  readonly onSelect?: () => void
}) {
  const { severity } = problem
  const draft = useDraft()
  const { apply } = useBuild()
  // Until the server has looked again, a problem that was just mended is not told any more.
  const [mended, setMended] = useState(false)
  if (mended) return null
  return (
    <li className={styles['line']} data-severity={severity}>
      <Sentence {...(onSelect ? { onSelect } : {})}>
        <VisuallyHidden>{words.checking.severity[severity]}: </VisuallyHidden>
        {sentenceOf(problem, draft)}
      </Sentence>
      {mendsOf(problem, draft, nameOf).map(({ label, command }) => (
        <Button
          key={label}
          size="compact-sm"
          variant="default"
          leftSection={<IconWand size={14} aria-hidden />}
          className={styles['mend'] ?? ''}
          onClick={() => {
            if (apply(command, { say: words.checking.mended(label) }) === null) setMended(true)
          }}
        >
          <span dir="auto">{label}</span>
        </Button>
      ))}
    </li>
  )
}

function Sentence({ onSelect, children }: { readonly onSelect?: () => void; readonly children: ReactNode }) {
  return onSelect ? (
    <button type="button" className={styles['sentence']} dir="auto" onClick={onSelect}>
      {children}
    </button>
  ) : (
    <p className={styles['sentence']} dir="auto">
      {children}
    </p>
  )
}
