/** Two drafts of one journey side by side, drawn, with what is different between them marked and told in words. */
import { Button, Modal, Title } from '@mantine/core'
import { useMemo } from 'react'
import { words } from '../../words.ts'
import { draftOf, type Draft } from '../document/draft.ts'
import { graphOf } from '../document/graph.ts'
import { layOut } from '../document/layout.ts'
import { Sketch, type SketchMark } from '../gallery/Sketch.tsx'
import { Differences } from '../publish/Differences.tsx'
import { differencesOf, marksOf } from '../publish/differences.ts'
import { useSurroundings } from '../publish/surroundings.ts'
import { downloadJourney } from './files.ts'
import styles from './Saving.module.css'

interface CompareProps {
  readonly mine: Draft
  readonly theirs: unknown
  readonly keepMine: () => void
  readonly takeTheirs: () => void
  readonly copyMine: () => void
  readonly close: () => void
}

export function Compare({ mine, theirs, keepMine, takeTheirs, copyMine, close }: CompareProps) {
  const other = draftOf(theirs)
  const { conflict, compare } = words.saving
  return (
    <Modal opened onClose={close} size="min(1400px, 96vw)" title={compare.title}>
      {other === null ? <p>{compare.notDrawn}</p> : <Both mine={mine} theirs={other} />}
      <div className={styles['answers']}>
        <Button variant="default" onClick={() => downloadJourney(`${mine.id}-theirs`, theirs)}>
          {compare.downloadTheirs}
        </Button>
        <span />
        <Button variant="default" onClick={copyMine}>
          {conflict.copyMine}
        </Button>
        <Button variant="default" onClick={takeTheirs} disabled={other === null}>
          {conflict.takeTheirs}
        </Button>
        <Button onClick={keepMine}>{conflict.keepMine}</Button>
      </div>
    </Modal>
  )
}

function Both({ mine, theirs }: { readonly mine: Draft; readonly theirs: Draft }) {
  const [ours, others] = [useSurroundings(mine), useSurroundings(theirs)]
  const marks = useMemo(() => marksOf(differencesOf(others, ours)), [ours, others])
  const { compare } = words.saving
  return (
    <>
      <div className={styles['both']}>
        <Side title={compare.mine} draft={mine} marks={marks} />
        <Side title={compare.theirs} draft={theirs} marks={marks} />
      </div>
      <section className={styles['differences']} aria-label={compare.differences}>
        <Title order={3}>{compare.differences}</Title>
        <Differences before={theirs} after={mine} />
      </section>
    </>
  )
}

function Side({
  title,
  draft,
  marks,
}: {
  readonly title: string
  readonly draft: Draft
  readonly marks: ReadonlyMap<string, SketchMark>
}) {
  const around = useSurroundings(draft)
  const drawing = useMemo(() => layOut(graphOf(around)), [around])
  return (
    <figure className={styles['side']}>
      <figcaption>{title}</figcaption>
      <div>
        <Sketch drawing={drawing} name={title} labelled marks={marks} />
      </div>
    </figure>
  )
}
