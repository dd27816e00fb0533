/**
 * What the engine knows of a person, and what can happen to one: the contact, the entries of the journal that change
 * it, and what the engine decides in answer. Times are epoch milliseconds; scores are whole hundredths of a point.
 */

/** Whatever a client may store in an attribute or a property. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export const STAGES = ['awareness', 'engagement', 'consideration', 'acquisition', 'retention'] as const
export type Stage = (typeof STAGES)[number]

/** What a person agrees to: messages by channel, and profiling (R125). */
export const PURPOSES = ['email', 'sms', 'profiling'] as const
export type Purpose = (typeof PURPOSES)[number]

export const CONSENT_STATUSES = ['subscribed', 'unsubscribed', 'unknown'] as const
export type ConsentStatus = (typeof CONSENT_STATUSES)[number]

export interface Consent {
  readonly status: ConsentStatus
  readonly at: number | null
  /** Where it was said: an event name, `identify`, `unsubscribe link`, a person's reason. */
  readonly source: string | null
}

/** One address, as it may stand in RCPT TO: no list, no quotes, no comment. Whether it exists the receiving side says. */
export const EMAIL_ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,255}$/u

/** A person with an identity. `SCORE` and every other number kept by a ledger live in `scores`, never in `attributes`. */
export interface Contact {
  readonly id: string
  readonly userId: string | null
  readonly email: string | null
  /** Upper-case names, as in Brevo: FIRSTNAME, COUNTRY. */
  readonly attributes: JsonObject
  /** Whole hundredths by attribute; `SCORE` is 0 from birth (R105). */
  readonly scores: { readonly [attribute: string]: number }
  readonly stage: Stage | null
  readonly lists: readonly string[]
  /** The segments whose conditions held when they were last looked at, in alphabetical order. */
  readonly segments: readonly string[]
  readonly consent: { readonly [purpose in Purpose]: Consent }
  /** The company as this contact's own `group` calls described it. */
  readonly company: { readonly id: string; readonly attributes: JsonObject } | null
  /** Set once mail bounced or was complained about: then not even transactional mail goes out. */
  readonly unreachable: 'bounced' | 'complained' | null
  /** Set once the person answered STOP: then no SMS of any kind goes out, whatever the number. */
  readonly stopped?: true
  readonly createdAt: number
  readonly lastActivityAt: number | null
}

const NO_CONSENT: Consent = { status: 'unknown', at: null, source: null }

/** A contact as it is at birth: nothing known, nothing agreed to, `SCORE` 0. */
export function newContact(id: string, createdAt: number): Contact {
  return {
    id,
    userId: null,
    email: null,
    attributes: {},
    scores: { SCORE: 0 },
    stage: null,
    lists: [],
    segments: [],
    consent: { email: NO_CONSENT, sms: NO_CONSENT, profiling: NO_CONSENT },
    company: null,
    unreachable: null,
    createdAt,
    lastActivityAt: null,
  }
}

/**
 * What every journal entry has. `at` is our clock when it was accepted, `occurredAt` when it happened (never later than
 * `at`); `late` entries move scores and send nothing (design section 4).
 */
interface EntryBase {
  readonly seq: number
  readonly at: number
  readonly occurredAt: number
  readonly late: boolean
  /**
   * Set where it is late because it is old, a replay or an import included: what begins with it stays silent to its end.
   * What a visitor did a moment before we knew who it was is late, but not past.
   */
  readonly past?: true
  /** The time zone that came with it: where the person was. It counts where the contact has none of its own. */
  readonly zone?: string
  /** True for the entry that makes the contact known: it raises `contact.created`. */
  readonly creates?: boolean
  /** The entry that failed and is run again by this one: it counts in its place. */
  readonly replays?: number
}

/** Consent as a client states it with an event or traits. */
export type ConsentClaims = { readonly [purpose in Purpose]?: boolean }

/** What a client may tell about a person. Absent fields say nothing; attributes with null are emptied. */
export interface Identification {
  readonly userId?: string
  readonly email?: string
  readonly attributes?: JsonObject
  readonly consent?: ConsentClaims
  readonly company?: { readonly id: string; readonly attributes: JsonObject }
}

/** By what a message goes: to the person, or to another system or the team (`notice`). */
export const CHANNELS = ['email', 'sms', 'webhook', 'notice'] as const
export type Channel = (typeof CHANNELS)[number]

