/**
 * What publishing the draft would do, told before it is done: what changes, who enters, what is sent and held back, what
 * happens to those inside. What is published is the very draft that was looked at.
 */
import { Alert, Button, Text, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import type { JourneyDetail, JourneyProblem, Preview, PreviewNumbers, PublishChoices } from '../../answers.ts'
import { client, refusalOf, RequestError } from '../../client.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { Rows } from '../../parts/States.tsx'
import { journeyChanged } from '../../queries.ts'
import { words } from '../../words.ts'
import { number, upper } from '../../words/say.ts'
import { ENTRY } from '../document/frame.ts'
import { placeOf } from '../problems/where.ts'
import { useSaver, useSaving } from '../saving/context.tsx'
import { useBuild, useDraft } from '../state/context.tsx'
import { WhatChanges } from './Differences.tsx'
import { PeopleInside } from './PeopleInside.tsx'
import { confirmationOf, isTyped, occupiedOf, preselected } from './plan.ts'
import styles from './Publish.module.css'
import { Messages, Sender } from './WhatIsSent.tsx'
import { WhoEnters } from './WhoEnters.tsx'

/** A look that is older is repeated before it is published. */
const FRESH = 60_000

export function PublishDialog({
  detail,
  close,
}: {
  readonly detail: JourneyDetail
  readonly close: () => void
}) {
  const isSaved = useSavedFirst()
  const { meta } = useDraft()
  const { dialog } = words.publish
  return (
    <Dialog
      onClose={close}
      size={780}
      title={dialog.title(meta.name)}
      closeButtonProps={{ 'aria-label': dialog.cancel }}
      classNames={{ body: styles['dialog'] ?? '', title: styles['dialogTitle'] ?? '' }}
    >
      {isSaved === undefined && <Rows count={4} height={64} />}
      {isSaved === false && <Alert color="orange">{dialog.unsaved}</Alert>}
      {isSaved === true && <Looking detail={detail} close={close} />}
    </Dialog>
  )
}

/** Saves what is unsaved; whether everything is on the server, once that is known. */
function useSavedFirst(): boolean | undefined {
  const saver = useSaver()
  const [isSaved, setSaved] = useState<boolean>()
  useEffect(() => {
    let current = true
    void saver.flush().then((saved) => current && setSaved(saved))
    return () => {
      current = false
    }
  }, [saver])
  return isSaved
}

function Looking({ detail, close }: { readonly detail: JourneyDetail; readonly close: () => void }) {
  const draft = useDraft()
  const [choices, setChoices] = useState<PublishChoices>(() => ({
    inside: preselected(detail.published, draft, occupiedOf(detail.counts.steps)),
    letIn: false,
  }))
  const { preview, notice, changed, problems, isPublishing, again, publish } = usePublication(
    detail.id,
    choices,
    close,
  )
  const { dialog } = words.publish
  const [typed, setTyped] = useState('')
  const { data, error, isPlaceholderData } = preview
  if (data === undefined && error)
    return (
      <Alert color="red">
        {dialog.failed(refusalOf(error))}{' '}
        <Button size="compact-sm" variant="default" onClick={again}>
          {dialog.retry}
        </Button>
      </Alert>
    )
  if (data === undefined)
    return (
      <>
        <Text c="dimmed" role="status">
          {dialog.reckoning}
        </Text>
        <Rows count={5} height={64} />
      </>
    )
  const faults = problems ?? (data.numbers === null ? data.problems : null)
  if (data.numbers === null || faults !== null) return <Faults problems={faults ?? []} close={close} />
  const paused = detail.status === 'paused'
  const confirmation = confirmationOf(data.numbers, paused)
  const mayPublish =
    changed === null &&
    !isPlaceholderData &&
    (confirmation.typed === null || isTyped(typed, confirmation.typed))
  return (
    <>
      <Text c="dimmed" size="sm">
        {dialog.lead(data.version)}
      </Text>
      {paused && <Alert color="orange">{dialog.paused}</Alert>}
      {detail.status === 'stopped' && <Alert color="orange">{dialog.stopped}</Alert>}
      {notice !== null && (
        <Alert color="orange" role="alert">
          {notice}
        </Alert>
      )}
      {changed !== null && (
        <Alert color="orange" role="alert" title={dialog.changedMeanwhile}>
          <Button size="compact-sm" variant="default" disabled={isPlaceholderData} onClick={changed.accept}>
            {dialog.looked}
          </Button>
        </Alert>
      )}
      <Section title={dialog.sections.changes}>
        <WhatChanges published={detail.published} draft={draft} />
      </Section>
      <Told
        preview={data}
        numbers={data.numbers}
        draft={draft}
        detail={detail}
        choices={choices}
        onChoose={setChoices}
        reckons={isPlaceholderData}
      />
      <div className={styles['foot']}>
        {confirmation.typed !== null && (
          <TextInput
            size="sm"
            inputMode="numeric"
            label={dialog.type(confirmation.typed)}
            placeholder={number(confirmation.typed)}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        <div className={styles['buttons']}>
          <Text size="sm" c="dimmed" role="status" className={styles['reckons'] ?? ''}>
            {isPlaceholderData ? dialog.again : ''}
          </Text>
          <Button variant="default" onClick={close}>
            {dialog.cancel}
          </Button>
          <Button disabled={!mayPublish} loading={isPublishing} onClick={() => publish(data)}>
            {confirmation.button}
          </Button>
        </div>
      </div>
    </>
  )
}

/** The numbers, in plain words. */
function Told({
  preview,
  numbers,
  draft,
  detail,
  choices,
  onChoose,
  reckons,
}: {
  readonly preview: Preview
  readonly numbers: PreviewNumbers
  readonly draft: ReturnType<typeof useDraft>
  readonly detail: JourneyDetail
  readonly choices: PublishChoices
  readonly onChoose: (choices: PublishChoices) => void
  readonly reckons: boolean
}) {
  const { sections, estimate, exact } = words.publish.dialog
  const { published } = detail
  const sample = numbers.sample?.matching ?? numbers.sample?.inside
  return (
    <div className={styles['told']} aria-busy={reckons}>
      <Section title={sections.entering}>
        <WhoEnters
          draft={draft}
          matching={numbers.matching}
          letIn={choices.letIn}
          onLetIn={(letIn) => onChoose({ ...choices, letIn })}
        />
      </Section>
      <Section title={sections.inside}>
        <PeopleInside
          steps={numbers.inside}
          draft={draft}
          published={published}
          inside={choices.inside}
          onInside={(inside) => onChoose({ ...choices, inside })}
        />
      </Section>
      <Section title={sections.messages}>
        <Messages numbers={numbers} draft={draft} published={published} />
      </Section>
      <Section title={sections.sender}>
        <Sender sender={preview.sender} draft={draft} />
      </Section>
      <Text size="sm" c="dimmed">
        {sample ? estimate(sample.looked, sample.of) : exact}
      </Text>
    </div>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles['section']} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

/** Why it cannot be published, each with the way to where it is. */
function Faults({
  problems,
  close,
}: {
  readonly problems: readonly JourneyProblem[]
  readonly close: () => void
}) {
  const { select } = useBuild()
  const draft = useDraft()
  const { title, lead, go } = words.publish.dialog.problems
  const errors = problems.filter(({ severity }) => severity === 'error')
  return (
    <div role="alert">
      <Alert color="red" title={title}>
        {lead}
      </Alert>
      <ul className={styles['faults']}>
        {errors.map(({ code, path, detail }) => (
          <li key={`${code} ${path} ${detail}`}>
            <bdi>{upper(detail)}</bdi>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                close()
                // What is about the journey as a whole is mended at its frame.
                select([placeOf(path, draft) ?? ENTRY])
              }}
            >
              {go}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Looks ahead for these choices, and publishes what was looked at. */
function usePublication(id: string, choices: PublishChoices, close: () => void) {
  const revision = useSaving(({ saving }) => saving.stored.revision)
  // The draft that the person has looked at: another one must not slip in under the button.
  const [looked, setLooked] = useState(revision)
  const [notice, setNotice] = useState<string | null>(null)
  const [problems, setProblems] = useState<readonly JourneyProblem[] | null>(null)
  const { dialog } = words.publish
  const preview = useQuery({
    queryKey: ['preview', id, revision, choices],
    queryFn: () => client.preview(id, choices),
    placeholderData: keepPreviousData,
    refetchInterval: false,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  })

  const isOutdated = async ({ numbers }: Preview) => {
    const { data } = await preview.refetch()
    const outdated = JSON.stringify(data?.numbers) !== JSON.stringify(numbers)
    if (outdated) setNotice(dialog.numbersChanged)
    return outdated
  }
  const publish = useMutation({
    mutationFn: async (looked: Preview) => {
      setNotice(null)
      if (isOld(preview.dataUpdatedAt) && (await isOutdated(looked))) return
      await client.publish(id, looked.revision, choices)
      await journeyChanged(id)
      close()
    },
    onError: async (error) => {
      if (error instanceof RequestError && error.status === 412) {
        await journeyChanged(id)
        await preview.refetch()
      } else if (error instanceof RequestError && error.problems.length > 0) setProblems(error.problems)
      else setNotice(dialog.failed(refusalOf(error)))
    },
  })
  return {
    preview,
    notice,
    changed: revision === looked ? null : { accept: () => setLooked(revision) },
    problems,
    isPublishing: publish.isPending,
    again: () => void preview.refetch(),
    publish: publish.mutate,
  }
}

function isOld(looked: number): boolean {
  return Date.now() - looked > FRESH
}
