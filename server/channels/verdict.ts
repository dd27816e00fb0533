/** What became of one attempt to send something: the one shape for all channels. `detail` is a sentence for the timeline. */
import type { Json } from '../../engine/index.ts'

export type Verdict =
  /** Taken. `answer` is the JSON that came back, where the channel brings one. */
  | { readonly type: 'sent'; readonly response: string; readonly answer?: Json }
  /** Certainly not taken, or fit to be repeated, and may go later: not before `after` milliseconds where the receiver says so. */
  | { readonly type: 'retry'; readonly detail: string; readonly after?: number }
  /** Certainly not taken, and never will be; `bounced`: nobody is at this address; `stopped`: the person wants no SMS. */
  | {
      readonly type: 'failed'
      readonly reason: 'refused' | 'bounced' | 'stopped'
      readonly detail: string
    }
  /** We do not know whether it arrived. */
  | { readonly type: 'uncertain'; readonly detail: string }

/** What a server says may have several lines, and be long. */
export function inOneLine(text: string, longest = 500): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, longest)
}
