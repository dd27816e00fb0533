/** Stored rows as clients see them: points instead of hundredths, ISO times, names instead of codes. Pure. */
import {
  delayInWords,
  formatInstant,
  inPoints,
  INTERNAL_EVENTS,
  parseDelay,
  type Channel,
  type Consent,
  type Contact,
  type Enrollment,
  type Entry,
  type Journey,
  type JsonObject,
  type MessageVerdict,
  type TraceLine,
} from '../../engine/index.ts'
import { contactOf } from '../store/contacts.ts'
import type { Kept } from '../messages/kept.ts'
import type { KeptRow } from '../store/mailbox.ts'
import type { MessageRow } from '../store/messageViews.ts'
import type { ContactsTable, JournalTable, LedgerTable } from '../store/schema.ts'

function timeOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at)
}

// ---- Contacts ----------------------------------------------------------------------------------------------------

export function contactView(row: ContactsTable) {
  const contact = contactOf(row)
  const { id, userId, email, attributes, lists, segments, stage, company, unreachable } = contact
  const { createdAt, lastActivityAt } = contact
  return {
    id,
    userId,
    email,
    attributes: { ...attributes, ...pointsOf(contact) },
    scores: Object.keys(contact.scores),
    lists,
    segments,
    stage,
    consent: {
      email: consentView(contact.consent.email),
      sms: consentView(contact.consent.sms),
      profiling: consentView(contact.consent.profiling),
    },
    company: company as JsonObject | null,
    unreachable,
    createdAt: formatInstant(createdAt),
    lastActivityAt: timeOrNull(lastActivityAt),
  }
}

function pointsOf({ scores }: Contact): { readonly [attribute: string]: number } {
  return Object.fromEntries(Object.entries(scores).map(([name, hundredths]) => [name, inPoints(hundredths)]))
}

function consentView({ status, at, source }: Consent) {
  return { status, at: timeOrNull(at), source }
}

/** A passage; its journey is the version it runs through, or undefined where that is gone. */
export function passageView(enrollment: Enrollment, journey: Journey | undefined) {
  const { id, version, step, due, enteredAt, ended } = enrollment
  return {
    id,
    journey: enrollment.journey,
    journeyName: journey?.meta.name ?? enrollment.journey,
    version,
    step,
    stepLabel: journey?.states[step]?.meta?.label ?? RESERVED_LABELS[step] ?? spokenId(step),
    enteredAt: formatInstant(enteredAt),
    due: timeOrNull(due),
    ended: ended && { at: formatInstant(ended.at), outcome: ended.outcome, reason: ended.reason },
  }
}

const RESERVED_LABELS: { readonly [step: string]: string } = { reached: 'Goal reached', exited: 'Left early' }

/** `caseStudy-mail` is "Case study mail". */
function spokenId(id: string): string {
  const spoken = id
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return spoken.charAt(0).toUpperCase() + spoken.slice(1)
}

export function lineView({ id, at, occurred_at, attribute, by, before, after, ...origin }: LedgerTable) {
  const { reason, event, journey, step, version } = origin
  const points = { by: inPoints(by), before: inPoints(before), after: inPoints(after) }
  const times = { at: formatInstant(at), occurredAt: formatInstant(occurred_at) }
  return { id, ...times, attribute, ...points, reason, event, journey, step, version }
}

// ---- Timeline ----------------------------------------------------------------------------------------------------

/** An entry of the journal; `subjects` are those of the messages it may be about, by id. */
export function happeningView(row: JournalTable, subjects: ReadonlyMap<string, string>) {
  const entry = entryOf(row)
  return {
    seq: row.seq,
    at: formatInstant(row.at),
    occurredAt: formatInstant(row.occurred_at),
    kind: entry.kind,
    name: nameOf(entry),
    late: entry.late,
    properties: propertiesOf(entry, subjects),
    failed: row.failed,
    trace: JSON.parse(row.trace) as readonly TraceLine[],
  }
}

export function entryOf({ entry }: JournalTable): Entry {
  return JSON.parse(entry) as Entry
}

