// The events of a run and what they must give, computed from the same few lines: nothing of the product is used.

export interface Sequence {
  /** Sets the runs of one database apart, so that no event is taken for a repetition of an earlier one. */
  readonly name: string
  readonly events: number
  /** How many contacts there are; half of the events go to the first thousand of them. */
  readonly contacts: number
  /** Whether any journey hears the events. */
  readonly heard: boolean
}

const HOT = 1_000
/** What an event gives, what a large one gives besides, and from where on somebody is on the list. */
export const POINTS = 1
export const LARGE = { amount: 90, points: 10 }
export const LIST = { name: 'Bench regulars', from: 10 }

export interface BenchEvent {
  readonly user: string
  readonly amount: number
  readonly messageId: string
}

/** The event at a place in the sequence. Pure. */
export function eventAt({ name, contacts }: Sequence, index: number): BenchEvent {
  const chance = mixed(index * 4 + 1)
  const among = index % 2 === 0 ? Math.min(HOT, contacts) : contacts
  const id = [1, 2, 3]
    .map((salt) =>
      mixed(mixed(index) + salt)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('-')
  return { user: userAt(chance % among), amount: mixed(index * 4 + 2) % 100, messageId: `${name}-${id}` }
}

export function userAt(index: number): string {
  return `user-${index}`
}

/** The body of `POST /v1/track` as Segment's clients write it. */
export function bodyOf({ user, amount, messageId }: BenchEvent, heard: boolean) {
  return {
    type: 'track',
    messageId,
    userId: user,
    event: heard ? 'bench_order' : 'bench_unheard',
    properties: { amount, product: 'Tide table', path: '/shop/tide-tables', currency: 'EUR' },
    context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
  }
}

/** What every contact's score must be after these sequences. */
export function scoresAfter(sequences: readonly Sequence[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>()
  for (const sequence of sequences.filter(({ heard }) => heard)) {
    for (let index = 0; index < sequence.events; index++) {
      const { user, amount } = eventAt(sequence, index)
      const points = POINTS + (amount >= LARGE.amount ? LARGE.points : 0)
      scores.set(user, (scores.get(user) ?? 0) + points)
    }
  }
  return scores
}

/** A number that looks drawn at random (the finalizer of MurmurHash3). */
function mixed(seed: number): number {
  let bits = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
