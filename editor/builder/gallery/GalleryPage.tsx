/** How a journey begins: with a copy of one that works, or with an empty page. */
import { Button, Text, TextInput, Title } from '@mantine/core'
import { IconCheck, IconFile, IconMail, IconPackages, IconPlaylistAdd, IconRss } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState, type FormEvent, type ReactNode } from 'react'
import { MAX_LABEL } from '../../../engine/index.ts'
import type { ShippedJourney, Vocabulary } from '../../answers.ts'
import { Chip } from '../../parts/Chip.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Note } from '../../parts/Note.tsx'
import { PageHead } from '../../parts/PageHead.tsx'
import parts from '../../parts/parts.module.css'
import { Failure, Rows } from '../../parts/States.tsx'
import { useGallery, useVocabulary } from '../../queries.ts'
import { Link, navigate, pathTo } from '../../router.tsx'
import { eventInWords, words } from '../../words.ts'
import { PointsChip } from '../canvas/PointsChip.tsx'
import { graphOf } from '../document/graph.ts'
import { layOut } from '../document/layout.ts'
import { useSurroundings } from '../drawn.ts'
import styles from './Gallery.module.css'
import { createEmpty, createShipped, installShipped } from './newJourney.ts'
import { Sketch } from './Sketch.tsx'

export function GalleryPage() {
  const { data, error, refetch } = useGallery()
  const { data: vocabulary } = useVocabulary()
  const [blank, setBlank] = useState(false)
  const making = useMaking()
  // It is offered first as long as something is missing; once said what was done, it stays where it was.
  const [hasAll, setHasAll] = useState<boolean | null>(null)
  if (hasAll === null && data !== undefined) setHasAll(data.items.every(({ exists }) => exists))
  const { gallery } = words
  return (
    <>
      <PageHead title={gallery.title} lead={gallery.lead} back={{ href: '/journeys', name: gallery.back }}>
        <Button
          variant="default"
          leftSection={<IconFile size={17} aria-hidden />}
          onClick={() => setBlank(true)}
        >
          {gallery.blank.button}
        </Button>
      </PageHead>
      {making.failed && (
        <Text role="alert" c="red" mb="md">
          {gallery.failed}
        </Text>
      )}
      {data === undefined &&
        (error ? <Failure error={error} retry={refetch} /> : <Rows count={4} height={220} />)}
      {data !== undefined && (
        <>
          {hasAll === false && <InstallAll count={data.items.length} making={making} />}
          <ul className={styles['cards']}>
            {data.items.map((shipped) => (
              <li key={shipped.id}>
                <ShippedCard shipped={shipped} vocabulary={vocabulary} making={making} />
              </li>
            ))}
          </ul>
          {hasAll === true && <InstallAll count={data.items.length} making={making} />}
        </>
      )}
      {blank && <StartBlank making={making} close={() => setBlank(false)} />}
    </>
  )
}

interface Making {
  /** Names what is being made now. */
  readonly busy: string | null
  readonly failed: boolean
  readonly make: <Made>(what: string, how: () => Promise<Made>, then: (made: Made) => void) => void
}

/** One thing is made at a time; what fails says so. */
function useMaking(): Making {
  const { mutate, isPending, isError, variables } = useMutation({
    mutationFn: ({ run }: { readonly what: string; readonly run: () => Promise<void> }) => run(),
  })
  return {
    busy: isPending ? variables.what : null,
    failed: isError,
    make: (what, how, then) => mutate({ what, run: async () => then(await how()) }),
  }
}

function open(id: string): void {
  navigate(pathTo('journeys', id))
}

// ---- One card --------------------------------------------------------------------------------------------------------

/** So much of a long journey is shown, from its top, that its cards can still be told from each other. */
const PICTURE = { width: 700, height: 860 } as const