/** Verdicts on a message, as they come back from sending, tracking and the receiving side. */
export const MESSAGE_VERDICTS = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'failed',
  'complained',
  'unsubscribed',
  'stopped',
  'skipped',
  'uncertain',
] as const
export type MessageVerdict = (typeof MESSAGE_VERDICTS)[number]

/** Why a message did not go out or did not arrive. */
export const FAILURE_REASONS = [
  'refused',
  'bounced',
  'no_address',
  'no_consent',
  'unreachable',
  'capped',
  'uncertain',
  'gave_up',
  'late',
  'discarded',
] as const
export type FailureReason = (typeof FAILURE_REASONS)[number]

/** Everything that can change a contact. Folding a contact's entries in order with `advance` gives its state. */
export type Entry = EntryBase &
  (
    | {
        readonly kind: 'event'
        readonly name: string
        readonly properties: JsonObject
        readonly active: boolean
        readonly identification?: Identification
      }
    | { readonly kind: 'identify'; readonly identification: Identification }
    | { readonly kind: 'wake'; readonly enrollment: string }
    | {
        readonly kind: 'message'
        readonly message: string
        readonly enrollment: string
        readonly journey: string
        readonly step: string
        readonly visit: number
        /** Absent: an e-mail. */
        readonly channel?: Channel
        readonly verdict: MessageVerdict
        readonly reason?: FailureReason
        readonly link?: string
        /** What the journey keeps of a webhook's answer, by attribute. */
        readonly stored?: JsonObject
        /** True where a machine, not the person, opened or clicked: it scores nothing and is no activity. */
        readonly machine?: boolean
      }
    | { readonly kind: 'enter'; readonly journey: string; readonly properties: JsonObject }
    /** A time that triggers of one journey name has come: `delay` is its name. Only they hear of it. */
    | { readonly kind: 'due'; readonly journey: string; readonly delay: string }
    /** The triggers of one journey are tried with an event that was told before, or never; nobody else hears it. */
    | {
        readonly kind: 'admit'
        readonly journey: string
        readonly event: string
        readonly properties: JsonObject
      }
    /**
     * Time has passed: all that looks back from now is looked at again. `silent`: what segments mean was changed, and nobody
     * enters or leaves one by that.
     */
    | { readonly kind: 'look'; readonly silent?: true }
    /** Ends passages of a journey, or takes them along to another version: those named, else all. */
    | {
        readonly kind: 'leave'
        readonly journey: string
        readonly reason: string
        readonly passages?: readonly string[]
      }
    | {
        readonly kind: 'move'
        readonly journey: string
        readonly version: number
        readonly passages?: readonly string[]
      }
    /** A publication is taken back: these passages are again where they were before it. */
    | { readonly kind: 'return'; readonly passages: readonly Enrollment[] }
    | {
        readonly kind: 'score'
        readonly attribute: string
        readonly change: { readonly by: number } | { readonly set: number }
        readonly reason: string
      }
    /** Takes back what the entry `of` gave: a machine had clicked. */
    | {
        readonly kind: 'retract'
        readonly of: number
        readonly lines: readonly RetractedLine[]
      }
    | {
        readonly kind: 'consent'
        readonly purpose: Purpose
        readonly status: ConsentStatus
        readonly reason: string
        readonly message?: string
      }
    | { readonly kind: 'merge'; readonly from: Contact; readonly enrollments: readonly Enrollment[] }
  )

