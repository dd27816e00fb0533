/** Two drafts of one journey side by side, drawn, with what is different between them marked and told in words. */
import { Button, Title } from '@mantine/core'
import { Dialog } from '../../parts/Dialog.tsx'
import { words } from '../../words.ts'
import { draftOf, type Draft } from '../document/draft.ts'
import { Differences } from '../publish/Differences.tsx'
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
    <Dialog onClose={close} size="min(1400px, 96vw)" title={compare.title}>
      {other === null ? (
        <p>{compare.notDrawn}</p>
      ) : (
        <section className={styles['differences']} aria-label={compare.differences}>
          <Title order={3}>{compare.differences}</Title>
          <Differences drawn before={other} after={mine} names={[compare.theirs, compare.mine]} />
        </section>
      )}
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
    </Dialog>
  )
}
