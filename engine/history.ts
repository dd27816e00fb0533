/**
 * A contact's whole history in memory: folding its journal in order gives the contact, its passages and its ledger, and
 * answers the facts that later entries ask for. The simulator runs on it, and `verify` compares it with the database.
 */
import { advance, type Advanced } from './advance.ts'
import type { Catalogue } from './catalogue.ts'
import { holds } from './conditions.ts'
import {
  compareIds,
  factKey,
  type Contact,
  type Enrollment,
  type Entry,
  type Fact,
  type Facts,
  type FactValues,
  type JsonObject,
  type LedgerEntry,
} from './contact.ts'
import { countedAs } from './entry.ts'
import type { Happened, View } from './facts.ts'
import type { Condition } from './dialect/conditions.ts'

export interface History {
  readonly contact: Contact
  /** Every passage ever, live ones included. */
  readonly enrollments: readonly Enrollment[]
  readonly ledger: readonly LedgerEntry[]
  /** What conditions can count: client events and what became of messages. */
  readonly events: readonly KeptEvent[]
  /** E-mails that went out, oldest first. */
  readonly emails: FactValues['emails']
  /** What was before it, where it does not begin at birth. */
  readonly before: Before | null
}

/** A past that is known by its answers only: the facts that the shell loaded, as of a place in the journal. */
export interface Before {
  readonly seq: number
  readonly facts: Facts
}

interface KeptEvent extends Happened {
  readonly seq: number
  readonly occurredAt: number
}

/** What one entry did, and the history with it; `failed` leaves the history as it was, but for the event itself. */
export interface Folded {
  readonly history: History
  readonly done: Advanced | { readonly failed: string }
}

export function newHistory(contact: Contact): History {
  return { contact, enrollments: [], ledger: [], events: [], emails: [], before: null }
}

/** Applies one entry. Pure. Of a history from birth on; for others see `foldOn`. */
export function fold(history: History, entry: Entry, journeys: Catalogue, zone: string): Folded {
  return foldOn(history, entry, journeys, zone) as Folded
}

/** The same; `needs` is what is missing of what was before. */
export function foldOn(
  before: History,
  entry: Entry,
  journeys: Catalogue,
  zone: string,
): Folded | { readonly needs: readonly Fact[] } {
  const history = entry.kind === 'retract' ? forgotten(before, entry.of) : before
  const enrollments = history.enrollments.filter(({ ended }) => ended === null)
  const decided = (facts: Facts): Folded['done'] | { readonly needs: readonly Fact[] } => {
    const result = advance({ contact: history.contact, enrollments, facts, journeys, entry, zone })
    if (!('needs' in result)) return result
    const known = history.before?.facts
    const missing = result.needs.filter((fact) => known && known[factKey(fact)] === undefined)
    return missing.length > 0 ? { needs: missing } : decided({ ...facts, ...answers(result.needs, history) })
  }
  const done = decided({})
  if ('needs' in done) return done
  return { history: remembered('failed' in done ? history : applied(history, done), entry), done }
}

/** The history of a contact that took another one over: what both did, in the order it was accepted. */
export function united(history: History, other: History): History {
  return {
    contact: history.contact,
    enrollments: [...history.enrollments, ...other.enrollments.filter(({ ended }) => ended !== null)],
    ledger: [...history.ledger, ...other.ledger].toSorted((a, b) => compareIds(a.id, b.id)),
    events: [...history.events, ...other.events].toSorted((a, b) => a.seq - b.seq),
    emails: [...history.emails, ...other.emails].toSorted((a, b) => a.sentAt - b.sentAt),
    before: history.before,
  }
}

function applied(history: History, { contact, enrollments, ledger }: Advanced): History {
  const changed = new Map(enrollments.map((enrollment) => [enrollment.id, enrollment]))
  const kept = history.enrollments.map((enrollment) => changed.get(enrollment.id) ?? enrollment)
  const known = new Set(history.enrollments.map(({ id }) => id))
  return {
    ...history,
    contact,
    enrollments: [...kept, ...enrollments.filter(({ id }) => !known.has(id))],
    ledger: [...history.ledger, ...ledger],
  }
}

/** Keeps what later conditions may count. An entry that failed still happened. */
function remembered(history: History, entry: Entry): History {
  const counted = countedAs(entry)
  if (!counted) return history
  const { seq, occurredAt } = entry
  const others = history.events.filter((event) => event.seq !== entry.replays)
  const events = [...others, { seq, occurredAt, ...counted }]
  return { ...history, events, emails: emailsAfter(history.emails, entry) }
}

