/**
 * A mail that stands in the journey itself: a subject and blocks. Texts may be empty or wrong here, as they are while
 * somebody writes them: what is lacking `verify/mails.ts` says in words, and the rest of the journey stays readable.
 */
import { z } from 'zod'

/**
 * A part of a mail, told apart by its key. Texts may hold Liquid. In a `text` an empty line begins a new paragraph,
 * `**bold**` and `[words](https://…)` do what they look like; nothing else is markup.
 */
export type Block =
  | { readonly heading: string }
  | { readonly text: string }
  | { readonly button: string; readonly url: string }
  /** `alt` says what is to be seen, to those who do not see it; with `url` the picture is a link. */
  | { readonly image: string; readonly alt: string; readonly url?: string }

/** The contents of a mail that is made of blocks. */
export interface MailContent {
  readonly subject: string
  /** What the inbox shows after the subject, and nobody in the mail itself. */
  readonly preview?: string
  readonly body: readonly Block[]
  /** What stands below every mail, in its language. */
  readonly foot?: MailFoot
}
export interface MailFoot {
  /** Why somebody gets this mail. */
  readonly reason?: string
  /** What the link to unsubscribe says. */
  readonly unsubscribe?: string
}

/** More is a brochure; the mail would be cut by those who receive it. */
export const MAX_BLOCKS = 100

const address = z.string().max(2000)
const line = z.string().max(500)
const block = z.union(
  [
    z.strictObject({ text: z.string().max(10_000) }),
    z.strictObject({ heading: line }),
    z.strictObject({ button: line, url: address }),
    z.strictObject({ image: address, alt: line, url: address.exactOptional() }),
  ],
  'a block: { "heading" }, { "text" }, { "button", "url" } or { "image", "alt" }',
)

export const subject = z.string().max(998)
export const mailContent = {
  subject,
  preview: line.exactOptional(),
  body: z
    .array(block)
    .max(MAX_BLOCKS)
    .refine((blocks) => JSON.stringify(blocks).length <= 100_000, 'blocks of at most 100,000 characters'),
  foot: z.strictObject({ reason: line.exactOptional(), unsubscribe: line.exactOptional() }).exactOptional(),
}
