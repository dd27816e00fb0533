/**
 * What is on its way: of each channel a few messages at the same time, and the next one goes as soon as one has arrived, so
 * that a receiver who says nothing for ten minutes takes one place and holds up nobody else.
 */
import { CHANNELS, type Channel } from '../../engine/index.ts'
import { brakesUnlessStopped, emergencyStop } from '../store/brakes.ts'
import { moveMessage, nextMessageAt, waitingMessages, type WaitingMessage } from '../store/messages.ts'
import { deliver, take, type SendingDeps, type Taken } from './sending.ts'
import { willPass } from './worker.ts'

export interface Outbox {
  /** Takes what may go out by now while there is a place for it; does not wait until it has arrived. */
  readonly fill: (stopping?: () => boolean) => Promise<void>
  /** When the next message is due that there is a place for; undefined where none is. */
  readonly next: () => Promise<number | undefined>
  /** The messages that are on their way. */
  readonly underWay: () => readonly string[]
  /** Resolves once nothing is on its way; answers whether something was. */
  readonly settled: () => Promise<boolean>
}

export interface Listener {
  /** A place is free again. */
  readonly freed: () => void
  readonly failed: (error: unknown) => void
}

/** How many messages of a channel are on their way at the same time. */
const PLACES: { readonly [channel in Channel]: number } = { email: 10, sms: 10, webhook: 10, notice: 10 }
/** A message that could not even be written is tried again after so long. */
const AFTER_FAILURE = 3_600_000

export function openOutbox(deps: SendingDeps, { freed, failed }: Listener): Outbox {
  const underWay = new Map(CHANNELS.map((channel) => [channel, new Map<Promise<void>, string>()]))
  const placesOf = (channel: Channel) => PLACES[channel] - (underWay.get(channel)?.size ?? 0)

  const send = (channel: Channel, taken: Taken) => {
    const way = deliver(deps, taken)
      .catch(failed)
      .finally(() => {
        underWay.get(channel)?.delete(way)
        freed()
      })
    underWay.get(channel)?.set(way, taken.row.id)
  }
  const fillChannel = async (channel: Channel, stopping: () => boolean) => {
    let first: string | undefined
    while (placesOf(channel) > 0) {
      const waiting = await waitingMessages(deps.database.read, channel, deps.now(), placesOf(channel))
      // Nothing more is due; or nobody took it, as all sending has been stopped since.
      if (waiting.length === 0 || waiting[0]?.id === first || stopping()) return
      first = waiting[0]?.id
      for (const taken of await claimed(deps, waiting, failed)) send(channel, taken)
    }
  }
  return {
    fill: async (stopping = () => false) => {
      if (await emergencyStop(deps.database.read)) return
      for (const channel of CHANNELS) await fillChannel(channel, stopping)
    },
    next: () =>
      nextSendingAt(
        deps,
        CHANNELS.filter((channel) => placesOf(channel) > 0),
      ),
    underWay: () => [...underWay.values()].flatMap((ways) => [...ways.values()]),
    settled: async () => {
      const ways = [...underWay.values()].flatMap((ways) => [...ways.keys()])
      await Promise.all(ways)
      return ways.length > 0
    },
  }
}

/** When the next message may go out by one of the channels; undefined where none may. */
export async function nextSendingAt(
  { database }: Pick<SendingDeps, 'database'>,
  channels: readonly Channel[] = CHANNELS,
): Promise<number | undefined> {
  if (await emergencyStop(database.read)) return undefined
  const times = await Promise.all(channels.map((channel) => nextMessageAt(database.read, channel)))
  const due = times.filter((at) => at !== undefined)
  return due.length === 0 ? undefined : Math.min(...due)
}

/** Sends all that may go out by now, and waits until it has arrived; throws the first fault only then. */
export async function sendWaiting(deps: SendingDeps): Promise<void> {
  const faults: unknown[] = []
  const outbox = openOutbox(deps, { freed: () => undefined, failed: (error) => faults.push(error) })
  do await outbox.fill()
  while (await outbox.settled())
  if (faults.length > 0) throw faults[0]
}

/**
 * Takes them in one transaction, journey by journey: all processes lock the brakes in the same order, and the people they
 * go to at once. Where that throws, each on its own.
 */
async function claimed(
  deps: SendingDeps,
  waiting: readonly WaitingMessage[],
  failed: (error: unknown) => void,
): Promise<readonly Taken[]> {
  const ordered = waiting.toSorted((a, b) => (a.journey < b.journey ? -1 : a.journey > b.journey ? 1 : 0))
  const contacts = ordered.map(({ contactId }) => contactId)
  const together = await takenTogether(deps, ordered, contacts).catch(() => undefined)
  if (together) return together
  const singly: Taken[] = []
  for (const message of ordered)
    singly.push(
      ...(await takenTogether(deps, [message], [message.contactId]).catch((error: unknown) =>
        putOff(deps, message.id, error, failed),
      )),
    )
  return singly
}

/** In one transaction, in which the emergency stop counts for all of them. */
async function takenTogether(
  deps: SendingDeps,
  messages: readonly WaitingMessage[],
  contacts: readonly string[],
): Promise<readonly Taken[]> {
  return deps.turns.run(
    async (tx) => {
      const brakes = await brakesUnlessStopped(tx)
      if (!brakes) return []
      const taken: (Taken | undefined)[] = []
      for (const message of messages) taken.push(await take(tx, deps, brakes, message))
      return taken.filter((one) => one !== undefined)
    },
    { contacts },
  )
}

/**
 * A message whose writing threw must hold up nobody else, least of all those that were taken before it: it is put off, and
 * told for the log. What says nothing of the message leaves it due.
 */
async function putOff(
  { turns, now }: SendingDeps,
  id: string,
  error: unknown,
  failed: (error: unknown) => void,
): Promise<readonly Taken[]> {
  failed(error)
  if (!willPass(error))
    await turns
      .run((tx) => moveMessage(tx, id, ['queued', 'retry'], { next_at: now() + AFTER_FAILURE }))
      .catch(failed)
  return []
}
