/**
 * What is wrong with the open journey, as far as it is told, for all that shows some of it: what the draft shows by itself
 * at once, what only the server knows as soon as it has the draft.
 */
import { useDebouncedValue } from '@mantine/hooks'
import { createContext, useContext, useDeferredValue, useMemo, type ReactNode } from 'react'
import { stepsOf } from '../../../engine/index.ts'
import type { JourneyProblem } from '../../answers.ts'
import { useJourney } from '../../queries.ts'
import type { Draft } from '../document/draft.ts'
import { useBuilder, useDraft } from '../state/context.tsx'
import { foundIn, together } from './found.ts'
import { severitiesOf, toldOf } from './where.ts'

type Severities = ReadonlyMap<string, JourneyProblem['severity']>

interface Told {
  /** Everything that is wrong, also what is not told yet. */
  readonly all: readonly JourneyProblem[]
  readonly told: readonly JourneyProblem[]
  /** Whether some are not told yet. */
  readonly quiet: boolean
  readonly severities: Severities
}

const NONE: readonly JourneyProblem[] = []
const NOTHING_FRESH: ReadonlySet<string> = new Set()
const ToldContext = createContext<Told>({ all: NONE, told: NONE, quiet: false, severities: new Map() })

/** Below it everybody knows what is wrong. */
export function ProblemsProvider({ children }: { readonly children: ReactNode }) {
  const draft = useDraft()
  const fresh = useBuilder((state) => state.fresh)
  const server = useJourney(draft.id).data?.problems ?? NONE
  const checked = useChecked(draft)
  const here = useMemo(() => foundIn(checked), [checked])
  const all = useMemo(() => together(here, server), [here, server])
  const told = useMemo(() => toldOf(all, draft, fresh), [all, draft, fresh])
  const quiet = fresh.size > 0 && told.length < toldOf(all, draft, NOTHING_FRESH).length
  const severities = useSameSeverities(told, draft)
  const value = useMemo(() => ({ all, told, quiet, severities }), [all, told, quiet, severities])
  return <ToldContext value={value}>{children}</ToldContext>
}

/** Up to as many steps a check takes no longer than a frame; what is larger is checked in a pause of typing. */
const AT_ONCE = 80
const PAUSE = 300

/** The draft to be checked. The drawing and the fields come first. */
function useChecked(draft: Draft): Draft {
  const [paused] = useDebouncedValue(draft, PAUSE)
  return useDeferredValue(stepsOf(draft).length <= AT_ONCE ? draft : paused)
}

/** The same map as long as it says the same, so that no card is drawn again for nothing. */
function useSameSeverities(told: readonly JourneyProblem[], draft: Draft): Severities {
  const found = useMemo(() => severitiesOf(told, draft), [told, draft])
  const text = JSON.stringify([...found])
  return useMemo((): Severities => new Map(JSON.parse(text) as [string, 'error' | 'warning'][]), [text])
}

/** What is wrong with the open journey. Only below a `ProblemsProvider`. */
export function useTold(): Told {
  return useContext(ToldContext)
}

/** The worst there is at each card. */
export function useSeverities(): Severities {
  return useTold().severities
}
