/** What is wrong with the card whose form is open, above its fields: all that no field says itself, and whatever can be mended. */
import { useContext, useMemo } from 'react'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { framePartOf } from '../document/frame.ts'
import { nameOf } from '../document/graph.ts'
import { useDraft } from '../state/context.tsx'
import { FieldProblems } from '../steps/problemAt.ts'
import { mendsOf } from './mends.ts'
import { ProblemLine } from './ProblemLine.tsx'
import styles from './Problems.module.css'
import { useTold } from './told.tsx'
import { problemsAt } from './where.ts'

export function StepProblems({ id }: { readonly id: string }) {
  const draft = useDraft()
  const { told } = useTold()
  const { graph, around } = useEditing()
  const name = (step: string) => nameOf(graph, around, step)
  const fields = useContext(FieldProblems)
  const inFields = useMemo(() => new Set(fields.map(({ code, path }) => `${code} ${path}`)), [fields])
  // The fields of an exit are folded away until it is chosen.
  const part = framePartOf(id)?.part
  const isFolded = part === 'exits' || part === 'frame'
  const shown = problemsAt(told, draft, id).filter(
    (problem) =>
      isFolded ||
      !inFields.has(`${problem.code} ${problem.path}`) ||
      mendsOf(problem, draft, name).length > 0,
  )
  if (shown.length === 0) return null
  return (
    <section aria-label={words.checking.ofStep} className={styles['ofStep']}>
      <ul className={styles['list']}>
        {shown.map((problem) => (
          <ProblemLine
            key={`${problem.code} ${problem.path} ${problem.detail}`}
            problem={problem}
            nameOf={name}
          />
        ))}
      </ul>
    </section>
  )
}
