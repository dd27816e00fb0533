/** The open journey as a graph, with the names it may look up; computed anew only when the journey or a name in it changes. */
import { useMemo } from 'react'
import { useJourneyNames, useSubjects } from '../queries.ts'
import { graphOf } from './document/graph.ts'
import { templatesOf, type Surroundings } from './document/sentences.ts'
import { useDraft } from './state/context.tsx'

export function useDrawn() {
  const journey = useDraft()
  const journeyName = useJourneyNames()
  const subject = useSubjects(useMemo(() => templatesOf(journey), [journey]))
  const around: Surroundings = useMemo(
    () => ({ journey, journeyName, subject }),
    [journey, journeyName, subject],
  )
  return { around, graph: useMemo(() => graphOf(around), [around]) }
}
