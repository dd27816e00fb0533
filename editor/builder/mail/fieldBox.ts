/**
 * A text with fields as an editable element of the page, and back. What is shown and what is stored are one: a field's
 * piece carries its source, a line break is a `<br>`, all else is text.
 */
import { fieldName, isSure, textParts, type Field } from './fields.ts'
import { words } from '../../words.ts'

/** Shows a source in the element. */
export function showSource(box: HTMLElement, source: string): void {
  box.replaceChildren(...nodesOf(source))
  // A last line that is empty has no height without something behind it.
  if (source.endsWith('\n')) box.append(document.createElement('br'))
}

/** The source that the element shows. */
export function shownSource(box: Node): string {
  const source = sourceOf(box)
  // What browsers put behind the last line so that it has a height.
  return box.lastChild instanceof HTMLBRElement ? source.slice(0, -1) : source
}

function sourceOf(node: Node): string {
  return Array.from(node.childNodes, (child, index) => {
    if (child instanceof Text) return child.data
    if (!(child instanceof HTMLElement)) return ''
    if (child.dataset['source'] !== undefined) return child.dataset['source']
    if (child instanceof HTMLBRElement) return '\n'
    const isLine = index > 0 && /^(?:DIV|P)$/.test(child.tagName)
    return (isLine ? '\n' : '') + sourceOf(child)
  }).join('')
}

function nodesOf(source: string): readonly Node[] {
  return textParts(source).flatMap((part): readonly Node[] =>
    part.type === 'field'
      ? [pieceOf(part.source, part.field)]
      : part.source.split('\n').flatMap((line, index) => {
          const text = line === '' ? [] : [document.createTextNode(line)]
          return index === 0 ? text : [document.createElement('br'), ...text]
        }),
  )
}

/** A field as one piece: it is selected, moved over and deleted as a whole, and opened by a click or Enter. */
function pieceOf(source: string, field: Field): HTMLElement {
  const piece = document.createElement('span')
  piece.contentEditable = 'false'
  piece.dataset['source'] = source
  piece.tabIndex = 0
  piece.setAttribute('role', 'button')
  const label = fieldName(field.name)
  const name = document.createElement('bdi')
  name.textContent = label
  piece.append(name)
  if (field.fallback !== undefined && field.fallback !== '') {
    const other = document.createElement('bdi')
    other.dataset['fallback'] = ''
    other.textContent = field.fallback
    piece.append(other)
  }
  if (field.fallback === undefined && !isSure(field.name)) piece.dataset['bare'] = ''
  piece.setAttribute(
    'aria-label',
    field.fallback === undefined
      ? isSure(field.name)
        ? label
        : words.mail.fields.bareChip(label)
      : words.mail.fields.chip(label, field.fallback),
  )
  return piece
}

/** Puts a source where the caret is, in place of what is selected, so that the browser's own undo takes it back. */
export function insertSource(source: string): void {
  const box = document.createElement('div')
  box.append(...nodesOf(source))
  document.execCommand('insertHTML', false, box.innerHTML)
  leavePiece()
}

/** Browsers put the caret behind the last letter, which is in a field's piece, where nobody can write. */
function leavePiece(): void {
  const selection = document.getSelection()
  const node = selection?.anchorNode
  const piece = (node instanceof Element ? node : node?.parentElement)?.closest('[data-source]')
  if (!selection || !piece) return
  const range = document.createRange()
  range.setStartAfter(piece)
  selection.removeAllRanges()
  selection.addRange(range)
}

/** The source of what is selected in the element. */
export function selectedSource(box: HTMLElement): string {
  const range = rangeIn(box)
  return range ? sourceOf(range.cloneContents()) : ''
}

/** Where the caret is, or what is selected, in the element. */
export function rangeIn(box: HTMLElement): Range | undefined {
  const selection = document.getSelection()
  const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined
  return range && box.contains(range.commonAncestorContainer) ? range : undefined
}

/** Puts the caret where it was, or at the end. */
export function restoreRange(box: HTMLElement, range: Range | undefined): void {
  box.focus()
  const selection = document.getSelection()
  if (!selection) return
  const isThere = range !== undefined && box.contains(range.commonAncestorContainer)
  if (isThere) {
    selection.removeAllRanges()
    selection.addRange(range)
  } else {
    selection.selectAllChildren(box)
    selection.collapseToEnd()
  }
}