/** How a passage ended. */
export const OUTCOMES = ['finished', 'goal', 'exit', 'restarted', 'merged', 'left'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** One contact's passage through one version of one journey. Only this is stored between entries. */
export interface Enrollment {
  /** `<seq of the entry that began it>.<n>`: derived from its cause, so a repetition makes the same one. */
  readonly id: string
  readonly journey: string
  readonly version: number
  /** The value of the re-entry key, where the journey has one: one passage per order, say. */
  readonly key: string | null
  /** Seq of the entry that began it: what "since entering" counts from. */
  readonly seq: number
  /** When the entering event occurred: cooldowns count from here. */
  readonly enteredAt: number
  readonly trigger: string
  /** Set where a past entry began it: it scores, and none of its messages goes out. */
  readonly past?: true
  /** The time zone that came with the entering event; the contact's own comes first. */
  readonly zone?: string
  /** Properties of the entering event. */
  readonly properties: JsonObject
  readonly step: string
  readonly visits: { readonly [step: string]: number }
  readonly stepEnteredAt: number
  /** Which special way it is on; on it exits and goal are not looked at again. */
  readonly way: 'goal' | 'exit' | null
  /** The messages this passage sent, by step: the newest id, and what became of it. */
  readonly messages: {
    readonly [step: string]: { readonly id: string; readonly was: readonly MessageVerdict[] }
  }
  /** When the earliest of its waits is due; null when it waits for no time. */
  readonly due: number | null
  readonly ended: { readonly at: number; readonly outcome: Outcome; readonly reason: string } | null
}

/** One line of a score's history. Amounts are whole hundredths; `by` is what was really applied after cap and floor. */
export interface LedgerEntry {
  /** `<seq>.<n>` */
  readonly id: string
  readonly attribute: string
  readonly by: number
  readonly before: number
  readonly after: number
  readonly at: number
  readonly occurredAt: number
  /** A sentence for people. */
  readonly reason: string
  /** The event that led to it, internal ones included. */
  readonly event: string
  readonly journey: string | null
  readonly version: number | null
  readonly step: string | null
  readonly enrollment: string | null
  /** The cap's key, where it has one. */
  readonly key: string | null
}

/** What is taken back, with what gave it. */
export type RetractedLine = Pick<
  LedgerEntry,
  'attribute' | 'by' | 'journey' | 'version' | 'step' | 'enrollment' | 'key'
>

/** The actions that make a message, and by what it goes. */
export const CHANNEL_OF = {
  sendEmail: 'email',
  sendSms: 'sms',
  callWebhook: 'webhook',
  notify: 'notice',
} as const satisfies { readonly [action: string]: Channel }

/** What the engine asks the server to do, once the entry is committed. */
export interface Effect {
  readonly type: keyof typeof CHANNEL_OF
  /** `<enrollment>/<step>/<visit>`: unique, so the same cause never sends twice. */
  readonly message: string
  readonly enrollment: string
  readonly journey: string
  readonly version: number
  readonly step: string
  readonly visit: number
  /** Set when the message is recorded but must not go out: the past does not speak. */
  readonly skipped: 'late' | null
}

/** What would have let the contact into a journey, had it not been paused; kept to be tried when it goes on. */
export interface HeldEntry {
  readonly journey: string
  readonly event: string
  readonly properties: JsonObject
}

/** One decision with its reason in words, for the timeline. */
export interface TraceLine {
  readonly journey: string | null
  readonly enrollment: string | null
  readonly step: string | null
  readonly what:
    | 'entered'
    | 'notEntered'
    | 'went'
    | 'changed'
    | 'unchanged'
    | 'sent'
    | 'notSent'
    | 'waits'
    | 'ended'
  readonly text: string
}

/** What a condition reads that is not part of the contact; the shell loads what is asked for. All exclude the entry itself. */
export type Fact =
  /** How many events named `event` happened (where the properties match) after `after` up to and including `until`, or since the entry `sinceSeq`. */
  | {
      readonly type: 'count'
      readonly event: string
      readonly where: unknown
      readonly after: number | null
      readonly until: number
      readonly sinceSeq: number | null
    }
  /** The newest `last` e-mails that went out, newest first. */
  | { readonly type: 'emails'; readonly last: number }
  /** What one step (and cap key) has added for this contact, over all passages, after `after` up to and including `until`. */
  | {
      readonly type: 'points'
      readonly journey: string
      readonly step: string
      readonly key: string | null
      readonly after: number | null
      readonly until: number
    }
  /** How often the contact entered a journey (per key, where it has one), and when last up to and including `until`. */
  | { readonly type: 'visits'; readonly journey: string; readonly key: string | null; readonly until: number }

export interface FactValues {
  readonly count: number
  readonly emails: readonly { readonly message: string; readonly sentAt: number; readonly clicked: boolean }[]
  readonly points: { readonly sum: number; readonly last: number | null }
  readonly visits: { readonly count: number; readonly last: number | null }
}

/** Values by `factKey(fact)`. */
export type Facts = { readonly [key: string]: FactValues[Fact['type']] }

/** The key under which the shell answers a fact. */
export function factKey(fact: Fact): string {
  return JSON.stringify(fact)
}

/** Orders ids of the form `<seq>.<n>`, of passages and of lines of the ledger, by age. */
export function compareIds(a: string, b: string): number {
  const [seqA, nA] = a.split('.').map(Number) as [number, number]
  const [seqB, nB] = b.split('.').map(Number) as [number, number]
  return seqA - seqB || nA - nB
}
