/** What the server answers. Its own types stand for what is in its database; these are what goes over the wire. */
import type { Changes, Channel, ConsentStatus, Journey, Json, Stage, TraceLine } from '../engine/index.ts'

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

export interface Status {
  readonly now: string
  readonly sending: 'live' | 'captured' | 'sandbox'
  readonly sandbox: boolean
  readonly company: string
  readonly contacts: number
  readonly inJourneys: number
  readonly messages: Readonly<
    Record<'captured' | 'sent' | 'queued' | 'failed' | 'uncertain' | 'skipped' | 'held', number>
  >
  readonly problems: number
}

/** Whether messages leave, and what the brakes hold back. */
export interface Sending {
  readonly state: 'stopped' | 'sandbox' | 'kept' | 'live'
  readonly stopped: boolean
  readonly since: string | null
  readonly held: number
  readonly journeys: readonly { readonly journey: string; readonly held: number }[]
}

export interface JourneyProblem {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly path: string
  readonly detail: string
  /** What the sentence was made of, where something could be mended by it. */
  readonly data?: readonly (string | number | readonly string[])[]
}

export type JourneyStatus = 'draft' | 'live' | 'paused' | 'stopped' | 'archived'

export interface JourneySummary {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly stage: Stage | null
  readonly status: JourneyStatus
  readonly version: number | null
  readonly pausedBecause: string | null
  readonly sends: boolean
  readonly problems: readonly JourneyProblem[]
  /** How much of the draft is not published yet; null where there is none, or no version to compare it with. */
  readonly unpublishedChanges: number | null
  readonly counts: {
    readonly inside: number
    readonly entered: number
    readonly finished: number
    readonly goal: number
    readonly exited: number
    readonly steps: Readonly<Record<string, number>>
  }
}

export interface JourneyDetail extends JourneySummary {
  /** A draft may say anything: it has to be parsed before it is drawn. */
  readonly draft: unknown
  /** Counts up with each draft that is written; in quotation marks it is the ETag. */
  readonly revision: number
  readonly published: Journey | null
  /** Until when the newest version can be taken back. */
  readonly undoUntil: string | null
  /** What is still being done with the people of this journey. */
  readonly underWay: readonly ('leave' | 'letIn' | 'move' | 'return')[]
  /** Who would have entered while it is paused. */
  readonly held: number
}

/** A journey that came with this version, and what it needs. */
export interface ShippedJourney {
  readonly id: string
  readonly journey: Journey
  /** Whether there is a journey of this id already. */
  readonly exists: boolean
  readonly events: readonly string[]
  readonly lists: readonly string[]
  readonly templates: readonly { readonly name: string; readonly subject: string }[]
}

export interface Consent {
  readonly status: ConsentStatus
  readonly at: string | null
  readonly source: string | null
}

export interface Contact {
  readonly id: string
  readonly userId: string | null
  readonly email: string | null
  readonly attributes: Readonly<Record<string, Json>>
  readonly scores: readonly string[]
  readonly lists: readonly string[]
  readonly stage: Stage | null
  readonly consent: Readonly<Record<'email' | 'sms' | 'profiling', Consent>>
  readonly company: Json
  /** Why no mail reaches the address, where that is so. */
  readonly unreachable: 'bounced' | 'complained' | null
  readonly createdAt: string
  readonly lastActivityAt: string | null
}

export interface Passage {
  readonly id: string
  readonly journey: string
  readonly journeyName: string
  readonly version: number
  readonly step: string
  readonly stepLabel: string
  readonly enteredAt: string
  readonly due: string | null
  readonly ended: { readonly at: string; readonly outcome: string; readonly reason: string } | null
}

export interface ContactDetail extends Contact {
  readonly passages: readonly Passage[]
}

export interface ScoreEntry {
  readonly id: string
  readonly at: string
  readonly occurredAt: string
  readonly attribute: string
  readonly by: number
  readonly before: number
  readonly after: number
  readonly reason: string
  readonly event: string
  readonly journey: string | null
  readonly step: string | null
  readonly version: number | null
}

export interface ScoreHistory {
  readonly score: number
  readonly entries: readonly ScoreEntry[]
  readonly next: string | null
}

export interface TimelineEntry {
  readonly seq: number
  readonly at: string
  readonly occurredAt: string
  readonly kind: string
  readonly name: string
  readonly late: boolean
  readonly properties: Readonly<Record<string, Json>> | null
  readonly failed: string | null
  readonly trace: readonly TraceLine[]
}

/** A message that was kept here: a mail, an SMS, a call to another system, a notice to the team. */
export interface Mail {
  readonly id: string
  readonly channel: Channel
  readonly to: string
  readonly subject: string | null
  readonly html: string | null
  readonly text: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly contactId: string | null
  readonly journey: string | null
  readonly step: string | null
  readonly messageId: string | null
  readonly at: string
  /** Of an SMS. */
  readonly segments?: number
  /** Of a call. */
  readonly method?: string
}

export interface Problem {
  readonly id: string
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly path: string | null
  readonly detail: string
  readonly at: string
  readonly contactId: string | null
  readonly seq: number | null
  readonly journey: string | null
  readonly count: number
  /** Whether it can be tried again. */
  readonly replayable: boolean
}

export interface ContactList {
  readonly name: string
  readonly contacts: number
}

export type ValueType = 'text' | 'number' | 'yesno' | 'date' | 'list' | 'mixed'

