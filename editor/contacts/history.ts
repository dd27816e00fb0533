/** Ledgers as the lines of a chart. Pure. */
import type { ScoreEntry } from '../answers.ts'

export interface Sample {
  readonly at: number
  readonly [attribute: string]: number
}

/**
 * One sample for each change of any of the scores, by the time it happened, and one for now. A change that was told late
 * stands where it happened, so the values are summed up anew from the oldest known one; the last is always today's score.
 */
export function samplesOf(
  ledgers: Readonly<Record<string, readonly ScoreEntry[]>>,
  now: number,
): readonly Sample[] {
  const values = new Map(
    Object.entries(ledgers).map(([attribute, entries]) => [attribute, entries.at(-1)?.before ?? 0]),
  )
  const changes = Object.values(ledgers)
    .flat()
    .map((entry) => ({ at: Date.parse(entry.occurredAt), entry }))
    .toSorted((a, b) => a.at - b.at)
  const first = changes[0]
  if (first === undefined) return []
  const samples = [sample(first.at - 1, values)]
  for (const { at, entry } of changes) {
    values.set(entry.attribute, hundredths((values.get(entry.attribute) ?? 0) + entry.by))
    samples.push(sample(at, values))
  }
  return [...samples, sample(Math.max(now, samples.at(-1)?.at ?? now), values)]
}

function sample(at: number, values: ReadonlyMap<string, number>): Sample {
  return { ...Object.fromEntries(values), at }
}

/** Floats must not show: 0.1 + 0.2 is 0.3. */
function hundredths(points: number): number {
  return Math.round(points * 100) / 100
}
