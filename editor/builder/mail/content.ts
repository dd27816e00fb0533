/**
 * What stands in the params of a message, whatever it is: a draft may say anything, and what cannot be read here stays as
 * it is. Pure.
 */
import type { Block } from '../../../engine/index.ts'

export interface Params {
  readonly [name: string]: unknown
}

/** How a mail is made. */
export const MAIL_FORMS = ['blocks', 'template', 'html'] as const
export type MailForm = (typeof MAIL_FORMS)[number]

export function mailForm(params: Params): MailForm {
  if ('template' in params) return 'template'
  return 'html' in params ? 'html' : 'blocks'
}

/** What belongs to one form alone, and goes when another is chosen. */
const PARTS: { readonly [Form in MailForm]: readonly string[] } = {
  blocks: ['subject', 'preview', 'body', 'foot'],
  template: ['template'],
  html: ['subject', 'html', 'text'],
}

/** The change that makes the mail of another form: empty, or as it was when it last had that form. */
export function changedForm(params: Params, form: MailForm, before: Params): Params {
  const gone = Object.fromEntries(MAIL_FORMS.flatMap((each) => PARTS[each]).map((part) => [part, undefined]))
  const subject = textOr(params['subject'], textOr(before['subject'], ''))
  const empty: { readonly [Form in MailForm]: Params } = {
    blocks: { subject, body: [] },
    template: { template: '' },
    html: { subject, html: '' },
  }
  const kept = Object.fromEntries(
    PARTS[form].flatMap((part) => (part in before ? [[part, before[part]]] : [])),
  )
  return { ...gone, ...empty[form], ...kept }
}

export function textOr(value: unknown, other: string): string {
  return typeof value === 'string' ? value : other
}

// ---- Blocks -----------------------------------------------------------------------------------------------------------

export const BLOCK_KINDS = ['heading', 'text', 'button', 'image'] as const
export type BlockKind = (typeof BLOCK_KINDS)[number]

/** What a new block begins as. */
export const NEW_BLOCK: { readonly [Kind in BlockKind]: Block } = {
  heading: { heading: '' },
  text: { text: '' },
  button: { button: '', url: '' },
  image: { image: '', alt: '' },
}

/** What kind a block is; undefined for what only its author can read. */
export function blockKind(block: unknown): BlockKind | undefined {
  if (typeof block !== 'object' || block === null) return undefined
  return BLOCK_KINDS.find((kind) => Object.hasOwn(block, kind))
}

export function bodyOf(params: Params): readonly unknown[] {
  return Array.isArray(params['body']) ? (params['body'] as readonly unknown[]) : []
}

export function withBlock(body: readonly unknown[], index: number, block: unknown): readonly unknown[] {
  return body.with(index, block)
}

export function withoutBlock(body: readonly unknown[], index: number): readonly unknown[] {
  return body.toSpliced(index, 1)
}

/** The body with a block moved by so many places; the same where there is no room. */
export function movedBlock(body: readonly unknown[], index: number, by: number): readonly unknown[] {
  const to = index + by
  if (to < 0 || to >= body.length) return body
  return body.toSpliced(index, 1).toSpliced(to, 0, body[index])
}
