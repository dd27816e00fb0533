/**
 * What a condition may look at, and facts as a condition or a cap sees them: what the shell loaded, and what the entry at
 * hand has added to it so far.
 */
import type { Contact, Enrollment, Fact, FactValues, JsonObject, LedgerEntry } from './contact.ts'
import type { Condition } from './dialect/conditions.ts'

/** What a condition may look at. */
export interface View {
  readonly contact: Contact
  readonly enrollment: Enrollment | null
  readonly event: Happened
  readonly now: number
  /** Where windows of time end: when the event at hand occurred. */
  readonly occurredAt: number
  /** When that happened what the entry at hand has contributed. */
  readonly happenedAt: number
  readonly zone: string
  /** What segments mean, by name. */
  readonly segments: ReadonlyMap<string, Condition>
  /** A fact as the shell loaded it; undefined while it is not loaded (the decision is then made again). */
  readonly loaded: <Type extends Fact['type']>(
    fact: Extract<Fact, { type: Type }>,
  ) => FactValues[Type] | undefined
  /** What the entry at hand has contributed so far, which no loaded fact contains: the third click counts itself. */
  readonly seq: number
  readonly happened: readonly Happened[]
  readonly ledger: readonly LedgerEntry[]
  readonly begun: readonly Enrollment[]
}

export interface Happened {
  readonly name: string
  readonly properties: JsonObject
}

/** Who is asked, and when, where nothing happens and no passage is at hand. `loaded` is asked for facts as ever. */
export type Outside = Pick<View, 'contact' | 'now' | 'zone' | 'segments' | 'loaded'>

/** What a condition may look at then; `properties` are those of the event, where one is made up. */
export function viewOutside(outside: Outside, properties: JsonObject = {}): View {
  return {
    ...outside,
    enrollment: null,
    event: { name: '', properties },
    occurredAt: outside.now,
    happenedAt: outside.now,
    seq: 0,
    happened: [],
    ledger: [],
    begun: [],
  }
}

type FactOf<Type extends Fact['type']> = Extract<Fact, { type: Type }>

/** The newest `last` e-mails that went out, newest first; undefined while not loaded. */
export function lastEmails(view: View, last: number): FactValues['emails'] | undefined {
  const loaded = view.loaded({ type: 'emails', last })
  if (!loaded) return undefined
  // What we say of our messages always names the message.
  const messages = (name: string) =>
    view.happened.flatMap((happened) =>
      happened.name === name ? [happened.properties['message'] as string] : [],
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
