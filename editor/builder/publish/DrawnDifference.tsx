/** Two versions drawn side by side: what is gone marked in the one, what is new in the other, what changed in both. */
import { useMemo } from 'react'
import { words } from '../../words.ts'
import { graphOf } from '../document/graph.ts'
import { layOut } from '../document/layout.ts'
import type { Surroundings } from '../document/sentences.ts'
import { Sketch } from '../gallery/Sketch.tsx'
import { marksOf, type Difference } from './differences.ts'
import styles from './Publish.module.css'

export function DrawnDifference({
  before,
  after,
  names,
  differences,
}: {
  readonly before: Surroundings
  readonly after: Surroundings
  /** What the two versions are called. */
  readonly names: readonly [before: string, after: string]
  readonly differences: readonly Difference[]
}) {
  // What is new is not in the older one, and what is gone not in the newer: each shows the marks of its own steps.
  const marks = useMemo(() => marksOf(differences), [differences])
  return (
    <div className={styles['drawn']}>
      <Side around={before} name={names[0]} marks={marks} />
      <Side around={after} name={names[1]} marks={marks} />
    </div>
  )
}

function Side({
  around,
  name,
  marks,
}: {
  readonly around: Surroundings
  readonly name: string
  readonly marks: ReturnType<typeof marksOf>
}) {
  const drawing = useMemo(() => layOut(graphOf(around)), [around])
  const label = words.publish.differences.drawing(name)
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <div tabIndex={0} role="group" aria-label={label}>
        <Sketch drawing={drawing} name={label} labelled marks={marks} />
      </div>
    </figure>
  )
}
