/** What a command is: a draft goes in, the changed draft comes out, or the reason why not. Pure. */
import type { Draft } from './draft.ts'

/** Why a command does nothing; `words.refusals` has the sentences. */
export const REFUSALS = [
  /** What the command is about is not there (any more). */
  'gone',
  /** Steps follow here, and nothing can follow a step of this kind. */
  'nothing_follows',
  /** It ends here already. */
  'ends_already',
  /** Several ways lead on: a person has to say which of them stays. */
  'which_branch',
  /** Fewer than two ways would be left. */
  'two_branches',
  /** The last way of a condition is "Everyone else" and stays the last. */
  'last_branch',
  /** More ways than anybody could read. */
  'too_many_branches',
  /** A step that waits has to wait for something. */
  'last_awaited',
  /** The first step cannot lead to itself at once. */
  'leads_to_itself',
  /** What was pasted holds no steps of a journey. */
  'no_steps',
] as const
export type RefusalReason = (typeof REFUSALS)[number]

export interface Refusal {
  readonly refused: RefusalReason
}

export type Changed = Draft | Refusal
/** Something to do to the draft as it is at that moment. */
export type Command = (draft: Draft) => Changed

export function isRefusal(changed: Changed): changed is Refusal {
  return 'refused' in changed
}

export function refused(reason: RefusalReason): Refusal {
  return { refused: reason }
}

/** Several commands as one; the first that is refused refuses all. */
export function inARow(...commands: readonly Command[]): Command {
  return (draft) => {
    let changed = draft
    for (const command of commands) {
      const next = command(changed)
      if (isRefusal(next)) return next
      changed = next
    }
    return changed
  }
}
