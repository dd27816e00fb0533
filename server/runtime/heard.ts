/**
 * Which events were received lately, and how often. What was read of the journal is kept in memory as names and counts, and
 * the next time only what came since is read.
 */
import { isReservedEvent } from '../../engine/index.ts'
import type { Database } from '../store/database.ts'
import { lastEntry } from '../store/timeline.ts'
import { receivedAfter, receivedBefore, type Received } from '../store/vocabulary.ts'
import { breather } from './breather.ts'

export interface HeardEvent {
  readonly name: string
  readonly lastAt: number
  readonly last30Days: number
  /** Places of the newest in the journal, the newest first. */
  readonly newest: readonly number[]
}

export interface Heard {
  readonly events: readonly HeardEvent[]
  /** What was not received by then may have been received before; null: all that ever came was looked at. */
  readonly since: number | null
  /** The place in the journal up to which was read. */
  readonly last: number
}

export interface Ears {
  /** Reads what came since it was last asked. */
  readonly look: (now: number) => Promise<Heard>
  /**
   * The events of clients that came in the 30 days before the last look. Undefined where that is not known, or where
   * nothing came at all: a system that is not connected yet says nothing against any name.
   */
  readonly received: () => readonly string[] | undefined
}

const DAY = 86_400_000
/** So many entries of the journal are read at first, in a second or two. */
const MOST_ENTRIES = 200_000
const PAGE = 1_000
/** Of each event the places of so many are kept. */
const NEWEST = 25
/** Whoever invents names without end must not fill the memory. */
const MOST_NAMES = 1_000

interface Counted {
  lastAt: number
  readonly byDay: Map<number, number>
  /** In no order. */
  newest: number[]
}

export function openEars(read: Database['read']): Ears {
  let counted = new Map<string, Counted>()
  let [first, last, since] = [0, 0, null as number | null]
  let received: readonly string[] | undefined
  let looking: Promise<unknown> = Promise.resolve()

  const take = ({ seq, name, at }: Received) => {
    if (name === null || name === '') return
    let event = counted.get(name)
    if (!event) {
      if (counted.size >= MOST_NAMES) return
      counted.set(name, (event = { lastAt: 0, byDay: new Map(), newest: [] }))
    }
    event.lastAt = Math.max(event.lastAt, at)
    const day = Math.floor(at / DAY)
    event.byDay.set(day, (event.byDay.get(day) ?? 0) + 1)
    event.newest.push(seq)
    if (event.newest.length >= 4 * NEWEST) event.newest = newestOf(event.newest)
  }
  const catchUp = async () => {
    const breathe = breather()
    const end = await lastEntry(read)
    if (last === 0 || end - last > MOST_ENTRIES) {
      counted = new Map()
      ;[first, last, since] = [end + 1, end, null]
      for (let rows = 0; rows < MOST_ENTRIES; rows += PAGE) {
        const page = await receivedBefore(read, first, PAGE)
        for (const row of page) take(row)
        first = page.at(-1)?.seq ?? first
        since = page.length < PAGE ? null : (page.at(-1)?.at ?? since)
        if (page.length < PAGE) break
        await breathe()
      }
    }
    for (;;) {
      const page = await receivedAfter(read, last, PAGE)
      for (const row of page) take(row)
      last = page.at(-1)?.seq ?? last
      if (page.length < PAGE) break
      await breathe()
    }
  }
  const look = async (now: number): Promise<Heard> => {
    await catchUp()
    const today = Math.floor(now / DAY)
    const events = [...counted].map(([name, { lastAt, byDay, newest }]) => {
      for (const day of byDay.keys()) if (day <= today - 30) byDay.delete(day)
      const last30Days = [...byDay.values()].reduce((sum, count) => sum + count, 0)
      return { name, lastAt, last30Days, newest: newestOf(newest) }
    })
    received = receivedOf({ events, since, last }, now)
    return { events, since, last }
  }
  return {
    // One after the other: each goes on where the one before stopped.
    look: (now) => {
      const next = looking.then(() => look(now))
      looking = next.catch(() => undefined)
      return next
    },
    received: () => received,
  }
}

function receivedOf({ events, since }: Heard, now: number): readonly string[] | undefined {
  const ofClients = events.filter(({ name }) => !isReservedEvent(name))
  const isKnown = ofClients.length > 0 && (since === null || since <= now - 30 * DAY)
  if (!isKnown) return undefined
  return ofClients.flatMap(({ name, last30Days }) => (last30Days > 0 ? [name] : [])).toSorted()
}

function newestOf(seqs: readonly number[]): number[] {
  return seqs.toSorted((a, b) => b - a).slice(0, NEWEST)
}