function emailsAfter(emails: History['emails'], entry: Entry): History['emails'] {
  if (entry.kind !== 'message' || (entry.channel ?? 'email') !== 'email') return emails
  const { message, verdict, at } = entry
  // An entry that failed is run again, and its mail went out once.
  if (verdict === 'sent')
    return [...emails.filter((email) => email.message !== message), { message, sentAt: at, clicked: false }]
  return verdict === 'clicked'
    ? emails.map((email) => (email.message === message ? { ...email, clicked: true } : email))
    : emails
}

/** A click that turned out to be a machine's counts for no condition any more. */
function forgotten(history: History, seq: number): History {
  const events = history.events.filter((event) => event.seq !== seq)
  const clicked = new Set(
    events.filter(({ name }) => name === 'email.clicked').map(({ properties }) => properties['message']),
  )
  const emails = history.emails.map((email) => ({ ...email, clicked: clicked.has(email.message) }))
  return { ...history, events, emails }
}

// ---- Facts -------------------------------------------------------------------------------------------------------

function answers(facts: readonly Fact[], history: History): Facts {
  return Object.fromEntries(
    facts.map((fact) => {
      const key = factKey(fact)
      const own = answer(fact, history)
      return [key, history.before ? together(fact, history.before.facts[key], own) : own]
    }),
  )
}

/** What was before and what came since, as one answer. */
function together(fact: Fact, before: unknown, own: unknown): FactValues[Fact['type']] {
  switch (fact.type) {
    case 'count':
      return (before as number) + (own as number)
    case 'emails':
      return [...(own as FactValues['emails']), ...(before as FactValues['emails'])].slice(0, fact.last)
    case 'points': {
      const [a, b] = [before, own] as [FactValues['points'], FactValues['points']]
      return { sum: a.sum + b.sum, last: b.last ?? a.last }
    }
    case 'visits': {
      const [a, b] = [before, own] as [FactValues['visits'], FactValues['visits']]
      return { count: a.count + b.count, last: b.last ?? a.last }
    }
  }
}

function answer(fact: Fact, history: History): FactValues[Fact['type']] {
  switch (fact.type) {
    case 'count':
      return history.events.filter((event) => counts(fact, event)).length
    case 'emails':
      return history.emails.slice(-fact.last).toReversed()
    case 'points':
      return pointsIn(fact, history.ledger)
    case 'visits':
      return visitsIn(fact, history)
  }
}

function counts(fact: Extract<Fact, { type: 'count' }>, event: KeptEvent): boolean {
  const { after, until, sinceSeq } = fact
  const inWindow =
    event.occurredAt <= until &&
    (after === null || event.occurredAt > after) &&
    (sinceSeq === null || event.seq > sinceSeq)
  return inWindow && event.name === fact.event && matches(fact.where as Condition | null, event.properties)
}

/** Whether an event's properties meet the `where` of a count; null is met by all. The shell asks the same for its rows. */
export function matches(where: Condition | null, properties: JsonObject): boolean {
  return where === null || holds(where, { event: { name: '', properties } } as View)
}

function pointsIn(
  fact: Extract<Fact, { type: 'points' }>,
  ledger: readonly LedgerEntry[],
): FactValues['points'] {
  const { journey, step, key, after, until } = fact
  const lines = ledger.filter(
    (line) =>
      line.journey === journey &&
      line.step === step &&
      (key === null || line.key === key) &&
      line.occurredAt <= until &&
      (after === null || line.occurredAt > after),
  )
  return {
    sum: lines.reduce((sum, { by }) => sum + by, 0),
    last: latest(lines.map(({ occurredAt }) => occurredAt)),
  }
}

function visitsIn(
  { journey, key, until }: Extract<Fact, { type: 'visits' }>,
  { enrollments, before }: History,
): FactValues['visits'] {
  const visits = enrollments.filter(
    (passage) =>
      passage.journey === journey && passage.key === key && passage.seq > (before?.seq ?? -Infinity),
  )
  const times = visits.map(({ enteredAt }) => enteredAt)
  return { count: visits.length, last: latest(times.filter((enteredAt) => enteredAt <= until)) }
}

function latest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times)
}
