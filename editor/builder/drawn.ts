/** Journeys as what is drawn of them; computed anew only when the journey or a name in it changes. */
import { useMemo } from 'react'
import type { Journey } from '../../engine/index.ts'
import { useJourneyNames, useSubjects } from '../queries.ts'
import { graphOf } from './document/graph.ts'
import { templatesOf, type Surroundings } from './document/sentences.ts'
import { useDraft } from './state/context.tsx'

/** What the sentences of a journey look up: names of other journeys, subjects of mails. */
export function useSurroundings(journey: Journey): Surroundings {
  const journeyName = useJourneyNames()
  const subject = useSubjects(useMemo(() => templatesOf(journey), [journey]))
  return useMemo(() => ({ journey, journeyName, subject }), [journey, journeyName, subject])
}

/** The open journey as a graph, and what surrounds it. */
export function useDrawn() {
  const around = useSurroundings(useDraft())
  return { around, graph: useMemo(() => graphOf(around), [around]) }
}