/** What happened: an event by its name, all else in words. */
function nameOf(entry: Entry): string {
  switch (entry.kind) {
    case 'event':
      return entry.name
    case 'identify':
      return entry.creates ? 'Became known' : 'Details changed'
    case 'wake':
      return 'A wait is over'
    case 'message':
      return messageName(entry)
    case 'enter':
      return 'Put into a journey'
    case 'leave':
      return 'Taken out of a journey'
    case 'due': {
      const delay = parseDelay(entry.delay)
      return delay ? `A time has come: ${delayInWords(delay)}` : 'A time has come'
    }
    case 'admit':
      return 'Tried to enter a journey'
    case 'look':
      return entry.silent ? 'A segment was changed' : 'Segments were looked at again'
    case 'move':
      return 'Moved to a new version of a journey'
    case 'return':
      return 'Moved back: a new version was taken back'
    case 'score':
      return 'Points changed by hand'
    case 'retract':
      return 'Points taken back: a program had clicked'
    case 'consent':
      return CONSENT_NAMES[entry.status]
    case 'merge':
      return 'United with another contact'
  }
}

const CONSENT_NAMES = {
  subscribed: 'Agreed to messages',
  unsubscribed: 'Unsubscribed',
  unknown: 'Consent was withdrawn from the record',
} as const

/** What became of a message, where no event has a name for it. */
const VERDICTS: { readonly [channel in Channel]: { readonly [verdict in MessageVerdict]?: string } } = {
  email: { skipped: 'E-mail was not sent', uncertain: 'Nobody knows whether an e-mail arrived' },
  sms: { skipped: 'SMS was not sent', uncertain: 'Nobody knows whether an SMS arrived' },
  webhook: { sent: 'Webhook was called', skipped: 'Webhook was not called' },
  notice: {
    sent: 'The team was told',
    failed: 'The team could not be told',
    skipped: 'The team was not told',
  },
}
const MESSAGES: { readonly [channel in Channel]: string } = {
  email: 'E-mail',
  sms: 'SMS',
  webhook: 'Webhook',
  notice: 'Notice to the team',
}

function messageName({ channel = 'email', verdict, machine }: Extract<Entry, { kind: 'message' }>): string {
  if (machine) return `A program, not the person, ${verdict === 'opened' ? 'opened' : 'clicked in'} an e-mail`
  const name = `${channel}.${verdict}`
  return Object.hasOwn(INTERNAL_EVENTS, name) ? name : (VERDICTS[channel][verdict] ?? MESSAGES[channel])
}

/** What came with it, for people: no ids of ours. */
function propertiesOf(entry: Entry, subjects: ReadonlyMap<string, string>): JsonObject | null {
  switch (entry.kind) {
    case 'event':
      return entry.properties
    case 'identify':
      return entry.identification.attributes ?? null
    case 'message': {
      const { message, link, reason, stored } = entry
      const subject = subjects.get(message)
      return {
        ...(subject !== undefined && { subject }),
        ...(link !== undefined && { link }),
        ...(reason !== undefined && { reason }),
        ...stored,
      }
    }
    case 'enter':
      return { journey: entry.journey, ...entry.properties }
    case 'leave':
      return { journey: entry.journey, reason: entry.reason }
    case 'move':
      return { journey: entry.journey, version: entry.version }
    case 'score':
      return { attribute: entry.attribute, ...entry.change, reason: entry.reason }
    case 'consent':
      return { purpose: entry.purpose, status: entry.status, source: entry.reason }
    case 'due':
      return { journey: entry.journey }
    case 'admit':
      return { journey: entry.journey, event: entry.event, ...entry.properties }
    case 'wake':
    case 'look':
    case 'retract':
    case 'return':
    case 'merge':
      return null
  }
}

// ---- Messages ----------------------------------------------------------------------------------------------------

export function messageView(row: MessageRow) {
  const { id, contact_id, to_address, subject, journey, version, step, status, reason, attempts } = row
  const what = {
    id,
    channel: row.channel,
    contactId: contact_id,
    to: to_address,
    subject,
    journey,
    version,
    step,
  }
  return {
    ...what,
    status,
    reason,
    at: formatInstant(row.created_at),
    sentAt: timeOrNull(row.sent_at),
    attempts,
  }
}

/** A message that was kept here: of an SMS its `segments`, of a call its `method`. */
export function mailView(row: KeptRow) {
  const { html, text, headers, messageId, segments, encoding, method } = JSON.parse(row.content) as Kept
  return {
    id: row.id,
    channel: row.channel,
    to: row.to_address,
    subject: row.subject,
    html: html ?? null,
    text,
    headers: headers ?? {},
    contactId: row.contact_id,
    journey: row.journey,
    step: row.step,
    messageId: messageId ?? null,
    at: formatInstant(row.sent_at ?? row.created_at),
    ...(segments !== undefined && { segments, encoding }),
    ...(method !== undefined && { method }),
  }
}
