/**
 * A text with fields. A field is one piece that says what it shows and what stands there for somebody who has none; the
 * text itself is the file's, letter by letter. What experts write as Liquid stays text.
 */
import { ActionIcon, Input } from '@mantine/core'
import { IconBold, IconLink } from '@tabler/icons-react'
import { useId, useLayoutEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { words } from '../../words.ts'
import { insertSource, rangeIn, restoreRange, selectedSource, showSource, shownSource } from './fieldBox.ts'
import { FieldMenu, type FieldQuestion } from './FieldMenu.tsx'
import { fieldOf, fieldSource, type Field, type FieldGroup } from './fields.ts'
import { LinkMenu } from './LinkMenu.tsx'
import type { Reason } from './reasons.ts'
import styles from './Mail.module.css'

export interface FieldTextProps extends Reason {
  readonly label: string
  readonly hint?: string | undefined
  /** Its label stands somewhere else to be seen. */
  readonly isLabelled?: boolean
  readonly placeholder?: string | undefined
  readonly value: string
  readonly onChange: (source: string) => void
  readonly fields: readonly FieldGroup[]
  readonly lines?: number
  /** Whether parts of it may be bold and lead somewhere. */
  readonly hasMarkup?: boolean
}

export function FieldText({
  label,
  hint,
  error,
  warning,
  isLabelled = false,
  placeholder,
  value,
  onChange,
  fields,
  lines = 1,
  hasMarkup = false,
}: FieldTextProps) {
  const id = useId()
  const ref = useRef<HTMLDivElement>(null)
  const box = useBox(ref, value, onChange)
  const [question, setQuestion] = useState<FieldQuestion | null>(null)
  const [linkWords, setLinkWords] = useState<string | null>(null)

  const openPiece = (target: EventTarget) => {
    const piece = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-source]') : null
    const field = piece ? fieldOf(piece.dataset['source'] ?? '') : undefined
    if (!piece || !field) return false
    setQuestion({ type: 'change', piece, field })
    return true
  }
  const put = (field: Field | null) => {
    if (question?.type === 'change') box.replace(question.piece, field === null ? null : fieldSource(field))
    else if (field !== null) box.insert(fieldSource(field))
    setQuestion(null)
  }

  const close = () => {
    setQuestion(null)
    box.enter()
  }

  return (
    <Input.Wrapper
      size="sm"
      label={label}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
      description={hint}
      descriptionProps={{ id: `${id}-hint` }}
      {...(error === undefined ? {} : { error })}
      errorProps={{ id: `${id}-reason` }}
      className={styles['field'] ?? ''}
      mod={{ labelled: isLabelled }}
    >
      <div className={styles['tools']}>
        {hasMarkup && (
          <>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={words.mail.blocks.bold}
              title={words.mail.blocks.bold}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => box.insert(`**${box.selected()}**`)}
            >
              <IconBold size={15} aria-hidden />
            </ActionIcon>
            <LinkMenu
              words={linkWords}
              onClose={() => {
                setLinkWords(null)
                box.enter()
              }}
              onPut={(text, url) => {
                box.insert(`[${text}](${url})`)
                setLinkWords(null)
              }}
            >
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={words.mail.blocks.link}
                title={words.mail.blocks.link}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => setLinkWords(linkWords === null ? box.selected() : null)}
              >
                <IconLink size={15} aria-hidden />
              </ActionIcon>
            </LinkMenu>
          </>
        )}
        {fields.length > 0 && (
          <FieldMenu
            groups={fields}
            of={label}
            question={question}
            onAsk={setQuestion}
            onClose={close}
            onPut={put}
          />
        )}
      </div>
      <div
        ref={ref}
        role="textbox"
        tabIndex={0}
        contentEditable
        suppressContentEditableWarning
        spellCheck
        dir="auto"
        className={styles['box']}
        style={{ minHeight: `${lines * 1.5 + 0.9}em` }}
        aria-labelledby={`${id}-label`}
        aria-multiline={lines > 1}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-hint ${id}-reason`}
        data-placeholder={placeholder}
        data-empty={value === '' || undefined}
        onInput={box.read}
        onBlur={box.settle}
        onPaste={(event) => box.paste(event, lines > 1)}
        onCopy={box.copy}
        onCut={box.copy}
        onDrop={(event) => event.preventDefault()}
        onClick={({ target }) => openPiece(target)}
        onKeyDown={(event) => {
          if ((event.key === 'Enter' || event.key === ' ') && openPiece(event.target))
            return event.preventDefault()
          return onKey(event, lines > 1)
        }}
      />
      {error === undefined && warning !== undefined && (
        <p className={styles['warning']} id={`${id}-reason`}>
          {warning}
        </p>
      )}
    </Input.Wrapper>
  )
}

/** A line break is a line break and nothing else, and there are no bold letters but those of the text. */
function onKey(event: KeyboardEvent<HTMLElement>, isLong: boolean): void {
  if (event.nativeEvent.isComposing) return
  if (event.key === 'Enter') {
    event.preventDefault()
    if (isLong) document.execCommand('insertLineBreak')
  }
  if ((event.ctrlKey || event.metaKey) && /^[biu]$/i.test(event.key)) event.preventDefault()
}

/** The editable element: it shows what is stored, and hands on what is typed. */
function useBox(
  ref: { readonly current: HTMLElement | null },
  value: string,
  onChange: (source: string) => void,
) {
  const shown = useRef<string>(undefined)
  const caret = useRef<Range>(undefined)

  // Only what was changed elsewhere (undone, say) is shown again: the caret stays where somebody types.
  useLayoutEffect(() => {
    if (ref.current && shown.current !== value) {
      showSource(ref.current, value)
      shown.current = value
    }
  }, [ref, value])

  const read = () => {
    if (!ref.current) return
    const source = shownSource(ref.current)
    if (source === shown.current) return
    shown.current = source
    onChange(source)
  }
  return {
    read,
    /** Keeps the caret for what is inserted by a menu; what was typed as Liquid becomes a piece where it is a field. */
    settle: () => {
      const box = ref.current
      if (!box) return
      caret.current = rangeIn(box)
      const typed = Array.from(box.childNodes).some(
        (node) => node instanceof Text && node.data.includes('{{'),
      )
      if (typed) showSource(box, shownSource(box))
    },
    /** Goes on where it was left. */
    enter: () => ref.current && restoreRange(ref.current, caret.current),
    insert: (source: string) => {
      const box = ref.current
      if (!box) return
      restoreRange(box, rangeIn(box) ?? caret.current)
      insertSource(source)
      read()
    },
    replace: (piece: HTMLElement, source: string | null) => {
      const box = ref.current
      if (!box?.contains(piece)) return
      const range = document.createRange()
      range.selectNode(piece)
      restoreRange(box, range)
      if (source === null) document.execCommand('delete')
      else insertSource(source)
      read()
    },
    selected: () => (ref.current ? selectedSource(ref.current) : ''),
    paste: (event: ClipboardEvent, isLong: boolean) => {
      event.preventDefault()
      const text = event.clipboardData.getData('text/plain').replaceAll(/\r\n?/g, '\n')
      insertSource(isLong ? text : text.replaceAll(/\s*\n\s*/g, ' '))
      read()
    },
    copy: (event: ClipboardEvent) => {
      if (!ref.current) return
      event.preventDefault()
      event.clipboardData.setData('text/plain', selectedSource(ref.current))
      if (event.type === 'cut') document.execCommand('delete')
      read()
    },
  }
}
