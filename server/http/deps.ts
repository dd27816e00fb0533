/** What the routes work with; built in `installation.ts`. */
import type { Channels } from '../channels/open.ts'
import type { Config } from '../config.ts'
import type { Sender } from '../messages/facts.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Acceptance } from '../runtime/accept.ts'
import type { Shipped } from '../runtime/firstStart.ts'
import type { JourneyBook } from '../runtime/journeys.ts'
import type { Turns } from '../runtime/turns.ts'
import type { Database } from '../store/database.ts'

export interface Deps {
  readonly config: Config
  /** Where the world reaches this server, without a slash at the end. */
  readonly baseUrl: string
  readonly database: Database
  readonly turns: Turns
  readonly runtime: Acceptance
  readonly clock: Clock
  readonly journeys: JourneyBook
  /** The files that came with this version. */
  readonly shipped: Shipped
  /** Who writes. */
  readonly sender: Sender
  readonly channels: Channels
  /** Signs the links in mails. */
  readonly secret: string
  /** Signs our webhooks; their receivers are told it. */
  readonly webhookSecret: string
  /** Moves the sandbox clock ahead, handling what falls due on the way; answers how many wake-ups ran. */
  readonly advanceClock: (to: number) => Promise<number>
  /** Notes what should not have happened. */
  readonly report: (error: unknown) => void
  /** Whether the server takes calls: false while starting and stopping. */
  readonly ready: () => boolean
}
