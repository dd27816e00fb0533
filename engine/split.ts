/**
 * Random splits without chance: a draw is made of the contact, the journey and the step, so that whoever comes again goes
 * the same way, in every process and every replay. Draws of different steps and journeys have nothing to do with each
 * other.
 */
import type { Branch, Share, Step } from './dialect/steps.ts'
import type { Journey } from './journey.ts'
import { kindOf } from './reading.ts'

/** A number from 0 to 99.99, in hundredths, as likely as any other. */
export function draw(contact: string, journey: string, step: string): number {
  return Math.floor((hash(`${journey}\n${step}\n${contact}`) / 2 ** 32) * 10_000) / 100
}

export function isInShare(drawn: number, { from, to }: Share): boolean {
  return from <= drawn && drawn < to
}

/**
 * 32 bits of a text: FNV-1a over its UTF-16 units, then the finish of MurmurHash3, after which every bit of the text
 * counts for every bit of the number. Never to be changed: people inside would change sides.
 */
function hash(text: string): number {
  let bits = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** A share by its size and its label, else by where it leads and its place: "50 % A", "10 % held out". */
export function shareInWords(journey: Journey, branch: Branch, { from, to }: Share, place: number): string {
  return `${Math.round((to - from) * 100) / 100} % ${shareName(journey, branch, place)}`
}

export function shareName({ states }: Journey, { target, meta }: Branch, place: number): string {
  const next = kindOf(states[target] as Step)
  const isHeldOut = next === 'end' || next === 'leave'
  return meta?.label ?? (isHeldOut ? 'held out' : letters(place))
}

/** A, B … Z, AA, AB … */
function letters(place: number): string {
  const before = Math.floor(place / 26)
  return `${before > 0 ? letters(before - 1) : ''}${String.fromCharCode(65 + (place % 26))}`
}
