/** Drafts of this journey that this browser keeps: each can be opened, downloaded or dismissed, and none is in the way. */
import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useEffect, useReducer } from 'react'
import { Note } from '../../parts/Note.tsx'
import { exactTime } from '../../parts/time.tsx'
import { words } from '../../words.ts'
import { draftOf } from '../document/draft.ts'
import { isSame } from '../document/same.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { useSaving } from './context.tsx'
import { downloadJourney } from './files.ts'
import { forget, keptOf, type Kept } from './kept.ts'

export function KeptDrafts() {
  const { id } = useDraft()
  const builder = useBuild()
  // Looked up whenever something was stored or settled here, and now and then: another tab may have died.
  useSaving(({ saving }) => saving.stored)
  const [, look] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const timer = setInterval(look, AGAIN)
    return () => clearInterval(timer)
  }, [])
  const kept = keptOf(id).filter((one) => isLeft(one))
  const dismiss = (one: Kept) => {
    forget(one)
    look()
  }
  const said = words.saving.kept
  return kept
    .filter(({ document }) => !isSame(document, builder.get().history.present))
    .map((one) => {
      const draft = draftOf(one.document)
      return (
        <Note key={one.key} icon={IconHistory} dismiss={() => dismiss(one)}>
          {said[one.why](exactTime(one.at))}{' '}
          {draft !== null && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                builder.replace({ ...draft, id })
                dismiss(one)
              }}
            >
              {said.open}
            </Button>
          )}{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => downloadJourney(id, one.document)}>
            {said.download}
          </Button>
        </Note>
      )
    })
}

const AGAIN = 4_000
/** What another tab is about to save is no matter of ours; one that lives writes it anew every few seconds. */
const STALE = 8_000

function isLeft({ why, at }: Kept): boolean {
  return why !== 'unsaved' || at < Date.now() - STALE
}
