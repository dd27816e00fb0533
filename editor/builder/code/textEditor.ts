/** CodeMirror as it is used here: JSON with the completion of journey files, in the colours of the page. */
import { autocompletion, startCompletion, type CompletionContext } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { Annotation, EditorState } from '@codemirror/state'
import { tags } from '@lezer/highlight'
import { basicSetup, EditorView } from 'codemirror'
import schema from '../../../journeys/journey.schema.json'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { suggestionsAt, type JsonSchema } from './completion.ts'
import { placeOf, rangeOf, type Range } from './places.ts'

export interface TextEditor {
  readonly text: () => string
  /** Another text takes the place, and where it is the same the cursor stays. */
  readonly show: (text: string) => void
  readonly mark: (problems: readonly JourneyProblem[]) => void
  /** Brings a part into view, unless somebody is typing here. */
  readonly reveal: (pointer: string) => void
  readonly destroy: () => void
}

/** Puts an editor into the element; `onTyped` is called for what a person changes, not for `show`. */
export function createTextEditor(parent: HTMLElement, text: string, onTyped: () => void): TextEditor {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        basicSetup,
        json(),
        autocompletion({ override: [complete] }),
        lintGutter(),
        syntaxHighlighting(COLOURS),
        LOOK,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': words.saving.code.label, dir: 'ltr', tabindex: '0' }),
        EditorState.phrases.of(words.saving.code.phrases),
        EditorView.updateListener.of(({ docChanged, transactions }) => {
          if (docChanged && transactions.every((one) => one.annotation(SHOWN) !== true)) onTyped()
        }),
      ],
    }),
  })
  const current = () => view.state.doc.toString()
  return {
    text: current,
    show: (next) => {
      const changes = changeBetween(current(), next)
      if (changes) view.dispatch({ changes, annotations: SHOWN.of(true) })
    },
    mark: (problems) => {
      const now = current()
      const diagnostics = problems.map(({ severity, detail, path, code }) => ({
        ...(code === 'json_syntax' ? syntaxPlace(now, detail) : rangeOf(now, path)),
        severity,
        message: detail,
      }))
      view.dispatch(setDiagnostics(view.state, diagnostics))
    },
    reveal: (pointer) => {
      if (view.hasFocus) return
      const { from } = rangeOf(current(), pointer)
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      })
    },
    destroy: () => view.destroy(),
  }
}

/** Marks what we show ourselves, so that it is not taken for typing. */
const SHOWN = Annotation.define<boolean>()

function changeBetween(before: string, after: string) {
  if (before === after) return null
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) }
}

/** The parser says it in words: "line 3, column 5: expected …". */
function syntaxPlace(text: string, detail: string): Range {
  const [, line = '1', column = '1'] = /^line (\d+), column (\d+)/.exec(detail) ?? []
  return placeOf(text, Number(line), Number(column))
}

function complete({ state, pos, explicit }: CompletionContext) {
  const text = state.doc.toString()
  const found = suggestionsAt(text, pos, schema as unknown as JsonSchema)
  // By itself only where something was begun.
  if (found === null || (!explicit && found.from === pos)) return null
  const begun = text.slice(found.from, pos).replace('"', '').toLowerCase()
  const rest = found.suggestions.filter(({ label }) => label.toLowerCase().includes(begun))
  return {
    from: found.from,
    to: found.to,
    // CodeMirror's own filter would compare with all that is written over, what stands behind the cursor included.
    filter: false,
    options: rest.map(({ label, text: apply, isRequired }) => ({
      label,
      apply: (view: EditorView, _: unknown, from: number, to: number) => write(view, apply, from, to),
      ...(isRequired && { detail: words.saving.code.required }),
    })),
  }
}

/** Writes a suggestion; where something belongs inside of it, the cursor goes there, and that is suggested next. */
function write(view: EditorView, insert: string, from: number, to: number): void {
  const isOpen = /(?:""|\{\}|\[\])$/.test(insert)
  const anchor = from + insert.length - (isOpen ? 1 : 0)
  view.dispatch({ changes: { from, to, insert }, selection: { anchor }, userEvent: 'input.complete' })
  if (isOpen) startCompletion(view)
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--mantine-color-tide-light-color)' },
  { tag: tags.string, color: 'var(--mantine-color-teal-light-color)' },
  { tag: tags.number, color: 'var(--mantine-color-orange-light-color)' },
  { tag: [tags.bool, tags.null], color: 'var(--mantine-color-grape-light-color)' },
])

const LOOK = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--surface)',
    fontSize: '12.5px',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)', paddingBlock: '12px' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    border: 'none',
    backgroundColor: 'var(--surface)',
    color: 'var(--mantine-color-dimmed)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--ground)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--mantine-color-tide-light)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--mantine-color-tide-light)',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-foldPlaceholder': {
    border: '1px solid var(--line-strong)',
    backgroundColor: 'var(--ground)',
    color: 'var(--mantine-color-dimmed)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--surface)',
    boxShadow: 'var(--shadow-raised)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '12.5px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--mantine-color-tide-light)',
    color: 'var(--mantine-color-tide-light-color)',
  },
  '.cm-completionDetail': { color: 'var(--mantine-color-dimmed)', fontStyle: 'normal' },
  '.cm-diagnostic': {
    padding: '6px 10px',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '13px',
    maxWidth: '60ch',
  },
  '.cm-textfield': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    padding: '3px 8px',
    backgroundColor: 'var(--surface)',
    color: 'var(--mantine-color-text)',
    fontSize: '13px',
  },
  '.cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    backgroundImage: 'none',
    color: 'var(--mantine-color-text)',
    fontSize: '13px',
  },
  '.cm-panel.cm-search': { padding: '8px 12px', fontFamily: 'var(--mantine-font-family)', fontSize: '13px' },
  '.cm-panel.cm-search label': { fontSize: '13px' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--mantine-color-text)', insetInlineEnd: '8px' },
  '.cm-panels': { backgroundColor: 'var(--ground)', color: 'var(--mantine-color-text)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
})
