/** Whether a journey is live, paused, stopped, archived or a draft, in a word. */
import type { JourneySummary } from '../answers.ts'
import { Chip } from '../parts/Chip.tsx'
import { words } from '../words.ts'

const COLORS = { live: 'teal', paused: 'orange', stopped: 'gray', archived: 'gray', draft: 'gray' } as const

export function JourneyState({
  journey: { status, version },
}: {
  readonly journey: Pick<JourneySummary, 'status' | 'version'>
}) {
  return (
    <span>
      <Chip color={COLORS[status]} dot title={words.journeys.statusText[status]}>
        {words.journeys.status[status](version)}
      </Chip>
    </span>
  )
}
