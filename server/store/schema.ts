/**
 * The tables. Times are epoch milliseconds, scores whole hundredths, truth values 0 and 1, JSON is text. One row has one
 * owner file beside this one; the engine's own records are kept whole as JSON next to the columns that are searched.
 */
import type { Generated } from 'kysely'
import type { Channel } from '../../engine/index.ts'

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
  'held',
  'discarded',
] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

export interface MessagesTable {
  /** `<enrollment>/<step>/<visit>`: the promise that nothing is sent twice. */
  id: string
  channel: Channel
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
  /** Truth value: it answers what the person just did. */
  answers: number
  /** Truth value: a person let it go, whatever the brakes say. */
  released: number
  /** When it was taken to be sent, or held back by a brake; null again where it reached nobody for certain. Brakes count by it. */
  counted_at: number | null
  /** While it is `sending`: until when its process, unless it says so again, is taken to be alive; the machine's time. */
  lease_until: number | null
  sent_at: number | null
  /** When the provider first said that it had arrived. */
  delivered_at: number | null
  clicked_at: number | null
  trapped_at: number | null
  to_address: string | null
  subject: string | null
  /** Body and headers as SMTP got them or would have: kept for captured mail only. */
  content: string | null
}

/** A mail that somebody sent to look at it, and that was kept here: no message of anybody's. */
export interface TestMailsTable {
  /** `test/…` */
  id: string
  /** As whom it was filled in. */
  contact_id: string | null
  to_address: string
  subject: string
  /** Body and headers as SMTP would have got them. */
  content: string
  created_at: number
}

export interface MessageLinksTable {
  message_id: string
  number: number
  url: string
}

/** `stopped`: nobody enters any more, and those inside finish. `archived`: nobody is inside, and it is out of sight. */
export const JOURNEY_STATUSES = ['draft', 'live', 'paused', 'stopped', 'archived'] as const
export type JourneyStatus = (typeof JOURNEY_STATUSES)[number]

export interface JourneysTable {
  id: string
  status: JourneyStatus
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
  /** The name of the key that published it; null: a person, or the installation itself. */
  published_by: string | null
  /** What taking it back makes current again; null: there was no version before. */
  replaces: number | null
  replaced_status: JourneyStatus | null
  /** Until then nothing of it goes out, and it can be taken back. */
  quiet_until: number | null
  taken_back_at: number | null
}

/** What is to be done with many people, in bounded turns; a row is gone once all of it is done. */
export interface JourneyWorkTable {
  id: Generated<number>
  kind: 'move' | 'leave' | 'letIn' | 'return' | 'settle'
  journey: string
  /** The version that was published, taken back or stopped. */
  version: number
  /** The last contact for whom it is done, in order of id; for what could be done twice. */
  done_to: string
  due_at: number
}

/** A passage as it was before a version took it along or ended it: what taking that version back restores. */
export interface TakenPassagesTable {
  enrollment: string
  journey: string
  version: number
  contact_id: string
  before_version: number
  /** The engine's `Enrollment`. */
  state: string
}

/** What would have let a contact into a paused journey. */
export interface HeldEntriesTable {
  id: Generated<number>
  journey: string
  contact_id: string
  at: number
  /** The entry that is tried once the journey goes on, as JSON, without its times. */
  entry: string
  /** Not before then: it could not be tried. */
  due_at: number | null
}

/** What becomes of what a pause held back, up to what was the last then. */
export interface HeldDecisionsTable {
  journey: string
  first_id: number
  last_id: number
  /** From when on it is tried, one after the other; null: it is deleted. */
  from_at: number | null
  /** So many milliseconds for each number between two. */
  step: number
}

/** For whom a journey failed, and when it did last. */
export interface FailingContactsTable {
  journey: string
  contact_id: string
  seq: number
  at: number
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
  /** What can be tried again and does not stand in the journal: the engine's `Happens`, as JSON. */
  entry: string | null
}

/** How many messages of each journey went out lately. Whoever changes the row sends for this journey alone meanwhile. */
export interface BrakesTable {
  journey: string
  /** `messages/brakes.ts` reads it. */
  counts: string
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

/** Another system whose webhooks are taken, and how they are read. */
export interface SourcesTable {
  name: string
  auth: string
  /** What signatures are made with; of a bearer token only its SHA-256. */
  secret: string
  /** As JSON. */
  mapping: string
  created_at: number
  updated_at: number
}

/** A group of contacts by a condition, as JSON. */
export interface SegmentsTable {
  name: string
  condition: string
  created_at: number
  updated_at: number
}

/** From which place in the journal on a segment meant what: what `verify` folds by. Null: it is gone. */
export interface SegmentVersionsTable {
  seq: number
  name: string
  condition: string | null
}

export interface SegmentMembersTable {
  segment: string
  contact_id: string
}

/** When a trigger by date or inactivity may let a contact in next. */
export interface DuesTable {
  contact_id: string
  journey: string
  delay: string
  /** What was over by then lets in nobody any more. */
  after_at: number
  /** When to look: no later than it is due. */
  due_at: number
}

/** What goes through all contacts, in bounded turns. */
export interface RoundsTable {
  kind: 'changed' | 'daily' | 'schedule' | 'dues'
  /** Empty for those that are about no journey. */
  journey: string
  delay: string
  /** When it begins, or when it should have begun; null: not again. */
  due_at: number | null
  /** The last contact for whom it is done, in order of id. */
  done_to: string
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
  test_mails: TestMailsTable
  journeys: JourneysTable
  journey_versions: JourneyVersionsTable
  openings: OpeningsTable
  journey_work: JourneyWorkTable
  taken_passages: TakenPassagesTable
  held_entries: HeldEntriesTable
  held_decisions: HeldDecisionsTable
  failing_contacts: FailingContactsTable
  templates: TemplatesTable
  problems: ProblemsTable
  keys: KeysTable
  sessions: SessionsTable
  login_links: LoginLinksTable
  settings: SettingsTable
  replays: ReplaysTable
  sources: SourcesTable
  segments: SegmentsTable
  segment_versions: SegmentVersionsTable
  segment_members: SegmentMembersTable
  dues: DuesTable
  rounds: RoundsTable
  brakes: BrakesTable
}
