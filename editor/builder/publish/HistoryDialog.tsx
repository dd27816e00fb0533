/** What was published, when, by whom and what it changed; any two versions compared; an earlier one back as a draft. */
import { Alert, Button, Group, NativeSelect, Text, UnstyledButton } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { changesOf, countChanges, type Journey } from '../../../engine/index.ts'
import type { JourneyDetail, Version } from '../../answers.ts'
import { Chip } from '../../parts/Chip.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { LoadMore } from '../../parts/LoadMore.tsx'
import { Empty, Failure, Rows } from '../../parts/States.tsx'
import { Ago } from '../../parts/time.tsx'
import { useVersion, useVersions } from '../../queries.ts'
import { words } from '../../words.ts'
import { draftOf, type Draft } from '../document/draft.ts'
import { isSame } from '../document/same.ts'
import { useSaving } from '../saving/context.tsx'
import { setAside } from '../saving/kept.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { changesInWords } from './differences.ts'
import { Differences, WhatChanges } from './Differences.tsx'
import styles from './Publish.module.css'

/** A version by its number, the draft, or what was before the first version. */
type Which = number | 'draft' | 'nothing'

export function HistoryDialog({
  detail,
  close,
}: {
  readonly detail: JourneyDetail
  readonly close: () => void
}) {
  const { meta } = useDraft()
  const { title } = words.publish.history
  return (
    <Dialog
      onClose={close}
      size={1120}
      title={title(meta.name)}
      classNames={{ title: styles['dialogTitle'] ?? '' }}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <History detail={detail} close={close} />
    </Dialog>
  )
}

function History({ detail, close }: { readonly detail: JourneyDetail; readonly close: () => void }) {
  const draft = useDraft()
  const pages = useVersions(detail.id)
  const [chosen, setChosen] = useState<Which | null>(null)
  const [other, setOther] = useState<Which | null>(null)
  const { history, bar } = words.publish
  if (pages.data === undefined)
    return pages.error ? (
      <Failure error={pages.error} retry={pages.refetch} />
    ) : (
      <Rows count={4} height={56} />
    )
  const versions = pages.data.pages.flatMap(({ items }) => items)
  const [newest] = versions
  if (newest === undefined) return <Empty icon={IconHistory} {...history.none} />
  const unpublished = detail.published === null ? 0 : countChanges(changesOf(detail.published, draft))
  const shown = chosen ?? (unpublished > 0 ? 'draft' : newest.version)
  const against = other ?? before(shown, detail, versions)
  const choose = (which: Which) => {
    setChosen(which)
    setOther(null)
  }
  return (
    <div className={styles['history']}>
      <nav aria-label={history.versions} className={styles['versions']}>
        {unpublished > 0 && (
          <Line name={history.draft} isChosen={shown === 'draft'} onChoose={() => choose('draft')}>
            {bar.unpublished(unpublished)}
          </Line>
        )}
        {versions.map((version) => (
          <Line
            key={version.version}
            name={history.version(version.version)}
            chip={chipOf(version)}
            isChosen={shown === version.version}
            onChoose={() => choose(version.version)}
          >
            <Ago at={version.at} />, {history.by(version.by)}
            <br />
            {changesInWords(version.changes, version.replaces === null)}
          </Line>
        ))}
        <LoadMore pages={pages} byButton />
      </nav>
      <section className={styles['compared']} aria-label={nameOf(shown)}>
        <Group gap={8} align="center">
          <Text fw={600}>{history.compared(nameOf(shown))}</Text>
          <NativeSelect
            size="xs"
            aria-label={history.with}
            value={String(against)}
            onChange={({ currentTarget: { value } }) => setOther(whichOf(value))}
            data={othersOf(shown, against, versions).map((which) => ({
              value: String(which),
              label: nameOf(which),
            }))}
          />
        </Group>
        <Compared key={`${shown} ${against}`} id={detail.id} draft={draft} shown={shown} against={against} />
        {typeof shown === 'number' && (
          <Restore key={shown} id={detail.id} version={shown} unpublished={unpublished} close={close} />
        )}
      </section>
    </div>
  )
}

