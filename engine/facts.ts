/** Facts as a condition or a cap sees them: what the shell loaded, and what the entry at hand has added to it so far. */
import type { View } from './conditions.ts'
import type { Fact, FactValues } from './contact.ts'

type FactOf<Type extends Fact['type']> = Extract<Fact, { type: Type }>

/** The newest `last` e-mails that went out, newest first; undefined while not loaded. */
export function lastEmails(view: View, last: number): FactValues['emails'] | undefined {
  const loaded = view.loaded({ type: 'emails', last })
  if (!loaded) return undefined
  const messages = (name: string) =>
    view.happened.flatMap((happened) =>
      happened.name === name ? [String(happened.properties['message'])] : [],
    )
  const clicked = new Set(messages('email.clicked'))
  const sent = messages('email.sent').map((message) => ({ message, sentAt: view.now, clicked: false }))
  return [...sent.toReversed(), ...loaded]
    .slice(0, last)
    .map((email) => (clicked.has(email.message) ? { ...email, clicked: true } : email))
}

/** What a step has given within a window, the entry's own lines included; undefined while not loaded. */
export function stepPointsOf(view: View, fact: FactOf<'points'>): FactValues['points'] | undefined {
  const loaded = view.loaded(fact)
  if (!loaded) return undefined
  const own = view.ledger.filter(
    (line) =>
      line.journey === fact.journey &&
      line.step === fact.step &&
      (fact.key === null || line.key === fact.key),
  )
  return {
    sum: own.reduce((sum, line) => sum + line.by, loaded.sum),
    last: own.at(-1)?.occurredAt ?? loaded.last,
  }
}

/** How often the contact entered a journey, and when last by the fact's time, this entry included; undefined while not loaded. */
export function visitsOf(view: View, fact: FactOf<'visits'>): FactValues['visits'] | undefined {
  const loaded = view.loaded(fact)
  if (!loaded) return undefined
  const own = view.begun.filter(
    (enrollment) => enrollment.journey === fact.journey && enrollment.key === fact.key,
  )
  return { count: loaded.count + own.length, last: own.at(-1)?.enteredAt ?? loaded.last }
}
