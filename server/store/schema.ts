/**
 * The tables. Times are epoch milliseconds, scores whole hundredths, truth values 0 and 1, JSON is text. One row has one
 * owner file beside this one; the engine's own records are kept whole as JSON next to the columns that are searched.
 */
import type { Generated } from 'kysely'

/** Every contact as the engine knows it. `state` is the engine's `Contact` without what has a column of its own. */
export interface ContactsTable {
  id: string
  user_id: string | null
  email: string | null
  /** Small letters: address, user id and names, for the search box. */
  search: string
  score: number
  state: string
  created_at: number
  last_activity_at: number | null
  /** The contact that took this one over; its id still answers. */
  merged_into: string | null
}

/** Which contact an id stands for: user ids, addresses, anonymous ids. Each belongs to one contact. */
export interface IdentitiesTable {
  kind: 'user' | 'email' | 'anonymous'
  value: string
  contact_id: string
}

/** What an anonymous visitor did; it scores nothing (R1) until the visitor becomes known. */
export interface VisitorEventsTable {
  id: Generated<number>
  anonymous_id: string
  at: number
  occurred_at: number
  /** The part of the call that is said of whoever it was, as JSON. */
  call: string
}

/**
 * Everything that can change a contact, in order. Never rewritten, but for `contact_id`, which moves with a merge, and
 * `name`, which is emptied where a click turned out to be a machine's: then it counts no more.
 */
export interface JournalTable {
  seq: number
  contact_id: string
  /** Whom it was about when it was accepted. */
  subject: string
  kind: string
  /** What conditions count it as: the client's event name or `email.clicked`; null for other kinds. */
  name: string | null
  at: number
  occurred_at: number
  /** The engine's `Entry`, whole. */
  entry: string
  trace: string
  /** Why its cascade was rolled back; null for all that went well. */
  failed: string | null
}

export interface MessageIdsTable {
  key_id: string
  message_id: string
  at: number
}

export interface LedgerTable {
  id: string
  contact_id: string
  seq: number
  attribute: string
  by: number
  before: number
  after: number
  at: number
  occurred_at: number
  reason: string
  event: string
  journey: string | null
  version: number | null
  step: string | null
  enrollment: string | null
  key: string | null
}

/** One contact's passages. `state` is the engine's `Enrollment`; a wait is the `due_at` of a live one. */
export interface EnrollmentsTable {
  id: string
  contact_id: string
  journey: string
  version: number
  key: string | null
  step: string
  live: number
  /** Replayed up to a past day: no alarm of the server wakes it. */
  parked: number
  due_at: number | null
  entered_at: number
  ended_at: number | null
  outcome: string | null
  state: string
}

export interface ListsTable {
  name: string
  created_at: number
}

export interface ListMembersTable {
  list: string
  contact_id: string
}

export const MESSAGE_STATUSES = [
  'queued',
  'sending',
  'retry',
  'sent',
  'captured',
  'skipped',
  'failed',
  'uncertain',
] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

export interface MessagesTable {
  /** `<enrollment>/<step>/<visit>`: the promise that nothing is sent twice. */
  id: string
  contact_id: string
  enrollment: string
  journey: string
  version: number
  step: string
  visit: number
  message_type: string
  status: MessageStatus
  /** Why it was skipped, failed or is uncertain, in words. */
  reason: string | null
  attempts: number
  next_at: number | null
  created_at: number
  sent_at: number | null
  clicked_at: number | null
  trapped_at: number | null
  to_address: string | null
  subject: string | null
  /** Body and headers as SMTP got them or would have: kept for captured mail only. */
  content: string | null
}

export interface MessageLinksTable {
  message_id: string
  number: number
  url: string
}

export interface JourneysTable {
  id: string
  status: 'draft' | 'live' | 'paused' | 'archived'
  draft: string | null
  /** Counts up with every draft written: the ETag. */
  draft_revision: number
  version: number | null
  /** Why it is paused, where that was not a person. */
  paused_because: string | null
  updated_at: number
}

export interface JourneyVersionsTable {
  journey: string
  version: number
  document: string
  /** The templates it sends, as they were at publication. */
  templates: string
  published_at: number
}

/** From which place in the journal on a version lets contacts in: what `verify` folds by. Null: none does. */
export interface OpeningsTable {
  seq: number
  journey: string
  version: number | null
}

export interface TemplatesTable {
  name: string
  subject: string
  html: string
  text: string | null
  updated_at: number
}

export interface ProblemsTable {
  id: Generated<number>
  severity: 'error' | 'warning'
  code: string
  path: string
  detail: string
  at: number
  contact_id: string | null
  seq: number | null
  journey: string | null
  /** The same problem again counts here. */
  count: number
  open: number
}

export interface KeysTable {
  id: string
  kind: 'write' | 'api'
  name: string
  hash: string
  created_at: number
  revoked_at: number | null
}

export interface SessionsTable {
  hash: string
  expires_at: number
}

export interface LoginLinksTable {
  hash: string
  expires_at: number
}

export interface SettingsTable {
  name: string
  value: string
}

/** How far a file has been replayed, so that a killed replay goes on and a second one changes nothing. */
export interface ReplaysTable {
  source: string
  line: number
  clock: number
}

export interface Tables {
  contacts: ContactsTable
  identities: IdentitiesTable
  visitor_events: VisitorEventsTable
  journal: JournalTable
  message_ids: MessageIdsTable
  ledger: LedgerTable
  enrollments: EnrollmentsTable
  lists: ListsTable
  list_members: ListMembersTable
  messages: MessagesTable
  message_links: MessageLinksTable
  journeys: JourneysTable
  journey_versions: JourneyVersionsTable
  openings: OpeningsTable
  templates: TemplatesTable
  problems: ProblemsTable
  keys: KeysTable
  sessions: SessionsTable
  login_links: LoginLinksTable
  settings: SettingsTable
  replays: ReplaysTable
}
