/** `If-Match` and `If-None-Match` of what writes a draft: nobody's changes are lost by writing over them. */
import type { Context } from 'hono'
import type { DraftKept, Expected } from '../runtime/drafts.ts'
import { refuse } from './problem.ts'

/** What the writer says of the draft that is there. `If-None-Match: *` says that there is no such journey yet. */
export function expectedOf(c: Context): Expected {
  return { match: c.req.header('if-match'), none: c.req.header('if-none-match')?.trim() === '*' }
}

/** Says why a draft was not written. */
export function refuseWriting(c: Context, id: string, { why, etag }: DraftKept) {
  switch (why) {
    case 'if_match_missing':
      return refuse(c, why, null, etag)
    case 'changed_meanwhile':
      return refuse(c, why, null, etag, c.req.header('if-match') ?? '')
    case 'id_taken':
      return refuse(c, why, '/id', id)
  }
}
