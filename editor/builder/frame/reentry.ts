/** When a journey has to ask how often somebody may enter. Pure. */
import { reentryOf } from '../../../engine/index.ts'
import type { Draft } from '../document/draft.ts'

/** Whether a journey neither waits nor sends, so that by itself everything counts. */
function isQuick(draft: Draft): boolean {
  return reentryOf({ ...draft, meta: { format: 1, name: '' } }).policy === 'parallel'
}

/**
 * Whether a change has put the first wait or message into a journey that let everybody in every time: side by side, each
 * would now wait and be written to several times.
 */
export function asksReentry(before: Draft, after: Draft): boolean {
  return isQuick(before) && !isQuick(after) && reentryOf(before).policy === 'parallel' && mayBeParallel(after)
}

/** Whether the question still stands. */
export function stillAsksReentry(draft: Draft): boolean {
  return !isQuick(draft) && mayBeParallel(draft)
}

function mayBeParallel({ meta: { reentry } }: Draft): boolean {
  return reentry === undefined || reentry.policy === 'parallel'
}
