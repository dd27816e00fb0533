/** The reasons of one event, put in order for reading. Pure. */
import type { TraceLine } from '../../engine/index.ts'
import type { Passage } from '../answers.ts'

export interface TraceGroup {
  /** Null for what concerns no journey: consent, attributes. */
  readonly journey: string | null
  readonly lines: readonly TraceLine[]
}

/** Lines of one journey together, in the order in which the journeys came. */
export function groupsOf(lines: readonly TraceLine[]): readonly TraceGroup[] {
  const groups: { journey: string | null; lines: TraceLine[] }[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last && last.journey === line.journey) last.lines.push(line)
    else groups.push({ journey: line.journey, lines: [line] })
  }
  return groups
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g

/** The text with every instant as people write it. */
export function withTimes(text: string, write: (instant: string) => string): string {
  return text.replaceAll(INSTANT, (instant) => write(instant))
}

export interface PastVisits {
  readonly journey: string
  readonly journeyName: string
  readonly visits: number
  /** How and when the newest of them ended. */
  readonly outcome: string
  readonly reason: string
  readonly at: string
}

/** Passages that are over, one line for each journey, the newest first. */
export function pastVisits(passages: readonly Passage[]): readonly PastVisits[] {
  const byJourney = new Map<string, PastVisits>()
  for (const { journey, journeyName, ended } of passages) {
    if (ended === null) continue
    const known = byJourney.get(journey)
    const newest = known && known.at >= ended.at ? known : { journey, journeyName, ...ended }
    byJourney.set(journey, { ...newest, visits: (known?.visits ?? 0) + 1 })
  }
  return [...byJourney.values()].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}
