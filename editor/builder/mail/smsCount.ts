/** How many SMS a text is while it is written. Pure. */
import { MOST_SEGMENTS, SMS_ROOM, smsLengthOf } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { textParts } from './fields.ts'

const say = words.mail.sms

export interface SmsCount {
  /** "152 of 160, one SMS" */
  readonly text: string
  /** More than goes out. */
  readonly isOver: boolean
  /** It may be longer for somebody. */
  readonly mayGrow: boolean
}

/** Counts a text with its fields as somebody reads it who has none of them. */
export function smsCount(source: string): SmsCount {
  const parts = textParts(source)
  const text = parts
    .map((part) => (part.type === 'field' ? (part.field.fallback ?? '') : part.source))
    .join('')
  const { encoding, because, used, room, segments } = smsLengthOf(text.trim())
  const count = segments === 1 ? say.one(used, room) : say.several(used, segments)
  const why = because === undefined ? '' : ` (${say.wide(whyWide(because), SMS_ROOM[encoding].alone)})`
  return {
    text: count + why,
    isOver: segments > MOST_SEGMENTS,
    mayGrow: parts.some(({ type, source }) => type === 'field' || source.includes('{{')),
  }
}

/** Which letters they are, or the one that is not in the simple alphabet. */
function whyWide(letter: string): string {
  const script = Object.entries(say.scripts).find(([name]) =>
    new RegExp(`\\p{Script=${name}}`, 'u').test(letter),
  )
  return script?.[1] ?? say.letter(letter)
}
