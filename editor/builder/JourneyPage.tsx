/** One journey: loaded, opened for editing, and shown as a drawing and an outline with the form of what is selected. */
import { IconRoute } from '@tabler/icons-react'
import { Suspense, useRef, useState, type ReactNode } from 'react'
import type { JourneyDetail } from '../answers.ts'
import { Note } from '../parts/Note.tsx'
import { Failure, Rows } from '../parts/States.tsx'
import { useKeptFocus } from '../parts/useKeptFocus.ts'
import { useJourney } from '../queries.ts'
import { words } from '../words.ts'
import { CodeView } from './code/CodePanel.tsx'
import { EditingProvider } from './commands/EditingProvider.tsx'
import { draftOf, type Draft } from './document/draft.ts'
import { isSame } from './document/same.ts'
import { Head, PlainHead } from './Head.tsx'
import styles from './Journey.module.css'
import { ProblemsProvider } from './problems/told.tsx'
import { PublishNotes } from './publish/PublishNotes.tsx'
import { SavingProvider } from './saving/context.tsx'
import { unsavedHere } from './saving/kept.ts'
import { storedOf } from './saving/saver.ts'
import { SavingNotes } from './saving/SavingNotes.tsx'
import { BuilderProvider } from './state/context.tsx'
import { createBuilder } from './state/store.ts'
import { Workbench } from './Workbench.tsx'

export function JourneyPage({ id }: { readonly id: string }) {
  const { data, error, refetch } = useJourney(id)
  if (data === undefined)
    return error ? <Failure error={error} retry={refetch} /> : <Rows count={5} height={90} />
  return <Desk detail={data} />
}

/** What was opened stays open, whatever becomes of the journey elsewhere. */
function Desk({ detail }: { readonly detail: JourneyDetail }) {
  const standing = draftOf(detail.draft ?? detail.published)
  const [draft, setDraft] = useState(standing)
  if (draft === null && standing !== null) setDraft(standing)
  return draft === null ? (
    <Unreadable detail={detail} onDraft={setDraft} />
  ) : (
    <Open detail={detail} draft={draft} />
  )
}

/** A draft that a program stored and that is no journey in form: it can be mended as text, and is drawn from then on. */
function Unreadable({
  detail,
  onDraft,
}: {
  readonly detail: JourneyDetail
  readonly onDraft: (draft: Draft) => void
}) {
  const { title, text } = words.journeys.nothingDrawn
  return (
    <div className={styles['page']}>
      <PlainHead detail={detail} />
      <Note icon={IconRoute}>
        {title}. {text}
      </Note>
      <Suspense fallback={<Rows />}>
        <CodeView
          id={detail.id}
          document={detail.draft ?? detail.published}
          problems={detail.problems}
          selected={null}
          drawn={false}
          onDraft={onDraft}
        />
      </Suspense>
    </div>
  )
}

function Open({ detail, draft }: { readonly detail: JourneyDetail; readonly draft: Draft }) {
  const [{ builder, stored, broughtBack }] = useState(() => begin(detail, draft))
  return (
    <BuilderProvider builder={builder}>
      <SavingProvider detail={detail} stored={stored}>
        <ProblemsProvider>
          <EditingProvider people={detail.counts.steps}>
            <div className={styles['page']}>
              <Head detail={detail} />
              <Notes>
                <SavingNotes broughtBack={broughtBack} />
                <PublishNotes detail={detail} />
              </Notes>
              <Workbench editable={detail.status !== 'archived'} />
            </div>
          </EditingProvider>
        </ProblemsProvider>
      </SavingProvider>
    </BuilderProvider>
  )
}

/** They come and go, also while they have the focus. */
function Notes({ children }: { readonly children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  useKeptFocus(frame)
  return (
    <div ref={frame} style={{ display: 'contents' }}>
      {children}
    </div>
  )
}

/**
 * Opens the draft. What this tab could not save before it was loaded anew comes back as a change that can be undone; it
 * was made from the draft of that time, so that what somebody else wrote meanwhile becomes a conflict.
 */
function begin(detail: JourneyDetail, draft: Draft) {
  const builder = createBuilder(draft)
  const stored = storedOf(detail)
  const kept = unsavedHere(detail.id)
  const unsaved = draftOf(kept?.document)
  if (kept === null || unsaved === null || isSame(unsaved, draft))
    return { builder, stored, broughtBack: false }
  builder.replace(unsaved)
  const base = kept.revision === stored.revision ? stored : { document: null, revision: kept.revision }
  return { builder, stored: base, broughtBack: true }
}
