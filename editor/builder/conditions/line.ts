/** One line of a condition while it is read: what stands in it, and how a change of it is put back. */
import type { Path } from '../../../engine/index.ts'
import { typedNumber } from '../steps/typed.ts'
import type { Around } from './around.ts'
import type { Raw } from './json.ts'
import type { Spoken } from './parts.ts'

export interface Reading {
  /** The condition of the line without a "not" around it. */
  readonly raw: Raw
  readonly negated: boolean
  /** JSON Pointer from the line to `raw`. */
  readonly base: string
  readonly around: Around
  /** The line with another condition in it, turned round or not; as it is now unless said otherwise. */
  readonly write: (raw: Raw, negated?: boolean) => Raw
}

export interface Sentence {
  readonly form: FormId
  readonly words: Spoken
  /** Conditions on what is counted, where they are too many for the sentence: edited below it. */
  readonly where?: {
    readonly path: Path
    readonly event: string
    /** The line with other conditions there; undefined: with none. */
    readonly write: (where: Raw | undefined) => Raw
  }
  /** Adds conditions on what is counted, where there are none. */
  readonly addWhere?: () => Raw
}

export const FORM_IDS = [
  'silent',
  'field',
  'event',
  'crossed',
  'never',
  'count',
  'lastClicked',
  'list',
  'segment',
  'message',
  'everybody',
  'foreign',
] as const
export type FormId = (typeof FORM_IDS)[number]

/** Reads a line as its form, or undefined where it has another. */
export type Form = (reading: Reading) => Sentence | undefined

/** A number as it is typed, or the text as long as it is none; what is empty is absent. */
export function numberOrNone(text: string): number | string | undefined {
  return text.trim() === '' ? undefined : typedNumber(text)
}
