/** What is wrong with the open journey, as far as it is told, for all that shows some of it. */
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import type { JourneyProblem } from '../../client.ts'
import { useJourney } from '../../queries.ts'
import { useBuilder, useDraft } from '../state/context.tsx'
import { severitiesOf, toldOf } from './where.ts'

const NONE: readonly JourneyProblem[] = []

/** The problems that the server found at the last save; `quiet` says that some of them are not told yet. */
export function useTold(): { readonly told: readonly JourneyProblem[]; readonly quiet: boolean } {
  const draft = useDraft()
  const fresh = useBuilder((state) => state.fresh)
  const all = useJourney(draft.id).data?.problems ?? NONE
  return useMemo(() => {
    const told = toldOf(all, draft, fresh)
    return { told, quiet: fresh.size > 0 && told.length < toldOf(all, draft, NOTHING_FRESH).length }
  }, [all, draft, fresh])
}

const NOTHING_FRESH: ReadonlySet<string> = new Set()

type Severities = ReadonlyMap<string, JourneyProblem['severity']>
const SeverityContext = createContext<Severities>(new Map())

/** Below it each card knows how bad it is with it. */
export function SeverityProvider({ children }: { readonly children: ReactNode }) {
  const draft = useDraft()
  const { told } = useTold()
  const found = useMemo(() => severitiesOf(told, draft), [told, draft])
  // The same map as long as it says the same, so that no card is drawn again for nothing.
  const text = JSON.stringify([...found])
  const severities = useMemo(
    (): Severities => new Map(JSON.parse(text) as [string, 'error' | 'warning'][]),
    [text],
  )
  return <SeverityContext value={severities}>{children}</SeverityContext>
}

/** The worst there is at each card. */
export function useSeverities(): Severities {
  return useContext(SeverityContext)
}
