/** What the sentences of one version of a journey look up: names of other journeys, subjects of mails. */
import { useMemo } from 'react'
import type { Journey } from '../../../engine/index.ts'
import { useJourneyNames, useSubjects } from '../../queries.ts'
import { templatesOf, type Surroundings } from '../document/sentences.ts'

export function useSurroundings(journey: Journey): Surroundings {
  const journeyName = useJourneyNames()
  const subject = useSubjects(useMemo(() => templatesOf(journey), [journey]))
  return useMemo(() => ({ journey, journeyName, subject }), [journey, journeyName, subject])
}
