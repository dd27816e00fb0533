/** What conditions are made of, in lists: menus, words and types come from these. */
import type { Operator } from '../../../engine/index.ts'

/** How the members of a group belong together; `none` is `{ "not": { "any": … } }`, `notAll` is `{ "not": { "all": … } }`. */
export const MODES = ['all', 'any', 'none', 'notAll'] as const
export type Mode = (typeof MODES)[number]

/** Where one looks for what one can ask. */
export const ASK_GROUPS = [
  'contact',
  'score',
  'lists',
  'emails',
  'website',
  'events',
  'company',
  'journey',
] as const
export type AskGroup = (typeof ASK_GROUPS)[number]

/** In which time something is counted. */
export const WINDOWS = ['ever', 'within', 'entering'] as const
export type Window = (typeof WINDOWS)[number]

/** How a page's path is compared. */
export const PAGE_MATCHES = ['any', '=', 'starts with', 'contains', 'ends with', '!='] as const
export type PageMatch = (typeof PAGE_MATCHES)[number]

/**
 * An operator as the menu has it: `not:` where the condition is turned round (then it holds for a missing value too),
 * `ago:` where a date is compared with so long before now.
 */
export type FieldOperator = `${'' | 'not:'}${'' | 'ago:'}${Operator}`

/** Events of ours that are counted, and that a sentence says with a verb of its own. */
export const COUNTED_PHRASES = [
  'email.sent',
  'email.delivered',
  'email.opened',
  'email.clicked',
  'email.bounced',
  'email.failed',
  'email.complained',
  'email.unsubscribed',
  'sms.sent',
  'sms.delivered',
  'sms.clicked',
  'sms.failed',
  'sms.stopped',
  'webhook.failed',
] as const
export type CountedPhrase = (typeof COUNTED_PHRASES)[number]