/** A name that was received, what its values are, and some of them. */
export interface NamedValues {
  readonly name: string
  readonly type: ValueType | null
  readonly samples: readonly (string | number | boolean)[]
}

export interface ReceivedEvent {
  readonly name: string
  readonly lastAt: string
  readonly last30Days: number
  readonly properties: readonly NamedValues[]
}

/** Names and values that were really received, the commonest first. */
export interface Vocabulary {
  readonly attributes: readonly (NamedValues & { readonly score: boolean })[]
  readonly company: readonly NamedValues[]
  readonly events: readonly ReceivedEvent[]
  readonly lists: readonly string[]
  readonly segments: readonly string[]
  readonly templates: readonly string[]
  readonly journeys: readonly { readonly id: string; readonly name: string; readonly startable: boolean }[]
  /** Events that came only before then may be missing; null: none are. */
  readonly since: string | null
  /** So many contacts were looked at for their attributes; null: all there are. */
  readonly looked: number | null
}

/** Where a condition is to stand. */
export type ConditionScope = 'trigger' | 'branch' | 'contact' | 'segment'

/** As much of a contact as tells who it is. */
export type Somebody = Pick<Contact, 'id' | 'userId' | 'email' | 'attributes'>

/** Whom a condition is about now. */
export interface ConditionMatches {
  readonly judged: 'anyTime' | 'partly' | 'whenItHappens'
  readonly matching: number | null
  readonly of: number
  /** The number is an estimate from so many. */
  readonly sample: { readonly looked: number; readonly of: number } | null
  readonly examples: readonly Somebody[]
}

/** What one person answers to a condition; null: only known when it happens. */
export interface ConditionAnswers {
  readonly contact: Somebody
  readonly holds: boolean | null
  readonly lines: readonly {
    readonly path: string
    readonly text: string
    readonly holds: boolean | null
    readonly because: string | null
  }[]
}

// ---- Publishing ------------------------------------------------------------------------------------------------------

/** What happens to those inside when a version is published. */
export const INSIDE = ['stay', 'move', 'leave'] as const
export type Inside = (typeof INSIDE)[number]
export interface PublishChoices {
  readonly inside: Inside
  /** Whether those who match already enter. */
  readonly letIn: boolean
}

/** How many today (within 24 hours) and within 7 days, today included. */
export interface Amount {
  readonly today: number
  readonly week: number
}

/** What publishing the draft would do. */
export interface Preview {
  readonly version: number
  readonly revision: number
  readonly problems: readonly JourneyProblem[]
  readonly numbers: PreviewNumbers | null
  readonly sender: {
    readonly mail: string
    readonly sms: string | null
    readonly company: string
    readonly address: string
  }
}

export interface Sample {
  readonly looked: number
  readonly of: number
}

export interface PreviewNumbers {
  /** Null where everybody was looked at. */
  readonly sample: { readonly inside: Sample | null; readonly matching: Sample | null } | null
  readonly matching: {
    readonly enter: number
    readonly refused: readonly { readonly because: string; readonly people: number }[]
  }
  readonly inside: readonly InsideStep[]
  readonly messages: readonly MessageStep[]
  /** How many people get something. */
  readonly people: Amount
}

export interface InsideStep {
  readonly version: number
  readonly step: string
  readonly label: string | null
  readonly people: number
  readonly goes: 'stays' | 'moves' | 'leaves'
  readonly because: string | null
  readonly waits: Readonly<Record<'atOnce' | 'sooner' | 'later' | 'same', number>> | null
}

export interface MessageStep extends Amount {
  readonly step: string
  readonly label: string | null
  readonly channel: Channel
  readonly heldBack: readonly (Amount & { readonly reason: string; readonly because: string })[]
}

export interface Published {
  readonly version: number
  readonly inside: number
}

export interface TakenBack {
  /** What is current again; null: there was no version before. */
  readonly version: number | null
  readonly returned: number
  readonly left: number
  readonly discarded: number
  readonly points: readonly { readonly attribute: string; readonly by: number; readonly people: number }[]
}

/** What fell due in a pause: waits that are over, messages asked for, people who would have entered. */
export interface OverdueCounts {
  readonly waits: number
  readonly messages: number
  readonly entries: number
}

export const OVERDUE = ['send', 'spread', 'skip'] as const
export type Overdue = (typeof OVERDUE)[number]

export interface Version {
  readonly version: number
  readonly at: string
  readonly by: string
  readonly current: boolean
  readonly takenBackAt: string | null
  /** The version it was made after; null: it was the first. */
  readonly replaces: number | null
  readonly changes: Changes
}

/** How many messages may go out. Null: no limit. */
export interface Brakes {
  readonly firstHour: number | null
  readonly perHour: number | null
}

// ---- Looking at messages ---------------------------------------------------------------------------------------------

/** As whom a message is looked at: a contact, somebody made up (undefined), or somebody of whom nothing is known (null). */
export type Reader = string | null | undefined

/** A mail as it would arrive. */
export interface MailLook {
  readonly from: string
  readonly subject: string
  readonly preview: string | null
  /** Null where it cannot be made. */
  readonly html: string | null
  readonly text: string | null
  readonly failure: string | null
}

/** An SMS as it would be read. */
export interface SmsLook {
  readonly to: string | null
  readonly text: string | null
  readonly segments: number | null
  readonly failure: string | null
}

/** What became of a test; kept ones are in the mailbox. */
export interface MailTest {
  readonly outcome: 'sent' | 'kept'
  readonly id: string | null
}
