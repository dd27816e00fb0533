/** The parts of a sentence that one can change: what stands there now, and the condition after a change of it. */
import type { Raw } from './json.ts'

interface PartBase {
  /** The same as long as it is the same part of the same line, so that a field keeps its cursor. */
  readonly id: string
  /** What it is called for whoever does not see where it stands. */
  readonly label: string
  /** Where its value stands, as a JSON Pointer into the line. */
  readonly at: string
  /** What to do where it is missing or wrong. */
  readonly need: string
  /** Whether it is wrong although the file may say it: a text where only numbers were received. */
  readonly isDoubtful?: boolean
}

export interface Choice {
  readonly value: string
  readonly label: string
  readonly hint?: string
}

export interface ChoicePart extends PartBase {
  readonly kind: 'choice'
  readonly value: string
  readonly said: string
  readonly choices: readonly Choice[]
  readonly pick: (value: string) => Raw
}

/** A name out of many, which may also be one that nobody has seen yet. */
export interface NamePart extends PartBase {
  readonly kind: 'name'
  readonly value: string
  readonly said: string
  readonly choices: readonly Choice[]
  /** What is known of the name that stands there, where it is not simply known. */
  readonly mark: string | null
  /** A typed name as it would be kept; null where none may be typed. */
  readonly typed: (text: string) => string | null
  readonly pick: (value: string) => Raw
}

export interface TextPart extends PartBase {
  readonly kind: 'text'
  readonly value: string
  readonly placeholder: string
  readonly choices: readonly Choice[]
  /** Whether text and number are told apart by a switch beside it, and which it is now. */
  readonly type?: { readonly said: string; readonly label: string; readonly turn: () => Raw }
  readonly write: (text: string) => Raw
}

export interface NumberPart extends PartBase {
  readonly kind: 'number'
  /** As it was typed. */
  readonly value: string
  readonly placeholder: string
  readonly write: (text: string) => Raw
}

export interface DatePart extends PartBase {
  readonly kind: 'date'
  readonly value: string
  readonly write: (text: string) => Raw
}

export interface ListPart extends PartBase {
  readonly kind: 'list'
  readonly values: readonly string[]
  readonly placeholder: string
  readonly choices: readonly Choice[]
  /** Whether others than the choices may be typed. */
  readonly isOpen: boolean
  readonly write: (values: readonly string[]) => Raw
}

export type Part = ChoicePart | NamePart | TextPart | NumberPart | DatePart | ListPart

/** What is so or not so. */
export function yesNoPart(
  place: { readonly id: string; readonly label: string; readonly at: string },
  isYes: boolean,
  said: { readonly yes: string; readonly no: string },
  pick: (isYes: boolean) => Raw,
): ChoicePart {
  return {
    ...place,
    kind: 'choice',
    need: '',
    value: isYes ? 'yes' : 'no',
    said: isYes ? said.yes : said.no,
    choices: [
      { value: 'yes', label: said.yes },
      { value: 'no', label: said.no },
    ],
    pick: (value) => pick(value === 'yes'),
  }
}

/** A name that is kept as it was typed. */
export function typedName(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

/** Words and parts in their order. */
export type Spoken<One = Part> = readonly (string | One)[]

/** Where parts begin in the text of a sentence: a sign of the private use area, one for each part. */
const FIRST = 0xe000
const SIGN = /([\ue000-\uf8ff])/

/** Collects the parts of a sentence: `mark` gives the sign to put into the text, `spoken` takes the text apart again. */
export function collector<One = Part>() {
  const parts: One[] = []
  return {
    mark: (part: One): string => {
      parts.push(part)
      return String.fromCharCode(FIRST + parts.length - 1)
    },
    spoken: (text: string): Spoken<One> =>
      text.split(SIGN).flatMap((piece): Spoken<One> => {
        const part = SIGN.test(piece) ? parts[piece.charCodeAt(0) - FIRST] : undefined
        if (part) return [part]
        return piece.trim() === '' ? [] : [piece.trim()]
      }),
  }
}

/** What a part says, for a sentence without fields. */
export function saidBy(part: Part): string {
  switch (part.kind) {
    case 'choice':
    case 'name':
      return part.said
    case 'list':
      return part.values
        .map((value) => part.choices.find((choice) => choice.value === value)?.label ?? value)
        .join(', ')
    case 'text':
    case 'number':
    case 'date':
      return part.value
  }
}
