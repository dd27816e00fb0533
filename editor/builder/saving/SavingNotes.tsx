/** What a person has to know about saving, or to decide: no connection, another's changes, two drafts at once. */
import { Button } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowsSplit2,
  IconCloudOff,
  IconHistory,
  IconRefresh,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Note } from '../../parts/Note.tsx'
import { navigate, pathTo } from '../../router.tsx'
import { words } from '../../words.ts'
import { draftOf } from '../document/draft.ts'
import { createCopy } from '../gallery/newJourney.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { Compare } from './Compare.tsx'
import { useSaver, useSaving } from './context.tsx'
import { KeptDrafts } from './KeptDrafts.tsx'
import styles from './Saving.module.css'
import type { Stored } from './state.ts'

/** `broughtBack`: the draft was not saved when the page was last open, and was brought back just now. */
export function SavingNotes({ broughtBack }: { readonly broughtBack: boolean }) {
  const phase = useSaving(({ saving }) => saving.phase)
  const hasRoom = useSaving((state) => state.hasRoom)
  return (
    <>
      {broughtBack && phase.is !== 'conflict' && <BroughtBack />}
      {phase.is === 'offline' && <Note icon={IconCloudOff}>{words.saving.offline}</Note>}
      {phase.is === 'refused' && <Note icon={IconAlertTriangle}>{words.saving.refused(phase.why)}</Note>}
      {phase.is === 'conflict' && <Conflict theirs={phase.theirs} />}
      {!hasRoom && <Note icon={IconAlertTriangle}>{words.saving.noRoom}</Note>}
      <ChangedElsewhere />
      <KeptDrafts />
    </>
  )
}

function BroughtBack() {
  const { undo } = useBuild()
  const [shown, setShown] = useState(true)
  if (!shown) return null
  const { text, undo: undoWord } = words.saving.broughtBack
  return (
    <Note icon={IconHistory} dismiss={() => setShown(false)}>
      {text}{' '}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          undo()
          setShown(false)
        }}
      >
        {undoWord}
      </Button>
    </Note>
  )
}

function ChangedElsewhere() {
  const at = useSaving((state) => state.changedElsewhere)
  const [dismissed, setDismissed] = useState<number | null>(null)
  if (at === null || at === dismissed) return null
  return (
    <Note icon={IconRefresh} dismiss={() => setDismissed(at)}>
      {words.saving.changedElsewhere}
    </Note>
  )
}

function Conflict({ theirs }: { readonly theirs: Stored }) {
  const saver = useSaver()
  const mine = useDraft()
  const [compared, setCompared] = useState(false)
  const { conflict } = words.saving
  const isGone = theirs.revision === null
  const copyMine = useMutation({
    mutationFn: () => createCopy(mine, mine.id),
    onSuccess: (id) => {
      saver.takeTheirs(true)
      navigate(pathTo('journeys', id))
    },
  })
  const choices = {
    keepMine: saver.keepMine,
    takeTheirs: () => saver.takeTheirs(),
    copyMine: () => copyMine.mutate(),
  }
  return (
    <section className={styles['conflict']} role="alert" aria-label={conflict.title}>
      <IconArrowsSplit2 size={20} aria-hidden />
      <div>
        <strong>{isGone ? conflict.gone : conflict.title}</strong>
        <p>{copyMine.isError ? conflict.copyFailed : isGone ? conflict.goneText : conflict.text}</p>
      </div>
      <div className={styles['choices']}>
        {!isGone && (
          <Button size="compact-sm" onClick={() => setCompared(true)}>
            {conflict.compare}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={choices.keepMine}>
          {conflict.keepMine}
        </Button>
        {!isGone && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              disabled={draftOf(theirs.document) === null}
              onClick={choices.takeTheirs}
            >
              {conflict.takeTheirs}
            </Button>
            <Button size="compact-sm" variant="default" onClick={choices.copyMine}>
              {conflict.copyMine}
            </Button>
          </>
        )}
      </div>
      {compared && (
        <Compare mine={mine} theirs={theirs.document} {...choices} close={() => setCompared(false)} />
      )}
    </section>
  )
}
