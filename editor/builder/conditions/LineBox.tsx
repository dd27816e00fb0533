/** One line: a sentence with its parts as menus and fields, and what is wrong with it. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconFolder, IconX } from '@tabler/icons-react'
import { Fragment, useId } from 'react'
import { pointer, type Json } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { isNothingChosen } from '../document/newStep.ts'
import styles from './Conditions.module.css'
import type { Editing } from './editing.ts'
import { valueAt, type Raw } from './json.ts'
import { PartField } from './PartField.tsx'
import { isAbout, isTyped, reasonsOf, type Fault } from './reasons.ts'
import { Reasons } from './Reasons.tsx'
import { saidOf } from './sentences.ts'
import type { Line } from './tree.ts'

const { conditions } = words

export function LineBox({ line, editing }: { readonly line: Line; readonly editing: Editing }) {
  const { path, sentence } = line
  const place = pointer(path)
  const reasonsId = useId()
  const own = editing.faults.get(place) ?? []
  const faults = editing.fresh === place ? own.filter((fault) => isTyped(line, fault)) : own
  const reasons = reasonsOf(line, faults)
  const said = saidOf(sentence)
  const change = (next: Raw, typed?: string) => editing.change(path, next, typed)
  const { addWhere } = sentence
  return (
    <div className={styles['line']} data-line={place} role="group" aria-label={said}>
      <div className={styles['sentence']} dir="auto">
        {sentence.words.map((piece, index) =>
          typeof piece === 'string' ? (
            // oxlint-disable-next-line react/no-array-index-key -- words have no identity but their place
            <Fragment key={index}>{textBetween(piece, index)}</Fragment>
          ) : (
            <Fragment key={piece.id}>
              {index > 0 && typeof sentence.words[index - 1] !== 'string' && ' '}
              <PartField
                part={piece}
                change={change}
                isWrong={piece.isDoubtful === true || faults.some((fault) => isAbout(piece, line, fault))}
                describedBy={reasons.length > 0 ? reasonsId : undefined}
              />
            </Fragment>
          ),
        )}
        {addWhere && (
          <button type="button" className={styles['detail']} onClick={() => change(addWhere())}>
            {conditions.addDetail}
          </button>
        )}
      </div>
      <LineTools line={line} said={said} editing={editing} />
      <Reasons reasons={reasons} id={reasonsId} />
      <Where line={line} editing={editing} faults={own} change={change} />
    </div>
  )
}

/** Words between parts, which stand apart by a blank; what begins with a comma does not. An "e-mail" stays on its line. */
function textBetween(text: string, index: number): string {
  const apart = index === 0 || /^[,.;:!?]/.test(text) ? '' : ' '
  return `${apart}${text.replaceAll('-', '\u2011')} `
}

function LineTools({
  line: { path },
  said,
  editing,
}: {
  readonly line: Line
  readonly said: string
  readonly editing: Editing
}) {
  return (
    <div className={styles['lineTools']}>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={conditions.more(said)}>
            <IconDots size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown data-conditions-menu>
          <Menu.Item leftSection={<IconCopy size={15} aria-hidden />} onClick={() => editing.duplicate(path)}>
            {conditions.duplicate}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolder size={15} aria-hidden />} onClick={() => editing.enclose(path)}>
            {conditions.enclose}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={conditions.remove(said)}
        onClick={() => editing.remove(path, said)}
      >
        <IconX size={15} aria-hidden />
      </ActionIcon>
    </div>
  )
}

/** Conditions on what is counted, as an editor of their own. */
function Where({
  line: { path, value, sentence },
  editing: { around, inside },
  faults,
  change,
}: {
  readonly line: Line
  readonly editing: Editing
  readonly faults: readonly Fault[]
  readonly change: (next: Raw, typed?: string) => void
}) {
  const { where } = sentence
  if (!where) return null
  const place = pointer([...path, ...where.path])
  const own = faults
    .filter((fault) => fault.path === place || fault.path.startsWith(`${place}/`))
    .map((fault) => ({ ...fault, path: fault.path.slice(place.length) }))
  const document: Json = valueAt(value, where.path) ?? null
  return (
    <div className={styles['where']}>
      <div className={styles['between']}>{conditions.details}</div>
      {inside({
        value: document,
        onChange: (next, part) =>
          change(where.write(isNothingChosen(next) ? undefined : next), `where ${part}`),
        around: { ...around, scope: 'where', event: where.event },
        faults: own,
        label: conditions.details,
      })}
    </div>
  )
}
