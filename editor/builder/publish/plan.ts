/** What is decided before the publish dialog asks, and what its button says. Pure. */
import { areDetails, changesOf, type Journey } from '../../../engine/index.ts'
import type { Inside, PreviewNumbers } from '../../answers.ts'
import { words } from '../../words.ts'

/** Above so many messages in a day the number of people is typed before it is published. */
const MOST_UNTYPED = 500

/**
 * What is chosen for the people inside before anybody chooses: they move along when only texts, points or delays changed
 * and every step that somebody is at remains; else they stay with the version they are in.
 */
export function preselected(published: Journey | null, draft: Journey, occupied: readonly string[]): Inside {
  const remains = (step: string) => Object.hasOwn(draft.states, step)
  return published !== null && areDetails(changesOf(published, draft)) && occupied.every(remains)
    ? 'move'
    : 'stay'
}

/** The steps at which somebody is now. */
export function occupiedOf(people: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(people).filter((step) => (people[step] ?? 0) > 0)
}

export interface Confirmation {
  readonly button: string
  /** The number that has to be typed; null: none. */
  readonly typed: number | null
}

/** What the button says: how many people get something today. Of a paused journey nobody gets anything yet. */
export function confirmationOf({ messages, people }: PreviewNumbers, paused: boolean): Confirmation {
  const { publish, publishAndMail, publishAndWrite } = words.publish.dialog
  const personal = messages.filter(({ channel }) => channel === 'email' || channel === 'sms')
  if (paused || people.today === 0) return { button: publish, typed: null }
  const areMails = personal.every(({ channel, today }) => channel === 'email' || today === 0)
  const total = personal.reduce((sum, { today }) => sum + today, 0)
  return {
    button: (areMails ? publishAndMail : publishAndWrite)(people.today),
    typed: total > MOST_UNTYPED ? people.today : null,
  }
}

/** Whether somebody typed the number, with or without what groups its digits: 1,204 and 1 204 and 1204. */
export function isTyped(text: string, expected: number): boolean {
  const digits = text.replaceAll(/[\s.,'’\u00a0\u202f]/gu, '')
  return /^\d+$/.test(digits) && Number(digits) === expected
}
