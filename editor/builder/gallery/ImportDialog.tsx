/** A journey from its file: as a new one, or in the place of the open draft. */
import { Button, FileButton, Text, Textarea, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconFileImport } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ID } from '../../../engine/index.ts'
import { refusalOf } from '../../client.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { navigate, pathTo } from '../../router.tsx'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import type { Draft } from '../document/draft.ts'
import { idAt, idFrom } from './ids.ts'
import styles from './Import.module.css'
import { readImport, type Import } from './importing.ts'
import { createUnder } from './newJourney.ts'

interface ImportDialogProps {
  /** The open draft that a file takes the place of; absent for a new journey. */
  readonly into?: { readonly draft: Draft; readonly replace: (draft: Draft) => void }
  readonly close: () => void
}

export function ImportDialog({ into, close }: ImportDialogProps) {
  const [text, setText] = useState('')
  const read = useMemo(() => (text.trim() === '' ? null : readImport(text)), [text])
  const [taken, setTaken] = useState<string | null>(null)
  const [id, setId] = useState('')
  const said = words.gallery.import

  const creation = useMutation({
    mutationFn: async (fitting: Fitting) => {
      const wanted = taken === null ? idOf(fitting) : id
      if (await createUnder(wanted, fitting.document)) {
        navigate(pathTo('journeys', wanted))
        return close()
      }
      setTaken(wanted)
      setId(idAt(wanted, 1))
    },
  })
  const take = (next: string) => {
    setText(next)
    setTaken(null)
    creation.reset()
  }
  const act = () => {
    if (read?.fits !== true) return
    if (into === undefined) return creation.mutate(read)
    if (read.draft === null) return
    into.replace({ ...read.draft, id: into.draft.id })
    close()
  }
  const isReady =
    read?.fits === true && (into === undefined ? taken === null || ID.test(id) : read.draft !== null)
  return (
    <Dialog
      onClose={close}
      size="lg"
      title={into === undefined ? said.title : said.replaceTitle(into.draft.meta.name)}
      centered
    >
      <div className={styles['dialog']}>
        <Text size="sm">{said.lead}</Text>
        <div className={styles['choose']}>
          <FileButton
            accept="application/json,.json"
            onChange={(file) => {
              if (file) void file.text().then(take)
            }}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileImport size={17} aria-hidden />}>
                {said.choose}
              </Button>
            )}
          </FileButton>
        </div>
        <Textarea
          label={said.paste}
          classNames={{ input: styles['text'] ?? '' }}
          rows={6}
          dir="ltr"
          spellCheck={false}
          value={text}
          onChange={(event) => take(event.currentTarget.value)}
        />
        {read !== null && <Found read={read} into={into?.draft} />}
        {taken !== null && (
          <TextInput
            label={said.taken(taken)}
            aria-label={said.id}
            dir="ltr"
            value={id}
            error={ID.test(id) ? undefined : said.idFault}
            onChange={(event) => setId(event.currentTarget.value)}
          />
        )}
        {creation.isError && (
          <Text size="sm" c="red" role="alert">
            {upper(refusalOf(creation.error) ?? words.failure.offline)}
          </Text>
        )}
        <div className={styles['buttons']}>
          <Button variant="subtle" color="gray" onClick={close}>
            {said.no}
          </Button>
          <Button disabled={!isReady} loading={creation.isPending} onClick={act}>
            {into === undefined ? said.yes : said.replaceYes}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

type Fitting = Extract<Import, { fits: true }>

/** The file's own id where it is one, else one made of its name. */
function idOf({ id, name }: Fitting): string {
  return ID.test(id) && !(id in Object.prototype) ? id : idFrom(id || name)
}

/** More than anyone reads here. */
const MOST = 12

function Found({ read, into }: { readonly read: Import; readonly into: Draft | undefined }) {
  const said = words.gallery.import
  if (!read.fits)
    return (
      <div className={styles['found']} data-fits="false" role="status">
        <IconAlertTriangle size={17} aria-hidden />
        <p>
          {said.notReadable} <bdi>{upper(read.why)}</bdi>
        </p>
      </div>
    )
  const { name, id, draft, problems } = read
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const cannot = into !== undefined && draft === null
  return (
    <div className={styles['found']} data-fits={!cannot && errors === 0} role="status">
      {cannot || errors > 0 ? (
        <IconAlertTriangle size={17} aria-hidden />
      ) : (
        <IconCheck size={17} aria-hidden />
      )}
      <div>
        <p dir="auto">{name === '' ? said.unnamed : said.found(name)}</p>
        {cannot && <p>{said.notDrawn}</p>}
        {into !== undefined && draft !== null && id !== into.id && <p>{said.otherId(id)}</p>}
        {problems.length > 0 && (
          <>
            <p>{said.problems(errors, problems.length - errors)}</p>
            <ul>
              {problems.slice(0, MOST).map(({ code, path, detail }) => (
                <li key={`${code} ${path} ${detail}`}>
                  <code dir="ltr">{path === '' ? '/' : path}</code> <bdi>{upper(detail)}</bdi>
                </li>
              ))}
              {problems.length > MOST && <li>{said.more(problems.length - MOST)}</li>}
            </ul>
          </>
        )}
      </div>
    </div>
  )
}