/** What a version is compared with before anybody chooses: what it took the place of. */
function before(which: Which, { version }: JourneyDetail, versions: readonly Version[]): Which {
  if (which === 'draft') return version ?? 'nothing'
  return versions.find((each) => each.version === which)?.replaces ?? 'nothing'
}

function othersOf(shown: Which, against: Which, versions: readonly Version[]): readonly Which[] {
  const all: readonly Which[] = ['draft', ...versions.map(({ version }) => version), 'nothing']
  return all.filter((which) => which !== shown && (which !== 'nothing' || against === 'nothing'))
}

function whichOf(text: string): Which {
  return text === 'draft' || text === 'nothing' ? text : Number(text)
}

function nameOf(which: Which): string {
  const { draft, nothing, version } = words.publish.history
  if (which === 'draft') return draft
  return which === 'nothing' ? nothing : version(which)
}

function chipOf({ current, takenBackAt }: Version): ReactNode {
  const { current: currentWord, takenBack } = words.publish.history
  if (takenBackAt !== null) return <Chip>{takenBack}</Chip>
  return current ? <Chip color="teal">{currentWord}</Chip> : null
}

function Line({
  name,
  chip,
  isChosen,
  onChoose,
  children,
}: {
  readonly name: string
  readonly chip?: ReactNode
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
}) {
  return (
    <UnstyledButton
      className={styles['version'] ?? ''}
      aria-current={isChosen ? 'true' : undefined}
      onClick={onChoose}
    >
      <span className={styles['versionName']}>
        {name} {chip}
      </span>
      <span className={styles['versionAbout']}>{children}</span>
    </UnstyledButton>
  )
}

function Compared({
  id,
  draft,
  shown,
  against,
}: {
  readonly id: string
  readonly draft: Draft
  readonly shown: Which
  readonly against: Which
}) {
  const [after, other] = [useDocument(id, shown, draft), useDocument(id, against, draft)]
  if (after === undefined || (other === undefined && against !== 'nothing'))
    return <Rows count={3} height={44} />
  if (other === undefined) return <WhatChanges published={null} draft={after} />
  // The older one stands at the left, whichever was chosen first.
  const isOlder =
    against === 'draft' || (typeof against === 'number' && typeof shown === 'number' && against > shown)
  return isOlder ? (
    <Differences drawn before={after} after={other} names={[nameOf(shown), nameOf(against)]} />
  ) : (
    <Differences drawn before={other} after={after} names={[nameOf(against), nameOf(shown)]} />
  )
}

/** The document of a version; undefined while it is on its way, and for nothing. */
function useDocument(id: string, which: Which, draft: Draft): Journey | undefined {
  const { data } = useVersion(id, typeof which === 'number' ? which : null)
  return which === 'draft' ? draft : data
}

/** Makes a version the draft: a change like any other, saved by itself and undone like any other. */
function Restore({
  id,
  version,
  unpublished,
  close,
}: {
  readonly id: string
  readonly version: number
  readonly unpublished: number
  readonly close: () => void
}) {
  const draft = useDraft()
  const { replace, say } = useBuild()
  const revision = useSaving(({ saving }) => saving.stored.revision)
  const document = draftOf(useVersion(id, version).data)
  const [isAsking, setAsking] = useState(false)
  const { history } = words.publish
  const name = history.version(version)
  if (document === null) return null
  if (isSame(document, draft))
    return (
      <Text size="sm" c="dimmed">
        {history.isDraft}
      </Text>
    )
  const restore = () => {
    if (unpublished > 0) setAside(id, 'mine', draft, revision)
    replace(document)
    say(history.restored(name))
    close()
  }
  if (!isAsking)
    return (
      <div>
        <Button variant="default" onClick={unpublished > 0 ? () => setAsking(true) : restore}>
          {history.restore(name)}
        </Button>
      </div>
    )
  return (
    <Alert color="orange" role="alert">
      <Text size="sm" mb={8}>
        {history.ask(name, unpublished)}
      </Text>
      <Group gap={8}>
        <Button size="compact-md" onClick={restore}>
          {history.yes}
        </Button>
        <Button size="compact-md" variant="default" onClick={() => setAsking(false)}>
          {words.notNow}
        </Button>
      </Group>
    </Alert>
  )
}
