/** All that is wrong with the journey, card by card in the order in which it reads, with the buttons that mend it. */
import { ScrollArea } from '@mantine/core'
import { useMemo } from 'react'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { framePartOf } from '../document/frame.ts'
import { nameOf, triggerCardAt } from '../document/graph.ts'
import { useDrawn } from '../drawn.ts'
import { enterForm } from '../panels/Inspector.tsx'
import { useBuild, useDraft } from '../state/context.tsx'
import { ProblemLine } from './ProblemLine.tsx'
import styles from './Problems.module.css'
import { groupedByPlace } from './where.ts'

/** `onSelect` is told when a card was chosen. */
export function ProblemsPanel({
  problems,
  onSelect,
}: {
  readonly problems: readonly JourneyProblem[]
  readonly onSelect: () => void
}) {
  const draft = useDraft()
  const { graph, around } = useDrawn()
  const { select } = useBuild()
  const groups = useMemo(() => groupedByPlace(problems, draft, graph), [problems, draft, graph])
  const name = (id: string) => nameOf(graph, around, id)
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return (
    <section aria-label={words.checking.panel}>
      <p className={styles['lead']}>{words.checking.lead(errors)}</p>
      <ScrollArea.Autosize mah="min(60vh, 560px)" type="auto" scrollbars="y" offsetScrollbars>
        {groups.map(({ id, problems: own }) => (
          <div key={id ?? ''} className={styles['group']}>
            <h3 dir="auto">{id === null ? words.checking.whole : placeName(id)}</h3>
            <ul className={styles['list']}>
              {own.map((problem) => (
                <ProblemLine
                  key={`${problem.code} ${problem.path} ${problem.detail}`}
                  problem={problem}
                  nameOf={name}
                  {...(id === null
                    ? {}
                    : {
                        onSelect: () => {
                          select([id])
                          onSelect()
                          enterForm()
                        },
                      })}
                />
              ))}
            </ul>
          </div>
        ))}
      </ScrollArea.Autosize>
    </section>
  )

  function placeName(id: string): string {
    const part = framePartOf(id)
    if (part === undefined) return name(id)
    if (part.part !== 'trigger') return words.forms.frame.parts[part.part]
    return triggerCardAt(graph, part.place)?.title ?? words.forms.frame.parts.trigger
  }
}
