// Clients that send single calls and batches, and repeat what was not answered with 2xx until it is.
import { setTimeout as delay } from 'node:timers/promises'
import { ask, BASIC, OWN_CONNECTION } from '../api.ts'
import { KINDS, MIX, type Kind } from './setting.ts'

/** What an event is known by: its number, its kind and whose it is. One person's numbers are sent in order. */
export interface Sent {
  readonly n: number
  readonly kind: Kind
  readonly person: number
}

export interface Load {
  /** All that was answered with 2xx, by number. */
  readonly answered: ReadonlyMap<number, Sent>
  /** How many were sent again because no answer came. */
  readonly repeated: () => number
  /** Resolves once as many events were answered as wanted; rejects at an answer no client should have to live with. */
  readonly finished: Promise<void>
  /** Begins no new call; resolves when all begun ones are answered. */
  readonly stop: () => Promise<void>
}

interface LoadOptions {
  /** Where a call may go, drawn anew for each attempt. */
  readonly url: () => string
  readonly random: () => number
  readonly clients: number
  readonly people: number
  /** Without it the clients go on until they are stopped. */
  readonly events?: number
}

const TWENTY = 20

export function startLoad({ url, random, clients, people, events = Infinity }: LoadOptions): Load {
  const answered = new Map<number, Sent>()
  const stopping = new AbortController()
  let [begun, repeated] = [0, 0]

  /** Each client has people of its own, so that it alone knows in which order their events came. */
  const next = (client: number): Sent => {
    let place = Math.floor(random() * TWENTY)
    const kind = KINDS.find((kind) => (place -= MIX[kind]) < 0) ?? 'count'
    const person = client + clients * Math.floor((random() * people) / clients)
    return { n: begun++, kind, person }
  }
  const deliver = async (batch: readonly Sent[]): Promise<void> => {
    const [first] = batch
    const single = batch.length === 1 && first
    const body = single ? callOf(first) : { batch: batch.map(callOf) }
    for (let again = false; ; again = true) {
      if (again) repeated += batch.length
      const status = await statusOf(`${url()}/v1/${single ? 'track' : 'batch'}`, body)
      if (status === 200) break
      if (status !== undefined && status !== 503 && status !== 429) throw new Error(`answered ${status}`)
      await delay(20)
    }
    for (const event of batch) answered.set(event.n, event)
  }
  const goesOn = () => !stopping.signal.aborted && begun < events
  const finished = Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (goesOn()) {
        const many = Math.min(events - begun, random() < 0.7 ? 1 : 2 + Math.floor(random() * 6))
        await deliver(Array.from({ length: many }, () => next(client)))
        await delay(random() * 10)
      }
    }),
  ).then(() => undefined)
  finished.catch(() => stopping.abort())
  return {
    answered,
    repeated: () => repeated,
    finished,
    stop: () => {
      stopping.abort()
      return finished
    },
  }
}

function callOf({ n, kind, person }: Sent) {
  const userId = `p${person}`
  const context = { traits: { email: `${userId}@nordlicht-lampen.de` } }
  return { type: 'track', messageId: `m${n}`, userId, event: `try-${kind}`, properties: { n }, context }
}

/** Undefined where no answer came: nobody listens, or it was killed while we spoke. */
async function statusOf(url: string, body: unknown): Promise<number | undefined> {
  try {
    return (await ask(url, 'POST', body, { Authorization: BASIC, ...OWN_CONNECTION })).status
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
