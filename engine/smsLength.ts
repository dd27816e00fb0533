/**
 * How many SMS a text is, as networks count and providers charge. A text of the GSM alphabet takes seven bits a letter,
 * any other sixteen; where one SMS is not enough, each part spends some room on saying which part it is.
 */

export interface SmsLength {
  readonly encoding: 'GSM-7' | 'UCS-2'
  /** The first letter that no SMS of seven bits has; undefined where all of them fit. */
  readonly because: string | undefined
  /** How many SMS it is. */
  readonly segments: number
  /** Places that are taken, of those that so many SMS have. */
  readonly used: number
  readonly room: number
}

/** More is a letter: and each part costs. */
export const MOST_SEGMENTS = 10

/** 3GPP TS 23.038 section 6.2.1, without the escape that leads to the second table. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** The second table (section 6.2.1.1): each of these takes two places. */
const EXTENSION = new Set('\f^{}\\[~]|€')

/** Letters that fit into an SMS that is alone, and into a part of a longer one. */
export const SMS_ROOM = {
  'GSM-7': { alone: 160, part: 153 },
  'UCS-2': { alone: 70, part: 67 },
} as const

/**
 *     smsLengthOf('Hello')          // { encoding: 'GSM-7', because: undefined, segments: 1, used: 5, room: 160 }
 *     smsLengthOf('ç'.repeat(71))   // { encoding: 'UCS-2', because: 'ç', segments: 2, used: 71, room: 134 }
 */
export function smsLengthOf(text: string): SmsLength {
  const letters = Array.from(text)
  const because = letters.find((letter) => !BASIC.has(letter) && !EXTENSION.has(letter))
  const isGsm = because === undefined
  const encoding = isGsm ? 'GSM-7' : 'UCS-2'
  const sizes = letters.map((letter) => (isGsm ? (EXTENSION.has(letter) ? 2 : 1) : letter.length))
  const { alone, part } = SMS_ROOM[encoding]
  const used = sizes.reduce((sum, size) => sum + size, 0)
  const segments = used <= alone ? 1 : partsOf(sizes, part)
  return { encoding, because, segments, used, room: segments === 1 ? alone : segments * part }
}

/** What takes two places is never cut in the middle: where only one is left, it goes into the next part. */
function partsOf(sizes: readonly number[], room: number): number {
  let [parts, used] = [1, 0]
  for (const size of sizes) {
    if (used + size > room) [parts, used] = [parts + 1, 0]
    used += size
  }
  return parts
}