function ShippedCard({
  shipped: { id, journey, exists, events, lists, templates },
  vocabulary,
  making,
}: {
  readonly shipped: ShippedJourney
  readonly vocabulary: Vocabulary | undefined
  readonly making: Making
}) {
  const around = useSurroundings(journey)
  const graph = useMemo(() => graphOf(around), [around])
  const drawing = useMemo(() => layOut(graph), [graph])
  const { gallery } = words
  const { name, description } = journey.meta
  const points = [...new Map(graph.cards.flatMap(({ points }) => (points ? [[points.text, points]] : [])))]
  return (
    <article className={`${parts['panel']} ${styles['card']}`} aria-label={name}>
      <div className={styles['picture']}>
        <Sketch drawing={drawing} name={gallery.drawingOf(name)} most={PICTURE} />
      </div>
      <div className={styles['text']}>
        <Title order={2} dir="auto">
          {name}
        </Title>
        <p dir="auto">{description}</p>
        <dl className={styles['needs']}>
          {points.length > 0 && (
            <Need name={gallery.points} icon={null}>
              {points.map(([text, one]) => (
                <PointsChip key={text} points={one} />
              ))}
            </Need>
          )}
          <Need name={gallery.events} icon={<IconRss size={15} aria-hidden />}>
            {events.length === 0 && <span>{gallery.noEvents}</span>}
            {events.map((event) => (
              <EventChip key={event} event={event} vocabulary={vocabulary} />
            ))}
          </Need>
          {lists.length > 0 && (
            <Need name={gallery.lists} icon={<IconPlaylistAdd size={15} aria-hidden />}>
              {lists.map((list) => (
                <ListChip key={list} list={list} vocabulary={vocabulary} />
              ))}
            </Need>
          )}
          {templates.length > 0 && (
            <Need name={gallery.mails} icon={<IconMail size={15} aria-hidden />}>
              {templates.map((template) => (
                <span key={template.name} dir="auto">
                  {template.subject}
                </span>
              ))}
            </Need>
          )}
        </dl>
        <div className={styles['foot']}>
          {exists && <span>{gallery.there}</span>}
          <Button
            size="compact-md"
            variant={exists ? 'default' : 'filled'}
            aria-label={gallery.useNamed(name)}
            loading={making.busy === id}
            disabled={making.busy !== null && making.busy !== id}
            onClick={() => making.make(id, () => createShipped(id, name), open)}
          >
            {gallery.use}
          </Button>
        </div>
      </div>
    </article>
  )
}

function Need({
  name,
  icon,
  children,
}: {
  readonly name: string
  readonly icon: ReactNode
  readonly children: ReactNode
}) {
  return (
    <div>
      <dt>
        {icon} {name}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

function ListChip({
  list,
  vocabulary,
}: {
  readonly list: string
  readonly vocabulary: Vocabulary | undefined
}) {
  const { willMake, willMakeTitle } = words.gallery
  return vocabulary === undefined || vocabulary.lists.includes(list) ? (
    <Chip>{list}</Chip>
  ) : (
    <Chip title={willMakeTitle}>
      {list}
      <span className={styles['state']}> · {willMake}</span>
    </Chip>
  )
}

function EventChip({
  event,
  vocabulary,
}: {
  readonly event: string
  readonly vocabulary: Vocabulary | undefined
}) {
  const received = vocabulary?.events.some(({ name }) => name === event)
  const { gallery } = words
  const state = received === undefined ? undefined : received ? gallery.received : gallery.notReceived
  return (
    <Chip
      color={received === true ? 'teal' : 'gray'}
      {...(received === false && { title: gallery.notReceivedTitle })}
    >
      {eventInWords(event)}
      {state !== undefined && <span className={styles['state']}> · {state}</span>}
    </Chip>
  )
}

// ---- All, and none ---------------------------------------------------------------------------------------------------

function InstallAll({ count, making }: { readonly count: number; readonly making: Making }) {
  const [said, say] = useState<string | null>(null)
  const { all } = words.gallery
  const install = () =>
    making.make('', installShipped, ({ made, skipped }) => say(all.done(made.length, skipped.length)))
  return (
    <section className={`${parts['panel']} ${styles['all']}`} aria-label={all.title}>
      <IconPackages size={26} stroke={1.6} aria-hidden />
      <div>
        <Title order={2}>{all.title}</Title>
        <p>{all.text(count)}</p>
        {said !== null && (
          <Note icon={IconCheck}>
            {said} <Link href="/journeys">{all.see}</Link>
          </Note>
        )}
      </div>
      <Button
        variant="default"
        loading={making.busy === ''}
        disabled={making.busy !== null && making.busy !== ''}
        onClick={install}
      >
        {all.button}
      </Button>
    </section>
  )
}

function StartBlank({ making, close }: { readonly making: Making; readonly close: () => void }) {
  const [name, setName] = useState('')
  const { blank, failed } = words.gallery
  const create = (event: FormEvent) => {
    event.preventDefault()
    const called = name.trim()
    if (called !== '') making.make('blank', () => createEmpty(called), open)
  }
  return (
    <Dialog onClose={close} title={blank.title} centered>
      <form onSubmit={create}>
        <TextInput
          data-autofocus
          label={blank.name}
          placeholder={blank.placeholder}
          maxLength={MAX_LABEL}
          dir="auto"
          value={name}
          error={making.failed ? failed : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={styles['buttons']}>
          <Button variant="subtle" color="gray" onClick={close}>
            {blank.cancel}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={making.busy === 'blank'}>
            {blank.create}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
